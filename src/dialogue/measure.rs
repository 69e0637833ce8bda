//! Which waits end in a turn, and how long they were.

use super::turn::Turn;
use crate::domain::{
    Effect, Intent, QueueEntry, Relation, Status, TimerKind,
    conversation::Waiting,
    event::Inbound,
    measure::{Matter, Measure, Milestone},
};

/// Whoever closed the page while they waited has given up after so many seconds.
const GIVEN_UP_AFTER: i64 = 300;
/// Whoever writes again within so many seconds had need of it.
const RECONTACT: i64 = 7 * 86_400;

fn over(turn: &mut Turn<'_>, what: Milestone, seconds: i64, team: Option<String>) {
    let relation = turn.state.relation;
    turn.effect(Effect::Measured(Measure {
        what,
        seconds: seconds.max(0),
        team,
        emotion: turn.state.emotion,
        customer: (relation != Relation::Unknown).then(|| relation.is_customer()),
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

/// The page was opened or closed.
pub(super) fn presence(turn: &mut Turn<'_>, online: bool) {
    let entry = turn.state.queue.as_ref();
    let stays = entry.is_some_and(|e| e.waiting == Waiting::Stay);
    if online {
        turn.cancel_timer(TimerKind::Abandoned);
    } else if turn.state.status == Status::Queued && stays {
        let due = turn.now().plus_seconds(GIVEN_UP_AFTER);
        turn.set_timer(TimerKind::Abandoned, due);
    }
}

/// They stayed away.
pub(super) fn abandoned(turn: &mut Turn<'_>) {
    let left = turn.now().plus_seconds(-GIVEN_UP_AFTER);
    let Some(entry) = turn.state.queue.as_ref().filter(|_| !turn.state.present) else {
        return;
    };
    let waited = left.seconds_since(entry.entered.unwrap_or(entry.since));
    let team = entry.team.clone();
    over(turn, Milestone::Abandoned, waited, Some(team));
}

/// Somebody writes to a conversation that was done; whoever only says thanks has no need of us.
pub(super) fn written_again(turn: &mut Turn<'_>, inbound: &Inbound) {
    let Some(done) = turn.state.resolved_at else {
        return;
    };
    if matches!(inbound.signals.intent, Intent::Thanks | Intent::Goodbye) {
        return;
    }
    turn.state.resolved_at = None;
    let since = turn.now().seconds_since(done);
    if since <= RECONTACT {
        over(turn, Milestone::Recontact, since, None);
    }
}

/// It is done.
pub(super) fn done(turn: &mut Turn<'_>) {
    let now = turn.now();
    turn.state.resolved_at = Some(now);
    if let Some(matter) = turn.state.matter.take() {
        let took = now.seconds_since(matter.since);
        over(turn, Milestone::Resolution, took, matter.team);
    }
}
