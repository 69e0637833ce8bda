//! E-mail at its worst: programs that answer programs, forged senders, bounces, servers that go away, and deaths between any two steps.

use crate::email::{by, detail, everybody, open};
use crate::fakes::{
    Fault,
    email::{ADDRESS, Email, PASSWORD, Written},
};
use crate::house::{Base, House};
use sqlx::{AnyConnection, Connection};

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
    for header in ["Auto-Submitted: auto-replied", "Precedence: bulk", "List-Id: <news.example>"] {
        let mail = Written::from("robot@home.example").header(header);
        email.delivers(mail.text("your nurse shouted at me").raw());
    }
    // Our own mail, from a rule that forwards it to us.
    email.delivers(Written::from(ADDRESS).text("your nurse shouted at me").raw());
    email.says(ANN, "hello", "hello");
    email.sent(ANN, 1).await;
    let token = house.agent("Priya Shah", "agent");
    assert_eq!(everybody(&house, &token).await.len(), 1);
    assert_eq!(email.post.look().sent_to("robot@home.example").len(), 0);
    let post = email.post.look();
    let read: Vec<bool> = post.mails.iter().map(|m| m.seen).collect();
    assert_eq!(read, [false, false, false, false, true], "what is not for us stays for people to see");
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
        .until(&token, &format!("conversations/{id}"), |v| by(v, "contact").len() == 23)
        .await;
    let waiting = detail["messages"].as_array().expect("a list").iter().filter(|m| m["delivery"] == "waiting").count();
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
    assert_eq!(by(&detail(&house, &token, ANN).await, "note"), Vec::<&str>::new());
    email.delivers(report(&id, "5.1.1"));
    let known = detail(&house, &token, ANN).await;
    let path = format!("conversations/{}", known["id"].as_str().expect("an id"));
    let told = house.until(&token, &path, |v| !by(v, "note").is_empty()).await;
    assert!(by(&told, "note")[0].contains("did not arrive"), "{told}");
    let ours = told["messages"].as_array().expect("a list").iter().find(|m| m["from"] == "bot").expect("ours");
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
    for (n, found) in ["spf=fail smtp.mailfrom=home.example; dmarc=fail header.from=home.example", "spf=pass smtp.mailfrom=evil.example"].into_iter().enumerate() {
        let forged = Written::from(ANN).found(found).subject("status");
        email.delivers(forged.text(&format!("How does my complaint {nh} stand? ({n})")).raw());
    }
    let receipt = email.last(ANN, 2).await;
    assert!(!receipt.text().contains("NH-"), "{}", receipt.text());
    assert!(receipt.text().contains("could not check"), "{}", receipt.text());
    let token = house.agent("Priya Shah", "agent");
    let queue = house.until(&token, "queue", |v| v["conversations"].as_array().is_some_and(|c| c.iter().any(|c| c["reason"] == "unproven"))).await;
    assert_eq!(queue["conversations"].as_array().map(Vec::len), Some(1));
    let apart = format!("unproven:{ANN}");
    let forged = house.until(&token, &format!("conversations/{}", queue["conversations"][0]["id"].as_str().expect("an id")), |v| by(v, "contact").len() == 2).await;
    assert_eq!(forged["contact"]["sender"], apart.as_str());
    assert!(by(&forged, "note")[0].contains("not be the one"), "{forged}");
    assert_eq!(by(&detail(&house, &token, ANN).await, "contact").len(), 1, "theirs is as it was");
    assert_eq!(email.post.look().sent_to(ANN).len(), 2, "one receipt, not one each");
}

