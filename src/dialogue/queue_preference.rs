//! How somebody who waits would like to hear from us.

use super::{
    acts::{Acts, DialogueAct},
    pickup,
    turn::Turn,
};
use crate::domain::{Slot, SlotValue, conversation::Waiting, event::TimerKind};

/// The way to wait that was pressed, or whose words were typed.
pub(super) fn chosen(turn: &Turn<'_>, acts: &Acts) -> Option<Waiting> {
    turn.state.queue.as_ref()?;
    acts.0.iter().find_map(|act| match &act.what {
        DialogueAct::Choose(value) => Waiting::from_name(value),
        _ => None,
    })
}

/// Takes the choice. Whether they want to be rung, and what for that is still missing must be asked.
pub(super) fn choose(turn: &mut Turn<'_>, waiting: Waiting) -> bool {
    pickup::waits_so(turn, waiting);
    if waiting != Waiting::Stay {
        turn.cancel_timer(TimerKind::CheckIn);
    }
    match waiting {
        Waiting::Stay => turn.say("wait.stay"),
        Waiting::Later => turn.say("wait.later"),
        Waiting::Callback => {
            // An e-mail address is no number to ring: it stays known, and a number is asked for.
            let rings = |v: &SlotValue| matches!(v, SlotValue::Contacts(all) if all.iter().any(|c| c.kind == "phone"));
            if !turn.state.value(Slot::ContactMethod).is_some_and(rings) {
                turn.state.slots.remove(&Slot::ContactMethod);
            }
            return true;
        }
    }
    false
}
