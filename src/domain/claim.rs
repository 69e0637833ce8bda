//! A complaint that was made in one conversation and is carried on in another, by whoever proves that it is
//! theirs.

use super::{
    complaint::Complaint,
    conversation::QueueEntry,
    ids::ConversationId,
    reference::Reference,
    time::{Timestamp, as_rfc3339},
};
use serde::{Deserialize, Serialize};

/// Somebody says that a complaint is theirs, or has looked one up and may say so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Which complaint.
    pub reference: Reference,
    /// How often they were asked for a detail that proves it; 0 where they have only looked it up.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub asked: u8,
}

/// Another conversation of the same person, as they have proven.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linked {
    /// Which.
    pub conversation: ConversationId,
    /// By which inbox.
    pub inbox: String,
    /// The complaint by which it was proven.
    pub reference: Reference,
    /// Since when.
    #[serde(with = "as_rfc3339")]
    pub at: Timestamp,
}

impl Linked {
    /// So many are kept, the latest: a person has no more places to write from.
    pub const MOST: usize = 8;
}

/// A record to which several conversations add: each adds to it what it is told, and none rewrites it whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    /// The complaint.
    pub reference: Reference,
    /// Fingerprint of the record as this conversation left it: where it is another by now, the next event
    /// brings the record along, so that the log of this conversation alone replays.
    pub record: u64,
}

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

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
const fn is_zero(n: &u8) -> bool {
    *n == 0
}
