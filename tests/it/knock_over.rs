//! Knocking over: what costs the sender little and should cost the program no more.

use crate::fakes::instant;
use crate::house::{Base, House, TOKEN};
use crate::on_both;
use crate::socket::{next, open_feed};
use base64::{Engine, prelude::BASE64_STANDARD};
use futures_util::{SinkExt, StreamExt};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::timeout,
};
use tokio_tungstenite::tungstenite::Message;

/// A connection from another address of this machine than the tests' own.
async fn connect(house: &House) -> TcpStream {
    let to: SocketAddr = house
        .url
        .replace("http://", "")
        .parse()
        .expect("an address");
    let socket = TcpSocket::new_v4().expect("a socket");
    socket
        .bind("127.0.0.2:0".parse().expect("an address"))
        .expect("an address of this machine");
    socket.connect(to).await.expect("a connection")
}

/// Reads until the program closes the connection.
async fn until_closed(mut stream: TcpStream, patience: Duration) -> Option<String> {
    let mut all = Vec::new();
    // A connection that is reset is closed too.
    let _ = timeout(patience, stream.read_to_end(&mut all)).await.ok()?;
    Some(String::from_utf8_lossy(&all).into_owned())
}

/// Bytes of memory that the program has.
fn memory(house: &House) -> usize {
    let status =
        std::fs::read_to_string(format!("/proc/{}/status", house.pid())).expect("a status");
    let line = status
        .lines()
        .find(|l| l.starts_with("VmRSS:"))
        .expect("a line");
    let kilobytes: usize = line
        .split_whitespace()
        .nth(1)
        .and_then(|n| n.parse().ok())
        .expect("a number");
    kilobytes << 10
}

fn visitor(n: usize) -> String {
    format!("visitor-{n:032}")
}

/// A picture of so many bytes.
fn picture(bytes: usize) -> Value {
    let mut content = b"\x89PNG\r\n\x1a\n".to_vec();
    content.resize(bytes, 0);
    json!({"name": "leg.png", "media_type": "image/png", "content": BASE64_STANDARD.encode(content)})
}

async fn send(house: &House, visitor: &str, id: &str, files: Vec<Value>) -> StatusCode {
    let body = json!({"id": id, "text": "hello", "attachments": files});
    house.post(visitor, "inboxes/web/messages", body).await.0
}

const FILES: &str = "SELECT id FROM attachments";

