//! `nohold coach`: reviews drafts; or shows its rules, or how well it reviews labelled drafts.

use super::{Failure, lines};
use crate::{assist::Coach, config::Settings, nlu::Tally};
use serde::Deserialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    path::{Path, PathBuf},
    process::ExitCode,
};

/// What to do instead of reviewing standard input.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Review this file's labelled drafts ({"context","draft","ok","rule","empathy"} a line) and show how well.
    #[arg(long, value_name = "FILE")]
    evaluate: Option<PathBuf>,
    /// Show every rule: what it catches, why, from where it comes, and a better way.
    #[arg(long, conflicts_with = "evaluate")]
    rules: bool,
}

/// One labelled draft.
#[derive(Deserialize)]
struct Labelled {
    #[serde(default)]
    context: String,
    draft: String,
    ok: bool,
    #[serde(default)]
    rule: Option<String>,
    #[serde(default)]
    empathy: BTreeMap<String, u8>,
}

pub(super) fn run(settings: &Settings, options: &Options) -> Result<ExitCode, Failure> {
    if let Some(file) = &options.evaluate {
        return evaluate(settings, file);
    }
    if options.rules {
        let coach = Coach::load(&super::texts(settings)?)?;
        for page in coach.pages() {
            println!("## {}\n", page.rule);
            println!("- Catches: {}", page.catches);
            println!("- Why: {}", page.why);
            println!("- From: {}", page.source);
            println!("- Do instead: {}", page.advice);
            if !page.better.is_empty() {
                println!("- For example: {}", page.better);
            }
            println!();
        }
        return Ok(ExitCode::SUCCESS);
    }
    lines::coach(settings)
}

fn evaluate(settings: &Settings, file: &Path) -> Result<ExitCode, Failure> {
    let (texts, rules) = super::knowledge(settings)?;
    let coach = Coach::load(&texts)?;
    let text = std::fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
    let (mut verdicts, mut named) = (Tally::default(), Tally::default());
    let mut levels: BTreeMap<&str, Tally> = BTreeMap::new();
    let mut wrong = String::new();
    let mut code = ExitCode::SUCCESS;
    for (n, line) in text
        .lines()
        .enumerate()
        .filter(|(_, l)| !l.trim().is_empty())
    {
        let draft: Labelled = match serde_json::from_str(line) {
            Ok(draft) => draft,
            Err(error) => {
                eprintln!("{}:{}: {error}", file.display(), n + 1);
                code = ExitCode::FAILURE;
                continue;
            }
        };
        let review = coach.review(&draft.context, &draft.draft, &rules.interpreter);
        let found: BTreeSet<&str> = review.findings.iter().map(|f| f.rule.as_str()).collect();
        let name = |ok| if ok { "good" } else { "bad" };
        verdicts.add(name(draft.ok), name(review.ok));
        let right = draft.rule.as_deref().is_none_or(|r| found.contains(r));
        if !draft.ok {
            named.add("named", if right { "named" } else { "other" });
        }
        if draft.ok != review.ok || !right {
            let expected = draft.rule.as_deref().unwrap_or("good");
            writeln!(
                wrong,
                "line {}: {expected}, found {found:?}: {}",
                n + 1,
                draft.draft
            )?;
        }
        for (mechanism, level) in review.empathy.levels() {
            if let Some(expected) = draft.empathy.get(mechanism) {
                levels
                    .entry(mechanism)
                    .or_default()
                    .add(&expected.to_string(), &level.to_string());
            }
        }
    }
    let share = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |v| format!("{v:.3}"));
    let bad = verdicts.score("bad");
    println!("| what | figure |\n|---|---|");
    println!("| drafts | {} |", verdicts.total());
    println!("| bad drafts found: precision | {} |", share(bad.precision));
    println!("| bad drafts found: recall | {} |", share(bad.recall));
    println!("| bad drafts found: F1 | {:.3} |", bad.f1());
    println!("| right rule named | {} |", share(named.accuracy()));
    let good = verdicts.score("good");
    let alarms = good.recall.map(|r| 1.0 - r);
    println!("| false alarms in good drafts | {} |", share(alarms));
    for (mechanism, tally) in &levels {
        println!(
            "| {mechanism}: same level, weighted kappa ({} drafts) | {}, {} |",
            tally.total(),
            share(tally.accuracy()),
            share(tally.weighted_kappa())
        );
    }
    if !wrong.is_empty() {
        print!("\n## Wrong\n\n{wrong}");
    }
    Ok(code)
}
