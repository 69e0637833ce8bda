//! A scenario as it stands in its file.

use crate::{assist::Item, domain::RedFlag};
use serde::Deserialize;
use serde_saphyr::Spanned;
use std::collections::BTreeMap;

pub(super) type Wordings = Spanned<Vec<String>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScenarioFile {
    pub(super) id: Spanned<String>,
    pub(super) title: String,
    pub(super) level: Spanned<u8>,
    pub(super) language: Spanned<String>,
    pub(super) persona: String,
    #[serde(default)]
    pub(super) third_party: bool,
    pub(super) feelings: Spanned<Vec<Spanned<String>>>,
    pub(super) state: Spanned<FeelingsFile>,
    #[serde(default)]
    pub(super) skip: Vec<Item>,
    pub(super) opening: FactFile,
    pub(super) facts: Vec<FactFile>,
    pub(super) replies: Vec<SaidFile>,
    pub(super) thoughts: Vec<SaidFile>,
    #[serde(default)]
    pub(super) rules: Vec<RuleFile>,
    pub(super) leaves: EndFile,
    pub(super) solved: EndFile,
    pub(super) next: Spanned<String>,
    #[serde(default)]
    pub(super) safe: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) never: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FeelingsFile {
    pub(super) trust: u8,
    pub(super) anger: u8,
    pub(super) fear: u8,
    #[serde(default)]
    pub(super) danger: u8,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FactFile {
    #[serde(default)]
    pub(super) fact: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) trust: u8,
    #[serde(default)]
    pub(super) after: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) when: Option<Spanned<String>>,
    pub(super) says: Wordings,
    pub(super) takes_up: Spanned<Vec<String>>,
    pub(super) reflect: Spanned<String>,
    #[serde(default)]
    pub(super) ask: Option<String>,
    #[serde(default)]
    pub(super) danger: Option<RedFlag>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SaidFile {
    #[serde(default)]
    pub(super) when: Option<Spanned<String>>,
    pub(super) says: Wordings,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EndFile {
    pub(super) when: Spanned<String>,
    pub(super) says: Wordings,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleFile {
    pub(super) rule: Spanned<String>,
    pub(super) when: Spanned<String>,
    pub(super) moves: Spanned<BTreeMap<String, i8>>,
}

/// `flows/drills/rules.yaml`: what holds for every scenario that says nothing else.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RulesFile {
    pub(super) pass_mark: Spanned<f64>,
    pub(super) most_turns: Spanned<u8>,
    pub(super) tells: Spanned<String>,
    pub(super) rules: Vec<RuleFile>,
}
