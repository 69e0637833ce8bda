//! Files and receipts may be slow: what people write does not wait for them, words of danger least of all.

use crate::discord::{only, open, talks, theirs};
use crate::discord_private::gone;
use crate::fakes::{
    Fault,
    discord::{Discord, Gives, SUPPORT},
};
use crate::house::{Base, House};
use serde_json::{Value, json};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n0000";

/// Whoever asks for a file waits, and somebody does.
async fn files_are_slow(discord: &Discord) {
    let asked = discord
        .api
        .until("a file asked for", |api| api.held.then_some(()));
    asked.await;
}

/// The names of the files in the only conversation, once there are so many.
async fn files(house: &House, token: &str, count: usize) -> Value {
    let id = only(house, token).await;
    let kept = |v: &Value| {
        let all = v["messages"].as_array().into_iter().flatten();
        let files = all.filter_map(|m| m["attachments"].as_array()).flatten();
        files.count() == count
    };
    house
        .until(token, &format!("conversations/{id}"), kept)
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn words_of_danger_do_not_wait_for_the_file_of_an_earlier_message() {
    let discord = Discord::open().await;
    let house = open(Base::Sqlite, &discord).await;
    let token = house.agent("Priya Shah", "agent");
    let place = discord.direct(70);
    discord.says(70, "your nurse shouted at me yesterday");
    discord.sent(place, 1).await;
    discord.api.change(|api| api.gives = Gives::Held);
    let photo = discord.attachment("bruise.png", "image/png", PNG);
    discord.writes(70, place, "my arm", json!({"attachments": [photo]}));
    files_are_slow(&discord).await;
    discord.says(70, "I want to die");
    assert!(discord.last(place, 2).await.text.contains("116 123"));
    discord.api.change(|api| api.gives = Gives::AtOnce);
    let seen = files(&house, &token, 1).await;
    assert_eq!(
        theirs(&seen),
        [
            "your nurse shouted at me yesterday",
            "I want to die",
            "my arm"
        ],
        "each once"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn words_of_danger_do_not_wait_for_the_file_that_came_with_them_and_go_with_it() {
    let discord = Discord::open().await;
    let house = open(Base::Sqlite, &discord).await;
    let token = house.agent("Priya Shah", "agent");
    let place = discord.direct(71);
    discord.api.change(|api| api.gives = Gives::Held);
    let photo = discord.attachment("pills.png", "image/png", PNG);
    let said = discord.writes(71, place, "I want to die", json!({"attachments": [photo]}));
    assert!(discord.last(place, 1).await.text.contains("116 123"));
    files_are_slow(&discord).await;
    discord.api.change(|api| api.gives = Gives::AtOnce);
    let seen = files(&house, &token, 1).await;
    assert_eq!(
        theirs(&seen),
        ["I want to die"],
        "the file stands beside it"
    );
    // What they take back goes whole.
    discord.event(
        "MESSAGE_DELETE",
        json!({"id": said.to_string(), "channel_id": place.to_string()}),
    );
    let id = only(&house, &token).await;
    let erased = |v: &Value| {
        let all = v["messages"].as_array().into_iter().flatten();
        all.filter(|m| m["erased"] == true).count() == 1
    };
    house
        .until(&token, &format!("conversations/{id}"), erased)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_in_public_is_not_taken_away_before_its_file_is_here() {
    let discord = Discord::open().await;
    let house = open(Base::Sqlite, &discord).await;
    let token = house.agent("Priya Shah", "agent");
    discord.api.change(|api| api.gives = Gives::Held);
    let photo = discord.attachment("pills.png", "image/png", PNG);
    let files_too = json!({"attachments": [photo]});
    let public = discord.writes(74, SUPPORT, "I want to die", files_too);
    let thread = discord.thread(74).await;
    assert!(discord.last(thread, 2).await.text.contains("116 123"));
    assert!(!discord.api.look().deleted.contains(&public));
    discord.api.change(|api| api.gives = Gives::AtOnce);
    files(&house, &token, 1).await;
    gone(&discord, public).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_to_words_of_danger_does_not_wait_for_a_file_either() {
    let discord = Discord::open().await;
    let house = open(Base::Sqlite, &discord).await;
    let token = house.agent("Priya Shah", "agent");
    let place = discord.direct(72);
    discord.api.change(|api| api.gives = Gives::Held);
    let photo = discord.attachment("arm.png", "image/png", PNG);
    let said = discord.writes(72, place, "my arm", json!({"attachments": [photo]}));
    files_are_slow(&discord).await;
    discord.event("MESSAGE_UPDATE", json!({"id": said.to_string(), "channel_id": place.to_string(), "author": {"id": "72", "username": "ann"}, "content": "I want to die", "edited_timestamp": "2026-11-24T10:05:00Z", "type": 0, "attachments": []}));
    assert!(discord.last(place, 1).await.text.contains("116 123"));
    discord.api.change(|api| api.gives = Gives::AtOnce);
    let seen = files(&house, &token, 1).await;
    assert_eq!(
        theirs(&seen),
        ["I want to die"],
        "the file stands beside it"
    );
    let safety = discord.api.look();
    let safety = safety.sent.iter().filter(|s| s.text.contains("116 123"));
    assert_eq!(safety.count(), 1, "said once");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_writes_next_does_not_wait_for_the_receipt_of_what_they_wrote_before() {
    let discord = Discord::open().await;
    let house = open(Base::Sqlite, &discord).await;
    let token = house.agent("Priya Shah", "agent");
    let place = discord.direct(73);
    discord.says(73, "I want a person");
    discord.sent(place, 1).await;
    let id = only(&house, &token).await;
    house
        .post(&token, &format!("conversations/{id}/claim"), json!({}))
        .await;
    discord.sent(place, 2).await;
    // The private thread for what stands in public takes its time.
    discord
        .api
        .change(|api| api.faults.add("thread", Fault::Hold, 1));
    discord.writes(73, SUPPORT, "she came late on Friday", Value::Null);
    discord
        .api
        .until("a thread asked for", |api| api.held.then_some(()))
        .await;
    discord.writes(73, SUPPORT, "and again on Sunday", Value::Null);
    let both = |v: &Value| theirs(v).len() == 3;
    house
        .until(&token, &format!("conversations/{id}"), both)
        .await;
    discord.api.change(|api| api.held = false);
    discord.thread(73).await;
    house
        .post(
            &token,
            &format!("conversations/{id}/messages"),
            json!({"id": "r", "text": "I'm here"}),
        )
        .await;
    let thread = discord.thread(73).await;
    assert_eq!(discord.last(thread, 2).await.text, "I'm here");
    let threads = {
        let api = discord.api.look();
        api.channels.values().filter(|k| **k == 12).count()
    };
    assert_eq!(threads, 1, "two receipts and an answer open one thread");
    assert_eq!(talks(&house, &token).await.len(), 1);
}

/// A program that asks again for files for so many seconds.
async fn patient(discord: &Discord, seconds: &str) -> House {
    let mut settings = discord.settings();
    settings.push(("NOHOLD_FILE_WAIT_SECONDS", seconds));
    let house = House::open_with(Base::Sqlite, &settings).await;
    let session = |api: &mut crate::fakes::discord::Api| (api.identified > 0).then_some(());
    discord.api.until("the session", session).await;
    house
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_in_public_stays_while_its_file_is_late_and_goes_when_it_is_here() {
    let discord = Discord::open().await;
    let house = patient(&discord, "600").await;
    let token = house.agent("Priya Shah", "agent");
    discord.api.change(|api| api.gives = Gives::Nothing);
    let photo = discord.attachment("bruise.png", "image/png", PNG);
    let words = "your nurse shouted at me yesterday";
    let public = discord.writes(75, SUPPORT, words, json!({"attachments": [photo]}));
    let thread = discord.thread(75).await;
    discord.sent(thread, 2).await;
    // Neither this answer nor the next takes it away.
    discord.writes(75, thread, "I live next door", Value::Null);
    discord.sent(thread, 3).await;
    assert!(!discord.api.look().deleted.contains(&public));
    discord.api.change(|api| api.gives = Gives::AtOnce);
    files(&house, &token, 1).await;
    gone(&discord, public).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_in_public_goes_where_its_file_never_comes_and_they_were_told() {
    let discord = Discord::open().await;
    let _house = patient(&discord, "1").await;
    discord.api.change(|api| api.gives = Gives::Nothing);
    let photo = discord.attachment("bruise.png", "image/png", PNG);
    let words = "your nurse shouted at me yesterday";
    let public = discord.writes(76, SUPPORT, words, json!({"attachments": [photo]}));
    let thread = discord.thread(76).await;
    let told = discord.sent(thread, 3).await;
    assert!(told[2].text.contains("send it once more"), "{told:?}");
    gone(&discord, public).await;
}
