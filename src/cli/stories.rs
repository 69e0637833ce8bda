//! Conversations kept as files, and whether they still go as written: `nohold flows test`.

use super::Failure;
use crate::{
    clock::Clock,
    conversation::{Play, Rulebook},
    domain::{Author, Timestamp},
};
use serde::Deserialize;
use serde_json::Value;
use serde_saphyr::Spanned;
use std::{collections::BTreeMap, path::Path, process::ExitCode};

/// A file: turns, and what must stand in the complaint's record at the end.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Story {
    conversation: String,
    at: String,
    turns: Vec<Spanned<Turn>>,
    #[serde(default)]
    record: BTreeMap<String, Spanned<String>>,
}

/// What the person says or chooses, and what must follow.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Turn {
    #[serde(default)]
    says: String,
    #[serde(default)]
    chooses: Option<String>,
    #[serde(default)]
    hears: Vec<String>,
    #[serde(default)]
    never: Vec<String>,
    #[serde(default)]
    awaiting: Option<String>,
    #[serde(default)]
    status: Option<String>,
}

pub(super) fn run(folder: &Path, rules: &Rulebook) -> Result<ExitCode, Failure> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .map_err(|e| format!("{}: {e}", folder.display()))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "yaml"))
        .collect();
    files.sort();
    let mut wrong = 0;
    for path in &files {
        let file = path.display().to_string();
        let text = std::fs::read_to_string(path)?;
        let found = match serde_saphyr::from_str::<Story>(&text) {
            Ok(story) => {
                let found = play(&story, rules);
                println!(
                    "{} {}",
                    if found.is_empty() { "good" } else { "WRONG" },
                    story.conversation
                );
                found
            }
            Err(e) => vec![format!("{}", e.without_snippet())],
        };
        wrong += usize::from(!found.is_empty());
        for line in found {
            println!("  {file}:{line}");
        }
    }
    println!("{} conversations, {wrong} wrong", files.len());
    if files.is_empty() {
        return Err(format!("there are no conversations in {}", folder.display()).into());
    }
    Ok(if wrong == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// What went otherwise than written: `line:column: …`.
fn play(story: &Story, rules: &Rulebook) -> Vec<String> {
    let Ok(began) = story.at.parse::<jiff::Timestamp>() else {
        return vec![format!(
            "1:1: '{}' is no time: write it like 2026-11-24T10:00:00Z",
            story.at
        )];
    };
    let clock = Clock::standing_at(Timestamp::from(began));
    let mut play = Play::new(rules, clock.event_id(), clock.now());
    let mut wrong = Vec::new();
    for turn in &story.turns {
        let place = (turn.referenced.line(), turn.referenced.column());
        let mut say = |what: String| wrong.push(format!("{}:{}: {what}", place.0, place.1));
        clock.advance(10);
        let turn = &turn.value;
        let written = match play.says(
            &turn.says,
            turn.chooses.clone(),
            clock.event_id(),
            clock.now(),
        ) {
            Ok(written) => written,
            Err(refusal) => {
                say(refusal.to_string());
                continue;
            }
        };
        let heard: Vec<&str> = written
            .iter()
            .filter(|m| m.from == Author::Bot)
            .map(|m| m.text.as_str())
            .collect();
        let heard = heard.join("\n");
        for words in turn.hears.iter().filter(|w| !heard.contains(w.as_str())) {
            say(format!("the answer lacks '{words}': {heard}"));
        }
        for words in turn.never.iter().filter(|w| heard.contains(w.as_str())) {
            say(format!("the answer says '{words}': {heard}"));
        }
        let state = &play.snapshot.conversation;
        let awaiting = state.awaiting().map_or("nothing", |s| s.name());
        if turn.awaiting.as_deref().is_some_and(|a| a != awaiting) {
            say(format!("{awaiting} is awaited"));
        }
        if turn
            .status
            .as_deref()
            .is_some_and(|s| s != state.status.name())
        {
            say(format!("the status is {}", state.status.name()));
        }
    }
    let record = serde_json::to_value(&play.snapshot.complaint).unwrap_or(Value::Null);
    for (path, expected) in &story.record {
        let got = record
            .pointer(&format!("/{}", path.replace('.', "/")))
            .unwrap_or(&Value::Null);
        let got = got.as_str().map_or_else(|| got.to_string(), str::to_owned);
        if got != expected.value {
            let place = expected.referenced;
            wrong.push(format!(
                "{}:{}: {path} is '{got}'",
                place.line(),
                place.column()
            ));
        }
    }
    wrong
}
