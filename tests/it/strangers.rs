//! Situations written by people who saw none of the program, played turn by turn; the record is compared with what a
//! careful clerk would have written.
//!
//! A situation is a line of `tests/strangers.jsonl`, or of the file that the environment variable `SITUATIONS` names.
//! Everybody writes on Wednesday 25 November 2026 at ten in the morning.

use jiff::Timestamp;
use nohold::{
    clock::Clock,
    dialogue::{Policy, Simulator},
    flow::Texts,
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const NOW: &str = "2026-11-25T10:00:00Z";

#[derive(Deserialize)]
struct Person {
    id: String,
    opening: Vec<String>,
    #[serde(default)]
    facts: BTreeMap<String, String>,
    #[serde(default)]
    twists: Vec<Twist>,
    expect: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
struct Twist {
    after: String,
    say: String,
}

#[test]
fn the_record_of_strangers_is_true() {
    let policy = Policy::load(&Texts::built_in(), "GB", None).expect("the built-in flows");
    let mut wrong = Vec::new();
    #[expect(
        clippy::disallowed_methods,
        reason = "a file to play instead, for whoever works on the dialogue"
    )]
    let other = std::env::var("SITUATIONS");
    let lines = match other {
        Ok(file) => std::fs::read_to_string(file).expect("a file of situations"),
        Err(_) => include_str!("../strangers.jsonl").to_owned(),
    };
    for line in lines.lines().filter(|l| !l.trim().is_empty()) {
        let person: Person = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
        let (faults, talk) = play(&policy, &person);
        if !faults.is_empty() {
            wrong.push(format!("{}: {}\n{talk}", person.id, faults.join("; ")));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong\n\n{}",
        wrong.len(),
        wrong.join("\n\n")
    );
}

fn play(policy: &Policy, person: &Person) -> (Vec<String>, String) {
    let now = NOW.parse::<Timestamp>().expect("a time").into();
    let clock = Clock::standing_at(now);
    let mut simulator = Simulator::new(policy, clock.event_id(), "http", now);
    let mut talk = String::new();
    let mut said = String::new();
    // Whoever is asked "Shall I record this as a complaint, …?" answers as they mean it.
    let meant = match person.expect.get("complaint") {
        Some(Value::Bool(true)) => Some("complaint"),
        Some(Value::Bool(false)) => Some("feedback"),
        _ => None,
    };
    let mut say = |text: &str| {
        clock.advance(7);
        let mut written = simulator
            .says(text, None, clock.event_id(), clock.now())
            .expect("a message is never refused");
        let asks = written
            .last()
            .is_some_and(|m| m.choices.iter().any(|c| c.value == "feedback"));
        if let Some(meant) = meant.filter(|_| asks) {
            clock.advance(7);
            talk.push_str(&["> ", text, "\n(asked, and chose ", meant, ")\n"].concat());
            written = simulator
                .says(meant, Some(meant.to_owned()), clock.event_id(), clock.now())
                .expect("a choice is never refused");
        }
        let words: Vec<&str> = written[1..].iter().map(|m| m.text.as_str()).collect();
        talk.push_str(&["> ", text, "\n", &words.join("\n"), "\n"].concat());
        said.push_str(&words.join("\n").to_lowercase());
        let awaiting = simulator.snapshot.conversation.awaiting();
        let recorded = simulator.snapshot.complaint.is_some();
        (awaiting.map(|slot| slot.name().to_owned()), recorded)
    };
    let (mut awaiting, mut recorded) = (None, false);
    for text in &person.opening {
        (awaiting, recorded) = say(text);
    }
    let mut used: Vec<String> = Vec::new();
    let mut asked: BTreeSet<String> = BTreeSet::new();
    let mut told = false;
    for _ in 0..24 {
        let Some(slot) = awaiting.clone() else {
            // Nobody asked, and nothing is on record: whoever has something to tell goes on and tells it.
            let story = person.facts.get("what_happened").filter(|_| !told);
            let unheard = !recorded && meant == Some("complaint");
            let Some(story) = story.filter(|_| unheard) else {
                break;
            };
            told = true;
            (awaiting, recorded) = say(story);
            continue;
        };
        asked.insert(slot.clone());
        let fact = person
            .facts
            .get(&slot)
            .map_or("I don't know", String::as_str);
        (awaiting, recorded) = say(fact);
        if let Some(twist) = person.twists.iter().find(|t| t.after == slot)
            && !used.contains(&slot)
        {
            used.push(slot);
            (awaiting, recorded) = say(&twist.say);
        }
    }
    let record = serde_json::to_value(&simulator.snapshot.complaint).expect("plain data");
    let status = json!(simulator.snapshot.conversation.status);
    let mut faults = Vec::new();
    for (key, expected) in &person.expect {
        // What they know and were never asked for cannot stand in the record.
        let unasked = |slot: &str| person.facts.contains_key(slot) && !asked.contains(slot);
        if slots_of(key).iter().any(|s| unasked(s)) {
            continue;
        }
        if let Some(fault) = fault(key, expected, &record, &status, &said) {
            faults.push(fault);
        }
    }
    talk.push_str(&record.to_string());
    (faults, talk)
}

/// The slots whose answers an expectation rests on.
fn slots_of(key: &str) -> &'static [&'static str] {
    match key {
        "relation" => &["relation"],
        "name" | "anonymous" => &["complainant_name"],
        "contact" => &["contact_method"],
        "staff" => &["staff_involved"],
        "affected" => &["affected_person"],
        "from" | "to" | "from_either" => &["incident_when"],
        "where" => &["incident_where"],
        "outcome" => &["desired_outcome"],
        "consent" => &["consent"],
        "narrative" => &["what_happened", "anything_else"],
        _ => &[],
    }
}

