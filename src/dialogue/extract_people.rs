//! People out of clauses: members of staff, and the person it happened to.

use super::{
    extract::{FREE, meant},
    names::{name, named_late, names_victim, names_writer, taken_back, vouched},
    source::{Source, count, inside},
};
use crate::{
    domain::{
        Intent, Person, Relation, Slot, SlotValue,
        interpretation::{Clause, Cue, FoundDate, FoundStaff, Lead},
    },
    nlu::{
        described, described_beside, is_given_name, is_mine, is_ordinary, is_own_thing, names_in,
        names_persons, says_kin, says_role,
    },
};

fn person(staff: &FoundStaff) -> Person {
    Person {
        name: staff.name.clone(),
        role: staff.role.clone(),
        description: None,
    }
}

/// Members of staff whom a clause names, or describes by what they do.
pub(crate) fn staff(source: &Source<'_>, clause: &Clause) -> Option<SlotValue> {
    let found = source.said.entities.staff.iter();
    let own = matches!(clause.lead, Some(Lead::OwnRole | Lead::OwnName));
    let here = found.clone().filter(|s| inside(clause, s.start));
    let first = here.map(|s| s.start).min().unwrap_or_default();
    let people: Vec<Person> = found
        .filter(|s| inside(clause, s.start) && !source.said.is_excluded(s.start))
        .filter(|_| !vouched(source, clause))
        // "Doctor Ibáñez shouted. No, it wasn't Ibáñez, it was Ferrán".
        .filter(|s| {
            !s.name
                .as_deref()
                .is_some_and(|name| taken_back(source, name))
        })
        .filter(|s| !is_their_own(source, clause, s) && !names_a_day(source, clause, s))
        // "I'm a nurse on ward 6", "I'm the cleaner and saw a porter hit him": whoever writes.
        .filter(|s| s.name.is_some() || !own || s.start != first)
        .map(person)
        .collect();
    if people.is_empty() {
        // "Dr Patel I think he is called", "her name is Carla".
        let asked = source.ask.is_some_and(|a| a.slot == Slot::StaffInvolved);
        let led = matches!(clause.lead, Some(Lead::OtherName | Lead::Name));
        let of_kin = says_kin(clause.words(source.text));
        let named = asked && clause.name_like && led && !of_kin;
        if named_late(source, clause).is_some() {
            // "Her name's Laleh": whom it happened to, where nobody asked who did it.
            return None;
        }
        if named {
            return Some(SlotValue::People(vec![named_person(
                clause.core_words(source.text),
            )]));
        }
        // "She had red hair": told in a clause, and an answer to what they looked like.
        let words = clause.words(source.text);
        let done = clause.has(Cue::DoneTo);
        let fair = !clause.asks && !done && !vouched(source, clause);
        return (asked && fair && clause.looks && clause.finite && count(words) <= 2 * FREE)
            .then(|| described_as(words));
    }
    // "The receptionist with the pink glasses": all of a short answer says who.
    let asked = source.ask.is_some_and(|a| a.slot == Slot::StaffInvolved);
    if let [one] = people.as_slice()
        && asked
        && !clause.finite
        && count(clause.core_words(source.text)) <= FREE
    {
        let words = clause.core_words(source.text);
        let (name, role) = described_beside(words, one.name.as_deref());
        return Some(SlotValue::People(vec![Person {
            name,
            role: role.or(one.role.clone()),
            description: None,
        }]));
    }
    Some(SlotValue::People(people))
}

/// "My dispenser Priti has copies": whoever works elsewhere tells of their own people so, once it is known what it is
/// about. "Our manager reads patients' files" is what it is about.
fn is_their_own(source: &Source<'_>, clause: &Clause, staff: &FoundStaff) -> bool {
    if source.state.complaint.is_none() || clause.has(Cue::DoneTo) {
        return false;
    }
    let elsewhere = [Relation::Professional, Relation::LegalRepresentative];
    let writer = [source.said.relation, source.state.relation];
    writer.iter().any(|r| elsewhere.contains(r)) && is_mine(source.text, staff.start)
}

/// "Tuesday was the chiropodist": says which day that was, and blames nobody.
fn names_a_day(source: &Source<'_>, clause: &Clause, staff: &FoundStaff) -> bool {
    let opens = |d: &&FoundDate| d.start == clause.core.0 && d.end < staff.start;
    let day = source.said.entities.dates.iter().find(opens);
    let between = day.and_then(|d| source.text.get(d.end..staff.start));
    let after = source.text.get(staff.end..clause.end).unwrap_or_default();
    between.is_some_and(|words| count(words) == 1)
        && staff.name.is_none()
        && clause.finite
        && count(after) == 0
}

fn described_as(words: &str) -> SlotValue {
    SlotValue::People(vec![Person {
        description: Some(words.trim_end_matches([',', ';', ' ']).to_owned()),
        ..Person::default()
    }])
}

fn named_person(words: &str) -> Person {
    let (named, role) = described(words);
    let name = named.unwrap_or_else(|| name(words));
    Person {
        name: Some(name),
        role: role.filter(|r| r != words),
        description: None,
    }
}

