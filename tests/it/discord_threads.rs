//! Private threads: the person is in theirs before anything is said, and one that is closed is no place any more.

use crate::discord::{only, open, talks, theirs};
use crate::discord_private::{gone, note};
use crate::fakes::{
    Fault,
    discord::{Discord, SUPPORT},
};
use crate::house::{Base, House};
use serde_json::{Value, json};

/// Somebody whose conversation a person has, in a thread: the conversation's id and the thread.
async fn in_hand(discord: &Discord, house: &House, token: &str, user: u64) -> (String, u64) {
    discord.writes(user, SUPPORT, "I want a person", Value::Null);
    let thread = discord.thread(user).await;
    discord.sent(thread, 2).await;
    let id = only(house, token).await;
    house
        .post(token, &format!("conversations/{id}/claim"), json!({}))
        .await;
    discord.sent(thread, 3).await;
    (id, thread)
}

async fn replies(house: &House, token: &str, id: &str, text: &str) {
    let path = format!("conversations/{id}/messages");
    house
        .post(token, &path, json!({"id": text, "text": text}))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_left_their_thread_is_brought_in_again_before_anything_is_said_there() {
    let discord = Discord::open().await;
    let house = open(Base::Sqlite, &discord).await;
    let token = house.agent("Priya Shah", "agent");
    let (id, thread) = in_hand(&discord, &house, &token, 90).await;
    discord.api.change(|api| api.members.clear());
    replies(&house, &token, &id, "I'm here").await;
    let last = discord.last(thread, 4).await;
    assert_eq!(
        (last.text.as_str(), &last.readers[..]),
        ("I'm here", &[90][..])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_cannot_be_brought_in_again_is_answered_directly() {
    let discord = Discord::open().await;
    let house = open(Base::Sqlite, &discord).await;
    let token = house.agent("Priya Shah", "agent");
    let (id, thread) = in_hand(&discord, &house, &token, 91).await;
    discord.api.change(|api| {
        api.members.clear();
        api.no_member.insert(91);
    });
    replies(&house, &token, &id, "I'm here").await;
    let direct = discord.direct(91);
    assert_eq!(discord.last(direct, 1).await.text, "I'm here");
    assert_eq!(discord.sent(thread, 3).await.len(), 3, "nothing to nobody");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_that_was_put_away_and_locked_unheard_is_replaced() {
    let discord = Discord::open().await;
    let house = open(Base::Sqlite, &discord).await;
    let token = house.agent("Priya Shah", "agent");
    let (id, first) = in_hand(&discord, &house, &token, 92).await;
    discord.api.change(|api| {
        api.locked.insert(first);
        api.put_away.insert(first);
    });
    replies(&house, &token, &id, "I'm here").await;
    let another = |api: &mut crate::fakes::discord::Api| {
        let threads = api.channels.iter().filter(|(_, kind)| **kind == 12);
        threads.map(|(id, _)| *id).find(|id| *id != first)
    };
    let second = discord.api.until("another thread", another).await;
    assert_eq!(discord.last(second, 2).await.text, "I'm here");
    note(&house, &token, "locked or deleted").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_they_write_in_a_thread_that_was_unlocked_is_heard_and_answered_there() {
    let discord = Discord::open().await;
    let mut house = open(Base::Sqlite, &discord).await;
    let token = house.agent("Priya Shah", "agent");
    discord.writes(
        93,
        SUPPORT,
        "your nurse shouted at me yesterday",
        Value::Null,
    );
    let thread = discord.thread(93).await;
    discord.sent(thread, 2).await;
    discord.api.change(|api| {
        api.locked.insert(thread);
    });
    discord.tells_of("THREAD_UPDATE", thread);
    note(&house, &token, "locked or deleted").await;
    // Also where the program does not remember.
    house.kill();
    house.start().await;
    discord.api.change(|api| {
        api.locked.remove(&thread);
    });
    discord.tells_of("THREAD_UPDATE", thread);
    discord.writes(93, thread, "I want to die", Value::Null);
    assert!(discord.last(thread, 3).await.text.contains("116 123"));
    let all = talks(&house, &token).await;
    assert_eq!(theirs(&all[0]).len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_from_which_the_bot_was_taken_out_is_replaced() {
    let discord = Discord::open().await;
    let house = open(Base::Sqlite, &discord).await;
    let token = house.agent("Priya Shah", "agent");
    let (id, first) = in_hand(&discord, &house, &token, 94).await;
    discord.api.change(|api| {
        api.unseen.insert(first);
    });
    replies(&house, &token, &id, "I'm here").await;
    let another = |api: &mut crate::fakes::discord::Api| {
        let threads = api.channels.iter().filter(|(_, kind)| **kind == 12);
        threads.map(|(id, _)| *id).find(|id| *id != first)
    };
    let second = discord.api.until("another thread", another).await;
    assert_eq!(discord.last(second, 2).await.text, "I'm here");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_without_its_person_is_no_thread_and_never_a_second_one() {
    let discord = Discord::open().await;
    discord.api.change(|api| {
        api.no_member.insert(23);
        api.closed_to_us.insert(23);
    });
    let house = open(Base::Sqlite, &discord).await;
    let token = house.agent("Priya Shah", "agent");
    let public = discord.writes(23, SUPPORT, "your nurse shouted at me", Value::Null);
    note(&house, &token, "cannot be answered").await;
    assert!(!discord.api.look().deleted.contains(&public));
    discord.api.change(|api| {
        api.no_member.clear();
    });
    let thread = discord.thread(23).await;
    assert!(discord.last(thread, 2).await.text.contains("NH-"));
    let threads = discord
        .api
        .look()
        .channels
        .values()
        .filter(|k| **k == 12)
        .count();
    assert_eq!(threads, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_that_was_deleted_or_locked_is_replaced_and_the_desk_is_told() {
    let discord = Discord::open().await;
    let house = open(Base::Sqlite, &discord).await;
    let token = house.agent("Priya Shah", "agent");
    discord.writes(24, SUPPORT, "I want a person", Value::Null);
    let first = discord.thread(24).await;
    discord.sent(first, 2).await;
    // Deleted, and nobody told us.
    discord.api.change(|api| {
        api.channels.remove(&first);
    });
    let id = only(&house, &token).await;
    house
        .post(&token, &format!("conversations/{id}/claim"), json!({}))
        .await;
    let second = discord.thread(24).await;
    assert!(discord.last(second, 2).await.text.contains("Priya"));
    note(&house, &token, "locked or deleted").await;
    // Locked, and told by the gateway.
    discord.api.change(|api| {
        api.locked.insert(second);
    });
    discord.event("THREAD_UPDATE", json!({"id": second.to_string(), "guild_id": "500", "parent_id": SUPPORT.to_string(), "type": 12, "thread_metadata": {"archived": true, "locked": true}}));
    house
        .post(
            &token,
            &format!("conversations/{id}/messages"),
            json!({"id": "r", "text": "I'm still here"}),
        )
        .await;
    let third = discord
        .api
        .until("a third thread", |api| {
            let threads = api.channels.iter().filter(|(_, kind)| **kind == 12);
            threads.map(|(id, _)| *id).find(|id| *id != second)
        })
        .await;
    assert_eq!(discord.last(third, 2).await.text, "I'm still here");
    discord.never_in_public();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_that_was_put_away_is_taken_out_again_for_who_comes_back() {
    let discord = Discord::open().await;
    let house = open(Base::Sqlite, &discord).await;
    discord.writes(
        25,
        SUPPORT,
        "your nurse shouted at me yesterday",
        Value::Null,
    );
    let thread = discord.thread(25).await;
    discord.sent(thread, 2).await;
    discord.api.change(|api| {
        api.put_away.insert(thread);
        if let Some(members) = api.members.get_mut(&thread) {
            members.clear();
        }
    });
    let public = discord.writes(25, SUPPORT, "and she slammed the door", Value::Null);
    discord.sent(thread, 3).await;
    assert!(discord.api.look().members[&thread].contains(&25));
    gone(&discord, public).await;
    drop(house);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_persons_own_thread_under_the_support_channel_is_heard_and_answered_in_private() {
    let discord = Discord::open().await;
    let house = open(Base::Sqlite, &discord).await;
    let own = discord.opens_thread(26);
    discord.tells_of("THREAD_CREATE", own);
    discord.writes(26, own, "your nurse shouted at my neighbour", Value::Null);
    let thread = discord.thread(26).await;
    assert!(discord.last(thread, 2).await.text.contains("NH-"));
    discord.never_in_public();
    drop(house);
}

#[tokio::test(flavor = "multi_thread")]
async fn words_of_danger_do_not_wait_until_discord_lets_somebody_into_their_thread_again() {
    let discord = Discord::open().await;
    let house = open(Base::Sqlite, &discord).await;
    discord.writes(95, SUPPORT, "hello", Value::Null);
    let thread = discord.thread(95).await;
    discord.sent(thread, 2).await;
    discord
        .api
        .change(|api| api.faults.add("join", Fault::TooFast(3600), 1));
    discord.writes(95, thread, "I want to die", Value::Null);
    let direct = discord.direct(95);
    assert!(discord.last(direct, 1).await.text.contains("116 123"));
    drop(house);
}
