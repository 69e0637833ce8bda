//! Who is answered by e-mail, and with what: programs, lists, forged senders, mails that come back.

use crate::email::{by, detail, everybody, open};
use crate::fakes::email::{ADDRESS, Email, Written};
use crate::house::Base;
use serde_json::Value;

const ANN: &str = "ann@home.example";

/// Our reference in a text.
fn reference(text: &str) -> String {
    let at = text.find("NH-").expect("a reference");
    let end = |c: char| !c.is_ascii_alphanumeric() && c != '-';
    text[at..].split(end).next().expect("a word").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_and_lists_are_neither_answered_nor_kept() {
    let email = Email::open().await;
    let house = open(Base::Sqlite, &email).await;
    for header in [
        "Auto-Submitted: auto-replied",
        "Precedence: bulk",
        "List-Id: <news.example>",
    ] {
        let mail = Written::from("robot@home.example").header(header);
        email.delivers(mail.text("your nurse shouted at me").raw());
    }
    // Our own mail, from a rule that forwards it to us.
    email.delivers(
        Written::from(ADDRESS)
            .text("your nurse shouted at me")
            .raw(),
    );
    email.says(ANN, "hello", "hello");
    email.sent(ANN, 1).await;
    email.all_but_read(4).await;
    let token = house.agent("Priya Shah", "agent");
    assert_eq!(everybody(&house, &token).await.len(), 1);
    assert_eq!(email.post.look().sent_to("robot@home.example").len(), 0);
    let post = email.post.look();
    let read: Vec<bool> = post.mails.iter().map(|m| m.seen).collect();
    assert_eq!(
        read,
        [false, false, false, false, true],
        "what is not for us stays for people to see"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn two_programs_that_do_not_know_each_other_are_stopped_by_the_pace() {
    let email = Email::open().await;
    let house = open(Base::Sqlite, &email).await;
    for n in 0..23 {
        email.says(ANN, "hello", &format!("this is message number {n}"));
    }
    let token = house.agent("Priya Shah", "agent");
    email.sent(ANN, 20).await;
    email.all_read().await;
    let known = everybody(&house, &token).await;
    let id = known[0]["id"].as_str().expect("one");
    let detail = house
        .until(&token, &format!("conversations/{id}"), |v| {
            by(v, "contact").len() == 23
        })
        .await;
    let waiting = detail["messages"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|m| m["delivery"] == "waiting")
        .count();
    assert!(waiting >= 1, "the rest waits: {detail}");
    assert_eq!(email.post.look().sent_to(ANN).len(), 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bounce_counts_the_message_as_not_delivered_and_opens_nothing() {
    let email = Email::open().await;
    let house = open(Base::Sqlite, &email).await;
    email.says(ANN, "the nurse", "your nurse shouted at me yesterday");
    let sent = email.last(ANN, 1).await;
    let id = sent.header("Message-ID").expect("an id");
    let report = |id: &str, status: &str| {
        Written::from("MAILER-DAEMON@mx.example").header("Auto-Submitted: auto-replied").body(&format!(
            "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\nSorry.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; {ANN}\nAction: {}\nStatus: {status}\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {id}\n--b--\n",
            if status.starts_with('4') { "delayed" } else { "failed" }
        )).raw()
    };
    // Late, or about a mail that is none of ours: nothing.
    email.delivers(report(&id, "4.4.1"));
    email.delivers(report(&id.replacen('.', ".0", 1), "5.1.1"));
    email.says("tom@home.example", "hello", "hello");
    email.sent("tom@home.example", 1).await;
    let token = house.agent("Priya Shah", "agent");
    assert_eq!(
        by(&detail(&house, &token, ANN).await, "note"),
        Vec::<&str>::new()
    );
    email.delivers(report(&id, "5.1.1"));
    let known = detail(&house, &token, ANN).await;
    let path = format!("conversations/{}", known["id"].as_str().expect("an id"));
    let told = house
        .until(&token, &path, |v| !by(v, "note").is_empty())
        .await;
    assert!(by(&told, "note")[0].contains("did not arrive"), "{told}");
    let ours = told["messages"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|m| m["from"] == "bot")
        .expect("ours");
    assert_eq!(ours["delivery"], "failed");
    assert_eq!(everybody(&house, &token).await.len(), 2);
    assert_eq!(email.post.look().sent.len(), 2, "nobody answers a bounce");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_sender_learns_nothing_and_the_desk_sees_it() {
    let email = Email::open().await;
    let house = open(Base::Sqlite, &email).await;
    email.says(ANN, "the nurse", "your nurse shouted at me yesterday");
    let nh = reference(&email.last(ANN, 1).await.text());
    for (n, found) in [
        "spf=fail smtp.mailfrom=home.example; dmarc=fail header.from=home.example",
        "spf=pass smtp.mailfrom=evil.example",
    ]
    .into_iter()
    .enumerate()
    {
        let forged = Written::from(ANN).found(found).subject("status");
        email.delivers(
            forged
                .text(&format!("How does my complaint {nh} stand? ({n})"))
                .raw(),
        );
    }
    let receipt = email.last(ANN, 2).await;
    assert!(!receipt.text().contains("NH-"), "{}", receipt.text());
    assert!(
        receipt.text().contains("could not check"),
        "{}",
        receipt.text()
    );
    let token = house.agent("Priya Shah", "agent");
    let queue = house
        .until(&token, "queue", |v| {
            v["conversations"]
                .as_array()
                .is_some_and(|c| c.iter().any(|c| c["reason"] == "unproven"))
        })
        .await;
    assert_eq!(queue["conversations"].as_array().map(Vec::len), Some(1));
    let apart = format!("unproven:{ANN}");
    let forged = house
        .until(
            &token,
            &format!(
                "conversations/{}",
                queue["conversations"][0]["id"].as_str().expect("an id")
            ),
            |v| by(v, "contact").len() == 2,
        )
        .await;
    assert_eq!(forged["contact"]["sender"], apart.as_str());
    assert!(
        by(&forged, "note")[0].contains("not be the one"),
        "{forged}"
    );
    assert_eq!(
        by(&detail(&house, &token, ANN).await, "contact").len(),
        1,
        "theirs is as it was"
    );
    assert_eq!(
        email.post.look().sent_to(ANN).len(),
        2,
        "one receipt, not one each"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn danger_is_answered_whoever_it_is() {
    let email = Email::open().await;
    let _house = open(Base::Sqlite, &email).await;
    email.delivers(
        Written::from(ANN)
            .found("none")
            .text("I want to kill myself")
            .raw(),
    );
    let answer = email.last(ANN, 1).await;
    assert!(answer.text().contains("116 123"), "{}", answer.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_answers_the_receipt_has_shown_that_the_address_is_theirs() {
    let email = Email::open().await;
    let house = open(Base::Sqlite, &email).await;
    email.delivers(
        Written::from(ANN)
            .found("none")
            .text("your nurse shouted at me")
            .raw(),
    );
    let receipt = email.last(ANN, 1).await;
    assert!(!receipt.text().contains("NH-"), "{}", receipt.text());
    let answer = Written::from(ANN).found("none").answering(&receipt);
    email.delivers(
        answer
            .text("It is me. Your nurse shouted at me yesterday.")
            .raw(),
    );
    assert!(email.last(ANN, 2).await.text().contains("NH-"));
    // Somebody else to whom it was sent on is not them.
    let other = Written::from("tom@evil.example")
        .found("none")
        .answering(&receipt);
    email.delivers(other.text("It is me. How does my complaint stand?").raw());
    let theirs = email.last("tom@evil.example", 1).await;
    assert!(
        theirs.text().contains("could not check"),
        "{}",
        theirs.text()
    );
    let token = house.agent("Priya Shah", "agent");
    let known = detail(&house, &token, ANN).await;
    assert_eq!(by(&known, "contact").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sent_counts_after_a_restart_too() {
    let email = Email::open().await;
    let mut house = open(Base::Sqlite, &email).await;
    for n in 0..20 {
        email.says(ANN, "hello", &format!("this is message number {n}"));
    }
    email.sent(ANN, 20).await;
    house.kill();
    house.start().await;
    email.says(ANN, "hello", "this is the last message");
    let token = house.agent("Priya Shah", "agent");
    let known = everybody(&house, &token).await;
    let id = known[0]["id"].as_str().expect("one");
    let waits = |v: &Value| {
        let all = v["messages"].as_array().into_iter().flatten();
        let mut waits = all.filter(|m| m["delivery"] == "waiting");
        by(v, "contact").len() == 21 && waits.next().is_some()
    };
    let path = format!("conversations/{id}");
    house.until(&token, &path, waits).await;
    // Whatever is tried first is tried at once.
    email.says("tom@home.example", "hello", "hello");
    email.sent("tom@home.example", 1).await;
    assert_eq!(email.post.look().sent_to(ANN).len(), 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_mail_under_the_same_message_id_is_another_mail() {
    let email = Email::open().await;
    let _house = open(Base::Sqlite, &email).await;
    let mail = |text: &str| Written::from(ANN).id("form@site.example").text(text).raw();
    email.delivers(mail("hello"));
    email.sent(ANN, 1).await;
    // The same by an alias, and another one by the same program.
    email.delivers(mail("hello"));
    email.delivers(mail("I want to kill myself"));
    let answer = email.last(ANN, 2).await;
    assert!(answer.text().contains("116 123"), "{}", answer.text());
}
