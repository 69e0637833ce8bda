//! A complaint that was made in one conversation and is carried on in another, by whoever proves that it is
//! theirs.

use super::{
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

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
const fn is_zero(n: &u8) -> bool {
    *n == 0
}
