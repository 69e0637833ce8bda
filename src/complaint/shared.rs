//! A record to which several conversations add.

use super::record::{Told, is_vulnerable, subject, weigh};
use crate::domain::{
    Complaint, Conversation, Dates, Filled, Person, Slot, SlotValue,
    complaint::{AffectedPerson, Consent, Contact, Reading, Subject},
};
use std::collections::BTreeMap;

/// Adds what this turn told, which is how the slots differ from those `before` it. What another conversation
/// told stays, unless it is put right or taken back here.
pub fn add(complaint: &mut Complaint, told: &Told<'_>, before: &Conversation) {
    let now = told.conversation;
    let new = |slot: Slot| {
        let value = now.slots.get(&slot).map(|f| &f.value);
        value.filter(|v| before.slots.get(&slot).map(|f| &f.value) != Some(v))
    };
    let complainant = &mut complaint.complainant;
    match new(Slot::ComplainantName) {
        Some(SlotValue::Declined(_) | SlotValue::Unknown(_)) | None => {}
        Some(name) => {
            complainant.name = Some(name.text());
            complainant.anonymous = false;
        }
    }
    if new(Slot::Relation).is_some() {
        complainant.relation = now.relation;
        complainant.is_customer = now.relation.is_customer();
    }
    if new(Slot::ContactMethod).is_some() {
        reached(&mut complainant.contact, before, now);
    }
    if let Some(SlotValue::YesNo { yes, .. }) = new(Slot::Consent) {
        complainant.consent = if *yes {
            Consent::Given
        } else {
            Consent::Refused
        };
    }
    complainant.vulnerable |= is_vulnerable(told);
    if let Some(SlotValue::Person(person)) = new(Slot::AffectedPerson) {
        complaint.affected_person = Some(AffectedPerson {
            name: person.name.clone(),
            relation: person.role.clone(),
        });
    }
    if new(Slot::StaffInvolved).is_some() {
        let gone: Vec<Subject> = lost(people(before), people(now)).map(subject).collect();
        complaint.subjects.retain(|s| !gone.contains(s));
        for subject in people(now).iter().map(subject) {
            if !complaint.subjects.contains(&subject) {
                complaint.subjects.push(subject);
            }
        }
    }
    let incident = &mut complaint.incident;
    if let Some(SlotValue::Dates(dates)) = new(Slot::IncidentWhen) {
        incident.when_text = Some(dates.said.clone());
        incident.from.clone_from(&dates.from);
        incident.to.clone_from(&dates.to);
        let other = dates.other.clone();
        incident.other_reading = other.map(|(from, to)| Reading { from, to });
    }
    if let Some(place @ (SlotValue::Place(_) | SlotValue::Text(_))) = new(Slot::IncidentWhere) {
        incident.place = Some(place.text());
    }
    if let Some(outcome @ SlotValue::Text(_)) = new(Slot::DesiredOutcome) {
        complaint.desired_outcome = Some(outcome.text());
    }
    weigh(complaint, told);
}

/// Ways to be reached: those that were taken back here go, those that are new come.
fn reached(contact: &mut Vec<Contact>, before: &Conversation, now: &Conversation) {
    let (old, new) = (contacts(before), contacts(now));
    contact.retain(|c| !old.iter().any(|o| o.reaches_as(c)) || new.iter().any(|n| n.reaches_as(c)));
    for way in new {
        if !contact.iter().any(|c| c.reaches_as(way)) {
            contact.push(way.clone());
        }
    }
}

fn contacts(conversation: &Conversation) -> &[Contact] {
    match conversation.value(Slot::ContactMethod) {
        Some(SlotValue::Contacts(all)) => all,
        _ => &[],
    }
}

fn people(conversation: &Conversation) -> &[Person] {
    match conversation.value(Slot::StaffInvolved) {
        Some(SlotValue::People(all)) => all,
        _ => &[],
    }
}

fn lost<'a>(before: &'a [Person], now: &'a [Person]) -> impl Iterator<Item = &'a Person> {
    before.iter().filter(|p| !now.contains(p))
}

/// The record as slots: what a conversation knows that goes on with it, so that nothing is asked twice and a
/// correction finds what it puts right.
pub fn known(complaint: &Complaint) -> BTreeMap<Slot, Filled> {
    let complainant = &complaint.complainant;
    let incident = &complaint.incident;
    let name = match &complainant.name {
        Some(name) => Some(SlotValue::Text(name.clone())),
        None if complainant.anonymous => Some(SlotValue::Declined(String::new())),
        None => None,
    };
    let reached: Vec<Contact> = (complainant.contact.iter())
        .filter(|c| c.kind != Contact::CONVERSATION)
        .cloned()
        .collect();
    let people = complaint.subjects.iter().map(|s| Person {
        name: s.name.clone(),
        role: s.role.clone(),
        description: None,
    });
    let affected = complaint.affected_person.as_ref().map(|a| {
        SlotValue::Person(Person {
            name: a.name.clone(),
            role: a.relation.clone(),
            description: None,
        })
    });
    let when = incident.when_text.as_ref().map(|said| {
        let other = incident.other_reading.clone();
        SlotValue::Dates(Dates {
            said: said.clone(),
            from: incident.from.clone(),
            to: incident.to.clone(),
            other: other.map(|r| (r.from, r.to)),
        })
    });
    let relation = complainant.relation.name().to_owned();
    let all = [
        (Slot::ComplainantName, name),
        (
            Slot::ContactMethod,
            (!reached.is_empty()).then_some(SlotValue::Contacts(reached)),
        ),
        (
            Slot::StaffInvolved,
            (!complaint.subjects.is_empty()).then(|| SlotValue::People(people.collect())),
        ),
        (Slot::AffectedPerson, affected),
        (Slot::IncidentWhen, when),
        (
            Slot::IncidentWhere,
            incident.place.clone().map(SlotValue::Place),
        ),
        (
            Slot::DesiredOutcome,
            complaint.desired_outcome.clone().map(SlotValue::Text),
        ),
        (
            Slot::Relation,
            Some(SlotValue::Choice {
                value: relation.clone(),
                said: relation,
            }),
        ),
    ];
    let filled = |value| Filled {
        value,
        message: None,
        partial: false,
    };
    all.into_iter()
        .filter_map(|(slot, value)| Some((slot, filled(value?))))
        .collect()
}
