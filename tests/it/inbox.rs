//! The inbox for programs: what it takes, what it refuses, what it promises.

use crate::house::{Base, House, TOKEN, words};
use crate::on_both;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

on_both! {
    async fn the_neighbour_complains_and_reads_the_agents_reply(base: Base) {
        let house = House::open(base).await;
        let priya = house.agent("Priya Shah", "agent");
        let first = house.says("martin", "1", "My neighbour's home nurse shouted at me on the doorstep this morning.").await;
        assert_eq!(first["status"], "bot");
        let reference = first["complaint"].as_str().expect("on record from the first sentence").to_owned();
        let mut answer = first;
        let facts = [("incident_where", "14 Elm Way"), ("staff_involved", "Denise Hartley"), ("complainant_name", "Martin Brooks"), ("contact_method", "martin@example.org"), ("desired_outcome", "an apology"), ("anything_else", "no")];
        let mut n = 1;
        while let Some(slot) = answer["awaiting"].as_str() {
            let (_, fact) = facts.iter().find(|(s, _)| *s == slot).unwrap_or_else(|| panic!("asked for {slot}, which was told"));
            n += 1;
            answer = house.says("martin", &n.to_string(), fact).await;
        }
        assert_eq!(answer["status"], "queued");
        assert_eq!(answer["complaint"], reference.as_str());
        let last = answer["replies"][0]["id"].as_str().expect("a reply").to_owned();

        let queue = house.get(&priya, "queue").await;
        let id = queue["conversations"][0]["id"].as_str().expect("he waits").to_owned();
        let (status, _) = house.post(&priya, &format!("conversations/{id}/claim"), json!({})).await;
        assert_eq!(status, StatusCode::OK);
        let detail = house.get(&priya, &format!("conversations/{id}")).await;
        assert!(detail["summary"].as_str().is_some_and(|s| s.contains("Martin Brooks") && s.contains("shouted at me") && s.lines().count() == 5), "{}", detail["summary"]);
        let links = detail["summary_links"].as_array().expect("a list");
        let of = |line: u64| links.iter().find(|l| l["line"] == line).and_then(|l| detail["messages"].as_array()?.iter().find(|m| m["id"] == l["message"])).and_then(|m| m["text"].as_str()).unwrap_or_default();
        assert!(of(0).contains("Martin Brooks"), "the name leads to where it was told: {links:?}");
        assert!(of(1).contains("shouted"), "so does the story: {links:?}");
        assert_eq!(detail["complaint"]["subjects"][0], json!({"name": "Denise Hartley", "role": "home nurse"}));
        let suggestions = house.get(&priya, &format!("conversations/{id}/suggestions")).await;
        assert_eq!(suggestions["suggestions"].as_array().map(Vec::len), Some(3));

        // The program waits for the agent's words and gets them as they come.
        let path = format!("inboxes/http/conversations/martin/messages?after={last}&wait=30");
        let reply_to = format!("conversations/{id}/messages");
        let (waited, sent) = tokio::join!(
            async {
                loop {
                    let later = house.get(TOKEN, &path).await;
                    let messages = later["messages"].as_array().expect("a list").clone();
                    if messages.iter().any(|m| m["from"] == "agent") { break messages }
                }
            },
            house.post(&priya, &reply_to, json!({"id": "r1", "text": "I'm Priya. I'm sorry you were shouted at.", "suggestion": "acknowledge"}))
        );
        assert_eq!(sent.0, StatusCode::OK);
        let texts: Vec<&str> = waited.iter().filter_map(|m| m["text"].as_str()).collect();
        assert!(texts.iter().any(|t| t.contains("Priya is here now")), "he is told that a person has come: {texts:?}");
        assert!(texts.last().is_some_and(|t| t.contains("sorry you were shouted at")));

        // While she has it the bot is silent.
        let quiet = house.says("martin", "20", "thank you").await;
        assert_eq!(quiet["replies"], json!([]));
        assert_eq!(quiet["status"], "assigned");
    }

    async fn the_same_id_again_has_one_effect_and_the_same_answer(base: Base) {
        let house = House::open(base).await;
        let first = house.says("ann", "same", "your carer was rude to my mum yesterday").await;
        let again = house.says("ann", "same", "something else altogether").await;
        assert_eq!(first, again);
        house.says("ann", "next", "it was on Maple ward").await;
        let later = house.says("ann", "same", "your carer was rude to my mum yesterday").await;
        assert_eq!(first, later, "also after the talk has gone on");
        let priya = house.agent("Priya Shah", "agent");
        let detail = house.get(&priya, &format!("conversations/{}", first["conversation"].as_str().expect("an id"))).await;
        let theirs = detail["messages"].as_array().expect("a list").iter().filter(|m| m["from"] == "contact").count();
        assert_eq!(theirs, 2);
    }

    async fn the_same_id_of_two_people_is_two_messages(base: Base) {
        let house = House::open(base).await;
        let ann = house.says("ann", "1", "your carer was rude to my mum yesterday").await;
        let bob = house.says("bob", "1", "I want to speak to a person").await;
        assert_ne!(ann["conversation"], bob["conversation"], "nobody is answered with another's words");
        assert_eq!((bob["status"].as_str(), &bob["complaint"]), (Some("queued"), &Value::Null));
        assert_eq!(house.says("bob", "1", "I want to speak to a person").await, bob);
        assert_eq!(house.says("ann", "1", "your carer was rude to my mum yesterday").await, ann);
        let mut texts = house.rows("SELECT text FROM messages WHERE author = 'contact'").await;
        texts.sort();
        assert_eq!(texts, ["I want to speak to a person", "your carer was rude to my mum yesterday"]);
    }

    async fn twenty_at_once_with_the_same_id_are_one(base: Base) {
        let house = House::open(base).await;
        let calls = (0..20).map(|_| house.says("bo", "one", "hello"));
        let answers = futures_util::future::join_all(calls).await;
        assert!(answers.windows(2).all(|w| w[0] == w[1]));
    }

    async fn bad_input_gets_an_error_that_names_the_field(base: Base) {
        let house = House::open(base).await;
        let long = "x".repeat(16_385);
        let rows = [
            (json!({"sender": {"id": "a"}, "text": "x"}), "id"),
            (json!({"id": "1", "text": "x"}), "sender"),
            (json!({"id": "1", "sender": {}, "text": "x"}), "sender.id"),
            (json!({"id": "1", "sender": {"id": ""}, "text": "x"}), "sender.id"),
            (json!({"id": "1", "sender": {"id": "a"}}), "text"),
            (json!({"id": "1", "sender": {"id": "a"}, "text": 7}), "text"),
            (json!({"id": "1", "sender": {"id": "a"}, "text": long}), "text"),
            (json!({"id": "1", "sender": {"id": "a"}, "attachments": [{"name": "a.html", "media_type": "text/html", "content": "PGI+"}]}), "attachments[0].media_type"),
            (json!({"id": "1", "sender": {"id": "a"}, "attachments": [{"name": "a.png", "media_type": "image/png", "content": "%%%"}]}), "attachments[0].content"),
        ];
        for (body, field) in rows {
            let (status, answer) = house.post(TOKEN, "inboxes/http/messages", body).await;
            assert_eq!((status, answer["error"]["field"].as_str()), (StatusCode::BAD_REQUEST, Some(field)), "{answer}");
            assert!(answer["error"]["code"].is_string() && answer["error"]["message"].is_string());
        }
        let raw = house.client.post(format!("{}/api/v1/inboxes/http/messages", house.url)).bearer_auth(TOKEN).body("{oops").send().await.expect("an answer");
        assert_eq!(raw.status(), StatusCode::BAD_REQUEST);
        // The longest text there may be, and characters of every kind, are taken.
        let answer = house.says("a", "long", &"é".repeat(16_384)).await;
        assert!(!words(&answer).is_empty());
        for (n, text) in ["", "\u{0}\u{1}", "🙂", "שלום", "a\u{202e}b", "'; DROP TABLE messages; --"].iter().enumerate() {
            let answer = house.says("odd", &format!("odd{n}"), text).await;
            assert!(words(&answer).len() > 20, "{text:?}");
        }
    }

    async fn without_the_right_token_nothing_is_told(base: Base) {
        let house = House::open(base).await;
        for token in ["wrong", ""] {
            let (status, body) = house.post(token, "inboxes/http/messages", json!({"nonsense": true})).await;
            assert_eq!(status, StatusCode::UNAUTHORIZED);
            assert_eq!(body["error"]["code"], "unauthorized");
        }
        let answer = house.call("wrong", Method::GET, "inboxes/http/conversations/a/messages", None).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn too_fast_is_told_when_to_come_back() {
    let house = House::open_with(Base::Sqlite, &[("NOHOLD_HTTP_RATE", "2")]).await;
    let mut refused = None;
    for n in 0..10 {
        let body = json!({"id": n.to_string(), "sender": {"id": "fast"}, "text": "hello"});
        let answer = house
            .call(TOKEN, Method::POST, "inboxes/http/messages", Some(body))
            .await;
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            refused = Some(
                answer.headers()["retry-after"]
                    .to_str()
                    .expect("a number")
                    .to_owned(),
            );
            break;
        }
    }
    assert_eq!(refused.as_deref(), Some("1"));
    // Another sender is not held up by the first.
    house.says("slow", "1", "hello").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_choice_is_taken_by_its_value_and_shown_by_its_title() {
    let house = House::open(Base::Sqlite).await;
    house.says("c", "1", "I want to complain").await;
    house
        .says(
            "c",
            "2",
            "The bins at your place were overflowing all last week",
        )
        .await;
    let mut answer = house.says("c", "3", "hello?").await;
    assert_eq!(
        answer["awaiting"], "relation",
        "a hello in between is no answer"
    );
    assert!(
        answer["replies"][0]["choices"]
            .as_array()
            .is_some_and(|c| c.len() == 9)
    );
    let (_, chosen) = house
        .post(
            TOKEN,
            "inboxes/http/messages",
            json!({"id": "4", "sender": {"id": "c"}, "choice": "visitor"}),
        )
        .await;
    answer = chosen;
    assert_ne!(answer["awaiting"], "relation");
    let priya = house.agent("Priya Shah", "agent");
    let detail: Value = house
        .get(
            &priya,
            &format!(
                "conversations/{}",
                answer["conversation"].as_str().expect("an id")
            ),
        )
        .await;
    assert_eq!(detail["complaint"]["complainant"]["relation"], "visitor");
    assert!(
        detail["messages"]
            .as_array()
            .expect("a list")
            .iter()
            .any(|m| m["text"] == "I was visiting")
    );
}
