//! What a message tells is kept: in the slots, and on the complaint's record.

use super::{
    answer,
    asking::{proceed, put_question},
    dialogue::words,
    message,
    turn::Turn,
};
use crate::{
    complaint,
    domain::{
        Intent, MessageId, Relation, Slot, Status, Told, complaint::Reference, event::Inbound,
        interpretation::Cue,
    },
    flow::{Ask, Flow},
};

/// Opens the record if there is none to continue. Whether it was opened now.
pub(super) fn open_record(draft: &mut Turn<'_>) -> bool {
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
    draft.state.questions = 0;
    draft.state.spared = false;
    true
}

/// Puts a whole message on record: its words, what they tell, its files.
pub(super) fn record(draft: &mut Turn<'_>, id: MessageId, inbound: &Inbound) {
    open_record(draft);
    pick_up(draft, inbound);
    narrate(draft, id, inbound);
    settle(draft, inbound);
}

/// Adds a message's words to the narrative, once.
pub(super) fn narrate(draft: &mut Turn<'_>, id: MessageId, inbound: &Inbound) {
    if let Some(complaint) = &mut draft.complaint {
        complaint::add_words(complaint, id, &inbound.text);
    }
}

/// Brings the record up to what was told by now.
pub(super) fn settle(draft: &mut Turn<'_>, inbound: &Inbound) {
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

/// Which of several things the person means: the first that they do not deny ("not Tuesday, Wednesday").
fn meant<'a>(text: &str, found: impl Iterator<Item = (&'a str, usize)>) -> Option<&'a str> {
    const DENIES: [&str; 9] = [
        "not", "no", "wasn't", "wasnt", "isn't", "isnt", "of", "than", "vez",
    ];
    let denied = |start: usize| {
        let before = &text[..text.floor_char_boundary(start)];
        let clause = before.rsplit([',', '.', ';', ':', '!', '?', '\n']).next();
        let near = clause.unwrap_or_default().split_whitespace().rev().take(3);
        near.into_iter()
            .any(|w| DENIES.contains(&w.to_lowercase().as_str()))
    };
    let all: Vec<(&str, usize)> = found.collect();
    all.iter()
        .find(|(_, start)| !denied(*start))
        .or(all.last())
        .map(|(words, _)| *words)
}

/// What a message tells for each slot, as far as it can be pointed at.
fn told_by(inbound: &Inbound, complains: bool) -> Vec<(Slot, String)> {
    let signals = &inbound.signals;
    let entities = &signals.entities;
    let text = &inbound.text;
    let mut all: Vec<(Slot, String)> = Vec::new();
    let mut put = |slot: Slot, words: Option<&str>| {
        all.extend(words.map(|w| (slot, w.to_owned())));
    };
    let dates = entities.dates.iter().map(|d| (d.text.as_str(), d.start));
    put(Slot::IncidentWhen, meant(text, dates));
    let places = entities.places.iter().map(|p| (p.text.as_str(), p.start));
    put(Slot::IncidentWhere, meant(text, places));
    put(
        Slot::ComplainantName,
        entities.self_name.as_ref().map(|n| n.text.as_str()),
    );
    put(Slot::ContactMethod, reach(inbound).as_deref());
    put(
        Slot::DesiredOutcome,
        (entities.desired_outcome.as_ref())
            .filter(|_| complains)
            .map(|d| d.text.as_str()),
    );
    let named: Vec<(String, usize)> = entities
        .staff
        .iter()
        .filter_map(|s| {
            let role = s.role.as_deref().unwrap_or_default();
            let whole = format!("{role} {}", s.name.as_deref()?);
            Some((whole.trim().to_owned(), s.start))
        })
        .collect();
    if signals.has(Cue::Corrects) {
        put(
            Slot::StaffInvolved,
            meant(text, named.iter().map(|(n, at)| (n.as_str(), *at))),
        );
    } else if !named.is_empty() {
        let names: Vec<&str> = named.iter().map(|(n, _)| n.as_str()).collect();
        put(Slot::StaffInvolved, Some(&names.join(", ")));
    }
    if signals.has(Cue::HasConsent) {
        put(Slot::Consent, Some(text));
    }
    if signals.has(Cue::TellsStory) {
        put(Slot::WhatHappened, Some(text));
    }
    all
}

