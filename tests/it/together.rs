//! Colleagues at the same desk, as programs meet them: who is named, who takes what, who is given whom.

use crate::house::{Base, House};
use crate::on_both;
use crate::socket::next;
use futures_util::SinkExt;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{Message, client::IntoClientRequest};

type Line = crate::socket::Socket;

/// A colleague's page at the desk's feed.
async fn feed(house: &House, token: &str) -> Line {
    let url = format!("{}/api/v1/events", house.url.replace("http", "ws"));
    let mut request = url.into_client_request().expect("an address");
    let bearer = format!("Bearer {token}").parse().expect("a header");
    request.headers_mut().insert("authorization", bearer);
    let (mut line, _) = tokio_tungstenite::connect_async(request)
        .await
        .expect("a line");
    until(&mut line, "ready").await;
    line
}

async fn until(line: &mut Line, kind: &str) -> Value {
    loop {
        let frame = next(line).await;
        if frame["type"] == kind {
            return frame;
        }
    }
}

async fn looks(line: &mut Line, conversation: Option<&str>, writing: bool) {
    let frame = json!({"type": "looking", "conversation": conversation, "writing": writing});
    let sent = line.send(Message::text(frame.to_string())).await;
    sent.expect("the line stands");
}

async fn waits(house: &House, person: &str, text: &str) -> String {
    let answer = house.says(person, &format!("{person}-1"), text).await;
    answer["conversation"].as_str().expect("an id").to_owned()
}

