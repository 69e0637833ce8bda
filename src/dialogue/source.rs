//! Where an answer is looked for, and what is asked of its parts.

use crate::{domain::interpretation::Clause, flow::Ask};

/// Where an answer is looked for.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    /// The message.
    pub(crate) text: &'a str,
    /// What was read in it.
    pub(crate) said: &'a crate::domain::Interpretation,
    /// How things stand.
    pub(crate) state: &'a crate::domain::Conversation,
    /// What was asked, where something was.
    pub(crate) ask: Option<&'a Ask>,
}

/// Whether a stretch lies in a clause.
pub(crate) const fn inside(clause: &Clause, start: usize) -> bool {
    clause.start <= start && start < clause.end
}

pub(crate) fn count(words: &str) -> usize {
    words.split_whitespace().count()
}
