//! The command line.

use crate::house::{Base, House, lines};
use serde_json::{Value, json};

fn parsed(line: &str) -> Value {
    serde_json::from_str(line).expect("JSON")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_line_gives_an_error_and_the_rest_goes_on() {
    let house = House::prepare(Base::Sqlite, &[]).await;
    let input = "{\"text\":\"when does visiting start?\"}\n{\"text\":\"I want to kill myself\"}\n{oops\n{\"txet\":\"x\"}\n{\"text\":\"thanks\"}";
    let output = house.run(&["understand"], input);
    let got = lines(&output);
    assert_eq!(got.len(), 5);
    assert_eq!(parsed(&got[0])["intent"], "information");
    assert_eq!(parsed(&got[1])["red_flag"], "self_harm");
    assert!(
        parsed(&got[2])["error"]
            .as_str()
            .is_some_and(|e| e.starts_with("line 3: "))
    );
    assert!(
        parsed(&got[3])["error"]
            .as_str()
            .is_some_and(|e| e.starts_with("line 4: ") && e.contains("text"))
    );
    assert_eq!(parsed(&got[4])["intent"], "thanks");
    assert_eq!(output.status.code(), Some(1));
    let keys: Vec<String> = parsed(&got[0])
        .as_object()
        .expect("an object")
        .keys()
        .cloned()
        .collect();
    assert_eq!(
        keys,
        [
            "complaint",
            "emotion",
            "entities",
            "intensity",
            "intent",
            "language",
            "probabilities",
            "problems",
            "red_flag",
            "relation",
            "unsure"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn coach_and_suggest_answer_line_by_line() {
    let house = House::prepare(Base::Sqlite, &[]).await;
    let output = house.run(&["coach"], &json!({"context": "A daughter is angry that her mother was moved without notice", "draft": "Please stay calm."}).to_string());
    let review = parsed(&lines(&output)[0]);
    assert_eq!(
        (
            review["ok"].as_bool(),
            review["findings"][0]["rule"].as_str()
        ),
        (Some(false), Some("calm_down"))
    );
    assert_eq!(output.status.code(), Some(0));
    let talk = json!({"messages": [{"from": "contact", "text": "Your porter dropped my dad's glasses and laughed, I'm furious"}, {"from": "bot", "text": "I'm sorry."}], "facts": {"name": "Ann Lee", "agent": "Priya"}});
    let output = house.run(&["suggest"], &talk.to_string());
    let made = parsed(&lines(&output)[0]);
    let texts: Vec<&str> = made["suggestions"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|s| s["text"].as_str())
        .collect();
    assert_eq!(texts.len(), 3);
    assert!(
        texts[0].starts_with("Ann, I'm sorry") && texts[0].contains("Priya"),
        "{texts:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn check_tells_all_mistakes_with_their_places() {
    let house = House::prepare(Base::Sqlite, &[]).await;
    assert!(house.run(&["check"], "").status.success());
    let folder = house.folder.path().join("flows");
    std::fs::create_dir_all(folder.join("en")).expect("a folder");
    std::fs::write(folder.join("complaint.yaml"), "flow: complaint\nabout: x\nwhen: intnet == \"complaint\"\nrecord: complaint\ncollect:\n  - what_happend:\n      ask: complaint.what_happened\nthen:\n  - say: complaint.nowhere\n  - shout: loud\n").expect("written");
    std::fs::write(
        folder.join("facts.yaml"),
        "organisation: X\ntimezone: Europe/Lundon\ndesk_hours: {}\ntopics: {}\n",
    )
    .expect("written");
    let mut command = house.command(&["check"]);
    let output = command.env("NOHOLD_FLOWS", &folder).output().expect("runs");
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    for place in [
        "complaint.yaml:3:7",
        "complaint.yaml:6:5",
        "complaint.yaml:9:10",
        "complaint.yaml:10:5",
        "facts.yaml:2:11",
    ] {
        assert!(said.contains(place), "{place} is not in:\n{said}");
    }
    let wrong = house
        .command(&["check"])
        .env("NOHOLD_LISTEN", "nowhere")
        .env("NOHOLD_QUEUE", "many")
        .output()
        .expect("runs");
    let said = String::from_utf8_lossy(&wrong.stderr).into_owned();
    assert!(said.contains("listen") && said.contains("queue"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn staffing_answers_line_by_line_and_names_the_field_that_is_wrong() {
    let house = House::prepare(Base::Sqlite, &[]).await;
    let asked = json!({"arrivals_per_hour": 200, "handling_seconds": 180, "target_seconds": 20, "target_share": 0.8,
        "patience_seconds": 600, "shrinkage": 0.3, "concurrency": 1, "staff": null});
    let input = format!("{asked}\n{{\"arrivals_per_hour\":-4,\"handling_seconds\":180}}\n{asked}");
    let output = house.run(&["staffing"], &input);
    assert_eq!(output.status.code(), Some(1));
    let got: Vec<Value> = lines(&output).iter().map(|l| parsed(l)).collect();
    assert_eq!(got[0], got[2]);
    assert_eq!(
        got[1],
        json!({"error": "line 2: arrivals_per_hour: must be from 0 to 1000000"})
    );
    let keys = |value: &Value| -> Vec<String> {
        let object = value.as_object().expect("an object");
        object.keys().cloned().collect()
    };
    assert_eq!(keys(&got[0]), ["erlang_a", "erlang_c", "roster"]);
    let five = [
        "mean_wait_seconds",
        "occupancy",
        "service_level",
        "staff",
        "wait_probability",
    ];
    assert_eq!(keys(&got[0]["erlang_c"]), five);
    assert_eq!(
        keys(&got[0]["erlang_a"]),
        [&["abandon"][..], &five].concat()
    );
    assert_eq!(got[0]["erlang_c"]["staff"], 14);
    assert_eq!(got[0]["roster"], 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn complaints_are_listed_shown_and_exported() {
    let house = House::open(Base::Sqlite).await;
    let answer = house
        .says(
            "e",
            "1",
            "=HYPERLINK(\"x\") your nurse swore at my friend yesterday in reception",
        )
        .await;
    let reference = answer["complaint"].as_str().expect("on record").to_owned();
    let shown = house.run(&["complaints", "show", &reference.to_lowercase()], "");
    assert!(
        String::from_utf8_lossy(&shown.stdout).contains("complainant  incident.narrative: null ->"),
        "{}",
        String::from_utf8_lossy(&shown.stdout)
    );
    let exported = house.run(&["complaints", "export", "--format", "jsonl"], "");
    let record = parsed(&lines(&exported)[0]);
    let keys = [
        "reference",
        "received_at",
        "channel",
        "conversation",
        "status",
        "priority",
        "complainant",
        "affected_person",
        "subjects",
        "incident",
        "classification",
        "desired_outcome",
        "safeguarding",
        "complete",
        "deadlines",
        "attachments",
    ];
    for key in keys {
        assert!(record.get(key).is_some(), "{key} is missing");
    }
    let csv = house.run(&["complaints", "export", "--format", "csv"], "");
    let text = String::from_utf8_lossy(&csv.stdout).into_owned();
    assert!(
        text.starts_with("reference,") && text.contains("'=HYPERLINK"),
        "a spreadsheet runs nothing: {text}"
    );
    let missing = house.run(&["complaints", "show", "NH-0000-0000-0"], "");
    assert_eq!(missing.status.code(), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bot_talks_in_the_terminal() {
    let house = House::prepare(Base::Sqlite, &[]).await;
    let output = house.run(&["chat"], "hello\nI want to complain\n\n");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        text.contains("automated assistant") && text.contains("Please tell me what happened"),
        "{text}"
    );
}
