//! Who is taken over first, why, and how long it usually takes.

mod assign;
mod estimate;
mod order;

pub use assign::{Candidate, choose};
pub use estimate::usual_wait;
pub use order::{Place, order, why};

use crate::domain::{Emotion, RedFlag, conversation::Priority};

/// Seconds within which somebody in danger should be taken over, and everybody else.
pub const DEFAULT_TARGETS: Targets = Targets {
    danger: 30,
    others: 120,
    check_in: 240,
    unanswered: 900,
    later: 14_400,
};

/// The pick-up times that the desk sets itself, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Targets {
    /// Where somebody is in danger.
    pub danger: i64,
    /// Everybody else.
    pub others: i64,
    /// After how long the bot asks after somebody who waits.
    pub check_in: i64,
    /// After how long a conversation that somebody took and did not answer waits for another; 0: never.
    pub unanswered: i64,
    /// Whoever does not wait in the chat: for a message later, a call, or the answer to a letter.
    pub later: i64,
}

/// How often somebody who waits is asked after, at most.
pub const CHECK_INS: u8 = 2;

/// How pressing a conversation is when it joins the queue.
pub const fn priority(
    red_flag: Option<RedFlag>,
    complaint: Option<Priority>,
    emotion: Emotion,
    intensity: u8,
) -> Priority {
    match (red_flag, complaint) {
        (Some(_), _) => Priority::Emergency,
        (None, Some(Priority::Emergency | Priority::Urgent)) => Priority::Urgent,
        (None, Some(Priority::Soon)) => Priority::Soon,
        (None, _)
            if intensity >= 80
                && matches!(emotion, Emotion::Upset | Emotion::Sad | Emotion::Anxious) =>
        {
            Priority::Soon
        }
        _ => Priority::Routine,
    }
}
