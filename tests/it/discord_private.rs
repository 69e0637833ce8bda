//! Nobody is answered where others read along: what the bot does where Discord lets it open no private place.

use crate::discord::{open, talks, theirs};
use crate::fakes::discord::{Discord, SUPPORT};
use crate::house::{Base, House};
use serde_json::{Value, json};

const CREATE_PRIVATE_THREADS: u64 = 1 << 36;

fn no_threads(discord: &Discord) {
    discord
        .api
        .change(|api| api.rights &= !CREATE_PRIVATE_THREADS);
}

/// The notes that the desk sees of the only conversation, once one has those words.
pub(crate) async fn note(house: &House, token: &str, words: &str) -> Value {
    let id = crate::discord::only(house, token).await;
    let noted = |v: &Value| {
        let all = v["messages"].as_array().into_iter().flatten();
        let mut notes = all.filter(|m| m["from"] == "note");
        notes.any(|m| m["text"].as_str().is_some_and(|t| t.contains(words)))
    };
    house
        .until(token, &format!("conversations/{id}"), noted)
        .await
}

/// Waits until a message is gone from the channel where others read along.
pub(crate) async fn gone(discord: &Discord, public: u64) {
    discord
        .api
        .until("the public message gone", |api| {
            api.deleted.contains(&public).then_some(())
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_in_public_is_answered_for_one_pair_of_eyes_where_nothing_else_is_open() {
    let discord = Discord::open().await;
    no_threads(&discord);
    discord.api.change(|api| {
        api.closed_to_us.insert(20);
    });
    let house = open(Base::Sqlite, &discord).await;
    let token = house.agent("Priya Shah", "agent");
    let form = json!({"custom_id": "form:complain", "components": [{"type": 1, "components": [{"type": 4, "custom_id": "words", "value": "your nurse shouted at me"}]}]});
    let sent = discord.acts(20, SUPPORT, 5, form);
    discord.answer(&sent).await;
    let whispered = discord.whispered(&sent, 2).await;
    assert!(whispered[0].text.contains("NH-"), "{whispered:?}");
    assert!(whispered[0].choices.iter().any(|(_, v)| v == "neighbour"));
    assert!(
        whispered[1].text.contains("direct messages"),
        "asked to open them: {whispered:?}"
    );
    note(&house, &token, "only for a quarter of an hour").await;
    // The buttons of such an answer work, and what follows comes the same way.
    let pressed = discord.presses_own(20, SUPPORT, "neighbour");
    assert_eq!(discord.answer(&pressed).await["type"], 7);
    discord.whispered(&pressed, 1).await;
    discord.never_in_public();
}

#[tokio::test(flavor = "multi_thread")]
async fn words_in_public_are_answered_directly_where_no_thread_can_be_opened() {
    let discord = Discord::open().await;
    no_threads(&discord);
    let house = open(Base::Sqlite, &discord).await;
    let public = discord.writes(21, SUPPORT, "I want to die", Value::Null);
    let place = discord.direct(21);
    let sent = discord.sent(place, 1).await;
    assert!(sent[0].text.contains("116 123"), "{sent:?}");
    gone(&discord, public).await;
    discord.never_in_public();
    let token = house.agent("Priya Shah", "agent");
    let all = talks(&house, &token).await;
    assert_eq!(theirs(&all[0]), ["I want to die"]);
    assert_eq!(all[0]["status"], "queued");
}

#[tokio::test(flavor = "multi_thread")]
async fn words_that_nobody_can_be_answered_are_kept_and_alerted_and_answered_once_it_is_possible() {
    let discord = Discord::open().await;
    no_threads(&discord);
    discord.api.change(|api| {
        api.no_direct.insert(22, (403, 40_003));
    });
    let house = open(Base::Sqlite, &discord).await;
    let token = house.agent("Priya Shah", "agent");
    let public = discord.writes(22, SUPPORT, "I want to die", Value::Null);
    let seen = note(&house, &token, "cannot be answered").await;
    assert_eq!(theirs(&seen), ["I want to die"]);
    assert_eq!(seen["signals"]["red_flag"], "self_harm");
    assert_eq!(seen["status"], "queued");
    assert!(!discord.api.look().deleted.contains(&public), "it stays");
    assert!(discord.api.look().sent.is_empty());
    // Somebody gives the bot what it lacked.
    discord
        .api
        .change(|api| api.rights |= CREATE_PRIVATE_THREADS);
    let thread = discord.thread(22).await;
    let sent = discord.sent(thread, 2).await;
    assert!(sent[1].text.contains("116 123"), "{sent:?}");
    gone(&discord, public).await;
    discord.never_in_public();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_public_place_that_an_earlier_program_noted_is_not_answered_at() {
    let discord = Discord::open().await;
    let mut house = open(Base::Sqlite, &discord).await;
    let token = house.agent("Priya Shah", "agent");
    let place = discord.direct(27);
    discord.says(27, "I want a person");
    discord.sent(place, 1).await;
    let id = crate::discord::only(&house, &token).await;
    house.kill();
    house
        .change("UPDATE conversations SET state = json_set(state, '$.place', '600')")
        .await;
    house.start().await;
    house
        .post(&token, &format!("conversations/{id}/claim"), json!({}))
        .await;
    discord.thread(27).await;
    discord.never_in_public();
}

#[tokio::test(flavor = "multi_thread")]
async fn words_in_public_to_a_person_who_has_the_conversation_go_out_of_sight_too() {
    let discord = Discord::open().await;
    let house = open(Base::Sqlite, &discord).await;
    let token = house.agent("Priya Shah", "agent");
    let place = discord.direct(28);
    discord.says(28, "I want a person");
    discord.sent(place, 1).await;
    let id = crate::discord::only(&house, &token).await;
    house
        .post(&token, &format!("conversations/{id}/claim"), json!({}))
        .await;
    discord.sent(place, 2).await;
    let public = discord.writes(28, SUPPORT, "she also came late on Friday", Value::Null);
    let thread = discord.thread(28).await;
    gone(&discord, public).await;
    house
        .post(
            &token,
            &format!("conversations/{id}/messages"),
            json!({"id": "r", "text": "I'm here"}),
        )
        .await;
    assert_eq!(discord.last(thread, 2).await.text, "I'm here");
    discord.never_in_public();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_servers_own_rules_block_in_a_thread_is_said_directly() {
    let discord = Discord::open().await;
    let _house = open(Base::Sqlite, &discord).await;
    discord.writes(29, SUPPORT, "hello", Value::Null);
    let thread = discord.thread(29).await;
    discord.sent(thread, 2).await;
    discord.api.change(|api| api.moderated.insert(thread));
    discord.writes(29, thread, "I want to kill myself", Value::Null);
    let direct = discord.direct(29);
    assert!(discord.last(direct, 1).await.text.contains("116 123"));
}
