//! The things that a conversation may find out.

use super::signals::names;
use serde::{Deserialize, Serialize};

names!(
    /// One thing to find out.
    Slot {
        /// Who is writing.
        Relation = "relation",
        /// The story.
        WhatHappened = "what_happened",
        /// When it happened.
        IncidentWhen = "incident_when",
        /// Where it happened.
        IncidentWhere = "incident_where",
        /// Which staff.
        StaffInvolved = "staff_involved",
        /// Whom it happened to.
        AffectedPerson = "affected_person",
        /// The writer's name.
        ComplainantName = "complainant_name",
        /// How to reach the writer.
        ContactMethod = "contact_method",
        /// What should come of it.
        DesiredOutcome = "desired_outcome",
        /// Whether the affected person agrees that we talk to the writer.
        Consent = "consent",
        /// Anything not asked for.
        AnythingElse = "anything_else",
        /// When to ring.
        CallbackWhen = "callback_when",
        /// A complaint's reference.
        Reference = "reference",
    }
);

/// What was told for a slot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The person's words, or the value made of them.
    pub text: String,
    /// They were asked and would rather not say, or do not know.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub declined: bool,
}

impl Told {
    /// Told in these words.
    pub fn words(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            declined: false,
        }
    }

    /// Asked, and not told; in these words.
    pub fn declined(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            declined: true,
        }
    }
}
