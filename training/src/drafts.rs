//! How well the coach reviews labelled drafts.

use crate::{
    sources::{Wrong, at, read},
    tally::Tally,
};
use nohold::{assist::Coach, nlu::Interpreter};
use serde::Deserialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    path::Path,
};

/// One labelled draft.
#[derive(Clone, Debug, Deserialize)]
pub struct Draft {
    /// What the person wrote.
    #[serde(default)]
    pub context: String,
    /// The reply.
    pub draft: String,
    /// Whether it may go out.
    pub ok: bool,
    /// The rule that it breaks.
    #[serde(default)]
    pub rule: Option<String>,
    /// Its levels of empathy, by mechanism.
    #[serde(default)]
    pub empathy: BTreeMap<String, u8>,
}

/// All drafts of a file, one JSON object a line.
///
/// # Errors
/// A file that cannot be read, or a line that is no draft; it is named.
pub fn drafts(file: &Path) -> Result<Vec<Draft>, Wrong> {
    let text = read(file)?;
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, l)| !l.trim().is_empty());
    lines
        .map(|(n, line)| {
            let wrong = |e: serde_json::Error| at(file, format!("line {}: {e}", n + 1));
            serde_json::from_str(line).map_err(wrong)
        })
        .collect()
}

/// What the coach made of labelled drafts.
#[derive(Debug, Default)]
pub struct Reviewed {
    /// Good and bad, as labelled and as found.
    pub verdicts: Tally,
    /// Of bad ones, whether the right rule was named.
    pub named: Tally,
    /// Levels of empathy, by mechanism.
    pub levels: BTreeMap<&'static str, Tally>,
    /// Every draft that was taken for something else, with what was found.
    pub wrong: String,
}

impl Reviewed {
    /// Reviews drafts and counts.
    pub fn of(coach: &Coach, reader: &Interpreter, drafts: &[Draft]) -> Self {
        let mut reviewed = Self::default();
        for draft in drafts {
            reviewed.add(coach, reader, draft);
        }
        reviewed
    }

    fn add(&mut self, coach: &Coach, reader: &Interpreter, draft: &Draft) {
        let review = coach.review(&draft.context, &draft.draft, reader);
        let found: BTreeSet<&str> = review.findings.iter().map(|f| f.rule.as_str()).collect();
        let name = |ok| if ok { "good" } else { "bad" };
        self.verdicts.add(name(draft.ok), name(review.ok));
        let right = draft.rule.as_deref().is_none_or(|r| found.contains(r));
        if !draft.ok {
            self.named
                .add("named", if right { "named" } else { "other" });
        }
        if draft.ok != review.ok || !right {
            let expected = draft.rule.as_deref().unwrap_or("good");
            let _ = writeln!(self.wrong, "{expected}, found {found:?}: {}", draft.draft);
        }
        for (mechanism, level) in review.empathy.levels() {
            if let Some(expected) = draft.empathy.get(mechanism) {
                let tally = self.levels.entry(mechanism).or_default();
                tally.add(&expected.to_string(), &level.to_string());
            }
        }
    }

    /// Of good drafts, the share in which something was found.
    pub fn false_alarms(&self) -> Option<f64> {
        self.verdicts.score("good").recall.map(|r| 1.0 - r)
    }

    /// The figures as a table.
    pub fn table(&self) -> String {
        let share = |v: Option<f64>| v.map_or_else(|| "–".to_owned(), |v| format!("{v:.3}"));
        let bad = self.verdicts.score("bad");
        let rows = [
            ("drafts", self.verdicts.total().to_string()),
            ("bad drafts found: precision", share(bad.precision)),
            ("bad drafts found: recall", share(bad.recall)),
            ("bad drafts found: F1", format!("{:.3}", bad.f1())),
            ("right rule named", share(self.named.accuracy())),
            ("false alarms in good drafts", share(self.false_alarms())),
        ];
        let mut out = String::from("| what | figure |\n|---|---|\n");
        for (what, figure) in rows {
            let _ = writeln!(out, "| {what} | {figure} |");
        }
        for (mechanism, tally) in &self.levels {
            let _ = writeln!(
                out,
                "| {mechanism}: same level, weighted kappa ({} drafts) | {}, {} |",
                tally.total(),
                share(tally.accuracy()),
                share(tally.weighted_kappa())
            );
        }
        out
    }
}
