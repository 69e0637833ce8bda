//! Telegram at its worst: repeats, disorder, the unknown, storms, people who block the bot.

use crate::fakes::{
    Fault,
    telegram::{Telegram, USERNAME, now, private},
};
use crate::house::{Base, House};
use crate::telegram::{detail, open, theirs};
use reqwest::StatusCode;
use serde_json::json;

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
    let metrics = house.metrics().await;
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
async fn what_cannot_be_sent_for_too_long_is_given_up_and_the_next_goes_out() {
    let telegram = Telegram::open().await;
    let house = open(Base::Sqlite, &telegram).await;
    telegram
        .api
        .change(|api| api.faults.add("sendmessage", Fault::TooFast(1), 1));
    telegram.says(75, "hello");
    telegram
        .api
        .until("the first attempt", |api| {
            (!api.refused.is_empty()).then_some(())
        })
        .await;
    // As if it had waited since 1970.
    telegram
        .api
        .change(|api| api.faults.add("sendmessage", Fault::Broken, 1));
    house.change("UPDATE outbox SET at = 0").await;
    let boss = house.agent("Mo Bell", "supervisor");
    let given_up = house
        .until(&boss, "undelivered", |v| v["messages"] != json!([]))
        .await;
    assert_eq!(given_up["messages"][0]["reason"], "expired");
    telegram.says(75, "when does visiting start?");
    assert!(telegram.last(75, 1).await.text.contains("Visiting"));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_program_that_takes_the_same_bots_messages_is_named_as_the_cause() {
    let telegram = Telegram::open().await;
    let house = open(Base::Sqlite, &telegram).await;
    let token = house.agent("Priya Shah", "agent");
    house
        .until(&token, "inboxes", |v| v["inboxes"][0]["state"] == "up")
        .await;
    telegram
        .api
        .change(|api| api.webhook = Some(("https://elsewhere.example".into(), String::new())));
    telegram.says(76, "hello");
    let lines = house
        .until(&token, "inboxes", |v| v["inboxes"][0]["state"] == "down")
        .await;
    assert_eq!(lines["inboxes"][0]["reason"], "conflict");
    // The next opening takes the webhook away, and what waited is answered.
    telegram.sent(76, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn between_two_bubbles_it_takes_a_breath_but_never_where_somebody_may_be_in_danger() {
    let telegram = Telegram::open().await;
    let mut settings = telegram.settings();
    settings.retain(|(name, _)| *name != "NOHOLD_PACE_MS");
    settings.push(("NOHOLD_PACE_MS", "50"));
    let house = House::open_with(Base::Sqlite, &settings).await;
    let token = house.agent("Priya Shah", "agent");
    let long = "I am sorry that this took so long. ".repeat(150);
    for (chat, words, first) in [
        (85, "I want a person please", 2),
        (86, "I want to kill myself", 2),
    ] {
        telegram.says(chat, words);
        telegram.sent(chat, 1).await;
        let id = detail(&house, &token, chat).await["id"]
            .as_str()
            .expect("an id")
            .to_owned();
        house
            .post(&token, &format!("conversations/{id}/claim"), json!({}))
            .await;
        telegram.sent(chat, first).await;
        assert!(
            !telegram.api.look().typing.contains(&chat),
            "the first words come at once"
        );
        house
            .post(
                &token,
                &format!("conversations/{id}/messages"),
                json!({"id": "r", "text": long}),
            )
            .await;
        telegram.sent(chat, first + 2).await;
        assert_eq!(telegram.api.look().typing.contains(&chat), chat == 85);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn words_of_danger_wait_for_no_file() {
    let telegram = Telegram::open().await;
    let house = open(Base::Sqlite, &telegram).await;
    let png = telegram.file(b"\x89PNG\r\n\x1a\n0000");
    telegram
        .api
        .change(|api| api.faults.add("getfile", Fault::Hold, 1));
    let photo =
        json!([{"file_id": png, "file_unique_id": "u", "width": 9, "height": 9, "file_size": 12}]);
    telegram.sends(58, json!({"caption": "my arm", "photo": photo}));
    telegram
        .api
        .until("the file asked for", |api| api.held.then_some(()))
        .await;
    telegram.says(58, "I want to die");
    assert!(telegram.last(58, 1).await.text.contains("116 123"));
    telegram.api.change(|api| api.held = false);
    let files = "SELECT name FROM attachments";
    let kept = house.until_rows(files, |names| !names.is_empty()).await;
    assert_eq!(kept, ["photo.png"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn safety_words_in_a_group_wait_for_as_long_as_telegram_says() {
    let telegram = Telegram::open().await;
    let _house = open(Base::Sqlite, &telegram).await;
    telegram.api.change(|api| {
        api.chats.insert(-70);
        api.faults.add("sendmessage", Fault::TooFast(2), 2);
    });
    let text = format!("@{USERNAME} I want to kill myself");
    let mention = json!([{"type": "mention", "offset": 0, "length": USERNAME.len() + 1}]);
    let mut message = private(70, 9, json!({"text": text, "entities": mention}));
    message["chat"] = json!({"id": -70, "type": "supergroup", "title": "Neighbours"});
    message["date"] = json!(now());
    telegram.update("message", message);
    assert!(telegram.last(-70, 1).await.text.contains("116 123"));
    let refused = telegram.api.look().refused.clone();
    let refused = refused.iter().filter(|m| *m == "sendmessage");
    assert_eq!(refused.count(), 2, "never asked before its time");
}
