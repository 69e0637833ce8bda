//! What kind of complaint it is, as it is published.

use crate::domain::{
    Category, Domain,
    complaint::{Classification, Problem, Proposal, Stage},
};
use serde::Serialize;

/// What kind of complaint it is (HCAT).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = Classification)]
pub(super) struct PublishedClassification {
    /// The domain.
    domain: Option<Domain>,
    /// The category.
    category: Option<Category>,
    /// 0 to 3. A machine proposes where it is sure; a person confirms. 0 where neither has said anything.
    severity: u8,
    /// The things that went wrong, one by one, as a machine proposes them.
    problems: Vec<PublishedProblem>,
    /// `machine` until a person has confirmed or changed it.
    by: String,
    /// What the machine had proposed; left out until a person has confirmed or changed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    proposed: Option<Proposal>,
    /// HCAT's harm, 0 to 5: a person's judgement; left out where nobody has judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    harm: Option<u8>,
}

/// One of the things that went wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = Problem)]
struct PublishedProblem {
    /// The complainant's words for it, as they stand in the narrative.
    words: String,
    /// Its domain (HCAT).
    domain: Domain,
    /// Its category (HCAT).
    category: Category,
    /// 1 to 3, where a machine is sure enough of the category to propose it.
    severity: Option<u8>,
    /// At which stage of care; left out where nobody has said.
    #[serde(skip_serializing_if = "Option::is_none")]
    stage: Option<Stage>,
    /// Who confirmed or added it; left out where it is a machine's proposal.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    /// What a machine had proposed; left out until a person has confirmed or changed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    proposed: Option<Proposal>,
}

impl From<Problem> for PublishedProblem {
    fn from(from: Problem) -> Self {
        Self {
            words: from.words,
            domain: from.category.domain(),
            category: from.category,
            severity: from.severity,
            stage: from.stage,
            by: from.by,
            proposed: from.proposed,
        }
    }
}

impl From<Classification> for PublishedClassification {
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
