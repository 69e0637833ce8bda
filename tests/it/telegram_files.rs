//! Telegram: files that are slow, that come by an edit, or never; contact cards; buttons that are pressed late.

use crate::fakes::telegram::{Telegram, person};
use crate::house::{Base, House};
use crate::on_both;
use crate::telegram::{detail, open, theirs};
use crate::telegram_words::until_said;
use serde_json::{Value, json};

/// A picture of its own.
fn png(n: u8) -> Vec<u8> {
    [b"\x89PNG\r\n\x1a\n000".as_slice(), &[n]].concat()
}

/// A photo as Telegram tells of it.
fn photo(telegram: &Telegram, n: u8) -> Value {
    let content = png(n);
    json!([{"file_id": telegram.file(&content), "file_unique_id": format!("u{n}"), "width": 9, "height": 9, "file_size": content.len()}])
}

/// A program that asks again for files for so many seconds.
async fn patient(base: Base, telegram: &Telegram, seconds: &str) -> House {
    let mut settings = telegram.settings();
    settings.push(("NOHOLD_FILE_WAIT_SECONDS", seconds));
    House::open_with(base, &settings).await
}

/// What the desk sees of a chat, once it is as it should be.
async fn until(house: &House, token: &str, chat: i64, is: impl Fn(&Value) -> bool) -> Value {
    let id = detail(house, token, chat).await["id"].clone();
    let path = format!("conversations/{}", id.as_str().expect("an id"));
    house.until(token, &path, is).await
}

/// How many files stand beside each message of the person's.
fn files(detail: &Value) -> Vec<usize> {
    let messages = detail["messages"].as_array().expect("a list");
    let theirs = messages.iter().filter(|m| m["from"] == "contact");
    let count = |m: &Value| m["attachments"].as_array().map_or(0, Vec::len);
    theirs.map(count).collect()
}

fn on_record(detail: &Value) -> usize {
    let files = detail["complaint"]["attachments"].as_array();
    files.map_or(0, Vec::len)
}

