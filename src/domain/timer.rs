//! What is waited for.

use super::interpretation::names;
use serde::{Deserialize, Serialize};

names!(
    /// What a timer is for. A conversation has at most one of each.
    TimerKind {
        /// To ask after somebody who waits.
        CheckIn = "check_in",
        /// The time by which somebody should have been taken over.
        PickupTarget = "pickup_target",
        /// To ask after somebody who fell silent in the middle of something.
        Silence = "silence",
        /// The time by which a named person was promised.
        PromiseDue = "promise_due",
        /// The end of the time in which an agent may take back what they asked for.
        UndoWindow = "undo_window",
        /// The time within which whoever has taken a conversation should have answered.
        Unanswered = "unanswered",
        /// The time after which whoever closed the page while they waited has given up.
        Abandoned = "abandoned",
        /// The time until which a conversation is put off.
        Snooze = "snooze",
    }
);
