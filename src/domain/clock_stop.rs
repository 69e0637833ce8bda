//! What stops a clock, and how it is put off.

use super::{
    case::Case,
    interpretation::names,
    time::{Timestamp, as_rfc3339},
};
use serde::{Deserialize, Serialize};

names!(
    /// What a clock runs for.
    ClockStop {
        /// That the complaint is acknowledged.
        Acknowledged = "acknowledged",
        /// That somebody looks into it.
        Investigated = "investigated",
        /// That it is answered.
        Responded = "responded",
        /// That it is closed.
        Closed = "closed",
    }
);

impl ClockStop {
    /// What a clock of that name runs for, where its profile says nothing.
    pub fn usual(name: &str) -> Self {
        if name == "acknowledge" {
            Self::Acknowledged
        } else {
            Self::Responded
        }
    }

    /// When that was done. What is closed or withdrawn waits for nothing.
    pub fn done(self, case: &Case) -> Option<Timestamp> {
        let done = match self {
            Self::Acknowledged => case.acknowledged_at,
            Self::Investigated => case.investigated_at.or(case.responded_at),
            Self::Responded => case.responded_at,
            Self::Closed => None,
        };
        done.or(case.closed_at)
    }
}

/// How a clock was put off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Extension {
    /// When it would have run out.
    #[serde(with = "as_rfc3339")]
    #[schema(value_type = String)]
    pub from: Timestamp,
    /// When it runs out instead.
    #[serde(with = "as_rfc3339")]
    #[schema(value_type = String)]
    pub to: Timestamp,
    /// Why.
    pub why: String,
    /// Who did it.
    pub by: String,
    /// When.
    #[serde(with = "as_rfc3339")]
    #[schema(value_type = String)]
    pub at: Timestamp,
}

names!(
    /// What is done with a clock.
    ClockAct {
        /// A clock that does not run by itself is started.
        Start = "start",
        /// It runs out later.
        Extend = "extend",
        /// It stands still.
        Pause = "pause",
        /// It runs on, later by as long as it stood.
        Resume = "resume",
    }
);

/// A change of one clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockChange {
    /// Which clock.
    pub clock: String,
    /// What is done.
    pub act: ClockAct,
    /// Until when it is extended.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub until: Option<Timestamp>,
}