/// Fills every slot that the message tells by the way, so that nobody is asked for it. What was told before stays.
pub(super) fn pick_up(draft: &mut Turn<'_>, inbound: &Inbound) {
    let signals = &inbound.signals;
    let complains = signals.intent == Intent::Complaint || draft.state.complaint.is_some();
    for (slot, text) in told_by(inbound, complains) {
        match draft.state.told.get_mut(&slot) {
            // One more way to reach them.
            Some(known) if slot == Slot::ContactMethod && !known.declined => {
                if !known.text.contains(&text) {
                    known.text = format!("{}, {text}", known.text);
                }
            }
            Some(known) if !known.declined => {}
            // Not told, or declined before and told now.
            _ => drop(draft.state.told.insert(slot, Told::words(text))),
        }
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
        && let Some(relation) =
            (signals.entities.affected.as_ref()).and_then(|a| a.relation.clone())
        && (signals.intent == Intent::Complaint || signals.red_flag.is_some())
        // "I'm a patient": they themselves, and no other.
        && !(relation == "patient" && draft.state.relation == Relation::Patient)
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
}

/// What is true of the writer, whatever the talk is about: their name and how to reach them.
pub(super) fn pick_up_writer(draft: &mut Turn<'_>, inbound: &Inbound) {
    for (slot, text) in told_by(inbound, false) {
        if matches!(slot, Slot::ContactMethod | Slot::ComplainantName) {
            draft.state.told.insert(slot, Told::words(text));
        }
    }
}

/// Puts right what was told before, where the message corrects it. Whether it did.
fn correct(draft: &mut Turn<'_>, flow: Option<&Flow>, inbound: &Inbound) -> bool {
    let signals = &inbound.signals;
    if !signals.has(Cue::Corrects) || words(inbound) > 24 {
        return false;
    }
    let mut corrected = false;
    for (slot, text) in told_by(inbound, true) {
        let known = draft.state.told.get(&slot).filter(|t| !t.declined);
        let differs = known.is_some_and(|t| !t.text.contains(&text));
        if differs
            && !matches!(
                slot,
                Slot::WhatHappened | Slot::Consent | Slot::DesiredOutcome
            )
        {
            put_right(draft, slot, &text);
            corrected = true;
        }
    }
    let relation = signals.relation;
    if relation != Relation::Unknown
        && relation != draft.state.relation
        && draft.state.told.contains_key(&Slot::Relation)
    {
        draft.state.relation = relation;
        put_right(draft, Slot::Relation, relation.name());
        corrected = true;
    }
    if let Some(who) = signals
        .entities
        .affected
        .as_ref()
        .and_then(|a| a.relation.clone())
        && let Some(known) = draft.state.told.get(&Slot::AffectedPerson)
        && known.text != who
        && who != "self"
        && signals.entities.meant.is_some()
    {
        put_right(draft, Slot::AffectedPerson, &who);
        corrected = true;
    }
    corrected || again(draft, flow, inbound)
}

/// "Sorry, I meant …": what was answered last is answered anew.
fn again(draft: &mut Turn<'_>, flow: Option<&Flow>, inbound: &Inbound) -> bool {
    let last = draft.state.run.as_ref().and_then(|r| r.last);
    let ask = flow.and_then(|f| f.collect.iter().find(|a| Some(a.slot) == last));
    let (Some(ask), Some(meant)) = (ask, &inbound.signals.entities.meant) else {
        return false;
    };
    let before = draft.state.told.get(&ask.slot).cloned();
    let anew = Inbound {
        text: meant.text.clone(),
        choice: None,
        ..inbound.clone()
    };
    put_right(draft, ask.slot, &meant.text);
    if answer::take(draft, ask, &anew) == answer::Outcome::Taken {
        return true;
    }
    if let Some(before) = before {
        draft.state.told.insert(ask.slot, before);
    }
    false
}

/// The old answer leaves the record too.
fn put_right(draft: &mut Turn<'_>, slot: Slot, text: &str) {
    let old = draft.state.told.insert(slot, Told::words(text));
    let Some(complaint) = &mut draft.complaint else {
        return;
    };
    match (slot, old) {
        (Slot::StaffInvolved, Some(old)) => {
            let of_old = |part: &Option<String>| {
                part.as_deref()
                    .is_some_and(|p| old.text.to_lowercase().contains(&p.to_lowercase()))
            };
            complaint.subjects.retain(|s| !of_old(&s.name));
        }
        (Slot::AffectedPerson, _) => complaint.affected_person = None,
        _ => {}
    }
}

/// "Actually it was Wednesday": puts something told earlier right, and does not answer what was asked. Whether it did.
pub(super) fn puts_right(draft: &mut Turn<'_>, flow: &Flow, ask: &Ask, inbound: &Inbound) -> bool {
    if !correct(draft, Some(flow), inbound) {
        return false;
    }
    settle(draft, inbound);
    draft.say("complaint.corrected");
    if draft.state.told.contains_key(&ask.slot) {
        proceed(draft, flow, inbound);
    } else {
        put_question(draft, flow, ask.slot, false);
    }
    true
}

/// After everything was said: something put right, or something forgotten. Whether it was.
pub(super) fn adds(draft: &mut Turn<'_>, inbound: &Inbound) -> bool {
    if draft.state.settled {
        return false;
    }
    if correct(draft, None, inbound) {
        settle(draft, inbound);
        draft.say("complaint.corrected");
        return true;
    }
    if !inbound.signals.bare {
        return false;
    }
    let before = draft.state.told.clone();
    pick_up(draft, inbound);
    let news = draft.state.told != before;
    if news {
        settle(draft, inbound);
        draft.say("complaint.added");
    }
    news
}

/// Whether the message holds the kind of thing that the slot wants.
pub(super) fn answers(inbound: &Inbound, slot: Slot) -> bool {
    let signals = &inbound.signals;
    let entities = &signals.entities;
    match slot {
        Slot::IncidentWhen | Slot::CallbackWhen => !entities.dates.is_empty(),
        Slot::IncidentWhere => !entities.places.is_empty(),
        Slot::StaffInvolved => !entities.staff.is_empty(),
        Slot::ComplainantName => entities.self_name.is_some() || signals.has(Cue::Anonymous),
        Slot::ContactMethod => reach(inbound).is_some(),
        Slot::Reference => !entities.references.is_empty(),
        Slot::Relation => signals.relation != Relation::Unknown,
        Slot::AffectedPerson => entities.affected.is_some(),
        Slot::Consent => [Cue::Yes, Cue::No, Cue::HasConsent]
            .iter()
            .any(|c| signals.has(*c)),
        Slot::DesiredOutcome => entities.desired_outcome.is_some(),
        Slot::WhatHappened | Slot::AnythingElse | Slot::Own(_) => false,
    }
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
