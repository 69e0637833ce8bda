//! By whom and by which rules a record is changed, and why a change is refused.

use super::profile::Profile;
use crate::domain::{ActionName, AgentRef, ComplaintStatus, Timestamp};

/// Why a change is refused.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmendError {
    /// Severity is 0 to 3.
    #[error("severity is 0, 1, 2 or 3 (HCAT)")]
    Severity,
    /// Harm is 0 to 5.
    #[error("harm is 0 (none) to 5 (HCAT)")]
    Harm,
    /// The action may not follow the status.
    #[error("a complaint that is {} cannot be moved by '{}': {}", from.name(), action.name(), instead(*from))]
    Step {
        /// Which action.
        action: ActionName,
        /// How far the complaint is.
        from: ComplaintStatus,
    },
    /// The action needs a reason.
    #[error("'{}' needs a reason here: say it in 'why'", .0.name())]
    Unexplained(ActionName),
    /// That cannot be done with the clock.
    #[error("the clock '{0}' {1}")]
    Clock(String, String),
    /// The role is not enough.
    #[error("a protected complaint is closed by a supervisor or somebody above")]
    Role,
}

impl AmendError {
    /// Whether the record stands against it, rather than the value being wrong.
    pub const fn is_conflict(&self) -> bool {
        !matches!(self, Self::Severity | Self::Harm)
    }

    /// The field at fault.
    pub const fn field(&self) -> &'static str {
        match self {
            Self::Severity => "severity",
            Self::Harm => "harm",
            Self::Step { .. } | Self::Role => "status",
            Self::Unexplained(_) => "why",
            Self::Clock(..) => "clock",
        }
    }
}

/// What may follow a status instead.
fn instead(from: ComplaintStatus) -> String {
    let fits = |a: &&ActionName| a.follows().contains(&from);
    let names: Vec<&str> = (ActionName::ALL.iter().filter(fits))
        .map(|a| a.name())
        .collect();
    format!("what may follow is {}", names.join(", "))
}

/// When and by whom a record is changed, and the rules of its clocks.
#[derive(Clone, Copy, Debug)]
pub struct Amending<'a> {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: &'a AgentRef,
    /// The complaint rules.
    pub profile: &'a Profile,
}
