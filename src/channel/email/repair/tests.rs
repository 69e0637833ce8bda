use super::*;
use mail_parser::MessageParser;

fn text_of(raw: &[u8]) -> String {
    let raw = repaired(raw);
    let mail = MessageParser::default()
        .parse(raw.as_ref())
        .expect("a mail");
    let all = mail.text_body.iter().filter_map(|id| mail.part(*id));
    let all: Vec<String> = all
        .filter_map(|p| Some(words(&mail, p)?.trim().to_owned()))
        .collect();
    all.join("\n")
}

#[test]
fn a_mail_that_is_as_it_should_be_is_left_alone() {
    for raw in [
        "From: ann@home.example\r\nSubject: h\u{e9}\r\n\r\nhello\r\n--x\r\nContent-Type: none\r\n",
        "From: a@b.example\r\nContent-Type: multipart/mixed;\r\n boundary=\"b\"\r\n\r\n--b\r\n\r\nhello\r\n--b--\r\n",
    ] {
        assert!(
            matches!(repaired(raw.as_bytes()), Cow::Borrowed(_)),
            "{raw}"
        );
    }
}

#[test]
fn letters_that_nobody_declared_are_read() {
    for (declared, body) in [
        ("", &b"La enfermera me grit\xf3 \x93fuera\x94"[..]),
        (
            "Content-Type: text/plain\r\n",
            b"La enfermera me grit\xf3 \x93fuera\x94",
        ),
        (
            "Content-Type: text/plain; charset=us-ascii\r\n",
            b"La enfermera me grit\xf3 \x93fuera\x94",
        ),
        (
            "Content-Type: text/plain; charset=utf-8\r\n",
            b"La enfermera me grit\xf3 \x93fuera\x94",
        ),
        (
            "Content-Type: text/plain; charset=iso-8859-1\r\n",
            b"La enfermera me grit\xf3 \x93fuera\x94",
        ),
        (
            "Content-Type: text/plain; charset=nobody-knows\r\n",
            b"La enfermera me grit\xf3 \x93fuera\x94",
        ),
        // The other way round: UTF-8 that says that it is Latin-1.
        (
            "Content-Type: text/plain; charset=iso-8859-1\r\n",
            "La enfermera me grit\u{f3} \u{201c}fuera\u{201d}".as_bytes(),
        ),
        (
            "Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n",
            b"La enfermera me grit=F3 =93fuera=94",
        ),
        (
            "Content-Transfer-Encoding: base64\r\n",
            b"TGEgZW5mZXJtZXJhIG1lIGdyaXTzIJNmdWVyYZQ=",
        ),
    ] {
        let raw = [b"From: a@b.example\r\n", declared.as_bytes(), b"\r\n", body].concat();
        assert_eq!(
            text_of(&raw),
            "La enfermera me grit\u{f3} \u{201c}fuera\u{201d}",
            "{declared}"
        );
    }
}

#[test]
fn letters_that_were_declared_are_read_as_declared() {
    let raw = b"From: a@b.example\r\nContent-Type: text/plain; charset=koi8-r\r\n\r\n\xf0\xcf\xcd\xcf\xc7\xc9\xd4\xc5";
    assert_eq!(
        text_of(raw),
        "\u{41f}\u{43e}\u{43c}\u{43e}\u{433}\u{438}\u{442}\u{435}"
    );
}

#[test]
fn a_head_in_any_letters_is_read() {
    for name in [&b"Mar\xeda"[..], "Mar\u{ed}a".as_bytes()] {
        let raw = [
            b"From: ",
            name,
            b" <ann@home.example>\r\nSubject: ",
            name,
            b"\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: image/png; name=\"",
            name,
            b".png\"\r\n\r\nx\r\n--b--\r\n",
        ]
        .concat();
        let raw = repaired(&raw);
        let mail = MessageParser::default()
            .parse(raw.as_ref())
            .expect("a mail");
        assert_eq!(mail.subject(), Some("Mar\u{ed}a"));
        let from = mail.from().and_then(mail_parser::Address::first);
        assert_eq!(from.and_then(|f| f.name()), Some("Mar\u{ed}a"));
        let file = mail.parts.last().expect("a part");
        assert_eq!(file.attachment_name(), Some("Mar\u{ed}a.png"));
    }
}

#[test]
fn parts_without_an_end_are_read_whole() {
    let head = "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n";
    let encoded = "--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\nU2hlIHNob3V0ZWQu\r\n";
    assert_eq!(
        text_of(format!("{head}{encoded}").as_bytes()),
        "She shouted."
    );
    let nested = "--b\r\nContent-Type: multipart/alternative; boundary=\"c\"\r\n\r\n--c\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nShe =\r\nshouted.\r\n--c\r\nContent-Type: text/html\r\n\r\n<p>She shouted.</p>\r\n";
    assert_eq!(
        text_of(format!("{head}{nested}").as_bytes()),
        "She shouted."
    );
}

#[test]
fn a_boundary_that_is_not_told_is_found() {
    let parts = "--zz\r\nContent-Type: text/plain\r\n\r\nShe shouted.\r\n--zz\r\nContent-Type: image/png\r\n\r\nx\r\n--zz--\r\n";
    for kind in ["multipart/mixed", "multipart/mixed; boundary=\"other\""] {
        let raw = format!("From: a@b.example\r\nContent-Type: {kind}\r\n\r\n{parts}");
        assert_eq!(text_of(raw.as_bytes()), "She shouted.", "{kind}");
        let open = raw.replace("--zz--\r\n", "");
        assert_eq!(
            text_of(open.as_bytes()),
            "She shouted.",
            "{kind}, without an end"
        );
    }
}

#[test]
fn parts_that_are_none_are_words() {
    let raw = "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\nShe shouted.\r\n";
    assert_eq!(text_of(raw.as_bytes()), "She shouted.");
}

#[test]
fn lines_are_lines_however_they_end() {
    for raw in [
        "From: a@b.example\r\rShe shouted.\r",
        "From: a@b.example\n\nShe shouted.\n",
        "\r\n\nFrom: a@b.example\r\n\r\nShe shouted.\r\n",
    ] {
        assert_eq!(text_of(raw.as_bytes()), "She shouted.", "{raw:?}");
    }
}
