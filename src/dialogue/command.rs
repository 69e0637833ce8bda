//! Wishes stated plainly: `/agent` and its kin.

use super::{form, opening, queue, record, returning, turn::Turn};
use crate::{
    domain::{
        Conversation, Effect, Filled, Intent, Interpretation, MessageId, Slot, SlotValue, Status,
        event::{Command, Inbound},
    },
    flow::Occasion,
};

/// Does what was wished.
pub(super) fn obey(turn: &mut Turn<'_>, command: Command, id: MessageId, inbound: &Inbound) {
    match command {
        Command::Start => {
            open(turn, Intent::Greeting, inbound);
            form::reprompt(turn, false, inbound);
        }
        Command::Help => {
            turn.say("help");
            form::reprompt(turn, false, inbound);
        }
        Command::Complain => opening::complaint(turn, id, inbound),
        Command::Agent => {
            turn.state.run = None;
            queue::bring_in(turn, Occasion::SpeakToHuman);
        }
        Command::Status => {
            named(turn, id, inbound);
            open(turn, Intent::Status, inbound);
        }
        Command::Receipt => returning::receipt(turn),
        Command::Forget => forget(turn),
    }
    record::write(turn, Some(&inbound.signals));
}

/// The reference that came with the wish answers the question for it; one that is mistyped is named as such.
fn named(turn: &mut Turn<'_>, id: MessageId, inbound: &Inbound) {
    let found = &inbound.signals.entities;
    let value = match found.references.first() {
        Some(reference) => SlotValue::Text(reference.text.clone()),
        None if !found.broken_references.is_empty() => SlotValue::Unknown(String::new()),
        None => return,
    };
    let filled = Filled {
        value,
        message: Some(id),
        partial: false,
    };
    turn.state.slots.insert(Slot::Reference, filled);
}

/// Opens the flow for that intent, as if the person had said it in words.
fn open(turn: &mut Turn<'_>, intent: Intent, inbound: &Inbound) {
    let inbound = Inbound {
        signals: Interpretation {
            intent,
            ..inbound.signals.clone()
        },
        ..inbound.clone()
    };
    let flows = turn.context.flows;
    let Some(flow) = flows.opened_by(&turn.condition_input(&inbound)) else {
        return;
    };
    if flow.collect.is_empty() && turn.state.run.is_some() {
        // A greeting in the middle of something: said, and the open question stays.
        let run = turn.state.run.take();
        form::advance(turn, flow, &inbound);
        turn.state.run = run;
    } else {
        form::advance(turn, flow, &inbound);
    }
}

/// Removes everything that was said, where nobody relies on it yet. A complaint on record, a danger or a person at work
/// are another matter: then the wish is passed on to a person, and the writer is told so.
pub(super) fn forget(turn: &mut Turn<'_>) {
    let state = &turn.state;
    if state.complaint.is_some() || state.red_flag.is_some() {
        turn.state.run = None;
        turn.say("forget.kept");
        queue::leave_for(turn, Occasion::Forget);
        return;
    }
    for timer in state.timers.keys().copied().collect::<Vec<_>>() {
        turn.cancel_timer(timer);
    }
    let known = &turn.state;
    turn.state = Conversation {
        place: known.place.clone(),
        language: known.language.clone(),
        greeted: true,
        message_count: 1,
        status: Status::Bot,
        changed: turn.now(),
        ..Conversation::new(known.id, &known.inbox, &known.sender, turn.now())
    };
    turn.effect(Effect::Forget);
    turn.say("forget.done");
}
