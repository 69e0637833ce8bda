//! People, played turn by turn: they open, then answer the slot that is awaited in their own words.
//!
//! A person is a line of `tests/people.jsonl`. A conversation that went wrong becomes a line there before it is mended.
//! The day comes from here, not from the machine: everybody writes on Tuesday 24 November 2026 at ten in the morning.

use crate::house::reviewed;
use jiff::Timestamp;
use nohold::{
    clock::Clock,
    dialogue::{Policy, Simulator},
    flow::Texts,
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{collections::BTreeMap, fmt::Write};

/// When everybody writes.
const NOW: &str = "2026-11-24T10:00:00Z";

#[derive(Deserialize)]
struct Person {
    id: String,
    opening: Vec<String>,
    facts: BTreeMap<String, String>,
    #[serde(default)]
    twists: Vec<Twist>,
    expect: Expect,
    #[serde(default)]
    must_not_say: Vec<String>,
    #[serde(default)]
    no_reask: Vec<String>,
}

#[derive(Deserialize)]
struct Twist {
    after: String,
    say: String,
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Expect {
    is_customer: Option<bool>,
    relation: Option<String>,
    hcat_domain: Option<String>,
    name_contains: Option<String>,
    staff_contains: Option<String>,
    contact_contains: Option<String>,
    when_contains: Option<String>,
    where_contains: Option<String>,
    outcome_contains: Option<String>,
    affected_contains: Option<String>,
    narrative_contains: Option<String>,
    anonymous: Option<bool>,
    consent: Option<String>,
    complete: Option<bool>,
    red_flag: Option<bool>,
    status: Option<String>,
    max_questions: Option<usize>,
}

#[test]
fn everyone_is_heard_and_properly_recorded() {
    let rules = Policy::load(&Texts::built_in(), "GB", None).expect("the built-in flows");
    let mut complaints = Vec::new();
    let mut records = String::new();
    for line in include_str!("../people.jsonl")
        .lines()
        .filter(|l| !l.trim().is_empty())
    {
        let person: Person = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
        match play(&rules, &person) {
            Ok(record) => {
                let _ = writeln!(records, "{}\n{}", person.id, reviewed(&record));
            }
            Err(wrong) => complaints.push(format!("{}: {wrong}", person.id)),
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n\n"));
    // Whole records: a change of any field shows in review.
    insta::assert_snapshot!("records_of_people", records);
}

fn play(rules: &Policy, person: &Person) -> Result<String, String> {
    let now = NOW.parse::<Timestamp>().expect("a time").into();
    let clock = Clock::standing_at(now);
    let mut play = Simulator::new(rules, clock.event_id(), "http", now);
    let mut said: Vec<String> = Vec::new();
    let mut asked: Vec<String> = Vec::new();
    let mut turns: Vec<String> = Vec::new();
    let mut say = |text: &str, said: &mut Vec<String>, turns: &mut Vec<String>| {
        clock.advance(1);
        let written = play
            .says(text, None, clock.event_id(), clock.now())
            .expect("a message is never refused");
        let words: Vec<&str> = written[1..].iter().map(|m| m.text.as_str()).collect();
        turns.push(format!("> {text}\n{}", words.join("\n")));
        said.push(words.join("\n").to_lowercase());
        let awaiting = play.snapshot.conversation.awaiting();
        awaiting.map(|slot| slot.name().to_owned())
    };
    let mut awaiting = None;
    for text in &person.opening {
        awaiting = say(text, &mut said, &mut turns);
    }
    let mut used: Vec<String> = Vec::new();
    for _ in 0..24 {
        let Some(slot) = awaiting.clone() else {
            break;
        };
        if asked.last() != Some(&slot) {
            asked.push(slot.clone());
        }
        let fact = person
            .facts
            .get(&slot)
            .map_or("I don't know", String::as_str);
        awaiting = say(fact, &mut said, &mut turns);
        if let Some(twist) = person.twists.iter().find(|t| t.after == slot)
            && !used.contains(&slot)
        {
            used.push(slot);
            awaiting = say(&twist.say, &mut said, &mut turns);
        }
    }
    let talk = || turns.join("\n");
    let mut wrong = Vec::new();
    for phrase in person.must_not_say.iter().map(String::as_str).chain([
        "please hold",
        "calm down",
        "our policy",
    ]) {
        if said.iter().any(|s| s.contains(phrase)) {
            wrong.push(format!("said '{phrase}'"));
        }
    }
    for slot in &person.no_reask {
        if asked.contains(slot) {
            wrong.push(format!("asked for {slot}, which was told"));
        }
    }
    let e = &person.expect;
    if e.max_questions.is_some_and(|most| asked.len() > most) {
        wrong.push(format!("asked {} questions: {asked:?}", asked.len()));
    }
    let state = &play.snapshot.conversation;
    let record = serde_json::to_value(&play.snapshot.complaint).expect("plain data");
    let mut check = |what: &str, expected: Option<Value>, got: &Value| {
        if let Some(expected) = expected
            && *got != expected
        {
            wrong.push(format!("{what} is {got}, not {expected}"));
        }
    };
    check(
        "is_customer",
        e.is_customer.map(Value::from),
        &record["complainant"]["is_customer"],
    );
    check(
        "relation",
        e.relation.clone().map(Value::from),
        &record["complainant"]["relation"],
    );
    check(
        "domain",
        e.hcat_domain.clone().map(Value::from),
        &record["classification"]["domain"],
    );
    check(
        "anonymous",
        e.anonymous.map(Value::from),
        &record["complainant"]["anonymous"],
    );
    check(
        "consent",
        e.consent.clone().map(Value::from),
        &record["complainant"]["consent"],
    );
    check("complete", e.complete.map(Value::from), &record["complete"]);
    check(
        "status",
        e.status.clone().map(Value::from),
        &json!(state.status),
    );
    check(
        "red flag",
        e.red_flag.map(Value::from),
        &json!(state.red_flag.is_some()),
    );
    let mut contains = |what: &str, expected: &Option<String>, got: &Value| {
        let squeezed = |t: &str| t.to_lowercase().replace(' ', "");
        if let Some(part) = expected
            && !squeezed(&got.to_string()).contains(&squeezed(part))
        {
            wrong.push(format!("{what} {got} lacks '{part}'"));
        }
    };
    contains("name", &e.name_contains, &record["complainant"]["name"]);
    contains("staff", &e.staff_contains, &record["subjects"]);
    contains(
        "contact",
        &e.contact_contains,
        &record["complainant"]["contact"],
    );
    contains(
        "when",
        &e.when_contains,
        &json!([record["incident"]["from"], record["incident"]["when_text"]]),
    );
    contains("where", &e.where_contains, &record["incident"]["where"]);
    contains("outcome", &e.outcome_contains, &record["desired_outcome"]);
    contains("affected", &e.affected_contains, &record["affected_person"]);
    contains(
        "narrative",
        &e.narrative_contains,
        &record["incident"]["narrative"],
    );
    if wrong.is_empty() {
        Ok(record.to_string())
    } else {
        Err(format!("{}\n{}", wrong.join("; "), talk()))
    }
}
