//! The register: short rows, filters, pages, and how a complaint's status moves.

use crate::house::{Base, House, lines};
use crate::on_both;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// Somebody complains; gives back the reference.
async fn complains(house: &House, person: &str, text: &str) -> String {
    let made = house.says(person, &format!("{person}-1"), text).await;
    made["complaint"].as_str().expect("on record").to_owned()
}

/// Changes a record; where that needs a reason, with one.
async fn patched(
    house: &House,
    token: &str,
    reference: &str,
    mut patch: Value,
) -> (StatusCode, Value) {
    if patch["received_at"].is_string() && patch["why"].is_null() {
        patch["why"] = json!("As her letter says");
    }
    let path = format!("complaints/{reference}");
    let answer = house.call(token, Method::PATCH, &path, Some(patch)).await;
    (answer.status(), answer.json().await.expect("JSON"))
}

async fn moved(
    house: &House,
    token: &str,
    reference: &str,
    action: &str,
    body: Value,
) -> (StatusCode, Value) {
    house
        .post(token, &format!("complaints/{reference}/{action}"), body)
        .await
}

/// The references of a list, in its order.
async fn listed(house: &House, token: &str, query: &str) -> Vec<String> {
    let list = house.get(token, &format!("complaints?{query}")).await;
    references(&list)
}

fn references(list: &Value) -> Vec<String> {
    let all = list["complaints"].as_array().expect("a list").iter();
    all.map(|c| c["reference"].as_str().expect("a reference").to_owned())
        .collect()
}

