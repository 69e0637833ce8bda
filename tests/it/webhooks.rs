//! Another program is told of complaints, and what it does not take is not lost.

use crate::fakes::receiver::{Came, Manner, Receiver, SECRET};
use crate::house::{Base, House};
use crate::on_both;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const STORY: &str =
    "Your porter Karl Voss shouted at my mother on Maple ward yesterday, I am Ann Oduya";

async fn open(base: Base, receiver: &Receiver, settings: &[(&str, &str)]) -> House {
    let mut all = vec![
        ("NOHOLD_WEBHOOK_URL", receiver.url.as_str()),
        ("NOHOLD_WEBHOOK_SECRET", SECRET),
        ("NOHOLD_WEBHOOK_SECONDS", "1"),
    ];
    all.extend(settings);
    House::open_with(base, &all).await
}

async fn complains(house: &House, person: &str) -> String {
    let made = house.says(person, "1", STORY).await;
    made["complaint"].as_str().expect("on record").to_owned()
}

async fn amends(house: &House, token: &str, reference: &str, patch: Value) {
    let path = format!("complaints/{reference}");
    let done = house.call(token, Method::PATCH, &path, Some(patch)).await;
    assert_eq!(done.status(), StatusCode::OK);
}

/// The kinds of what came, in order.
fn kinds(came: &[Came]) -> Vec<&str> {
    came.iter()
        .map(|c| c.body["type"].as_str().expect("a type"))
        .collect()
}

fn listed(house: &House) -> Vec<String> {
    let out = house.run(&["webhooks", "list"], "");
    assert!(out.status.success(), "{out:?}");
    String::from_utf8(out.stdout)
        .expect("text")
        .lines()
        .map(str::to_owned)
        .collect()
}

