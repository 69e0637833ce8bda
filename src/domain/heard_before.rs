//! Messages that are remembered until it is clear what they are.

use super::{ids::MessageId, slot::Slot, time::Timestamp};
use serde::{Deserialize, Serialize};

/// A message that waits to be placed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Which.
    pub message: MessageId,
    /// Its words.
    pub text: String,
    /// When it came.
    pub at: Timestamp,
}

/// The trace of a message by which the same words are known again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastText {
    /// A hash of the words.
    pub hash: u64,
    /// What had been asked then.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub awaiting: Option<Slot>,
    /// When they came.
    pub at: Timestamp,
}
