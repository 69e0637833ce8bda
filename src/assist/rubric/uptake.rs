//! Which words of a reply take up what a person said: by stems, so that "waiting" takes up "waited".

use crate::nlu::fold;
use std::collections::{BTreeMap, BTreeSet};

/// Endings that are taken off, in English and Spanish, where enough of the word is left.
const ENDINGS: [&str; 16] = [
    "'s", "ings", "ing", "edly", "ed", "ies", "es", "os", "as", "s", "ly", "er", "e", "y", "o", "a",
];
/// What must be left of a word.
const LEFT: usize = 4;
/// So many words in the same order as in another text are copied, and earn nothing.
const COPIED: usize = 8;

/// A word of a text, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) small: String,
}

/// The words of a text.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut all = Vec::new();
    let mut start = None;
    let ends = text.char_indices().chain([(text.len(), ' ')]);
    for (at, c) in ends {
        let inside = c.is_alphanumeric() || matches!(c, '\'' | '\u{2019}');
        match (start, inside) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                let small = fold(&text[from..at].to_lowercase().replace('\u{2019}', "'"));
                let small = small.trim_matches('\'').to_owned();
                if !small.is_empty() {
                    all.push(Word {
                        start: from,
                        end: at,
                        small,
                    });
                }
                start = None;
            }
            _ => {}
        }
    }
    all
}

/// A word without its ending.
pub(super) fn stem(small: &str) -> &str {
    let cut = |ending: &&str| {
        let rest = small.strip_suffix(*ending)?;
        (rest.chars().count() >= LEFT || *ending == "'s" || *ending == "s" && rest.len() >= 3)
            .then_some(rest)
    };
    ENDINGS.iter().find_map(cut).unwrap_or(small)
}

/// The stems of words that say something, with those that mean the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stems(BTreeSet<String>);

impl Stems {
    pub(super) fn has(&self, stem: &str) -> bool {
        self.0.contains(stem)
    }
}

/// Words that everybody uses, and words that mean the same.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    pub(super) grammar: BTreeSet<String>,
    pub(super) ordinary: BTreeSet<String>,
    pub(super) same: BTreeMap<String, Vec<String>>,
}

impl Vocabulary {
    pub(super) fn of(grammar: &str, ordinary: &str, same: &[Vec<String>]) -> Self {
        let listed = |text: &str| {
            text.split_whitespace()
                .map(|w| fold(&w.to_lowercase()))
                .collect()
        };
        let stems = |group: &Vec<String>| -> Vec<String> {
            group.iter().map(|w| stem(&fold(w)).to_owned()).collect()
        };
        let groups = same.iter().map(stems);
        Self {
            grammar: listed(grammar),
            ordinary: listed(ordinary),
            same: groups
                .flat_map(|g| g.clone().into_iter().map(move |w| (w, g.clone())))
                .collect(),
        }
    }

    pub(super) fn is_grammar(&self, small: &str) -> bool {
        self.grammar.contains(small)
    }

    /// Whether everybody uses it, whatever they heard.
    pub(super) fn is_common(&self, small: &str) -> bool {
        self.grammar.contains(small) || self.ordinary.contains(small)
    }

    /// Whether taking this word up means anything.
    pub(super) fn says_something(&self, word: &Word) -> bool {
        let long =
            word.small.chars().count() >= 3 || word.small.bytes().all(|b| b.is_ascii_digit());
        long && !self.is_common(&word.small)
    }

    /// The stems of a text's words that say something.
    pub(super) fn stems<'t>(&self, texts: impl IntoIterator<Item = &'t str>) -> Stems {
        let mut all = BTreeSet::new();
        for word in texts.into_iter().flat_map(words) {
            if self.says_something(&word) {
                let stem = stem(&word.small);
                all.extend(self.same.get(stem).into_iter().flatten().cloned());
                all.insert(stem.to_owned());
            }
        }
        Stems(all)
    }
}

/// Which words of a text stand in a long run that another text has too.
pub(super) fn copied(draft: &[Word], others: &[&str]) -> Vec<bool> {
    let mut runs: BTreeSet<Vec<String>> = BTreeSet::new();
    for other in others {
        let there: Vec<String> = words(other).into_iter().map(|w| w.small).collect();
        runs.extend(there.windows(COPIED).map(<[String]>::to_vec));
    }
    let here: Vec<String> = draft.iter().map(|w| w.small.clone()).collect();
    let mut marks = vec![false; draft.len()];
    for (at, run) in here.windows(COPIED).enumerate() {
        if runs.contains(run) {
            marks[at..at + COPIED].fill(true);
        }
    }
    marks
}
