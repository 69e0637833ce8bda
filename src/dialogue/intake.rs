//! A whole message on record, outside the form: in danger, from a child, in a language that we do not converse in.

use super::{
    absorb::{Scope, absorb},
    acts::{Acts, DialogueAct},
    form,
    heard::Heard,
    interpret::interpret,
    mood, record,
    turn::Turn,
};
use crate::domain::{
    Filled, Held, Intent, Interpretation, MessageId, Slot, SlotValue,
    event::Inbound,
    interpretation::{Clause, Cue},
};
use crate::flow::{Ask, Flow};

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
    let said = as_told(&inbound.signals);
    let heard = Heard {
        said: &said,
        ..plain(inbound)
    };
    // Whatever else it tells, it may answer what was asked.
    let asked = form::open_question(turn).filter(|(flow, _)| flow.records_complaint);
    let acts = interpret(&heard, asked.map(|(_, ask)| ask), &turn.state);
    record::open(turn);
    recall(turn, id, heard.text);
    keep_all(turn, id, &heard, &acts, asked, inbound);
    record::write(turn, Some(&inbound.signals));
}

/// What goes on record whatever it was read as: nobody is asked any more whether it complains, and all that it tells
/// counts.
pub(super) fn as_told(said: &Interpretation) -> Interpretation {
    let mut told = said.clone();
    told.intent = Intent::Complaint;
    told.unsure.clear();
    if told.clauses.iter().any(|c| c.finite && !c.asks) {
        told.cues.insert(Cue::TellsStory);
    }
    told
}

/// The same for a message that was interpreted already.
pub(super) fn keep_acts(
    turn: &mut Turn<'_>,
    id: MessageId,
    heard: &Heard<'_>,
    acts: &Acts,
    inbound: &Inbound,
) {
    keep_all(turn, id, heard, acts, None, inbound);
}

fn keep_all(
    turn: &mut Turn<'_>,
    id: MessageId,
    heard: &Heard<'_>,
    acts: &Acts,
    asked: Option<(&Flow, &Ask)>,
    inbound: &Inbound,
) {
    record::open(turn);
    absorb(turn, id, heard, acts, asked, Scope::Complaint);
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

/// Messages as one text, each a sentence of it.
pub(super) fn joined(pieces: &[&str]) -> String {
    let mut all = String::new();
    for piece in pieces.iter().map(|p| p.trim()) {
        if !all.is_empty() {
            let ended = all.ends_with(['.', '!', '?', '…']);
            all.push_str(if ended { " " } else { ". " });
        }
        all.push_str(piece);
    }
    all
}

/// What was held goes on record too, in the order in which it came; together it may tell what no piece told alone.
pub(super) fn recall(turn: &mut Turn<'_>, id: MessageId, newest: &str) {
    let held = std::mem::take(&mut turn.state.held);
    if held.is_empty() {
        return;
    }
    let mut all: Vec<&str> = held.iter().map(|h| h.text.as_str()).collect();
    all.extend(Some(newest).filter(|n| !n.is_empty()));
    let text = joined(&all);
    let said = turn.read(&text);
    let heard = Heard {
        text: &text,
        said: &said,
        choice: None,
        title: None,
        own_number: false,
        repeated: false,
        insists: false,
        answers: None,
    };
    let acts = interpret(&heard, None, &turn.state);
    // What one piece shows of how they feel was seen when it came.
    if all.len() > 1 {
        mood::feel(turn, &said);
    }
    absorb(turn, id, &heard, &acts, None, Scope::Values);
    for piece in &held {
        record::narrate(turn, piece.message, &piece.text);
    }
    let told: usize = held.iter().map(|h| h.text.split_whitespace().count()).sum();
    if told >= 3 && !turn.state.is_filled(Slot::WhatHappened) {
        let told = Filled {
            value: SlotValue::Text(text),
            message: None,
            partial: false,
        };
        turn.state.slots.insert(Slot::WhatHappened, told);
    }
}

/// So few words without a verb tell nothing.
const WORDLESS: usize = 6;
/// Seconds for which somebody may still say that what was answered otherwise was a complaint.
const ANSWERED: i64 = 3_600;

/// Notes what a message tells that is answered as something else than a complaint.
pub(super) fn note_answered(turn: &mut Turn<'_>, id: MessageId, text: &str, said: &Interpretation) {
    let tells = said
        .clauses
        .iter()
        .any(|c| c.finite && !c.asks && !c.filler);
    let long = text.split_whitespace().count() > WORDLESS;
    if (tells || long) && turn.complaint.is_none() {
        turn.state.answered = Some(Held {
            message: id,
            text: text.to_owned(),
            at: turn.event.at,
        });
    }
}

/// "Just wondered if it's normal for him to have a padlock", and then the complaint: what was told just before, and
/// answered as something else, belongs to it. A mere question does not.
pub(super) fn take_told(turn: &mut Turn<'_>) {
    let Some(answered) = &turn.state.answered else {
        return;
    };
    let said = turn.read(&answered.text);
    let tells = |c: &Clause| c.finite && c.past && !c.asks && !c.question && !c.filler;
    let first = said.clauses.iter().find(|c| !c.filler).map(|c| c.start);
    // What praised somebody is no part of what is complained of.
    if said.intent == Intent::Compliment || !said.clauses.iter().any(tells) {
        return;
    }
    if let Some(answered) = &mut turn.state.answered {
        let words = first.and_then(|at| answered.text.get(at..));
        answered.text = words.unwrap_or_default().to_owned();
    }
    take_answered(turn);
}

/// What was answered so goes before what is held.
pub(super) fn take_answered(turn: &mut Turn<'_>) {
    let Some(answered) = turn.state.answered.take() else {
        return;
    };
    let known = turn
        .state
        .held
        .iter()
        .any(|h| h.message == answered.message);
    if !known && turn.now().seconds_since(answered.at) <= ANSWERED {
        turn.state.held.insert(0, answered);
    }
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
