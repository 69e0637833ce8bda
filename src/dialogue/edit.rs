//! The person changed a message, or took it back: the record changes with it.

use super::{
    absorb, danger, deferred, heard::Heard, interpret::interpret, queue, record, turn::Turn,
};
use crate::{
    complaint,
    domain::{Alert, Effect, Interpretation, MessageId, Slot},
};

pub(super) fn edited(turn: &mut Turn<'_>, target: MessageId, text: &str, said: &Interpretation) {
    turn.effect(Effect::Rewrite {
        target,
        text: text.to_owned(),
    });
    let waiting = (turn.state.held.iter_mut()).chain(&mut turn.state.answered);
    for held in waiting.filter(|h| h.message == target) {
        text.clone_into(&mut held.text);
    }
    deferred::written_again(turn);
    turn.wake();
    if turn.complaint.is_some() && !turn.state.closed_by_agent {
        reread(turn, target, text, said);
    }
    if let Some(flag) = said.red_flag {
        if danger::only_looked_at(turn, flag, said) {
            return turn.alert(Alert::Danger { red_flag: flag });
        }
        danger::warn(turn, flag, danger::of_another(said));
        turn.state.run = None;
        queue::escalate(turn, flag);
    }
}

/// What the message told is told anew: as the answer that it was, and as whatever else it says now.
fn reread(turn: &mut Turn<'_>, target: MessageId, text: &str, said: &Interpretation) {
    let heard = Heard {
        text,
        said,
        choice: None,
        title: None,
        own_number: false,
        repeated: false,
        insists: false,
        answers: Some(&turn.context.flows.answers),
    };
    // Where the old words answered a question, the new ones do.
    let answered: Option<Slot> = (turn.state.slots.iter())
        .find(|(_, f)| f.message == Some(target))
        .map(|(slot, _)| *slot);
    let flows = turn.context.flows;
    let mut asks = flows.flows.iter().flat_map(|f| &f.collect);
    let ask = answered.and_then(|slot| asks.find(|a| a.slot == slot));
    // The old value must not stand in the way of the new one.
    let mut before = turn.state.clone();
    before.slots.retain(|_, f| f.message != Some(target));
    let narrated = turn
        .complaint
        .as_ref()
        .is_some_and(|c| c.fragments.iter().any(|f| f.message == target));
    let acts = interpret(&heard, ask.filter(|_| !narrated), &before);
    absorb::reread(turn, target, &acts);
    if let Some(complaint) = &mut turn.complaint {
        complaint::reword(complaint, target, text);
    }
    record::write(turn, Some(said));
}

pub(super) fn deleted(turn: &mut Turn<'_>, target: MessageId) {
    turn.effect(Effect::Erase { target });
    turn.state.held.retain(|h| h.message != target);
    turn.state.answered.take_if(|h| h.message == target);
    if turn.complaint.is_none() || turn.state.closed_by_agent {
        return;
    }
    turn.state.slots.retain(|_, f| f.message != Some(target));
    if let Some(complaint) = &mut turn.complaint {
        complaint::drop_words(complaint, target);
    }
    record::write(turn, None);
}
