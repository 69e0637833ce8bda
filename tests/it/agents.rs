//! Accounts, sessions, and who may do what.

use crate::house::{Base, House};
use crate::on_both;
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

async fn waiting(house: &House, person: &str) -> String {
    let answer = house
        .says(
            person,
            &format!("{person}-1"),
            "I want to speak to a person",
        )
        .await;
    answer["conversation"].as_str().expect("an id").to_owned()
}

on_both! {
    async fn of_two_who_claim_at_once_one_gets_it_and_the_other_is_told_who(base: Base) {
        let house = House::open(base).await;
        let (priya, tom) = (house.agent("Priya Shah", "agent"), house.agent("Tom Reed", "agent"));
        let path = format!("conversations/{}/claim", waiting(&house, "w").await);
        let (a, b) = tokio::join!(house.post(&priya, &path, json!({})), house.post(&tom, &path, json!({})));
        let (won, lost) = if a.0 == StatusCode::OK { (a, b) } else { (b, a) };
        assert_eq!((won.0, lost.0), (StatusCode::OK, StatusCode::CONFLICT));
        let holder = lost.1["error"]["holder"].as_str().expect("who");
        assert!(holder == "Priya Shah" || holder == "Tom Reed");
        assert!(lost.1["error"]["message"].as_str().is_some_and(|m| m.contains(holder)));
        let (status, _) = house.post(if holder == "Priya Shah" { &tom } else { &priya }, &path.replace("claim", "messages"), json!({"id": "1", "text": "hello"})).await;
        assert_eq!(status, StatusCode::CONFLICT, "nobody answers over another's head");
    }

    async fn a_conversation_is_handed_on_given_back_resolved_and_taken_up_again(base: Base) {
        let house = House::open(base).await;
        let (priya, tom, mo) = (house.agent("Priya Shah", "agent"), house.agent("Tom Reed", "agent"), house.agent("Mo Bell", "supervisor"));
        let id = waiting(&house, "w").await;
        let at = |verb: &str| format!("conversations/{id}/{verb}");
        house.post(&priya, &at("claim"), json!({})).await;
        let (status, _) = house.post(&priya, &at("notes"), json!({"id": "n", "text": "prefers the phone"})).await;
        assert_eq!(status, StatusCode::OK);
        let (status, _) = house.post(&tom, &at("transfer"), json!({"agent": "Tom Reed"})).await;
        assert_eq!(status, StatusCode::CONFLICT, "an agent takes nothing out of another's hands");
        let (status, _) = house.post(&mo, &at("transfer"), json!({"agent": "Tom Reed"})).await;
        assert_eq!(status, StatusCode::OK, "a supervisor may");
        assert_eq!(house.get(&tom, &format!("conversations/{id}")).await["holder"], "Tom Reed");
        let (_, back) = house.post(&tom, &at("release"), json!({})).await;
        assert_eq!(back["status"], "queued");
        house.post(&tom, &at("claim"), json!({})).await;
        let (status, refused) = house.post(&tom, &at("transfer"), json!({"team": "nobody's team"})).await;
        assert_eq!((status, refused["error"]["field"].as_str()), (StatusCode::BAD_REQUEST, Some("to.team")), "only teams that the flows know");
        let (_, team) = house.post(&tom, &at("transfer"), json!({"team": "complaints team"})).await;
        assert_eq!(team["status"], "queued");
        let row = house.get(&tom, "queue").await["conversations"][0].clone();
        assert_eq!((row["team"].as_str(), row["reason"].as_str(), row["reason_title"].as_str()), (Some("complaints team"), Some("transfer"), Some("Handed on")));
        let detail = house.get(&tom, &format!("conversations/{id}")).await;
        assert_eq!((detail["reason"].as_str(), detail["reason_title"].as_str()), (Some("transfer"), Some("Handed on")));
        let spanish = house.client.get(format!("{}/api/v1/queue", house.url)).bearer_auth(&tom).header("accept-language", "fr, es-ES;q=0.9").send().await.expect("an answer");
        assert_eq!(spanish.json::<Value>().await.expect("JSON")["conversations"][0]["reason_title"], "Traspasada");
        let teams = house.get(&tom, "teams").await["teams"].as_array().expect("a list").clone();
        assert!(["billing team", "complaints team", "front desk", "safety"].iter().all(|t| teams.contains(&json!(t))), "{teams:?}");
        house.post(&tom, &at("claim"), json!({})).await;
        let (_, done) = house.post(&tom, &at("resolve"), json!({})).await;
        assert_eq!(done["status"], "resolved");
        let (status, _) = house.post(&tom, &at("reopen"), json!({})).await;
        assert_eq!(status, StatusCode::OK);
        let (status, _) = house.post(&tom, &at("reopen"), json!({})).await;
        assert_eq!(status, StatusCode::CONFLICT, "only what is resolved");
        house.post(&tom, &at("resolve"), json!({})).await;
        let again = house.says("w", "w-2", "when does visiting start?").await;
        assert_eq!((again["status"].as_str(), again["conversation"].as_str()), (Some("bot"), Some(id.as_str())), "a message takes it up again, with its history");
        let detail = house.get(&tom, &format!("conversations/{id}")).await;
        let froms: Vec<&str> = detail["messages"].as_array().expect("a list").iter().filter_map(|m| m["from"].as_str()).collect();
        assert!(froms.contains(&"note"));
    }

    async fn what_agents_take_comes_first_and_the_share_is_shown(base: Base) {
        let house = House::open(base).await;
        let priya = house.agent("Priya Shah", "agent");
        let mut order = Vec::new();
        for n in 0..6 {
            let person = format!("p{n}");
            let answer = house.says(&person, &format!("{person}-1"), "Your porter was rude to my mother on Monday").await;
            let id = answer["conversation"].as_str().expect("an id").to_owned();
            let shown = house.get(&priya, &format!("conversations/{id}/suggestions")).await;
            let list = shown["suggestions"].as_array().expect("a list").clone();
            order = list.iter().filter_map(|s| s["id"].as_str().map(str::to_owned)).collect();
            let last = list.iter().find(|s| s["id"] == "privacy").expect("for a third party");
            let text = last["text"].as_str().expect("words");
            let words = if n == 0 { text.replace("I'm sorry", "I'm very sorry") } else { text.to_owned() };
            let (status, _) = house.post(&priya, &format!("conversations/{id}/messages"), json!({"id": "r", "text": words, "suggestion": "privacy"})).await;
            assert_eq!(status, StatusCode::OK);
        }
        assert_eq!(order[0], "privacy", "what is taken moves up: {order:?}");
        let uptake = house.get(&priya, "suggestions/uptake").await;
        assert_eq!(uptake["kinds"]["privacy"], json!({"taken": 5, "edited": 1, "ignored": 0}));
        assert_eq!(uptake["kinds"]["ask"], json!({"taken": 0, "edited": 0, "ignored": 6}));
        assert_eq!(uptake["accepted"].as_f64().map(|a| (a * 100.0).round()), Some(33.0));
        let other = waiting(&house, "quiet").await;
        house.post(&priya, &format!("conversations/{other}/messages"), json!({"id": "r", "text": "hello"})).await;
        assert_eq!(house.get(&priya, "suggestions/uptake").await, uptake, "who was shown none teaches nothing");
    }

    async fn the_register_is_read_changed_and_remembers_who_did(base: Base) {
        let house = House::open(base).await;
        let priya = house.agent("Priya Shah", "agent");
        let answer = house.says("r", "1", "Your nurse shouted at my mother on Maple ward yesterday").await;
        let reference = answer["complaint"].as_str().expect("on record").to_owned();
        let listed = house.get(&priya, "complaints").await;
        assert_eq!(listed["complaints"][0]["reference"], reference.as_str());
        let changed = house.call(&priya, Method::PATCH, &format!("complaints/{reference}"), Some(json!({"status": "acknowledged", "severity": 3}))).await;
        assert_eq!(changed.status(), StatusCode::OK);
        let record: Value = changed.json().await.expect("JSON");
        assert_eq!(record["classification"]["by"], "person");
        assert!(record["deadlines"][0]["met_at"].is_string(), "the clock for the acknowledgement stopped");
        let by: Vec<&str> = record["history"].as_array().expect("a list").iter().filter_map(|c| c["by"].as_str()).collect();
        assert_eq!((by.first(), by.last()), (Some(&"complainant"), Some(&"Priya Shah")));
        for (patch, why) in [(json!({"severity": 9}), "out of range"), (json!({"colour": "red"}), "unknown field")] {
            let refused = house.call(&priya, Method::PATCH, &format!("complaints/{reference}"), Some(patch)).await;
            assert_eq!(refused.status(), StatusCode::BAD_REQUEST, "{why}");
        }
        let last = reference.chars().last().expect("a character");
        let mistyped = format!("{}{}", &reference[..reference.len() - 1], if last == 'Z' { 'Y' } else { 'Z' });
        let answer = house.call(&priya, Method::GET, &format!("complaints/{mistyped}"), None).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "mistyped is told from unknown");
        // A second complaint of the same person does not lock the first.
        let id = answer_id(&house, "r").await;
        house.post(&priya, &format!("conversations/{id}/resolve"), json!({})).await;
        let second = house.says("r", "9", "I want to complain again: the food was cold all week").await;
        assert_ne!(second["complaint"], reference.as_str());
        let older = house.call(&priya, Method::PATCH, &format!("complaints/{reference}"), Some(json!({"status": "closed", "why": "put right at once"}))).await;
        assert_eq!(older.status(), StatusCode::OK);
        assert_eq!(house.get(&priya, &format!("complaints/{reference}")).await["status"], "closed");
    }
}

