//! Spans reach a collector, with ids and without words. Only in a program that was built for it: `cargo test
//! --features otlp`.

use crate::house::{Base, House};
use axum::{Router, routing::post};
use std::sync::{Arc, Mutex};

#[tokio::test(flavor = "multi_thread")]
async fn spans_reach_the_collector_with_ids_and_without_words() {
    let got = Arc::new(Mutex::new(String::new()));
    let kept = Arc::clone(&got);
    let take = move |body: String| {
        kept.lock().expect("no panic").push_str(&body);
        async { "{}" }
    };
    let app = Router::new().route("/v1/traces", post(take));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.expect("a free port");
    let url = format!("http://{}/v1/traces", listener.local_addr().expect("bound"));
    tokio::spawn(async move { axum::serve(listener, app).await.expect("it serves") });
    let mut house = House::open_with(Base::Sqlite, &[("NOHOLD_OTLP_URL", &url)]).await;
    let said = house
        .says("at-home", "1", "I'm Zebediah Quill and your nurse shouted")
        .await;
    // What waits is sent before the program ends.
    assert_eq!(house.stop(), Some(0));
    let mut got = got.lock().expect("no panic").to_lowercase();
    got.retain(|c| !c.is_whitespace());
    for span in ["request", "batch", "turn"] {
        assert!(
            got.contains(&format!("\"name\":\"{span}\"")),
            "{span}: {got}"
        );
    }
    let id = said["conversation"].as_str().expect("an id");
    assert!(got.contains(id) && got.contains("nohold"), "{got}");
    for word in ["zebediah", "quill", "shouted", "at-home"] {
        assert!(!got.contains(word), "{word}: {got}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_is_away_keeps_nobody_waiting() {
    let settings = [("NOHOLD_OTLP_URL", "http://127.0.0.1:9/v1/traces")];
    let mut house = House::open_with(Base::Sqlite, &settings).await;
    house.says("ann", "1", "hello").await;
    assert_eq!(house.stop(), Some(0));
}
