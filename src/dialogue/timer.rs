//! A timer ran out.

use super::{handoff, turn::Turn};
use crate::{
    domain::{
        Alert, Effect, Status, Timestamp,
        conversation::{Priority, Waiting},
        event::TimerKind,
    },
    flow::Flow,
    handoff::CHECK_INS,
};

pub(super) fn fired(draft: &mut Turn<'_>, timer: TimerKind) {
    match draft.state.timers.get(&timer) {
        // Set anew while it fired: it says nothing yet.
        Some(due) if *due > draft.now() => return,
        Some(_) => {}
        // Cancelled while it fired: whoever still keeps it is told to let it go, or it would fire for ever.
        None => return draft.effect(Effect::CancelTimer { timer }),
    }
    draft.cancel_timer(timer);
    match timer {
        TimerKind::PickupTarget => overdue(draft),
        TimerKind::CheckIn => check_in(draft),
        TimerKind::Silence => silent(draft),
        TimerKind::PromiseDue => promise_due(draft),
    }
}

fn overdue(draft: &mut Turn<'_>) {
    let now = draft.now();
    let queued = draft.state.status == Status::Queued;
    if let Some(entry) = draft.state.queue.as_mut().filter(|_| queued) {
        entry.overdue = true;
        let waited = now.seconds_since(entry.since);
        draft.alert(Alert::PickupMissed { waited });
    }
}

fn check_in(draft: &mut Turn<'_>) {
    let queued = draft.state.status == Status::Queued;
    let Some(entry) = draft.state.queue.as_mut().filter(|_| queued) else {
        return;
    };
    if entry.waiting != Waiting::Stay || entry.check_ins >= CHECK_INS {
        return;
    }
    entry.check_ins += 1;
    let again = entry.check_ins < CHECK_INS;
    draft.say("wait.check_in");
    draft.offer("wait");
    if again {
        let due = draft.now().plus_seconds(2 * draft.context.targets.check_in);
        draft.set_timer(TimerKind::CheckIn, due);
    }
}

/// The flow that is under way, with what it does about silence.
fn running<'f>(draft: &Turn<'f>) -> Option<&'f (i64, String)> {
    let run = draft.state.run.as_ref()?;
    run.awaiting?;
    let flow: &'f Flow = draft.context.flows.by_name(&run.flow)?;
    flow.timers.silence.as_ref()
}

/// Asked after once. Whoever wrote in the meantime has more time: the timer was not set anew with every message, so it is now.
fn silent(draft: &mut Turn<'_>) {
    let Some((after, phrase)) = running(draft) else {
        return;
    };
    let due: Timestamp = draft.last.plus_seconds(*after);
    if due > draft.now() {
        return draft.set_timer(TimerKind::Silence, due);
    }
    draft.say(phrase);
}

/// A named person was promised by now. If none is on record as having been in touch, it is said plainly, and moved forward.
fn promise_due(draft: &mut Turn<'_>) {
    let flows = draft.context.flows;
    let mut recording = flows.flows.iter().filter(|f| f.records_complaint);
    let Some((clock, phrase)) = recording.find_map(|f| f.timers.promise.as_ref()) else {
        return;
    };
    let kept = draft.complaint.as_ref().is_none_or(|c| {
        c.deadlines
            .iter()
            .any(|d| d.name == *clock && d.met_at.is_some())
    });
    let Some(reference) = draft.state.complaint.clone().filter(|_| !kept) else {
        return;
    };
    draft.alert(Alert::PromiseDue { reference });
    match draft.state.status {
        // They are being talked with: nothing to apologise for.
        Status::Assigned => {}
        Status::Queued => {
            if let Some(entry) = &mut draft.state.queue {
                entry.priority = entry.priority.max(Priority::Urgent);
            }
            draft.say(phrase);
        }
        Status::Bot | Status::Resolved => {
            draft.say(phrase);
            let mut team = handoff::team("complaints team");
            team.priority = crate::flow::Pressing::Urgent;
            handoff::pass_on(draft, &team, "promise_due", Waiting::Later);
        }
    }
}
