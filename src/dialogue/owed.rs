//! The answer that whoever has a conversation owes to the person, and its clock.

use super::turn::Turn;
use crate::{
    domain::{
        Intent, Owed, Status, Timestamp,
        conversation::Waiting,
        event::{Inbound, TimerKind},
    },
    handoff::DEFAULT_TARGETS,
};

/// Where somebody may be in danger, an answer is awaited within so many seconds.
const ANSWERED_IN_DANGER: i64 = 300;
/// What is put off until the person writes, although they wait for an answer, comes back after so many seconds.
const PUT_OFF_AT_MOST: i64 = 86_400;

/// Within how many seconds an answer is awaited.
pub(super) fn within(turn: &Turn<'_>) -> i64 {
    let targets = &turn.context.targets;
    let usual = match targets.unanswered {
        0 => DEFAULT_TARGETS.unanswered,
        set => set,
    };
    let waits = turn.state.owed.as_ref().map(|owed| owed.waiting);
    if turn.state.red_flag.is_some() {
        usual.min(ANSWERED_IN_DANGER)
    } else if turn.state.is_by_letter() || waits.is_some_and(|w| w != Waiting::Stay) {
        targets.later.max(usual)
    } else {
        usual
    }
}

/// An answer is owed from now on, to somebody who waits so.
pub(super) fn begin(turn: &mut Turn<'_>, waiting: Waiting) {
    let since = turn.now();
    turn.state.owed = Some(Owed { since, waiting });
    expect(turn);
}

/// The clock is set.
pub(super) fn expect(turn: &mut Turn<'_>) {
    let due = turn.now().plus_seconds(within(turn));
    turn.set_timer(TimerKind::Unanswered, due);
}

/// None is owed any more.
pub(super) fn settle(turn: &mut Turn<'_>) {
    turn.state.owed = None;
    turn.cancel_timer(TimerKind::Unanswered);
}

/// The person wrote to whoever has the conversation. A word of thanks wants no answer.
pub(super) fn written(turn: &mut Turn<'_>, inbound: &Inbound) {
    let intent = inbound.signals.intent;
    if turn.state.status != Status::Assigned {
        return;
    }
    let asks = !matches!(intent, Intent::Thanks | Intent::Goodbye);
    match &mut turn.state.owed {
        // They are here now, and no longer wait for a call.
        Some(owed) => owed.waiting = Waiting::Stay,
        None if asks => {
            let (since, waiting) = (turn.event.at, Waiting::Stay);
            turn.state.owed = Some(Owed { since, waiting });
        }
        None => return,
    }
    let due = turn.now().plus_seconds(within(turn));
    let running = turn.state.timers.get(&TimerKind::Unanswered).copied();
    if running.is_none_or(|known| known > due) {
        turn.set_timer(TimerKind::Unanswered, due);
    }
}

/// It is put off: the clock waits as long, and no longer than a day where no time is named.
pub(super) fn put_off(turn: &mut Turn<'_>, until: Option<Timestamp>) {
    turn.cancel_timer(TimerKind::Unanswered);
    if turn.state.owed.is_none() {
        return;
    }
    let back = until.unwrap_or_else(|| turn.now().plus_seconds(PUT_OFF_AT_MOST));
    let due = back.plus_seconds(within(turn));
    turn.set_timer(TimerKind::Unanswered, due);
}