pub(crate) fn described_staff(source: &Source<'_>, clause: &Clause) -> Option<SlotValue> {
    // "The girl called bex off your morning team": what leads to the name describes her too.
    let words = if clause.lead == Some(Lead::OtherName) && !clause.name_like {
        clause.words(source.text)
    } else {
        clause.core_words(source.text)
    };
    let refuses = [Cue::Anonymous, Cue::Skip, Cue::NothingMore]
        .iter()
        .any(|cue| clause.has(*cue));
    // "In the corridor", "by the lifts": where, and not who.
    let place = meant(source, clause, &source.said.entities.places);
    let day = (source.said.entities.dates.iter()).any(|d| inside(clause, d.start));
    let (named, role) = described(words);
    let says_who = named.is_some()
        || clause.looks
        || names_persons(words)
        || says_role(words)
        || role.as_deref().is_some_and(|r| r != words);
    let elsewhere = !place.is_empty() || (day || clause.times) && !says_who;
    // "I": too little to say who.
    let figures = words.chars().filter(|c| c.is_alphabetic()).count() < 2;
    if words.is_empty()
        || figures
        || count(words) > FREE
        || names_writer(source, clause)
        || names_victim(source, clause)
        || refuses
        || elsewhere
    {
        return None;
    }
    // "Dr Amin's secretary, not Dr Amin himself": whoever is named only to be cleared is not the one.
    if named.as_deref().is_some_and(|n| taken_back(source, n)) {
        return None;
    }
    let person = match (named, role) {
        // "A blonde woman": what somebody looked like, of whom it is known what they do.
        (None, Some(role)) if role == words && clause.looks && !says_role(words) => Person {
            description: Some(role),
            ..Person::default()
        },
        (None, Some(role)) if role == words => Person {
            name: is_name(clause, words).then(|| name(words)),
            role: (!is_name(clause, words)).then_some(role),
            description: None,
        },
        (named, role) => Person {
            name: named,
            role,
            description: None,
        },
    };
    Some(SlotValue::People(vec![person]))
}

/// "Priya" is somebody's name; "admin", "driver", "limpieza" say what they do.
fn is_name(clause: &Clause, words: &str) -> bool {
    let everyday = !words.contains(' ') && is_ordinary(words) && !is_given_name(words);
    clause.name_like && !says_role(words) && !everyday
}

pub(crate) fn affected(source: &Source<'_>, clause: &Clause) -> Option<SlotValue> {
    if let Some(named) = named_late(source, clause) {
        return Some(named);
    }
    // "My son's email, tim.hale@example.org": how they are reached, and nobody to whom it happened.
    let reached = source.ask.is_some_and(|a| a.slot == Slot::ContactMethod);
    if reached && source.said.intent != Intent::Complaint {
        return None;
    }
    let found = source.said.entities.affected.as_ref()?;
    if found.start.is_some_and(|at| !inside(clause, at)) {
        return None;
    }
    let relation = found.relation.clone();
    if relation.as_deref() == Some("self") {
        return (!clause.finite || count(clause.words(source.text)) <= FREE)
            .then_some(SlotValue::Oneself);
    }
    let asked = source.ask.is_some_and(|a| a.slot == Slot::AffectedPerson);
    let beside = || {
        asked
            .then(|| named_beside(source, found.start.unwrap_or_default()))
            .flatten()
    };
    Some(SlotValue::Person(Person {
        name: found.name.clone().or_else(beside),
        role: relation,
        description: None,
    }))
}

/// "Rory, my son", "My dad. Walter Lomax, 91.": the name that stands beside what they are to the writer.
fn named_beside(source: &Source<'_>, kin: usize) -> Option<String> {
    let by_itself = |c: &&Clause| c.name_like && !c.filler && !inside(c, kin);
    let clauses = &source.said.clauses;
    let alone = clauses.iter().find(by_itself);
    alone
        .map(|c| name(c.core_words(source.text)))
        .or_else(|| names_in(source.text).into_iter().map(|(_, n)| n).next())
}

pub(crate) fn affected_in_words(source: &Source<'_>, clause: &Clause) -> Option<SlotValue> {
    let words = clause.core_words(source.text);
    // "No blanket": what was not there is nobody.
    let nobody = super::names::refuses(source, clause) || source.said.is_excluded(clause.core.0);
    // "Dana, 07700 900661": whoever writes.
    let nobody = nobody || super::names::signs(source, clause);
    if words.is_empty() || count(words) > FREE || nobody {
        return None;
    }
    // "Only my washing": nobody else.
    if is_own_thing(words) {
        return Some(SlotValue::Oneself);
    }
    let titled = || {
        names_in(words)
            .into_iter()
            .map(|(_, n)| n)
            .find(|n| n.contains(' '))
    };
    // "The daughter mostly, Eleri Pryce", "a boy in my class, just put Tobi".
    let beside = || {
        let by_itself = |c: &&Clause| {
            let lead = matches!(c.lead, None | Some(Lead::Name | Lead::OtherName));
            c.name_like
                && lead
                && !c.filler
                && c.sentence == clause.sentence
                && c.start > clause.start
        };
        let named = source.said.clauses.iter().find(by_itself);
        named.map(|c| name(c.core_words(source.text)))
    };
    // "Resident, Mrs Edna Quill": what they are, and then their name.
    let everyday = !words.contains(' ') && is_ordinary(words) && !is_given_name(words);
    let (name, role) = if clause.name_like && !(everyday && beside().is_some()) {
        (Some(name(words)), None)
    } else if let Some(name) = titled() {
        (Some(name), None)
    } else {
        (beside(), Some(words.to_owned()))
    };
    Some(SlotValue::Person(Person {
        name,
        role,
        description: None,
    }))
}
