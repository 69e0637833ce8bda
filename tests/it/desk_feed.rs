//! The desk's feed: everything that changes, as it changes, from the last entry seen.

use crate::house::{Base, House};
use crate::on_both;
use crate::socket::{Socket, next};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

async fn open(house: &House, token: &str, query: &str) -> Socket {
    let mut request = format!("{}/api/v1/events{query}", house.url.replace("http", "ws"))
        .into_client_request()
        .expect("a request");
    request.headers_mut().insert(
        "authorization",
        format!("Bearer {token}").parse().expect("a header"),
    );
    tokio_tungstenite::connect_async(request)
        .await
        .expect("a line")
        .0
}

on_both! {
    async fn whoever_comes_back_sees_what_happened_meanwhile_in_order(base: Base) {
        let house = House::open_with(base, &[("NOHOLD_PICKUP_SECONDS", "1"), ("NOHOLD_PICKUP_DANGER_SECONDS", "1")]).await;
        let mo = house.agent("Mo Bell", "supervisor");
        let mut socket = open(&house, &mo, "").await;
        assert_eq!(next(&mut socket).await["type"], "ready");
        house.says("f", "1", "hello").await;
        let first = next(&mut socket).await;
        assert_eq!((first["type"].as_str(), first["status"].as_str()), (Some("message"), Some("bot")));
        drop(socket);
        house.says("f", "2", "when does visiting start?").await;
        house.says("f", "3", "I can't go on, I want to end it all").await;
        let mut socket = open(&house, &mo, &format!("?after={}", first["id"])).await;
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
