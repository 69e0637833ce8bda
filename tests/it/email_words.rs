//! What a mail says, however it is put: quotes, subjects, mails within mails, letters that nobody declared.

use crate::email::{by, detail, everybody, open};
use crate::fakes::email::{Email, Sent, Written};
use crate::house::{Base, House};
use crate::on_both;
use serde_json::Value;

const ANN: &str = "ann@home.example";

/// Whose words stand beside the person's own, message by message.
fn beside(detail: &Value) -> Vec<&str> {
    let messages = detail["messages"].as_array().expect("a list");
    let all = messages.iter().filter_map(|m| m["borrowed"].as_array());
    all.flatten().filter_map(Value::as_str).collect()
}

/// The conversation of a person who complained, and our answer to it.
async fn complained(base: Base, email: &Email) -> (House, Sent) {
    let house = open(base, email).await;
    email.says(ANN, "your nurse", "your nurse shouted at me yesterday");
    let first = email.last(ANN, 1).await;
    (house, first)
}

fn quoted(sent: &Sent) -> String {
    format!("> {}", sent.text().replace('\n', "\n> "))
}

const HEAD: &str = "On Sun, 29 Nov 2026 at 10:00, Care <support@care.example> wrote:";

#[tokio::test(flavor = "multi_thread")]
async fn danger_that_was_written_into_a_quote_brings_a_person() {
    let email = Email::open().await;
    let (house, first) = complained(Base::Sqlite, &email).await;
    let text = format!(
        "Thank you for asking, I will think about it.\n\n{HEAD}\n\n{}\n> I want to kill myself.",
        quoted(&first)
    );
    email.delivers(Written::from(ANN).answering(&first).text(&text).raw());
    let answer = email.last(ANN, 2).await;
    assert!(answer.text().contains("116 123"), "{}", answer.text());
    let token = house.agent("Priya Shah", "agent");
    let queue = house.get(&token, "queue").await;
    assert_eq!(
        queue["conversations"][0]["priority"], "emergency",
        "{queue}"
    );
    let seen = detail(&house, &token, ANN).await;
    assert!(
        beside(&seen)[0].ends_with("not said in this conversation: I want to kill myself."),
        "{seen}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn our_own_words_and_theirs_are_no_news_when_they_are_quoted() {
    let email = Email::open().await;
    let house = open(Base::Sqlite, &email).await;
    email.says(ANN, "help", "I want to kill myself");
    let first = email.last(ANN, 1).await;
    assert!(first.text().contains("116 123"), "{}", first.text());
    let text = format!(
        "Thank you. I am with my sister now.\n\n{HEAD}\n\n{}\n> > I want to kill myself",
        quoted(&first)
    );
    email.delivers(Written::from(ANN).answering(&first).text(&text).raw());
    email.all_read().await;
    let token = house.agent("Priya Shah", "agent");
    let seen = detail(&house, &token, ANN).await;
    let path = format!("conversations/{}", seen["id"].as_str().expect("an id"));
    let seen = house
        .until(&token, &path, |v| by(v, "contact").len() == 2)
        .await;
    let warned = by(&seen, "bot")
        .iter()
        .filter(|t| t.contains("116 123"))
        .count();
    assert_eq!(warned, 1, "{seen}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_answers_below_our_words_is_heard() {
    let email = Email::open().await;
    let (house, first) = complained(Base::Sqlite, &email).await;
    let text = format!(
        "From: Care <support@care.example>\nSent: Sunday, November 29, 2026 10:00 AM\nTo: Ann\nSubject: Re: your nurse\n\n{}\n\nI live next door to her.",
        first.text()
    );
    email.delivers(Written::from(ANN).answering(&first).text(&text).raw());
    email.sent(ANN, 2).await;
    let token = house.agent("Priya Shah", "agent");
    let seen = detail(&house, &token, ANN).await;
    assert_eq!(by(&seen, "contact")[1], "I live next door to her.");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_story_that_tells_what_was_written_is_kept_whole_in_an_answer() {
    let email = Email::open().await;
    let (house, first) = complained(Base::Sqlite, &email).await;
    let story = "On Monday 23 November at 10:30 she wrote:\nyou are a burden to us all.\nI have not slept since.";
    let text = format!(
        "{story}\n\nFrom: Care\nSent: Sunday\nTo: Ann\nSubject: Re: your nurse\n\n{}",
        first.text()
    );
    email.delivers(Written::from(ANN).answering(&first).text(&text).raw());
    email.sent(ANN, 2).await;
    let token = house.agent("Priya Shah", "agent");
    let seen = detail(&house, &token, ANN).await;
    assert_eq!(by(&seen, "contact")[1], story);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subject_is_a_heading_and_no_sentence_of_the_story() {
    let email = Email::open().await;
    let house = open(Base::Sqlite, &email).await;
    email.says(
        ANN,
        "the neighbour and the nurse",
        "Your nurse shouted at me yesterday.",
    );
    email.sent(ANN, 1).await;
    email.says(
        "tom@home.example",
        "Your nurse hit my mother yesterday",
        "Please ring me, it is about Ward 4. Tom",
    );
    email.sent("tom@home.example", 1).await;
    let token = house.agent("Priya Shah", "agent");
    let seen = detail(&house, &token, ANN).await;
    assert_eq!(
        by(&seen, "contact"),
        ["Your nurse shouted at me yesterday."]
    );
    assert_eq!(beside(&seen), ["Subject: the neighbour and the nurse"]);
    let complaint = &seen["complaint"];
    assert_eq!(
        complaint["incident"]["narrative"],
        "Your nurse shouted at me yesterday."
    );
    assert_ne!(
        complaint["complainant"]["relation"], "neighbour",
        "{complaint}"
    );
    // Where it alone tells what happened, it is on record.
    let seen = detail(&house, &token, "tom@home.example").await;
    let narrative = seen["complaint"]["incident"]["narrative"].to_string();
    assert!(narrative.contains("hit my mother"), "{seen}");
}

on_both! {
    async fn mails_within_a_mail_are_shown_with_their_files(base: Base) {
        let email = Email::open().await;
        let house = open(base, &email).await;
        let png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
        let inner = format!("From: Tom Lee <tom@x.example>\nSubject: goodbye\nContent-Type: multipart/mixed; boundary=c\n\n--c\nContent-Type: text/plain\n\nI am going to kill myself tonight.\n--c\nContent-Type: image/png; name=\"arm.png\"\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64\n\n{png}\n--c--\n");
        let body = format!("Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nMy brother sent me this. What shall I do?\n--b\nContent-Type: message/rfc822; name=\"goodbye.eml\"\n\n{inner}\n--b--\n");
        email.delivers(Written::from(ANN).subject("a letter").body(&body).raw());
        let answer = email.last(ANN, 1).await;
        assert!(answer.text().contains("If they might act on it"), "{}", answer.text());
        let token = house.agent("Priya Shah", "agent");
        let seen = detail(&house, &token, ANN).await;
        assert!(beside(&seen).contains(&"Forwarded from Tom Lee tom@x.example: goodbye\n\nI am going to kill myself tonight."), "{seen}");
        let files: Vec<&Value> = seen["messages"][0]["attachments"].as_array().expect("a list").iter().map(|f| &f["name"]).collect();
        assert_eq!(files, ["arm.png"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn words_in_letters_that_nobody_declared_and_parts_without_an_end_are_read() {
    let email = Email::open().await;
    let house = open(Base::Sqlite, &email).await;
    let written = Written::from("Raul <raul@casa.example>").subject("queja");
    let mail = written.body("Content-Type: multipart/mixed; boundary=\"b\"\n\n--b\nContent-Type: text/plain\n\nSu enfermera me grit~ ayer.\n");
    let latin: Vec<u8> = mail
        .raw()
        .bytes()
        .map(|b| if b == b'~' { 0xf3 } else { b })
        .collect();
    email.delivers(latin);
    let answer = email.last("raul@casa.example", 1).await;
    assert!(answer.text().contains("NH-"), "{}", answer.text());
    let token = house.agent("Priya Shah", "agent");
    let seen = detail(&house, &token, "raul@casa.example").await;
    assert_eq!(by(&seen, "contact"), ["Su enfermera me grit\u{f3} ayer."]);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_looks_after_a_mail_server_is_heard_and_their_answer_is_no_bounce() {
    let email = Email::open().await;
    let house = open(Base::Sqlite, &email).await;
    let postmaster = "postmaster@home.example";
    email.says(
        postmaster,
        "your nurse",
        "your nurse shouted at me yesterday",
    );
    let first = email.last(postmaster, 1).await;
    let text = "It was on Sunday. As we say here: error 5.1.1.";
    email.delivers(Written::from(postmaster).answering(&first).text(text).raw());
    email.sent(postmaster, 2).await;
    let token = house.agent("Priya Shah", "agent");
    let seen = detail(&house, &token, postmaster).await;
    assert_eq!(by(&seen, "note"), Vec::<&str>::new());
    assert_eq!(everybody(&house, &token).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_can_have_us_send_letters_to_somebody_else() {
    let email = Email::open().await;
    let house = open(Base::Sqlite, &email).await;
    for n in 0..8 {
        let forged = Written::from(&format!("ann+{n}@home.example")).found("none");
        email.delivers(forged.text("your nurse shouted at me").raw());
    }
    email.all_read().await;
    let token = house.agent("Priya Shah", "agent");
    house
        .until(&token, "queue", |v| {
            v["conversations"].as_array().is_some_and(|c| c.len() == 8)
        })
        .await;
    email
        .post
        .until("the receipts that may go", |p| {
            (p.sent.len() == 3).then_some(())
        })
        .await;
    // Safety words too go to a forged address once, and people are told each time.
    for n in 0..3 {
        let forged = Written::from("tom@home.example").found("none");
        email.delivers(forged.text(&format!("I want to kill myself ({n})")).raw());
    }
    email.sent("tom@home.example", 1).await;
    email.says("eve@home.example", "hello", "hello");
    email.sent("eve@home.example", 1).await;
    email.all_read().await;
    let seen = detail(&house, &token, "unproven:tom@home.example").await;
    let path = format!("conversations/{}", seen["id"].as_str().expect("an id"));
    house
        .until(&token, &path, |v| by(v, "contact").len() == 3)
        .await;
    assert_eq!(email.post.look().sent_to("tom@home.example").len(), 1);
    assert_eq!(email.post.look().sent.len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn danger_at_the_end_of_a_very_long_mail_is_heard() {
    let email = Email::open().await;
    let house = open(Base::Sqlite, &email).await;
    let story = "I came to the ward and nobody had a minute for me. \n\n".repeat(350);
    email.says(ANN, "my story", &format!("{story}I want to kill myself."));
    let answer = email.last(ANN, 1).await;
    assert!(answer.text().contains("116 123"), "{}", answer.text());
    let token = house.agent("Priya Shah", "agent");
    let seen = detail(&house, &token, ANN).await;
    let rest = beside(&seen)
        .into_iter()
        .find(|b| b.starts_with("The text goes on:"));
    assert!(
        rest.is_some_and(|r| r.ends_with("I want to kill myself.")),
        "{seen}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_in_the_page_alone_is_read() {
    let email = Email::open().await;
    let house = open(Base::Sqlite, &email).await;
    let two = |plain: &str, page: &str| {
        format!(
            "Content-Type: multipart/alternative; boundary=XX\n\n--XX\nContent-Type: text/plain\n\n{plain}\n--XX\nContent-Type: text/html\n\n{page}\n--XX--\n"
        )
    };
    let stub = two(
        "View this message as a page.",
        "<p>Your nurse shouted at me yesterday, and nobody on the ward would tell me why she did that or who I should speak to.</p>",
    );
    email.delivers(Written::from(ANN).body(&stub).raw());
    assert!(email.last(ANN, 1).await.text().contains("NH-"));
    let token = house.agent("Priya Shah", "agent");
    let seen = detail(&house, &token, ANN).await;
    assert!(
        by(&seen, "contact")[0].starts_with("Your nurse shouted"),
        "{seen}"
    );
    let tom = "tom@home.example";
    let other = two(
        "When does visiting start on the ward?",
        "<p>When does visiting start on the ward?</p><p>I want to kill myself.</p>",
    );
    email.delivers(Written::from(tom).body(&other).raw());
    assert!(email.last(tom, 1).await.text().contains("116 123"));
}
