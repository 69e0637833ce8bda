//! A scenario as it is played: checked and compiled.

use crate::{
    assist::{Item, Stems},
    domain::RedFlag,
};
use regex::Regex;
use serde::{Deserialize, Serialize};

/// What the person feels, each from 0 to 10.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Feelings {
    /// How far they trust who they talk to; what they tell depends on it.
    pub trust: u8,
    /// How angry they are.
    pub anger: u8,
    /// How afraid they are.
    pub fear: u8,
    /// How much danger they are in, as far as they have let show.
    pub danger: u8,
}

/// A made-up person, what they know, and what moves them.
#[derive(Debug)]
pub struct Scenario {
    /// The file's name, without its ending.
    pub id: String,
    /// What a trainer reads in the list.
    pub title: String,
    /// 1 or 2.
    pub level: u8,
    /// ISO 639-1 code.
    pub language: String,
    /// Who it is.
    pub persona: String,
    pub(super) third_party: bool,
    pub(super) feelings: Vec<String>,
    pub(super) start: Feelings,
    pub(super) skip: Vec<Item>,
    /// The opening first.
    pub(super) facts: Vec<Fact>,
    pub(super) replies: Vec<Said>,
    pub(super) thoughts: Vec<Said>,
    pub(super) rules: Vec<Rule>,
    pub(super) leaves: Said,
    pub(super) solved: Said,
    pub(super) next: String,
    pub(super) safe: String,
    pub(super) never: Vec<Regex>,
}

#[derive(Debug)]
pub(super) struct Fact {
    pub(super) name: String,
    pub(super) trust: u8,
    pub(super) after: Vec<String>,
    pub(super) when: Option<String>,
    pub(super) says: Vec<String>,
    pub(super) takes_up: Stems,
    pub(super) reflect: String,
    pub(super) ask: Option<String>,
    pub(super) danger: Option<RedFlag>,
}

/// Wordings for when a condition holds.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) when: Option<String>,
    pub(super) says: Vec<String>,
}

/// What moves the person, by its name.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) name: String,
    pub(super) when: String,
    pub(super) trust: i8,
    pub(super) anger: i8,
    pub(super) fear: i8,
    pub(super) danger: i8,
}

/// The name of the opening among the facts.
pub(super) const OPENING: &str = "opening";

impl Feelings {
    pub(super) fn moved(self, rule: &Rule) -> Self {
        let add = |value: u8, by: i8| value.saturating_add_signed(by).min(10);
        Self {
            trust: add(self.trust, rule.trust),
            anger: add(self.anger, rule.anger),
            fear: add(self.fear, rule.fear),
            danger: add(self.danger, rule.danger),
        }
    }
}
