//! The main job through Telegram, and everything that Telegram does to a bot.

use crate::fakes::telegram::{Telegram, USERNAME};
use crate::house::{Base, House};
use crate::on_both;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

pub(crate) async fn open(base: Base, telegram: &Telegram) -> House {
    House::open_with(base, &telegram.settings()).await
}

/// The conversation of that chat, as an agent sees it.
pub(crate) async fn detail(house: &House, token: &str, chat: i64) -> Value {
    let chat = chat.to_string();
    for which in ["status=bot", "holder=me", "status=resolved"] {
        let list = house.get(token, &format!("conversations?{which}")).await;
        for c in list["conversations"].as_array().expect("a list") {
            if c["contact"]["sender"] == chat.as_str() {
                return house
                    .get(
                        token,
                        &format!("conversations/{}", c["id"].as_str().expect("an id")),
                    )
                    .await;
            }
        }
    }
    let queue = house.get(token, "queue").await;
    for c in queue["conversations"].as_array().expect("a list") {
        let detail = house
            .get(
                token,
                &format!("conversations/{}", c["id"].as_str().expect("an id")),
            )
            .await;
        if detail["contact"]["sender"] == chat.as_str() {
            return detail;
        }
    }
    panic!("nobody knows the chat {chat}")
}

pub(crate) fn theirs(detail: &Value) -> Vec<&str> {
    detail["messages"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|m| m["from"] == "contact")
        .filter_map(|m| m["text"].as_str())
        .collect()
}

