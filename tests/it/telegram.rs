//! The main job through Telegram, and everything that Telegram does to a bot.

use crate::fakes::{
    Fault,
    telegram::{Telegram, USERNAME},
};
use crate::house::{Base, House};
use crate::on_both;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

async fn open(base: Base, telegram: &Telegram) -> House {
    House::open_with(base, &telegram.settings()).await
}

/// The conversation of that chat, as an agent sees it.
async fn detail(house: &House, token: &str, chat: i64) -> Value {
    let chat = chat.to_string();
    for of in ["bot", "mine", "resolved"] {
        let list = house.get(token, &format!("conversations?of={of}")).await;
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

fn theirs(detail: &Value) -> Vec<&str> {
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
        telegram.sends(20, json!({"poll": {"id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": false, "is_anonymous": true, "type": "regular", "allows_multiple_answers": false}}));
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
async fn repeats_disorder_and_the_unknown_spoil_nothing() {
    let telegram = Telegram::open().await;
    let message = |n: i64, text: &str| json!({"update_id": 5000 + n, "message": crate::fakes::telegram::private(40, n, json!({"text": text}))});
    telegram.api.change(|api| {
        api.chats.insert(40);
    });
    telegram.raw(json!({"update_id": 5000, "telepathy": {"from": "the future"}}));
    telegram.raw(
        json!({"update_id": 5009, "message": {"message_id": 9, "chat": {"id": "not a number"}}}),
    );
    telegram.raw(message(2, "second"));
    telegram.raw(message(1, "your nurse shouted at me yesterday"));
    telegram.raw(message(1, "your nurse shouted at me yesterday"));
    let house = open(Base::Sqlite, &telegram).await;
    telegram.sent(40, 2).await;
    telegram.all_confirmed().await;
    telegram.raw(message(2, "second"));
    telegram.says(40, "/status");
    telegram.sent(40, 3).await;
    let token = house.agent("Priya Shah", "agent");
    let detail = detail(&house, &token, 40).await;
    assert_eq!(
        theirs(&detail),
        ["your nurse shouted at me yesterday", "second", "/status"]
    );
    assert_eq!(
        telegram.api.look().sent.len(),
        3,
        "a repeat is not answered again"
    );
    let lines = house.get(&token, "inboxes").await;
    assert_eq!(
        lines["inboxes"][0]["unread"], 2,
        "kept raw and counted: {lines}"
    );
    assert!(!house.log().contains("shouted"), "no words in the log");
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
    let bot = house.get(&token, "conversations?of=bot").await;
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
    assert!(
        first.text.contains("NH-") && first.text.contains("what happened"),
        "{}",
        first.text
    );
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

#[tokio::test(flavor = "multi_thread")]
async fn long_words_are_split_at_the_end_of_a_sentence_and_markup_is_only_text() {
    let telegram = Telegram::open().await;
    let house = open(Base::Sqlite, &telegram).await;
    telegram.says(70, "I want to talk with a person *now* [x](http://x) <b>_`");
    telegram.sent(70, 1).await;
    let token = house.agent("Priya Shah", "agent");
    let detail = detail(&house, &token, 70).await;
    let id = detail["id"].as_str().expect("an id");
    let long = "I am sorry that this took so long. ".repeat(200);
    house
        .post(
            &token,
            &format!("conversations/{id}/messages"),
            json!({"id": "r", "text": long}),
        )
        .await;
    let sent = telegram.sent(70, 4).await;
    assert!(sent[2].text.ends_with("so long.") && sent[3].text.starts_with("I am sorry"));
    assert_eq!(format!("{} {}", sent[2].text, sent[3].text), long.trim());
    house
        .post(
            &token,
            &format!("conversations/{id}/messages"),
            json!({"id": "s", "text": "*_[<b>&`\\"}),
        )
        .await;
    assert_eq!(telegram.last(70, 5).await.text, "*_[<b>&`\\");
}

#[tokio::test(flavor = "multi_thread")]
async fn storms_and_faults_are_waited_out_per_chat_and_order_is_kept() {
    let telegram = Telegram::open().await;
    let house = open(Base::Sqlite, &telegram).await;
    telegram.says(80, "hello");
    telegram.sent(80, 1).await;
    telegram.api.change(|api| {
        api.faults.add("sendmessage", Fault::TooFast(1), 2);
        api.faults.add("sendmessage", Fault::Broken, 1);
    });
    telegram.says(80, "your nurse shouted at me yesterday");
    telegram
        .api
        .until("the first fault", |api| {
            (!api.refused.is_empty()).then_some(())
        })
        .await;
    telegram.says(80, "I'm a neighbour");
    telegram.says(81, "hello");
    let sent = telegram.sent(80, 3).await;
    assert!(sent[1].text.contains("NH-"), "{}", sent[1].text);
    telegram.sent(81, 1).await;
    let metrics = house
        .client
        .get(format!("{}/metrics", house.url))
        .send()
        .await
        .expect("an answer")
        .text()
        .await
        .expect("text");
    assert!(
        metrics.contains("nohold_tried_again_total{inbox=\"telegram\"} 3"),
        "{metrics}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_blocks_the_bot_is_noted_for_the_agent_and_a_supervisor_can_send_again() {
    let telegram = Telegram::open().await;
    let house = open(Base::Sqlite, &telegram).await;
    telegram.says(90, "I want a person");
    telegram.sent(90, 1).await;
    let token = house.agent("Priya Shah", "agent");
    let boss = house.agent("Mo Bell", "supervisor");
    let id = detail(&house, &token, 90).await["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    telegram.api.change(|api| {
        api.blocked.insert(90);
    });
    house
        .post(
            &token,
            &format!("conversations/{id}/messages"),
            json!({"id": "r", "text": "I'm here now"}),
        )
        .await;
    let given_up = house
        .until(&boss, "undelivered", |v| {
            v["messages"].as_array().is_some_and(|m| m.len() == 2)
        })
        .await;
    assert_eq!(given_up["messages"][0]["reason"], "blocked");
    let seen = house.get(&token, &format!("conversations/{id}")).await;
    let entries = seen["messages"].as_array().expect("a list");
    assert_eq!(
        entries.iter().filter(|m| m["from"] == "note").count(),
        1,
        "one note: {entries:?}"
    );
    assert!(
        entries
            .iter()
            .any(|m| m["text"] == "I'm here now" && m["delivery"] == "failed")
    );
    let message = given_up["messages"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|m| m["text"] == "I'm here now")
        .expect("it")["message"]
        .as_str()
        .expect("an id")
        .to_owned();
    let path = format!("conversations/{id}/messages/{message}/retry");
    assert_eq!(
        house.post(&token, &path, json!({})).await.0,
        StatusCode::FORBIDDEN
    );
    telegram.api.change(|api| {
        api.blocked.clear();
    });
    assert_eq!(house.post(&boss, &path, json!({})).await.0, StatusCode::OK);
    assert_eq!(telegram.last(90, 2).await.text, "I'm here now");
    assert_eq!(
        house.post(&boss, &path, json!({})).await.0,
        StatusCode::NOT_FOUND,
        "it is on its way"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_is_believed_by_its_secret_and_answered_when_it_is_on_disk() {
    let telegram = Telegram::open().await;
    let mut settings = telegram.settings();
    settings.push((
        "NOHOLD_TELEGRAM_WEBHOOK",
        "https://support.example.org/api/v1/inboxes/telegram/webhook",
    ));
    settings.push(("NOHOLD_TELEGRAM_WEBHOOK_SECRET", "sesame_open"));
    let house = House::open_with(Base::Sqlite, &settings).await;
    let (url, secret) = telegram
        .api
        .until("the webhook", |api| api.webhook.clone())
        .await;
    assert_eq!(
        (url.as_str(), secret.as_str()),
        (
            "https://support.example.org/api/v1/inboxes/telegram/webhook",
            "sesame_open"
        )
    );
    telegram.api.change(|api| {
        api.chats.insert(95);
    });
    let update = json!({"update_id": 1, "message": crate::fakes::telegram::private(95, 1, json!({"text": "hello"}))});
    let bring = |secret: &'static str, body: String| {
        house
            .client
            .post(format!("{}/api/v1/inboxes/telegram/webhook", house.url))
            .header("X-Telegram-Bot-Api-Secret-Token", secret)
            .body(body)
            .send()
    };
    assert_eq!(
        bring("guess", update.to_string())
            .await
            .expect("an answer")
            .status(),
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        bring("sesame_open", "{".to_owned())
            .await
            .expect("an answer")
            .status(),
        StatusCode::BAD_REQUEST
    );
    for _ in 0..2 {
        assert_eq!(
            bring("sesame_open", update.to_string())
                .await
                .expect("an answer")
                .status(),
            StatusCode::OK
        );
    }
    telegram.sent(95, 1).await;
    assert_eq!(telegram.api.look().polls, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_is_down_is_told_and_the_others_serve() {
    let telegram = Telegram::open().await;
    for (name, value, reason) in [
        ("NOHOLD_TELEGRAM_TOKEN", "1:wrong", "token"),
        ("NOHOLD_TELEGRAM_API", "http://127.0.0.1:9", "network"),
    ] {
        let mut settings = telegram.settings();
        settings.retain(|(n, _)| *n != name);
        settings.push((name, value));
        let house = House::open_with(Base::Sqlite, &settings).await;
        let token = house.agent("Priya Shah", "agent");
        let lines = house
            .until(&token, "inboxes", |v| v["inboxes"][0]["state"] == "down")
            .await;
        assert_eq!(lines["inboxes"][0]["reason"], reason);
        assert!(
            crate::house::words(&house.says("p", "1", "hello").await).contains("welcome"),
            "the others serve"
        );
        let log = house.log();
        assert!(
            log.contains("is down") && log.contains("NOHOLD_TELEGRAM"),
            "{log}"
        );
        assert!(
            !log.contains("AAHdqTcv") && !log.contains("1:wrong"),
            "no token in the log: {log}"
        );
    }
    // What answers is something else: our own program.
    let other = House::open(Base::Sqlite).await;
    let mut settings = telegram.settings();
    settings.retain(|(n, _)| *n != "NOHOLD_TELEGRAM_API");
    settings.push(("NOHOLD_TELEGRAM_API", &other.url));
    let house = House::open_with(Base::Sqlite, &settings).await;
    let token = house.agent("Priya Shah", "agent");
    let lines = house
        .until(&token, "inboxes", |v| v["inboxes"][0]["state"] == "down")
        .await;
    assert_eq!(lines["inboxes"][0]["reason"], "address");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_comes_back_is_told_too() {
    let telegram = Telegram::open().await;
    telegram
        .api
        .change(|api| api.faults.add("getme", Fault::Broken, 1));
    let house = open(Base::Sqlite, &telegram).await;
    let token = house.agent("Priya Shah", "agent");
    house
        .until(&token, "inboxes", |v| v["inboxes"][0]["state"] == "down")
        .await;
    house
        .until(&token, "inboxes", |v| v["inboxes"][0]["state"] == "up")
        .await;
    telegram.says(7, "hello");
    telegram.sent(7, 1).await;
}
