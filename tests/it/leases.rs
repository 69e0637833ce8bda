//! What one program does at a time: never two, and soon another where the one dies.

use crate::{
    fakes::{Fault, telegram::Telegram},
    house::{Base, House},
    several::until,
    socket::open_feed,
    telegram::{detail, theirs},
};
use serde_json::Value;
use std::time::Duration;

const LINE: &str = "line:telegram";

/// The place of the program that has the line of Telegram, once one has.
async fn holder(houses: &[House]) -> usize {
    let looking = async {
        loop {
            for (place, house) in houses.iter().enumerate() {
                if house.readiness().await.contains(LINE) {
                    return place;
                }
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let found = tokio::time::timeout(Duration::from_mins(1), looking).await;
    found.expect("somebody has the line")
}

/// Waits until so many messages of people are on disk.
async fn taken(house: &House, count: usize) {
    let counted = "SELECT CAST(count(*) AS TEXT) FROM messages WHERE author = 'contact'";
    let enough = |rows: &[String]| rows[0].parse::<usize>().is_ok_and(|n| n >= count);
    house.until_rows(counted, enough).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Postgres: run ./scripts/test"]
async fn whoever_has_telegrams_line_is_killed_again_and_again_and_nobody_is_answered_twice() {
    let telegram = Telegram::open().await;
    let first = House::open_with(Base::Postgres, &telegram.settings()).await;
    let second = first.beside(&telegram.settings()).await;
    let third = first.beside(&telegram.settings()).await;
    let mut houses = [first, second, third];
    let token = houses[0].agent("Priya Shah", "agent");
    let mut said = Vec::new();
    for round in 0..4 {
        let has = holder(&houses).await;
        // Answered by whoever has the line; then more comes, and it dies.
        for n in 0..3 {
            said.push(format!("message {n} of round {round}"));
            telegram.says(7, said.last().expect("one"));
        }
        taken(&houses[has], said.len() - 2).await;
        houses[has].kill();
        said.push(format!("said while nobody heard, {round}"));
        telegram.says(7, said.last().expect("one"));
        let next = holder(&houses).await;
        assert_ne!(next, has);
        telegram.all_confirmed().await;
        houses[has].start().await;
    }
    let house = &houses[0];
    let open = "SELECT CAST(count(*) AS TEXT) FROM outbox UNION ALL SELECT CAST(count(*) AS TEXT) FROM arrivals";
    house.until_rows(open, |rows| rows == ["0", "0"]).await;
    let shown = detail(house, &token, 7).await;
    assert_eq!(theirs(&shown), said, "each once, in order");
    let messages = shown["messages"].as_array().expect("a list");
    let answers = messages.iter().filter(|m| m["from"] == "bot");
    let answers = answers.filter_map(|m| m["text"].as_str());
    let (sent, most_asking) = {
        let api = telegram.api.look();
        (api.sent.clone(), api.most_asking)
    };
    // By how they begin: a secret word stands in what is sent alone.
    let begins = |text: &str| text.chars().take(60).collect::<String>();
    let mut sent: Vec<String> = sent.iter().map(|s| begins(&s.text)).collect();
    let mut answers: Vec<String> = answers.map(begins).collect();
    assert!(
        sent.len() <= answers.len() + 4,
        "one more a kill at most: {} of {}",
        sent.len(),
        answers.len()
    );
    // One that was out when its sender died, before that was written down, is sent once more: nobody can know.
    sent.dedup();
    answers.dedup();
    assert_eq!(sent, answers, "every answer in order");
    assert_eq!(most_asking, 1, "two never asked at once");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Postgres: run ./scripts/test"]
async fn a_program_that_is_asked_to_stop_hands_its_line_on_at_once() {
    let telegram = Telegram::open().await;
    let one = House::open_with(Base::Postgres, &telegram.settings()).await;
    let two = one.beside(&telegram.settings()).await;
    let mut houses = [one, two];
    let agent = houses[0].agent("Priya Shah", "agent");
    for round in 0..3 {
        let has = holder(&houses).await;
        let other = 1 - has;
        houses[other]
            .until(&agent, "inboxes", |l| l["inboxes"][0]["state"] == "up")
            .await;
        let code = tokio::task::block_in_place(|| houses[has].stop());
        assert_eq!(code, Some(0));
        houses[other]
            .until_ready("took over", |r| r.contains(LINE))
            .await;
        telegram.says(7 + round, "hello");
        telegram.sent(7 + round, 1).await;
        houses[other]
            .until(&agent, "inboxes", |l| l["inboxes"][0]["state"] == "up")
            .await;
        houses[has].start().await;
    }
    assert_eq!(telegram.api.look().most_asking, 1);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Postgres: run ./scripts/test"]
async fn what_another_program_was_brought_by_webhook_is_handled_by_whoever_has_the_line() {
    let telegram = Telegram::open().await;
    let hook = "https://care.example/api/v1/inboxes/telegram/webhook";
    let mut settings = telegram.settings();
    settings.push(("NOHOLD_TELEGRAM_WEBHOOK", hook));
    settings.push(("NOHOLD_TELEGRAM_WEBHOOK_SECRET", "a-secret-of-the-webhook"));
    let one = House::open_with(Base::Postgres, &settings).await;
    let two = one.beside(&settings).await;
    let houses = [one, two];
    let agent = houses[0].agent("Priya Shah", "agent");
    telegram
        .api
        .until("the webhook", |api| api.webhook.clone())
        .await;
    holder(&houses).await;
    let mut said = Vec::new();
    for n in 0..10 {
        let text = format!("message {n}");
        let update = serde_json::json!({"update_id": 5000 + n, "message": crate::fakes::telegram::private(7, 100 + n, serde_json::json!({"text": text}))});
        let house = &houses[n as usize % 2];
        let brought = house
            .client
            .post(format!("{}/api/v1/inboxes/telegram/webhook", house.url))
            .header("x-telegram-bot-api-secret-token", "a-secret-of-the-webhook")
            .json(&update);
        assert_eq!(brought.send().await.expect("an answer").status(), 200);
        said.push(text);
    }
    taken(&houses[0], said.len()).await;
    let shown = detail(&houses[0], &agent, 7).await;
    assert_eq!(
        theirs(&shown),
        said,
        "each once, in order, wherever it was brought"
    );
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Postgres: run ./scripts/test"]
async fn a_line_that_is_down_at_one_program_is_said_at_the_desk_of_the_other() {
    let telegram = Telegram::open().await;
    let one = House::open_with(Base::Postgres, &telegram.settings()).await;
    let two = one.beside(&telegram.settings()).await;
    let houses = [one, two];
    let agent = houses[0].agent("Priya Shah", "agent");
    let other = &houses[1 - holder(&houses).await];
    let state = |l: &Value| l["inboxes"][0]["state"].clone();
    other.until(&agent, "inboxes", |l| state(l) == "up").await;
    let mut feed = open_feed(other, &agent, "").await;
    until(&mut feed, |f| f["type"] == "ready").await;
    telegram
        .api
        .change(|api| api.faults.add("getupdates", Fault::Broken, 3));
    telegram.says(7, "hello");
    let told = until(&mut feed, |f| f["type"] == "inbox").await;
    assert_eq!(told["inbox"], "telegram");
    let shown = other.until(&agent, "inboxes", |l| state(l) == "down").await;
    assert_eq!(shown["inboxes"][0]["reason"], "trouble");
    let up = other.until(&agent, "inboxes", |l| state(l) == "up").await;
    assert_eq!(up["inboxes"][0]["words"], Value::Null);
    telegram.sent(7, 1).await;
}
