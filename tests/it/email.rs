//! The main job by e-mail: from the first mail to the agent's answer, and the person's answer to that.

use crate::fakes::email::{ADDRESS, Email, Written};
use crate::house::{Base, House};
use crate::on_both;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// The program, once it waits for mail.
pub(crate) async fn open(base: Base, email: &Email) -> House {
    let house = House::open_with(base, &email.settings()).await;
    email.ready().await;
    house
}

/// The conversations that anybody has, as agents see them.
pub(crate) async fn everybody(house: &House, token: &str) -> Vec<Value> {
    let mut all = Vec::new();
    for path in [
        "conversations?status=bot",
        "conversations?holder=me",
        "conversations?status=resolved",
        "queue",
    ] {
        let list = house.get(token, path).await;
        all.extend(list["conversations"].as_array().expect("a list").clone());
    }
    all
}

/// The conversation of that sender.
pub(crate) async fn detail(house: &House, token: &str, sender: &str) -> Value {
    for known in everybody(house, token).await {
        let id = known["id"].as_str().expect("an id");
        let detail = house.get(token, &format!("conversations/{id}")).await;
        if detail["contact"]["sender"] == sender {
            return detail;
        }
    }
    panic!("nobody knows {sender}:\n{}", house.log())
}

/// The words of a conversation that are by somebody.
pub(crate) fn by<'a>(detail: &'a Value, author: &str) -> Vec<&'a str> {
    detail["messages"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|m| m["from"] == author)
        .filter_map(|m| m["text"].as_str())
        .collect()
}

/// The number that stands before a choice in a mail.
fn number(text: &str, title: &str) -> String {
    let line = text.lines().find(|l| l.ends_with(title));
    let line = line.unwrap_or_else(|| panic!("{title} is not offered: {text}"));
    line.split('.').next().expect("a number").to_owned()
}

const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

