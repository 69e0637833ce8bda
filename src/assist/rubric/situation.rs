//! What a reply answers.

use super::{Item, Stems};
use crate::domain::RedFlag;
use regex::Regex;

/// The conversation that a reply belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// ISO 639-1 code.
    pub language: &'a str,
    /// What the person said, in order.
    pub said: &'a [String],
    /// What they were answered before.
    pub earlier: &'a [String],
    /// The families of feelings that fit.
    pub feelings: &'a [String],
    /// Of each thing that they brought up so far: the words that take it up, and whether that was done before.
    pub points: &'a [(Stems, bool)],
    /// What they may be in, where it was told and not answered yet.
    pub danger: Option<RedFlag>,
    /// Whether it is about somebody else, to whose care nothing may be confirmed.
    pub third_party: bool,
    /// What must never be said here, beside what may be said nowhere.
    pub never: &'a [Regex],
    /// What is not judged here.
    pub skipped: &'a [Item],
    /// How long the reply took, where that is known.
    pub seconds: Option<u32>,
}
