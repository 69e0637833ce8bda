//! The named actions by which a complaint's status moves. There is no other way.

use super::{complaint::ComplaintStatus, interpretation::names};
use ComplaintStatus::{Acknowledged, Closed, Investigating, Open, Responded, Withdrawn};
use serde::{Deserialize, Serialize};

names!(
    /// What is done about a complaint.
    ActionName {
        /// A named person has told the complainant that it is in hand.
        Acknowledge = "acknowledge",
        /// Somebody looks into it.
        Investigate = "investigate",
        /// It is answered.
        Respond = "respond",
        /// It is done.
        Close = "close",
        /// The complainant takes it back.
        Withdraw = "withdraw",
        /// It is taken up again.
        Reopen = "reopen",
        /// An action that was a slip is taken back.
        Correct = "correct",
    }
);

impl ActionName {
    /// The statuses that it may follow.
    pub const fn follows(self) -> &'static [ComplaintStatus] {
        match self {
            Self::Acknowledge => &[Open],
            Self::Investigate => &[Open, Acknowledged],
            Self::Respond => &[Open, Acknowledged, Investigating],
            Self::Close | Self::Withdraw => &[Open, Acknowledged, Investigating, Responded],
            Self::Reopen => &[Responded, Closed, Withdrawn],
            Self::Correct => &[Acknowledged, Investigating, Responded, Closed, Withdrawn],
        }
    }

    /// The action that leads to a status from one before it; none leads to `open` but a correction.
    pub const fn towards(status: ComplaintStatus) -> Self {
        match status {
            Open => Self::Correct,
            Acknowledged => Self::Acknowledge,
            Investigating => Self::Investigate,
            Responded => Self::Respond,
            Closed => Self::Close,
            Withdrawn => Self::Withdraw,
        }
    }
}

/// An action with what it needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComplaintAction {
    /// Which.
    pub name: ActionName,
    /// To which status a correction goes back.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub to: Option<ComplaintStatus>,
}

impl From<ActionName> for ComplaintAction {
    fn from(name: ActionName) -> Self {
        Self { name, to: None }
    }
}
