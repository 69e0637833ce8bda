//! What else there is of the same person: conversations by other channels, and other complaints.

use crate::domain::{Category, Complaint, ComplaintStatus, Linked};
use serde::Serialize;
use utoipa::ToSchema;

/// Another conversation of the same person, as they have proven.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LinkedOut {
    /// Its id.
    conversation: String,
    /// Which inbox.
    inbox: String,
    /// The complaint by which it was proven.
    reference: String,
    /// Since when, RFC 3339.
    since: String,
}

impl LinkedOut {
    pub(super) fn of(linked: &Linked) -> Self {
        Self {
            conversation: linked.conversation.to_string(),
            inbox: linked.inbox.clone(),
            reference: linked.reference.to_string(),
            since: linked.at.rfc3339(),
        }
    }
}

/// Another complaint of the same person.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EarlierOut {
    /// Its reference.
    reference: String,
    /// The conversation it was told in.
    conversation: String,
    /// When it came in, RFC 3339.
    received_at: String,
    /// How far it has come.
    status: ComplaintStatus,
    /// What kind it is.
    category: Option<Category>,
}

impl EarlierOut {
    pub(super) fn of(complaint: &Complaint) -> Self {
        Self {
            reference: complaint.reference.to_string(),
            conversation: complaint.conversation.to_string(),
            received_at: complaint.received_at.rfc3339(),
            status: complaint.status,
            category: complaint.classification.category,
        }
    }
}
