//! How the desk stands at a moment.

use super::ids::AgentId;
use serde::{Deserialize, Serialize};
use std::{collections::HashSet, sync::Arc};

/// How the desk stands: what an honest answer about waiting is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeskStatus {
    /// Agents who are there and may take a conversation.
    pub online: u32,
    /// Whether the desk's hours say that it is open.
    pub open: bool,
    /// Seconds within which most people were lately taken over; none where there were too few to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usual_wait: Option<i64>,
    /// Whoever has the conversation, or is to have it, is not at the desk.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub holder_away: bool,
    /// The rungs of the ladder of contingencies that hold, by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rungs: Vec<String>,
    /// Agents who are not at the desk. Only what it means for one conversation is written into its events.
    #[serde(skip)]
    pub away: Arc<HashSet<AgentId>>,
}