fn squeezed(text: &str) -> String {
    text.to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect()
}

/// What is wrong with one expectation.
fn fault(
    key: &str,
    expected: &Value,
    record: &Value,
    status: &Value,
    said: &str,
) -> Option<String> {
    let complainant = &record["complainant"];
    let incident = &record["incident"];
    let list = || -> Vec<String> {
        match expected {
            Value::Array(all) => all
                .iter()
                .filter_map(|v| v.as_str().map(str::to_owned))
                .collect(),
            Value::String(one) => vec![one.clone()],
            _ => Vec::new(),
        }
    };
    let is = |got: &Value| (got != expected).then(|| format!("{key} is {got}, not {expected}"));
    // Numbers are kept in international form.
    let digits = |t: &str| t.trim_start_matches('0').to_owned();
    let holds =
        |got: &Value, part: &str| squeezed(&got.to_string()).contains(&digits(&squeezed(part)));
    let has_all = |got: &Value| {
        let lacks: Vec<String> = list().into_iter().filter(|p| !holds(got, p)).collect();
        (!lacks.is_empty()).then(|| format!("{key} {got} lacks {lacks:?}"))
    };
    // "f.moss@example.com" and "fmoss@example.com" are two addresses.
    let written = |got: &Value, part: &str| {
        let exact = !part.contains('@') || got.to_string().contains(part);
        exact && holds(got, part)
    };
    let has_none = |got: &Value| {
        let has: Vec<String> = list().into_iter().filter(|p| written(got, p)).collect();
        (!has.is_empty()).then(|| format!("{key}: {got} has {has:?}"))
    };
    match key {
        // What was read as a complaint by mistake, and is marked so, is none.
        "complaint" => ((record.is_object() && record["status"] != "withdrawn")
            != expected.as_bool()?)
        .then(|| format!("complaint on record: {}", record.is_object())),
        _ if record.is_null() && !matches!(key, "status" | "must_say" | "must_not_say") => None,
        "relation" => is(&complainant["relation"]),
        "anonymous" => is(&complainant["anonymous"]),
        "consent" => is(&complainant["consent"]),
        "name" => is(&complainant["name"]),
        "contact" => has_all(&complainant["contact"]),
        "no_contact" => has_none(&complainant["contact"]),
        "staff" => has_all(&record["subjects"]),
        "no_staff" => has_none(&record["subjects"]),
        "affected" if expected.is_null() => is(&record["affected_person"]),
        "affected" => has_all(&record["affected_person"]),
        "from" => is(&incident["from"]),
        "to" => is(&incident["to"]),
        "from_either" => {
            let other = incident["other_reading"]["from"].as_str();
            let all = list();
            let known = [incident["from"].as_str(), other];
            let both = all.iter().all(|d| known.contains(&Some(d.as_str())));
            (!both).then(|| {
                format!(
                    "from {} or {other:?} are not both {expected}",
                    incident["from"]
                )
            })
        }
        "where" => has_all(&incident["where"]),
        "not_where" => has_none(&incident["where"]),
        "outcome" => has_all(&record["desired_outcome"]),
        "narrative" => has_all(&incident["narrative"]),
        "not_narrative" => has_none(&incident["narrative"]),
        "status" => is(status),
        "must_say" => has_all(&json!(said)),
        "must_not_say" => has_none(&json!(said)),
        other => Some(format!("'{other}' is no expectation")),
    }
}
