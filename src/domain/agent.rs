//! The people behind the desk.

use super::ids::AgentId;
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// What somebody at the desk may do; each role may do all that those before it may.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Takes conversations and works on complaints.
    Agent,
    /// Also sees alerts, and may take a conversation out of somebody's hands.
    Supervisor,
    /// Also manages accounts.
    Admin,
}

impl Role {
    /// The public name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Supervisor => "supervisor",
            Self::Admin => "admin",
        }
    }
}

impl FromStr for Role {
    type Err = String;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        match s {
            "agent" => Ok(Self::Agent),
            "supervisor" => Ok(Self::Supervisor),
            "admin" => Ok(Self::Admin),
            other => Err(format!(
                "role '{other}' is none of agent, supervisor, admin"
            )),
        }
    }
}

/// An agent as conversations remember them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentRef {
    /// Who.
    pub id: AgentId,
    /// The full name, for colleagues.
    pub name: String,
    /// Whether they may act on a conversation that someone else has.
    pub role: Role,
}

impl AgentRef {
    /// What the person who writes is told: a first name, nothing more.
    pub fn first_name(&self) -> &str {
        self.name.split_whitespace().next().unwrap_or(&self.name)
    }
}