on_both! {
    async fn the_neighbour_complains_by_mail_and_a_person_answers(base: Base) {
        let email = Email::open().await;
        let house = open(base, &email).await;
        let token = house.agent("Priya Shah", "agent");
        let nora = "nora@home.example";
        email.says("Nora Bell <nora@home.example>", "Your nurse", "Dear team,\n\nyour nurse shouted and swore yesterday.\n\n-- \nNora Bell\n12 High Street");
        let first = email.last(nora, 1).await;
        assert!(first.text().contains("NH-"), "{}", first.text());
        assert_eq!(first.subject(), "Re: Your nurse");
        assert_eq!(first.header("Auto-Submitted").as_deref(), Some("auto-replied"));
        assert_eq!(first.header("Reply-To"), None, "the plus is not known to work");
        assert!(first.header("References").expect("a thread").contains("home.example"));
        let neighbour = number(&first.text(), "I'm a neighbour");
        let quoted = first.text().replace('\n', "\n> ");
        let answer = format!("{neighbour}\n\nOn Sun, 29 Nov 2026 at 10:00, Care <{ADDRESS}> wrote:\n\n> {quoted}");
        email.delivers(Written::from("Nora Bell <Nora@Home.example>").answering(&first).text(&answer).raw());
        let second = email.last(nora, 2).await;
        assert_eq!(second.header("In-Reply-To").map(|id| second.header("References").expect("a thread").ends_with(&id)), Some(true));
        email.delivers(Written::from(nora).answering(&second).text("I'd like to speak with a person, please.").raw());
        let asked = email.last(nora, 3).await;
        assert!(asked.text().contains("\n3. Call me back"), "{}", asked.text());
        let queue = house.get(&token, "queue").await;
        let id = queue["conversations"][0]["id"].as_str().expect("waits").to_owned();
        assert_eq!(queue["conversations"][0]["inbox"], "email");
        let (status, _) = house.post(&token, &format!("conversations/{id}/claim"), json!({})).await;
        assert_eq!(status, StatusCode::OK);
        assert!(email.last(nora, 4).await.text().contains("Priya"));
        house.post(&token, &format!("conversations/{id}/notes"), json!({"id": "n", "text": "be gentle"})).await;
        let (status, body) = house.post(&token, &format!("conversations/{id}/messages"), json!({"id": "r", "text": "I'm so sorry. I'll ring the team today.", "attachments": [{"name": "form.png", "media_type": "image/png", "content": PNG}]})).await;
        assert_eq!(status, StatusCode::OK, "{body}");
        let reply = email.last(nora, 5).await;
        assert_eq!(reply.text(), "I'm so sorry. I'll ring the team today.");
        assert_eq!(reply.header("Auto-Submitted"), None, "a person wrote it");
        assert_eq!(reply.files()[0].0, "form.png");
        assert!(reply.files()[0].1.starts_with(b"\x89PNG"));
        email.delivers(Written::from(nora).answering(&reply).text("thank you").raw());
        house.until(&token, &format!("conversations/{id}"), |v| by(v, "contact").contains(&"thank you")).await;
        assert!(!email.post.look().sent.iter().any(|s| s.text().contains("gentle")), "a note is never delivered");
        let detail = house.until(&token, &format!("conversations/{id}"), |v| v["messages"].as_array().is_some_and(|m| m.iter().all(|m| m["delivery"] == "done"))).await;
        assert_eq!(by(&detail, "contact"), [
            "Dear team,\n\nyour nurse shouted and swore yesterday.",
            "I'm a neighbour",
            "I'd like to speak with a person, please.",
            "thank you",
        ]);
        assert_eq!(detail["contact"]["sender"], nora);
        assert_eq!(detail["contact"]["name"], "Nora Bell");
        let complaint = &detail["complaint"];
        assert_eq!(complaint["channel"], "email");
        assert_eq!(complaint["complainant"]["relation"], "neighbour");
        email.all_read().await;
        email.all_right();
    }

    async fn files_that_come_with_a_mail_are_kept_and_the_others_are_told_of(base: Base) {
        let email = Email::open().await;
        let house = open(base, &email).await;
        let part = |head: &str, content: &str| format!("--b\nContent-Type: {head}\nContent-Transfer-Encoding: base64\n\n{content}\n");
        let body = format!(
            "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nyour nurse hurt my arm yesterday\n{}{}--b--\n",
            part("image/png; name=\"arm.png\"\nContent-Disposition: attachment", PNG),
            part("image/png; name=\"logo.png\"\nContent-Disposition: inline\nContent-ID: <logo>", PNG),
        );
        email.delivers(Written::from("ann@home.example").subject("my arm").body(&body).raw());
        email.sent("ann@home.example", 1).await;
        let body = format!("Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nand the report\n{}--b--\n", part("application/zip; name=\"report.zip\"\nContent-Disposition: attachment", "UEsDBAAAAAA="));
        email.delivers(Written::from("ann@home.example").subject("my arm").body(&body).raw());
        let told = email.last("ann@home.example", 2).await;
        assert!(told.text().contains("can't open"), "{}", told.text());
        let token = house.agent("Priya Shah", "agent");
        let detail = detail(&house, &token, "ann@home.example").await;
        let files = detail["complaint"]["attachments"].as_array().expect("a list");
        assert_eq!(files.len(), 1, "a logo is no file: {files:?}");
        let file = files[0]["id"].as_str().expect("an id");
        let fetched = house.call(&token, Method::GET, &format!("attachments/{file}"), None).await;
        assert!(fetched.bytes().await.expect("bytes").starts_with(b"\x89PNG"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn danger_that_stands_in_the_subject_alone_is_answered_at_once() {
    let email = Email::open().await;
    let house = open(Base::Sqlite, &email).await;
    email.says("tom@home.example", "I want to kill myself", "");
    let answer = email.last("tom@home.example", 1).await;
    assert!(answer.text().contains("116 123"), "{}", answer.text());
    let token = house.agent("Priya Shah", "agent");
    let queue = house.get(&token, "queue").await;
    assert_eq!(
        queue["conversations"][0]["priority"], "emergency",
        "{queue}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn words_that_were_sent_on_are_not_the_writers_and_danger_in_them_is_seen() {
    let email = Email::open().await;
    let house = open(Base::Sqlite, &email).await;
    let text = "My brother sent me this. What shall I do?\n\n---------- Forwarded message ---------\nFrom: Tom Lee <tom@x.example>\nDate: Sun, 29 Nov 2026\nSubject: goodbye\nTo: <ann@home.example>\n\nI am going to kill myself tonight.";
    email.says("ann@home.example", "Fwd: goodbye", text);
    let answer = email.last("ann@home.example", 1).await;
    assert!(answer.text().contains("116 123"), "{}", answer.text());
    let token = house.agent("Priya Shah", "agent");
    let detail = detail(&house, &token, "ann@home.example").await;
    assert_eq!(
        by(&detail, "contact"),
        ["My brother sent me this. What shall I do?"]
    );
    let shown = detail["messages"][0]["borrowed"].to_string();
    assert!(
        shown.contains("Tom Lee") && shown.contains("kill myself"),
        "{shown}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_writes_spanish_is_answered_in_spanish_with_a_neutral_subject() {
    let email = Email::open().await;
    let _house = open(Base::Sqlite, &email).await;
    let body = "Content-Type: text/html; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n<p>Su enfermera me grit=F3 ayer.</p>\n";
    email.delivers(
        Written::from("raul@casa.example")
            .subject("")
            .body(body)
            .raw(),
    );
    let answer = email.last("raul@casa.example", 1).await;
    assert!(answer.text().contains("NH-"), "{}", answer.text());
    assert!(
        answer.subject().starts_with("Su mensaje"),
        "{}",
        answer.subject()
    );
    assert!(answer.text().contains("\n1. "), "{}", answer.text());
    email.all_right();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_plus_is_used_once_mail_to_it_has_come_back() {
    let email = Email::open().await;
    email.post.change(|p| p.plus = true);
    let house = open(Base::Sqlite, &email).await;
    email
        .post
        .until("our own mail back", |p| {
            (p.mails.len() == 1 && p.mails[0].seen).then_some(())
        })
        .await;
    email.says("ann@home.example", "visiting", "hello");
    let first = email.last("ann@home.example", 1).await;
    let reply_to = first.header("Reply-To").expect("a plus");
    assert!(reply_to.contains("<support+"), "{reply_to}");
    email.says("tom@home.example", "visiting", "hello");
    let other = email.last("tom@home.example", 1).await;
    assert_ne!(
        other.header("Reply-To"),
        Some(reply_to),
        "everybody has their own"
    );
    let token = house.agent("Priya Shah", "agent");
    assert_eq!(
        everybody(&house, &token).await.len(),
        2,
        "nobody talks with themselves"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_is_too_large_is_read_from_its_beginning_and_the_person_is_told() {
    let email = Email::open().await;
    let mut settings = email.settings();
    settings.push(("NOHOLD_EMAIL_BYTES", "65536"));
    let house = House::open_with(Base::Sqlite, &settings).await;
    email.ready().await;
    let film = "QUJD".repeat(18) + "\n";
    let body = format!(
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nyour nurse shouted at me yesterday\n--b\nContent-Type: video/mp4; name=\"film.mp4\"\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64\n\n{}--b--\n",
        film.repeat(4000)
    );
    email.delivers(
        Written::from("ann@home.example")
            .subject("a film")
            .body(&body)
            .raw(),
    );
    let answer = email.last("ann@home.example", 1).await;
    assert!(answer.text().contains("too large"), "{}", answer.text());
    assert!(answer.text().contains("NH-"), "{}", answer.text());
    assert!(email.post.look().largest <= 65536, "not fetched whole");
    let token = house.agent("Priya Shah", "agent");
    let detail = detail(&house, &token, "ann@home.example").await;
    assert!(by(&detail, "contact")[0].contains("shouted at me"));
}
