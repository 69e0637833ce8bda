//! What is written while the program is away, or while Discord no longer knows the session, and who is known again
//! afterwards.

use crate::discord::{open, talks, theirs};
use crate::fakes::{
    Fault,
    discord::{Discord, SUPPORT},
};
use crate::house::Base;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_persons_own_thread_is_known_again_when_a_session_is_taken_up_after_a_restart() {
    let discord = Discord::open().await;
    let mut house = open(Base::Sqlite, &discord).await;
    let place = discord.direct(60);
    discord.says(60, "hello");
    discord.sent(place, 1).await;
    let own = discord.opens_thread(61);
    discord.tells_of("THREAD_CREATE", own);
    house.kill();
    discord.writes(61, own, "your nurse shouted at my neighbour", Value::Null);
    house.start().await;
    let thread = discord.thread(61).await;
    assert!(discord.last(thread, 2).await.text.contains("NH-"));
    let (identified, resumed) = {
        let api = discord.api.look();
        (api.identified, api.resumed)
    };
    assert_eq!(
        (identified, resumed),
        (1, 1),
        "taken up, so nothing told of the thread"
    );
    discord.never_in_public();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_that_came_and_was_put_away_while_no_session_was_open_is_read() {
    let discord = Discord::open().await;
    let mut house = open(Base::Sqlite, &discord).await;
    let place = discord.direct(62);
    discord.says(62, "hello");
    discord.sent(place, 1).await;
    house.kill();
    discord.forget_session();
    let own = discord.opens_thread(63);
    discord.writes(63, own, "I want to die", Value::Null);
    discord.api.change(|api| {
        api.put_away.insert(own);
    });
    house.start().await;
    let thread = discord.thread(63).await;
    assert!(discord.last(thread, 2).await.text.contains("116 123"));
    discord.never_in_public();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gap_that_was_not_filled_before_a_restart_is_filled_after_it() {
    let discord = Discord::open().await;
    let mut house = open(Base::Sqlite, &discord).await;
    let place = discord.direct(64);
    discord.says(64, "your nurse shouted at me yesterday");
    discord.sent(place, 1).await;
    house.kill();
    discord.forget_session();
    discord.says(64, "I'm a neighbour");
    // Nothing can be read while the new session begins, and then the program dies.
    discord
        .api
        .change(|api| api.faults.add("history", Fault::Broken, 1_000));
    house.start().await;
    let begun = |api: &mut crate::fakes::discord::Api| (api.identified == 2).then_some(());
    discord.api.until("a new session", begun).await;
    discord.says(65, "hello");
    let other = discord.direct(65);
    discord.sent(other, 1).await;
    house.kill();
    discord.api.change(|api| api.faults.clear("history"));
    house.start().await;
    discord.sent(place, 2).await;
    assert_eq!(
        discord.api.look().identified,
        2,
        "the second session, taken up"
    );
    let noted = "SELECT name FROM marks WHERE name LIKE 'discord.missed.%'";
    house.until_rows(noted, <[String]>::is_empty).await;
    let token = house.agent("Priya Shah", "agent");
    let all = talks(&house, &token).await;
    let words: Vec<Vec<&str>> = all.iter().map(theirs).collect();
    assert!(
        words.contains(&vec![
            "your nurse shouted at me yesterday",
            "I'm a neighbour"
        ]),
        "{words:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_gap_is_read_page_by_page_however_often_discord_wants_us_to_wait() {
    let discord = Discord::open().await;
    let mut house = open(Base::Sqlite, &discord).await;
    let place = discord.direct(66);
    discord.says(66, "hello");
    discord.sent(place, 1).await;
    house.kill();
    discord.forget_session();
    let bot = json!({"author": {"id": "3", "username": "x", "bot": true}});
    for _ in 0..450 {
        discord.writes(3, SUPPORT, "talk of a bot", bot.clone());
    }
    discord.writes(67, SUPPORT, "I want to die", Value::Null);
    discord.api.change(|api| {
        for _ in 0..12 {
            api.faults.skip("history", 1);
            api.faults.add("history", Fault::TooFast(1), 1);
        }
    });
    house.start().await;
    let thread = discord.thread(67).await;
    assert!(discord.last(thread, 2).await.text.contains("116 123"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_of_ours_that_was_locked_while_we_were_away_is_told_at_the_desk() {
    let discord = Discord::open().await;
    let mut house = open(Base::Sqlite, &discord).await;
    discord.writes(68, SUPPORT, "I want a person", Value::Null);
    let first = discord.thread(68).await;
    discord.sent(first, 2).await;
    house.kill();
    discord.api.change(|api| {
        api.locked.insert(first);
    });
    house.start().await;
    let token = house.agent("Priya Shah", "agent");
    let id = crate::discord::only(&house, &token).await;
    let noted = |v: &Value| v["messages"].to_string().contains("locked or deleted");
    house
        .until(&token, &format!("conversations/{id}"), noted)
        .await;
}
