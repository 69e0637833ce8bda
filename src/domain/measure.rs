//! How long people really waited for us.

use super::{
    interpretation::{Emotion, names},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

names!(
    /// What is measured.
    Milestone {
        /// From somebody's first message to the first answer, which is the assistant's.
        FirstReply = "first_reply",
        /// From when a person was awaited to when one took over.
        PickUp = "pick_up",
        /// From when a person was first awaited to a person's first words.
        FirstHumanReply = "first_human_reply",
        /// From when a person was first awaited to when it was done.
        Resolution = "resolution",
        /// From when a person was awaited to when somebody closed the page without one, and stayed away.
        Abandoned = "abandoned",
        /// From when it was done to when the same person wrote again, within a week.
        Recontact = "recontact",
    }
);

/// One wait that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    /// For what.
    pub what: Milestone,
    /// How long, in whole seconds.
    pub seconds: i64,
    /// For which team, where one was waited for.
    pub team: Option<String>,
    /// The strongest feeling of late.
    pub emotion: Emotion,
    /// Whether we care for the person; none where they have not said what they are to us.
    pub customer: Option<bool>,
}

/// What people at the desk are at work on: from the handover until it is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matter {
    /// Since when a person is awaited or at work.
    pub since: Timestamp,
    /// The team that was waited for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub team: Option<String>,
    /// A person has answered.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub replied: bool,
}
