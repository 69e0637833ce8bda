//! What is said and done as long as a rung of the ladder holds. Which ones hold stands in the event, with how the desk
//! stood; what they do stands in the flows.

use super::{pickup, turn::Turn};
use crate::{
    domain::{Status, conversation::Waiting, event::TimerKind},
    flow::{InForce, RungStep},
};

fn in_force<'a>(turn: &Turn<'a>) -> InForce<'a> {
    turn.context.flows.ladder.in_force(&turn.event.desk.rungs)
}

/// Whether somebody is kept apart from all of it: in danger, or bereaved.
fn is_theirs(turn: &Turn<'_>) -> bool {
    turn.state.red_flag.is_some() || turn.state.bereaved
}

/// Whether somebody is first in line now, and is not asked whether they would rather wait elsewhere.
pub(super) fn is_apart(turn: &Turn<'_>) -> bool {
    is_theirs(turn) && in_force(turn).apart.is_some()
}

/// Notices that stand in the greeting, each said once in a conversation as long as it is in force.
pub(super) fn greet(turn: &mut Turn<'_>) {
    let notices = in_force(turn).notices;
    turn.state.noticed.retain(|n| notices.contains(&n.as_str()));
    if is_theirs(turn) || turn.state.status != Status::Bot {
        return;
    }
    for notice in notices {
        if turn.state.noticed.insert(notice.to_owned()) {
            turn.say(notice);
        }
    }
}

/// Says how it stands to whoever was just handed over, where a rung has words for that. Whether it had.
pub(super) fn told(turn: &mut Turn<'_>) -> bool {
    let force = in_force(turn);
    if is_theirs(turn) {
        let Some(key) = force.apart else { return false };
        turn.cancel_timer(TimerKind::CheckIn);
        turn.say(key);
        return true;
    }
    let key = match (force.intake, force.call_backs) {
        (Some(key), _) => {
            pickup::waits_so(turn, Waiting::Later);
            turn.cancel_timer(TimerKind::CheckIn);
            key
        }
        (None, Some(key)) => key,
        (None, None) => return false,
    };
    turn.state.noticed.insert(key.to_owned());
    turn.say(key);
    true
}

/// A rung began while they wait in the chat: they are offered a call, once.
pub(super) fn began(turn: &mut Turn<'_>, rung: &str) {
    let rung = turn.context.flows.ladder.rung(rung);
    let offer = rung.and_then(|r| {
        r.steps.iter().find_map(|step| match step {
            RungStep::OfferCallBacks(key) => Some(key),
            _ => None,
        })
    });
    let waiting = turn.state.queue.as_ref().map(|entry| entry.waiting);
    let (Some(key), Some(Waiting::Stay)) = (offer, waiting) else {
        return;
    };
    if is_theirs(turn) || turn.state.unproven || !turn.state.noticed.insert(key.clone()) {
        return;
    }
    turn.say(key);
    turn.offer("wait");
}
