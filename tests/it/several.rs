//! Several programs on one Postgres: what one of them commits, the others tell.

use crate::{
    fakes::instant,
    house::{Base, House, TOKEN},
    socket::{Socket, next, open_feed},
};
use futures_util::SinkExt;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;
use tokio_tungstenite::tungstenite::Message;

impl House {
    /// One more program on the same database, with its own address.
    pub(crate) async fn beside(&self, settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut other = Self::on(self.database.clone(), folder, settings);
        other.start().await;
        other
    }

    /// What it says of itself when it is asked whether it can take messages.
    pub(crate) async fn readiness(&self) -> String {
        let asked = self.client.get(format!("{}/readyz", self.url)).send().await;
        match asked {
            Ok(answer) => answer.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    /// Waits until it says something that fits.
    pub(crate) async fn until_ready(&self, what: &str, fits: impl Fn(&str) -> bool) {
        let asking = async {
            while !fits(&self.readiness().await) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let asked = tokio::time::timeout(Duration::from_mins(1), asking).await;
        assert!(asked.is_ok(), "never {what}:\n{}", self.log());
    }
}

/// The web chat's line of a visitor, up to where nothing more is told of before.
pub(crate) async fn visitor_line(house: &House, secret: &str) -> Socket {
    let url = format!(
        "{}/api/v1/inboxes/web/socket",
        house.url.replace("http", "ws")
    );
    let (mut line, _) = tokio_tungstenite::connect_async(url).await.expect("a line");
    let hello = json!({"type": "hello", "token": secret, "after": 0}).to_string();
    line.send(Message::text(hello)).await.expect("sent");
    until(&mut line, |frame| frame["type"] == "ready").await;
    line
}

/// The next frame that fits.
pub(crate) async fn until(line: &mut Socket, fits: impl Fn(&Value) -> bool) -> Value {
    let looking = async {
        loop {
            let frame = next(line).await;
            if fits(&frame) {
                return frame;
            }
        }
    };
    let found = tokio::time::timeout(Duration::from_secs(30), looking).await;
    found.expect("it is told")
}

/// A visitor's secret, as their page makes it.
pub(crate) fn secret(name: &str) -> String {
    format!("{name:-<40}")
}

pub(crate) async fn writes(house: &House, secret: &str, id: &str, text: &str) -> Value {
    let said = json!({"id": id, "text": text});
    let (status, body) = house.post(secret, "inboxes/web/messages", said).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    body
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Postgres: run ./scripts/test"]
async fn what_is_said_at_one_program_is_seen_at_the_other() {
    let one = House::open(Base::Postgres).await;
    let other = one.beside(&[]).await;
    let agent = one.agent("Priya Shah", "agent");
    let visitor = secret("ann");
    let written = writes(&one, &visitor, "1", "I want to speak to a person").await;
    let id = written["conversation"].as_str().expect("an id").to_owned();

    // Her page is open at one program, his desk at the other.
    let mut page = visitor_line(&one, &visitor).await;
    let mut desk = open_feed(&other, &agent, "").await;
    until(&mut desk, |frame| frame["type"] == "ready").await;
    writes(&one, &visitor, "2", "Is anybody there?").await;
    let told = until(&mut desk, |f| f["type"] == "message").await;
    assert_eq!(told["conversation"], id.as_str());
    let (status, _) = other
        .post(&agent, &format!("conversations/{id}/claim"), json!({}))
        .await;
    assert_eq!(status, StatusCode::OK);
    until(&mut page, |f| {
        f["type"] == "status" && f["agent"] == "Priya"
    })
    .await;
    let reply = json!({"id": "r1", "text": "Hello Ann, I am here."});
    let (status, body) = other
        .post(&agent, &format!("conversations/{id}/messages"), reply)
        .await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let heard = until(&mut page, |f| {
        f["type"] == "message" && f["from"] == "agent"
    })
    .await;
    assert_eq!(heard["text"], "Hello Ann, I am here.");

    // What is kept nowhere crosses too.
    page.send(Message::text(json!({"type": "typing"}).to_string()))
        .await
        .expect("sent");
    let typing = until(&mut desk, |f| f["type"] == "typing").await;
    assert_eq!(typing["conversation"], id.as_str());
    let (status, _) = other
        .post(&agent, &format!("conversations/{id}/typing"), json!({}))
        .await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    until(&mut page, |f| f["type"] == "typing").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Postgres: run ./scripts/test"]
async fn danger_heard_by_one_program_alarms_the_desk_at_the_other_and_a_long_poll_returns() {
    let one = House::open(Base::Postgres).await;
    let other = one.beside(&[]).await;
    let agent = one.agent("Priya Shah", "agent");
    let mut desk = open_feed(&other, &agent, "").await;
    until(&mut desk, |frame| frame["type"] == "ready").await;
    let said = one
        .says("ben", "1", "I can't go on, I want to end it all")
        .await;
    let id = said["conversation"].as_str().expect("an id").to_owned();
    let alarm = until(&mut desk, |f| f["type"] == "alert").await;
    assert_eq!(
        alarm,
        json!({"type": "alert", "conversation": id, "alert": {"alert": "danger", "red_flag": "self_harm"}})
    );

    // A program waits at one for an agent's words, who writes at the other.
    let last = said["replies"]
        .as_array()
        .and_then(|r| r.last())
        .expect("a reply")["id"]
        .clone();
    let path = format!(
        "inboxes/http/conversations/ben/messages?after={}&wait=30",
        last.as_str().expect("an id")
    );
    let waits = one.get(TOKEN, &path);
    let answers = async {
        let claim = format!("conversations/{id}/claim");
        other.post(&agent, &claim, json!({})).await
    };
    let begun = instant();
    let (came, (status, _)) = tokio::join!(waits, answers);
    assert_eq!(status, StatusCode::OK);
    let said = came["messages"][0]["text"].as_str().expect("words");
    assert!(said.starts_with("Priya is here now"), "{said}");
    assert!(
        begun.elapsed() < Duration::from_secs(10),
        "it did not wait for its end"
    );
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Postgres: run ./scripts/test"]
async fn whoever_is_shut_out_at_one_program_sees_nothing_more_at_the_other() {
    let one = House::open(Base::Postgres).await;
    let other = one.beside(&[]).await;
    let (admin, ben) = (
        one.agent("Mo Bell", "admin"),
        one.agent("Ben Ward", "agent"),
    );
    let mut desk = open_feed(&other, &ben, "").await;
    until(&mut desk, |frame| frame["type"] == "ready").await;
    let agents = one.get(&admin, "agents").await;
    let all = agents["agents"].as_array().expect("a list");
    let id = all.iter().find(|a| a["name"] == "Ben Ward").expect("him")["id"].clone();
    let path = format!("agents/{}", id.as_str().expect("an id"));
    let shut = json!({"disabled": true});
    let answer = one.call(&admin, Method::PATCH, &path, Some(shut)).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let closed = async {
        use futures_util::StreamExt;
        while let Some(Ok(frame)) = desk.next().await {
            if matches!(frame, Message::Close(_)) {
                return;
            }
        }
    };
    let closed = tokio::time::timeout(Duration::from_secs(30), closed).await;
    assert!(closed.is_ok(), "the line is closed");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Postgres: run ./scripts/test"]
async fn a_listener_that_is_cut_off_reads_on_from_its_place_and_listens_again() {
    let one = House::open(Base::Postgres).await;
    let other = one.beside(&[]).await;
    let agent = one.agent("Priya Shah", "agent");
    let mut desk = open_feed(&other, &agent, "").await;
    until(&mut desk, |frame| frame["type"] == "ready").await;
    for round in 0..5 {
        for house in [&one, &other] {
            house
                .until_ready("heard", |r| r.contains("hears others: yes"))
                .await;
        }
        let cut = one
            .rows("SELECT CAST(pg_terminate_backend(pid) AS TEXT) FROM pg_stat_activity WHERE application_name = 'nohold listener' AND datname = current_database()")
            .await;
        assert_eq!(cut, ["true", "true"]);
        let mut expected = Vec::new();
        for n in 0..4 {
            let said = one.says("cy", &format!("{round}-{n}"), "hello").await;
            expected.push(said["conversation"].clone());
        }
        let mut seen = Vec::new();
        while seen.len() < 4 {
            let frame = until(&mut desk, |f| f["type"] == "message").await;
            seen.push(frame);
        }
        let ids: Vec<i64> = seen.iter().filter_map(|f| f["id"].as_i64()).collect();
        assert!(
            ids.is_sorted_by(|a, b| a < b),
            "each once, in order: {ids:?}"
        );
        let of: Vec<Value> = seen.iter().map(|f| f["conversation"].clone()).collect();
        assert_eq!(of, expected);
    }
}