on_both! {
    async fn a_list_has_short_rows_and_every_filter_narrows_it(base: Base) {
        let house = House::open(base).await;
        let priya = house.agent("Priya Shah", "supervisor");
        let porter = complains(&house, "a", "Your porter shouted at my mother on Maple ward yesterday").await;
        let food = complains(&house, "b", "I am a patient and I want to complain: the food was cold all week on Oak ward").await;
        patched(&house, &priya, &porter, json!({"relation": "relative", "complainant_name": "Íñigo Peña", "affected_person": {"name": "Grace Peña", "relation": "mother"}, "category": "respect_and_patient_rights", "where": "Maple ward", "priority": "urgent"})).await;
        patched(&house, &priya, &food, json!({"relation": "patient", "category": "environment", "where": "Oak ward", "priority": "routine", "received_at": "2024-01-10T10:00:00Z"})).await;
        let list = house.get(&priya, "complaints").await;
        assert_eq!(references(&list), [porter.as_str(), food.as_str()], "the latest first");
        let row = &list["complaints"][0];
        let keys: Vec<&String> = row.as_object().expect("a row").keys().collect();
        assert_eq!(keys, ["affected", "category", "channel", "complainant", "due_at", "overdue", "place", "priority", "received_at", "reference", "relation", "status"]);
        let told = [&row["complainant"], &row["affected"], &row["category"], &row["relation"], &row["priority"], &row["status"], &row["overdue"]];
        assert_eq!(told, [&json!("Íñigo Peña"), &json!("Grace Peña"), &json!("respect_and_patient_rights"), &json!("relative"), &json!("urgent"), &json!("open"), &json!(false)]);
        assert!(row["due_at"].is_string());
        let (one, other) = (vec![porter.clone()], vec![food.clone()]);
        for (query, found) in [
            ("q=shouted", &one), ("q=pena%20shouted", &one), ("q=cold", &other), ("q=maple", &one), ("q=nothing", &Vec::new()), ("q=--", &Vec::new()),
            ("relation=patient", &other), ("category=environment", &other), ("place=maple", &one), ("place=ward%20oak", &other),
            ("overdue=true", &other), ("overdue=false", &one), ("to=2024-01-10", &other), ("from=2024-01-10&to=2024-01-10", &other), ("from=2024-01-11", &one), ("to=2024-01-09", &Vec::new()),
            ("status=open&overdue=true", &other), ("status=closed", &Vec::new()),
            (&*format!("q={}", porter.to_lowercase()), &one),
        ] {
            assert_eq!(&listed(&house, &priya, query).await, found, "{query}");
        }
        let both = [porter.clone(), food.clone()];
        let turned = [food.clone(), porter.clone()];
        for (sort, order) in [("received_at", &turned), ("-received_at", &both), ("due_at", &turned), ("-priority", &both), ("priority", &turned)] {
            assert_eq!(&listed(&house, &priya, &format!("sort={sort}")).await, order, "{sort}");
        }
        // A complaint that is over waits for nothing.
        moved(&house, &priya, &food, "withdraw", json!({})).await;
        assert_eq!(listed(&house, &priya, "overdue=true").await, [""; 0]);
        // What they add is found at once, and what they take back no more.
        house.says("a", "a-2", "He also threw the wheelchair").await;
        assert_eq!(listed(&house, &priya, "q=wheelchair").await, one);
    }

    async fn a_long_list_goes_on_where_it_ended(base: Base) {
        let house = House::open(base).await;
        let priya = house.agent("Priya Shah", "agent");
        let mut all = Vec::new();
        for n in 0..5 {
            all.push(complains(&house, &format!("p{n}"), "Your nurse shouted at my neighbour this morning").await);
        }
        all.reverse();
        for sort in ["-received_at", "-due_at", "-priority"] {
            let (mut seen, mut cursor) = (Vec::new(), String::new());
            loop {
                let page = house.get(&priya, &format!("complaints?sort={sort}&limit=2{cursor}")).await;
                seen.extend(references(&page));
                assert!(page["complaints"].as_array().is_some_and(|p| p.len() <= 2));
                match page["next"].as_str() {
                    Some(next) => cursor = format!("&cursor={next}"),
                    None => break,
                }
            }
            assert_eq!(seen, all, "{sort}");
        }
    }

    async fn what_is_no_filter_is_said_with_the_field(base: Base) {
        let house = House::open(base).await;
        let priya = house.agent("Priya Shah", "agent");
        let long = format!("q={}", "x".repeat(201));
        for (query, field) in [("status=done", "status"), ("from=yesterday", "from"), ("to=2026-02-30", "to"), ("from=2026-02-02&to=2026-02-01", "to"), ("overdue=maybe", "overdue"), ("relation=boss", "relation"), ("category=x", "category"), ("sort=name", "sort"), ("cursor=5", "cursor"), ("limit=0", "limit"), ("limit=501", "limit"), ("limit=many", "limit"), (long.as_str(), "q")] {
            let answer = house.call(&priya, Method::GET, &format!("complaints?{query}"), None).await;
            assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{query}");
            let body: Value = answer.json().await.expect("JSON");
            assert_eq!(body["error"]["field"], field, "{query}: {body}");
        }
    }

    async fn a_status_moves_by_named_actions_and_a_wrong_one_is_refused(base: Base) {
        let house = House::open(base).await;
        let priya = house.agent("Priya Shah", "agent");
        let reference = complains(&house, "a", "Your porter shouted at my mother on Maple ward yesterday").await;
        let act = |action: &'static str, body: Value| moved(&house, &priya, &reference, action, body);
        let (status, body) = act("reopen", json!({})).await;
        assert_eq!((status, &body["error"]["field"]), (StatusCode::CONFLICT, &json!("status")), "{body}");
        assert!(body["error"]["message"].as_str().is_some_and(|m| m.contains("acknowledge")), "says what may follow: {body}");
        let (status, record) = act("acknowledge", json!({"why": "rang her"})).await;
        assert_eq!((status, &record["status"]), (StatusCode::OK, &json!("acknowledged")), "{record}");
        assert!(record["acknowledged_at"].is_string() && record["deadlines"][0]["met_at"].is_string(), "{record}");
        assert_eq!(act("acknowledge", json!({})).await.0, StatusCode::CONFLICT, "only once");
        // A slip is taken back, with the mark of its clock, and says why.
        assert_eq!(act("correct", json!({"to": "open"})).await.0, StatusCode::CONFLICT, "a correction needs a reason");
        assert_eq!(act("correct", json!({"why": "wrong line"})).await.0, StatusCode::BAD_REQUEST, "and a status");
        assert_eq!(act("correct", json!({"why": "wrong line", "to": "closed"})).await.0, StatusCode::CONFLICT, "and goes back");
        let (status, record) = act("correct", json!({"to": "open", "why": "wrong line"})).await;
        assert_eq!((status, &record["status"], &record["acknowledged_at"], &record["deadlines"][0]["met_at"]), (StatusCode::OK, &json!("open"), &Value::Null, &Value::Null), "{record}");
        let last = record["history"].as_array().expect("history").last().expect("a change").clone();
        assert_eq!((last["by"].as_str(), last["why"].as_str()), (Some("Priya Shah"), Some("wrong line")));
        // Nothing closes unanswered without a reason.
        assert_eq!(act("close", json!({})).await.0, StatusCode::CONFLICT);
        for (action, is) in [("acknowledge", "acknowledged"), ("investigate", "investigating"), ("respond", "responded"), ("close", "closed"), ("reopen", "investigating"), ("respond", "responded"), ("withdraw", "withdrawn")] {
            let (status, record) = act(action, json!({})).await;
            assert_eq!((status, record["status"].as_str()), (StatusCode::OK, Some(is)), "{action}: {record}");
        }
        // By PATCH a status moves by the same rules.
        let (status, body) = patched(&house, &priya, &reference, json!({"status": "acknowledged", "why": "x"})).await;
        assert_eq!((status, &body["error"]["field"]), (StatusCode::CONFLICT, &json!("status")), "{body}");
        assert_eq!(act("shred", json!({})).await.0, StatusCode::NOT_FOUND);
        assert_eq!(act("close", json!({"colour": "red"})).await.0, StatusCode::BAD_REQUEST);
    }

    async fn a_record_may_be_put_right_nested_as_it_is(base: Base) {
        let house = House::open(base).await;
        let priya = house.agent("Priya Shah", "supervisor");
        let reference = complains(&house, "a", "Your porter shouted at my mother on Maple ward yesterday").await;
        let (status, record) = patched(&house, &priya, &reference, json!({
            "complainant": {"name": "Ann Oduya", "relation": "relative", "is_customer": true, "consent": "given"},
            "incident": {"where": "Oak ward", "from": "2026-11-23"}, "classification": {"category": "communication", "severity": 1},
            "conclusion": "partly_upheld", "complete": true, "received_at": "2026-11-20T09:00:00Z", "why": "By telephone",
        })).await;
        assert_eq!(status, StatusCode::OK, "{record}");
        let told = [&record["complainant"]["name"], &record["complainant"]["is_customer"], &record["incident"]["where"], &record["classification"]["category"], &record["conclusion"], &record["received_at"]];
        assert_eq!(told, [&json!("Ann Oduya"), &json!(true), &json!("Oak ward"), &json!("communication"), &json!("partly_upheld"), &json!("2026-11-20T09:00:00Z")]);
        assert_eq!(record["deadlines"][0]["due_at"], "2026-11-25T23:59:59Z", "the clocks start with the day of receipt");
        let (_, record) = patched(&house, &priya, &reference, json!({"complainant_name": "", "anonymous": true})).await;
        assert_eq!((&record["complainant"]["name"], &record["complainant"]["anonymous"]), (&Value::Null, &json!(true)));
        house.says("a", "a-2", "He also threw the keys at her").await;
        let record = house.get(&priya, &format!("complaints/{reference}")).await;
        assert_eq!((&record["complainant"]["anonymous"], &record["complainant"]["is_customer"]), (&json!(true), &json!(true)), "what was put right stays");
        for (patch, field) in [(json!({"received_at": "yesterday"}), "received_at"), (json!({"received_at": "2999-01-01T00:00:00Z"}), "received_at"), (json!({"incident": {"colour": 1}}), "incident.colour"), (json!({"conclusion": "maybe"}), "conclusion")] {
            let (status, body) = patched(&house, &priya, &reference, patch).await;
            assert_eq!((status, body["error"]["field"].as_str()), (StatusCode::BAD_REQUEST, Some(field)), "{body}");
        }
    }

    async fn problems_are_confirmed_one_by_one_and_the_proposal_stays_beside(base: Base) {
        let house = House::open(base).await;
        let priya = house.agent("Priya Shah", "agent");
        let reference = complains(&house, "a", "Your nurse shouted at my mother. The food was cold all week. Nobody told us that she was moved.").await;
        let before = house.get(&priya, &format!("complaints/{reference}")).await["classification"].clone();
        let proposed = before["problems"][0].clone();
        let words = proposed["words"].as_str().expect("a problem is proposed").to_owned();
        let (status, record) = patched(&house, &priya, &reference, json!({"category": "communication", "severity": 3, "harm": 1, "problems": [
            {"words": words, "category": "safety", "severity": 2, "stage": "care"}, {"words": "No interpreter was there", "category": "communication"}]})).await;
        assert_eq!(status, StatusCode::OK, "{record}");
        let class = &record["classification"];
        assert_eq!((&class["by"], &class["category"], &class["harm"], &class["proposed"]["category"]), (&json!("person"), &json!("communication"), &json!(1), &before["category"]));
        let first = &class["problems"][0];
        assert_eq!((&first["category"], &first["stage"], &first["by"], &first["proposed"]["category"]), (&json!("safety"), &json!("care"), &json!("Priya Shah"), &proposed["category"]));
        assert_eq!((&class["problems"][1]["by"], class["problems"][1].get("proposed")), (&json!("Priya Shah"), None));
        house.says("a", "a-2", "And the bill was wrong").await;
        let record = house.get(&priya, &format!("complaints/{reference}")).await;
        assert_eq!(&record["classification"]["problems"][1]["words"], "No interpreter was there", "what a person added stays");
        for (patch, field) in [(json!({"harm": 6}), Value::Null), (json!({"problems": [{"words": "x", "category": "safety", "severity": 7}]}), json!("problems[0].severity")), (json!({"problems": [{"words": " ", "category": "safety"}]}), json!("problems[0].words"))] {
            let (status, body) = patched(&house, &priya, &reference, patch).await;
            assert_eq!((status, &body["error"]["field"]), (StatusCode::BAD_REQUEST, &field), "{body}");
        }
    }

    async fn what_moves_clocks_or_opens_a_record_takes_a_reason_and_somebody_whose_it_is(base: Base) {
        let house = House::open(base).await;
        let (priya, mo) = (house.agent("Priya Shah", "agent"), house.agent("Mo Bell", "supervisor"));
        let told = house.says("a", "a-1", "Your porter shouted at my mother on Maple ward yesterday").await;
        let reference = told["complaint"].as_str().expect("on record").to_owned();
        let path = format!("complaints/{reference}");
        let before = house.get(&priya, &path).await;
        let patch = |token: String, body: Value| {
            let (house, path) = (&house, path.clone());
            async move {
                let answer = house.call(&token, Method::PATCH, &path, Some(body)).await;
                let status = answer.status();
                (status, answer.json::<Value>().await.expect("JSON")["error"]["field"].clone())
            }
        };
        let weighty = [json!({"received_at": "2026-01-01T00:00:00Z"}), json!({"protected": true})];
        for body in &weighty {
            let mut explained = body.clone();
            explained["why"] = json!("She rang");
            assert_eq!(patch(priya.clone(), body.clone()).await.0, StatusCode::FORBIDDEN, "{body}");
            assert_eq!(patch(priya.clone(), explained).await.0, StatusCode::FORBIDDEN, "nor with a reason: {body}");
            assert_eq!(patch(mo.clone(), body.clone()).await, (StatusCode::BAD_REQUEST, json!("why")), "{body}");
        }
        let long_ago = json!({"received_at": "1990-01-01T00:00:00Z", "why": "She rang"});
        assert_eq!(patch(mo.clone(), long_ago).await, (StatusCode::BAD_REQUEST, json!("received_at")));
        assert_eq!(house.get(&priya, &path).await["deadlines"], before["deadlines"], "no clock was moved");
        // Whoever has the conversation may, with a reason.
        let id = told["conversation"].as_str().expect("an id");
        house.post(&priya, &format!("conversations/{id}/claim"), json!({})).await;
        assert_eq!(patch(priya.clone(), weighty[0].clone()).await, (StatusCode::BAD_REQUEST, json!("why")));
        let explained = json!({"received_at": "2026-01-01T00:00:00Z", "why": "It is what her letter says"});
        assert_eq!(patch(priya.clone(), explained).await.0, StatusCode::OK);
        assert_eq!(house.get(&priya, &path).await["received_at"], "2026-01-01T00:00:00Z");
        // A hold is put on by anybody, and taken off like that.
        assert_eq!(patch(priya.clone(), json!({"legal_hold": "an inquest"})).await.0, StatusCode::OK);
        assert_eq!(patch(mo.clone(), json!({"legal_hold": ""})).await, (StatusCode::BAD_REQUEST, json!("why")));
        assert_eq!(patch(mo, json!({"legal_hold": "", "why": "It is over"})).await.0, StatusCode::OK);
    }

    async fn the_register_is_exported_in_every_form(base: Base) {
        let house = House::open(base).await;
        let priya = house.agent("Priya Shah", "supervisor");
        let reference = complains(&house, "a", "Your nurse shouted at my neighbour this morning").await;
        let old = complains(&house, "b", "I am a patient and I want to complain: the food was cold all week on Oak ward").await;
        patched(&house, &priya, &old, json!({"received_at": "2024-01-10T10:00:00Z", "conclusion": "upheld", "relation": "patient", "category": "environment", "contact": [{"kind": "email", "value": "ann@example.org"}]})).await;
        patched(&house, &priya, &reference, json!({"where": "Oak ward; =1+1"})).await;
        let export = |args: &[&str]| {
            let all: Vec<&str> = ["complaints", "export"].iter().chain(args).copied().collect();
            let output = house.run(&all, "");
            assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).expect("text")
        };
        let of = |line: &str| serde_json::from_str::<Value>(line).expect("JSON")["reference"].clone();
        let all = export(&["--format", "jsonl"]);
        assert_eq!(all.lines().map(of).collect::<Vec<_>>(), [json!(reference), json!(old)]);
        let some = export(&["--format", "jsonl", "--to", "2024-12-31"]);
        assert_eq!(some.lines().map(of).collect::<Vec<_>>(), [json!(old)]);
        for (separator, between) in [("comma", b','), ("semicolon", b';')] {
            let text = export(&["--format", "csv", "--separator", separator]);
            let mut rows = csv::ReaderBuilder::new().delimiter(between).from_reader(text.as_bytes());
            let place = rows.headers().expect("a head").iter().position(|h| h == "where").expect("the place");
            let first = rows.records().next().expect("a row").expect("a row");
            assert_eq!(&first[place], "Oak ward; '=1+1", "nothing is run when another separator splits it");
        }
        let bundle: Value = serde_json::from_str(&export(&["--format", "fhir"])).expect("one bundle");
        let kinds: Vec<&str> = bundle["entry"].as_array().expect("entries").iter().filter_map(|e| e["resource"]["resourceType"].as_str()).collect();
        assert_eq!(kinds, ["Patient", "RelatedPerson", "Communication", "Task", "Patient", "Communication", "Task"]);
        let words = &bundle["entry"][2]["resource"];
        assert_eq!((&words["sender"]["reference"], &words["identifier"][0]["value"]), (&json!(format!("RelatedPerson/complainant-{reference}")), &json!(reference)));
        let nobody: Value = serde_json::from_str(&export(&["--format", "fhir", "--to", "2001-01-01"])).expect("one bundle");
        assert_eq!(nobody, json!({"resourceType": "Bundle", "type": "collection"}));
        let counts = export(&["--format", "ko41a", "--from", "2024-01-01", "--to", "2024-12-31"]);
        for row in ["Written complaints,New,1\n", "Written complaints,Carried forward,1\n", "\"New, by status of complainant\",Patient,1\n", "\"New, by subject area\",Facilities services,1\n"] {
            assert!(counts.contains(row), "{row} is not in\n{counts}");
        }
        let rows = lines(&house.run(&["complaints", "list", "--overdue"], ""));
        assert!(rows.len() == 1 && rows[0].starts_with(&old) && rows[0].ends_with("overdue"), "{rows:?}");
        for wrong in [["--from", "yesterday"], ["--format", "pdf"]] {
            assert!(!house.run(&["complaints", "export", wrong[0], wrong[1]], "").status.success());
        }
        assert_eq!(house.run(&["complaints", "export", "--from", "2026-02-02", "--to", "2026-02-01"], "").status.code(), Some(1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn complaints_from_before_there_were_short_rows_are_found_after_the_next_start() {
    let mut house = House::open(Base::Sqlite).await;
    let priya = house.agent("Priya Shah", "agent");
    let reference = complains(
        &house,
        "a",
        "Your porter shouted at my mother on Maple ward yesterday",
    )
    .await;
    house.kill();
    for gone in [
        "DELETE FROM register",
        "DELETE FROM complaint_words",
        "UPDATE counter SET value = 1 WHERE name = 'register_missing'",
    ] {
        house.change(gone).await;
    }
    house.start().await;
    for query in ["", "q=shouted"] {
        assert_eq!(listed(&house, &priya, query).await, [reference.as_str()]);
    }
}
