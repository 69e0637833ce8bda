//! The clock of whoever waits in the queue. It runs for everybody, whatever the hour and however they would like to
//! hear from us: where nobody is there it runs from the next opening on, and for danger at once. It runs again and
//! again until somebody takes over, each time for as long as was waited already.

use super::turn::Turn;
use crate::{
    domain::{
        Alert, LostSight, Status, Timestamp,
        conversation::{Priority, Waiting},
        event::TimerKind,
    },
    flow::Vars,
};

/// The longest time between two alerts of the same wait, in seconds.
const AGAIN_AT_MOST: i64 = 3600;

/// How soon whoever waits here should be taken over, in seconds.
fn target(turn: &Turn<'_>) -> i64 {
    let targets = &turn.context.targets;
    let waiting = turn.state.queue.as_ref().map(|entry| entry.waiting);
    if turn.state.red_flag.is_some() {
        targets.danger
    } else if waiting.is_none_or(|w| w == Waiting::Stay) {
        targets.others
    } else {
        targets.later.max(targets.others)
    }
}

/// From when on it is counted: from now on, or from the next opening on where nobody is at the desk. Danger waits for
/// no opening.
fn begins(turn: &Turn<'_>) -> Timestamp {
    let now = turn.now();
    if turn.state.red_flag.is_some() || turn.open_state().open {
        return now;
    }
    let team = turn.state.queue.as_ref().map(|entry| entry.team.as_str());
    let opens = turn.context.flows.facts.next_opening(team, now);
    opens.unwrap_or(now)
}

/// Sets the clock anew: a place in the queue was taken, or the way to wait was changed.
pub(super) fn set(turn: &mut Turn<'_>) {
    let due = begins(turn).plus_seconds(target(turn));
    turn.set_timer(TimerKind::PickupTarget, due);
}

/// How they would like to hear from us decides for how long their clock runs. One that has run out goes on as it is.
pub(super) fn waits_so(turn: &mut Turn<'_>, waiting: Waiting) {
    let Some(entry) = &mut turn.state.queue else {
        return;
    };
    let changed = std::mem::replace(&mut entry.waiting, waiting) != waiting;
    if changed && !entry.overdue {
        set(turn);
    }
}

/// Danger is told of: the clock is the shorter one from here on. Whoever tells of it again and again does not put
/// their own clock off by that.
pub(super) fn hasten(turn: &mut Turn<'_>) {
    let due = turn.now().plus_seconds(target(turn));
    let running = turn.state.timers.get(&TimerKind::PickupTarget).copied();
    if running.is_none_or(|known| known > due) {
        turn.set_timer(TimerKind::PickupTarget, due);
    }
}

/// It ran out: supervisors are told, and it begins again.
pub(super) fn overdue(turn: &mut Turn<'_>) {
    if turn.state.status != Status::Queued {
        return;
    }
    let now = turn.now();
    let target = target(turn);
    let from = begins(turn);
    let Some(entry) = turn.state.queue.as_mut() else {
        return;
    };
    entry.overdue = true;
    let waited = now.seconds_since(entry.entered.unwrap_or(entry.since));
    turn.alert(Alert::PickupMissed { waited });
    let again = waited.clamp(target, AGAIN_AT_MOST.max(target));
    turn.set_timer(TimerKind::PickupTarget, from.plus_seconds(again));
}

/// Somebody who waits was lost sight of: another team has them, or their clock runs again, and supervisors know. What
/// has come right by itself since it was looked at stays as it is.
pub(super) fn recovered(turn: &mut Turn<'_>, why: LostSight, team: Option<&str>) {
    if why == LostSight::NoClock {
        if runs_again(turn) {
            return;
        }
    } else if turn.state.queue.is_none() {
        // Whoever has taken them over sees them.
        return;
    }
    match turn.state.status {
        Status::Queued => {
            let moved = turn.state.queue.as_mut().zip(team);
            let from = moved.and_then(|(entry, team)| {
                let changes = entry.team != team;
                changes.then(|| std::mem::replace(&mut entry.team, team.to_owned()))
            });
            if team.is_some() && from.is_none() {
                return;
            }
            if let Some(from) = from {
                turn.note_with("note.recovered", Vars::from([("from", from.into())]));
            }
            // Nobody knows for how long they were not seen.
            if let Some(entry) = &mut turn.state.queue {
                entry.priority = entry.priority.max(Priority::Soon);
            }
            set(turn);
        }
        Status::Assigned if turn.state.owed.is_some() => super::owed::expect(turn),
        Status::Assigned | Status::Bot | Status::Resolved => return,
    }
    turn.alert(Alert::LostSight { why });
}

/// A clock whose time has not come yet is set as it stood. They have missed nothing by it: it was lost before its time,
/// or somebody has taken them over, or they have written, since it was looked at.
fn runs_again(turn: &mut Turn<'_>) -> bool {
    let clock = match turn.state.status {
        Status::Queued => TimerKind::PickupTarget,
        Status::Assigned => TimerKind::Unanswered,
        Status::Bot | Status::Resolved => return false,
    };
    let due = turn.state.timers.get(&clock).copied();
    let due = due.filter(|due| *due > turn.now());
    if let Some(due) = due {
        turn.set_timer(clock, due);
    }
    due.is_some()
}
