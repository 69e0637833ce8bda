//! Killed at any instant: what was acknowledged is there, once, in order.

use crate::house::{Base, House, TOKEN};
use crate::on_both;
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio::sync::Mutex;

const PEOPLE: usize = 6;
const KILLS: usize = 12;

on_both! {
    async fn a_dozen_kills_under_load_lose_double_and_reorder_nothing(base: Base) {
        let house = Arc::new(Mutex::new(House::open(base).await));
        let (url, client) = { let h = house.lock().await; (h.url.clone(), h.client.clone()) };
        let done = Arc::new(std::sync::atomic::AtomicBool::new(false));
        // Each person writes one message after the other, and each again until it is acknowledged.
        let people: Vec<_> = (0..PEOPLE).map(|p| {
            let (url, client, done) = (url.clone(), client.clone(), Arc::clone(&done));
            tokio::spawn(async move {
                let mut answers: Vec<Value> = Vec::new();
                while !done.load(std::sync::atomic::Ordering::SeqCst) || answers.len() < 5 {
                    let n = answers.len();
                    let body = json!({"id": format!("p{p}-{n}"), "sender": {"id": format!("p{p}")}, "text": format!("message number {n} of person {p}")});
                    match client.post(format!("{url}/api/v1/inboxes/http/messages")).bearer_auth(TOKEN).json(&body).send().await {
                        Ok(answer) if answer.status() == StatusCode::OK => {
                            if let Ok(answer) = answer.json().await { answers.push(answer) }
                        }
                        Ok(answer) => assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE, "never silence, never half an answer"),
                        Err(_) => tokio::time::sleep(Duration::from_millis(5)).await,
                    }
                }
                answers
            })
        }).collect();
        for _ in 0..KILLS {
            let mut house = house.lock().await;
            // Kill in the middle of the work: as soon as some more has been taken.
            let before = taken(&client, &url).await;
            while taken(&client, &url).await < before + 20 {
                tokio::task::yield_now().await;
            }
            house.kill();
            house.start().await;
        }
        done.store(true, std::sync::atomic::Ordering::SeqCst);
        let mut acknowledged: HashMap<usize, Vec<Value>> = HashMap::new();
        for (p, person) in people.into_iter().enumerate() {
            acknowledged.insert(p, person.await.expect("the person ends"));
        }
        let house = house.lock().await;
        let token = house.agent("Priya Shah", "agent");
        for (p, answers) in acknowledged {
            let id = answers[0]["conversation"].as_str().expect("an id").to_owned();
            let detail = house.get(&token, &format!("conversations/{id}")).await;
            let messages = detail["messages"].as_array().expect("a list");
            let theirs: Vec<&str> = messages.iter().filter(|m| m["from"] == "contact").filter_map(|m| m["text"].as_str()).collect();
            let expected: Vec<String> = (0..answers.len()).map(|n| format!("message number {n} of person {p}")).collect();
            assert_eq!(theirs, expected, "person {p}: every message once, in order");
            let replies: Vec<&str> = answers.iter().flat_map(|a| a["replies"].as_array().expect("a list")).filter_map(|r| r["id"].as_str()).collect();
            let stored: Vec<&str> = messages.iter().filter(|m| m["from"] == "bot").filter_map(|m| m["id"].as_str()).collect();
            assert_eq!(stored, replies, "person {p}: every reply that was given, once, in order");
        }
    }
}

/// How many messages the program has taken since it started; 0 while it does not answer.
async fn taken(client: &reqwest::Client, url: &str) -> u64 {
    let Ok(answer) = client
        .get(format!("{url}/metrics"))
        .bearer_auth(TOKEN)
        .send()
        .await
    else {
        return 0;
    };
    let text = answer.text().await.unwrap_or_default();
    let line = text
        .lines()
        .find(|l| l.starts_with("nohold_events_total{kind=\"message\"}"));
    line.and_then(|l| l.split(' ').nth(1)?.parse().ok())
        .unwrap_or(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn asked_to_stop_it_finishes_what_it_accepted_and_ends_well() {
    let mut house = House::open(Base::Sqlite).await;
    let url = house.url.clone();
    let client = house.client.clone();
    let calls: Vec<_> = (0..40)
        .map(|n| {
            let (client, url) = (client.clone(), url.clone());
            tokio::spawn(async move {
                let body = json!({"id": n.to_string(), "sender": {"id": "s"}, "text": "hello"});
                client
                    .post(format!("{url}/api/v1/inboxes/http/messages"))
                    .bearer_auth(TOKEN)
                    .json(&body)
                    .send()
                    .await
                    .map(|a| a.status())
            })
        })
        .collect();
    while taken(&client, &url).await < 1 {
        tokio::task::yield_now().await;
    }
    let code = tokio::task::block_in_place(|| house.stop());
    assert_eq!(code, Some(0), "{}", house.log());
    let mut accepted = 0;
    for call in calls {
        if let Ok(status) = call.await.expect("the call ends") {
            assert!(
                matches!(status, StatusCode::OK | StatusCode::SERVICE_UNAVAILABLE),
                "{status}"
            );
            accepted += usize::from(status == StatusCode::OK);
        }
    }
    house.start().await;
    let token = house.agent("Priya Shah", "agent");
    let bot = house.get(&token, "conversations?status=bot").await;
    let id = bot["conversations"][0]["id"].as_str().map(str::to_owned);
    let queue = house.get(&token, "queue").await;
    let id = id
        .or_else(|| queue["conversations"][0]["id"].as_str().map(str::to_owned))
        .expect("the conversation");
    let detail = house.get(&token, &format!("conversations/{id}")).await;
    let theirs = detail["messages"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|m| m["from"] == "contact")
        .count();
    assert!(theirs >= accepted, "{theirs} of {accepted} accepted");
}