on_both! {
    async fn the_neighbour_complains_on_telegram_and_a_person_answers(base: Base) {
        let telegram = Telegram::open().await;
        let house = open(base, &telegram).await;
        let token = house.agent("Priya Shah", "agent");
        telegram.says(7, "Your home nurse shouted at my neighbour last Tuesday and slammed the door");
        let first = telegram.last(7, 1).await;
        assert!(first.text.contains("NH-"), "{}", first.text);
        telegram.says(7, "I live next door");
        telegram.sent(7, 2).await;
        telegram.says(7, "/agent");
        let asked = telegram.last(7, 3).await;
        assert!(asked.buttons.iter().any(|(_, value)| value == "callback"), "{asked:?}");
        let queue = house.get(&token, "queue").await;
        let id = queue["conversations"][0]["id"].as_str().expect("waits").to_owned();
        assert_eq!(queue["conversations"][0]["inbox"], "telegram");
        let (status, _) = house.post(&token, &format!("conversations/{id}/claim"), json!({})).await;
        assert_eq!(status, StatusCode::OK);
        assert!(telegram.last(7, 4).await.text.contains("Priya is here now"));
        house.post(&token, &format!("conversations/{id}/notes"), json!({"id": "n", "text": "be gentle"})).await;
        let png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
        let (status, body) = house.post(&token, &format!("conversations/{id}/messages"), json!({"id": "r", "text": "I'm so sorry. I'll ring the team today.", "attachments": [{"name": "form.png", "media_type": "image/png", "content": png}]})).await;
        assert_eq!(status, StatusCode::OK, "{body}");
        let sent = telegram.sent(7, 6).await;
        assert_eq!(sent[4].text, "I'm so sorry. I'll ring the team today.");
        assert_eq!(sent[5].file.as_ref().expect("the file").0, "form.png");
        telegram.says(7, "thank you");
        house.until(&token, &format!("conversations/{id}"), |v| v["messages"].as_array().is_some_and(|m| m.iter().any(|m| m["text"] == "thank you"))).await;
        house.post(&token, &format!("conversations/{id}/release"), json!({})).await;
        let back = telegram.last(7, 7).await;
        assert!(back.text.contains("automated assistant"), "{}", back.text);
        assert!(!telegram.api.look().sent.iter().any(|s| s.text.contains("gentle")), "a note is never delivered");
        let detail = house.until(&token, &format!("conversations/{id}"), |v| v["messages"].as_array().is_some_and(|m| m.iter().all(|m| m["delivery"] == "done"))).await;
        let mine: Vec<&Value> = detail["messages"].as_array().expect("a list").iter().filter(|m| m["from"] != "contact").collect();
        assert!(mine.iter().all(|m| m["delivery"] == "done"), "{mine:?}");
        assert_eq!(theirs(&detail).len(), 4);
        let complaint = &detail["complaint"];
        assert_eq!(complaint["channel"], "telegram");
        assert_eq!(complaint["complainant"]["relation"], "neighbour");
    }

    async fn buttons_are_pressed_acknowledged_and_taken_away(base: Base) {
        let telegram = Telegram::open().await;
        let house = open(base, &telegram).await;
        telegram.says(8, "your nurse shouted at me yesterday");
        let asked = telegram.last(8, 1).await;
        assert!(asked.buttons.iter().any(|(_, v)| v == "neighbour"), "{asked:?}");
        let press = telegram.presses(8, asked.id, "neighbour");
        telegram.sent(8, 2).await;
        telegram.api.until("the press answered and the buttons gone", |api| {
            (api.pressed_answered.contains(&press) && api.sent[0].buttons.is_empty()).then_some(())
        }).await;
        // Answered in words: the buttons go as well.
        telegram.says(9, "your nurse shouted at me yesterday");
        telegram.sent(9, 1).await;
        telegram.says(9, "I'm her daughter");
        telegram.sent(9, 2).await;
        telegram.api.until("the other buttons gone", |api| {
            api.sent.iter().find(|s| s.chat == 9).is_some_and(|s| s.buttons.is_empty()).then_some(())
        }).await;
        let token = house.agent("Priya Shah", "agent");
        let detail = detail(&house, &token, 8).await;
        assert_eq!(theirs(&detail)[1], "I'm a neighbour", "the button's title stands in the conversation");
    }

    async fn everything_that_people_send_is_taken(base: Base) {
        let telegram = Telegram::open().await;
        let house = open(base, &telegram).await;
        let png = b"\x89PNG\r\n\x1a\n0000".to_vec();
        let photo = telegram.file(&png);
        telegram.says(20, "your nurse shouted at me yesterday");
        telegram.sent(20, 1).await;
        telegram.sends(20, json!({"caption": "this is my bruise", "photo": [
            {"file_id": "small", "file_unique_id": "s", "width": 10, "height": 10, "file_size": 3},
            {"file_id": photo, "file_unique_id": "u", "width": 90, "height": 90, "file_size": png.len()}]}));
        telegram.sends(20, json!({"voice": {"file_id": telegram.file(b"OggS0000000000000000000000000000"), "file_unique_id": "v", "duration": 3, "mime_type": "audio/ogg", "file_size": 32}}));
        telegram.sends(20, json!({"document": {"file_id": "nowhere", "file_unique_id": "d", "file_name": "huge.pdf", "mime_type": "application/pdf", "file_size": 90_000_000}}));
        telegram.sends(20, json!({"sticker": {"file_id": "s", "file_unique_id": "s", "type": "regular", "width": 512, "height": 512, "is_animated": false, "is_video": false, "emoji": "😢"}}));
        telegram.sends(20, json!({"location": {"latitude": 51.5, "longitude": -0.12}}));
        telegram.sends(20, json!({"contact": {"phone_number": "447700900111", "first_name": "Ann", "user_id": 20}}));
        telegram.sends(20, json!({"dice": {"emoji": "🎲", "value": 3}}));
        telegram.sends(20, json!({"something_new": {"of": "next year"}}));
        let sent = telegram.sent(20, 9).await;
        assert!(sent[3].text.contains("too large"), "{}", sent[3].text);
        assert!(sent[6].text.contains("noted that number"), "{}", sent[6].text);
        assert!(sent[7].text.contains("can't open"), "{}", sent[7].text);
        assert!(sent[8].text.contains("can't open"), "{}", sent[8].text);
        let token = house.agent("Priya Shah", "agent");
        let detail = detail(&house, &token, 20).await;
        assert_eq!(theirs(&detail)[1..], ["this is my bruise", "", "[a file that was too large]", "😢", "51.50000, -0.12000", "+447700900111", "[something that we cannot open]", "[something that we cannot open]"]);
        let complaint = &detail["complaint"];
        assert_eq!(complaint["attachments"].as_array().expect("a list").len(), 2);
        assert_eq!(complaint["complainant"]["contact"][0]["kind"], "phone");
        let file = complaint["attachments"][0]["id"].as_str().expect("an id");
        let fetched = house.call(&token, Method::GET, &format!("attachments/{file}"), None).await;
        assert_eq!(fetched.bytes().await.expect("bytes"), png);
    }

    async fn an_edit_changes_the_record_also_when_it_comes_first(base: Base) {
        let telegram = Telegram::open().await;
        let house = open(base, &telegram).await;
        let number = telegram.says(30, "your nurse shouted at me on Monday");
        telegram.sent(30, 1).await;
        let edited = |number: i64, text: &str| {
            crate::fakes::telegram::private(30, number, json!({"text": text, "edit_date": 1_795_514_500}))
        };
        telegram.update("edited_message", edited(number, "your nurse shouted at me on Sunday"));
        telegram.update("edited_message", edited(900, "the door was slammed"));
        telegram.update("message", crate::fakes::telegram::private(30, 900, json!({"text": "the dor was slamed"})));
        telegram.sent(30, 2).await;
        telegram.all_confirmed().await;
        let token = house.agent("Priya Shah", "agent");
        let detail = detail(&house, &token, 30).await;
        assert_eq!(theirs(&detail), ["your nurse shouted at me on Sunday", "the door was slammed"]);
        assert!(detail["complaint"]["incident"]["narrative"].as_str().expect("words").contains("Sunday"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_group_it_invites_to_write_privately_and_only_when_addressed() {
    let telegram = Telegram::open().await;
    telegram.api.change(|api| {
        api.chats.insert(-100);
    });
    let house = open(Base::Sqlite, &telegram).await;
    let group = |content: Value| {
        let mut message = crate::fakes::telegram::private(50, 60, content);
        message["chat"] =
            json!({"id": -100, "type": "supergroup", "title": "Neighbours", "is_forum": true});
        message
    };
    telegram.update("message", group(json!({"text": "the nurse shouted at me"})));
    telegram.update("message", group(json!({"text": "/help@another_bot", "entities": [{"type": "bot_command", "offset": 0, "length": 17}]})));
    let addressed = format!("@{USERNAME} the nurse shouted at me");
    telegram.update("message", group(json!({"text": addressed, "message_thread_id": 5, "is_topic_message": true, "entities": [{"type": "mention", "offset": 0, "length": USERNAME.len() + 1}]})));
    let invited = telegram.last(-100, 1).await;
    assert!(
        invited
            .text
            .contains(&format!("https://t.me/{USERNAME}?start=")),
        "{}",
        invited.text
    );
    assert_eq!(invited.thread, Some(5), "in the topic where it was asked");
    let hurt = format!("@{USERNAME} I want to kill myself");
    telegram.update("message", group(json!({"text": hurt, "entities": [{"type": "mention", "offset": 0, "length": USERNAME.len() + 1}]})));
    assert!(telegram.last(-100, 2).await.text.contains("116 123"));
    telegram.all_confirmed().await;
    assert_eq!(telegram.api.look().sent.len(), 2);
    let token = house.agent("Priya Shah", "agent");
    let bot = house.get(&token, "conversations?status=bot").await;
    assert_eq!(
        bot["conversations"],
        json!([]),
        "nothing of a group is kept"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_leads_straight_to_the_complaint_and_forget_removes_what_was_written() {
    let telegram = Telegram::open().await;
    let house = open(Base::Sqlite, &telegram).await;
    telegram.says(60, "/start complaint");
    let first = telegram.last(60, 1).await;
    assert!(first.text.contains("what happened"), "{}", first.text);
    telegram.says(60, "your driver shouted at my sister yesterday");
    let told = telegram.last(60, 2).await;
    assert!(told.text.contains("NH-"), "{}", told.text);
    telegram.says(61, "/start");
    assert!(telegram.last(61, 1).await.text.contains("welcome"));
    telegram.says(61, "my name is Zebulon Quince");
    telegram.sent(61, 2).await;
    telegram.says(61, "/forget");
    assert!(telegram.last(61, 3).await.text.contains("removed"));
    telegram.says(61, "/help");
    telegram.sent(61, 4).await;
    let token = house.agent("Priya Shah", "agent");
    let detail = detail(&house, &token, 61).await;
    assert_eq!(theirs(&detail), ["/forget", "/help"]);
    let rows = house
        .rows("SELECT body FROM events WHERE body LIKE '%Quince%'")
        .await;
    assert_eq!(rows, Vec::<String>::new(), "the log has forgotten it too");
}
