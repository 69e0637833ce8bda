//! A timer ran out.

use super::{contingency, deferred, measure, pickup, queue, turn::Turn, unanswered};
use crate::{
    domain::{
        Alert, Effect, Status, Timestamp,
        conversation::{Priority, Waiting},
        event::TimerKind,
    },
    flow::{Flow, Occasion},
    handoff::CHECK_INS,
};

pub(super) fn fired(turn: &mut Turn<'_>, timer: TimerKind) {
    match turn.state.timers.get(&timer) {
        // Set anew while it fired: it says nothing yet.
        Some(due) if *due > turn.now() => return,
        Some(_) => {}
        // Cancelled while it fired: whoever still keeps it is told to let it go, or it would fire for ever.
        None => return turn.effect(Effect::CancelTimer { timer }),
    }
    turn.cancel_timer(timer);
    match timer {
        TimerKind::PickupTarget => pickup::overdue(turn),
        TimerKind::UndoWindow => deferred::carried_out(turn),
        TimerKind::Snooze => turn.wake(),
        TimerKind::Unanswered => unanswered::ran_out(turn),
        TimerKind::Abandoned => measure::abandoned(turn),
        TimerKind::CheckIn | TimerKind::Silence if turn.state.is_by_letter() => {}
        TimerKind::CheckIn => check_in(turn),
        TimerKind::Silence => silent(turn),
        TimerKind::PromiseDue => promise_due(turn),
    }
}

fn check_in(turn: &mut Turn<'_>) {
    let queued = turn.state.status == Status::Queued;
    let apart = contingency::is_apart(turn);
    let Some(entry) = turn.state.queue.as_mut().filter(|_| queued) else {
        return;
    };
    if entry.waiting != Waiting::Stay || entry.check_ins >= CHECK_INS || apart {
        return;
    }
    entry.check_ins += 1;
    let again = entry.check_ins < CHECK_INS;
    turn.say("wait.check_in");
    turn.offer("wait");
    if again {
        let due = turn.now().plus_seconds(2 * turn.context.targets.check_in);
        turn.set_timer(TimerKind::CheckIn, due);
    }
}

/// The flow that is under way, with what it does about silence.
fn running<'f>(turn: &Turn<'f>) -> Option<&'f (i64, String)> {
    let run = turn.state.run.as_ref()?;
    run.awaiting?;
    let flow: &'f Flow = turn.context.flows.by_name(&run.flow)?;
    flow.timers.silence.as_ref()
}

/// Asked after once. Whoever wrote in the meantime has more time: the timer was not set anew with every message, so it
/// is now.
fn silent(turn: &mut Turn<'_>) {
    let Some((after, phrase)) = running(turn) else {
        return;
    };
    let due: Timestamp = turn.last.plus_seconds(*after);
    if due > turn.now() {
        return turn.set_timer(TimerKind::Silence, due);
    }
    turn.say(phrase);
}

/// A named person was promised by now. If none is on record as having been in touch, it is said plainly, and moved
/// forward.
fn promise_due(turn: &mut Turn<'_>) {
    let flows = turn.context.flows;
    let mut recording = flows.flows.iter().filter(|f| f.records_complaint);
    let Some((clock, phrase)) = recording.find_map(|f| f.timers.promise.as_ref()) else {
        return;
    };
    let kept = turn.complaint.as_ref().is_none_or(|c| {
        c.deadlines
            .iter()
            .any(|d| d.name == *clock && d.met_at.is_some())
    });
    let Some(reference) = turn.state.complaint.clone().filter(|_| !kept) else {
        return;
    };
    turn.alert(Alert::PromiseDue { reference });
    match turn.state.status {
        // They are being talked with: nothing to apologise for.
        Status::Assigned => {}
        // Whoever may not be who they say is not told of a record.
        Status::Bot | Status::Resolved if turn.state.unproven => {
            queue::leave_for(turn, Occasion::PromiseDue);
        }
        Status::Queued => {
            if let Some(entry) = &mut turn.state.queue {
                entry.priority = entry.priority.max(Priority::Urgent);
            }
            if !turn.state.unproven {
                turn.say(phrase);
            }
        }
        Status::Bot | Status::Resolved => {
            turn.say(phrase);
            queue::leave_for(turn, Occasion::PromiseDue);
        }
    }
}
