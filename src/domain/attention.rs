//! What at the desk still wants somebody's eyes.

use super::{agent::AgentRef, interpretation::RedFlag, time::Timestamp};
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
