//! A flow is opened: what its first message tells is taken at once.

use super::{asking::proceed, dialogue::words, listen, turn::Turn};
use crate::{
    domain::{
        MessageId, Relation, Slot, Told,
        event::{Inbound, TimerKind},
    },
    flow::{Ask, Flow, Kind},
};

/// Opens a flow that records no complaint: what the message tells of its slots is taken at once.
pub(super) fn open_flow(draft: &mut Turn<'_>, flow: &Flow, inbound: &Inbound) {
    draft.state.misunderstood = 0;
    let entities = &inbound.signals.entities;
    draft
        .state
        .told
        .retain(|slot, _| !matches!(slot, Slot::Own(_) | Slot::Reference));
    listen::pick_up_writer(draft, inbound);
    if let Some(reference) = entities.references.first() {
        let told = Told::words(&reference.text);
        draft.state.told.insert(Slot::Reference, told);
    } else if !entities.broken_references.is_empty() {
        draft.state.told.insert(Slot::Reference, Told::declined(""));
    }
    for ask in &flow.collect {
        let own = matches!(ask.slot, Slot::Own(_));
        if let Some(value) = told_in_passing(ask, inbound).filter(|_| own) {
            draft.state.told.insert(ask.slot, Told::words(value));
        }
    }
    if let Some(opening) = &flow.opening {
        draft.say(opening);
    }
    draft.state.questions = 0;
    draft.state.spared = false;
    proceed(draft, flow, inbound);
}

/// From how many words on a message that opens a flow says what it is about, too.
const ENOUGH: usize = 6;

/// What a message tells for a slot that it was not asked for, by the slot's type.
fn told_in_passing(ask: &Ask, inbound: &Inbound) -> Option<String> {
    let entities = &inbound.signals.entities;
    match ask.kind {
        Kind::Text => {
            (ask.from_opening && words(inbound) >= ENOUGH).then(|| inbound.text.trim().to_owned())
        }
        Kind::Dates => entities.dates.first().map(|d| d.text.clone()),
        Kind::Place => entities.places.first().map(|p| p.text.clone()),
        Kind::Contact => listen::reach(inbound),
        Kind::Name => entities.self_name.as_ref().map(|n| n.text.clone()),
        Kind::Choice | Kind::Person | Kind::YesNo | Kind::Number => None,
    }
}

/// A complaint: on record from this sentence on.
pub(super) fn start_complaint(draft: &mut Turn<'_>, id: MessageId, inbound: &Inbound) {
    draft.state.misunderstood = 0;
    let opened = listen::open_record(draft);
    listen::pick_up(draft, inbound);
    if draft.state.relation == Relation::Patient {
        draft
            .state
            .told
            .entry(Slot::AffectedPerson)
            .or_insert_with(|| Told::words("self"));
    }
    listen::narrate(draft, id, inbound);
    listen::settle(draft, inbound);
    let Some(flow) = draft.context.flows.recording(&draft.scene(inbound)) else {
        return;
    };
    if opened {
        draft.say(flow.opening.as_deref().unwrap_or("complaint.started"));
    } else {
        draft.say("complaint.added");
    }
    promise(draft, flow);
    if draft.complaint.as_ref().is_some_and(|c| !c.complete) {
        proceed(draft, flow, inbound);
    }
}

/// Sets the clock by which a named person was promised.
fn promise(draft: &mut Turn<'_>, flow: &Flow) {
    let Some((clock, _)) = &flow.timers.promise else {
        return;
    };
    let due = draft.complaint.as_ref().and_then(|c| {
        let deadline = c.deadlines.iter().find(|d| d.name == *clock)?;
        deadline.met_at.is_none().then_some(deadline.due_at)
    });
    if let Some(due) = due.filter(|d| draft.state.timers.get(&TimerKind::PromiseDue) != Some(d)) {
        draft.set_timer(TimerKind::PromiseDue, due);
    }
}
