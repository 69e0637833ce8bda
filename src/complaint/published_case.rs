//! What the desk added to a record, as it is published.

use crate::domain::{Case, Conclusion, Timestamp, complaint::Reference, time::as_rfc3339};
use serde::Serialize;

/// The desk's part of a record. Its fields stand in the record itself; what has not happened is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(super) struct PublishedCase {
    /// When it was acknowledged.
    #[serde(with = "as_rfc3339::option", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    acknowledged_at: Option<Timestamp>,
    /// When it was answered.
    #[serde(with = "as_rfc3339::option", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    responded_at: Option<Timestamp>,
    /// When it was closed or withdrawn.
    #[serde(with = "as_rfc3339::option", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    closed_at: Option<Timestamp>,
    /// What the investigation came to.
    #[serde(skip_serializing_if = "Option::is_none")]
    conclusion: Option<Conclusion>,
    /// When everything that was said in it was erased; left out where nothing was.
    #[serde(with = "as_rfc3339::option", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    erased_at: Option<Timestamp>,
    /// Why it must not be erased; left out where it may be.
    #[serde(skip_serializing_if = "Option::is_none")]
    legal_hold: Option<String>,
    /// It is seen by certain roles only, and never by anybody whom it is about; left out where it is not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    protected: bool,
    /// Complaints that a person has said belong to it; left out where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>)]
    linked: Vec<Reference>,
}

impl From<Case> for PublishedCase {
    fn from(from: Case) -> Self {
        Self {
            acknowledged_at: from.acknowledged_at,
            responded_at: from.responded_at,
            closed_at: from.closed_at,
            conclusion: from.conclusion,
            erased_at: from.erased_at,
            legal_hold: from.legal_hold,
            protected: from.protected,
            linked: from.linked,
        }
    }
}
