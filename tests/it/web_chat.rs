//! The web chat's side of the API: a line that misses nothing, and secrets that open one conversation only.

use crate::house::{Base, House};
use crate::on_both;
use crate::socket::{Socket, next};
use futures_util::SinkExt;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

const SECRET: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

async fn open(house: &House, after: i64) -> (Socket, Vec<Value>) {
    let url = format!(
        "{}/api/v1/inboxes/web/socket",
        house.url.replace("http", "ws")
    );
    let (mut socket, _) = tokio_tungstenite::connect_async(url).await.expect("a line");
    socket
        .send(Message::text(
            json!({"type": "hello", "token": SECRET, "after": after}).to_string(),
        ))
        .await
        .expect("sent");
    let mut frames = Vec::new();
    loop {
        let frame = next(&mut socket).await;
        if frame["type"] == "ready" {
            return (socket, frames);
        }
        frames.push(frame);
    }
}

async fn next_message(socket: &mut Socket) -> Value {
    loop {
        let frame = next(socket).await;
        if frame["type"] == "message" {
            return frame;
        }
    }
}

async fn say(house: &House, id: &str, text: &str) -> Value {
    let (status, answer) = house
        .post(
            SECRET,
            "inboxes/web/messages",
            json!({"id": id, "text": text}),
        )
        .await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    answer
}

