//! Conversations kept as files, and whether they still go as written: `nohold flows test`.

use super::{Failure, coverage::Coverage, said::say};
use crate::{
    clock::Clock,
    complaint::PublishedComplaint,
    dialogue::{Policy, Simulator},
    domain::{AttachmentId, Author, Message, Timestamp, event::Inbound, message::AttachmentRef},
    flow::FlowError,
};
use jiff::{Span, SpanRelativeTo, Unit};
use regex::Regex;
use serde::Deserialize;
use serde_json::Value;
use serde_saphyr::{Location, Spanned};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::ExitCode,
};

/// A file of several conversations.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Several {
    conversations: Vec<Spanned<Story>>,
}

/// Turns, and what must stand in the complaint's record and the conversation's state at the end.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Story {
    conversation: String,
    #[serde(default)]
    at: Option<String>,
    #[serde(default)]
    channel: Option<String>,
    turns: Vec<Spanned<Turn>>,
    #[serde(default)]
    record: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    state: BTreeMap<String, Spanned<String>>,
}

/// Text, or several.
#[derive(Deserialize)]
#[serde(untagged)]
enum Words {
    One(String),
    All(Vec<String>),
}

impl Default for Words {
    fn default() -> Self {
        Self::All(Vec::new())
    }
}

impl Words {
    fn all(&self) -> &[String] {
        match self {
            Self::One(text) => std::slice::from_ref(text),
            Self::All(all) => all,
        }
    }
}

/// What the person says, chooses, sends or waits for, and what must follow.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Turn {
    says: String,
    chooses: Option<String>,
    /// The name of a file that they send.
    sends: Option<String>,
    /// Time that passes first: `3 days`.
    after: Option<String>,
    /// What the answer must say; `*` stands for any words.
    hears: Words,
    never: Words,
    awaiting: Option<String>,
    status: Option<String>,
    /// Phrases, by their keys, that must have been said.
    said: Words,
}

/// When a story is set where it does not say: a Tuesday morning.
const SET: &str = "2026-11-24T10:00:00Z";

/// What is wanted of a run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted<'a> {
    /// Say what no conversation came by.
    pub(super) coverage: bool,
    /// Print the record that each ends with.
    pub(super) records: bool,
    /// Only conversations whose name or file has this in it.
    pub(super) only: Option<&'a str>,
}

pub(super) fn run(folder: &Path, rules: &Policy, wanted: Wanted<'_>) -> Result<ExitCode, Failure> {
    let Wanted {
        coverage,
        records,
        only,
    } = wanted;
    let files = files(folder)?;
    let (mut wrong, mut played) = (0, 0);
    let mut covered = Coverage::default();
    for path in &files {
        let file = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|e| format!("{file}: {e}"))?;
        let stories = match read(&text) {
            Ok(stories) => stories,
            Err(e) => {
                wrong += 1;
                say!("WRONG {}", FlowError::yaml(&file, &e));
                continue;
            }
        };
        for story in stories {
            let wanted = |only: &str| file.contains(only) || story.conversation.contains(only);
            if !only.is_none_or(wanted) {
                continue;
            }
            played += 1;
            let (found, record) = play(&story, rules, &mut covered);
            let mark = if found.is_empty() { "good" } else { "WRONG" };
            say!("{mark} {}", story.conversation);
            if records {
                say!("record {record}");
            }
            wrong += usize::from(!found.is_empty());
            for line in found {
                say!("  {file}:{line}");
            }
        }
    }
    say!("{played} conversations, {wrong} wrong");
    if played == 0 {
        return Err(format!("there are no conversations in {}", folder.display()).into());
    }
    if coverage {
        say!("{}", covered.report(&rules.flows).trim_end());
    }
    Ok(ExitCode::from(u8::from(wrong > 0)))
}

/// A file has one conversation, or a list of them.
fn read(text: &str) -> Result<Vec<Story>, serde_saphyr::Error> {
    if text.lines().any(|l| l.starts_with("conversations:")) {
        let several: Several = serde_saphyr::from_str(text)?;
        Ok(several.conversations.into_iter().map(|c| c.value).collect())
    } else {
        Ok(vec![serde_saphyr::from_str(text)?])
    }
}

/// Every story in a folder and the folders in it, by name.
fn files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    let entries = std::fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        if path.is_dir() {
            files.extend(self::files(&path)?);
        } else if path.extension().is_some_and(|e| e == "yaml") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// What a turn found to be otherwise than written: `line:column: …`.
struct Findings(Vec<String>);

impl Findings {
    fn say(&mut self, at: Location, what: &str) {
        self.0
            .push(format!("{}:{}: {what}", at.line(), at.column()));
    }
}

