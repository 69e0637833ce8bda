//! How often the meaning of a stranger's answer to a question of yes or no is found.

use crate::sources::{Wrong, at, read};
use nohold::{
    domain::Slot,
    flow::{Answers, Meant},
};
use std::{fmt::Write, path::Path};

/// The meanings, as the files name them.
const MEANINGS: [(&str, Meant); 4] = [
    ("yes", Meant::Yes),
    ("no", Meant::No),
    ("unknown", Meant::Unknown),
    ("none", Meant::None),
];

/// Answers to one question, with what they mean.
pub type Labelled = Vec<(Meant, String)>;

/// All answers of a file: what it means, a tab, the answer.
///
/// # Errors
/// A file that cannot be read, or a line of another shape; it is named.
pub fn labelled(file: &Path) -> Result<Labelled, Wrong> {
    let line = |(n, line): (usize, &str)| {
        let (name, text) = line.split_once('\t').unwrap_or((line, ""));
        let meant = MEANINGS.iter().find(|(known, _)| *known == name);
        let wrong = || at(file, format!("line {}: '{name}' is no meaning", n + 1));
        meant
            .map(|(_, meant)| (*meant, text.to_owned()))
            .ok_or_else(wrong)
    };
    read(file)?.lines().enumerate().map(line).collect()
}

/// A table: for each meaning, how many answers had it and how many of them were taken so, or left open.
pub fn table(answers: &Answers, slot: &Slot, labelled: &[(Meant, String)]) -> String {
    let mut table = String::from(
        "| meant | answers | taken as yes | no | unknown | nothing |\n|---|---|---|---|---|---|\n",
    );
    for (name, meant) in MEANINGS {
        let all = labelled.iter().filter(|(m, _)| *m == meant);
        let taken: Vec<Meant> = all
            .map(|(_, text)| answers.meant(slot, text).map_or(Meant::None, |(m, _)| m))
            .collect();
        let _ = write!(table, "| {name} | {} |", taken.len());
        for (_, as_what) in MEANINGS {
            let so = taken.iter().filter(|t| **t == as_what).count();
            let _ = write!(table, " {so} |");
        }
        table.push('\n');
    }
    table
}
