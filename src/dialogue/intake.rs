//! A whole message on record, outside the form: in danger, from a child, in a language that we do not converse in.

use super::{
    absorb::{Scope, absorb},
    acts::{Acts, DialogueAct},
    heard::Heard,
    interpret::interpret,
    record,
    turn::Turn,
};
use crate::domain::{MessageId, conversation::Held, event::Inbound};

/// A message without what was offered or asked.
pub(super) fn plain(inbound: &Inbound) -> Heard<'_> {
    Heard {
        text: &inbound.text,
        said: &inbound.signals,
        choice: None,
        title: None,
        own_number: inbound.own_number,
        repeated: false,
        insists: false,
        answers: None,
    }
}

/// Opens the record if there is none, and puts everything that the message tells on it.
pub(super) fn keep(turn: &mut Turn<'_>, id: MessageId, inbound: &Inbound) {
    let heard = plain(inbound);
    let acts = interpret(&heard, None, &turn.state);
    keep_acts(turn, id, &heard, &acts, inbound);
    record::write(turn, Some(&inbound.signals));
}

/// The same for a message that was interpreted already.
pub(super) fn keep_acts(
    turn: &mut Turn<'_>,
    id: MessageId,
    heard: &Heard<'_>,
    acts: &Acts,
    inbound: &Inbound,
) {
    record::open(turn);
    absorb(turn, id, heard, acts, None, Scope::Complaint);
    // A record has words from the start, if only those that opened it; questions to the bot are none.
    let empty = turn
        .complaint
        .as_ref()
        .is_some_and(|c| c.fragments.is_empty());
    if empty && !acts.any(DialogueAct::asks) {
        record::narrate(turn, id, heard.text);
    }
    record::attach(turn, &inbound.attachments);
}

/// Keeps a message until the person has said what it is.
pub(super) fn hold(turn: &mut Turn<'_>, id: MessageId, text: &str) {
    const MOST: usize = 12;
    if turn.state.held.len() < MOST {
        turn.state.held.push(Held {
            message: id,
            text: text.to_owned(),
            at: turn.event.at,
        });
    }
}
