//! Moderators, words of others, and what Discord itself says.

use crate::discord::{only, open, talks, theirs};
use crate::fakes::discord::{Discord, GUILD, SUPPORT, moment};
use crate::house::Base;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn what_a_moderator_takes_away_stays_for_staff() {
    let discord = Discord::open().await;
    let house = open(Base::Sqlite, &discord).await;
    let token = house.agent("Priya Shah", "agent");
    discord.writes(
        30,
        SUPPORT,
        "your nurse shouted at me yesterday",
        Value::Null,
    );
    let thread = discord.thread(30).await;
    discord.sent(thread, 2).await;
    let said = [
        discord.writes(30, thread, "I'm her daughter", Value::Null),
        discord.writes(30, thread, "Denise did it", Value::Null),
    ];
    discord.sent(thread, 4).await;
    let ids: Vec<String> = said.iter().map(ToString::to_string).collect();
    discord.event(
        "MESSAGE_DELETE_BULK",
        json!({"ids": ids, "channel_id": thread.to_string(), "guild_id": GUILD.to_string()}),
    );
    let last = discord.writes(30, thread, "they are all watching", Value::Null);
    discord.event("MESSAGE_DELETE", json!({"id": last.to_string(), "channel_id": thread.to_string(), "guild_id": GUILD.to_string()}));
    let id = only(&house, &token).await;
    let removed = |v: &Value| {
        let all = v["messages"].as_array().into_iter().flatten();
        all.filter(|m| m["removed"] == true).count() == 3
    };
    let seen = house
        .until(&token, &format!("conversations/{id}"), removed)
        .await;
    assert_eq!(
        theirs(&seen)[1..],
        ["I'm her daughter", "Denise did it", "they are all watching"]
    );
    let record = seen["complaint"].to_string();
    assert!(record.contains("Denise"), "it does not change: {record}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moderators_press_is_not_theirs_and_the_buttons_stay() {
    let discord = Discord::open().await;
    let house = open(Base::Sqlite, &discord).await;
    let token = house.agent("Priya Shah", "agent");
    discord.writes(31, SUPPORT, "I want a person", Value::Null);
    let thread = discord.thread(31).await;
    discord.sent(thread, 2).await;
    let pressed = discord.acts(
        32,
        thread,
        3,
        json!({"custom_id": "callback", "component_type": 2}),
    );
    let answer = discord.answer(&pressed).await;
    assert_eq!(
        (answer["type"].as_u64(), answer["data"]["flags"].as_u64()),
        (Some(4), Some(64))
    );
    assert!(
        answer["data"]["content"]
            .as_str()
            .expect("words")
            .contains("somebody else"),
        "{answer}"
    );
    // The person's own press is taken, so the buttons were there.
    let own = discord.acts(
        31,
        thread,
        3,
        json!({"custom_id": "stay", "component_type": 2}),
    );
    assert_eq!(discord.answer(&own).await["type"], 7);
    discord.sent(thread, 3).await;
    assert_eq!(
        talks(&house, &token).await.len(),
        1,
        "none for the moderator"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn danger_in_a_forwarded_message_is_seen_and_its_words_are_nobodys() {
    let discord = Discord::open().await;
    let house = open(Base::Sqlite, &discord).await;
    let token = house.agent("Priya Shah", "agent");
    let place = discord.direct(33);
    let snapshot = json!({"message": {"type": 0, "content": "I can't go on. I want to end it all tonight.", "attachments": [], "timestamp": moment(-60)}});
    discord.writes(33, place, "", json!({"message_reference": {"type": 1, "message_id": "5"}, "message_snapshots": [snapshot]}));
    let sent = discord.sent(place, 1).await;
    assert!(
        sent[0].text.contains("If they might act on it now"),
        "{sent:?}"
    );
    let seen = talks(&house, &token).await;
    let first = &seen[0]["messages"][0];
    assert_eq!(first["text"], "");
    assert_eq!(
        first["borrowed"],
        json!(["Forwarded: I can't go on. I want to end it all tonight."])
    );
    assert_eq!(seen[0]["status"], "queued");
}

#[tokio::test(flavor = "multi_thread")]
async fn signs_are_readable_answers_show_what_they_answer_and_discord_itself_is_not_heard() {
    let discord = Discord::open().await;
    let house = open(Base::Sqlite, &discord).await;
    let token = house.agent("Priya Shah", "agent");
    let place = discord.direct(34);
    let system =
        json!({"author": {"id": "643945264868098049", "username": "discord", "system": true}});
    discord.writes(34, place, "your account was limited", system);
    let answered = json!({"id": "3", "channel_id": place.to_string(), "author": {"id": "35", "username": "jo", "global_name": "Jo"}, "content": "ask <@34>", "mentions": []});
    discord.writes(34, place, "when does visiting start, <@35>? <:sad:9>", json!({"type": 19, "mentions": [{"id": "35", "username": "jo", "global_name": "Jo"}], "referenced_message": answered}));
    assert!(discord.last(place, 1).await.text.contains("10 am"));
    let id = only(&house, &token).await;
    let seen = house.get(&token, &format!("conversations/{id}")).await;
    assert_eq!(theirs(&seen), ["when does visiting start, @Jo? :sad:"]);
    assert_eq!(
        seen["messages"][0]["borrowed"],
        json!(["In answer to Jo: ask @34"])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn yesterday_is_the_day_before_it_was_written() {
    let discord = Discord::open().await;
    let house = open(Base::Sqlite, &discord).await;
    let token = house.agent("Priya Shah", "agent");
    let place = discord.direct(36);
    let written = moment(-3 * 86_400);
    discord.writes(
        36,
        place,
        "your nurse shouted at me yesterday",
        json!({"timestamp": written}),
    );
    discord.sent(place, 1).await;
    let seen = talks(&house, &token).await;
    let day: jiff::Timestamp = moment(-4 * 86_400).parse().expect("a moment");
    let zone = jiff::tz::TimeZone::get("Europe/London").expect("a zone");
    let day = day.to_zoned_datetime(zone).date().to_string();
    assert_eq!(seen[0]["complaint"]["incident"]["from"], day);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_stickers_and_strangers() {
    let discord = Discord::open().await;
    let house = open(Base::Sqlite, &discord).await;
    let place = discord.direct(16);
    let png = b"\x89PNG\r\n\x1a\n0000".to_vec();
    discord.says(16, "your nurse shouted at me yesterday");
    discord.sent(place, 1).await;
    let photo = discord.attachment("bruise.png", "image/png", &png);
    discord.writes(16, place, "my arm", json!({"attachments": [photo]}));
    discord.sent(place, 2).await;
    discord.writes(
        16,
        place,
        "",
        json!({"sticker_items": [{"id": "1", "name": "sad", "format_type": 1}]}),
    );
    assert!(discord.last(place, 3).await.text.contains("can't open"));
    let program = discord.attachment("run.exe", "application/x-msdownload", b"MZ00000000");
    discord.writes(16, place, "", json!({"attachments": [program]}));
    assert!(discord.last(place, 4).await.text.contains("can't open"));
    discord.event(
        "MESSAGE_CREATE",
        json!({"id": "no number", "channel_id": {}, "content": 5}),
    );
    discord.event("TELEPATHY_START", json!({"user_id": "1"}));
    discord.event("MESSAGE_CREATE", json!({"id": "99", "channel_id": place.to_string(), "author": {"id": "3", "username": "x", "bot": true}, "content": "I am a bot", "type": 0}));
    discord.says(16, "/status");
    discord.sent(place, 5).await;
    let token = house.agent("Priya Shah", "agent");
    let all = talks(&house, &token).await;
    assert_eq!(all.len(), 1);
    assert_eq!(
        all[0]["complaint"]["attachments"]
            .as_array()
            .expect("a list")
            .len(),
        1
    );
    let lines = house
        .until(&token, "inboxes", |v| v["inboxes"][0]["unread"] == 1)
        .await;
    assert_eq!(lines["inboxes"][0]["state"], "up");
}
