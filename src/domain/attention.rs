//! What at the desk still wants somebody's eyes.

use super::{
    agent::AgentRef,
    interpretation::{RedFlag, names},
    queue_entry::Waiting,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// Danger of which the person told, and to which nobody at the desk has done anything since: it calls for everybody,
/// whoever has the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unheard {
    /// Which danger.
    pub red_flag: RedFlag,
    /// Since when.
    pub since: Timestamp,
}

/// A colleague handed the conversation over, and whoever has it now has not written yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handed {
    /// Who handed it over.
    pub by: AgentRef,
    /// When.
    pub at: Timestamp,
}

/// An answer that whoever has the conversation owes to the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owed {
    /// Since when.
    pub since: Timestamp,
    /// How they wait for it.
    pub waiting: Waiting,
}

names!(
    /// How somebody who waits was lost sight of.
    LostSight {
        /// Nobody who may sign in works for the team.
        NoMember = "no_member",
        /// Nobody who works for the team may see the conversation.
        NoSight = "no_sight",
        /// No clock ran.
        NoClock = "no_clock",
    }
);