#[tokio::test(flavor = "multi_thread")]
async fn danger_is_answered_whoever_it_is() {
    let email = Email::open().await;
    let _house = open(Base::Sqlite, &email).await;
    email.delivers(Written::from(ANN).found("none").text("I want to kill myself").raw());
    let answer = email.last(ANN, 1).await;
    assert!(answer.text().contains("116 123"), "{}", answer.text());
    assert!(answer.text().contains("could not check"), "{}", answer.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_answers_the_receipt_has_shown_that_the_address_is_theirs() {
    let email = Email::open().await;
    let house = open(Base::Sqlite, &email).await;
    email.delivers(Written::from(ANN).found("none").text("your nurse shouted at me").raw());
    let receipt = email.last(ANN, 1).await;
    assert!(!receipt.text().contains("NH-"), "{}", receipt.text());
    let answer = Written::from(ANN).found("none").answering(&receipt);
    email.delivers(answer.text("It is me. Your nurse shouted at me yesterday.").raw());
    assert!(email.last(ANN, 2).await.text().contains("NH-"));
    // Somebody else to whom it was sent on is not them.
    let other = Written::from("tom@evil.example").found("none").answering(&receipt);
    email.delivers(other.text("It is me. How does my complaint stand?").raw());
    let theirs = email.last("tom@evil.example", 1).await;
    assert!(theirs.text().contains("could not check"), "{}", theirs.text());
    let token = house.agent("Priya Shah", "agent");
    let known = detail(&house, &token, ANN).await;
    assert_eq!(by(&known, "contact").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_mail_twice_is_one() {
    let email = Email::open().await;
    let house = open(Base::Sqlite, &email).await;
    let mail = Written::from(ANN).id("same@home.example").text("your nurse shouted at me");
    email.delivers(mail.raw());
    email.delivers(mail.header("X-Delivered-By: an alias").raw());
    email.says("tom@home.example", "hello", "hello");
    email.sent("tom@home.example", 1).await;
    email.all_read().await;
    // The same id from another address is another mail: nobody can keep somebody's mail from us.
    email.delivers(Written::from("eve@evil.example").id("same@home.example").text("hello").raw());
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
    assert_eq!(email.post.look().sent_to(ANN).len(), 1, "nothing is answered twice");
    assert_eq!(email.post.look().sent_to("old@home.example").len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_tells_nothing_by_itself_is_asked() {
    let email = Email::open().await;
    email.post.change(|p| p.idles = false);
    let house = House::open_with(Base::Sqlite, &email.settings()).await;
    let token = house.agent("Priya Shah", "agent");
    house.until(&token, "inboxes", |v| v["inboxes"][0]["state"] == "up").await;
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
    email.post.until("a third wait", |p| (p.waits > 2).then_some(())).await;
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
    email.post.change(|p| p.faults.add("fetch", Fault::Broken, 1));
    email.says("tom@home.example", "hello", "hello");
    email.sent("tom@home.example", 1).await;
    assert_eq!(email.post.look().sent.len(), 2);
    let token = house.agent("Priya Shah", "agent");
    house.until(&token, "inboxes", |v| v["inboxes"][0]["state"] == "up").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_cannot_be_opened_is_told_in_words_and_without_a_secret() {
    let email = Email::open().await;
    let other = House::open(Base::Sqlite).await;
    let port = other.url.rsplit(':').next().expect("a port").to_owned();
    for (name, value, reason) in [
        ("NOHOLD_EMAIL_PASSWORD", "wr0ng-secret", "token"),
        ("NOHOLD_EMAIL_IMAP_PORT", "9", "network"),
        ("NOHOLD_EMAIL_IMAP_PORT", port.as_str(), "address"),
        ("NOHOLD_EMAIL_IMAP_TLS", "starttls", "address"),
        ("NOHOLD_EMAIL_FOLDER", "Nowhere", "permission"),
    ] {
        let mut settings = email.settings();
        settings.retain(|(n, _)| *n != name);
        settings.push((name, value));
        let house = House::open_with(Base::Sqlite, &settings).await;
        let token = house.agent("Priya Shah", "agent");
        let lines = house.until(&token, "inboxes", |v| v["inboxes"][0]["state"] == "down").await;
        assert_eq!(lines["inboxes"][0]["reason"], reason, "{value}: {lines}");
        assert!(crate::house::words(&house.says("p", "1", "hello").await).contains("welcome"));
        let log = house.log();
        assert!(log.contains("NOHOLD_EMAIL"), "{log}");
        assert!(!log.contains("wr0ng-secret") && !log.contains(PASSWORD), "{log}");
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
    let lines = house.until(&token, "inboxes", |v| v["inboxes"][0]["warnings"].to_string().contains("SMTP_PASSWORD")).await;
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
    email.post.change(|p| p.replies.push_back(("RCPT", "550 5.1.1 nobody here")));
    email.says("tom@home.example", "hello", "hello");
    let token = house.agent("Priya Shah", "agent");
    email.all_read().await;
    let known = loop {
        let all = everybody(&house, &token).await;
        if all.len() == 2 {
            break all;
        }
    };
    let tom = known.iter().find(|c| c["contact"]["sender"] == "tom@home.example").expect("tom");
    let path = format!("conversations/{}", tom["id"].as_str().expect("an id"));
    let told = house.until(&token, &path, |v| !by(v, "note").is_empty()).await;
    assert!(by(&told, "note")[0].contains("did not arrive"), "{told}");
    email.all_right();
}

/// Somebody else holds the database: nothing can be written until this is dropped.
async fn hold(house: &House) -> AnyConnection {
    sqlx::any::install_default_drivers();
    let mut holder = AnyConnection::connect(&house.database).await.expect("the database opens");
    sqlx::query("BEGIN IMMEDIATE").execute(&mut holder).await.expect("held");
    holder
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_a_mail_was_fetched_and_before_it_was_on_disk() {
    let email = Email::open().await;
    let mut house = open(Base::Sqlite, &email).await;
    let holder = hold(&house).await;
    email.says(ANN, "the nurse", "your nurse shouted at me");
    email.post.until("the mail fetched", |p| (p.fetched > 0).then_some(())).await;
    house.kill();
    assert!(!email.post.look().mails[0].seen, "nothing was marked as read");
    drop(holder);
    house.start().await;
    assert!(email.last(ANN, 1).await.text().contains("NH-"));
    email.all_read().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_the_server_took_our_mail_and_before_that_was_on_disk() {
    let email = Email::open().await;
    let mut house = open(Base::Sqlite, &email).await;
    email.post.change(|p| p.faults.add("data", Fault::AcceptAndHang, 1));
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
    let rows = house.rows("SELECT body FROM events WHERE body LIKE '%Quince%'").await;
    assert_eq!(rows, Vec::<String>::new());
}
