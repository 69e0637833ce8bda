//! Passing harm on: what somebody sends that would hurt whoever reads it.

use crate::house::{Base, House, TOKEN};
use crate::on_both;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const PDF: &str = "JVBERi0xLjcKJeLjz9MK";

on_both! {
    async fn a_file_is_opened_as_what_it_is(base: Base) {
        let house = House::open(base).await;
        let priya = house.agent("Priya Shah", "agent");
        let body = json!({"id": "1", "sender": {"id": "a"}, "text": "see here", "attachments": [{"name": "scan.pdf.hta", "media_type": "application/pdf", "content": PDF}]});
        let (_, answer) = house.post(TOKEN, "inboxes/http/messages", body).await;
        let id = answer["conversation"].as_str().expect("an id");
        let detail = house.get(&priya, &format!("conversations/{id}")).await;
        let file = &detail["messages"][0]["attachments"][0];
        assert_eq!(file["name"], "scan.pdf");
        let path = format!("attachments/{}", file["id"].as_str().expect("an id"));
        let download = house.call(&priya, Method::GET, &path, None).await;
        assert_eq!(download.headers()["content-disposition"], "attachment; filename=\"scan.pdf\"");
    }

    async fn control_characters_in_ids_are_refused_by_the_field(base: Base) {
        let house = House::open(base).await;
        let priya = house.agent("Priya Shah", "agent");
        let id = house.says("w", "1", "I want to speak to a person").await["conversation"].as_str().expect("an id").to_owned();
        for bad in ["a\0b", "a\u{1b}[2J", "a\u{1f}b", "a\nb", "a\u{9b}b"] {
            let rows = [
                (json!({"id": bad, "sender": {"id": "a"}, "text": "x"}), "id"),
                (json!({"id": "1", "sender": {"id": bad}, "text": "x"}), "sender.id"),
                (json!({"id": "1", "sender": {"id": "a"}, "choice": bad}), "choice"),
            ];
            for (body, field) in rows {
                let (status, answer) = house.post(TOKEN, "inboxes/http/messages", body).await;
                assert_eq!((status, answer["error"]["field"].as_str()), (StatusCode::BAD_REQUEST, Some(field)), "{bad:?}");
            }
            let reply = json!({"id": bad, "text": "hello"});
            let (status, answer) = house.post(&priya, &format!("conversations/{id}/messages"), reply).await;
            assert_eq!((status, answer["error"]["field"].as_str()), (StatusCode::BAD_REQUEST, Some("id")), "{bad:?}");
        }
        for path in ["inboxes/http/conversations/a%00b/messages", "inboxes/http/conversations/a/messages?after=%00", "conversations?status=%00", "complaints?q=%00"] {
            let answer = house.call(if path.starts_with("inboxes") { TOKEN } else { &priya }, Method::GET, path, None).await;
            assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{path}");
        }
        let answer = house.client.post(format!("{}/api/v1/session", house.url)).json(&json!({"name": "a\0b", "password": "a long password"})).send().await;
        assert_eq!(answer.expect("an answer").status(), StatusCode::UNAUTHORIZED);
        assert!(!house.log().contains("ERROR"), "{}", house.log());
    }

    async fn a_nul_among_words_is_kept_as_what_cannot_be_shown(base: Base) {
        let house = House::open(base).await;
        let priya = house.agent("Priya Shah", "agent");
        let answer = house.says("a", "1", "Your nurse shouted\0 at my mother on Maple ward yesterday").await;
        let reference = answer["complaint"].as_str().expect("on record").to_owned();
        let path = format!("complaints/{reference}");
        let patch = json!({"desired_outcome": "an\0 apology"});
        let changed = house.call(&priya, Method::PATCH, &path, Some(patch)).await;
        assert_eq!(changed.status(), StatusCode::OK);
        assert_eq!(house.get(&priya, &path).await["desired_outcome"], "an\u{fffd} apology");
        let id = answer["conversation"].as_str().expect("an id");
        let body = json!({"id": "1", "text": "hello", "suggestion": "no\0ne"});
        assert_eq!(house.post(&priya, &format!("conversations/{id}/messages"), body).await.0, StatusCode::OK);
    }

    async fn a_name_turns_no_line_about(base: Base) {
        let house = House::open(base).await;
        let priya = house.agent("Priya Shah", "agent");
        let body = json!({"id": "1", "sender": {"id": "a", "name": "Ann\u{202e}eeL\u{2066}\u{200b}\u{1b}[31m"}, "text": "hello"});
        let (_, answer) = house.post(TOKEN, "inboxes/http/messages", body).await;
        let detail = house.get(&priya, &format!("conversations/{}", answer["conversation"].as_str().expect("an id"))).await;
        assert_eq!(detail["contact"]["name"], "AnneeL[31m");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_obeys_nothing_that_is_on_record() {
    let house = House::open(Base::Sqlite).await;
    let priya = house.agent("Priya Shah", "agent");
    let text = "Your nurse shouted at my mother on Maple ward yesterday";
    let answer = house.says("a", "1", text).await;
    let reference = answer["complaint"].as_str().expect("on record");
    let wish = "an \u{1b}]0;owned\u{7} apology \u{9b}2J";
    let path = format!("complaints/{reference}");
    let patch = json!({"desired_outcome": wish});
    let changed = house.call(&priya, Method::PATCH, &path, Some(patch)).await;
    assert_eq!(changed.status(), StatusCode::OK);
    let commands: [&[&str]; 4] = [
        &["complaints", "export", "--format", "jsonl"],
        &["complaints", "export", "--format", "csv"],
        &["complaints", "show", reference],
        &["complaints", "list"],
    ];
    for command in commands {
        let out = String::from_utf8(house.run(command, "").stdout).expect("text");
        assert!(out.contains(reference), "{command:?}: {out}");
        let obeyed = out
            .chars()
            .find(|c| c.is_control() && !"\r\n\t".contains(*c));
        assert_eq!(obeyed, None, "{command:?}");
    }
    let line = house.run(&["complaints", "export"], "").stdout;
    let record: Value = serde_json::from_slice(&line).expect("JSON");
    assert_eq!(record["desired_outcome"], wish, "nothing is lost");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_description_says_what_is_sent() {
    let house = House::open(Base::Sqlite).await;
    let url = format!("{}/api/v1/openapi.json", house.url);
    let answer = house.client.get(url).send().await.expect("an answer");
    let document: Value = answer.json().await.expect("JSON");
    let schemas = document["components"]["schemas"]
        .as_object()
        .expect("schemas");
    let mut values = 0;
    for (name, schema) in schemas {
        for value in schema["enum"].as_array().into_iter().flatten() {
            let value = value.as_str().expect("a word");
            assert!(
                value.chars().all(|c| c.is_ascii_lowercase() || c == '_'),
                "{name}: {value}"
            );
            values += 1;
        }
    }
    assert!(values > 20, "{values}");
    let has = |value: &str| {
        schemas.values().any(|s| {
            s["enum"]
                .as_array()
                .is_some_and(|e| e.contains(&json!(value)))
        })
    };
    for value in ["neighbour", "not_asked", "legal_representative"] {
        assert!(has(value), "{value}");
    }
    // What is described is taken.
    let priya = house.agent("Priya Shah", "agent");
    let told = house
        .says(
            "a",
            "1",
            "Your nurse shouted at my mother on Maple ward yesterday",
        )
        .await;
    let path = format!(
        "complaints/{}",
        told["complaint"].as_str().expect("on record")
    );
    let changed = house
        .call(
            &priya,
            Method::PATCH,
            &path,
            Some(json!({"relation": "neighbour"})),
        )
        .await;
    assert_eq!(changed.status(), StatusCode::OK);
}
