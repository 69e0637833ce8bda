//! temporary
use super::{Pressing, Team};
use crate::domain::interpretation::names;
use serde::{Deserialize, Serialize};
names!(
    /// Occasions.
    Occasion {
        /// a
        SpeakToHuman = "speak_to_human",
        /// a
        NotUnderstood = "not_understood",
        /// a
        OtherLanguage = "language",
        /// a
        Friction = "friction",
        /// a
        Withdraw = "withdraw",
        /// a
        GivenUp = "given_up",
        /// a
        Forget = "forget",
        /// a
        PromiseDue = "promise_due",
        /// a
        Released = "released",
        /// a
        Transfer = "transfer",
        /// a
        HolderAway = "holder_away",
        /// a
        Unclear = "unclear",
    }
);
/// a
#[derive(Clone, Debug)]
pub struct Handoff {
    /// a
    pub team: Team,
    /// a
    pub reason: String,
}
/// a
#[derive(Debug, Default)]
pub struct DeskBook;
impl DeskBook {
    /// a
    pub fn handoff(&self, o: Occasion) -> Handoff {
        let team = match o {
            Occasion::Withdraw | Occasion::GivenUp | Occasion::PromiseDue => "complaints team",
            _ => "front desk",
        };
        Handoff {
            team: Team {
                team: team.to_owned(),
                priority: Pressing::Routine,
            },
            reason: o.name().to_owned(),
        }
    }
}
