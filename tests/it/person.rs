//! All that is held on a person: given out, and erased so that no word is left.

use crate::house::{Base, House, TOKEN};
use crate::on_both;
use crate::socket::{next, open_feed};
use reqwest::Method;
use serde_json::{Value, json};

const STORY: &str =
    "Your porter Wilberforce Quillfeather shouted at my mother on Maple ward yesterday";

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Somebody complains, sends a file, and an agent works on it.
async fn complained(house: &House, priya: &str) -> (String, String) {
    let made = house.says("quillon", "1", STORY).await;
    let (reference, id) = (
        made["complaint"].as_str().expect("on record").to_owned(),
        made["conversation"].as_str().expect("an id").to_owned(),
    );
    let file =
        json!([{"name": "zephyrine.txt", "media_type": "text/plain", "content": "aGVsbG8="}]);
    house.post(TOKEN, "inboxes/http/messages", json!({"id": "2", "sender": {"id": "quillon", "name": "Ottoline Fairweather"}, "text": "here is a file", "attachments": file})).await;
    house
        .post(
            priya,
            &format!("conversations/{id}/notes"),
            json!({"id": "n", "text": "Ring Ottoline about Quillfeather"}),
        )
        .await;
    let path = format!("complaints/{reference}");
    let patch = json!({"complainant_name": "Ottoline Fairweather", "where": "Maple ward, bed 7", "category": "communication", "why": "Ottoline rang"});
    assert!(
        house
            .call(priya, Method::PATCH, &path, Some(patch))
            .await
            .status()
            .is_success()
    );
    (reference, id)
}

