//! Which waits end in a turn, and how long they were.

use super::turn::Turn;
use crate::domain::{
    Effect, QueueEntry,
    event::Inbound,
    measure::{Matter, Measure, Milestone},
};

fn over(turn: &mut Turn<'_>, what: Milestone, seconds: i64, team: Option<String>) {
    turn.effect(Effect::Measured(Measure {
        what,
        seconds: seconds.max(0),
        team,
    }));
}

/// Somebody wrote: where it was the first time, and they were answered, that wait is over.
pub(super) fn answered(turn: &mut Turn<'_>, inbound: &Inbound) {
    if turn.state.message_count == 1 && turn.has_spoken() {
        let now = turn.now();
        let waited = now.seconds_since(inbound.written.unwrap_or(now));
        over(turn, Milestone::FirstReply, waited, None);
    }
}

/// A person takes over; `entry` is the place in the queue, where there was one.
pub(super) fn taken(turn: &mut Turn<'_>, entry: Option<&QueueEntry>) {
    let now = turn.now();
    if let Some(entry) = entry {
        let waited = now.seconds_since(entry.entered.unwrap_or(entry.since));
        over(turn, Milestone::PickUp, waited, Some(entry.team.clone()));
    }
    if turn.state.matter.is_none() {
        turn.state.matter = Some(Matter {
            since: turn.state.first_handover.unwrap_or(now),
            team: entry.map(|e| e.team.clone()),
            replied: false,
        });
    }
}

/// A person has answered.
pub(super) fn replied(turn: &mut Turn<'_>) {
    let now = turn.now();
    let Some(matter) = turn.state.matter.as_mut().filter(|m| !m.replied) else {
        return;
    };
    matter.replied = true;
    let (waited, team) = (now.seconds_since(matter.since), matter.team.clone());
    over(turn, Milestone::FirstHumanReply, waited, team);
}

/// It is done.
pub(super) fn done(turn: &mut Turn<'_>) {
    let now = turn.now();
    if let Some(matter) = turn.state.matter.take() {
        let took = now.seconds_since(matter.since);
        over(turn, Milestone::Resolution, took, matter.team);
    }
}
