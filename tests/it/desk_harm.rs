//! What could hurt people at the desk, as programs meet it: acts that can be taken back, replies that are
//! held, lists that tell what is new.

use crate::house::{Base, House, TOKEN};
use crate::on_both;
use crate::socket::next;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

async fn conversation(house: &House, person: &str, text: &str) -> String {
    let answer = house.says(person, &format!("{person}-1"), text).await;
    answer["conversation"].as_str().expect("an id").to_owned()
}

/// What the person reads.
async fn read(house: &House, person: &str) -> Vec<String> {
    let path = format!("inboxes/http/conversations/{person}/messages?wait=0");
    let later = house.get(TOKEN, &path).await;
    let all = later["messages"].as_array().expect("a list").iter();
    all.filter_map(|m| m["text"].as_str().map(str::to_owned))
        .collect()
}

on_both! {
    async fn what_is_asked_for_is_held_can_be_taken_back_and_happens_after_a_restart_too(base: Base) {
        let mut house = House::open(base).await;
        let priya = house.agent("Priya Shah", "agent");
        let id = conversation(&house, "w", "I want to speak to a person").await;
        let at = |verb: &str| format!("conversations/{id}/{verb}");
        house.post(&priya, &at("claim"), json!({})).await;
        let told = read(&house, "w").await;
        let (status, answer) = house.post(&priya, &at("resolve?undo=true"), json!({})).await;
        assert_eq!((status, answer["status"].as_str()), (StatusCode::OK, Some("assigned")));
        let held = house.get(&priya, &format!("conversations/{id}")).await["deferred"].clone();
        assert_eq!((held["act"].as_str(), held["by"].as_str(), &held["to"]), (Some("resolve"), Some("Priya Shah"), &Value::Null));
        assert!(held["left_ms"].as_i64().is_some_and(|ms| (1..=8000).contains(&ms)), "{held}");
        assert_eq!(house.get(&priya, "conversations").await["conversations"][0]["deferred"]["act"], "resolve");
        let (status, _) = house.post(&priya, &at("undo"), json!({})).await;
        assert_eq!(status, StatusCode::OK);
        let (status, _) = house.post(&priya, &at("undo"), json!({})).await;
        assert_eq!(status, StatusCode::CONFLICT, "there is nothing any more");
        assert_eq!(read(&house, "w").await, told);
        let (status, refused) = house.post(&priya, &at("transfer?undo=true"), json!({"team": "complaints team", "reason": "x".repeat(2001)})).await;
        assert_eq!((status, refused["error"]["field"].as_str()), (StatusCode::BAD_REQUEST, Some("reason")));
        house.post(&priya, &at("transfer?undo=true"), json!({"team": "complaints team", "reason": "knows the ward"})).await;
        house.kill();
        house.start().await;
        let shown = house.until(&priya, &format!("conversations/{id}"), |c| c["status"] == "queued").await;
        let note = shown["messages"].as_array().expect("a list").iter().find(|m| m["from"] == "note").expect("the reason").clone();
        assert_eq!((note["text"].as_str(), note["agent"].as_str()), (Some("knows the ward"), Some("Priya Shah")));
        assert!(!read(&house, "w").await.iter().any(|t| t.contains("knows the ward")));
    }

    async fn a_reply_with_something_serious_is_held_and_sent_only_anyway(base: Base) {
        let house = House::open(base).await;
        let priya = house.agent("Priya Shah", "agent");
        let id = conversation(&house, "w", "Your porter was rude to me").await;
        let path = format!("conversations/{id}/messages");
        let hurtful = json!({"id": "1", "text": "Please calm down. I will ring the ward today."});
        let (status, held) = house.post(&priya, &path, hurtful.clone()).await;
        assert_eq!((status, held["error"]["code"].as_str()), (StatusCode::CONFLICT, Some("coach")));
        let finding = &held["error"]["findings"][0];
        assert_eq!((finding["rule"].as_str(), &finding["start"], &finding["serious"]), (Some("calm_down"), &json!(7), &json!(true)));
        assert!(!read(&house, "w").await.iter().any(|t| t.contains("calm down")));
        assert_eq!(house.get(&priya, &format!("conversations/{id}")).await["holder"], Value::Null, "nobody took it by that");
        let mut anyway = hurtful;
        anyway["anyway"] = json!(true);
        let (status, _) = house.post(&priya, &path, anyway).await;
        assert_eq!(status, StatusCode::OK);
        assert!(read(&house, "w").await.iter().any(|t| t.contains("calm down")));
        let (status, _) = house.post(&priya, &path, json!({"id": "2", "text": "ok"})).await;
        assert_eq!(status, StatusCode::OK, "what is merely short is not held");
        let (status, _) = house.post(&priya, &format!("conversations/{id}/notes"), json!({"id": "3", "text": "I told her to calm down."})).await;
        assert_eq!(status, StatusCode::OK, "nor are notes");
        let log = house.rows("SELECT body FROM events WHERE kind IN ('reply_held', 'replied') ORDER BY position").await;
        let log: Vec<Value> = log.iter().map(|body| serde_json::from_str(body).expect("JSON")).collect();
        let kept: Vec<[&Value; 4]> = log.iter().map(|e| [&e["type"], &e["external_id"], &e["rules"], &e["anyway"]]).collect();
        let rules = json!(["calm_down"]);
        assert_eq!(kept, [
            [&json!("reply_held"), &json!("1"), &rules, &Value::Null],
            [&json!("replied"), &json!("1"), &Value::Null, &rules],
            [&json!("replied"), &json!("2"), &Value::Null, &Value::Null],
        ]);
    }

    async fn lists_tell_the_last_words_and_colleagues_their_load(base: Base) {
        let house = House::open(base).await;
        let (priya, _tom) = (house.agent("Priya Shah", "agent"), house.agent("Tom Reed", "agent"));
        let id = conversation(&house, "w", "I want to speak to a person").await;
        let queue = house.get(&priya, "queue").await;
        let waits = queue["conversations"][0]["last"].clone();
        assert_eq!((waits["text"].as_str(), &waits["answered"]), (Some("I want to speak to a person"), &json!(false)));
        assert_eq!(house.get(&priya, "teams").await["waiting"], json!({"front desk": 1}));
        house.post(&priya, &format!("conversations/{id}/messages"), json!({"id": "1", "text": "Hello, I am here."})).await;
        let mine = house.get(&priya, "conversations").await["conversations"][0]["last"].clone();
        assert_eq!((&mine["position"], &mine["answered"]), (&waits["position"], &json!(true)));
        house.says("w", "w-2", "thank you").await;
        let mine = house.get(&priya, "conversations").await["conversations"][0]["last"].clone();
        assert!(mine["position"].as_i64() > waits["position"].as_i64());
        assert_eq!((mine["text"].as_str(), &mine["answered"]), (Some("thank you"), &json!(false)));
        assert_eq!((&waits["unanswered_since"], &mine["unanswered_since"]), (&Value::Null, &mine["at"]));
        house.says("w", "w-3", "and one more thing").await;
        let later = house.get(&priya, "conversations").await["conversations"][0]["last"].clone();
        assert_eq!((&later["unanswered_since"], later["text"].as_str()), (&mine["at"], Some("and one more thing")), "since the first of them");
        let agents = house.get(&priya, "agents").await["agents"].clone();
        let of = |name: &str| agents.as_array().expect("a list").iter().find(|a| a["name"] == name).expect("an account").clone();
        assert_eq!((&of("Priya Shah")["conversations"], &of("Tom Reed")["conversations"]), (&json!(1), &json!(0)));
        assert_eq!(of("Tom Reed")["present"], json!(false), "nobody has seen him");
    }

    async fn every_agent_hears_of_danger_and_a_line_that_is_asked_answers(base: Base) {
        use futures_util::SinkExt;
        let house = House::open(base).await;
        let priya = house.agent("Priya Shah", "agent");
        let mut request = format!("{}/api/v1/events", house.url.replace("http", "ws")).into_client_request().expect("a request");
        request.headers_mut().insert("authorization", format!("Bearer {priya}").parse().expect("a header"));
        let (mut socket, _) = tokio_tungstenite::connect_async(request).await.expect("a line");
        assert!(next(&mut socket).await["beat"].as_u64().is_some_and(|s| s > 0), "how often it beats is told");
        socket.send(tokio_tungstenite::tungstenite::Message::text(r#"{"type":"beat"}"#)).await.expect("sent");
        assert_eq!(next(&mut socket).await, json!({"type": "beat"}));
        let id = conversation(&house, "d", "I can't go on, I want to end it all").await;
        let alert = loop {
            let frame = next(&mut socket).await;
            if frame["type"] == "alert" { break frame }
        };
        assert_eq!((alert["conversation"].as_str(), alert["alert"]["red_flag"].as_str()), (Some(id.as_str()), Some("self_harm")));
    }

    async fn danger_in_a_conversation_that_somebody_has_is_told_to_all_until_they_do_something(base: Base) {
        let house = House::open(base).await;
        let (priya, tom) = (house.agent("Priya Shah", "agent"), house.agent("Tom Reed", "agent"));
        let endangered = async || {
            let queue = house.get(&tom, "queue?limit=1").await;
            let all = queue["endangered"].as_array().expect("a list").clone();
            all.iter().map(|e| (e["id"].as_str().expect("an id").to_owned(), e["red_flag"].clone(), e["holder"].clone())).collect::<Vec<_>>()
        };
        let waits = conversation(&house, "w", "I want to kill myself").await;
        let also = conversation(&house, "v", "I want to kill myself").await;
        let self_harm = json!("self_harm");
        assert_eq!(endangered().await, [(waits.clone(), self_harm.clone(), Value::Null), (also.clone(), self_harm, Value::Null)], "all, whatever the limit");
        for id in [&waits, &also] {
            house.post(&priya, &format!("conversations/{id}/claim"), json!({})).await;
        }
        assert_eq!(endangered().await, []);
        house.says("w", "w-2", "please answer me, she is not breathing").await;
        let told = endangered().await;
        assert_eq!((told.len(), &told[0].0, &told[0].2), (1, &waits, &json!("Priya Shah")));
        house.post(&priya, &format!("conversations/{waits}/notes"), json!({"id": "n", "text": "I have rung 999 for her."})).await;
        assert_eq!(endangered().await, []);
    }

    async fn whoever_an_agent_had_who_was_disabled_waits_for_another_by_the_page_and_by_the_command(base: Base) {
        let house = House::open(base).await;
        let ada = house.agent("Ada Obi", "admin");
        let (priya, tom) = (house.agent("Priya Shah", "agent"), house.agent("Tom Reed", "agent"));
        let (one, two) = (conversation(&house, "one", "I want to speak to a person").await, conversation(&house, "two", "I want to speak to a person").await);
        house.post(&priya, &format!("conversations/{one}/claim"), json!({})).await;
        house.post(&tom, &format!("conversations/{two}/claim"), json!({})).await;
        let agents = house.get(&ada, "agents").await["agents"].clone();
        let priyas = agents.as_array().expect("a list").iter().find(|a| a["name"] == "Priya Shah").expect("an account")["id"].clone();
        let path = format!("agents/{}", priyas.as_str().expect("an id"));
        house.call(&ada, reqwest::Method::PATCH, &path, Some(json!({"disabled": true}))).await;
        assert_eq!(house.get(&ada, &format!("conversations/{one}")).await["status"], "queued", "at once");
        assert!(read(&house, "one").await.iter().any(|t| t.starts_with("Priya has passed this on")), "and they are told");
        house.run(&["agents", "disable", "Tom Reed"], "");
        house.until(&ada, &format!("conversations/{two}"), |c| c["status"] == "queued").await;
    }
}
