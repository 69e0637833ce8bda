//! Weighted patterns, read from `data/`, matched all at once.

use crate::domain::{
    Category, Emotion, Intent, Relation,
    signals::{Cue, Found},
};
use regex::{Regex, RegexSet};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The rules could not be compiled. They are built in, so this is a fault of the program.
#[derive(Debug, thiserror::Error)]
pub enum RuleError {
    /// The data file does not have the shape of rules.
    #[error("the understanding rules cannot be read: {0}")]
    Shape(String),
    /// A pattern is wrong.
    #[error("understanding rule {pattern}: {error}")]
    Pattern {
        /// Which.
        pattern: String,
        /// Why.
        error: Box<regex::Error>,
    },
    /// A label that nobody knows.
    #[error("understanding rules name the unknown label '{0}'")]
    Label(String),
}

type Weighted = BTreeMap<String, BTreeMap<u8, Vec<String>>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    words: BTreeMap<String, String>,
    intent: Weighted,
    category: Weighted,
    relation: BTreeMap<String, Vec<String>>,
    emotion: Weighted,
    cue: BTreeMap<String, Vec<String>>,
    desired: Vec<String>,
    topic: Vec<TopicRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TopicRule {
    name: String,
    patterns: Vec<String>,
}

/// What a pattern speaks for.
#[derive(Clone, Debug)]
enum Label {
    Intent(Intent, u8),
    Category(Category, u8),
    Relation(Relation),
    Emotion(Emotion, u8),
    Cue(Cue),
    Topic(String),
}

/// Everything that matched in one message.
#[derive(Debug)]
pub(super) struct Hits {
    pub(super) intents: BTreeMap<Intent, u32>,
    pub(super) categories: BTreeMap<Category, u32>,
    pub(super) relation: Relation,
    pub(super) emotions: BTreeMap<Emotion, u32>,
    pub(super) cues: Vec<Cue>,
    pub(super) topic: Option<String>,
}

/// Compiled rules of one language.
#[derive(Debug)]
pub(super) struct Rules {
    set: RegexSet,
    labels: Vec<Label>,
    desired: Vec<Regex>,
}

/// The order in which relations win over each other.
const RELATION_ORDER: [Relation; 10] = [
    Relation::LegalRepresentative,
    Relation::Employee,
    Relation::Professional,
    Relation::Carer,
    Relation::Visitor,
    Relation::Neighbour,
    Relation::Friend,
    Relation::Relative,
    Relation::Patient,
    Relation::Public,
];

impl Rules {
    pub(super) fn english() -> Result<Self, RuleError> {
        let file: File = serde_saphyr::from_str(include_str!("data/en.yaml"))
            .map_err(|e| RuleError::Shape(e.to_string()))?;
        let mut patterns = Vec::new();
        let mut labels = Vec::new();
        let mut add = |pattern: &str, label: Label| {
            patterns.push(spell_out(pattern, &file.words));
            labels.push(label);
        };
        for (name, weights) in &file.intent {
            let intent = Intent::from_name(name).ok_or_else(|| RuleError::Label(name.clone()))?;
            each(weights, |w, p| add(p, Label::Intent(intent, w)));
        }
        for (name, weights) in &file.category {
            let category =
                Category::from_name(name).ok_or_else(|| RuleError::Label(name.clone()))?;
            each(weights, |w, p| add(p, Label::Category(category, w)));
        }
        for (name, weights) in &file.emotion {
            let emotion = Emotion::from_name(name).ok_or_else(|| RuleError::Label(name.clone()))?;
            each(weights, |w, p| add(p, Label::Emotion(emotion, w)));
        }
        for (name, list) in &file.relation {
            let relation =
                Relation::from_name(name).ok_or_else(|| RuleError::Label(name.clone()))?;
            for p in list {
                add(p, Label::Relation(relation));
            }
        }
        for (name, list) in &file.cue {
            let cue = Cue::from_name(name).ok_or_else(|| RuleError::Label(name.clone()))?;
            for p in list {
                add(p, Label::Cue(cue));
            }
        }
        for TopicRule { name, patterns } in &file.topic {
            for p in patterns {
                add(p, Label::Topic(name.clone()));
            }
        }
        let set = compile_set(&patterns)?;
        let desired = file
            .desired
            .iter()
            .map(|p| compile(&format!("(?i){}", spell_out(p, &file.words))))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            set,
            labels,
            desired,
        })
    }

    /// Everything that matches in `plain`, which must be normalised.
    pub(super) fn hits(&self, plain: &str) -> Hits {
        let mut hits = Hits {
            intents: BTreeMap::new(),
            categories: BTreeMap::new(),
            relation: Relation::Unknown,
            emotions: BTreeMap::new(),
            cues: Vec::new(),
            topic: None,
        };
        let mut relations = Vec::new();
        for index in self.set.matches(plain) {
            match &self.labels[index] {
                Label::Intent(i, w) => *hits.intents.entry(*i).or_default() += u32::from(*w),
                Label::Category(c, w) => *hits.categories.entry(*c).or_default() += u32::from(*w),
                Label::Emotion(e, w) => *hits.emotions.entry(*e).or_default() += u32::from(*w),
                Label::Relation(r) => relations.push(*r),
                Label::Cue(c) => hits.cues.push(*c),
                Label::Topic(t) => {
                    hits.topic.get_or_insert_with(|| t.clone());
                }
            }
        }
        if let Some(strongest) = RELATION_ORDER.into_iter().find(|r| relations.contains(r)) {
            hits.relation = strongest;
        }
        hits
    }

    /// The words that say what the writer wants done.
    pub(super) fn desired(&self, text: &str) -> Option<Found> {
        let found = self
            .desired
            .iter()
            .filter_map(|r| r.find(text))
            .min_by_key(regex::Match::start)?;
        Some(Found {
            text: found.as_str().trim().to_owned(),
            start: found.start(),
            end: found.end(),
        })
    }
}

fn each(weights: &BTreeMap<u8, Vec<String>>, mut f: impl FnMut(u8, &str)) {
    for (weight, list) in weights {
        for p in list {
            f(*weight, p);
        }
    }
}

/// Puts the word lists in the place of their names.
pub(super) fn spell_out(pattern: &str, words: &BTreeMap<String, String>) -> String {
    words.iter().fold(pattern.to_owned(), |p, (name, list)| {
        p.replace(&format!("<{name}>"), list)
    })
}

pub(super) fn compile(pattern: &str) -> Result<Regex, RuleError> {
    Regex::new(pattern).map_err(|error| RuleError::Pattern {
        pattern: pattern.to_owned(),
        error: Box::new(error),
    })
}

pub(super) fn compile_set(patterns: &[String]) -> Result<RegexSet, RuleError> {
    let set = regex::RegexSetBuilder::new(patterns)
        .size_limit(64 << 20)
        .dfa_size_limit(32 << 20)
        .build();
    set.map_err(|error| {
        let wrong = patterns.iter().find(|p| Regex::new(p).is_err());
        RuleError::Pattern {
            pattern: wrong
                .cloned()
                .unwrap_or_else(|| "all of them together".to_owned()),
            error: Box::new(error),
        }
    })
}
