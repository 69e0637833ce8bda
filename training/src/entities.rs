//! How many of the spans that somebody marked are found, kind by kind.

use crate::sources::{Wrong, at, read};
use nohold::{
    domain::{DateOrder, Entities},
    nlu::{Interpreter, Setting},
};
use serde::Deserialize;
use std::{collections::BTreeMap, path::Path};

/// A message with its spans.
#[derive(Debug, Deserialize)]
pub struct Marked {
    text: String,
    spans: Vec<Span>,
}

#[derive(Debug, Deserialize)]
struct Span {
    kind: String,
    value: String,
}

/// What was marked, what was found, and how many of them are the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Spans that were marked.
    pub marked: usize,
    /// Spans that the reader gave.
    pub given: usize,
    /// Marked ones that it gave.
    pub right: usize,
}

/// All messages of a file of JSON lines.
///
/// # Errors
/// A file that cannot be read, or a line that is no marked message; it is named.
pub fn marked(file: &Path) -> Result<Vec<Marked>, Wrong> {
    let line = |(n, line)| {
        serde_json::from_str(line).map_err(|e| at(file, format!("line {}: {e}", n + 1)))
    };
    read(file)?.lines().enumerate().map(line).collect()
}

/// Reads them all on the day on which they were written.
pub fn judge(reader: &Interpreter, messages: &[Marked]) -> BTreeMap<&'static str, Found> {
    let setting = Setting {
        today: jiff::civil::date(2026, 11, 25),
        country: "GB",
        order: DateOrder::DayFirst,
    };
    let mut all = BTreeMap::new();
    for message in messages {
        let read = reader.reread(&message.text, setting).entities;
        for kind in KINDS {
            let mut given = given(&read, kind);
            let tally: &mut Found = all.entry(kind).or_default();
            tally.given += given.len();
            for span in message.spans.iter().filter(|s| s.kind == kind) {
                tally.marked += 1;
                if let Some(at) = given.iter().position(|g| same(kind, g, &span.value)) {
                    given.swap_remove(at);
                    tally.right += 1;
                }
            }
        }
    }
    all
}

const KINDS: [&str; 7] = [
    "amount",
    "date",
    "email",
    "person",
    "phone",
    "place",
    "reference",
];

fn given(read: &Entities, kind: &str) -> Vec<String> {
    let texts = |all: &[nohold::domain::interpretation::Found]| -> Vec<String> {
        all.iter().map(|f| f.text.clone()).collect()
    };
    match kind {
        "amount" => texts(&read.amounts),
        "date" => (read.dates.iter())
            .map(|d| {
                let one = |from: &str, to: &str| [from, "/", to].concat();
                let other = d.other.as_ref().map(|(from, to)| one(from, to));
                let all = std::iter::once(one(&d.from, &d.to)).chain(other);
                all.collect::<Vec<_>>().join("|")
            })
            .collect(),
        "email" => texts(&read.emails),
        "phone" => texts(&read.phones),
        "place" => texts(&read.places),
        "reference" => [&read.references[..], &read.broken_references, &read.numbers]
            .into_iter()
            .flat_map(texts)
            .collect(),
        _ => (read.self_name.iter().map(|f| f.text.clone()))
            .chain(read.staff.iter().filter_map(|s| s.name.clone()))
            .chain(read.affected.iter().filter_map(|a| a.name.clone()))
            .collect(),
    }
}

/// Whether what was found is what was marked.
fn same(kind: &str, given: &str, value: &str) -> bool {
    let letters = |t: &str| -> String {
        let small = t.to_lowercase();
        small.chars().filter(|c| c.is_alphanumeric()).collect()
    };
    let figures = |t: &str| -> String { t.chars().filter(char::is_ascii_digit).collect() };
    match kind {
        "date" => {
            let days = |t: &str| -> Vec<String> {
                let whole = |d: &str| match d.split_once('/') {
                    Some((from, to)) => [from, "/", to].concat(),
                    None => [d, "/", d].concat(),
                };
                t.split('|').map(whole).collect()
            };
            let (mut a, mut b) = (days(given), days(value));
            a.sort_unstable();
            b.sort_unstable();
            a == b
        }
        "phone" | "amount" => {
            let (a, b) = (figures(given), figures(value));
            let last = |t: &str| t[t.len().saturating_sub(9)..].to_owned();
            !b.is_empty() && (a == b || kind == "phone" && last(&a) == last(&b))
        }
        "place" => {
            let (a, b) = (letters(given), letters(value));
            !a.is_empty() && (a.contains(&b) || b.contains(&a))
        }
        _ => letters(given) == letters(value),
    }
}
