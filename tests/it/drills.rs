//! Practice with made-up people, on the command line and by the API.

use crate::house::{Base, House, lines};
use crate::on_both;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const GOOD: [&str; 3] = [
    "You are very much allowed to write. Two hours on the stairs with Mrs Bell and nobody coming: that must have been frightening. What was it like for you, sitting there with her?",
    "I'm sorry that you had to ring the pendant three times while she was shaking under your coat. Thank you for telling me about it. What did they say when you rang?",
    "Being hung up on because you are not family was hurtful, and it made those stairs lonelier. I'll ask the pendant service's manager today why that man hung up, and ring you before five.",
];

fn parsed(line: &str) -> Value {
    serde_json::from_str(line).expect("JSON")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drill_is_listed_and_played_through_a_pipe() {
    let house = House::prepare(Base::Sqlite, &[]).await;
    let all: Vec<Value> = lines(&house.run(&["drill", "list"], ""))
        .iter()
        .map(|l| parsed(l))
        .collect();
    assert!(all.len() >= 30);
    let keys: Vec<&String> = all[0].as_object().expect("an object").keys().collect();
    assert_eq!(
        keys,
        ["id", "language", "level", "opening", "persona", "title"]
    );
    let input: Vec<String> = GOOD
        .iter()
        .map(|r| json!({"reply": r, "seconds": 20}).to_string())
        .collect();
    let output = house.run(&["drill", "play", "stairs_neighbour"], &input.join("\n"));
    assert_eq!(output.status.code(), Some(0));
    let said: Vec<Value> = lines(&output).iter().map(|l| parsed(l)).collect();
    assert_eq!(said.len(), 4, "{said:?}");
    for (n, turn) in said[..3].iter().enumerate() {
        assert_eq!(turn["turn"], n + 1);
        for key in ["person", "state", "score", "spans", "feedback", "done"] {
            assert!(!turn[key].is_null(), "{key}: {turn}");
        }
        assert!(turn["state"]["trust"].is_u64() && turn["state"]["anger"].is_u64());
    }
    assert_eq!(said[2]["done"], true);
    let result = &said[3]["result"];
    assert_eq!(
        [&result["passed"], &result["safety"], &result["privacy"]],
        [&json!(true), &json!("pass"), &json!("pass")]
    );
    assert!(
        result["rule_score"]
            .as_f64()
            .is_some_and(|s| s > 0.65 && s <= 1.0),
        "{result}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_line_is_named_and_the_rest_goes_on() {
    let house = House::prepare(Base::Sqlite, &[]).await;
    let input = "{\"reply\":\"\"}\n{oops\n{\"reply\":\"How long did you sit on the stairs with Mrs Bell?\"}";
    let output = house.run(&["drill", "play", "stairs_neighbour"], input);
    assert_eq!(output.status.code(), Some(1));
    let said: Vec<Value> = lines(&output).iter().map(|l| parsed(l)).collect();
    assert_eq!(said[0], json!({"error": "line 1: reply: must have words"}));
    assert!(
        said[1]["error"]
            .as_str()
            .is_some_and(|e| e.starts_with("line 2: "))
    );
    assert_eq!(said[2]["turn"], 1);
    assert_eq!(said[3]["result"]["passed"], false);
    let unknown = house.run(&["drill", "play", "nobody"], "");
    assert_eq!(unknown.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("there is no drill 'nobody'"));
}

/// `nohold drill list | head -1`, and the same of every other command that prints: the reader goes away, and nothing
/// falls over.
#[tokio::test(flavor = "multi_thread")]
async fn a_reader_who_goes_away_is_no_fault() {
    let house = House::prepare(Base::Sqlite, &[]).await;
    for args in [
        &["drill", "list"][..],
        &["coach", "--rules"],
        &["flows", "schema"],
        &["check"],
    ] {
        let mut child = house
            .command(args)
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .expect("the program");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("its end");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(
            (output.status.code(), said.as_str()),
            (Some(0), ""),
            "{args:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_is_no_object_names_no_type_and_a_mark_before_the_first_is_passed_over() {
    let house = House::prepare(Base::Sqlite, &[]).await;
    let input = "\u{feff}{\"arrivals_per_hour\":6,\"handling_seconds\":720}\n[]\n{\"arrivals_per_hour\":6,\"arrivals_per_hour\":7,\"handling_seconds\":720}\n";
    let all: Vec<Value> = lines(&house.run(&["staffing"], input))
        .iter()
        .map(|l| parsed(l))
        .collect();
    assert!(all[0]["erlang_c"].is_object(), "{}", all[0]);
    assert_eq!(
        all[1..],
        [
            json!({"error": "line 2: must be a JSON object"}),
            json!({"error": "line 3: arrivals_per_hour: is given twice"})
        ]
    );
    let output = house.run(&["drill", "play", "stairs_neighbour"], "[]\n");
    assert_eq!(
        parsed(&lines(&output)[0]),
        json!({"error": "line 1: must be a JSON object"})
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn two_labellers_are_compared_with_each_other_and_with_the_rules() {
    let house = House::prepare(Base::Sqlite, &[]).await;
    let replies = [
        (GOOD[0], 2),
        ("Thank you for your patience.", 0),
        ("The stairs sound cold.", 1),
    ];
    let file = |name: &str, less: u8| {
        let rows: Vec<String> = (1..).zip(replies).map(|(n, (reply, level))| {
            let level: u8 = level;
            json!({"id": format!("r{n}"), "drill": "stairs_neighbour", "said": "", "reply": reply,
                "scores": {"reflection": level.saturating_sub(less)}}).to_string()
        }).collect();
        let path = house.folder.path().join(name);
        std::fs::write(&path, rows.join("\n")).expect("a file");
        path.display().to_string()
    };
    let (first, second) = (file("first.jsonl", 0), file("second.jsonl", 1));
    let output = house.run(&["drill", "agree", &first, &second], "");
    let rows: Vec<Value> = lines(&output).iter().map(|l| parsed(l)).collect();
    let reflection = rows.iter().find(|r| r["item"] == "reflection");
    assert_eq!(
        reflection,
        Some(
            &json!({"item": "reflection", "replies": 3, "labellers": 0.5, "first": 0.8, "second": 0.727, "shown": true})
        )
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn agents_are_shown_the_items_in_which_the_rules_agree_with_labellers() {
    let house = House::prepare(Base::Sqlite, &[]).await;
    let labels = |name: &str| format!("{}/tests/{name}", env!("CARGO_MANIFEST_DIR"));
    let (first, second) = (
        labels("replies.first.jsonl"),
        labels("replies.second.jsonl"),
    );
    let output = house.run(&["drill", "agree", &first, &second], "");
    let rows: Vec<Value> = lines(&output).iter().map(|l| parsed(l)).collect();
    let named = |r: &&Value| r["shown"] == true;
    let agreed: BTreeSet<String> = (rows.iter().filter(named))
        .map(|r| r["item"].as_str().expect("a name").to_owned())
        .collect();
    let reply = json!({"reply": GOOD[0]}).to_string();
    let played = house.run(&["drill", "play", "stairs_neighbour"], &reply);
    let turn = lines(&played)
        .iter()
        .map(|l| parsed(l))
        .find(|l| l["turn"] == 1);
    let score = turn.expect("a turn")["score"]
        .as_object()
        .expect("scores")
        .clone();
    assert_eq!(score.keys().cloned().collect::<BTreeSet<_>>(), agreed);
}

on_both! {
    async fn a_run_is_the_agents_own_and_touches_nothing_else(base: Base) {
        let house = House::open(base).await;
        let (priya, tom, mo) = (house.agent("Priya Shah", "agent"), house.agent("Tom Reed", "agent"), house.agent("Mo Bell", "supervisor"));
        let run = house.post(&priya, "drills/stairs_neighbour/runs", json!({})).await.1;
        let id = run["id"].as_str().expect("an id").to_owned();
        assert_eq!([&run["number"], &run["help"], &run["result"]], [&json!(1), &json!("full"), &json!(null)]);
        assert_eq!(run["lines"][0]["from"], "person");
        let path = format!("drill-runs/{id}");
        let other = house.call(&tom, Method::GET, &path, None).await;
        assert_eq!(other.status(), StatusCode::NOT_FOUND, "nobody else sees it");
        let early = house.call(&priya, Method::POST, &format!("{path}/rewrites"), Some(json!({"reply": "x"}))).await;
        assert_eq!(early.status(), StatusCode::CONFLICT);
        let empty = house.call(&priya, Method::POST, &format!("{path}/replies"), Some(json!({"reply": " "}))).await;
        assert_eq!(empty.status(), StatusCode::BAD_REQUEST);
        let body: Value = empty.json().await.expect("JSON");
        assert_eq!(body["error"]["field"], "reply");
        let mut run = Value::Null;
        for (n, reply) in GOOD.iter().enumerate() {
            run = house.post(&priya, &format!("{path}/replies"), json!({"reply": reply, "seconds": 20})).await.1;
            assert_eq!(run["turns"].as_array().map(Vec::len), Some(n + 1));
        }
        assert_eq!(run["result"]["passed"], true, "{run}");
        let again = house.post(&priya, &format!("{path}/rewrites"), json!({"reply": "Noted."})).await.1;
        assert_eq!(again["score"]["reflection"], 0);
        let kept = house.get(&priya, &path).await;
        assert_eq!(kept, run, "a rewrite changes nothing");
        let over = house.call(&priya, Method::POST, &format!("{path}/replies"), Some(json!({"reply": "And?"}))).await;
        assert_eq!(over.status(), StatusCode::CONFLICT);
        let list = house.get(&priya, "drills").await;
        let row = list["drills"].as_array().expect("a list").iter().find(|d| d["id"] == "stairs_neighbour").expect("it").clone();
        assert_eq!([&row["runs"], &row["passed"], &row["due"], &row["open_run"]], [&json!(1), &json!(true), &json!(false), &json!(null)]);
        assert!(row["due_at"].is_string());
        assert_eq!(house.get(&mo, "drills").await["team"], Value::Null, "one person's practice is no summary");
        // The next run has other words, and less help.
        let second = house.post(&priya, "drills/stairs_neighbour/runs", json!({})).await.1;
        assert_eq!([&second["number"], &second["help"]], [&json!(2), &json!("why")]);
        assert_ne!(second["lines"][0]["text"], run["lines"][0]["text"]);
        let path = format!("drill-runs/{}/replies", second["id"].as_str().expect("an id"));
        let turn = house.post(&priya, &path, json!({"reply": "Noted."})).await.1;
        let fix = &turn["turns"][0]["feedback"][0];
        assert!(fix["why"].as_str().is_some_and(|w| !w.is_empty()) && fix["better"].is_null(), "{fix}");
        let unknown = house.call(&priya, Method::POST, "drills/nobody/runs", Some(json!({}))).await;
        assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
        assert_eq!(house.get(&mo, "queue").await["conversations"], json!([]));
        assert_eq!(house.get(&mo, "complaints").await["complaints"], json!([]));
    }

    async fn a_team_is_summed_up_once_three_have_practised(base: Base) {
        let house = House::open(base).await;
        let mo = house.agent("Mo Bell", "supervisor");
        for name in ["Priya Shah", "Tom Reed", "Zoe Hart"] {
            let token = house.agent(name, "agent");
            let run = house.post(&token, "drills/stairs_neighbour/runs", json!({})).await.1;
            let path = format!("drill-runs/{}/replies", run["id"].as_str().expect("an id"));
            for reply in GOOD {
                let (status, told) = house.post(&token, &path, json!({"reply": reply})).await;
                assert_eq!(status, 200, "{told}");
            }
            assert_eq!(house.get(&token, "drills").await["team"], Value::Null, "agents see their own");
        }
        let team = house.get(&mo, "drills").await["team"].clone();
        assert_eq!([&team["people"], &team["runs"], &team["passed"]], [&json!(3), &json!(3), &json!(1.0)]);
    }
}