on_both! {
    async fn what_happens_to_a_complaint_is_told_signed_and_without_a_word_of_anybody(base: Base) {
        let receiver = Receiver::open().await;
        let house = open(base, &receiver, &[]).await;
        let priya = house.agent("Priya Shah", "agent");
        let reference = complains(&house, "a").await;
        let created = receiver.came(1).await.remove(0);
        assert_eq!(created.body["type"], "complaint.created");
        assert_eq!(created.body["data"], json!({"reference": reference, "status": "open"}));
        assert!(created.id.starts_with("msg_") && created.body["timestamp"].is_string());
        amends(&house, &priya, &reference, json!({"where": "Oak ward", "status": "acknowledged", "why": "they rang Ann"})).await;
        let changed = receiver.came(2).await.remove(1);
        assert_eq!(changed.body["type"], "complaint.changed");
        assert_eq!((&changed.body["data"]["reference"], &changed.body["data"]["status"]), (&json!(reference), &json!("acknowledged")));
        let fields = changed.body["data"]["changed"].as_array().expect("a list");
        assert!(fields.contains(&json!("incident.where")) && fields.contains(&json!("status")), "{fields:?}");
        let all = format!("{:?}", receiver.came(2).await);
        for word in ["Karl", "Voss", "Ann", "Oak", "Maple", "mother", "shouted"] {
            assert!(!all.contains(word), "{word}: {all}");
        }
        assert_eq!(listed(&house), ["0 given up, 0 waiting"]);
    }

    async fn what_fails_or_hangs_is_tried_again_with_the_same_id_and_in_order(base: Base) {
        let receiver = Receiver::open().await;
        let house = open(base, &receiver, &[]).await;
        let priya = house.agent("Priya Shah", "agent");
        receiver.will(&[Manner::Says(500), Manner::Hangs]);
        let reference = complains(&house, "a").await;
        amends(&house, &priya, &reference, json!({"where": "Oak ward"})).await;
        let came = receiver.came(4).await;
        assert_eq!(kinds(&came), ["complaint.created", "complaint.created", "complaint.created", "complaint.changed"]);
        assert!(came[0].id == came[1].id && came[1].id == came[2].id && came[2].id != came[3].id);
        assert!(came[2].at > came[0].at, "signed anew with each attempt");
        assert_eq!(came[0].body, came[2].body);
    }

    async fn what_nobody_wants_is_a_dead_letter_until_it_is_replayed(base: Base) {
        let receiver = Receiver::open().await;
        let house = open(base, &receiver, &[]).await;
        receiver.will(&[Manner::Says(410), Manner::Says(410)]);
        let first = complains(&house, "a").await;
        let second = complains(&house, "b").await;
        house.until_rows("SELECT id FROM webhooks WHERE dead = 1", |rows| rows.len() == 2).await;
        let lines = listed(&house);
        assert_eq!(lines.len(), 3, "{lines:?}");
        let line = lines.iter().find(|l| l.contains(&first)).expect("listed");
        assert!(line.contains("complaint.created") && line.ends_with("1 attempts, answered 410"), "{line}");
        assert_eq!(lines[2], "2 given up, 0 waiting");
        let id = line.split("  ").next().expect("an id");
        let out = house.run(&["webhooks", "replay", id], "");
        assert_eq!(String::from_utf8_lossy(&out.stdout), "1 to be sent again\n");
        let again = receiver.came(3).await.remove(2);
        assert_eq!((again.id.as_str(), &again.body["data"]["reference"]), (id, &json!(first)));
        house.until_rows("SELECT id FROM webhooks", |rows| rows.len() == 1).await;
        assert!(!house.run(&["webhooks", "replay", "msg_none"], "").status.success());
        assert!(house.run(&["webhooks", "replay", "--all"], "").status.success());
        let last = receiver.came(4).await.remove(3);
        assert_eq!(last.body["data"]["reference"], second);
    }

    async fn a_clock_that_runs_out_is_told_once_counted_and_in_the_days_digest(base: Base) {
        let receiver = Receiver::open().await;
        let metrics = format!("127.0.0.1:{}", crate::house::free_port());
        let mut house = open(base, &receiver, &[("NOHOLD_METRICS_LISTEN", &metrics), ("NOHOLD_DIGEST_HOUR", "0")]).await;
        let priya = house.agent("Priya Shah", "supervisor");
        let anton = house.agent("Anton Berg", "agent");
        let reference = complains(&house, "a").await;
        let before = house.until(&priya, "complaints/digest", |d| d["day"].is_string()).await;
        assert_eq!((&before["due"], &before["overdue"]), (&json!(0), &json!(0)));
        amends(&house, &priya, &reference, json!({"received_at": "2025-01-07T10:00:00Z", "why": "it came by post"})).await;
        receiver.came(2).await;
        // A new day, as far as the program knows.
        assert!(house.stop().is_some());
        house.change("DELETE FROM marks WHERE name = 'digest'").await;
        house.start().await;
        let told = receiver.came(3).await.remove(2);
        assert_eq!(told.body["type"], "complaint.overdue");
        assert_eq!(told.body["data"]["reference"], reference);
        assert_eq!(told.body["data"]["deadline"], "acknowledge");
        let digest = house.until(&priya, "complaints/digest", |d| d["day"].is_string()).await;
        assert_eq!((&digest["due"], &digest["overdue"]), (&json!(0), &json!(1)));
        let refused = house.call(&anton, Method::GET, "complaints/digest", None).await;
        assert_eq!(refused.status(), StatusCode::FORBIDDEN);
        let text = house.client.get(format!("http://{metrics}/metrics")).send().await.expect("served").text().await.expect("text");
        for line in ["nohold_complaints_overdue 1", "nohold_complaints_due 0", "nohold_webhooks_dead 0"] {
            assert!(text.contains(line), "{line}: {text}");
        }
        assert!(house.log().contains("the day's digest of complaints"));
        // Started once more, nothing is told again.
        assert!(house.stop().is_some());
        house.start().await;
        amends(&house, &priya, &reference, json!({"where": "Oak ward"})).await;
        let came = receiver.came(4).await;
        assert_eq!(kinds(&came)[3], "complaint.changed");
    }

    async fn of_a_protected_complaint_nothing_is_told(base: Base) {
        let receiver = Receiver::open().await;
        let house = open(base, &receiver, &[]).await;
        let spoken = house.says("s", "1", "I work here as a nurse, and my manager Karl Voss takes morphine from the cabinet").await;
        let reference = spoken["complaint"].as_str().expect("on record").to_owned();
        let other = complains(&house, "a").await;
        let came = receiver.came(1).await;
        assert_eq!(came[0].body["data"]["reference"], other);
        assert!(!format!("{came:?}").contains(&reference));
        house.until_rows("SELECT id FROM webhooks", <[String]>::is_empty).await;
    }
}
