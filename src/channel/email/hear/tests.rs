use super::*;

fn mailbox() -> Mailbox {
    Mailbox {
        address: "support@care.example".to_owned(),
        authserv_id: Some("mx.care.example".to_owned()),
    }
}

fn listen(mail: &str) -> Heard {
    hear(mail.replace('\n', "\r\n").as_bytes(), &mailbox())
}

fn said(mail: &str) -> Said {
    match listen(mail) {
        Heard::Said(said) => *said,
        other => panic!("{other:?}"),
    }
}

const HEAD: &str = "From: Ann Lee <Ann@Home.example>\nTo: support@care.example\nSubject: Re: the nurse\nMessage-ID: <1@home.example>\nDate: Mon, 1 Jun 2026 10:00:00 +0100\n";

#[test]
fn a_mail_is_heard_with_all_that_belongs_to_it() {
    let said = said(&format!(
        "Authentication-Results: mx.care.example; spf=pass smtp.mailfrom=home.example\n{HEAD}In-Reply-To: <b@care.example>\nReferences: <a@home.example> <b@care.example>\n\nShe shouted.\n\nOn Mon, 1 Jun 2026 at 9:00, Care <support@care.example> wrote:\n> What happened?\n"
    ));
    assert_eq!(said.sender, "ann@home.example");
    assert_eq!(said.name.as_deref(), Some("Ann Lee"));
    assert_eq!(said.standing, Standing::Proven);
    assert_eq!(said.id, "1@home.example");
    assert_eq!(said.thread, ["a@home.example", "b@care.example"]);
    assert_eq!(said.subject, "the nurse");
    assert_eq!(said.text, "She shouted.");
    assert_eq!(said.quoted, "What happened?");
    assert_eq!(said.written, Some(1_780_304_400));
}

#[test]
fn what_stands_behind_the_plus_is_told_wherever_the_server_writes_it() {
    let head = HEAD.replace(
        "To: support@care.example",
        "To: Care <Support+Abc1@Care.Example>",
    );
    let mail = format!(
        "Delivered-To: support+def2@care.example\nX-Original-To: other+x@care.example\n{head}\nhello"
    );
    assert_eq!(said(&mail).tokens, ["def2", "abc1"]);
}

#[test]
fn programs_and_lists_are_not_answered() {
    for header in [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated (vacation)",
        "Precedence: bulk",
        "Precedence: auto_reply",
        "List-Id: <news.example>",
        "X-Autoreply: yes",
        "Return-Path: <>",
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=x",
    ] {
        assert_eq!(
            listen(&format!("{header}\n{HEAD}\nhello")),
            Heard::Nothing,
            "{header}"
        );
    }
    for subject in [
        "Automatic reply: Re: the nurse",
        "Respuesta automática: hola",
    ] {
        let head = HEAD.replace("Re: the nurse", subject);
        assert_eq!(
            listen(&format!("{head}\nhello")),
            Heard::Nothing,
            "{subject}"
        );
    }
    let away = HEAD.replace("Re: the nurse", "Out of office");
    let answer = format!("In-Reply-To: <b@care.example>\n{away}\nhello");
    assert_eq!(listen(&answer), Heard::Nothing);
    // Nobody was there, and somebody complains of that.
    let complaint = format!("{away}\nNobody answers at your office.");
    assert!(matches!(listen(&complaint), Heard::Said(_)));
    for header in [
        "Auto-Submitted: no",
        "Precedence: first-class",
        "Return-Path: <bounce@home.example>",
    ] {
        assert!(
            matches!(listen(&format!("{header}\n{HEAD}\nhello")), Heard::Said(_)),
            "{header}"
        );
    }
}

#[test]
fn our_own_mail_is_no_news() {
    for from in ["support@care.example", "Care <SUPPORT+abc@care.example>"] {
        let head = HEAD.replace("Ann Lee <Ann@Home.example>", from);
        assert_eq!(listen(&format!("{head}\nhello")), Heard::Nothing, "{from}");
    }
}

#[test]
fn a_mail_from_nobody_is_kept_for_people() {
    let head = HEAD.replace("From: Ann Lee <Ann@Home.example>\n", "");
    assert_eq!(listen(&format!("{head}\nhello")), Heard::Unreadable);
    assert_eq!(listen(""), Heard::Unreadable);
}

#[test]
fn a_mail_in_the_name_of_several_is_vouched_for_by_nobody() {
    let head = HEAD.replace("Ann@Home.example>", "Ann@Home.example>, tom@evil.example");
    let mail = format!(
        "Authentication-Results: mx.care.example; dmarc=pass header.from=home.example\n{head}\nhello"
    );
    assert_eq!(said(&mail).standing, Standing::Unproven);
    let twice = format!(
        "From: tom@home.example\n{}",
        mail.replace(", tom@evil.example", "")
    );
    assert_eq!(said(&twice).standing, Standing::Unproven);
}

