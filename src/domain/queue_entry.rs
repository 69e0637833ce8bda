//! A place in the queue.

use super::{interpretation::names, time::Timestamp};
use serde::{Deserialize, Serialize};

names!(
    /// How pressing it is.
    Priority {
        /// In turn.
        Routine = "routine",
        /// Before routine.
        Soon = "soon",
        /// Before soon.
        Urgent = "urgent",
        /// Danger to somebody.
        Emergency = "emergency",
    }
);
names!(
    /// How somebody who waits would like to hear from us.
    Waiting {
        /// Stays in the chat.
        Stay = "stay",
        /// Would like to be messaged here later.
        Later = "later",
        /// Would like to be rung.
        Callback = "callback",
    }
);

/// A place in the queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueEntry {
    /// Since when a person is awaited, counted from the first handover: being handed on, or given back, does not begin
    /// the wait anew.
    pub since: Timestamp,
    /// Since when it stands here this time, where that is not the same.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub entered: Option<Timestamp>,
    /// How pressing.
    pub priority: Priority,
    /// For which team.
    pub team: String,
    /// Why a person is wanted: the name of a reason, worded by the phrase book.
    pub reason: String,
    /// How they would like to hear from us.
    pub waiting: Waiting,
    /// How often the bot has asked after them.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub check_ins: u8,
    /// The pick-up target has passed, and supervisors were told.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub overdue: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
pub(super) const fn is_zero(n: &u8) -> bool {
    *n == 0
}
