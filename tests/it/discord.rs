//! The main job through Discord, and everything that Discord does to a bot.

use crate::fakes::{
    Fault,
    discord::{Discord, SUPPORT},
};
use crate::house::{Base, House};
use crate::on_both;
use reqwest::StatusCode;
use serde_json::{Value, json};

pub(crate) async fn open(base: Base, discord: &Discord) -> House {
    let house = House::open_with(base, &discord.settings()).await;
    discord
        .api
        .until("the session", |api| (api.identified > 0).then_some(()))
        .await;
    house
}

pub(crate) async fn talks(house: &House, token: &str) -> Vec<Value> {
    let mut all = Vec::new();
    for path in [
        "queue",
        "conversations?status=bot",
        "conversations?holder=me",
    ] {
        let list = house.get(token, path).await;
        for c in list["conversations"].as_array().expect("a list") {
            all.push(
                house
                    .get(
                        token,
                        &format!("conversations/{}", c["id"].as_str().expect("an id")),
                    )
                    .await,
            );
        }
    }
    all
}

/// The id of the only conversation, once there is one.
pub(crate) async fn only(house: &House, token: &str) -> String {
    for _ in 0..1000 {
        if let Some(talk) = talks(house, token).await.first() {
            return talk["id"].as_str().expect("an id").to_owned();
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("waited in vain for a conversation");
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
    async fn the_neighbour_complains_on_discord_and_a_person_answers(base: Base) {
        let discord = Discord::open().await;
        let house = open(base, &discord).await;
        let token = house.agent("Priya Shah", "agent");
        let place = discord.direct(7);
        discord.says(7, "Your home nurse shouted at my neighbour last Tuesday");
        assert!(discord.last(place, 1).await.text.contains("NH-"));
        let asked = discord.says(7, "I live next door");
        discord.sent(place, 2).await;
        let button = discord.acts(7, place, 2, json!({"id": "1", "name": "agent", "type": 1}));
        assert_eq!(discord.answer(&button).await["data"]["flags"], 64);
        let offered = discord.last(place, 3).await;
        assert!(offered.choices.iter().any(|(_, v)| v == "callback") && !offered.menu, "{offered:?}");
        let pressed = discord.acts(7, place, 3, json!({"custom_id": "stay", "component_type": 2}));
        assert_eq!(discord.answer(&pressed).await, json!({"type": 7, "data": {"components": []}}), "acknowledged, and the buttons gone");
        discord.sent(place, 4).await;
        let queue = house.get(&token, "queue").await;
        let id = queue["conversations"][0]["id"].as_str().expect("waits").to_owned();
        house.post(&token, &format!("conversations/{id}/claim"), json!({})).await;
        house.post(&token, &format!("conversations/{id}/notes"), json!({"id": "n", "text": "be gentle"})).await;
        let png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
        let (status, _) = house.post(&token, &format!("conversations/{id}/messages"), json!({"id": "r", "text": "I'm so *sorry*.", "attachments": [{"name": "form.png", "media_type": "image/png", "content": png}]})).await;
        assert_eq!(status, StatusCode::OK);
        let sent = discord.sent(place, 7).await;
        assert_eq!(sent[5].text, "I'm so \\*sorry\\*.");
        assert_eq!(sent[6].file.as_ref().expect("the file").0, "form.png");
        discord.event("MESSAGE_UPDATE", json!({"id": asked.to_string(), "channel_id": place.to_string(), "author": {"id": "7", "username": "ann"}, "content": "I live two doors down", "edited_timestamp": "2026-11-24T10:05:00Z", "type": 0}));
        let gone = discord.says(7, "forget this");
        discord.event("MESSAGE_DELETE", json!({"id": gone.to_string(), "channel_id": place.to_string()}));
        let seen = house.until(&token, &format!("conversations/{id}"), |v| v["messages"].as_array().is_some_and(|m| m.iter().any(|m| m["erased"] == true))).await;
        assert_eq!(theirs(&seen), ["Your home nurse shouted at my neighbour last Tuesday", "I live two doors down", "/agent", "I'll stay here", ""]);
        assert_eq!(seen["complaint"]["channel"], "discord");
        assert!(!discord.api.look().sent.iter().any(|s| s.text.contains("gentle")), "a note is never delivered");
    }

    async fn a_message_in_the_support_channel_opens_a_private_thread(base: Base) {
        let discord = Discord::open().await;
        let house = open(base, &discord).await;
        let public = discord.writes(8, SUPPORT, "your nurse shouted at me yesterday", Value::Null);
        let thread = discord.thread(8).await;
        let sent = discord.sent(thread, 2).await;
        assert!(sent[0].text.contains("<@8>") && sent[0].text.contains("private"), "{}", sent[0].text);
        assert!(sent[1].text.contains("NH-"), "{}", sent[1].text);
        assert!(sent[1].menu && sent[1].choices.iter().any(|(_, v)| v == "neighbour"), "many answers are a menu: {sent:?}");
        discord.api.until("the public message gone", |api| api.deleted.contains(&public).then_some(())).await;
        discord.writes(9, thread, "a moderator looks in", Value::Null);
        discord.writes(8, thread, "I'm her daughter", Value::Null);
        discord.sent(thread, 3).await;
        // Writing in public again leads to the same thread.
        discord.writes(8, SUPPORT, "and she slammed the door", Value::Null);
        discord.sent(thread, 4).await;
        discord.writes(8, 4444, "talk in another channel", Value::Null);
        let token = house.agent("Priya Shah", "agent");
        let all = talks(&house, &token).await;
        assert_eq!(all.len(), 1);
        assert_eq!(theirs(&all[0]), ["your nurse shouted at me yesterday", "I'm her daughter", "and she slammed the door"], "what was taken out of sight is kept");
        assert_eq!(discord.api.look().channels.values().filter(|k| **k == 12).count(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_in_public_lead_to_a_private_place_and_a_form_helps_to_begin() {
    let discord = Discord::open().await;
    let house = open(Base::Sqlite, &discord).await;
    discord
        .api
        .until("the commands", |api| {
            (api.commands.len() == 6).then_some(())
        })
        .await;
    let opened = discord.acts(
        10,
        SUPPORT,
        2,
        json!({"id": "1", "name": "complain", "type": 1}),
    );
    let modal = discord.answer(&opened).await;
    assert_eq!(modal["type"], 9);
    let custom = modal["data"]["custom_id"].clone();
    let sent = discord.acts(10, SUPPORT, 5, json!({"custom_id": custom, "components": [{"type": 1, "components": [{"type": 4, "custom_id": "words", "value": "the nurse shouted at my neighbour"}]}]}));
    assert!(
        discord.answer(&sent).await["data"]["content"]
            .as_str()
            .expect("words")
            .contains("privately")
    );
    let thread = discord.thread(10).await;
    assert!(discord.last(thread, 2).await.text.contains("NH-"));
    let status = discord.acts(
        10,
        thread,
        2,
        json!({"id": "1", "name": "status", "type": 1}),
    );
    assert_eq!(discord.answer(&status).await["type"], 4);
    assert!(discord.last(thread, 3).await.text.contains("on record"));
    let token = house.agent("Priya Shah", "agent");
    assert_eq!(
        talks(&house, &token).await[0]["complaint"]["incident"]["narrative"],
        "the nurse shouted at my neighbour"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interaction_is_acknowledged_in_time_while_everything_else_is_slow() {
    let discord = Discord::open().await;
    let house = open(Base::Sqlite, &discord).await;
    let place = discord.direct(11);
    discord.says(11, "hello");
    discord.sent(place, 1).await;
    // Somebody else holds the database: nothing can be written.
    sqlx::any::install_default_drivers();
    let mut holder = <sqlx::AnyConnection as sqlx::Connection>::connect(&house.database)
        .await
        .expect("opens");
    sqlx::query("BEGIN IMMEDIATE")
        .execute(&mut holder)
        .await
        .expect("held");
    let button = discord.acts(11, place, 2, json!({"id": "1", "name": "help", "type": 1}));
    discord.answer(&button).await;
    assert_eq!(discord.api.look().sent.len(), 1);
    sqlx::query("ROLLBACK")
        .execute(&mut holder)
        .await
        .expect("let go");
    assert!(discord.last(place, 2).await.text.contains("/agent"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_line_is_taken_up_without_loss_or_repetition() {
    let discord = Discord::open().await;
    let house = open(Base::Sqlite, &discord).await;
    let place = discord.direct(12);
    discord.says(12, "your nurse shouted at me yesterday");
    discord.sent(place, 1).await;
    discord.break_connections();
    discord.says(12, "I'm a neighbour");
    discord.sent(place, 2).await;
    let (identified, resumed) = {
        let api = discord.api.look();
        (api.identified, api.resumed)
    };
    assert_eq!((identified, resumed > 0), (1, true));
    // Now the session is gone as well: what was written meanwhile is read from the channel.
    discord.forget_session();
    discord
        .api
        .change(|api| api.faults.add("gateway", Fault::Broken, 1));
    discord.break_connections();
    discord.says(12, "Denise did it");
    discord.sent(place, 3).await;
    let token = house.agent("Priya Shah", "agent");
    let all = talks(&house, &token).await;
    assert_eq!(
        theirs(&all[0]),
        [
            "your nurse shouted at me yesterday",
            "I'm a neighbour",
            "Denise did it"
        ]
    );
    assert_eq!(discord.api.look().sent.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_while_the_program_was_away_is_answered_when_it_is_back() {
    let discord = Discord::open().await;
    let mut house = open(Base::Sqlite, &discord).await;
    let place = discord.direct(13);
    discord.says(13, "your nurse shouted at me yesterday");
    discord.sent(place, 1).await;
    house.kill();
    discord.says(13, "I'm a neighbour");
    house.start().await;
    discord.sent(place, 2).await;
    assert_eq!(
        discord.api.look().identified,
        1,
        "the same session, taken up from disk"
    );
    let token = house.agent("Priya Shah", "agent");
    assert_eq!(theirs(&talks(&house, &token).await[0]).len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_send_that_was_accepted_while_its_receipt_was_lost_is_not_shown_twice() {
    let discord = Discord::open().await;
    let mut house = open(Base::Sqlite, &discord).await;
    let place = discord.direct(14);
    discord
        .api
        .change(|api| api.faults.add("send", Fault::AcceptAndHang, 1));
    discord.says(14, "hello");
    discord.sent(place, 1).await;
    house.kill();
    house.start().await;
    discord.says(14, "your nurse shouted at me");
    discord.sent(place, 2).await;
    let texts: Vec<String> = discord
        .api
        .look()
        .sent
        .iter()
        .map(|s| s.text.clone())
        .collect();
    assert_eq!(texts.len(), 2, "{texts:?}");
    assert!(texts[1].contains("NH-"), "{texts:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn storms_are_waited_out_and_long_words_are_split() {
    let discord = Discord::open().await;
    let house = open(Base::Sqlite, &discord).await;
    let place = discord.direct(15);
    discord.api.change(|api| {
        api.faults.add("send", Fault::TooFast(1), 2);
        api.faults.add("send", Fault::Broken, 1);
    });
    discord.says(15, "I want a person");
    discord.sent(place, 1).await;
    let token = house.agent("Priya Shah", "agent");
    let id = talks(&house, &token).await[0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let long = "I am sorry that this took so long. ".repeat(100);
    house
        .post(
            &token,
            &format!("conversations/{id}/messages"),
            json!({"id": "r", "text": long}),
        )
        .await;
    let sent = discord.sent(place, 4).await;
    assert_eq!(format!("{} {}", sent[2].text, sent[3].text), long.trim());
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_takes_no_direct_messages_is_noted_for_the_agent() {
    let discord = Discord::open().await;
    let house = open(Base::Sqlite, &discord).await;
    let place = discord.direct(17);
    discord.says(17, "I want a person");
    discord.sent(place, 1).await;
    let token = house.agent("Priya Shah", "agent");
    let id = talks(&house, &token).await[0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    discord.api.change(|api| {
        api.closed_to_us.insert(17);
    });
    house
        .post(
            &token,
            &format!("conversations/{id}/messages"),
            json!({"id": "r", "text": "I'm here"}),
        )
        .await;
    house
        .until(&token, &format!("conversations/{id}"), |v| {
            v["messages"]
                .as_array()
                .is_some_and(|m| m.iter().any(|m| m["from"] == "note"))
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_is_known_again_after_a_restart() {
    let discord = Discord::open().await;
    let mut house = open(Base::Sqlite, &discord).await;
    discord.writes(
        19,
        SUPPORT,
        "your nurse shouted at me yesterday",
        Value::Null,
    );
    let thread = discord.thread(19).await;
    discord.sent(thread, 2).await;
    house.kill();
    // The session is gone too, so that nothing comes again by itself.
    discord.forget_session();
    discord.writes(19, thread, "I'm her daughter", Value::Null);
    house.start().await;
    discord.sent(thread, 3).await;
    discord.writes(19, thread, "Denise did it", Value::Null);
    discord.sent(thread, 4).await;
    let token = house.agent("Priya Shah", "agent");
    assert_eq!(
        theirs(&talks(&house, &token).await[0]),
        [
            "your nurse shouted at me yesterday",
            "I'm her daughter",
            "Denise did it"
        ]
    );
}
