//! What is done in danger, from `flows/danger.yaml`.

use super::{FlowError, PhraseBook, Texts, language::Place};
use crate::domain::RedFlag;
use serde::Deserialize;
use serde_saphyr::{Location, Spanned};
use std::collections::BTreeMap;

const FILE: &str = "danger.yaml";

/// Whether a complaint is opened along with the alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Records {
    /// Whatever was written.
    Always,
    /// Where the message tells that something happened, or a complaint is open already.
    WhenTold,
}

/// How much the bot may ask once somebody is in danger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asks {
    /// A person is coming.
    Nothing,
    /// What a complaint asks, where something is complained of: a person is called all the same, and what they
    /// will need is on record when they come.
    Complaint,
}

/// What is done in one kind of danger.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DangerRule {
    /// The phrase that is said first.
    pub says: String,
    /// The phrase that is said instead where the words are about somebody else.
    #[serde(default)]
    pub says_of_another: Option<String>,
    /// Whose queue it heads.
    pub team: String,
    /// Whether it is put on record.
    pub record: Records,
    /// How much is asked afterwards.
    pub asks: Asks,
}

/// What is deliberately not taken for danger.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Missed {
    /// What.
    pub what: String,
    /// Why.
    pub why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    kinds: BTreeMap<String, Spanned<DangerRule>>,
    layers: Vec<String>,
    missed: Vec<Missed>,
}

/// The policy for danger.
#[derive(Clone, Debug)]
pub struct DangerPolicy {
    rules: BTreeMap<RedFlag, (DangerRule, Location)>,
    /// In which order danger is looked for, for people who read the policy.
    pub layers: Vec<String>,
    /// What is deliberately missed.
    pub missed: Vec<Missed>,
}

impl DangerPolicy {
    /// Reads `danger.yaml` and checks that every kind has its rule and its words.
    pub(super) fn load(texts: &Texts, phrases: &PhraseBook) -> Result<Self, Vec<FlowError>> {
        let file = FILE;
        let raw: Raw = texts.yaml(file).map_err(|e| vec![e])?;
        let mut errors = Vec::new();
        let mut rules = BTreeMap::new();
        for (name, rule) in raw.kinds {
            let Some(flag) = RedFlag::from_name(&name) else {
                let text = format!("'{name}' is no kind of danger");
                errors.push(FlowError::at(file, rule.referenced, text));
                continue;
            };
            let said = std::iter::once(&rule.value.says).chain(&rule.value.says_of_another);
            for phrase in said.filter(|p| !phrases.has(p)) {
                let text = format!("'{name}': there is no phrase '{phrase}'");
                errors.push(FlowError::at(file, rule.referenced, text));
            }
            rules.insert(flag, (rule.value, rule.referenced));
        }
        for flag in RedFlag::ALL.iter().filter(|f| !rules.contains_key(f)) {
            let text = format!("there is no rule for '{}'", flag.name());
            errors.push(FlowError::whole(file, text));
        }
        if errors.is_empty() {
            Ok(Self {
                rules,
                layers: raw.layers,
                missed: raw.missed,
            })
        } else {
            Err(errors)
        }
    }

    /// What is done in this kind of danger. Loading made sure that there is one.
    pub fn rule(&self, flag: RedFlag) -> &DangerRule {
        &self.rules[&flag].0
    }

    /// The teams that are named here, each with its place.
    pub(super) fn teams(&self) -> impl Iterator<Item = (&str, Place)> {
        self.rules.values().map(|(rule, at)| {
            let file = FILE.to_owned();
            (rule.team.as_str(), Place { file, at: *at })
        })
    }
}
