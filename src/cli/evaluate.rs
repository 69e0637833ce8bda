//! `nohold understand --evaluate FILE`: labelled messages read, and how well, in tables for the documents.

use super::Failure;
use crate::{
    clock::Clock,
    config::Settings,
    domain::{Category, Domain, Emotion, Intent, Interpretation, RedFlag, Relation},
    understand::{Score, Tally, Understanding, held_out},
};
use serde::{Deserialize, Deserializer};
use std::{
    collections::BTreeMap,
    fmt::Write,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

/// One labelled message. What has no label is not judged; fields of other names are somebody's notes.
#[derive(Debug, Deserialize)]
pub(super) struct Labelled {
    /// The message.
    pub(super) text: String,
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
#[derive(Clone, Copy, Debug, Default)]
enum Label<T> {
    #[default]
    NotJudged,
    None,
    Is(T),
}

impl<T> Label<T> {
    /// The place of the right answer where 0 is "none"; nothing where it is not judged.
    fn answer(self, place: fn(T) -> u8) -> Option<u8> {
        match self {
            Self::NotJudged => None,
            Self::None => Some(0),
            Self::Is(value) => Some(place(value) + 1),
        }
    }

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

impl Labelled {
    /// The right answers, as [`crate::understand::model`] numbers them.
    pub(super) fn answers(&self) -> [Vec<u8>; 5] {
        let one = |place: Option<u8>| place.into_iter().collect();
        [
            one(self.intent.map(|i| i as u8)),
            one(self.relation.map(|r| r as u8)),
            one(self.red_flag.answer(|f| f as u8)),
            one(self.category.answer(|c| c as u8)),
            one(self.emotion.map(|e| e as u8)),
        ]
    }
}

/// Expected and found, for each question that the line answers.
fn compare(
    line: &Labelled,
    found: &Interpretation,
) -> Vec<(&'static str, &'static str, &'static str)> {
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

/// Which lines of a file of labelled messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Part {
    /// Every line.
    All,
    /// Four in five: what the model is trained on.
    Training,
    /// One in five, kept aside: what it is judged by.
    HeldOut,
}

impl Part {
    pub(super) fn holds(self, text: &str) -> bool {
        match self {
            Self::All => true,
            Self::Training => !held_out(text),
            Self::HeldOut => held_out(text),
        }
    }
}

/// What is to be left out, to see what it adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Without {
    /// The model: rules decide alone.
    Model,
}

/// How to evaluate.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Instead: read this file's labelled messages and show how well, with confusion tables and the wrong ones.
    #[arg(long, value_name = "FILE")]
    pub(super) evaluate: Option<PathBuf>,
    /// Which lines of it.
    #[arg(long, value_enum, default_value_t = Part::All, requires = "evaluate")]
    part: Part,
    /// What to leave out, to see what it adds.
    #[arg(long, value_enum, requires = "evaluate")]
    without: Option<Without>,
    /// A model in the place of the one that is built in.
    #[arg(long, value_name = "FILE", requires = "evaluate")]
    model: Option<PathBuf>,
}

/// A line that is no labelled message.
#[derive(Debug, thiserror::Error)]
#[error("{file}:{line}: {error}")]
pub(super) struct BadLine {
    file: String,
    line: usize,
    error: serde_json::Error,
}

/// A labelled message with the number of its line, or what is wrong there.
type Numbered = Result<(usize, Labelled), BadLine>;

/// The labelled messages of a file, each with the number of its line.
pub(super) fn labelled(file: &Path) -> Result<Vec<Numbered>, Failure> {
    let text = std::fs::read(file).map_err(|e| format!("{}: {e}", file.display()))?;
    let lines = text.split(|b| *b == b'\n').enumerate();
    Ok(lines
        .filter(|(_, line)| !line.trim_ascii().is_empty())
        .map(|(n, line)| {
            let labelled = serde_json::from_slice(line).map_err(|error| BadLine {
                file: file.display().to_string(),
                line: n + 1,
                error,
            })?;
            Ok((n + 1, labelled))
        })
        .collect())
}

/// What came of reading labelled messages.
#[derive(Debug, Default)]
pub(super) struct Report {
    tallies: BTreeMap<&'static str, Tally>,
    wrong: String,
}

impl Report {
    pub(super) fn add(&mut self, line: usize, labelled: &Labelled, found: &Interpretation) {
        for (question, expected, found) in compare(labelled, found) {
            self.tallies
                .entry(question)
                .or_default()
                .add(expected, found);
            if expected != found {
                self.wrong.extend([
                    &format!("line {line}: {question}: {expected}, read as {found}: "),
                    labelled.text.as_str(),
                    "\n",
                ]);
            }
        }
    }

    pub(super) fn text(&self) -> Result<String, std::fmt::Error> {
        let mut out = String::new();
        for (question, tally) in &self.tallies {
            out += &table(question, tally)?;
        }
        if !self.wrong.is_empty() {
            write!(out, "\n## Wrong\n\n{}", self.wrong)?;
        }
        Ok(out)
    }
}

pub(super) fn run(
    settings: &Settings,
    options: &Options,
    file: &Path,
) -> Result<ExitCode, Failure> {
    let (_, mut rules) = super::knowledge(settings)?;
    if let Some(other) = &options.model {
        let model = super::train::model(other)?;
        let reader = Understanding::by_rules()?.with_model(Some(model));
        rules.understanding = Arc::new(reader);
    }
    if options.without == Some(Without::Model) {
        rules.understanding = Arc::new(Understanding::by_rules()?);
    }
    let now = Clock::system().now();
    let (mut report, mut all_good) = (Report::default(), true);
    for line in labelled(file)? {
        match line {
            Ok((n, line)) if options.part.holds(&line.text) => {
                report.add(n, &line, &rules.read(&line.text, now));
            }
            Ok(_) => {}
            Err(error) => {
                all_good = false;
                eprintln!("{error}");
            }
        }
    }
    print!("{}", report.text()?);
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
