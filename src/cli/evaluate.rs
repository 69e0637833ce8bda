//! `nohold understand --evaluate FILE`: labelled messages read, and how well, in tables for the documents.

use super::Failure;
use crate::{
    clock::Clock,
    config::Settings,
    domain::{Category, Domain, Emotion, Intent, RedFlag, Relation, Signals},
    understand::{Score, Tally},
};
use serde::{Deserialize, Deserializer};
use std::{collections::BTreeMap, fmt::Write, path::Path, process::ExitCode};

/// One labelled message. What has no label is not judged; fields of other names are somebody's notes.
#[derive(Deserialize)]
struct Labelled {
    text: String,
    #[serde(default)]
    intent: Option<Intent>,
    #[serde(default)]
    relation: Option<Relation>,
    #[serde(default)]
    emotion: Option<Emotion>,
    #[serde(default)]
    red_flag: Label<RedFlag>,
    #[serde(default)]
    domain: Label<Domain>,
    #[serde(default)]
    category: Label<Category>,
}

/// A label that may be `null`: then there is none, and that is judged too.
#[derive(Clone, Copy, Default)]
enum Label<T> {
    #[default]
    NotJudged,
    None,
    Is(T),
}

impl<T> Label<T> {
    fn name(self, name: fn(T) -> &'static str) -> Option<&'static str> {
        match self {
            Self::NotJudged => None,
            Self::None => Some(NONE),
            Self::Is(value) => Some(name(value)),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Label<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::<T>::deserialize(deserializer).map(|value| value.map_or(Self::None, Self::Is))
    }
}

const NONE: &str = "none";

/// Expected and found, for each question that the line answers.
fn compare(line: &Labelled, found: &Signals) -> Vec<(&'static str, &'static str, &'static str)> {
    let mut all = Vec::new();
    let mut put = |question, expected: Option<&'static str>, found: &'static str| {
        all.extend(expected.map(|e| (question, e, found)));
    };
    put("intent", line.intent.map(Intent::name), found.intent.name());
    put(
        "relation",
        line.relation.map(Relation::name),
        found.relation.name(),
    );
    put(
        "emotion",
        line.emotion.map(Emotion::name),
        found.emotion.name(),
    );
    let name = |f: Option<RedFlag>| f.map_or(NONE, RedFlag::name);
    put(
        "red_flag",
        line.red_flag.name(RedFlag::name),
        name(found.red_flag),
    );
    let domain = found.category.map(Category::domain);
    put(
        "domain",
        line.domain.name(Domain::name),
        domain.map_or(NONE, Domain::name),
    );
    let category = found.category.map_or(NONE, Category::name);
    put("category", line.category.name(Category::name), category);
    all
}

pub(super) fn run(settings: &Settings, file: &Path) -> Result<ExitCode, Failure> {
    let (_, rules) = super::rulebook(settings)?;
    let now = Clock::system().now();
    let text = std::fs::read(file).map_err(|e| format!("{}: {e}", file.display()))?;
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    let (mut wrong, mut all_good) = (String::new(), true);
    for (n, line) in text.split(|b| *b == b'\n').enumerate() {
        if line.trim_ascii().is_empty() {
            continue;
        }
        let labelled: Labelled = match serde_json::from_slice(line) {
            Ok(labelled) => labelled,
            Err(error) => {
                all_good = false;
                eprintln!("{}:{}: {error}", file.display(), n + 1);
                continue;
            }
        };
        let found = rules.read(&labelled.text, now);
        for (question, expected, found) in compare(&labelled, &found) {
            tallies.entry(question).or_default().add(expected, found);
            if expected != found {
                writeln!(
                    wrong,
                    "line {}: {question}: {expected}, read as {found}: {}",
                    n + 1,
                    labelled.text
                )?;
            }
        }
    }
    for (question, tally) in &tallies {
        print!("{}", table(question, tally)?);
    }
    if !wrong.is_empty() {
        print!("\n## Wrong\n\n{wrong}");
    }
    Ok(if all_good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Scores by label, and the confusion table: rows as expected, columns as found.
fn table(question: &str, tally: &Tally) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    let share = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |v| format!("{v:.3}"));
    writeln!(
        out,
        "\n## {question}: {} messages, macro-F1 {}, accuracy {}\n",
        tally.total(),
        share(tally.macro_f1()),
        share(tally.accuracy())
    )?;
    writeln!(
        out,
        "| label | messages | precision | recall | F1 |\n|---|---|---|---|---|"
    )?;
    let labels: Vec<&str> = tally.labels().into_iter().collect();
    for label in &labels {
        let score: Score = tally.score(label);
        writeln!(
            out,
            "| {label} | {} | {} | {} | {:.3} |",
            score.count,
            share(score.precision),
            share(score.recall),
            score.f1()
        )?;
    }
    writeln!(out, "\n| expected ↓ found → | {} |", labels.join(" | "))?;
    writeln!(out, "|---|{}", "---|".repeat(labels.len()))?;
    for expected in &labels {
        let row: Vec<String> = labels
            .iter()
            .map(|found| match tally.count(expected, found) {
                0 => String::new(),
                n => n.to_string(),
            })
            .collect();
        writeln!(out, "| {expected} | {} |", row.join(" | "))?;
    }
    Ok(out)
}
