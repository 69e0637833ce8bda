//! A part of a message that says one thing.

use super::{
    cue::Cue,
    interpretation::{Intent, names},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

names!(
    /// The words that lead to an answer: "my name is …", "it was …".
    Lead {
        /// The writer names themselves.
        OwnName = "own_name",
        /// "Name's …": whose it is, the question says.
        Name = "name",
        /// The family name is told apart.
        Surname = "surname",
        /// Somebody else is named.
        OtherName = "other_name",
        /// How the writer can be reached.
        Reach = "reach",
        /// "It was", "it happened", "that is".
        Copula = "copula",
        /// The writer says what they are.
        OwnRole = "own_role",
    }
);

/// A part of a message that says one thing. Clauses do not overlap, and stand in the order of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a question that grammar answers by itself"
)]
pub struct Clause {
    /// First byte, in the text as it came.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Which sentence of the message it is part of, from 0.
    #[serde(skip_serializing_if = "is_zero")]
    pub sentence: u16,
    /// The words that lead to an answer, where it has any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lead: Option<Lead>,
    /// What is left without lead, hedge ("I think") and please: first byte, and one past the last.
    pub core: (usize, usize),
    /// What is left has a finite verb: it tells, and names nothing.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub finite: bool,
    /// It asks.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub question: bool,
    /// It asks about what is or will be, not about what happened: whoever reads it is asked.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub asks: bool,
    /// It speaks of what is over.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub past: bool,
    /// Goes on with what was said just before: "and …", "so that …".
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub goes_on: bool,
    /// It says what somebody looks like.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub looks: bool,
    /// It speaks of time, if only vaguely: "every night", "in the summer".
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub times: bool,
    /// What is left may be a name.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub name_like: bool,
    /// It says what the writer would like to happen.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub wishes: bool,
    /// Something else than telling that it is for: a visit to be booked, a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wants: Option<Intent>,
    /// Nothing in it but words that belong to every talk: yes, no, please, thanks, well.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub filler: bool,
    /// What it does in the talk.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub cues: BTreeSet<Cue>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
const fn is_zero(n: &u16) -> bool {
    *n == 0
}

impl Clause {
    /// Whether the clause does this.
    pub fn has(&self, cue: Cue) -> bool {
        self.cues.contains(&cue)
    }

    /// Its words, cut from the message.
    pub fn words<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.start..self.end).unwrap_or_default().trim()
    }

    /// Its words without the signs around them.
    pub fn said<'t>(&self, text: &'t str) -> &'t str {
        let blank = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '–' | '—' | '-' | '*');
        let words = text.get(self.start..self.end).unwrap_or_default();
        let bare = words.trim_start_matches(blank);
        let bare = bare.trim_end_matches(|c: char| blank(c) || c == '.');
        if bare.is_empty() { words } else { bare }
    }

    /// Its words without lead and hedge.
    pub fn core_words<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.core.0..self.core.1)
            .unwrap_or_default()
            .trim()
    }
}
