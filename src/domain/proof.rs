//! What a claim to a complaint of another conversation came to.

use super::{claim::Linked, complaint::Complaint, conversation::QueueEntry, time::Timestamp};
use serde::{Deserialize, Serialize};

/// What a claim came to, weighed before the decision, under the lock of all writers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// Wrong details were given too often today, by whomever: nothing is compared any more.
    Spent,
    /// The detail does not prove it. The same where there is no such complaint, and where it has nothing to
    /// prove it by.
    Wrong {
        /// It was the last try of the day.
        last: bool,
    },
    /// It is theirs.
    Right(Box<Proven>),
}

/// The complaint of which somebody has proven that it is theirs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proven {
    /// The record as it stands.
    pub complaint: Complaint,
    /// The conversations in which they wrote about it so far, without this one.
    pub earlier: Vec<Linked>,
    /// Their place in the queue there, where they have one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub queue: Option<QueueEntry>,
    /// When a named person was promised there by, while that clock runs.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub promised: Option<Timestamp>,
}
