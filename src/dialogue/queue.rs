//! To a person.

use super::{contingency, owed, pickup, turn::Turn};
use crate::{
    domain::{
        QueueEntry, RedFlag, Status,
        conversation::{Priority, Waiting},
        event::TimerKind,
    },
    flow::{Occasion, Pressing, Team, Vars},
    handoff,
};

/// Puts the conversation into the queue and says honestly what happens next, with the choice of how to wait.
pub(super) fn hand_over(turn: &mut Turn<'_>, team: &Team, reason: &str) {
    if turn.state.status == Status::Queued {
        return reroute(turn, team);
    }
    enqueue(turn, team, reason);
    tell(turn);
}

/// Brings in a person on one of the occasions that are the program's own. Whoever asks while one is coming already is
/// told so, unless something was said to them.
pub(super) fn bring_in(turn: &mut Turn<'_>, occasion: Occasion) {
    let to = turn.context.flows.desk.handoff(occasion).clone();
    hand_over_or_say(turn, &to.team, &to.reason);
}

/// Hands over, or says that it was done.
pub(super) fn hand_over_or_say(turn: &mut Turn<'_>, team: &Team, reason: &str) {
    if turn.state.status != Status::Queued {
        return hand_over(turn, team, reason);
    }
    reroute(turn, team);
    if !turn.has_spoken() {
        if !contingency::told(turn) {
            turn.say("handoff.already");
        }
        turn.offer("wait");
    }
}

/// Passes it on, on one of the occasions that are the program's own: nobody waits in the chat.
pub(super) fn leave_for(turn: &mut Turn<'_>, occasion: Occasion) {
    let to = turn.context.flows.desk.handoff(occasion).clone();
    pass_on(turn, &to.team, &to.reason, Waiting::Later);
}

/// Says what else they need: noted for whoever takes over.
pub(super) fn note_wish(turn: &mut Turn<'_>, wish: crate::domain::Intent) {
    if !turn.state.wishes.contains(&wish) {
        turn.state.wishes.push(wish);
    }
    let what = turn.phrase(&format!("wish.{}", wish.name()), Vars::new());
    turn.say_with("also.noted", Vars::from([("what", what.into())]));
}

/// Says how the desk stands, and offers the ways to wait.
fn tell(turn: &mut Turn<'_>) {
    if contingency::told(turn) {
        return turn.offer("wait");
    }
    // Whoever is there is there, whatever the hours say.
    let key = match (turn.open_state().open, turn.event.desk.online) {
        (_, 1..) => "handoff.open",
        (false, 0) => "handoff.closed",
        (true, 0) => "handoff.nobody",
    };
    turn.say(key);
    turn.offer("wait");
}

/// Into the queue without a word: nobody waits in the chat for an answer. Whoever is in the queue already keeps their
/// place and its clock, and may now wait for a call instead.
pub(super) fn pass_on(turn: &mut Turn<'_>, team: &Team, reason: &str, waiting: Waiting) {
    let fresh = turn.state.status != Status::Queued;
    if !fresh {
        reroute(turn, team);
    }
    if fresh {
        enqueue(turn, team, reason);
    }
    if fresh || waiting == Waiting::Callback {
        pickup::waits_so(turn, waiting);
        turn.cancel_timer(TimerKind::CheckIn);
    }
}

/// Danger called for its own team at once, and the talk went on to its end: whom the flow names takes over,
/// first in line all the same. Who speaks up must not end
/// up with those whom they speak of.
fn reroute(turn: &mut Turn<'_>, team: &Team) {
    let called = turn
        .state
        .red_flag
        .map(|flag| turn.context.flows.danger.rule(flag).team.clone());
    if let Some(entry) = &mut turn.state.queue
        && Some(&entry.team) == called.as_ref()
    {
        entry.team.clone_from(&team.team);
    }
}

/// Into the queue, and the clocks set.
pub(super) fn enqueue(turn: &mut Turn<'_>, team: &Team, reason: &str) {
    turn.forget_deferred();
    turn.wake();
    owed::settle(turn);
    turn.state.assigned_by = None;
    turn.state.handed = None;
    let state = &turn.state;
    let priority = handoff::priority(
        state.red_flag,
        turn.complaint.as_ref().map(|c| c.priority),
        state.emotion,
        state.intensity.0,
    )
    .max(match team.priority {
        Pressing::Routine => Priority::Routine,
        Pressing::Soon => Priority::Soon,
        Pressing::Urgent => Priority::Urgent,
    })
    .max(if contingency::is_apart(turn) {
        Priority::Urgent
    } else {
        Priority::Routine
    });
    turn.state.status = Status::Queued;
    turn.state.holder = None;
    turn.state.fallback_count = 0;
    let now = turn.now();
    let since = *turn.state.first_handover.get_or_insert(now);
    turn.state.queue = Some(QueueEntry {
        since,
        entered: (since != now).then_some(now),
        priority,
        team: team.team.clone(),
        reason: reason.to_owned(),
        waiting: Waiting::Stay,
        check_ins: 0,
        overdue: false,
    });
    pickup::set(turn);
    if turn.open_state().open && turn.state.red_flag.is_none() {
        turn.set_timer(
            TimerKind::CheckIn,
            turn.now().plus_seconds(turn.context.targets.check_in),
        );
    }
}

/// Danger: to the head of the queue, unless a person is there already.
pub(super) fn escalate(turn: &mut Turn<'_>, flag: RedFlag) {
    let team = Team {
        team: turn.context.flows.danger.rule(flag).team.clone(),
        priority: Pressing::Routine,
    };
    match turn.state.status {
        Status::Assigned => {}
        Status::Queued => {
            if let Some(entry) = &mut turn.state.queue {
                entry.priority = Priority::Emergency;
                entry.waiting = Waiting::Stay;
                entry.overdue = false;
            }
            turn.cancel_timer(TimerKind::CheckIn);
            pickup::hasten(turn);
        }
        Status::Bot | Status::Resolved => enqueue(turn, &team, flag.name()),
    }
}
