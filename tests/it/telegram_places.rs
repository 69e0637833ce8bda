//! Telegram: whoever writes in a topic, to a business account or to a channel is answered there.

use crate::fakes::telegram::{Telegram, person, private};
use crate::house::{Base, House};
use crate::telegram::{detail, open, theirs};
use reqwest::StatusCode;
use serde_json::{Value, json};

/// The conversation with that sender, as an agent sees it.
async fn of(house: &House, token: &str, sender: &str) -> Option<Value> {
    let queue = house.get(token, "queue").await;
    let bot = house.get(token, "conversations?status=bot").await;
    let all = [&queue["conversations"], &bot["conversations"]];
    for c in all.into_iter().filter_map(Value::as_array).flatten() {
        let id = c["id"].as_str().expect("an id");
        let detail = house.get(token, &format!("conversations/{id}")).await;
        if detail["contact"]["sender"] == sender {
            return Some(detail);
        }
    }
    None
}

async fn reply(house: &House, token: &str, detail: &Value, text: &str) {
    let png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    let path = format!(
        "conversations/{}/messages",
        detail["id"].as_str().expect("an id")
    );
    let body = json!({"id": text, "text": text, "attachments": [{"name": "form.png", "media_type": "image/png", "content": png}]});
    let (status, answer) = house.post(token, &path, body).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_topic_of_the_private_chat_it_is_answered_in_the_topic() {
    let telegram = Telegram::open().await;
    telegram.api.change(|api| {
        api.topics.insert((30, 5));
    });
    let house = open(Base::Sqlite, &telegram).await;
    telegram.sends(
        30,
        json!({"text": "I want a person", "message_thread_id": 5, "is_topic_message": true}),
    );
    telegram.sent(30, 1).await;
    let token = house.agent("Priya Shah", "agent");
    let seen = detail(&house, &token, 30).await;
    reply(&house, &token, &seen, "I'm here").await;
    let sent = telegram.sent(30, 4).await;
    assert!(sent.iter().all(|s| s.thread == Some(5)), "{sent:?}");
    assert!(sent[3].file.is_some());
    // The topic is deleted: the chat is still there.
    telegram.api.change(|api| api.topics.clear());
    reply(&house, &token, &seen, "Are you still there?").await;
    let sent = telegram.sent(30, 6).await;
    assert_eq!(sent[4].text, "Are you still there?");
    assert!(sent[4..].iter().all(|s| s.thread.is_none()), "{sent:?}");
}

/// A message in a chat of a business account.
fn to_business(connection: &str, chat: i64, by: i64, number: i64, text: &str) -> Value {
    let mut message = private(
        chat,
        number,
        json!({"text": text, "business_connection_id": connection}),
    );
    message["from"] = person(by);
    message
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_writes_to_a_business_account_is_answered_as_the_business() {
    let telegram = Telegram::open().await;
    let house = open(Base::Sqlite, &telegram).await;
    telegram.connects("biz-1", 900, true);
    telegram.update(
        "business_message",
        to_business("biz-1", 31, 31, 1, "your nurse shouted at me yesterday"),
    );
    let asked = telegram.last(31, 1).await;
    assert!(asked.text.contains("NH-"), "{}", asked.text);
    assert_eq!(asked.business.as_deref(), Some("biz-1"));
    // What the owner of the account writes is not the person's.
    telegram.update(
        "business_message",
        to_business("biz-1", 31, 900, 2, "my mother died, I want a person"),
    );
    // Buttons work there too.
    let rows: Vec<Value> = asked
        .buttons
        .iter()
        .map(|(title, value)| json!([{"text": title, "callback_data": value}]))
        .collect();
    let pressed = json!({"message_id": asked.id, "date": 1, "chat": {"id": 31, "type": "private", "first_name": "Ann"}, "from": person(900), "business_connection_id": "biz-1", "text": "…", "reply_markup": {"inline_keyboard": rows}});
    telegram.presses_in(31, pressed, "neighbour");
    telegram.sent(31, 2).await;
    telegram
        .api
        .until("the buttons gone", |api| {
            api.sent[0].buttons.is_empty().then_some(())
        })
        .await;
    telegram.update(
        "edited_business_message",
        to_business("biz-1", 31, 31, 1, "your nurse shouted at me on Sunday"),
    );
    // The same person with the bot itself: others read the business account, so this is another conversation.
    telegram.says(31, "hello");
    let hello = telegram.last(31, 3).await;
    assert_eq!(hello.business, None);
    telegram.all_confirmed().await;
    let token = house.agent("Priya Shah", "agent");
    let seen = of(&house, &token, "900:31").await.expect("a conversation");
    assert_eq!(
        theirs(&seen),
        ["your nurse shouted at me on Sunday", "I'm a neighbour"]
    );
    reply(&house, &token, &seen, "I'm so sorry").await;
    let sent = telegram.sent(31, 6).await;
    assert_eq!(
        sent.iter().filter(|s| s.business.is_some()).count(),
        5,
        "{sent:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_business_account_that_does_not_let_the_bot_answer_is_left_alone_and_named() {
    let telegram = Telegram::open().await;
    let house = open(Base::Sqlite, &telegram).await;
    let token = house.agent("Priya Shah", "agent");
    house
        .until(&token, "inboxes", |v| v["inboxes"][0]["state"] == "up")
        .await;
    telegram.connects("biz-2", 901, false);
    let lines = house
        .until(&token, "inboxes", |v| {
            v["inboxes"][0]["warnings"] != json!([])
        })
        .await;
    assert!(
        lines["inboxes"][0]["warnings"][0]
            .as_str()
            .expect("words")
            .contains("reply"),
        "{lines}"
    );
    telegram.update(
        "business_message",
        to_business("biz-2", 32, 32, 1, "your nurse shouted at me"),
    );
    telegram.says(33, "hello");
    telegram.sent(33, 1).await;
    telegram.all_confirmed().await;
    assert!(of(&house, &token, "901:32").await.is_none());
    // The right is given: from now on it answers, and nothing is to be said any more.
    telegram.connects("biz-2", 901, true);
    house
        .until(&token, "inboxes", |v| {
            v["inboxes"][0]["warnings"] == json!([])
        })
        .await;
    telegram.update(
        "business_message",
        to_business("biz-2", 32, 32, 2, "your nurse shouted at me"),
    );
    telegram.sent(32, 1).await;
    assert_eq!(telegram.api.look().refused, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_writes_to_a_channel_directly_is_answered_in_their_topic() {
    let telegram = Telegram::open().await;
    telegram.api.change(|api| {
        api.direct.extend([(-1009, 34), (-1009, 35)]);
        api.chats.insert(-1009);
    });
    let house = open(Base::Sqlite, &telegram).await;
    let message = |number: i64, of: i64, by: i64, text: &str| {
        let mut message = private(
            by,
            number,
            json!({"text": text, "direct_messages_topic": {"topic_id": of, "user": person(of)}}),
        );
        message["chat"] = json!({"id": -1009, "type": "supergroup", "title": "Willowbrook", "is_direct_messages": true});
        message
    };
    telegram.update("message", message(1, 34, 34, "I want a person"));
    telegram.update("message", message(2, 35, 35, "hello"));
    // One who looks after the channel answers: not the person's words.
    telegram.update("message", message(3, 35, 77, "I want to complain"));
    let sent = telegram.sent(-1009, 2).await;
    let mut topics: Vec<Option<i64>> = sent.iter().map(|s| s.direct).collect();
    topics.sort_unstable();
    assert_eq!(topics, [Some(34), Some(35)]);
    telegram.all_confirmed().await;
    let token = house.agent("Priya Shah", "agent");
    let seen = of(&house, &token, "-1009:34")
        .await
        .expect("a conversation");
    reply(&house, &token, &seen, "I'm here").await;
    let sent = telegram.sent(-1009, 5).await;
    assert_eq!(
        sent.iter().filter(|s| s.direct == Some(34)).count(),
        4,
        "{sent:?}"
    );
    let other = of(&house, &token, "-1009:35")
        .await
        .expect("a conversation");
    assert_eq!(theirs(&other), ["hello"]);
}
