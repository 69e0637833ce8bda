//! Telegram: words of somebody else, the time at which something was written, and what happens around a conversation.

use crate::fakes::telegram::{Telegram, bot, person, private};
use crate::house::{Base, House};
use crate::telegram::{detail, open, theirs};
use serde_json::{Value, json};

/// Now, as Telegram tells times.
#[expect(clippy::disallowed_methods, reason = "the fakes are the outside")]
fn seconds_now() -> i64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.expect("after 1970").as_secs() as i64
}

/// Whose words stand beside the person's own, message by message.
fn borrowed(detail: &Value) -> Vec<String> {
    let messages = detail["messages"].as_array().expect("a list");
    let all = messages.iter().filter_map(|m| m["borrowed"].as_array());
    let all = all.flatten().filter_map(Value::as_str);
    all.map(str::to_owned).collect()
}

fn notes(detail: &Value) -> Vec<&str> {
    let messages = detail["messages"].as_array().expect("a list");
    let notes = messages.iter().filter(|m| m["from"] == "note");
    notes.filter_map(|m| m["text"].as_str()).collect()
}

/// The conversation of that chat, once it is as it should be.
async fn until(house: &House, token: &str, chat: i64, is: impl Fn(&Value) -> bool) -> Value {
    let id = detail(house, token, chat).await["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    house.until(token, &format!("conversations/{id}"), is).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forwarded_message_is_nobodys_own_words_number_or_identity() {
    let telegram = Telegram::open().await;
    let house = open(Base::Sqlite, &telegram).await;
    telegram.says(50, "your nurse shouted at me yesterday");
    telegram.sent(50, 1).await;
    let origin = json!({"type": "user", "date": 1, "sender_user": person(777)});
    let channel = json!({"type": "channel", "date": 1, "message_id": 4, "chat": {"id": -9, "type": "channel", "title": "Ward news"}});
    let hidden = json!({"type": "hidden_user", "date": 1, "sender_user_name": "Bo"});
    telegram.sends(50, json!({"text": "My name is Zebulon Quince, call me on 07700 900123", "forward_origin": origin}));
    telegram.sent(50, 2).await;
    telegram.sends(50, json!({"contact": {"phone_number": "447700900111", "first_name": "Ann", "user_id": 50}, "forward_origin": channel}));
    telegram.sent(50, 3).await;
    telegram.sends(50, json!({"text": "/agent", "forward_origin": hidden}));
    telegram.sent(50, 4).await;
    let token = house.agent("Priya Shah", "agent");
    let seen = detail(&house, &token, 50).await;
    assert_eq!(
        theirs(&seen),
        ["your nurse shouted at me yesterday", "", "", ""]
    );
    assert_eq!(
        borrowed(&seen),
        [
            "Forwarded from Ann Smith: My name is Zebulon Quince, call me on 07700 900123",
            "Forwarded from Ward news: Ann, +447700900111",
            "Forwarded from Bo: /agent"
        ]
    );
    assert_eq!(seen["status"], "bot", "nobody asked for a person");
    let complainant = seen["complaint"]["complainant"].to_string();
    assert!(
        !complainant.contains("Quince") && !complainant.contains("900"),
        "{complainant}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_brothers_last_message_brings_a_person() {
    let telegram = Telegram::open().await;
    let house = open(Base::Sqlite, &telegram).await;
    let origin = json!({"type": "user", "date": 1, "sender_user": person(777)});
    telegram.sends(
        51,
        json!({"text": "I can't go on. I want to end it all tonight.", "forward_origin": origin}),
    );
    let said = telegram.last(51, 1).await.text;
    assert!(said.contains("999"), "{said}");
    let token = house.agent("Priya Shah", "agent");
    let queue = house.get(&token, "queue").await;
    assert_eq!(queue["conversations"].as_array().expect("a list").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_answered_or_quoted_stands_beside_the_answer() {
    let telegram = Telegram::open().await;
    let house = open(Base::Sqlite, &telegram).await;
    telegram.says(52, "hello");
    telegram.sent(52, 1).await;
    let mut earlier = private(
        52,
        2,
        json!({"text": "Tell me what happened. I'm listening."}),
    );
    earlier["from"] = bot();
    telegram.sends(52, json!({"text": "your nurse shouted at me", "reply_to_message": earlier, "quote": {"text": "what happened", "position": 8, "is_manual": true}}));
    telegram.sent(52, 2).await;
    let mut long = private(52, 3, json!({"text": "word ".repeat(100)}));
    long["from"] = bot();
    telegram.sends(
        52,
        json!({"text": "in the garden", "reply_to_message": long}),
    );
    telegram.sent(52, 3).await;
    telegram.sends(52, json!({"text": "and she wrote this", "external_reply": {"origin": {"type": "hidden_user", "date": 1, "sender_user_name": "Denise"}}, "quote": {"text": "I will hurt you", "position": 0}}));
    telegram.sent(52, 4).await;
    let token = house.agent("Priya Shah", "agent");
    let seen = detail(&house, &token, 52).await;
    let beside = borrowed(&seen);
    assert_eq!(beside[0], "In answer to Willowbrook: what happened");
    assert!(
        beside[1].ends_with('…') && beside[1].len() < 400,
        "{}",
        beside[1]
    );
    assert_eq!(
        beside[2],
        "Within a quote of Denise, and not said in this conversation: I will hurt you"
    );
    assert_eq!(theirs(&seen)[1], "your nurse shouted at me");
    assert_eq!(seen["red_flag"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn this_morning_is_the_morning_on_which_it_was_written() {
    let telegram = Telegram::open().await;
    let house = open(Base::Sqlite, &telegram).await;
    // Nearly a day in Telegram's hands: it was written on another day.
    let written = seconds_now() - 86_000;
    telegram.sends(
        53,
        json!({"text": "your nurse shouted at me this morning", "date": written}),
    );
    telegram.sent(53, 1).await;
    let token = house.agent("Priya Shah", "agent");
    let seen = detail(&house, &token, 53).await;
    let london = jiff::tz::TimeZone::get("Europe/London").expect("a zone");
    let day = jiff::Timestamp::from_second(written)
        .expect("a time")
        .to_zoned_datetime(london);
    assert_eq!(
        seen["complaint"]["incident"]["from"],
        day.date().to_string()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_is_noted_at_once_and_so_is_its_end() {
    let telegram = Telegram::open().await;
    let house = open(Base::Sqlite, &telegram).await;
    telegram.says(54, "your nurse shouted at me yesterday");
    telegram.sent(54, 1).await;
    let change = |was: &str, is: &str| {
        let member = |status: &str| json!({"status": status, "user": bot(), "until_date": 0});
        let chat = private(54, 1, json!({}))["chat"].clone();
        json!({"chat": chat, "from": person(54), "date": 1, "old_chat_member": member(was), "new_chat_member": member(is)})
    };
    telegram.update("my_chat_member", change("member", "kicked"));
    let token = house.agent("Priya Shah", "agent");
    let seen = until(&house, &token, 54, |v| !notes(v).is_empty()).await;
    assert!(notes(&seen)[0].contains("blocked this chat"), "{seen}");
    telegram.update("my_chat_member", change("kicked", "member"));
    let seen = until(&house, &token, 54, |v| notes(v).len() == 2).await;
    assert!(notes(&seen)[1].contains("opened this chat"), "{seen}");
    // Whoever has never written has no conversation, and gets none by it.
    let mut stranger = change("kicked", "member");
    stranger["chat"] = private(55, 1, json!({}))["chat"].clone();
    telegram.update("my_chat_member", stranger);
    telegram.all_confirmed().await;
    let bot = house.get(&token, "conversations?status=bot").await;
    assert_eq!(bot["conversations"].as_array().expect("a list").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reaction_to_our_message_is_shown_at_the_desk() {
    let telegram = Telegram::open().await;
    let house = open(Base::Sqlite, &telegram).await;
    let own = telegram.says(56, "your nurse shouted at me yesterday");
    let ours = telegram.last(56, 1).await.id;
    let token = house.agent("Priya Shah", "agent");
    until(&house, &token, 56, |v| {
        let messages = v["messages"].as_array().expect("a list");
        messages.iter().all(|m| m["delivery"] == "done")
    })
    .await;
    let react = |message: i64, before: Value, signs: Value| {
        let chat = private(56, 1, json!({}))["chat"].clone();
        telegram.update("message_reaction", json!({"chat": chat, "message_id": message, "user": person(56), "date": 1, "old_reaction": before, "new_reaction": signs}));
    };
    let sad = json!([{"type": "emoji", "emoji": "😢"}]);
    react(own, json!([]), json!([{"type": "emoji", "emoji": "🔥"}]));
    react(ours, json!([]), json!([]));
    react(ours, json!([]), sad.clone());
    react(ours, sad, json!([]));
    let seen = until(&house, &token, 56, |v| notes(v).len() == 2).await;
    let told = [
        "They reacted to our message: 😢",
        "A reaction to our message was taken back: 😢",
    ];
    assert_eq!(notes(&seen), told);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_away_in_a_business_chat_stays_for_staff() {
    let telegram = Telegram::open().await;
    let house = open(Base::Sqlite, &telegram).await;
    telegram.connects("biz-9", 900, true);
    for (number, text) in [
        (1, "I want a person"),
        (2, "your nurse hit me"),
        (3, "on Monday"),
    ] {
        let content = json!({"text": text, "business_connection_id": "biz-9"});
        telegram.update("business_message", private(57, number, content));
    }
    let chat = private(57, 1, json!({}))["chat"].clone();
    telegram.update(
        "deleted_business_messages",
        json!({"business_connection_id": "biz-9", "chat": chat, "message_ids": [2, 3]}),
    );
    let token = house.agent("Priya Shah", "agent");
    let queue = house
        .until(&token, "queue", |v| v["conversations"] != json!([]))
        .await;
    let id = queue["conversations"][0]["id"].as_str().expect("an id");
    let removed = |v: &Value| {
        let messages = v["messages"].as_array().expect("a list").clone();
        let removed = messages.into_iter().filter(|m| m["removed"] == true);
        removed.map(|m| m["text"].clone()).collect::<Vec<_>>()
    };
    let seen = house
        .until(&token, &format!("conversations/{id}"), |v| {
            removed(v).len() == 2
        })
        .await;
    assert_eq!(removed(&seen), ["your nurse hit me", "on Monday"]);
}