on_both! {
    async fn whoever_is_named_in_a_note_is_told_at_once_and_finds_it_until_they_have_seen_it(base: Base) {
        let house = House::open(base).await;
        let (priya, ben) = (house.agent("Priya Shah", "agent"), house.agent("Ben Ward", "agent"));
        let id = waits(&house, "ann", "I want to speak to a person").await;
        let mut line = feed(&house, &ben).await;
        let note = json!({"id": "n1", "text": "Have you seen this, @ben?"});
        let (status, _) = house.post(&priya, &format!("conversations/{id}/notes"), note.clone()).await;
        assert_eq!(status, StatusCode::OK);
        let told = until(&mut line, "mention").await;
        assert_eq!((&told["conversation"], &told["by"], &told["whisper"]), (&json!(id), &json!("Priya Shah"), &json!(false)));
        house.post(&priya, &format!("conversations/{id}/notes"), note).await;
        let found = house.get(&ben, "mentions").await;
        let found = found["mentions"].as_array().expect("a list").clone();
        assert_eq!(found.len(), 1, "the same note again names nobody twice");
        assert_eq!((&found[0]["text"], &found[0]["seen"]), (&json!("Have you seen this, @ben?"), &json!(false)));
        assert_eq!(house.get(&priya, "mentions").await["mentions"], json!([]));
        let (_, wrong) = house.post(&ben, "mentions/seen", json!({"conversation": "x"})).await;
        assert_eq!(wrong["error"]["field"], "conversation");
        let seen = house.call(&ben, Method::POST, "mentions/seen", Some(json!({"conversation": id}))).await;
        assert_eq!(seen.status(), StatusCode::NO_CONTENT);
        assert_eq!(house.get(&ben, "mentions").await["mentions"][0]["seen"], true);
        let shown = house.get(&priya, &format!("conversations/{id}")).await;
        let notes = shown["messages"].as_array().expect("a list").iter();
        let named: Vec<&Value> = notes.filter(|m| m["from"] == "note").map(|m| &m["mentions"]).collect();
        assert_eq!(named, [&json!(["Ben Ward"])]);
    }

    async fn a_whisper_reaches_whoever_has_the_conversation_and_nobody_outside(base: Base) {
        let house = House::open(base).await;
        let (priya, mo) = (house.agent("Priya Shah", "agent"), house.agent("Mo Bell", "supervisor"));
        let id = waits(&house, "ann", "I want to speak to a person").await;
        house.post(&priya, &format!("conversations/{id}/claim"), json!({})).await;
        let mut line = feed(&house, &priya).await;
        let whisper = json!({"id": "w1", "text": "Ask for the ward.", "whisper": true});
        let refused = house.call(&priya, Method::POST, &format!("conversations/{id}/notes"), Some(whisper.clone())).await;
        assert_eq!(refused.status(), StatusCode::FORBIDDEN);
        house.post(&mo, &format!("conversations/{id}/notes"), whisper).await;
        let told = until(&mut line, "mention").await;
        assert_eq!((&told["by"], &told["whisper"]), (&json!("Mo Bell"), &json!(true)));
        let shown = house.get(&priya, &format!("conversations/{id}")).await;
        let last = shown["messages"].as_array().and_then(|m| m.last()).expect("a note");
        assert_eq!((&last["from"], &last["whisper"]), (&json!("note"), &json!(true)));
        let outside = house.get(crate::house::TOKEN, "inboxes/http/conversations/ann/messages").await;
        assert!(!outside.to_string().contains("Ask for the ward"), "{outside}");
    }

    async fn pages_tell_each_other_who_looks_and_writes_and_who_has_gone(base: Base) {
        let house = House::open(base).await;
        let (priya, ben) = (house.agent("Priya Shah", "agent"), house.agent("Ben Ward", "agent"));
        let id = waits(&house, "ann", "I want to speak to a person").await;
        let (mut hers, mut his) = (feed(&house, &priya).await, feed(&house, &ben).await);
        looks(&mut his, Some(&id), true).await;
        let seen = until(&mut hers, "looking").await;
        assert_eq!((&seen["name"], &seen["conversation"], &seen["writing"]), (&json!("Ben Ward"), &json!(id), &json!(true)));
        his.close(None).await.expect("closed");
        let gone = until(&mut hers, "looking").await;
        assert_eq!((&gone["name"], &gone["conversation"]), (&json!("Ben Ward"), &Value::Null));
    }

    async fn what_somebody_takes_is_checked_and_set_by_supervisors(base: Base) {
        let house = House::open(base).await;
        let (priya, mo) = (house.agent("Priya Shah", "agent"), house.agent("Mo Bell", "supervisor"));
        let agents = house.get(&mo, "agents").await;
        let all = agents["agents"].as_array().expect("a list");
        let id = all.iter().find(|a| a["name"] == "Priya Shah").expect("her")["id"].clone();
        let path = format!("agents/{}/work", id.as_str().expect("an id"));
        let refused = house.call(&priya, Method::PUT, &path, Some(json!({"capacity": 1}))).await;
        assert_eq!(refused.status(), StatusCode::FORBIDDEN);
        for (wrong, field) in [(json!({"capacity": 0}), "capacity"), (json!({"teams": ["nobody"]}), "teams"), (json!({"languages": ["English"]}), "languages")] {
            let answer = house.call(&mo, Method::PUT, &path, Some(wrong)).await;
            assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
            let body: Value = answer.json().await.expect("JSON");
            assert_eq!(body["error"]["field"], field);
        }
        let work = json!({"capacity": 2, "teams": ["front desk"], "languages": ["en", "es"]});
        let set = house.call(&mo, Method::PUT, &path, Some(json!({"capacity": 2, "teams": ["front desk"], "languages": [" ES", "en"]}))).await;
        assert_eq!(set.json::<Value>().await.expect("JSON"), work);
        let agents = house.get(&mo, "agents").await;
        let all = agents["agents"].as_array().expect("a list");
        let hers = all.iter().find(|a| a["name"] == "Priya Shah").expect("her");
        assert_eq!((&hers["capacity"], &hers["teams"], &hers["languages"]), (&work["capacity"], &work["teams"], &work["languages"]));
    }

    async fn where_the_desk_gives_out_the_work_whoever_is_there_is_given_whoever_waits(base: Base) {
        let house = House::open_with(base, &[("NOHOLD_ASSIGNMENT", "push")]).await;
        let priya = house.agent("Priya Shah", "agent");
        let id = waits(&house, "ann", "I want to speak to a person").await;
        let shown = house.get(&priya, &format!("conversations/{id}")).await;
        assert_eq!(shown["status"], "queued", "nobody is at the desk");
        let mut line = feed(&house, &priya).await;
        until(&mut line, "assigned").await;
        let shown = house.get(&priya, &format!("conversations/{id}")).await;
        assert_eq!((&shown["holder"], &shown["assigned_by"]), (&json!("Priya Shah"), &json!("least_loaded")));
        house.post(&priya, &format!("conversations/{id}/release"), json!({})).await;
        let danger = waits(&house, "ben", "I can't go on, I want to end it all").await;
        loop {
            if until(&mut line, "assigned").await["conversation"] == danger.as_str() {
                break;
            }
        }
        let shown = house.get(&priya, &format!("conversations/{danger}")).await;
        assert_eq!(shown["assigned_by"], "danger");
        let back = house.get(&priya, &format!("conversations/{id}")).await;
        assert_eq!(back["status"], "queued", "it is not given back to whoever has let it go");
    }

    async fn lists_are_narrowed_down_by_channel(base: Base) {
        let house = House::open(base).await;
        let priya = house.agent("Priya Shah", "agent");
        waits(&house, "ann", "hello").await;
        let count = async |inbox: &str| {
            let list = house.get(&priya, &format!("conversations?inbox={inbox}")).await;
            list["conversations"].as_array().map(Vec::len)
        };
        assert_eq!((count("http").await, count("web").await), (Some(1), Some(0)));
    }
}
