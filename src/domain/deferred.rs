//! What an agent has asked for and may still take back.

use super::{agent::AgentRef, time::Timestamp};
use serde::{Deserialize, Serialize};

/// Where a conversation is handed on to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransferTarget {
    /// To a colleague.
    Agent(AgentRef),
    /// To a team's queue.
    Team(String),
}

impl TransferTarget {
    /// The colleague's or the team's name.
    pub fn name(&self) -> &str {
        match self {
            Self::Agent(agent) => &agent.name,
            Self::Team(team) => team,
        }
    }
}

/// What can be deferred: the acts of which the person is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum DeferredAct {
    /// To hand the conversation on.
    Transfer {
        /// To whom.
        to: TransferTarget,
        /// What whoever takes over should know.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        reason: Option<String>,
    },
    /// To give it back to the queue.
    Release,
    /// To mark it as done.
    Resolve,
}

impl DeferredAct {
    /// The public name, that of the API's call.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Transfer { .. } => "transfer",
            Self::Release => "release",
            Self::Resolve => "resolve",
        }
    }
}

/// An act that is carried out when its time has come, unless somebody takes it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deferred {
    /// Who asked for it.
    pub agent: AgentRef,
    /// What.
    #[serde(flatten)]
    pub act: DeferredAct,
    /// When it is carried out.
    pub due: Timestamp,
}
