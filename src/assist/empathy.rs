//! EPITOME's three mechanisms (Sharma et al., EMNLP 2020), each 0 none, 1 weak, 2 strong, of a reply.
//!
//! A linear model of words, of two and three that follow each other, and of those in questions, learned from
//! `training/empathy`: replies of many registers, levels given by the published definitions. How well it agrees
//! with labels of replies that it was not made on is in `docs/understanding.md`. It reads what is said, not how
//! well it fits; of Spanish it knows nothing.

use crate::nlu::model::{Features, Table, hash};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// Levels of empathy in a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Empathy {
    /// Warmth and care.
    pub emotional_reaction: u8,
    /// Showing that the feeling and its cause are understood.
    pub interpretation: u8,
    /// Asking gently after what was not said.
    pub exploration: u8,
}

/// None, weak, strong.
pub const LEVELS: usize = 3;
/// How many mechanisms there are, and so how many tables.
pub const MECHANISMS: usize = 3;

/// The tables, in the order of [`Empathy::levels`].
static TABLES: LazyLock<Vec<Table>> = LazyLock::new(|| {
    let mut rest: &[u8] = include_bytes!("data/empathy.bin");
    (0..MECHANISMS)
        .map(|_| Table::from_bytes(&mut rest, LEVELS).expect("the built-in tables are tested"))
        .collect()
});

impl Empathy {
    /// Of a text.
    pub fn of(text: &str) -> Self {
        Self::by(&TABLES, text)
    }

    /// The same by other tables: for judging those that were learned from other replies.
    pub fn by(tables: &[Table], text: &str) -> Self {
        let features = features(text);
        let level = |table: &Table| {
            let answers = table.ask(&features);
            crate::nlu::model::likeliest(&answers) as u8
        };
        // Nothing is said, nothing is shown.
        if features.hashed.is_empty() {
            return Self::default();
        }
        Self {
            emotional_reaction: level(&tables[0]),
            interpretation: level(&tables[1]),
            exploration: level(&tables[2]),
        }
    }

    /// The levels by the name of their mechanism.
    pub const fn levels(self) -> [(&'static str, u8); MECHANISMS] {
        [
            ("emotional_reaction", self.emotional_reaction),
            ("interpretation", self.interpretation),
            ("exploration", self.exploration),
        ]
    }

    /// Whether it shows that somebody was heard.
    pub const fn acknowledges(self) -> bool {
        self.emotional_reaction > 0 || self.interpretation > 0
    }
}

const WORD: u32 = 0x2545_f491;
const ASKED: u32 = 0x9e37_79b1;
const LENGTH: u32 = 0x85eb_ca6b;

/// What the model sees of a reply.
pub fn features(text: &str) -> Features {
    let text = text.to_lowercase().replace('\u{2019}', "'");
    let mut all = Vec::new();
    let mut count = 0;
    for sentence in text.split_inclusive(['.', '?', '!', '\n']) {
        let mark = sentence.trim_end().chars().next_back();
        let words: Vec<&str> = sentence
            .split(|c: char| !c.is_alphanumeric() && c != '\'')
            .filter(|w| !w.is_empty())
            .collect();
        if words.is_empty() {
            continue;
        }
        count += words.len();
        let end = if mark == Some('?') { "?" } else { "." };
        let framed = [&["<"], &words[..], &[end]].concat();
        for n in 1..=3 {
            all.extend(framed.windows(n).map(|w| hash(WORD, w)));
            if end == "?" {
                all.extend(framed.windows(n).map(|w| hash(ASKED, w)));
            }
        }
    }
    if count == 0 {
        return Features::default();
    }
    let length = (count / 8).min(6).to_string();
    all.push(hash(LENGTH, &[&length]));
    all.sort_unstable();
    all.dedup();
    let each = 3.0 / (all.len() as f32).sqrt();
    Features {
        hashed: all.into_iter().map(|h| (h, each)).collect(),
        evidence: Vec::new(),
    }
}
