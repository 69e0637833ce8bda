//! How the desk is doing as a whole: what the ladder of contingencies is decided by.

use serde::{Deserialize, Serialize};

/// Facts of the queue, the desk and the lines at a moment. No words, and nobody's name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct QueueFacts {
    /// Seconds that whoever stays in the chat has waited, the longest.
    pub waited: i64,
    /// People in the queue.
    pub waiting: i64,
    /// Agents at the desk.
    pub online: i64,
    /// Agents who may sign in and are not at the desk.
    pub absent: i64,
    /// Whether the desk's hours say that it is open.
    pub open: bool,
    /// Whether the day is a holiday of the complaint profile.
    pub holiday: bool,
    /// Inboxes whose lines are down.
    pub down: Vec<String>,
    /// Whether the outside model for suggestions does not answer.
    pub model_down: bool,
}
