//! A conversation that is put off.

use super::{agent::AgentRef, time::Timestamp};
use serde::{Deserialize, Serialize};

/// Until when a conversation is put off. It comes back when the person writes, whatever the time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snooze {
    /// Who put it off.
    pub agent: AgentRef,
    /// Until when; none: until the person writes.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub until: Option<Timestamp>,
}
