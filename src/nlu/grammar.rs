//! Which words are finite verbs, by language.

use super::{
    clause_rules::ClauseRules,
    entities::PARTICLES,
    fold::{fold, small},
    packs::PACKS,
};
use std::collections::HashSet;
use unicode_segmentation::UnicodeSegmentation;

/// How one language makes verbs: "son" is a verb in Spanish, and none in English.
#[derive(Debug)]
pub(super) struct Grammar {
    language: String,
    pub(super) subjects: HashSet<String>,
    pub(super) verbs: HashSet<String>,
    pub(super) endings: Vec<String>,
    /// "Gritó", "atendió": the accent tells the past from the first person.
    pub(super) accented_endings: Vec<String>,
    pub(super) no_verbs: HashSet<String>,
    pub(super) commands: HashSet<String>,
    /// Words of every day.
    common: HashSet<String>,
    /// Words that open a clause in other languages only: "Vale" in "Vale Road".
    elsewhere: HashSet<String>,
}

impl Grammar {
    /// The grammars of all packs.
    pub(super) fn all(languages: &[(&str, ClauseRules)]) -> Vec<Self> {
        let grammar = |(n, (language, pack)): (usize, &(&str, ClauseRules))| {
            let others = languages.iter().enumerate().filter(|(m, _)| *m != n);
            let others: Vec<&ClauseRules> = others.map(|(_, (_, pack))| pack).collect();
            Self::of(language, pack, &others)
        };
        languages.iter().enumerate().map(grammar).collect()
    }

    /// The grammar of a language; where it is not known, of the one whose everyday words the text has most of, the
    /// first at a tie.
    pub(super) fn of_text<'a>(all: &'a [Self], text: &str, language: Option<&str>) -> &'a Self {
        let known = all.iter().find(|g| Some(g.language.as_str()) == language);
        let likeliest = || {
            let words: Vec<String> = text.unicode_words().map(small).collect();
            let common = |g: &&Self| words.iter().filter(|w| g.common.contains(*w)).count();
            all.iter().rev().max_by_key(common)
        };
        known.or_else(likeliest).unwrap_or(&all[0])
    }

    /// The grammar of a pack.
    fn of(language: &str, pack: &ClauseRules, others: &[&ClauseRules]) -> Self {
        let set = |words: &[String]| words.iter().map(|w| fold(w)).collect();
        let pack_of = PACKS.iter().find(|p| p.code() == language);
        let ordinary = pack_of.map_or("", |p| p.ordinary());
        let common: HashSet<String> = [&pack.verbs, &pack.subjects, &pack.no_names, &pack.filler]
            .into_iter()
            .flatten()
            .map(|w| fold(w))
            .chain(ordinary.lines().map(fold))
            .collect();
        let own: HashSet<String> = set(&pack.openers);
        let theirs = others.iter().flat_map(|p| &p.openers).map(|w| fold(w));
        let elsewhere = theirs
            .filter(|w| !own.contains(w) && !common.contains(w))
            .collect();
        Grammar {
            language: language.to_owned(),
            subjects: set(&pack.subjects),
            verbs: set(&pack.verbs),
            endings: pack.endings.iter().map(|e| fold(e)).collect(),
            accented_endings: pack.accented_endings.clone(),
            no_verbs: set(&pack.no_verbs),
            commands: set(&pack.commands),
            common,
            elsewhere,
        }
    }

    /// Whether words that open a clause in some language do so in this one: where no comma sets it apart, "Vale" in
    /// "Vale Road" is no Spanish yes.
    pub(super) fn opens(&self, words: &str) -> bool {
        let apart = words.contains([',', '.', ':', '!']);
        apart
            || !words
                .split_whitespace()
                .any(|w| self.elsewhere.contains(&small(w)))
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
