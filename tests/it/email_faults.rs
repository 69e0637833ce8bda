//! E-mail at its worst: repeats, folders that are numbered anew, servers that go away, and deaths between any two
//! steps.

use crate::email::{by, detail, everybody, open};
use crate::fakes::{
    Fault,
    email::{AUTHORITY, Email, PASSWORD, Protection, Written},
};
use crate::house::{Base, House};
use sqlx::{AnyConnection, Connection};

const ANN: &str = "ann@home.example";

#[tokio::test(flavor = "multi_thread")]
async fn the_same_mail_twice_is_one() {
    let email = Email::open().await;
    let house = open(Base::Sqlite, &email).await;
    let mail = Written::from(ANN)
        .id("same@home.example")
        .text("your nurse shouted at me");
    email.delivers(mail.raw());
    email.delivers(mail.header("X-Delivered-By: an alias").raw());
    email.says("tom@home.example", "hello", "hello");
    email.sent("tom@home.example", 1).await;
    email.all_read().await;
    // The same id from another address is another mail: nobody can keep somebody's mail from us.
    email.delivers(
        Written::from("eve@evil.example")
            .id("same@home.example")
            .text("hello")
            .raw(),
    );
    email.sent("eve@evil.example", 1).await;
    let token = house.agent("Priya Shah", "agent");
    assert_eq!(by(&detail(&house, &token, ANN).await, "contact").len(), 1);
    assert_eq!(email.post.look().sent_to(ANN).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn old_mail_is_left_alone_and_a_folder_that_was_numbered_anew_is_taken_up() {
    let email = Email::open().await;
    email.says("old@home.example", "years ago", "hello");
    let mut house = open(Base::Sqlite, &email).await;
    email.says(ANN, "the nurse", "your nurse shouted at me");
    email.sent(ANN, 1).await;
    email.all_but_read(1).await;
    house.kill();
    email.says("tom@home.example", "hello", "hello");
    email.post.change(|p| {
        p.validity = 8;
        p.mails.remove(0);
        for (n, mail) in p.mails.iter_mut().enumerate() {
            mail.uid = 100 + n as u32;
        }
        p.next = 200;
    });
    house.start().await;
    email.sent("tom@home.example", 1).await;
    let answers = email.post.look().sent_to(ANN);
    let ids: std::collections::HashSet<_> =
        answers.iter().map(|s| s.header("Message-ID")).collect();
    assert_eq!(ids.len(), 1, "nothing is answered twice");
    assert_eq!(email.post.look().sent_to("old@home.example").len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_tells_nothing_by_itself_is_asked() {
    let email = Email::open().await;
    email.post.change(|p| p.idles = false);
    let house = House::open_with(Base::Sqlite, &email.settings()).await;
    let token = house.agent("Priya Shah", "agent");
    house
        .until(&token, "inboxes", |v| v["inboxes"][0]["state"] == "up")
        .await;
    email.says(ANN, "hello", "hello");
    email.sent(ANN, 1).await;
    assert_eq!(email.post.look().waits, 0);
    email.all_right();
}

#[tokio::test(flavor = "multi_thread")]
async fn waiting_is_begun_anew_before_the_server_tires_of_it() {
    let email = Email::open().await;
    let mut settings = email.settings();
    settings.push(("NOHOLD_EMAIL_IDLE_SECONDS", "1"));
    let _house = House::open_with(Base::Sqlite, &settings).await;
    email
        .post
        .until("a third wait", |p| (p.waits > 2).then_some(()))
        .await;
    assert_eq!(email.post.look().sessions, 1, "on the same line");
    email.says(ANN, "hello", "hello");
    email.sent(ANN, 1).await;
    email.all_right();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_breaks_is_opened_again_and_what_came_meanwhile_is_read() {
    let email = Email::open().await;
    let house = open(Base::Sqlite, &email).await;
    email.post.change(|p| {
        p.cut = p.sessions;
        let mail = Written::from(ANN).text("your nurse shouted at me").raw();
        p.keep(mail.as_bytes());
    });
    email.sent(ANN, 1).await;
    // Broken in the middle of a mail.
    email
        .post
        .change(|p| p.faults.add("fetch", Fault::Broken, 1));
    email.says("tom@home.example", "hello", "hello");
    email.sent("tom@home.example", 1).await;
    assert_eq!(email.post.look().sent.len(), 2);
    let token = house.agent("Priya Shah", "agent");
    house
        .until(&token, "inboxes", |v| v["inboxes"][0]["state"] == "up")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_cannot_be_opened_is_told_in_words_and_without_a_secret() {
    let email = Email::open().await;
    let all = email.settings();
    let smtp = all.iter().find(|(n, _)| *n == "NOHOLD_EMAIL_SMTP_PORT");
    let port = smtp.expect("set").1;
    for (name, value, reason) in [
        ("NOHOLD_EMAIL_PASSWORD", "wr0ng-secret", "token"),
        ("NOHOLD_EMAIL_IMAP_PORT", "9", "network"),
        ("NOHOLD_EMAIL_IMAP_PORT", port, "address"),
        ("NOHOLD_EMAIL_IMAP_TLS", "starttls", "address"),
        ("NOHOLD_EMAIL_FOLDER", "Nowhere", "permission"),
    ] {
        let mut settings = email.settings();
        settings.retain(|(n, _)| *n != name);
        settings.push((name, value));
        let house = House::open_with(Base::Sqlite, &settings).await;
        let token = house.agent("Priya Shah", "agent");
        let lines = house
            .until(&token, "inboxes", |v| v["inboxes"][0]["state"] == "down")
            .await;
        assert_eq!(lines["inboxes"][0]["reason"], reason, "{value}: {lines}");
        assert!(crate::house::words(&house.says("p", "1", "hello").await).contains("welcome"));
        let log = house.log();
        assert!(log.contains("NOHOLD_EMAIL"), "{log}");
        assert!(
            !log.contains("wr0ng-secret") && !log.contains(PASSWORD),
            "{log}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_protected_line_is_spoken_over_and_a_stranger_is_not_believed() {
    for protection in [Protection::Implicit, Protection::StartTls] {
        let email = Email::protected(protection).await;
        let mut settings = email.settings();
        let stranger = House::open_with(Base::Sqlite, &settings).await;
        let token = stranger.agent("Priya Shah", "agent");
        let lines = stranger
            .until(&token, "inboxes", |v| v["inboxes"][0]["state"] == "down")
            .await;
        assert_eq!(lines["inboxes"][0]["reason"], "address", "{lines}");
        drop(stranger);
        settings.push(("NOHOLD_EMAIL_CA", AUTHORITY));
        let _house = House::open_with(Base::Sqlite, &settings).await;
        email.ready().await;
        email.says(ANN, "hello", "hello");
        email.sent(ANN, 1).await;
        email.all_right();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_sending_is_refused_the_line_says_so_and_mail_is_still_read() {
    let email = Email::open().await;
    let mut settings = email.settings();
    settings.push(("NOHOLD_EMAIL_SMTP_PASSWORD", "wr0ng-secret"));
    let house = House::open_with(Base::Sqlite, &settings).await;
    email.ready().await;
    let token = house.agent("Priya Shah", "agent");
    let lines = house
        .until(&token, "inboxes", |v| {
            v["inboxes"][0]["warnings"]
                .to_string()
                .contains("SMTP_PASSWORD")
        })
        .await;
    assert_eq!(lines["inboxes"][0]["state"], "up");
    email.says(ANN, "hello", "hello");
    email.all_read().await;
    assert!(!house.log().contains("wr0ng-secret"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_busy_is_asked_again_and_one_that_refuses_is_believed() {
    let email = Email::open().await;
    let house = open(Base::Sqlite, &email).await;
    email.post.change(|p| {
        p.replies.push_back(("RCPT", "451 4.3.0 try again later"));
        p.replies.push_back((".", "421 4.3.2 going down"));
    });
    email.says(ANN, "hello", "hello");
    let sent = email.sent(ANN, 1).await;
    assert_eq!(sent.len(), 1);
    email
        .post
        .change(|p| p.replies.push_back(("RCPT", "550 5.1.1 nobody here")));
    email.says("tom@home.example", "hello", "hello");
    let token = house.agent("Priya Shah", "agent");
    email.all_read().await;
    let known = loop {
        let all = everybody(&house, &token).await;
        if all.len() == 2 {
            break all;
        }
    };
    let tom = known
        .iter()
        .find(|c| c["contact"]["sender"] == "tom@home.example")
        .expect("tom");
    let path = format!("conversations/{}", tom["id"].as_str().expect("an id"));
    let told = house
        .until(&token, &path, |v| !by(v, "note").is_empty())
        .await;
    assert!(by(&told, "note")[0].contains("did not arrive"), "{told}");
    email.all_right();
}

/// Somebody else holds the database: nothing can be written until this is dropped.
async fn hold(house: &House) -> AnyConnection {
    sqlx::any::install_default_drivers();
    let mut holder = AnyConnection::connect(&house.database)
        .await
        .expect("the database opens");
    sqlx::query("BEGIN IMMEDIATE")
        .execute(&mut holder)
        .await
        .expect("held");
    holder
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_a_mail_was_fetched_and_before_it_was_on_disk() {
    let email = Email::open().await;
    let mut house = open(Base::Sqlite, &email).await;
    let holder = hold(&house).await;
    email.says(ANN, "the nurse", "your nurse shouted at me");
    email
        .post
        .until("the mail fetched", |p| (p.fetched > 0).then_some(()))
        .await;
    house.kill();
    assert!(
        !email.post.look().mails[0].seen,
        "nothing was marked as read"
    );
    drop(holder);
    house.start().await;
    assert!(email.last(ANN, 1).await.text().contains("NH-"));
    email.all_read().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_the_server_took_our_mail_and_before_that_was_on_disk() {
    let email = Email::open().await;
    let mut house = open(Base::Sqlite, &email).await;
    email
        .post
        .change(|p| p.faults.add("data", Fault::AcceptAndHang, 1));
    email.says(ANN, "the nurse", "your nurse shouted at me");
    email.sent(ANN, 1).await;
    house.kill();
    house.start().await;
    let sent = email.sent(ANN, 2).await;
    let ids: Vec<_> = sent.iter().map(|s| s.header("Message-ID")).collect();
    assert_eq!(ids[0], ids[1], "their mailbox knows it for the same mail");
    assert_eq!(sent[0].raw, sent[1].raw);
    let token = house.agent("Priya Shah", "agent");
    assert_eq!(by(&detail(&house, &token, ANN).await, "contact").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn forgetting_by_mail_takes_the_words_away() {
    let email = Email::open().await;
    let house = open(Base::Sqlite, &email).await;
    email.says(ANN, "hello", "my name is Zebulon Quince");
    let first = email.last(ANN, 1).await;
    email.delivers(Written::from(ANN).answering(&first).text("/forget").raw());
    assert!(email.last(ANN, 2).await.text().contains("removed"));
    let rows = house
        .rows("SELECT body FROM events WHERE body LIKE '%Quince%'")
        .await;
    assert_eq!(rows, Vec::<String>::new());
}