/// What is wrong with a story, and the record that it ends with.
fn play(story: &Story, rules: &Policy, covered: &mut Coverage) -> (Vec<String>, Value) {
    let at = story.at.as_deref().unwrap_or(SET);
    let Ok(began) = at.parse::<jiff::Timestamp>() else {
        let wrong = format!("1:1: '{at}' is no time: write it like 2026-11-24T10:00:00Z");
        return (vec![wrong], Value::Null);
    };
    let clock = Clock::standing_at(Timestamp::from(began));
    let channel = story.channel.as_deref().unwrap_or("web");
    let mut play = Simulator::new(rules, clock.event_id(), channel, clock.now());
    let mut findings = Findings(Vec::new());
    for turn in &story.turns {
        let place = turn.referenced;
        if let Err(why) = take(
            &turn.value,
            place,
            &mut play,
            &clock,
            covered,
            &mut findings,
        ) {
            findings.say(place, &why);
        }
    }
    let published = play
        .snapshot
        .complaint
        .clone()
        .map(PublishedComplaint::from);
    let record = serde_json::to_value(published).unwrap_or(Value::Null);
    let state = serde_json::to_value(&play.snapshot.conversation).unwrap_or(Value::Null);
    for (whole, expected) in [(&record, &story.record), (&state, &story.state)] {
        for (path, expected) in expected {
            let got = whole
                .pointer(&format!("/{}", path.replace('.', "/")))
                .unwrap_or(&Value::Null);
            let got = got.as_str().map_or_else(|| got.to_string(), str::to_owned);
            if !fits(&expected.value, &got, true) {
                findings.say(expected.referenced, &format!("{path} is '{got}'"));
            }
        }
    }
    (findings.0, record)
}

fn take(
    turn: &Turn,
    place: Location,
    play: &mut Simulator<'_>,
    clock: &Clock,
    covered: &mut Coverage,
    findings: &mut Findings,
) -> Result<(), String> {
    clock.advance(10);
    let mut written: Vec<Message> = Vec::new();
    let refused = |e: crate::dialogue::Refusal| e.to_string();
    let mut phrases = Vec::new();
    let mut rules = Vec::new();
    if let Some(after) = &turn.after {
        let span = after.parse::<Span>().ok();
        let seconds = span
            .and_then(|s| {
                s.total((Unit::Second, SpanRelativeTo::days_are_24_hours()))
                    .ok()
            })
            .ok_or_else(|| format!("'{after}' is no time: write it like '3 days'"))?;
        clock.advance(seconds as i64);
        written.extend(
            play.waits(clock.now(), || clock.event_id())
                .map_err(refused)?,
        );
        phrases.append(&mut play.phrases);
    }
    let sends = turn.sends.as_ref().map(|name| AttachmentRef {
        id: AttachmentId(clock.event_id().0),
        name: name.clone(),
        media_type: "image/jpeg".to_owned(),
        size: 1_000,
    });
    if !turn.says.is_empty() || turn.chooses.is_some() || sends.is_some() || turn.after.is_none() {
        let inbound = Inbound {
            text: turn.says.clone(),
            choice: turn.chooses.clone(),
            attachments: sends.into_iter().collect(),
            ..Inbound::default()
        };
        written.extend(
            play.sends(inbound, clock.event_id(), clock.now())
                .map_err(refused)?,
        );
    }
    phrases.extend(play.phrases.iter().cloned());
    rules.append(&mut play.decided_by.clone());
    covered.note(&phrases, &rules, &play.snapshot.conversation);
    let heard: Vec<&str> = written
        .iter()
        .filter(|m| m.from == Author::Bot)
        .map(|m| m.text.as_str())
        .collect();
    let heard = heard.join("\n");
    let mut say = |what: String| findings.say(place, &what);
    for words in turn.hears.all().iter().filter(|w| !fits(w, &heard, false)) {
        say(format!("the answer lacks '{words}': {heard}"));
    }
    for words in turn.never.all().iter().filter(|w| fits(w, &heard, false)) {
        say(format!("the answer says '{words}': {heard}"));
    }
    for key in turn.said.all().iter().filter(|k| !phrases.contains(k)) {
        say(format!(
            "'{key}' was not said, but {}: {heard}",
            phrases.join(", ")
        ));
    }
    let state = &play.snapshot.conversation;
    let awaiting = state.awaiting();
    let awaiting = awaiting.as_ref().map_or("nothing", |s| s.name());
    if turn
        .awaiting
        .as_deref()
        .is_some_and(|a| !fits(a, awaiting, true))
    {
        say(format!("{awaiting} is awaited: {heard}"));
    }
    if turn
        .status
        .as_deref()
        .is_some_and(|s| s != state.status.name())
    {
        say(format!("the status is {}", state.status.name()));
    }
    Ok(())
}

/// Whether a text has these words in it, or is them; `*` stands for any.
fn fits(words: &str, text: &str, whole: bool) -> bool {
    if !words.contains('*') {
        return if whole {
            words == text
        } else {
            text.contains(words)
        };
    }
    let parts: Vec<String> = words.split('*').map(regex::escape).collect();
    let pattern = parts.join(".*");
    let pattern = if whole {
        format!("(?s)^{pattern}$")
    } else {
        format!("(?s){pattern}")
    };
    Regex::new(&pattern).is_ok_and(|r| r.is_match(text))
}