#[test]
fn a_page_that_is_called_plain_is_read_as_a_page_and_an_empty_mail_has_no_file() {
    let page = format!(
        "{HEAD}Content-Type: text/plain\n\n<HTML><body><p>She <b>shouted</b>.</p></body></HTML>\n"
    );
    assert_eq!(said(&page).text, "She shouted.");
    let empty = said(HEAD);
    assert_eq!((empty.text.as_str(), empty.files.len()), ("", 0));
}

const REPORT: &str = "Return-Path: <>\nFrom: Mail Delivery System <MAILER-DAEMON@mx.example>\nTo: support@care.example\nSubject: Undelivered Mail Returned to Sender\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n--b\nContent-Type: text/plain\n\nIt could not be delivered.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; ann@home.example\nAction: failed\nStatus: 5.1.1\n--b\nContent-Type: message/rfc822\n\nFrom: support@care.example\nMessage-ID: <nh.x@care.example>\n\nour words\n--b--\n";

#[test]
fn a_mail_that_did_not_arrive_is_told_by_its_report() {
    let Heard::Bounced(bounce) = listen(REPORT) else {
        panic!("a bounce")
    };
    assert!(bounce.address);
    assert!(
        bounce.about.contains("nh.x@care.example"),
        "{}",
        bounce.about
    );
    let Heard::Bounced(policy) = listen(&REPORT.replace("5.1.1", "5.7.26")) else {
        panic!("a bounce")
    };
    assert!(!policy.address, "it is the mail that is not taken");
}

#[test]
fn a_mail_that_is_only_late_is_none() {
    let late = REPORT
        .replace("Action: failed", "Action: delayed")
        .replace("5.1.1", "4.4.1");
    assert_eq!(listen(&late), Heard::Nothing);
}

#[test]
fn whoever_looks_after_a_mail_server_is_a_person() {
    for who in ["postmaster@home.example", "mailer-daemon@home.example"] {
        let head = HEAD.replace("Ann@Home.example", who);
        let answer = format!(
            "Return-Path: <{who}>\n{head}In-Reply-To: <nh.x@care.example>\n\nYour nurse was rude. Error 5.1.1, as we say here."
        );
        assert!(
            matches!(listen(&answer), Heard::Said(s) if s.sender == who),
            "{who}"
        );
        // While they are away, their program answers, and that is no report either.
        let away = format!("Auto-Submitted: auto-replied\n{answer}");
        assert_eq!(listen(&away), Heard::Nothing, "{who}");
    }
}

#[test]
fn a_bounce_in_plain_words_is_known_too() {
    let mail = "From: MAILER-DAEMON@old.example\nTo: support@care.example\nSubject: failure notice\n\nHi. This is the qmail-send program.\nI wasn't able to deliver <ann@home.example>: no mailbox here.\n\nMessage-ID: <nh.x@care.example>\n";
    assert!(matches!(listen(mail), Heard::Bounced(b) if b.about.contains("nh.x@")));
}

fn with_parts(parts: &str) -> Said {
    said(&format!(
        "{HEAD}MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"b\"\n\n{parts}--b--\n"
    ))
}

const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

#[test]
fn files_are_files_and_logos_are_none() {
    let said = with_parts(&format!(
        "--b\nContent-Type: text/plain; charset=utf-8\n\nsee my arm\n\
        --b\nContent-Type: image/png; name=\"arm.png\"\nContent-Disposition: attachment; filename=\"arm.png\"\nContent-Transfer-Encoding: base64\n\n{PNG}\n\
        --b\nContent-Type: image/png\nContent-Disposition: inline; filename=\"logo.png\"\nContent-ID: <logo>\nContent-Transfer-Encoding: base64\n\n{PNG}\n\
        --b\nContent-Type: application/pkcs7-signature; name=\"smime.p7s\"\nContent-Transfer-Encoding: base64\n\nAAAA\n\
        --b\nContent-Type: text/calendar\nContent-Disposition: attachment; filename=\"visit.ics\"\n\nBEGIN:VCALENDAR\n"
    ));
    assert_eq!(said.text, "see my arm");
    let files: Vec<(&str, &str)> = said
        .files
        .iter()
        .map(|f| (f.name.as_str(), f.media_type.as_str()))
        .collect();
    assert_eq!(
        files,
        [("arm.png", "image/png"), ("visit.ics", "text/calendar")]
    );
    assert!(said.files[0].content.starts_with(b"\x89PNG"));
}

#[test]
fn a_mail_sent_on_as_a_whole_is_not_the_writers_own() {
    let said = with_parts(
        "--b\nContent-Type: text/plain\n\nwhat shall I do?\n--b\nContent-Type: message/rfc822\n\nFrom: Tom <tom@x.example>\nSubject: goodbye\n\nI can't go on.\n",
    );
    assert_eq!(said.text, "what shall I do?");
    assert_eq!(said.forwarded[0].from.as_deref(), Some("Tom tom@x.example"));
    assert_eq!(said.forwarded[0].text, "goodbye\n\nI can't go on.");
    assert_eq!(said.files, []);
}

/// A mail that came as a file, in Base64.
fn as_file(mail: &str) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let mail = STANDARD.encode(mail.replace('\n', "\r\n"));
    format!(
        "--b\nContent-Type: application/octet-stream; name=\"letter.EML\"\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64\n\n{mail}\n"
    )
}

