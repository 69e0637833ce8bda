//! A timer ran out.

use super::draft::Draft;
use crate::{
    domain::{Alert, Effect, Status, conversation::Waiting, event::TimerKind},
    handoff::CHECK_INS,
};

pub(super) fn fired(draft: &mut Draft<'_>, timer: TimerKind) {
    match draft.state.timers.get(&timer) {
        // Set anew while it fired: it says nothing yet.
        Some(due) if *due > draft.now() => return,
        Some(_) => {}
        // Cancelled while it fired: whoever still keeps it is told to let it go, or it would fire for ever.
        None => return draft.effect(Effect::CancelTimer { timer }),
    }
    draft.cancel_timer(timer);
    if draft.state.status != Status::Queued {
        return;
    }
    let now = draft.now();
    let Some(entry) = &mut draft.state.queue else {
        return;
    };
    match timer {
        TimerKind::PickupTarget => {
            entry.overdue = true;
            let waited = now.seconds_since(entry.since);
            draft.alert(Alert::PickupMissed { waited });
        }
        TimerKind::CheckIn => {
            if entry.waiting != Waiting::Stay || entry.check_ins >= CHECK_INS {
                return;
            }
            entry.check_ins += 1;
            let again = entry.check_ins < CHECK_INS;
            draft.say("wait.check_in");
            draft.offer("wait");
            if again {
                draft.set_timer(
                    TimerKind::CheckIn,
                    now.plus_seconds(2 * draft.context.targets.check_in),
                );
            }
        }
    }
}
