//! How somebody who waits would like to hear from us.

use super::{dialogue::proceed, draft::Draft};
use crate::{
    domain::{
        Slot,
        conversation::Waiting,
        event::{Inbound, TimerKind},
    },
    flow::{Action, Flow, Vars},
};

pub(super) fn waiting_choice(draft: &mut Draft<'_>, inbound: &Inbound) -> Option<Waiting> {
    draft.state.queue.as_ref()?;
    if let Some(choice) = &inbound.choice {
        return Waiting::from_name(choice);
    }
    // The words of the button, typed.
    let typed = inbound
        .text
        .trim()
        .trim_end_matches(['.', '!'])
        .to_lowercase();
    Waiting::ALL.iter().copied().find(|w| {
        let title = draft.phrase(&format!("choice.wait.{}", w.name()), Vars::new());
        !typed.is_empty() && (typed == title.to_lowercase() || typed == w.name())
    })
}

pub(super) fn choose_waiting(draft: &mut Draft<'_>, waiting: Waiting, inbound: &Inbound) {
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
            let rings = |f: &&Flow| f.then.iter().any(|a| matches!(a, Action::CallBack(_)));
            if let Some(flow) = flows.iter().find(rings) {
                proceed(draft, flow, inbound);
            }
        }
    }
}
