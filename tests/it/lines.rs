//! Lines that are down, lines that come back, what is not switched on, and who may bring updates.

use crate::fakes::{Fault, discord::Discord, telegram::Telegram};
use crate::house::{Base, House};
use reqwest::StatusCode;
use serde_json::json;

/// Now, as Telegram tells times.
#[expect(clippy::disallowed_methods, reason = "the fakes are the outside")]
fn seconds_now() -> i64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.expect("after 1970").as_secs() as i64
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_is_believed_by_its_secret_and_answered_when_it_is_on_disk() {
    let telegram = Telegram::open().await;
    let mut settings = telegram.settings();
    settings.push((
        "NOHOLD_TELEGRAM_WEBHOOK",
        "https://support.example.org/api/v1/inboxes/telegram/webhook",
    ));
    settings.push(("NOHOLD_TELEGRAM_WEBHOOK_SECRET", "sesame_open"));
    let house = House::open_with(Base::Sqlite, &settings).await;
    let (url, secret) = telegram
        .api
        .until("the webhook", |api| api.webhook.clone())
        .await;
    assert_eq!(
        (url.as_str(), secret.as_str()),
        (
            "https://support.example.org/api/v1/inboxes/telegram/webhook",
            "sesame_open"
        )
    );
    telegram.api.change(|api| {
        api.chats.insert(95);
    });
    let update = json!({"update_id": 1, "message": crate::fakes::telegram::private(95, 1, json!({"text": "hello"}))});
    let bring = |secret: &'static str, body: String| {
        house
            .client
            .post(format!("{}/api/v1/inboxes/telegram/webhook", house.url))
            .header("X-Telegram-Bot-Api-Secret-Token", secret)
            .body(body)
            .send()
    };
    assert_eq!(
        bring("guess", update.to_string())
            .await
            .expect("an answer")
            .status(),
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        bring("sesame_open", "{".to_owned())
            .await
            .expect("an answer")
            .status(),
        StatusCode::BAD_REQUEST
    );
    for _ in 0..2 {
        assert_eq!(
            bring("sesame_open", update.to_string())
                .await
                .expect("an answer")
                .status(),
            StatusCode::OK
        );
    }
    telegram.sent(95, 1).await;
    assert_eq!(telegram.api.look().polls, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn telegram_down_is_told_and_the_others_serve() {
    let telegram = Telegram::open().await;
    for (name, value, reason) in [
        ("NOHOLD_TELEGRAM_TOKEN", "1:wrong", "token"),
        ("NOHOLD_TELEGRAM_API", "http://127.0.0.1:9", "network"),
    ] {
        let mut settings = telegram.settings();
        settings.retain(|(n, _)| *n != name);
        settings.push((name, value));
        let house = House::open_with(Base::Sqlite, &settings).await;
        let token = house.agent("Priya Shah", "agent");
        let lines = house
            .until(&token, "inboxes", |v| v["inboxes"][0]["state"] == "down")
            .await;
        assert_eq!(lines["inboxes"][0]["reason"], reason);
        assert!(
            crate::house::words(&house.says("p", "1", "hello").await).contains("welcome"),
            "the others serve"
        );
        let log = house.log();
        assert!(
            log.contains("is down") && log.contains("NOHOLD_TELEGRAM"),
            "{log}"
        );
        assert!(
            !log.contains("AAHdqTcv") && !log.contains("1:wrong"),
            "no token in the log: {log}"
        );
    }
    // What answers is something else: our own program.
    let other = House::open(Base::Sqlite).await;
    let mut settings = telegram.settings();
    settings.retain(|(n, _)| *n != "NOHOLD_TELEGRAM_API");
    settings.push(("NOHOLD_TELEGRAM_API", &other.url));
    let house = House::open_with(Base::Sqlite, &settings).await;
    let token = house.agent("Priya Shah", "agent");
    let lines = house
        .until(&token, "inboxes", |v| v["inboxes"][0]["state"] == "down")
        .await;
    assert_eq!(lines["inboxes"][0]["reason"], "address");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_comes_back_is_told_too() {
    let telegram = Telegram::open().await;
    telegram
        .api
        .change(|api| api.faults.add("getme", Fault::Broken, 1));
    let house = House::open_with(Base::Sqlite, &telegram.settings()).await;
    let token = house.agent("Priya Shah", "agent");
    house
        .until(&token, "inboxes", |v| v["inboxes"][0]["state"] == "down")
        .await;
    house
        .until(&token, "inboxes", |v| v["inboxes"][0]["state"] == "up")
        .await;
    telegram.says(7, "hello");
    telegram.sent(7, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_switched_on_is_said_in_words_and_the_rest_works() {
    let discord = Discord::open().await;
    discord.api.change(|api| {
        api.content_granted = false;
        api.rights = 1 << 10 | 1 << 36 | 1 << 38 | 1 << 15;
        api.everybody = 1 << 10 | 1 << 11;
        api.support_kind = 15;
    });
    let house = House::open_with(Base::Sqlite, &discord.settings()).await;
    let token = house.agent("Priya Shah", "agent");
    let lines = house
        .until(&token, "inboxes", |v| v["inboxes"][0]["state"] == "up")
        .await;
    let warnings = lines["inboxes"][0]["warnings"].to_string();
    assert!(
        warnings.contains("Message Content Intent") && warnings.contains("Manage Messages"),
        "{warnings}"
    );
    assert!(
        warnings.contains("Read Message History") && warnings.contains("no text channel"),
        "{warnings}"
    );
    assert!(
        warnings.contains("answer in their private thread"),
        "{warnings}"
    );
    let place = discord.direct(18);
    discord.says(18, "hello");
    discord.sent(place, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn discord_down_is_told_and_the_others_serve() {
    let discord = Discord::open().await;
    let other = House::open(Base::Sqlite).await;
    for (name, value, reason) in [
        ("NOHOLD_DISCORD_TOKEN", "wrong", "token"),
        ("NOHOLD_DISCORD_API", "http://127.0.0.1:9", "network"),
        ("NOHOLD_DISCORD_API", other.url.as_str(), "address"),
    ] {
        let mut settings = discord.settings();
        settings.retain(|(n, _)| *n != name);
        settings.push((name, value));
        let house = House::open_with(Base::Sqlite, &settings).await;
        let token = house.agent("Priya Shah", "agent");
        let lines = house
            .until(&token, "inboxes", |v| v["inboxes"][0]["state"] == "down")
            .await;
        assert_eq!(lines["inboxes"][0]["reason"], reason, "{value}");
        assert!(crate::house::words(&house.says("p", "1", "hello").await).contains("welcome"));
        assert!(!house.log().contains("MTk4Nj"), "no token in the log");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_telegram_says_of_the_webhook_is_the_lines_state() {
    let telegram = Telegram::open().await;
    let mut settings = telegram.settings();
    settings.push((
        "NOHOLD_TELEGRAM_WEBHOOK",
        "https://support.example.org/api/v1/inboxes/telegram/webhook",
    ));
    settings.push(("NOHOLD_TELEGRAM_WEBHOOK_SECRET", "sesame_open"));
    telegram.api.change(|api| {
        api.waiting = 12;
        api.last_error = Some((
            seconds_now() - 60,
            "SSL error: certificate expired".to_owned(),
        ));
    });
    let house = House::open_with(Base::Sqlite, &settings).await;
    let token = house.agent("Priya Shah", "agent");
    let lines = house
        .until(&token, "inboxes", |v| v["inboxes"][0]["state"] == "down")
        .await;
    let words = lines["inboxes"][0]["words"].as_str().expect("words");
    assert!(
        words.contains("certificate expired") && words.contains("12"),
        "{words}"
    );
    telegram.api.change(|api| api.waiting = 0);
    let lines = house
        .until(&token, "inboxes", |v| v["inboxes"][0]["state"] == "up")
        .await;
    let warnings = lines["inboxes"][0]["warnings"].to_string();
    assert!(warnings.contains("certificate expired"), "{warnings}");
}
