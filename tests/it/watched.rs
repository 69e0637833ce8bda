//! What is seen from outside: the security log tells who came and went, and no log tells anything of people.

use crate::browser::{Browser, PASSWORD};
use crate::fakes::{discord::Discord, email::Email, telegram::Telegram};
use crate::house::{Base, House, TOKEN};
use crate::socket::next;
use futures_util::SinkExt;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

/// The lines of the security log.
fn events(house: &House) -> Vec<Value> {
    let text = std::fs::read_to_string(house.folder.path().join("security.jsonl"));
    let lines = text.expect("a security log");
    let parsed = |line| serde_json::from_str(line).expect("a JSON object a line");
    lines.lines().map(parsed).collect()
}

fn kinds(house: &House) -> Vec<String> {
    let all = events(house).into_iter();
    all.map(|e| e["event"].as_str().expect("a kind").to_owned())
        .collect()
}

async fn guarded(more: &[(&str, &str)]) -> House {
    let mut settings = vec![("NOHOLD_SECURITY_LOG", "security.jsonl")];
    settings.extend(more);
    House::open_with(Base::Sqlite, &settings).await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_came_in_and_what_they_changed_is_written_down() {
    let house = guarded(&[]).await;
    house.agent("Ada Obi", "admin");
    let mut ada = Browser::new(&house);
    assert_eq!(
        ada.sign_in("Ada Obi", "not the one").await,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        ada.sign_in("Nobody Here", PASSWORD).await,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(ada.sign_in("Ada Obi", PASSWORD).await, StatusCode::OK);
    let body = json!({"name": "Eve Hart", "role": "agent", "password": "another long password"});
    let added = ada.ask(Method::POST, "agents").json(&body).send().await;
    let eve: Value = added.expect("an answer").json().await.expect("JSON");
    let eve = eve["id"].as_str().expect("an id");
    for change in [json!({"role": "admin"}), json!({"disabled": true})] {
        let request = ada.ask(Method::PATCH, &format!("agents/{eve}"));
        let changed = request.json(&change).send().await.expect("an answer");
        assert_eq!(changed.status(), StatusCode::OK);
    }
    let body = json!({"name": "for the pager", "scopes": ["read"], "days": 7});
    let made = ada.ask(Method::POST, "tokens").json(&body).send().await;
    let made: Value = made.expect("an answer").json().await.expect("JSON");
    let token = made["id"].as_str().expect("an id");
    assert_eq!(
        ada.status(Method::DELETE, &format!("tokens/{token}")).await,
        StatusCode::NO_CONTENT
    );
    let exported = house.run(&["complaints", "export", "--format", "csv"], "");
    assert!(exported.status.success(), "{exported:?}");
    assert_eq!(
        ada.status(Method::DELETE, "session").await,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        kinds(&house),
        [
            "account_added",
            "token_made",
            "sign_in_failed",
            "sign_in_failed",
            "sign_in",
            "account_added",
            "role_changed",
            "account_disabled",
            "token_made",
            "token_revoked",
            "export",
            "sign_out"
        ]
    );
    let all = events(&house);
    assert_eq!(all[0]["by"], "command");
    let admin = &all[0]["agent"];
    assert_eq!(
        (&all[2]["agent"], &all[2]["reason"]),
        (admin, &json!("password"))
    );
    assert_eq!(
        (&all[3]["agent"], &all[3]["reason"]),
        (&Value::Null, &json!("unknown"))
    );
    assert_eq!(
        (&all[3]["by"], &all[3]["address"]),
        (&json!("stranger"), &json!("127.0.0.1"))
    );
    assert_eq!(
        (&all[4]["account"], &all[4]["with"]),
        (admin, &json!("password"))
    );
    assert_eq!(
        (&all[6]["agent"], &all[6]["before"], &all[6]["role"]),
        (&json!(eve), &json!("agent"), &json!("admin"))
    );
    assert_eq!(
        (&all[8]["token"], &all[8]["days"]),
        (&json!(token), &json!(7))
    );
    assert_eq!(
        (&all[10]["what"], &all[10]["rows"]),
        (&json!("complaints"), &json!(0))
    );
    let listed = house.run(&["agents", "list", "--ids"], "");
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(listed.contains(eve), "an id leads to a name: {listed}");
    let text = Value::from(all).to_string();
    for secret in ["Ada", "Eve", "Nobody", "pager", PASSWORD, "not the one"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_and_digging_are_seen_without_filling_the_disk() {
    let house = guarded(&[("NOHOLD_MASS_READ_RECORDS", "5")]).await;
    let priya = house.agent("Priya Shah", "agent");
    for n in 0..9 {
        let said = house.says(&format!("p{n}"), "1", "hello").await;
        let id = said["conversation"].as_str().expect("an id");
        house.get(&priya, &format!("conversations/{id}")).await;
        house.get(&priya, &format!("conversations/{id}")).await;
    }
    let mut stranger = Browser::new(&house);
    for _ in 0..15 {
        stranger.sign_in("Priya Shah", "a guess of many").await;
    }
    for n in 0..400 {
        house
            .call(&format!("guess {n}"), Method::GET, "queue", None)
            .await;
    }
    let seen = kinds(&house);
    let count = |kind: &str| seen.iter().filter(|k| *k == kind).count();
    assert_eq!(count("sign_in_failed"), 10, "{seen:?}");
    assert!(count("locked_out") >= 5, "{seen:?}");
    assert!((1..=60).contains(&count("token_refused")), "{seen:?}");
    let strangers = count("sign_in_failed") + count("locked_out") + count("token_refused");
    assert!(strangers < 350, "{strangers} lines for 415 attempts");
    let all = events(&house);
    let read: Vec<&Value> = all.iter().filter(|e| e["event"] == "mass_read").collect();
    assert_eq!(read.len(), 1, "{read:?}");
    assert_eq!(
        (&read[0]["records"], &read[0]["by_token"]),
        (&json!(6), &json!(true))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_log_nothing_is_exported_and_nothing_is_served() {
    let mut house = House::prepare(Base::Sqlite, &[]).await;
    house.set("NOHOLD_SECURITY_LOG", "/nowhere/security.jsonl");
    for args in [&["complaints", "export"][..], &["serve"], &["check"]] {
        let output = house.run(args, "");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        assert!(said.contains("security_log"), "{said}");
    }
}

const VISITOR: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const FILE: &str = "RGVuaXNlIEhhcnRsZXkgc2hvdXRlZA==";

/// What everybody tells, by every channel.
const STORY: &str = "I'm Zebediah Quill, your nurse Denise Hartley shouted at my neighbour Ottoline on Tuesday. Ring 07700 900123 or write to zebediah@example.org, 12 Wisteria Lane, SW1A 9XQ. I want to speak to a person";

/// The main job through the inbox for programs and the agents' API; the conversation's id.
async fn main_job(house: &House, token: &str) -> String {
    let file = json!({"name": "zebediah-leg.txt", "media_type": "text/plain", "content": FILE});
    let sent = json!({"id": "zq-1", "sender": {"id": "zebediah-at-home", "name": "Zebediah Quill"}, "text": STORY, "attachments": [file]});
    let (status, body) = house.post(TOKEN, "inboxes/http/messages", sent).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let id = body["conversation"].as_str().expect("an id").to_owned();
    let reference = body["complaint"].as_str().expect("a reference").to_owned();
    let conversation = format!("conversations/{id}");
    for (path, body) in [
        ("claim", json!({})),
        ("notes", json!({"id": "n", "text": "Zebediah sounds frail"})),
        ("coach", json!({"draft": "Calm down, Zebediah."})),
        (
            "messages",
            json!({"id": "r", "text": "I'm so sorry, Zebediah. I'll speak with Denise Hartley's lead today and ring you."}),
        ),
        ("resolve", json!({})),
    ] {
        let (status, said) = house
            .post(token, &format!("{conversation}/{path}"), body)
            .await;
        assert!(status.is_success(), "{path}: {said}");
    }
    for path in [
        &conversation,
        &format!("{conversation}/suggestions"),
        &format!("complaints/{reference}"),
        "conversations?q=Wisteria",
    ] {
        house.get(token, path).await;
    }
    let later = "inboxes/http/conversations/zebediah-at-home/messages?wait=0";
    house.get(TOKEN, later).await;
    let (status, _) = house
        .post(
            TOKEN,
            "inboxes/http/messages",
            json!({"id": "Zebediah", "text": 7}),
        )
        .await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    reference
}

#[tokio::test(flavor = "multi_thread")]
async fn at_trace_nothing_of_people_is_logged_by_any_channel() {
    const CHAT: i64 = 700_123_456;
    const USER: u64 = 700_654_321;
    let (telegram, discord, email) = (
        Telegram::open().await,
        Discord::open().await,
        Email::open().await,
    );
    let mut settings = vec![
        ("RUST_LOG", "trace"),
        ("NOHOLD_SECURITY_LOG", "security.jsonl"),
    ];
    settings.extend(telegram.settings());
    settings.extend(discord.settings());
    settings.extend(email.settings());
    let mut house = House::prepare(Base::Sqlite, &settings).await;
    let token = house.agent("Persephone Oyelaran", "supervisor");
    house.agent("Ada Obi", "admin");
    house.start().await;
    email.ready().await;

    let reference = main_job(&house, &token).await;
    let (status, body) = house
        .post(
            VISITOR,
            "inboxes/web/messages",
            json!({"id": "w1", "text": STORY}),
        )
        .await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let url = format!(
        "{}/api/v1/inboxes/web/socket",
        house.url.replace("http", "ws")
    );
    let (mut socket, _) = tokio_tungstenite::connect_async(url).await.expect("a line");
    let hello = json!({"type": "hello", "token": VISITOR, "after": 0});
    socket
        .send(Message::text(hello.to_string()))
        .await
        .expect("sent");
    while next(&mut socket).await["type"] != "ready" {}

    telegram.says(CHAT, STORY);
    telegram.last(CHAT, 1).await;
    let place = discord.direct(USER);
    discord.says(USER, STORY);
    discord.last(place, 1).await;
    email.says(
        "Zebediah Quill <zebediah@example.org>",
        "Denise Hartley",
        STORY,
    );
    email.last("zebediah@example.org", 1).await;

    let sign_in = json!({"name": "Persephone Oyelaran", "password": PASSWORD});
    let request = house.client.post(format!("{}/api/v1/session", house.url));
    let answer = request.json(&sign_in).send().await.expect("an answer");
    let cookie = answer.headers()["set-cookie"]
        .to_str()
        .expect("text")
        .to_owned();
    let session = cookie
        .split(['=', ';'])
        .nth(1)
        .expect("a secret")
        .to_owned();
    let mut stranger = Browser::new(&house);
    stranger
        .sign_in("Persephone Oyelaran", "wr0ng password")
        .await;
    house
        .call("guessed-token", Method::GET, "queue", None)
        .await;
    house.stop();

    let log = house.log();
    for span in ["request{", "turn{", "batch{", "delivery{", "arrival{"] {
        assert!(log.contains(span), "there are spans of that kind: {span}");
    }
    assert!(
        log.contains("route=\"/api/v1/inboxes/http/messages\""),
        "the request log names the route"
    );
    let secrets = settings
        .iter()
        .filter(|(name, _)| name.contains("TOKEN") || name.contains("PASSWORD"));
    let (chat, user) = (CHAT.to_string(), USER.to_string());
    let mut hidden: Vec<&str> = secrets.map(|(_, value)| *value).collect();
    hidden.extend([
        TOKEN,
        &token,
        &session,
        VISITOR,
        PASSWORD,
        "wr0ng",
        "guessed-token",
        &chat,
        &user,
        &reference,
        FILE,
    ]);
    hidden.extend([
        "zebediah",
        "quill",
        "denise",
        "hartley",
        "ottoline",
        "900123",
        "wisteria",
        "sw1a",
        "persephone",
        "oyelaran",
        "shouted",
        "sounds frail",
        "so sorry",
        "zq-1",
    ]);
    let security =
        std::fs::read_to_string(house.folder.path().join("security.jsonl")).expect("a log");
    let mut told = Vec::new();
    for (text, of) in [(log, "log"), (security, "security log")] {
        for line in text.lines() {
            let small = line.to_lowercase();
            let words = hidden.iter().filter(|w| small.contains(&w.to_lowercase()));
            told.extend(words.map(|word| format!("{word} in the {of}: {line}")));
        }
    }
    assert!(told.is_empty(), "{}", told.join("\n"));
}
