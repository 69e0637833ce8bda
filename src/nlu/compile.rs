//! Patterns as they are written in the language packs, compiled; and what can be wrong with them.

use regex::Regex;
use std::collections::BTreeMap;

/// The rules could not be compiled. They are built in, so this is a fault of the program.
#[derive(Debug, thiserror::Error)]
pub enum RuleError {
    /// The data file does not have the shape of rules.
    #[error("the rules of reading cannot be read: {0}")]
    Shape(String),
    /// A pattern is wrong.
    #[error("rule of reading {pattern}: {error}")]
    Pattern {
        /// Which.
        pattern: String,
        /// Why.
        error: Box<regex::Error>,
    },
    /// A label that nobody knows.
    #[error("the rules of reading name the unknown label '{0}'")]
    Label(String),
}

/// Puts the word lists in the place of their names.
pub(super) fn spell_out(pattern: &str, words: &BTreeMap<String, String>) -> String {
    words.iter().fold(pattern.to_owned(), |p, (name, list)| {
        p.replace(&format!("<{name}>"), list)
    })
}

pub(super) fn compile(pattern: &str) -> Result<Regex, RuleError> {
    Regex::new(pattern).map_err(|error| pattern_error(pattern, error))
}

pub(super) fn pattern_error(pattern: &str, error: regex::Error) -> RuleError {
    RuleError::Pattern {
        pattern: pattern.to_owned(),
        error: Box::new(error),
    }
}

/// Compiles a pattern of this program's own.
pub(super) fn own(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the program's own patterns are tested")
}
