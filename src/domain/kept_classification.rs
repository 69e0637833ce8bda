//! What kind of complaint it is, in the shape in which it is kept.

use super::{
    complaint::{Classification, Problem, Proposal, Stage},
    interpretation::{Category, Domain},
};
use serde::{Deserialize, Serialize};

/// What kind of complaint it is (HCAT).
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct KeptClassification {
    domain: Option<Domain>,
    category: Option<Category>,
    severity: u8,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    problems: Vec<KeptProblem>,
    by: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    proposed: Option<Proposal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    harm: Option<u8>,
}

/// One of the things that went wrong.
#[derive(Debug, Serialize, Deserialize)]
struct KeptProblem {
    words: String,
    category: Category,
    severity: Option<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stage: Option<Stage>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    proposed: Option<Proposal>,
}

impl From<Problem> for KeptProblem {
    fn from(from: Problem) -> Self {
        Self {
            words: from.words,
            category: from.category,
            severity: from.severity,
            stage: from.stage,
            by: from.by,
            proposed: from.proposed,
        }
    }
}

impl From<KeptProblem> for Problem {
    fn from(from: KeptProblem) -> Self {
        Self {
            words: from.words,
            category: from.category,
            severity: from.severity,
            stage: from.stage,
            by: from.by,
            proposed: from.proposed,
        }
    }
}

impl From<Classification> for KeptClassification {
    fn from(from: Classification) -> Self {
        Self {
            domain: from.domain,
            category: from.category,
            severity: from.severity,
            problems: from.problems.into_iter().map(Into::into).collect(),
            by: from.by,
            proposed: from.proposed,
            harm: from.harm,
        }
    }
}

impl From<KeptClassification> for Classification {
    fn from(from: KeptClassification) -> Self {
        Self {
            domain: from.domain,
            category: from.category,
            severity: from.severity,
            problems: from.problems.into_iter().map(Into::into).collect(),
            by: from.by,
            proposed: from.proposed,
            harm: from.harm,
        }
    }
}
