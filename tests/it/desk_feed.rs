//! The desk's feed: everything that changes, as it changes, from the last entry seen.

use crate::house::{Base, House};
use crate::on_both;
use crate::socket::{Socket, next, open_feed};
use futures_util::StreamExt;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

/// Reads until the line closes.
async fn closes(mut socket: Socket) -> bool {
    let reading = async {
        while let Some(Ok(frame)) = socket.next().await {
            if frame.is_close() {
                break;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(10), reading)
        .await
        .is_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_signs_out_or_is_put_out_sees_nothing_more() {
    let house = House::open(Base::Sqlite).await;
    let (ada, priya) = (
        house.agent("Ada Obi", "admin"),
        house.agent("Priya Shah", "agent"),
    );
    let browser = house.client.post(format!("{}/api/v1/session", house.url));
    let body = json!({"name": "Priya Shah", "password": "a long password"});
    let signed_in = browser.json(&body).send().await.expect("an answer");
    let cookies = signed_in.headers().get_all("set-cookie").iter();
    let cookie: Vec<String> = cookies
        .filter_map(|v| Some(v.to_str().ok()?.split(';').next()?.to_owned()))
        .collect();
    let csrf = signed_in.json::<Value>().await.expect("JSON")["csrf"].clone();
    let mut request = format!("{}/api/v1/events", house.url.replace("http", "ws"))
        .into_client_request()
        .expect("a request");
    let cookie = cookie.join("; ");
    request
        .headers_mut()
        .insert("cookie", cookie.parse().expect("a header"));
    let mut page = tokio_tungstenite::connect_async(request)
        .await
        .expect("a line")
        .0;
    assert_eq!(next(&mut page).await["type"], "ready");
    let mut program = open_feed(&house, &priya, "").await;
    assert_eq!(next(&mut program).await["type"], "ready");
    let mut other = open_feed(&house, &ada, "").await;
    assert_eq!(next(&mut other).await["type"], "ready");

    let out = house
        .client
        .delete(format!("{}/api/v1/session", house.url))
        .header("cookie", &cookie)
        .header("x-csrf-token", csrf.as_str().expect("a token"));
    let out = out.send().await.expect("an answer");
    assert_eq!(out.status(), StatusCode::NO_CONTENT);
    assert!(closes(page).await, "the page's line");
    house.says("f", "1", "hello").await;
    assert_eq!(
        next(&mut program).await["type"],
        "message",
        "the program's goes on"
    );

    let tokens = house.get(&ada, "tokens").await;
    let hers = tokens["tokens"].as_array().expect("a list").iter();
    let hers = hers
        .filter(|t| t["agent"] == "Priya Shah")
        .collect::<Vec<_>>();
    let path = format!("tokens/{}", hers[0]["id"].as_str().expect("an id"));
    let done = house.call(&ada, Method::DELETE, &path, None).await;
    assert_eq!(done.status(), StatusCode::NO_CONTENT);
    assert!(closes(program).await, "until its token is revoked");
    house.says("f", "2", "hello").await;
    loop {
        let frame = next(&mut other).await;
        if frame["type"] == "message" {
            break;
        }
    }
}

on_both! {
    async fn whoever_comes_back_sees_what_happened_meanwhile_in_order(base: Base) {
        let house = House::open_with(base, &[("NOHOLD_PICKUP_SECONDS", "1"), ("NOHOLD_PICKUP_DANGER_SECONDS", "1")]).await;
        let mo = house.agent("Mo Bell", "supervisor");
        let mut socket = open_feed(&house, &mo, "").await;
        assert_eq!(next(&mut socket).await["type"], "ready");
        house.says("f", "1", "hello").await;
        let first = next(&mut socket).await;
        assert_eq!((first["type"].as_str(), first["status"].as_str()), (Some("message"), Some("bot")));
        drop(socket);
        house.says("f", "2", "when does visiting start?").await;
        house.says("f", "3", "I can't go on, I want to end it all").await;
        let mut socket = open_feed(&house, &mo, &format!("?after={}", first["id"])).await;
        let second = next(&mut socket).await;
        let third = next(&mut socket).await;
        assert!(first["id"].as_i64() < second["id"].as_i64() && second["id"].as_i64() < third["id"].as_i64());
        assert_eq!(third["status"], "queued");
        // Nobody comes: supervisors are told when the target is missed.
        let missed = loop {
            let frame = next(&mut socket).await;
            if frame["type"] == "alert" { break frame }
        };
        assert_eq!(missed["alert"]["alert"], "pickup_missed");
        let why = house.get(&mo, "queue").await["conversations"][0]["why"].to_string();
        assert!(why.contains("danger:self_harm") && why.contains("overdue"), "{why}");
    }
}