on_both! {
    async fn a_page_that_comes_back_gets_what_it_missed_and_nothing_twice(base: Base) {
        let house = House::open(base).await;
        let priya = house.agent("Priya Shah", "agent");
        let (mut socket, frames) = open(&house, 0).await;
        assert_eq!(frames[0]["status"], "new");
        let answer = say(&house, "1", "I want a person please").await;
        let theirs = next_message(&mut socket).await;
        let reply = next_message(&mut socket).await;
        assert_eq!((theirs["from"].as_str(), reply["from"].as_str()), (Some("contact"), Some("bot")));
        let seen = reply["position"].as_i64().expect("a place");
        drop(socket);
        let id = answer["conversation"].as_str().expect("an id").to_owned();
        house.post(&priya, &format!("conversations/{id}/messages"), json!({"id": "a", "text": "I'm here now."})).await;
        house.post(&priya, &format!("conversations/{id}/notes"), json!({"id": "b", "text": "a note"})).await;
        let (mut socket, frames) = open(&house, seen).await;
        let missed: Vec<&str> = frames.iter().filter(|f| f["type"] == "message").filter_map(|f| f["text"].as_str()).collect();
        assert_eq!(missed.len(), 2, "the joining and the words, not the note: {missed:?}");
        assert_eq!(missed[1], "I'm here now.");
        assert!(frames.iter().any(|f| f["type"] == "status" && f["agent"] == "Priya"), "a first name, nothing more");
        house.post(&priya, &format!("conversations/{id}/typing"), json!({})).await;
        assert_eq!(loop { let f = next(&mut socket).await; if f["type"] == "typing" { break f } }["type"], "typing");
        // Receipts empty the outbox.
        let last = frames.iter().rfind(|f| f["type"] == "message").expect("a message")["id"].clone();
        socket.send(Message::text(json!({"type": "received", "message": last}).to_string())).await.expect("sent");
        loop {
            if house.rows("SELECT message FROM outbox").await.is_empty() { break }
        }
    }

    async fn a_message_is_changed_and_taken_back_by_its_writer_only(base: Base) {
        let house = House::open(base).await;
        let priya = house.agent("Priya Shah", "agent");
        let answer = say(&house, "1", "Your nurse shouted at my aunt on Maple ward yesterday").await;
        let id = answer["conversation"].as_str().expect("an id").to_owned();
        let history: Value = house.get(SECRET, "inboxes/web/messages").await;
        let mine = history["messages"][0]["id"].as_str().expect("an id").to_owned();
        let path = format!("inboxes/web/messages/{mine}");
        let other = "f".repeat(64);
        let stranger = house.call(&other, Method::PATCH, &path, Some(json!({"text": "x"}))).await;
        assert_eq!(stranger.status(), StatusCode::NOT_FOUND);
        let changed = house.call(SECRET, Method::PATCH, &path, Some(json!({"text": "Your nurse shouted at my aunt on Oak ward yesterday"}))).await;
        assert_eq!(changed.status(), StatusCode::OK);
        let detail = house.get(&priya, &format!("conversations/{id}")).await;
        assert!(detail["complaint"]["incident"]["narrative"].as_str().is_some_and(|n| n.contains("Oak ward")));
        assert_eq!(detail["messages"][0]["edited"], true);
        let danger = house.call(SECRET, Method::PATCH, &path, Some(json!({"text": "I want to kill myself"}))).await;
        let body: Value = danger.json().await.expect("JSON");
        assert!(body["replies"][0]["text"].as_str().is_some_and(|t| t.contains("999")), "new words of danger are answered too");
        let gone = house.call(SECRET, Method::DELETE, &path, None).await;
        assert_eq!(gone.status(), StatusCode::NO_CONTENT);
        let detail = house.get(&priya, &format!("conversations/{id}")).await;
        assert_eq!((detail["messages"][0]["text"].as_str(), detail["messages"][0]["erased"].as_bool()), (Some(""), Some(true)));
        assert_eq!(detail["complaint"]["incident"]["narrative"], "");
    }

    async fn files_of_a_message_that_is_taken_back_are_gone(base: Base) {
        let house = House::open(base).await;
        let file = json!({"name": "note.txt", "media_type": "text/plain", "content": "aGVsbG8="});
        let body = json!({"id": "1", "text": "hello", "attachments": [file]});
        let (status, answer) = house.post(SECRET, "inboxes/web/messages", body).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        assert_eq!(house.rows("SELECT name FROM attachments").await, ["note.txt"]);
        let history: Value = house.get(SECRET, "inboxes/web/messages").await;
        let mine = history["messages"][0]["id"].as_str().expect("an id").to_owned();
        let gone = house.call(SECRET, Method::DELETE, &format!("inboxes/web/messages/{mine}"), None).await;
        assert_eq!(gone.status(), StatusCode::NO_CONTENT);
        assert_eq!(house.rows("SELECT name FROM attachments").await, [""; 0]);
    }

    async fn words_of_danger_in_a_remark_are_answered_and_alert_the_desk(base: Base) {
        let house = House::open(base).await;
        let priya = house.agent("Priya Shah", "agent");
        let answer = say(&house, "1", "I want to speak to a person").await;
        let id = answer["conversation"].as_str().expect("an id").to_owned();
        house.post(&priya, &format!("conversations/{id}/resolve"), json!({})).await;
        let remark = json!({"rating": 1, "words": "I want to end my life"});
        let given = house.call(SECRET, Method::POST, "inboxes/web/rating", Some(remark)).await;
        assert_eq!(given.status(), StatusCode::NO_CONTENT);
        let queue = house.get(&priya, "queue").await;
        assert_eq!(queue["conversations"][0]["red_flag"], "self_harm");
        let history: Value = house.get(SECRET, "inboxes/web/messages").await;
        let mut said = history["messages"].as_array().expect("a list").iter();
        assert!(said.any(|m| m["emergency"] == true), "{history}");
    }

    async fn how_it_was_is_asked_once_after_it_was_done_and_stands_in_the_report(base: Base) {
        let house = House::open(base).await;
        let (priya, mo) = (house.agent("Priya Shah", "agent"), house.agent("Mo Bell", "supervisor"));
        let answer = say(&house, "1", "I want to speak to a person").await;
        let id = answer["conversation"].as_str().expect("an id").to_owned();
        let rate = async |body: Value| house.post(SECRET, "inboxes/web/rating", body).await;
        let (early, _) = rate(json!({"rating": 5})).await;
        assert_eq!(early, StatusCode::CONFLICT, "nobody has asked yet");
        house.post(&priya, &format!("conversations/{id}/resolve"), json!({})).await;
        let history: Value = house.get(SECRET, "inboxes/web/messages").await;
        assert_eq!((&history["status"], &history["rate"]), (&json!("resolved"), &json!(true)));
        for (wrong, field) in [(json!({"rating": 6}), "rating"), (json!({"rating": 4, "words": "x".repeat(2001)}), "words")] {
            let (status, answer) = rate(wrong).await;
            assert_eq!((status, &answer["error"]["field"]), (StatusCode::BAD_REQUEST, &json!(field)));
        }
        let given = house.call(SECRET, Method::POST, "inboxes/web/rating", Some(json!({"rating": 4, "words": "kind"}))).await;
        assert_eq!(given.status(), StatusCode::NO_CONTENT);
        let (again, _) = rate(json!({"rating": 1})).await;
        assert_eq!(house.get(&mo, "queue").await["total"], 0);
        assert_eq!(again, StatusCode::CONFLICT);
        let report = house.get(&mo, "reports").await;
        let rows = report["satisfaction"].as_array().expect("rows").iter();
        let rows: Vec<_> = rows.map(|r| (r["by"].as_str(), r["name"].as_str(), r["count"].as_i64(), r["mean"].as_f64())).collect();
        let row = |by, name| (Some(by), name, Some(1), Some(4.0));
        assert_eq!(rows, [row("all", None), row("channel", Some("web")), row("team", Some("front desk"))]);
        assert_eq!(report["satisfaction"][0]["answers"], json!([0, 0, 0, 1, 0]));
        let csv = house.call(&mo, Method::GET, "reports.csv?table=satisfaction", None).await;
        let text = csv.text().await.expect("text");
        assert!(text.contains("team,\"front desk\",1,4,0,0,0,1,0\r\n"), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strangers_secret_opens_nothing_of_mine() {
    let house = House::open(Base::Sqlite).await;
    say(&house, "1", "hello").await;
    let other = "f".repeat(64);
    let history: Value = house.get(&other, "inboxes/web/messages").await;
    assert_eq!(
        (
            history["status"].as_str(),
            history["messages"].as_array().map(Vec::len)
        ),
        (Some("new"), Some(0))
    );
    // The same id of another visitor is another message.
    let (_, answer) = house
        .post(
            &other,
            "inboxes/web/messages",
            json!({"id": "1", "text": "hello"}),
        )
        .await;
    assert!(
        answer["replies"][0]["text"]
            .as_str()
            .is_some_and(|t| t.contains("welcome"))
    );
    let (status, _) = house
        .post(
            "short",
            "inboxes/web/messages",
            json!({"id": "1", "text": "hello"}),
        )
        .await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_who_floods_is_slowed_down() {
    let house = House::open_with(Base::Sqlite, &[("NOHOLD_WEB_RATE", "6")]).await;
    let mut slowed = false;
    for n in 0..10 {
        let (status, _) = house
            .post(
                SECRET,
                "inboxes/web/messages",
                json!({"id": n.to_string(), "text": "hello"}),
            )
            .await;
        slowed |= status == StatusCode::TOO_MANY_REQUESTS;
    }
    assert!(slowed);
}
