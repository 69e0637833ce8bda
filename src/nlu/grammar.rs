//! Which words are finite verbs, by language.

use super::{
    clause_rules::ClauseRules,
    entities::PARTICLES,
    fold::{fold, small},
};
use std::collections::HashSet;

/// How one language makes verbs: "son" is a verb in Spanish, and none in English.
#[derive(Debug)]
pub(super) struct Grammar {
    pub(super) language: String,
    pub(super) subjects: HashSet<String>,
    pub(super) verbs: HashSet<String>,
    pub(super) endings: Vec<String>,
    /// "Gritó", "atendió": the accent tells the past from the first person.
    pub(super) accented_endings: Vec<String>,
    pub(super) no_verbs: HashSet<String>,
    pub(super) commands: HashSet<String>,
    /// Words of every day.
    pub(super) common: HashSet<String>,
}

impl Grammar {
    /// The grammar of a pack.
    pub(super) fn of(language: &str, pack: &ClauseRules) -> Self {
        let set = |words: &[String]| words.iter().map(|w| fold(w)).collect();
        Grammar {
            language: language.to_owned(),
            subjects: set(&pack.subjects),
            verbs: set(&pack.verbs),
            endings: pack.endings.iter().map(|e| fold(e)).collect(),
            accented_endings: pack.accented_endings.clone(),
            no_verbs: set(&pack.no_verbs),
            commands: set(&pack.commands),
            common: [&pack.verbs, &pack.subjects, &pack.no_names, &pack.filler]
                .into_iter()
                .flatten()
                .map(|w| fold(w))
                .collect(),
        }
    }

    /// Whether words have a finite verb.
    pub(super) fn finite(&self, words: &str) -> bool {
        let words: Vec<(String, bool, bool)> = words
            .replace(['’', '‘'], "'")
            .split_whitespace()
            .map(|w| {
                let bare = w.trim_matches(|c: char| !c.is_alphanumeric());
                let over = bare.chars().count() > 3
                    && (self.accented_endings.iter()).any(|e| bare.ends_with(e.as_str()));
                let name =
                    bare.starts_with(char::is_uppercase) && bare.chars().any(char::is_lowercase);
                (small(bare), name, over)
            })
            .filter(|(w, ..)| !w.is_empty())
            .collect();
        let count = words.len();
        // "María José de la Fuente": nothing but names.
        let names = words
            .iter()
            .all(|(w, capital, _)| *capital || PARTICLES.contains(&w.as_str()));
        words.iter().enumerate().any(|(n, (word, capital, over))| {
            // A capital inside a sentence is a name's; at its start it says nothing.
            let name = *capital && n > 0;
            if self.subjects.contains(word) {
                return n + 1 < count;
            }
            if n == 0 && count > 1 && self.commands.contains(word) {
                return true;
            }
            if name || self.no_verbs.contains(word) {
                return false;
            }
            *over
                || self.verbs.contains(word)
                || (count > 1 && word.len() > 4 && !(*capital && (count <= 3 || names)))
                    && self.endings.iter().any(|e| word.ends_with(e.as_str()))
        })
    }
}
