//! `nohold train`: makes the model from labelled messages and `GoEmotions`, always the same bytes; or shows by folds how well training goes.

use super::{
    Failure,
    evaluate::{Labelled, Part, Report, labelled},
};
use crate::understand::{
    Setting, Tally, Understanding,
    model::{
        Model,
        train::{Example, Plan, train},
    },
};
use clap::Args;
use std::{
    io::Read,
    path::{Path, PathBuf},
    process::ExitCode,
};

/// What to train on.
#[derive(Debug, Args)]
pub(super) struct Options {
    /// A file of labelled messages, as `understand --evaluate` reads them; may be given several times. One line in five is kept aside.
    #[arg(long = "messages", value_name = "FILE", required = true)]
    messages: Vec<PathBuf>,
    /// The folder of `GoEmotions`: train.tsv.gz, dev.tsv.gz, labels.txt.
    #[arg(long, value_name = "FOLDER")]
    goemotions: Option<PathBuf>,
    /// Where to write the model.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Leave out what the rules find, to see what the model is worth alone.
    #[arg(long)]
    without_rules: bool,
    /// Instead of writing a model: train on all but one part in turn, and show how well that part is read.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=20))]
    folds: Option<u32>,
}

/// The day on which labelled messages are read: any will do, but always the same.
const SETTING: Setting<'_> = Setting {
    today: jiff::civil::date(2026, 11, 24),
    country: "GB",
    order: crate::domain::DateOrder::DayFirst,
};

/// How much a message of our own counts beside one comment of `GoEmotions`.
const OURS: f32 = 4.0;

pub(super) fn run(options: &Options) -> Result<ExitCode, Failure> {
    let reader = Understanding::by_rules()?;
    let mut messages: Vec<Labelled> = Vec::new();
    for file in &options.messages {
        for line in labelled(file)? {
            let line = line.map_err(|error| error.to_string())?;
            if Part::Training.holds(&line.1.text) {
                messages.push(line.1);
            }
        }
    }
    let with_rules = !options.without_rules;
    let (mut base, mut check) = (Vec::new(), Vec::new());
    if let Some(folder) = &options.goemotions {
        let groups = groups(&folder.join("labels.txt"))?;
        base = comments(&folder.join("train.tsv.gz"), &groups, &reader, with_rules)?;
        check = comments(&folder.join("dev.tsv.gz"), &groups, &reader, with_rules)?;
    }
    eprintln!(
        "{} messages, {} comments of GoEmotions",
        messages.len(),
        base.len()
    );
    if let Some(folds) = options.folds {
        return by_folds(&messages, &base, folds, with_rules, reader);
    }
    let Some(out) = &options.out else {
        return Err("say where to write the model: --out FILE".into());
    };
    base.extend(
        messages
            .iter()
            .filter_map(|m| example(m, &reader, with_rules)),
    );
    let model = train(&base, with_rules, Plan::STANDARD);
    let bytes = model.to_bytes();
    std::fs::write(out, &bytes).map_err(|e| format!("{}: {e}", out.display()))?;
    eprintln!("{}: {} bytes", out.display(), bytes.len());
    if !check.is_empty() {
        let mut tally = Tally::default();
        for comment in &check {
            let [.., right] = &comment.answers;
            let found = model.feeling(comment);
            if let [one] = right.as_slice() {
                tally.add(&one.to_string(), &found.to_string());
            }
        }
        eprintln!(
            "feelings of GoEmotions' development comments that have one: macro-F1 {:.3}, accuracy {:.3}",
            tally.macro_f1().unwrap_or(0.0),
            tally.accuracy().unwrap_or(0.0)
        );
    }
    Ok(ExitCode::SUCCESS)
}

fn example(message: &Labelled, reader: &Understanding, with_rules: bool) -> Option<Example> {
    reader.example(&message.text, SETTING, message.answers(), OURS, with_rules)
}

/// Trains on all folds but one and reads that one, in turn.
fn by_folds(
    messages: &[Labelled],
    base: &[Example],
    folds: u32,
    with_rules: bool,
    mut reader: Understanding,
) -> Result<ExitCode, Failure> {
    let mut report = Report::default();
    for fold in 0..folds as usize {
        let mut examples = base.to_vec();
        let (test, rest): (Vec<_>, Vec<_>) = messages
            .iter()
            .enumerate()
            .partition(|(i, _)| i % folds as usize == fold);
        examples.extend(
            rest.iter()
                .filter_map(|(_, m)| example(m, &reader, with_rules)),
        );
        let model = train(&examples, with_rules, Plan::STANDARD);
        reader = reader.with_model(Some(model));
        for (i, message) in test {
            report.add(i + 1, message, &reader.read(&message.text, SETTING));
        }
    }
    print!("{}", report.text()?);
    Ok(ExitCode::SUCCESS)
}

/// `GoEmotions`' 28 labels in our six groups, in the order of `labels.txt`.
fn groups(file: &Path) -> Result<Vec<u8>, Failure> {
    let text = std::fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
    let group = |name: &str| match name {
        "anger" | "annoyance" | "disapproval" | "disgust" => 0,
        "fear" | "nervousness" => 1,
        "sadness" | "grief" | "disappointment" | "remorse" | "embarrassment" => 2,
        "confusion" | "curiosity" => 3,
        "neutral" | "realization" | "surprise" => 5,
        _ => 4,
    };
    Ok(text.split_whitespace().map(group).collect())
}

/// One packed file of `GoEmotions`: the comment, a tab, its labels' numbers with commas.
fn comments(
    file: &Path,
    groups: &[u8],
    reader: &Understanding,
    with_rules: bool,
) -> Result<Vec<Example>, Failure> {
    let told = |e: &dyn std::fmt::Display| format!("{}: {e}", file.display());
    let packed = std::fs::File::open(file).map_err(|e| told(&e))?;
    let mut text = String::new();
    flate2::read::GzDecoder::new(packed)
        .read_to_string(&mut text)
        .map_err(|e| told(&e))?;
    let mut out = Vec::new();
    for (n, line) in text.lines().enumerate() {
        let wrong = || told(&format!("line {}: not a comment and its labels", n + 1));
        let mut fields = line.split('\t');
        let (comment, labels) = fields.next().zip(fields.next()).ok_or_else(wrong)?;
        let mut right = Vec::new();
        for label in labels.split(',') {
            let label: usize = label.parse().map_err(|_| wrong())?;
            let group = *groups.get(label).ok_or_else(wrong)?;
            if !right.contains(&group) {
                right.push(group);
            }
        }
        let answers = [vec![], vec![], vec![], vec![], right];
        out.extend(reader.example(comment, SETTING, answers, 1.0, with_rules));
    }
    Ok(out)
}

/// Reads a model from a file.
pub(super) fn model(file: &Path) -> Result<Model, Failure> {
    let bytes = std::fs::read(file).map_err(|e| format!("{}: {e}", file.display()))?;
    Ok(Model::from_bytes(&bytes).map_err(|e| format!("{}: {e}", file.display()))?)
}
