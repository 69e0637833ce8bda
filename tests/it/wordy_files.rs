//! Words that come as a file: nothing in them counts as told, and danger in them is heard, on every channel.

use crate::fakes::{
    discord::Discord,
    email::{Email, Written},
    telegram::Telegram,
};
use crate::house::{Base, House, TOKEN};
use crate::on_both;
use crate::{discord, email, telegram};
use base64::{Engine, prelude::BASE64_STANDARD};
use reqwest::StatusCode;
use serde_json::{Value, json};

const DANGER: &str = "I can't go on. I want to end my life tonight.";

/// What stands beside the messages of a conversation.
fn beside(detail: &Value) -> Vec<&str> {
    let messages = detail["messages"].as_array().expect("a list");
    let all = messages.iter().filter_map(|m| m["borrowed"].as_array());
    all.flatten().filter_map(Value::as_str).collect()
}

/// A document as Telegram tells of it.
fn document(telegram: &Telegram, name: &str, kind: &str, content: &[u8]) -> Value {
    let file = telegram.file(content);
    json!({"document": {"file_id": file, "file_unique_id": "u", "mime_type": kind, "file_name": name, "file_size": content.len()}})
}

on_both! {
    async fn a_text_file_that_comes_late_brings_a_person_when_it_is_here(base: Base) {
        let fake = Telegram::open().await;
        let mut settings = fake.settings();
        settings.push(("NOHOLD_FILE_WAIT_SECONDS", "600"));
        let house = House::open_with(base, &settings).await;
        let token = house.agent("Priya Shah", "agent");
        fake.api.change(|api| api.absent = usize::MAX);
        fake.sends(30, document(&fake, "note.txt", "text/plain", DANGER.as_bytes()));
        assert!(fake.last(30, 1).await.text.contains("taking a while"));
        fake.api.change(|api| api.absent = 0);
        assert!(fake.last(30, 2).await.text.contains("116 123"));
        let queue = house.get(&token, "queue").await;
        assert_eq!(queue["conversations"][0]["priority"], "emergency");
        let seen = telegram::detail(&house, &token, 30).await;
        assert_eq!(beside(&seen), [format!("In the file note.txt: {DANGER}")]);
        assert_eq!(seen["complaint"], Value::Null, "nothing was told");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn danger_in_a_text_file_is_heard_in_whatever_letters_it_was_written() {
    let fake = Telegram::open().await;
    let _house = telegram::open(Base::Sqlite, &fake).await;
    let utf16 = std::iter::once(0xfeff).chain(DANGER.encode_utf16());
    let utf16: Vec<u8> = utf16.flat_map(u16::to_le_bytes).collect();
    let spanish = b"me quiero morir, no puedo m\xe1s".to_vec();
    let page = format!("<html><p>{DANGER}</p></html>").into_bytes();
    for (chat, name, kind, content) in [
        (31, "note.txt", "text/plain", utf16),
        (32, "nota.txt", "application/octet-stream", spanish),
        (33, "note.html", "text/html", page),
    ] {
        fake.sends(chat, document(&fake, name, kind, &content));
        assert!(fake.last(chat, 1).await.text.contains("116 123"), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn danger_in_a_files_name_and_title_is_heard() {
    let fake = Telegram::open().await;
    let house = telegram::open(Base::Sqlite, &fake).await;
    let pdf = document(
        &fake,
        "I_want_to_kill_myself.pdf",
        "application/pdf",
        b"%PDF-1.4 0000",
    );
    fake.sends(34, pdf);
    assert!(fake.last(34, 1).await.text.contains("116 123"));
    let sound = fake.file(b"ID3\x03\0\0\0\0\0\0");
    fake.sends(35, json!({"audio": {"file_id": sound, "file_unique_id": "u", "duration": 3, "title": "I want to kill myself", "performer": "me", "mime_type": "audio/mpeg", "file_size": 10}}));
    assert!(fake.last(35, 1).await.text.contains("116 123"));
    let leaflet = document(&fake, "leaflet.pdf", "application/pdf", b"%PDF-1.4 0001");
    fake.sends(36, leaflet);
    assert!(!fake.last(36, 1).await.text.contains("116 123"));
    let token = house.agent("Priya Shah", "agent");
    let seen = telegram::detail(&house, &token, 36).await;
    assert!(beside(&seen).is_empty(), "a file is a file: {seen}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_file_that_was_forwarded_is_somebody_elses() {
    let fake = Telegram::open().await;
    let house = telegram::open(Base::Sqlite, &fake).await;
    let mut file = document(&fake, "note.txt", "text/plain", DANGER.as_bytes());
    file["forward_origin"] = json!({"type": "hidden_user", "date": 1, "sender_user_name": "Jo"});
    fake.sends(37, file);
    let said = fake.last(37, 1).await.text;
    assert!(said.contains("If they might act on it now"), "{said}");
    let token = house.agent("Priya Shah", "agent");
    let seen = telegram::detail(&house, &token, 37).await;
    assert_eq!(beside(&seen)[0], format!("Forwarded from Jo: {DANGER}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_text_that_discord_made_a_file_of_and_words_about_a_picture_are_heard() {
    let fake = Discord::open().await;
    let _house = discord::open(Base::Sqlite, &fake).await;
    let place = fake.direct(113);
    let story = "The ward was busy and nobody came to see me that day.\n".repeat(60);
    let story = format!("{story}{DANGER}");
    let file = fake.attachment("message.txt", "text/plain; charset=utf-8", story.as_bytes());
    fake.writes(113, place, "", json!({"attachments": [file]}));
    assert!(fake.last(place, 1).await.text.contains("116 123"));
    let place = fake.direct(114);
    let mut photo = fake.attachment("b.png", "image/png", b"\x89PNG\r\n\x1a\n0000");
    photo["description"] = json!("I want to kill myself");
    fake.writes(114, place, "", json!({"attachments": [photo]}));
    assert!(fake.last(place, 1).await.text.contains("116 123"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_is_attached_to_a_mail_is_heard_and_one_that_is_too_long_is_heard_to_its_end() {
    let fake = Email::open().await;
    let house = email::open(Base::Sqlite, &fake).await;
    let (ann, tom, jo) = ("ann@home.example", "tom@home.example", "jo@home.example");
    let body = format!(
        "Content-Type: multipart/mixed; boundary=XX\n\n--XX\nContent-Type: text/plain\n\nplease see attached\n--XX\nContent-Type: text/plain\nContent-Disposition: attachment; filename=note.txt\n\n{DANGER}\n--XX--\n"
    );
    fake.delivers(Written::from(ann).body(&body).raw());
    assert!(fake.last(ann, 1).await.text().contains("116 123"));
    let day = "The ward was busy and nobody came to see me that day.\n".repeat(900);
    fake.delivers(Written::from(tom).text(&format!("{day}\n{DANGER}")).raw());
    assert!(fake.last(tom, 1).await.text().contains("116 123"));
    let forwarded = format!(
        "see below\n\n---------- Forwarded message ---------\nFrom: Bo <bo@x.example>\nDate: Sun, 29 Nov 2026\nSubject: it\nTo: Jo\n\n{day}\n{DANGER}"
    );
    fake.delivers(Written::from(jo).subject("Fwd: it").text(&forwarded).raw());
    assert!(fake.last(jo, 1).await.text().contains("116 123"));
    let token = house.agent("Priya Shah", "agent");
    let seen = email::detail(&house, &token, tom).await;
    assert!(
        beside(&seen).iter().all(|b| !b.starts_with("In the file")),
        "its own words are not told twice"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_file_in_the_web_chat_is_heard() {
    let house = House::open(Base::Sqlite).await;
    let content = BASE64_STANDARD.encode(DANGER);
    let file = json!({"name": "note.txt", "media_type": "text/plain", "content": content});
    let message =
        json!({"id": "1", "sender": {"id": "ann"}, "text": "see this", "attachments": [file]});
    let (status, answer) = house.post(TOKEN, "inboxes/http/messages", message).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    assert!(
        answer["replies"][0]["text"]
            .as_str()
            .is_some_and(|t| t.contains("116 123")),
        "{answer}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_message_in_letters_of_two_bytes_is_heard_to_its_end() {
    let house = House::open(Base::Sqlite).await;
    let text = format!("{}\n{DANGER}", "ñandú ".repeat(2_700));
    let answer = house.says("ann", "1", &text).await;
    assert!(
        answer["replies"][0]["text"]
            .as_str()
            .is_some_and(|t| t.contains("116 123")),
        "{answer}"
    );
}
