//! The program is killed between every two steps of receiving and sending; what was promised holds.
//!
//! The steps are told apart from outside: a fake holds a call, or the test holds the database, and then the program is
//! killed where it stands.

use crate::fakes::{
    Fault,
    discord::Discord,
    telegram::{Sent, Telegram},
};
use crate::house::{Base, House};
use sqlx::{AnyConnection, Connection};

/// Somebody else holds the database: nothing can be written until this is dropped.
async fn hold(house: &House) -> AnyConnection {
    sqlx::any::install_default_drivers();
    let mut holder = AnyConnection::connect(&house.database)
        .await
        .expect("the database opens");
    sqlx::query("BEGIN IMMEDIATE")
        .execute(&mut holder)
        .await
        .expect("held");
    holder
}

async fn count(house: &House, what: &str) -> usize {
    let rows = house
        .rows("SELECT text FROM messages WHERE author = 'contact'")
        .await;
    rows.iter().filter(|r| r.contains(what)).count()
}

fn texts(sent: &[Sent]) -> Vec<&str> {
    sent.iter().map(|s| s.text.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_telegram_gave_an_update_and_before_it_was_on_disk() {
    let telegram = Telegram::open().await;
    let mut house = House::open_with(Base::Sqlite, &telegram.settings()).await;
    let holder = hold(&house).await;
    telegram.says(1, "your nurse shouted at me");
    telegram
        .api
        .until("the update given", |api| (api.given > 0).then_some(()))
        .await;
    house.kill();
    assert_eq!(telegram.api.look().confirmed, 0, "nothing was confirmed");
    drop(holder);
    house.start().await;
    let sent = telegram.sent(1, 1).await;
    assert!(sent[0].text.contains("NH-"), "{sent:?}");
    assert_eq!(count(&house, "shouted").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_an_update_was_confirmed_and_before_it_was_answered() {
    let telegram = Telegram::open().await;
    let png = telegram.file(b"\x89PNG\r\n\x1a\n0000");
    telegram
        .api
        .change(|api| api.faults.add("getfile", Fault::Hold, 1));
    let mut house = House::open_with(Base::Sqlite, &telegram.settings()).await;
    telegram.sends(2, serde_json::json!({"caption": "your nurse hurt my arm", "photo": [{"file_id": png, "file_unique_id": "u", "width": 9, "height": 9, "file_size": 12}]}));
    telegram
        .api
        .until("the file asked for", |api| api.held.then_some(()))
        .await;
    telegram.all_confirmed().await;
    house.kill();
    telegram.api.change(|api| api.held = false);
    assert_eq!(telegram.api.look().sent.len(), 0);
    house.start().await;
    telegram.sent(2, 1).await;
    assert_eq!(count(&house, "hurt my arm").await, 1);
    let files = house.rows("SELECT name FROM attachments").await;
    assert_eq!(files, ["photo.png"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_the_answer_was_decided_and_before_it_was_sent() {
    let telegram = Telegram::open().await;
    telegram
        .api
        .change(|api| api.faults.add("sendmessage", Fault::TooFast(1), 1));
    let mut house = House::open_with(Base::Sqlite, &telegram.settings()).await;
    telegram.says(3, "your nurse shouted at me");
    telegram
        .api
        .until("the first attempt", |api| {
            api.refused
                .contains(&"sendmessage".to_owned())
                .then_some(())
        })
        .await;
    house.kill();
    house.start().await;
    telegram.says(3, "/help");
    let sent = telegram.sent(3, 2).await;
    assert!(sent[0].text.contains("NH-"), "in order: {:?}", texts(&sent));
    assert_eq!(count(&house, "shouted").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_telegram_took_the_answer_and_before_that_was_on_disk() {
    let telegram = Telegram::open().await;
    let mut house = House::open_with(Base::Sqlite, &telegram.settings()).await;
    telegram
        .api
        .change(|api| api.faults.add("sendmessage", Fault::AcceptAndHang, 1));
    telegram.says(4, "your nurse shouted at me");
    telegram.sent(4, 1).await;
    house.kill();
    house.start().await;
    telegram.says(4, "/help");
    // Telegram has no way to say that it is the same message: one repeat a crash, and nothing lost or out of order.
    let sent = telegram.sent(4, 3).await;
    assert_eq!(sent[0].text, sent[1].text);
    assert!(sent[2].text.contains("/agent"), "{:?}", texts(&sent));
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_between_two_parts_of_a_long_answer() {
    let telegram = Telegram::open().await;
    let mut house = House::open_with(Base::Sqlite, &telegram.settings()).await;
    let token = house.agent("Priya Shah", "agent");
    telegram.says(5, "I want a person");
    telegram.sent(5, 1).await;
    let queue = house.get(&token, "queue").await;
    let id = queue["conversations"][0]["id"].as_str().expect("waits");
    house
        .post(
            &token,
            &format!("conversations/{id}/claim"),
            serde_json::json!({}),
        )
        .await;
    telegram.sent(5, 2).await;
    let long = "I am sorry that this took so long. ".repeat(300);
    telegram.api.change(|api| {
        api.faults.skip("sendmessage", 1);
        api.faults.add("sendmessage", Fault::Hold, 1);
    });
    house
        .post(
            &token,
            &format!("conversations/{id}/messages"),
            serde_json::json!({"id": "r", "text": long}),
        )
        .await;
    telegram
        .api
        .until("the second part held", |api| api.held.then_some(()))
        .await;
    house.kill();
    // The held call is never let go: its caller is dead, and it must not be done after all.
    telegram.api.change(|api| api.sent.truncate(3));
    house.start().await;
    let sent = telegram.sent(5, 5).await;
    let whole: Vec<&str> = texts(&sent)[2..].to_vec();
    assert_eq!(
        whole.join(" "),
        long.trim(),
        "the first part is not sent again"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_discord_gave_an_event_and_before_it_was_on_disk() {
    let discord = Discord::open().await;
    let mut house = House::open_with(Base::Sqlite, &discord.settings()).await;
    discord
        .api
        .until("the session", |api| (api.identified > 0).then_some(()))
        .await;
    let place = discord.direct(6);
    discord.says(6, "hello");
    discord.sent(place, 1).await;
    let holder = hold(&house).await;
    // Acknowledged at once, so it is known to have been given.
    let button = discord.acts(
        6,
        place,
        2,
        serde_json::json!({"id": "1", "name": "help", "type": 1}),
    );
    discord.answer(&button).await;
    house.kill();
    drop(holder);
    house.start().await;
    assert!(discord.last(place, 2).await.text.contains("/agent"));
    assert_eq!(count(&house, "/help").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_a_thread_was_opened_and_before_the_answer_was_sent() {
    let discord = Discord::open().await;
    // The word of welcome goes through; the answer is held.
    discord.api.change(|api| {
        api.faults.skip("send", 1);
        api.faults.add("send", Fault::Hold, 1);
    });
    let mut house = House::open_with(Base::Sqlite, &discord.settings()).await;
    discord
        .api
        .until("the session", |api| (api.identified > 0).then_some(()))
        .await;
    discord.writes(
        7,
        crate::fakes::discord::SUPPORT,
        "your nurse shouted at me",
        serde_json::Value::Null,
    );
    let thread = discord.thread(7).await;
    discord
        .api
        .until("the answer held", |api| api.held.then_some(()))
        .await;
    house.kill();
    assert!(
        discord.api.look().deleted.is_empty(),
        "what was written in public stays until the answer is out"
    );
    house.start().await;
    assert!(discord.last(thread, 2).await.text.contains("NH-"));
    let threads = discord
        .api
        .look()
        .channels
        .values()
        .filter(|k| **k == 12)
        .count();
    assert_eq!(threads, 1, "no second thread");
    assert_eq!(count(&house, "shouted").await, 1);
}
