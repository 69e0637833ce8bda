//! How agents keep order, as programs meet it: labels, what is put off, replies that stand ready, what else there is of
//! the same person.

use crate::house::{Base, House};
use crate::on_both;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

async fn waits(house: &House, person: &str) -> String {
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
    async fn labels_are_put_on_found_by_and_taken_off(base: Base) {
        let house = House::open(base).await;
        let (priya, tom) = (house.agent("Priya Shah", "agent"), house.agent("Tom Reed", "agent"));
        let (ann, ben) = (waits(&house, "ann").await, waits(&house, "ben").await);
        house.post(&priya, &format!("conversations/{ann}/claim"), json!({})).await;
        let (status, _) = house.post(&tom, &format!("conversations/{ann}/labels"), json!({"add": [" Car  Park ", "noise"]})).await;
        assert_eq!(status, StatusCode::OK, "whoever has it");
        house.post(&tom, &format!("conversations/{ben}/labels"), json!({"add": ["noise"]})).await;
        assert_eq!(house.get(&priya, &format!("conversations/{ann}")).await["labels"], json!(["car park", "noise"]));
        assert_eq!(house.get(&priya, "labels").await["labels"], json!([{"name": "noise", "conversations": 2}, {"name": "car park", "conversations": 1}]));
        let found = house.get(&priya, "conversations?label=Car%20park").await["conversations"].clone();
        assert_eq!(found.as_array().map(Vec::len), Some(1));
        assert_eq!((&found[0]["id"], &found[0]["labels"]), (&json!(ann), &json!(["car park", "noise"])));
        house.post(&priya, &format!("conversations/{ann}/labels"), json!({"remove": ["car park"]})).await;
        assert_eq!(house.get(&priya, "conversations?label=car%20park").await["conversations"], json!([]));
        for (body, field) in [(json!({"add": [""]}), "add[0]"), (json!({"add": ["ok", "x".repeat(41)]}), "add[1]"), (json!({"remove": ["a\u{202e}b"]}), "remove[0]"), (json!({"add": vec!["x"; 21]}), "add")] {
            let (status, refused) = house.post(&tom, &format!("conversations/{ann}/labels"), body).await;
            assert_eq!((status, refused["error"]["field"].as_str()), (StatusCode::BAD_REQUEST, Some(field)));
        }
    }

    async fn what_is_put_off_is_back_when_the_person_writes_or_somebody_takes_it_up(base: Base) {
        let house = House::open(base).await;
        let (priya, tom) = (house.agent("Priya Shah", "agent"), house.agent("Tom Reed", "agent"));
        let id = waits(&house, "w").await;
        let path = format!("conversations/{id}/snooze");
        let (status, _) = house.post(&priya, &path, json!({})).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "nobody has it yet");
        house.post(&priya, &format!("conversations/{id}/claim"), json!({})).await;
        let (status, _) = house.post(&tom, &path, json!({})).await;
        assert_eq!(status, StatusCode::CONFLICT);
        let (status, refused) = house.post(&priya, &path, json!({"until": "tomorrow"})).await;
        assert_eq!((status, refused["error"]["field"].as_str()), (StatusCode::BAD_REQUEST, Some("until")));
        let (status, _) = house.post(&priya, &path, json!({"until": "2020-01-01T10:00:00Z"})).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "that is over");
        house.post(&priya, &path, json!({"until": null})).await;
        let row = house.get(&priya, "conversations?holder=me").await["conversations"][0].clone();
        assert_eq!(row["snoozed"], json!({"by": "Priya Shah", "until": null}));
        house.says("w", "w-2", "I have it now").await;
        assert_eq!(house.get(&priya, &format!("conversations/{id}")).await["snoozed"], Value::Null);
        let changed = house.get(&priya, "conversations?holder=me").await["conversations"][0]["changed"].clone();
        let now: jiff::Timestamp = changed.as_str().expect("a time").parse().expect("a time");
        let soon = now + jiff::SignedDuration::from_secs(3600);
        house.post(&priya, &path, json!({"until": soon.to_string()})).await;
        assert!(house.get(&priya, &format!("conversations/{id}")).await["snoozed"]["until"].is_string());
        let woken = house.call(&priya, Method::DELETE, &path, None).await;
        assert_eq!(woken.status(), StatusCode::OK);
        assert_eq!(house.get(&priya, &format!("conversations/{id}")).await["snoozed"], Value::Null);
    }

    async fn a_persons_earlier_complaints_stand_beside_the_one_of_now(base: Base) {
        let house = House::open(base).await;
        let priya = house.agent("Priya Shah", "agent");
        let first = house.says("w", "1", "Your porter shouted at my mother on Maple ward yesterday").await;
        let id = first["conversation"].as_str().expect("an id");
        house.post(&priya, &format!("conversations/{id}/claim"), json!({})).await;
        house.post(&priya, &format!("conversations/{id}/resolve"), json!({})).await;
        let second = house.says("w", "2", "Your driver blocked my driveway this morning, I want to complain").await;
        assert_ne!(second["complaint"], first["complaint"]);
        let shown = house.get(&priya, &format!("conversations/{id}")).await;
        let earlier = shown["earlier"].as_array().expect("a list");
        assert_eq!((earlier.len(), &earlier[0]["reference"], &earlier[0]["status"]), (1, &first["complaint"], &json!("open")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn replies_that_stand_ready_are_in_the_persons_language_with_everything_in_its_place() {
    let house = House::open(Base::Sqlite).await;
    let priya = house.agent("Priya Shah", "agent");
    let made = house
        .says(
            "en",
            "1",
            "Your porter shouted at my mother on Maple ward yesterday",
        )
        .await;
    let replies = house
        .get(
            &priya,
            &format!(
                "conversations/{}/replies",
                made["conversation"].as_str().expect("an id")
            ),
        )
        .await;
    let named = |replies: &Value, name: &str| -> String {
        let mut all = replies["replies"].as_array().expect("a list").iter();
        let one = all.find(|r| r["name"] == name).expect("a reply");
        one["text"].as_str().expect("words").to_owned()
    };
    assert!(named(&replies, "hello").contains("I'm Priya, a person at Willowbrook Care"));
    assert!(
        named(&replies, "reference").contains(made["complaint"].as_str().expect("a reference"))
    );
    assert!(named(&replies, "visiting").starts_with("Visiting is every day"));
    let texts = replies["replies"].to_string();
    assert!(
        !texts.contains("{{") && !texts.contains("canned"),
        "{texts}"
    );
    let made = house
        .says(
            "es",
            "1",
            "Su celador gritó a mi madre ayer en la planta, quiero poner una queja",
        )
        .await;
    let replies = house
        .get(
            &priya,
            &format!(
                "conversations/{}/replies",
                made["conversation"].as_str().expect("an id")
            ),
        )
        .await;
    assert_eq!(replies["language"], "es");
    assert!(named(&replies, "hello").contains("una persona de Willowbrook Care"));
}
