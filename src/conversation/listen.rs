//! What a message tells is kept: in the slots, and on the complaint's record.

use super::{draft::Draft, message};
use crate::{
    complaint,
    domain::{
        Intent, MessageId, Relation, Slot, Status, Told, complaint::Reference, event::Inbound,
        signals::Cue,
    },
};

/// Opens the record if there is none to continue. Whether it was opened now.
pub(super) fn open_record(draft: &mut Draft<'_>) -> bool {
    let continues = draft
        .complaint
        .as_ref()
        .is_some_and(|c| !c.complete || draft.state.status == Status::Queued)
        && !draft.state.settled;
    if continues {
        return false;
    }
    if draft.complaint.is_some() {
        message::forget_incident(&mut draft.state);
    }
    let reference = Reference::from_bits(draft.event.id.reference_bits());
    draft.complaint = Some(complaint::open(
        reference.clone(),
        &draft.state,
        draft.now(),
        draft.context.profile,
    ));
    draft.state.complaint = Some(reference);
    draft.state.settled = false;
    true
}

/// Puts a whole message on record: its words, what they tell, its files.
pub(super) fn record(draft: &mut Draft<'_>, id: MessageId, inbound: &Inbound) {
    open_record(draft);
    pick_up(draft, inbound);
    narrate(draft, id, inbound);
    settle(draft, inbound);
}

/// Adds a message's words to the narrative, once.
pub(super) fn narrate(draft: &mut Draft<'_>, id: MessageId, inbound: &Inbound) {
    if let Some(complaint) = &mut draft.complaint {
        complaint::add_words(complaint, id, &inbound.text);
    }
}

/// Brings the record up to what was told by now.
pub(super) fn settle(draft: &mut Draft<'_>, inbound: &Inbound) {
    let Some(mut complaint) = draft.complaint.take() else {
        return;
    };
    for file in &inbound.attachments {
        if !complaint.attachments.contains(file) {
            complaint.attachments.push(file.clone());
        }
    }
    let category = draft
        .context
        .understanding
        .categorise(&complaint.incident.narrative)
        .or(inbound.signals.category);
    complaint::learn(&mut complaint, &draft.state, &inbound.signals, category);
    draft.complaint = Some(complaint);
}

/// Fills every slot that the message tells by the way, so that nobody is asked for it. What was told before stays, unless the person puts it right.
/// Returns whether something was put right.
pub(super) fn pick_up(draft: &mut Draft<'_>, inbound: &Inbound) -> bool {
    let signals = &inbound.signals;
    let entities = &signals.entities;
    let corrects = signals.has(Cue::Corrects);
    let mut corrected = false;
    let told = &mut draft.state.told;
    let mut put = |slot: Slot, text: Option<String>| {
        let Some(text) = text else { return };
        match told.get(&slot) {
            None => {
                told.insert(slot, Told::words(text));
            }
            Some(known) if corrects && known.text != text => {
                told.insert(slot, Told::words(text));
                corrected = true;
            }
            // Declined before, told now.
            Some(known) if known.declined => {
                told.insert(slot, Told::words(text));
            }
            Some(_) => {}
        }
    };
    put(
        Slot::IncidentWhen,
        entities.dates.first().map(|d| d.text.clone()),
    );
    put(
        Slot::IncidentWhere,
        entities.places.first().map(|p| p.text.clone()),
    );
    put(
        Slot::ComplainantName,
        entities.self_name.as_ref().map(|n| n.text.clone()),
    );
    put(Slot::ContactMethod, reach(inbound));
    put(
        Slot::DesiredOutcome,
        entities
            .desired_outcome
            .as_ref()
            .map(|d| d.text.clone())
            .filter(|_| signals.intent == Intent::Complaint || draft.state.complaint.is_some()),
    );
    let named: Vec<String> = entities
        .staff
        .iter()
        .filter_map(|s| {
            Some(
                format!(
                    "{} {}",
                    s.role.as_deref().unwrap_or_default(),
                    s.name.as_deref()?
                )
                .trim()
                .to_owned(),
            )
        })
        .collect();
    put(
        Slot::StaffInvolved,
        (!named.is_empty()).then(|| named.join(", ")),
    );
    if signals.has(Cue::HasConsent) {
        put(Slot::Consent, Some(inbound.text.clone()));
    }
    if signals.has(Cue::TellsStory) {
        put(Slot::WhatHappened, Some(inbound.text.clone()));
    }
    if draft.state.relation != Relation::Unknown {
        let relation = draft.state.relation.name().to_owned();
        draft
            .state
            .told
            .entry(Slot::Relation)
            .or_insert_with(|| Told::words(relation));
    }
    if !draft.state.told.contains_key(&Slot::AffectedPerson)
        && let Some(relation) = entities.affected.as_ref().and_then(|a| a.relation.clone())
        && (signals.intent == Intent::Complaint || signals.red_flag.is_some())
    {
        draft
            .state
            .told
            .insert(Slot::AffectedPerson, Told::words(relation));
    }
    if signals.has(Cue::Anonymous) {
        let told = &mut draft.state.told;
        if told.get(&Slot::ComplainantName).is_none_or(|t| t.declined) {
            told.insert(Slot::ComplainantName, Told::declined("anonymous"));
        }
    }
    corrected
}

/// Addresses and numbers that a message gives, as one text.
pub(super) fn reach(inbound: &Inbound) -> Option<String> {
    let entities = &inbound.signals.entities;
    let all: Vec<&str> = entities
        .emails
        .iter()
        .chain(&entities.phones)
        .map(|f| f.text.as_str())
        .collect();
    (!all.is_empty()).then(|| all.join(", "))
}