async fn answer_id(house: &House, person: &str) -> String {
    let later = house
        .get(
            crate::house::TOKEN,
            &format!("inboxes/http/conversations/{person}/messages"),
        )
        .await;
    later["conversation"].as_str().expect("an id").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_needs_its_pages_token_for_every_change() {
    let house = House::open(Base::Sqlite).await;
    house.agent("Priya Shah", "agent");
    let browser = Client::builder()
        .cookie_store(true)
        .build()
        .expect("a client");
    let session = format!("{}/api/v1/session", house.url);
    let wrong = browser
        .post(&session)
        .json(&json!({"name": "Priya Shah", "password": "not this one"}))
        .send()
        .await
        .expect("an answer");
    assert_eq!(wrong.status(), StatusCode::UNAUTHORIZED);
    let right = browser
        .post(&session)
        .json(&json!({"name": "priya shah", "password": "a long password"}))
        .send()
        .await
        .expect("an answer");
    assert_eq!(right.status(), StatusCode::OK);
    let cookie = right.headers()["set-cookie"]
        .to_str()
        .expect("text")
        .to_owned();
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"),
        "{cookie}"
    );
    let body: Value = right.json().await.expect("JSON");
    let id = waiting(&house, "w").await;
    let claim = format!("{}/api/v1/conversations/{id}/claim", house.url);
    let forged = browser
        .post(&claim)
        .json(&json!({}))
        .send()
        .await
        .expect("an answer");
    assert_eq!(forged.status(), StatusCode::FORBIDDEN);
    let own = browser
        .post(&claim)
        .header("x-csrf-token", body["csrf"].as_str().expect("a token"))
        .json(&json!({}))
        .send()
        .await
        .expect("an answer");
    assert_eq!(own.status(), StatusCode::OK);
    let out = browser
        .delete(&session)
        .header("x-csrf-token", body["csrf"].as_str().expect("a token"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(out.status(), StatusCode::NO_CONTENT);
    assert_eq!(
        browser
            .get(&session)
            .send()
            .await
            .expect("an answer")
            .status(),
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_tls_the_cookie_is_secure() {
    let house = House::open_with(
        Base::Sqlite,
        &[("NOHOLD_PUBLIC_URL", "https://care.example")],
    )
    .await;
    house.agent("Priya Shah", "agent");
    let answer = house
        .client
        .post(format!("{}/api/v1/session", house.url))
        .json(&json!({"name": "Priya Shah", "password": "a long password"}))
        .send()
        .await
        .expect("an answer");
    assert!(
        answer.headers()["set-cookie"]
            .to_str()
            .expect("text")
            .contains("Secure")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_passwords_is_slowed_down() {
    let house = House::open(Base::Sqlite).await;
    house.agent("Priya Shah", "agent");
    let mut statuses = Vec::new();
    for _ in 0..14 {
        let answer = house
            .client
            .post(format!("{}/api/v1/session", house.url))
            .json(&json!({"name": "Priya Shah", "password": "a guess"}))
            .send()
            .await
            .expect("an answer");
        statuses.push(answer.status());
    }
    assert_eq!(statuses[0], StatusCode::UNAUTHORIZED);
    assert!(
        statuses.contains(&StatusCode::TOO_MANY_REQUESTS),
        "{statuses:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn only_administrators_add_accounts() {
    let house = House::open(Base::Sqlite).await;
    let (priya, ada) = (
        house.agent("Priya Shah", "agent"),
        house.agent("Ada Obi", "admin"),
    );
    let new = json!({"name": "Tom Reed", "role": "agent", "password": "a long password"});
    assert_eq!(
        house.post(&priya, "agents", new.clone()).await.0,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        house.post(&ada, "agents", new.clone()).await.0,
        StatusCode::OK
    );
    assert_eq!(
        house.post(&ada, "agents", new).await.0,
        StatusCode::CONFLICT
    );
    let short = json!({"name": "Eve Hart", "role": "agent", "password": "short"});
    assert_eq!(
        house.post(&ada, "agents", short).await.1["error"]["field"],
        "password"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agents_file_reaches_the_program_that_the_person_writes_by() {
    let house = House::open(Base::Sqlite).await;
    let token = house.agent("Priya Shah", "agent");
    let id = house.says("ann", "1", "I want a person").await["conversation"]
        .as_str()
        .expect("an id")
        .to_owned();
    let body = json!({"id": "r", "text": "", "attachments": [{"name": "note.txt", "media_type": "text/plain", "content": "aGVsbG8="}]});
    let path = format!("conversations/{id}/messages");
    assert_eq!(house.post(&token, &path, body).await.0, StatusCode::OK);
    let later = house
        .get(
            crate::house::TOKEN,
            "inboxes/http/conversations/ann/messages",
        )
        .await;
    let file = later["messages"]
        .as_array()
        .and_then(|m| m.last())
        .expect("a reply")["attachments"][0]["id"]
        .as_str()
        .expect("a file")
        .to_owned();
    let path = format!("inboxes/http/attachments/{file}");
    let fetched = house
        .call(crate::house::TOKEN, Method::GET, &path, None)
        .await;
    assert_eq!(fetched.text().await.expect("text"), "hello");
    let (status, body) = house
        .post(
            &token,
            &format!("conversations/{id}/messages"),
            json!({"id": "s", "text": "", "attachments": [{"name": "x.exe", "media_type": "application/x-msdownload", "content": "TVo="}]}),
        )
        .await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(body["error"]["field"], "attachments[0].media_type");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_call_is_described_and_needs_a_sign_in() {
    let house = House::open_with(
        Base::Sqlite,
        &[
            ("NOHOLD_TELEGRAM_TOKEN", "1:a"),
            ("NOHOLD_TELEGRAM_API", "http://127.0.0.1:9"),
            ("NOHOLD_TELEGRAM_WEBHOOK", "https://care.example/hook"),
            ("NOHOLD_TELEGRAM_WEBHOOK_SECRET", "sesame"),
        ],
    )
    .await;
    let description: Value = house
        .client
        .get(format!("{}/api/v1/openapi.json", house.url))
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    assert!(
        description["openapi"]
            .as_str()
            .is_some_and(|v| v.starts_with("3.1"))
    );
    let mut calls: Vec<String> = Vec::new();
    for (path, methods) in description["paths"].as_object().expect("paths") {
        for method in methods.as_object().expect("methods").keys() {
            calls.push(format!("{} {path}", method.to_uppercase()));
            let open = matches!(
                path.as_str(),
                "/api/v1/session" | "/api/v1/setup" | "/api/v1/join"
            ) && method == "post"
                || path.ends_with("/socket")
                || path.starts_with("/api/v1/receipts/");
            if open {
                continue;
            }
            let url = format!(
                "{}{}",
                house.url,
                path.replace("{id}", "x")
                    .replace("{sender}", "x")
                    .replace("{reference}", "x")
            );
            let request = house
                .client
                .request(
                    Method::from_bytes(method.to_uppercase().as_bytes()).expect("a method"),
                    url,
                )
                .json(&json!({}));
            let request = if path.ends_with("/events") {
                request
                    .header("connection", "upgrade")
                    .header("upgrade", "websocket")
                    .header("sec-websocket-version", "13")
                    .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
            } else {
                request
            };
            assert_eq!(
                request.send().await.expect("an answer").status(),
                StatusCode::UNAUTHORIZED,
                "{method} {path}"
            );
        }
    }
    calls.sort();
    insta::assert_yaml_snapshot!("every_call", calls);
}