#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_no_body_is_read() {
    let house = House::open(Base::Sqlite).await;
    for (path, head) in [
        (
            "/api/v1/inboxes/http/messages",
            "Authorization: Bearer wrong\r\n",
        ),
        ("/api/v1/inboxes/http/messages", ""),
        ("/api/v1/inboxes/web/messages", ""),
        (
            "/api/v1/conversations/x/messages",
            "Authorization: Bearer wrong\r\n",
        ),
    ] {
        let mut stream = connect(&house).await;
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\n{head}Content-Type: application/json\r\nContent-Length: 20000000\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await.expect("sent");
        let mut answer = [0; 12];
        let read = timeout(Duration::from_secs(10), stream.read_exact(&mut answer)).await;
        read.expect("an answer before the body").expect("an answer");
        assert_eq!(&answer, b"HTTP/1.1 401", "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_does_not_go_on_is_hung_up_on() {
    let house = House::open_with(Base::Sqlite, &[("NOHOLD_REQUEST_SECONDS", "1")]).await;
    let half_a_head = "GET / HTTP/1.1\r\nHost: x\r\nX-";
    let half_a_body = format!(
        "POST /api/v1/inboxes/http/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: 2000\r\n\r\n{{"
    );
    for (words, told) in [("", ""), (half_a_head, ""), (half_a_body.as_str(), "408")] {
        let mut stream = connect(&house).await;
        stream.write_all(words.as_bytes()).await.expect("sent");
        let answer = until_closed(stream, Duration::from_secs(10)).await;
        let answer = answer.expect("the connection is closed");
        assert!(answer.contains(told), "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_of_one_address_leave_room_for_others() {
    let house = House::open_with(
        Base::Sqlite,
        &[
            ("NOHOLD_CONNECTIONS_PER_ADDRESS", "20"),
            ("NOHOLD_CONNECTIONS", "100"),
        ],
    )
    .await;
    let mut held = Vec::new();
    for _ in 0..200 {
        let mut stream = connect(&house).await;
        // Where there is no room the program has hung up already.
        let _ = stream.write_all(b"GET / HTTP/1.1\r\n").await;
        held.push(stream);
    }
    let said = timeout(Duration::from_secs(5), house.says("ann", "1", "hello")).await;
    assert!(said.is_ok(), "others are answered");
    assert!(
        house
            .metrics()
            .await
            .contains("nohold_refused_total{reason=\"connections\"} 180")
    );
    drop(held);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_keeps_the_program_from_ending() {
    let mut house = House::open(Base::Sqlite).await;
    house.says("ann", "1", "hello").await;
    let mut held = Vec::new();
    for words in [
        "GET / HTTP/1.1\r\n".to_owned(),
        format!(
            "POST /api/v1/inboxes/http/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: 2000\r\n\r\n{{"
        ),
    ] {
        let mut stream = connect(&house).await;
        stream.write_all(words.as_bytes()).await.expect("sent");
        held.push(stream);
    }
    let socket = house.url.replace("http", "ws") + "/api/v1/inboxes/web/socket";
    let (_socket, _) = tokio_tungstenite::connect_async(socket)
        .await
        .expect("a line");
    let before = instant();
    assert_eq!(house.stop(), Some(0));
    assert!(
        before.elapsed() < Duration::from_secs(10),
        "{:?}",
        before.elapsed()
    );
    drop(held);
}

#[tokio::test(flavor = "multi_thread")]
async fn failed_sign_ins_take_no_more_memory_than_two() {
    let house = House::open_with(Base::Sqlite, &[("NOHOLD_BEHIND_PROXY", "true")]).await;
    house.agent("Priya Shah", "agent");
    let url = format!("{}/api/v1/session", house.url);
    let attempt = |n: usize| {
        let body = json!({"name": format!("Nobody {n}"), "password": "a guess of many"});
        let request = house
            .client
            .post(&url)
            .header("x-forwarded-for", format!("198.51.100.{n}"));
        async move {
            request
                .json(&body)
                .send()
                .await
                .expect("an answer")
                .status()
        }
    };
    let before = memory(&house);
    for _ in 0..3 {
        let statuses = futures_util::future::join_all((0..60).map(attempt)).await;
        assert!(statuses.contains(&StatusCode::UNAUTHORIZED));
        let expected = [
            StatusCode::UNAUTHORIZED,
            StatusCode::SERVICE_UNAVAILABLE,
            StatusCode::TOO_MANY_REQUESTS,
        ];
        assert!(
            statuses.iter().all(|s| expected.contains(s)),
            "{statuses:?}"
        );
    }
    let grown = memory(&house).saturating_sub(before) >> 20;
    assert!(grown < 80, "{grown} MB");
}

/// So many words, as a file of plain text.
fn words(bytes: usize) -> Value {
    let content = BASE64_STANDARD.encode("word ".repeat(bytes / 5));
    json!({"name": "story.txt", "media_type": "text/plain", "content": content})
}

#[tokio::test(flavor = "multi_thread")]
async fn long_texts_of_one_keep_nobody_else_waiting() {
    let house = House::open_with(Base::Sqlite, &[("NOHOLD_BEHIND_PROXY", "true")]).await;
    house.says("ann", "0", "hello").await;
    // Each of them waits for the others of their own address: nobody waits for their answers here.
    let mut floods = tokio::task::JoinSet::new();
    for n in 0..8 {
        let body = json!({"id": "1", "text": "hi", "attachments": [words(300_000), words(300_000), words(300_000), words(300_000)]});
        let request = house
            .client
            .post(format!("{}/api/v1/inboxes/web/messages", house.url))
            .bearer_auth(visitor(n))
            .header("x-forwarded-for", "192.0.2.1");
        floods.spawn(request.json(&body).send());
    }
    let honest = async {
        let mut longest = Duration::ZERO;
        for n in 1..40 {
            let before = instant();
            let answer = house
                .says("ann", &n.to_string(), "when does visiting start?")
                .await;
            assert!(answer["replies"][0]["text"].is_string(), "{answer}");
            longest = longest.max(before.elapsed());
        }
        // A short file of somebody else waits for a stretch of those, not for all.
        let before = instant();
        let body = json!({"id": "1", "text": "hi", "attachments": [words(300)]});
        let request = house
            .client
            .post(format!("{}/api/v1/inboxes/web/messages", house.url));
        let request = request
            .bearer_auth(visitor(99))
            .header("x-forwarded-for", "192.0.2.2");
        assert_eq!(
            request
                .json(&body)
                .send()
                .await
                .expect("an answer")
                .status(),
            StatusCode::OK
        );
        (longest, before.elapsed())
    };
    let (longest, file) = honest.await;
    floods.abort_all();
    // It was eighteen seconds. On a machine that has nothing else to do it is a tenth of this.
    assert!(longest < Duration::from_secs(3), "{longest:?}");
    assert!(file < Duration::from_secs(5), "{file:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_half_sent_by_one_keep_nobody_else_from_sending() {
    let house = House::open(Base::Sqlite).await;
    let mut held = Vec::new();
    // Small ones, as many as fill the room for those, and some large ones.
    let sizes = [(65_000, 60_000)].repeat(280).into_iter();
    for (n, (said, sent)) in sizes.chain([(20_000_000, 4 << 20)].repeat(8)).enumerate() {
        let mut stream = connect(&house).await;
        let body = format!(
            "POST /api/v1/inboxes/web/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\nContent-Length: {said}\r\n\r\n{{\"id\":\"{}",
            visitor(n),
            "a".repeat(sent)
        );
        // Where its share is taken it is refused before its end.
        let _ = stream.write_all(body.as_bytes()).await;
        held.push(stream);
    }
    let refused = || async {
        let metrics = house.metrics().await;
        let line = metrics.lines().find(|l| l.contains("reason=\"body_room\""));
        line.and_then(|l| l.split(' ').next_back()?.parse::<u32>().ok())
    };
    // What is beyond the share of that address is refused, and counted.
    let counted = async { while refused().await.is_none() {} };
    timeout(Duration::from_secs(30), counted)
        .await
        .expect("refused and counted");
    for n in 300..310 {
        assert_eq!(
            send(&house, &visitor(n), "1", vec![picture(300 << 10)]).await,
            StatusCode::OK
        );
    }
    drop(held);
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_are_heard_no_faster_than_a_page_sends_them() {
    let house = House::open(Base::Sqlite).await;
    let priya = house.agent("Priya Shah", "agent");
    let mut line = open_feed(&house, &priya, "").await;
    assert_eq!(next(&mut line).await["type"], "ready");
    let (mut out, mut inward) = line.split();
    let floods =
        tokio::spawn(async move { while out.feed(Message::Text("{}".into())).await.is_ok() {} });
    let mut beats = 0;
    let before = instant();
    while before.elapsed() < Duration::from_secs(3) {
        if timeout(Duration::from_millis(100), inward.next())
            .await
            .is_ok()
        {
            beats += 1;
        }
    }
    floods.abort();
    assert!((1..100).contains(&beats), "{beats} frames in three seconds");
}

on_both! {
    async fn a_fresh_secret_is_no_fresh_allowance(base: Base) {
        let house = House::open_with(base, &[("NOHOLD_UPLOAD_MB_PER_HOUR", "1"), ("NOHOLD_BEHIND_PROXY", "true")]).await;
        let mut kept = 0;
        for n in 0..12 {
            match send(&house, &visitor(n), "1", vec![picture(900 << 10)]).await {
                StatusCode::OK => kept += 1,
                refused => assert_eq!(refused, StatusCode::TOO_MANY_REQUESTS),
            }
        }
        assert!((2..=4).contains(&kept), "four megabytes at once: {kept}");
        assert_eq!(house.rows(FILES).await.len(), kept, "what is refused leaves nothing");
        // From elsewhere there is room.
        let body = json!({"id": "1", "text": "hello", "attachments": [picture(900 << 10)]});
        let request = house.client.post(format!("{}/api/v1/inboxes/web/messages", house.url));
        let answer = request.bearer_auth(visitor(99)).header("x-forwarded-for", "192.0.2.1").json(&body).send().await;
        assert_eq!(answer.expect("an answer").status(), StatusCode::OK);
    }

    async fn where_files_have_no_room_words_have(base: Base) {
        let house = House::open_with(base, &[("NOHOLD_ATTACHMENTS_MB", "1")]).await;
        assert_eq!(send(&house, &visitor(1), "1", vec![picture(700 << 10)]).await, StatusCode::OK);
        assert_eq!(send(&house, &visitor(1), "2", vec![picture(100 << 10), picture(700 << 10)]).await, StatusCode::INSUFFICIENT_STORAGE);
        assert_eq!(house.rows(FILES).await.len(), 1, "nothing of it stays");
        assert_eq!(send(&house, &visitor(1), "2", vec![]).await, StatusCode::OK);
    }

    async fn files_of_what_was_refused_or_came_twice_are_removed(base: Base) {
        let house = House::open(base).await;
        let file = || json!({"name": "a.txt", "media_type": "text/plain", "content": "aGVsbG8="});
        assert_eq!(send(&house, &visitor(1), "1", vec![]).await, StatusCode::OK);
        assert_eq!(send(&house, &visitor(1), "1", vec![file()]).await, StatusCode::OK, "a repeat, answered as before");
        assert!(house.rows(FILES).await.is_empty());
        assert_eq!(send(&house, &visitor(1), "2", vec![file()]).await, StatusCode::OK);
        assert_eq!(send(&house, &visitor(1), "2", vec![file(), file()]).await, StatusCode::OK);
        assert_eq!(house.rows(FILES).await.len(), 1, "the first time's stays");
        // An agent's file, where somebody else has the conversation.
        let (priya, tom) = (house.agent("Priya Shah", "agent"), house.agent("Tom Reed", "agent"));
        let id = house.says("w", "1", "I want to speak to a person").await["conversation"].as_str().expect("an id").to_owned();
        house.post(&priya, &format!("conversations/{id}/claim"), json!({})).await;
        let body = json!({"id": "r", "text": "hello", "attachments": [file()]});
        let path = format!("conversations/{id}/messages");
        assert_eq!(house.post(&tom, &path, body.clone()).await.0, StatusCode::CONFLICT);
        assert_eq!(house.rows(FILES).await.len(), 1);
        assert_eq!(house.post(&priya, &path, body).await.0, StatusCode::OK);
        assert_eq!(house.rows(FILES).await.len(), 2);
    }
}
