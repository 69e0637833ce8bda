//! What is put right, as a value.

use super::acts::DialogueAct;

/// An act, and the clauses that it takes.
#[derive(Debug)]
pub(crate) struct Correction {
    pub(crate) act: DialogueAct,
    pub(crate) clauses: Vec<usize>,
}
