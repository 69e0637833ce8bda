//! How somebody who waits would like to hear from us.

use super::{asking::proceed, turn::Turn};
use crate::{
    domain::{
        Slot,
        conversation::Waiting,
        event::{Inbound, TimerKind},
    },
    flow::{Action, Flow},
};

pub(super) fn waiting_choice(draft: &Turn<'_>, inbound: &Inbound) -> Option<Waiting> {
    draft.state.queue.as_ref()?;
    if let Some(choice) = &inbound.choice {
        return Waiting::from_name(choice);
    }
    // The words of the button, typed.
    let phrases = &draft.context.flows.phrases;
    let typed = phrases.chosen(&draft.hearer(), "wait", &inbound.text)?;
    Waiting::from_name(&typed)
}

pub(super) fn choose_waiting(draft: &mut Turn<'_>, waiting: Waiting, inbound: &Inbound) {
    if let Some(entry) = &mut draft.state.queue {
        entry.waiting = waiting;
    }
    if waiting != Waiting::Stay {
        draft.cancel_timer(TimerKind::CheckIn);
    }
    match waiting {
        Waiting::Stay => draft.say("wait.stay"),
        Waiting::Later => draft.say("wait.later"),
        Waiting::Callback => {
            // An e-mail address is no number to ring.
            let number = draft
                .state
                .told
                .get(&Slot::ContactMethod)
                .is_some_and(|t| !t.declined && t.text.contains('+'));
            if !number {
                draft.state.told.remove(&Slot::ContactMethod);
            }
            let flows = &draft.context.flows.flows;
            let rings = |f: &&Flow| {
                let mut steps = f.then.iter();
                steps.any(|s| matches!(s.action, Action::CallBack(_)))
            };
            if let Some(flow) = flows.iter().find(rings) {
                proceed(draft, flow, inbound);
            }
        }
    }
}