on_both! {
    async fn all_that_is_held_is_given_out_as_json_and_as_a_page(base: Base) {
        let house = House::open(base).await;
        let priya = house.agent("Priya Shah", "agent");
        let (reference, id) = complained(&house, &priya).await;
        for key in [&reference, &id] {
            let output = house.run(&["person", "export", key], "");
            let all: Value = serde_json::from_str(&text(&output.stdout)).expect("JSON");
            assert_eq!(all["complaints"][0]["record"]["reference"], json!(reference));
            assert_eq!(all["files"][0], json!({"name": "zephyrine.txt", "media_type": "text/plain", "content": "aGVsbG8="}));
            let said = all["conversations"][0]["messages"].to_string();
            assert!(said.contains("Quillfeather shouted") && said.contains("Ring Ottoline"), "{said}");
            assert!(all["complaints"][0]["history"].to_string().contains("Ottoline rang"));
        }
        let page = text(&house.run(&["person", "export", &id, "--format", "html"], "").stdout);
        assert!(page.starts_with("<!doctype html>") && page.contains("Quillfeather shouted"), "{page}");
        for wrong in ["NH-0000-0000-0", "someone", "0192f0c1-2345-7000-8000-000000000000"] {
            assert_eq!(house.run(&["person", "export", wrong], "").status.code(), Some(1), "{wrong}");
        }
    }

    async fn what_is_erased_is_in_no_table_and_what_is_counted_stays(base: Base) {
        let house = House::open(base).await;
        let priya = house.agent("Priya Shah", "supervisor");
        let (reference, id) = complained(&house, &priya).await;
        let other = house.says("other", "1", "Your nurse shouted at my neighbour this morning").await;
        let path = format!("complaints/{reference}");
        house.call(&priya, Method::PATCH, &path, Some(json!({"legal_hold": "an inquest"}))).await;
        let held = house.run(&["person", "erase", &reference], "");
        assert!(!held.status.success() && text(&held.stderr).contains("must be kept"), "{}", text(&held.stderr));
        house.call(&priya, Method::PATCH, &path, Some(json!({"legal_hold": "", "why": "It is over"}))).await;
        let erased = house.run(&["person", "erase", &reference], "");
        assert!(erased.status.success(), "{}", text(&erased.stderr));
        let dump = house.run(&["backup", "after.backup"], "");
        assert!(dump.status.success());
        let everything = std::fs::read_to_string(house.folder.path().join("after.backup")).expect("all tables").to_lowercase();
        for word in ["quillfeather", "wilberforce", "ottoline", "fairweather", "maple ward", "quillon", "zephyrine", "agvsbg8"] {
            assert!(!everything.contains(word), "{word} is still in a table");
        }
        for query in ["q=quillfeather", "q=maple", "place=maple"] {
            assert_eq!(house.get(&priya, &format!("complaints?{query}")).await["complaints"], json!([]), "{query}");
        }
        assert_eq!(house.get(&priya, "conversations?q=quillfeather").await["conversations"], json!([]));
        let record = house.get(&priya, &path).await;
        assert_eq!((&record["classification"]["category"], &record["complainant"]["name"], &record["incident"]["narrative"]), (&json!("communication"), &Value::Null, &json!("")));
        assert!(record["erased_at"].is_string());
        let list = house.get(&priya, "complaints?category=communication").await;
        assert_eq!(list["complaints"][0]["reference"], json!(reference), "it is counted still");
        let verified = text(&house.run(&["audit", "verify"], "").stdout);
        assert!(verified.trim_end().ends_with("chain whole"), "{verified}");
        assert!(text(&house.run(&["audit", "show", &reference], "").stdout).contains("erased"));
        // Somebody else's words are where they were, and whoever writes again begins anew.
        let neighbour = house.get(&priya, "complaints?q=neighbour").await;
        assert_eq!(neighbour["complaints"][0]["reference"], other["complaint"]);
        let again = house.says("quillon", "1", "hello").await;
        assert_ne!(again["conversation"], json!(id));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_word_is_left_in_the_file_of_the_database() {
    let mut house = House::open(Base::Sqlite).await;
    let priya = house.agent("Priya Shah", "agent");
    let (reference, _) = complained(&house, &priya).await;
    // Rows of others come between, so that pages fill and are divided, and rows move.
    for n in 0..40 {
        let other = format!("Your nurse shouted at my neighbour on ward {n} this morning. ")
            .repeat(1 + n % 5);
        house
            .says(&format!("other-{}", n % 7), &n.to_string(), &other)
            .await;
        let more = format!("And Quillfeather said {n} times that he would do it again");
        house.says("quillon", &format!("more-{n}"), &more).await;
    }
    // A page of the desk is open, and reads.
    let mut line = open_feed(&house, &priya, "?after=0").await;
    while next(&mut line).await["type"] != "ready" {}
    let erased = house.run(&["person", "erase", &reference], "");
    assert!(erased.status.success(), "{}", text(&erased.stderr));
    let found = house.get(&priya, "conversations?q=neighbour").await;
    let found = found["conversations"].as_array().expect("a list").len();
    assert_eq!(found, 7, "others' words are found still");
    house.says("other-1", "last", "hello").await;
    drop(line);
    house.kill();
    for end in ["", "-wal"] {
        let path = house.folder.path().join(format!("nohold.db{end}"));
        let bytes = std::fs::read(&path).unwrap_or_default();
        let bytes = text(&bytes).to_lowercase();
        for word in ["quillfeather", "ottoline", "zephyrine"] {
            assert!(!bytes.contains(word), "{word} is in nohold.db{end}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn made_up_people_fill_an_empty_database_and_no_other() {
    let house = House::open(Base::Sqlite).await;
    let priya = house.agent("Priya Shah", "agent");
    let made = house.run(&["demo", "--conversations", "30", "--complaints", "40"], "");
    assert!(made.status.success(), "{}", text(&made.stderr));
    let list = house.get(&priya, "complaints?limit=500").await;
    assert_eq!(list["complaints"].as_array().map(Vec::len), Some(40));
    let list = house.get(&priya, "conversations?limit=200").await;
    assert_eq!(list["conversations"].as_array().map(Vec::len), Some(30));
    assert!(text(&house.run(&["audit", "verify"], "").stdout).contains("chain whole"));
    assert_eq!(
        house.run(&["demo"], "").status.code(),
        Some(1),
        "the database is in use"
    );
    house.says("somebody", "1", "hello").await;
}