on_both! {
    async fn a_file_that_comes_by_an_edit_is_kept_beside_the_first(base: Base) {
        let telegram = Telegram::open().await;
        let house = open(base, &telegram).await;
        telegram.says(13, "your nurse shouted at me yesterday");
        telegram.sent(13, 1).await;
        let first = photo(&telegram, 1);
        let number = telegram.sends(13, json!({"photo": first, "caption": "my arm"}));
        telegram.sent(13, 2).await;
        let edit = |photo: &Value, caption: &str| {
            let content = json!({"photo": photo, "caption": caption, "edit_date": 1_795_514_500});
            telegram.update("edited_message", crate::fakes::telegram::private(13, number, content));
        };
        edit(&first, "my left arm");
        let other = photo(&telegram, 2);
        edit(&other, "my left arm, in better light");
        edit(&other, "my left arm, in better light");
        let token = house.agent("Priya Shah", "agent");
        let seen = until(&house, &token, 13, |v| {
            files(v) == [0, 2] && theirs(v)[1].ends_with("better light")
        }).await;
        assert_eq!(on_record(&seen), 2, "{seen}");
        // One that was edited before its message came.
        let early = telegram.file(&png(3));
        let content = json!({"photo": [{"file_id": early, "file_unique_id": "u3", "width": 9, "height": 9}], "edit_date": 1_795_514_500});
        telegram.update("edited_message", crate::fakes::telegram::private(13, 900, content));
        let seen = until(&house, &token, 13, |v| files(v).len() == 3).await;
        assert_eq!(files(&seen), [0, 2, 1]);
    }

    async fn a_file_that_is_not_there_yet_holds_up_nobody_and_comes_late(base: Base) {
        let telegram = Telegram::open().await;
        let house = patient(base, &telegram, "600").await;
        telegram.says(14, "your nurse shouted at me yesterday");
        telegram.sent(14, 1).await;
        telegram.api.change(|api| api.absent = usize::MAX);
        telegram.sends(14, json!({"photo": photo(&telegram, 1)}));
        assert!(telegram.last(14, 2).await.text.contains("taking a while"));
        telegram.says(14, "I live next door");
        telegram.sent(14, 3).await;
        let token = house.agent("Priya Shah", "agent");
        let waits = detail(&house, &token, 14).await;
        assert_eq!(theirs(&waits)[1], "[a file that is still on its way]");
        telegram.api.change(|api| api.absent = 0);
        let seen = until(&house, &token, 14, |v| files(v) == [0, 1, 0]).await;
        assert_eq!(theirs(&seen), ["your nurse shouted at me yesterday", "", "I live next door"]);
        assert_eq!(on_record(&seen), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_never_comes_is_told_to_the_person_and_to_the_desk() {
    let telegram = Telegram::open().await;
    let house = patient(Base::Sqlite, &telegram, "1").await;
    telegram.says(13, "your nurse shouted at me yesterday");
    telegram.sent(13, 1).await;
    telegram.api.change(|api| api.absent = usize::MAX);
    telegram.sends(13, json!({"photo": photo(&telegram, 1)}));
    // It is said that it could not be fetched, and nothing about its size.
    until_said(&telegram, 13, &["taking a while", "couldn't fetch"]).await;
    let token = house.agent("Priya Shah", "agent");
    let seen = detail(&house, &token, 13).await;
    assert_eq!(theirs(&seen)[1], "[a file that could not be fetched]");
    let noted =
        |m: &Value| m["from"] == "note" && m["text"].to_string().contains("could not be fetched");
    assert!(
        seen["messages"]
            .as_array()
            .expect("a list")
            .iter()
            .any(noted),
        "{seen}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_awaited_when_the_program_ended_is_asked_for_after_the_start() {
    let telegram = Telegram::open().await;
    let mut house = patient(Base::Sqlite, &telegram, "600").await;
    telegram.says(13, "your nurse shouted at me yesterday");
    telegram.sent(13, 1).await;
    telegram.api.change(|api| api.absent = usize::MAX);
    telegram.sends(13, json!({"photo": photo(&telegram, 1)}));
    telegram.sent(13, 2).await;
    house.kill();
    telegram.api.change(|api| api.absent = 0);
    house.start().await;
    let token = house.agent("Priya Shah", "agent");
    let seen = until(&house, &token, 13, |v| files(v) == [0, 1]).await;
    assert_eq!(on_record(&seen), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_elses_contact_card_is_shown_and_is_not_the_persons_number() {
    let telegram = Telegram::open().await;
    let house = open(Base::Sqlite, &telegram).await;
    telegram.says(16, "your nurse shouted at me yesterday");
    telegram.sent(16, 1).await;
    telegram.sends(16, json!({"contact": {"phone_number": "+447700900222", "first_name": "Bo", "last_name": "Reed", "user_id": 99}}));
    assert!(
        telegram
            .last(16, 2)
            .await
            .text
            .contains("kept what you passed on")
    );
    telegram.sends(
        16,
        json!({"contact": {"phone_number": "447700900333", "first_name": "The clinic"}}),
    );
    telegram.sent(16, 3).await;
    let token = house.agent("Priya Shah", "agent");
    let seen = detail(&house, &token, 16).await;
    assert_eq!(
        theirs(&seen),
        ["your nurse shouted at me yesterday", "", ""]
    );
    let cards: Vec<&Value> = seen["messages"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|m| m["borrowed"].get(0))
        .collect();
    assert_eq!(
        cards,
        [
            "Contact card, somebody else's: Bo Reed, +447700900222",
            "Contact card, somebody else's: The clinic, +447700900333"
        ]
    );
    assert!(
        !seen["complaint"]["complainant"].to_string().contains("900"),
        "{seen}"
    );
    // Their own counts.
    telegram.sends(
        16,
        json!({"contact": {"phone_number": "447700900111", "first_name": "Ann", "user_id": 16}}),
    );
    until_said(&telegram, 16, &["noted that number"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_button_of_ours_that_is_pressed_late_answers_nothing_and_shows_its_title() {
    let telegram = Telegram::open().await;
    let house = open(Base::Sqlite, &telegram).await;
    telegram.says(17, "your nurse shouted at me yesterday");
    let asked = telegram.last(17, 1).await;
    telegram.says(17, "I live next door");
    telegram.sent(17, 2).await;
    // Telegram took the buttons away, and the press was on its way.
    let rows: Vec<Value> = asked
        .buttons
        .iter()
        .map(|(t, v)| json!([{"text": t, "callback_data": v}]))
        .collect();
    let message = json!({"message_id": asked.id, "date": 1, "chat": {"id": 17, "type": "private", "first_name": "Ann"}, "from": person(1), "text": "…", "reply_markup": {"inline_keyboard": rows}});
    let press = telegram.presses_in(17, message, "relative");
    until_said(&telegram, 17, &["no longer does anything"]).await;
    telegram
        .api
        .until("the press acknowledged", |api| {
            api.pressed_answered.contains(&press).then_some(())
        })
        .await;
    let token = house.agent("Priya Shah", "agent");
    let seen = detail(&house, &token, 17).await;
    assert_eq!(
        theirs(&seen),
        [
            "your nurse shouted at me yesterday",
            "I live next door",
            "I'm family"
        ]
    );
    assert_eq!(
        seen["complaint"]["complainant"]["relation"], "neighbour",
        "{seen}"
    );
}
