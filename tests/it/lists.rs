//! Lists of conversations: who has what, and what was said where.

use crate::house::{Base, House, TOKEN};
use crate::on_both;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// Who stands in a list, in its order.
async fn listed(house: &House, token: &str, query: &str) -> Vec<String> {
    let list = house.get(token, &format!("conversations?{query}")).await;
    names(&list)
}

fn names(list: &Value) -> Vec<String> {
    let all = list["conversations"].as_array().expect("a list").iter();
    all.map(|c| {
        c["contact"]["sender"]
            .as_str()
            .expect("a sender")
            .to_owned()
    })
    .collect()
}

async fn writes(house: &House, sender: &str, name: &str, text: &str) -> String {
    let id = format!("{sender}-{}", text.len());
    let sent = json!({"id": id, "sender": {"id": sender, "name": name}, "text": text});
    let (status, answer) = house.post(TOKEN, "inboxes/http/messages", sent).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    answer["conversation"].as_str().expect("an id").to_owned()
}

on_both! {
    async fn everybody_stands_in_the_list_with_who_has_them_and_the_newest_change_is_first(base: Base) {
        let house = House::open(base).await;
        let (priya, tom) = (house.agent("Priya Shah", "agent"), house.agent("Tom Reed", "agent"));
        let ann = writes(&house, "ann", "Ann Oduya", "hello").await;
        let ben = writes(&house, "ben", "Ben Ito", "I want to speak to a person").await;
        let cy = writes(&house, "cy", "Cy Lund", "I want to speak to a person").await;
        house.post(&priya, &format!("conversations/{ben}/claim"), json!({})).await;
        assert_eq!(listed(&house, &tom, "").await, ["ben", "cy", "ann"]);
        assert_eq!(listed(&house, &tom, "status=bot").await, ["ann"]);
        assert_eq!(listed(&house, &tom, "status=queued").await, ["cy"]);
        assert_eq!(listed(&house, &tom, "status=queued&team=front%20desk").await, ["cy"]);
        assert_eq!(listed(&house, &tom, "team=complaints%20team").await, [""; 0]);
        for holder in ["me", "Priya%20Shah"] {
            assert_eq!(listed(&house, &priya, &format!("holder={holder}")).await, ["ben"]);
        }
        assert_eq!(listed(&house, &tom, "holder=me").await, [""; 0]);
        let all = house.get(&tom, "conversations").await;
        let rows = all["conversations"].as_array().expect("a list");
        assert_eq!((&rows[0]["holder"], &rows[1]["holder"]), (&json!("Priya Shah"), &Value::Null));
        assert_eq!((rows[1]["reason_title"].as_str(), rows[1]["team"].as_str()), (Some("Asked for a person"), Some("front desk")));
        assert!(rows[1]["since"].is_string() && rows[1]["why"].to_string().contains("reason:"), "{}", rows[1]);
        assert_eq!(all["next"], Value::Null);
        writes(&house, "ann", "Ann Oduya", "are you there?").await;
        assert_eq!(listed(&house, &tom, "").await, ["ann", "ben", "cy"], "whoever writes comes first");
        house.post(&priya, &format!("conversations/{ben}/resolve"), json!({})).await;
        assert_eq!(listed(&house, &tom, "status=resolved").await, ["ben"]);
        assert_eq!([ann, cy].len(), 2);
    }

    async fn a_list_goes_on_where_it_ended_though_things_happen_meanwhile(base: Base) {
        let house = House::open(base).await;
        let tom = house.agent("Tom Reed", "agent");
        for n in 0..5 {
            writes(&house, &format!("p{n}"), "Somebody", "hello").await;
        }
        let first = house.get(&tom, "conversations?limit=2").await;
        assert_eq!(names(&first), ["p4", "p3"]);
        writes(&house, "p0", "Somebody", "are you there?").await;
        let next = first["next"].as_str().expect("there is more");
        let second = house.get(&tom, &format!("conversations?limit=2&cursor={next}")).await;
        assert_eq!(names(&second), ["p2", "p1"]);
        assert_eq!(second["next"], Value::Null, "the one that moved to the front is not shown twice");
    }

    async fn a_search_finds_words_names_and_references_and_nothing_that_was_taken_back(base: Base) {
        let house = House::open(base).await;
        let tom = house.agent("Tom Reed", "agent");
        let maple = writes(&house, "m", "Íñigo Peña", "Your porter shouted at me on Maple ward, in front of my niño").await;
        writes(&house, "o", "Ola Maple-Berg", "Is the car park open at night?").await;
        let reference = house.get(&tom, &format!("conversations/{maple}")).await["complaint"]["reference"].as_str().expect("on record").to_owned();
        for (search, found) in [
            ("shouted", vec!["m"]),
            ("SHOU", vec!["m"]),
            ("nino", vec!["m"]),
            ("niño maple", vec!["m"]),
            ("maple", vec!["o", "m"]),
            ("inigo", vec!["m"]),
            ("pena inigo", vec!["m"]),
            (reference.as_str(), vec!["m"]),
            ("shouted car", vec![]),
            ("ho", vec![]),
            ("aple", vec![]),
            ("reference", vec![]),
            ("--", vec![]),
            ("\"maple\" OR *", vec![]),
            ("%", vec![]),
        ] {
            let query = format!("q={}", search.replace('%', "%25").replace(' ', "%20").replace('"', "%22").replace('ñ', "%C3%B1"));
            assert_eq!(listed(&house, &tom, &query).await, found, "{search}");
        }
        assert_eq!(listed(&house, &tom, "q=maple&status=queued").await, [""; 0]);
        house.post(&tom, &format!("conversations/{maple}/notes"), json!({"id": "1", "text": "The porter is Wilberforce."})).await;
        assert_eq!(listed(&house, &tom, "q=wilberforce").await, ["m"], "notes are looked through too");
        writes(&house, "o", "Ola Maple-Berg", "/forget").await;
        assert_eq!(listed(&house, &tom, "q=park").await, [""; 0], "what is forgotten is not found");
    }

    async fn what_is_no_list_is_said_with_the_field(base: Base) {
        let house = House::open(base).await;
        let tom = house.agent("Tom Reed", "agent");
        let long = format!("q={}", "x".repeat(201));
        for (query, field) in [("status=open", "status"), ("holder=Nobody", "holder"), ("cursor=5", "cursor"), ("limit=0", "limit"), ("limit=201", "limit"), (long.as_str(), "q")] {
            let answer = house.call(&tom, Method::GET, &format!("conversations?{query}"), None).await;
            assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{query}");
            let body: Value = answer.json().await.expect("JSON");
            assert_eq!(body["error"]["field"], field, "{query}: {body}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn conversations_from_before_lists_are_found_after_the_next_start() {
    let mut house = House::open(Base::Sqlite).await;
    let tom = house.agent("Tom Reed", "agent");
    writes(&house, "ann", "Ann Oduya", "I want to speak to a person").await;
    house.kill();
    house
        .change("UPDATE conversations SET who = '', team = NULL")
        .await;
    for gone in [
        "DROP TRIGGER message_words_said",
        "DROP TRIGGER message_words_changed",
        "DROP TRIGGER message_words_gone",
        "DROP TABLE message_words",
    ] {
        house.change(gone).await;
    }
    house.start().await;
    for query in ["q=oduya", "q=speak", "team=front%20desk"] {
        assert_eq!(listed(&house, &tom, query).await, ["ann"], "{query}");
    }
}