#[test]
fn mails_within_mails_are_read_with_their_files() {
    let inner = format!(
        "From: Tom <tom@x.example>\nSubject: my arm\nContent-Type: multipart/mixed; boundary=\"c\"\n\n--c\nContent-Type: text/plain\n\nShe hit me.\n--c\nContent-Type: image/png; name=\"arm.png\"\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64\n\n{PNG}\n--c\nContent-Type: message/rfc822\n\nFrom: Eve <eve@x.example>\nSubject: hush\n\nSay nothing.\n--c--\n"
    );
    let attached = format!("--b\nContent-Type: message/rfc822\n\n{inner}");
    for within in [attached, as_file(&inner)] {
        let text = "--b\nContent-Type: text/plain\n\nplease read this\n";
        let said = with_parts(&format!("{text}{within}"));
        assert_eq!(said.text, "please read this");
        let told: Vec<(Option<&str>, &str)> = said
            .forwarded
            .iter()
            .map(|f| (f.from.as_deref(), f.text.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                (Some("Tom tom@x.example"), "my arm\n\nShe hit me."),
                (Some("Eve eve@x.example"), "hush\n\nSay nothing."),
            ]
        );
        let files: Vec<&str> = said.files.iter().map(|f| f.name.as_str()).collect();
        assert_eq!(files, ["arm.png"]);
        assert!(!said.more);
    }
}

#[test]
fn mails_within_mails_are_read_so_deep_and_no_deeper() {
    let mut mail = "From: a@x.example\nSubject: the last\n\nend\n".to_owned();
    for depth in 0..6 {
        mail = format!(
            "From: a@x.example\nSubject: {depth}\nContent-Type: multipart/mixed; boundary=\"d{depth}\"\n\n--d{depth}\nContent-Type: message/rfc822\n\n{mail}\n--d{depth}--\n"
        );
    }
    let deep = with_parts(&format!("--b\nContent-Type: message/rfc822\n\n{mail}"));
    assert_eq!(deep.forwarded.len(), 3);
    assert!(deep.more);
    let many =
        "--b\nContent-Type: message/rfc822\n\nFrom: a@x.example\nSubject: s\n\nhello\n".repeat(20);
    let many = with_parts(&many);
    assert_eq!(many.forwarded.len(), 8);
    assert!(many.more);
}

#[test]
fn html_alone_is_read_as_text() {
    let said = said(&format!(
        "{HEAD}Content-Type: text/html; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n<p>La enfermera grit=F3 a <b>mi vecino</b>.</p><p>Mire <a href=3D\"https://fotos.example/1\">las fotos</a></p>\n"
    ));
    assert_eq!(
        said.text,
        "La enfermera gritó a mi vecino.\n\nMire las fotos (https://fotos.example/1)"
    );
}

#[test]
fn where_the_plain_text_is_empty_the_html_speaks() {
    let said = said(&format!(
        "{HEAD}Content-Type: multipart/alternative; boundary=\"b\"\n\n--b\nContent-Type: text/plain\n\n \n--b\nContent-Type: text/html\n\n<p>She shouted.</p>\n--b--\n"
    ));
    assert_eq!(said.text, "She shouted.");
}

#[test]
fn a_subject_or_name_brings_no_line_of_its_own() {
    let head = HEAD.replace("Re: the nurse", "=?utf-8?q?the=0D=0ABcc:_x@y.example?=");
    let said = said(&format!("{head}\nhello"));
    assert_eq!(said.subject, "the Bcc: x@y.example");
}

#[test]
fn a_very_long_mail_is_kept_whole_beside_its_beginning() {
    let said = said(&format!(
        "{HEAD}\n{}",
        "She shouted at me again. \n\n".repeat(1000)
    ));
    assert_eq!(said.text.chars().count(), LONGEST);
    assert!(said.whole_text.expect("whole").len() > LONGEST);
}

#[test]
fn a_mail_without_an_id_has_one_of_its_own_content() {
    let head = HEAD.replace("Message-ID: <1@home.example>\n", "");
    let (one, other) = (
        said(&format!("{head}\nhello")),
        said(&format!("{head}\nhello you")),
    );
    assert_ne!(one.id, other.id);
    assert_eq!(said(&format!("{head}\nhello")).id, one.id);
}

#[test]
fn what_a_program_did_not_declare_is_read_all_the_same() {
    let mail = [
        b"From: Mar\xeda <ann@home.example>\r\nTo: support@care.example\r\nSubject: la ni\xf1a\r\nMessage-ID: <1@home.example>\r\n\r\nMi ni\xf1a llor\xf3.\r\n".as_slice(),
    ]
    .concat();
    let Heard::Said(said) = hear(&mail, &mailbox()) else {
        panic!("somebody wrote")
    };
    assert_eq!(said.name.as_deref(), Some("Mar\u{ed}a"));
    assert_eq!(said.subject, "la ni\u{f1}a");
    assert_eq!(said.text, "Mi ni\u{f1}a llor\u{f3}.");
}
