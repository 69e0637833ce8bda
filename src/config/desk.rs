//! Settings of the desk: how soon people should be taken over, and who gives out the work.

use super::Reader;
use crate::handoff::{DEFAULT_TARGETS, Targets};

pub(super) const NAMES: &[&str] = &[
    "pickup_seconds",
    "pickup_danger_seconds",
    "check_in_seconds",
    "unanswered_seconds",
    "pickup_later_seconds",
    "assignment",
    "digest_hour",
    "acknowledge_at_once",
];

/// From which hour on the day's digest of complaints is told.
pub(super) fn digest_hour(r: &mut Reader) -> u8 {
    r.number("digest_hour", 8, 0, 23) as u8
}

/// Who gives out the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assignment {
    /// Agents take whom they want.
    Pull,
    /// The desk gives whoever waits to an agent who is there and has room; agents may take, too.
    Push,
}

const DAY: u64 = 86_400;

pub(super) fn targets(r: &mut Reader) -> Targets {
    let default = DEFAULT_TARGETS;
    let mut seconds = |name, usual: i64, least| r.number(name, usual as u64, least, DAY) as i64;
    Targets {
        others: seconds("pickup_seconds", default.others, 1),
        danger: seconds("pickup_danger_seconds", default.danger, 1),
        check_in: seconds("check_in_seconds", default.check_in, 1),
        unanswered: seconds("unanswered_seconds", default.unanswered, 0),
        later: seconds("pickup_later_seconds", default.later, 1),
    }
}

pub(super) fn assignment(r: &mut Reader) -> Assignment {
    match r.text("assignment").as_deref() {
        None | Some("pull") => Assignment::Pull,
        Some("push") => Assignment::Push,
        Some(other) => {
            let mistake = format!("assignment: '{other}' is neither pull nor push");
            r.mistakes.push(mistake);
            Assignment::Pull
        }
    }
}
