//! Values out of clauses, one function a kind of answer. Pure; a value is understood here, once.

use super::{
    names::{name, names_writer, own_name as written, vouched},
    source::{Source, count, inside},
};
use crate::{
    domain::{
        Dates, Person, Relation, Slot, SlotValue,
        complaint::Contact,
        interpretation::{Clause, Cue, Found, FoundStaff, Lead},
    },
    understand::{described, described_beside, names_in},
};

/// Words that a free answer may have at most, where longer ones are hardly one.
const FREE: usize = 12;

/// Those of the found stretches that lie in a clause and are meant.
fn meant<'a>(source: &'a Source<'_>, clause: &'a Clause, all: &'a [Found]) -> Vec<&'a Found> {
    let there = |f: &&Found| inside(clause, f.start) && !source.said.is_excluded(f.start);
    all.iter().filter(there).collect()
}

/// The days that a clause names, the last where several are: it is the one that was settled on.
pub(crate) fn dates(source: &Source<'_>, clause: &Clause) -> Option<SlotValue> {
    let all = &source.said.entities.dates;
    let found = all
        .iter()
        .find(|d| inside(clause, d.start) && !source.said.is_excluded(d.start))?;
    // A short answer is kept whole, for what it says beside the day.
    let core = clause.core_words(source.text);
    let names = !super::names::names_beside(source, clause).is_empty();
    let said = if clause.finite || names || core.len() > found.text.len() + 30 {
        &found.text
    } else {
        core
    };
    Some(SlotValue::Dates(Dates {
        said: said.to_owned(),
        from: Some(found.from.clone()),
        to: Some(found.to.clone()),
        other: found.other.clone(),
    }))
}

/// "Every night", "in the summer": no day that could be worked out.
pub(crate) fn vague_dates(source: &Source<'_>, clause: &Clause) -> Option<SlotValue> {
    let words = clause.core_words(source.text);
    (clause.times && count(words) <= FREE).then(|| {
        SlotValue::Dates(Dates {
            said: words.to_owned(),
            ..Dates::default()
        })
    })
}

pub(crate) fn place(source: &Source<'_>, clause: &Clause) -> Option<SlotValue> {
    let found = meant(source, clause, &source.said.entities.places);
    let first = found.first()?;
    let core = clause.core_words(source.text);
    // A finite clause tells a story in which the place stands; a short answer is the place.
    // "In the corridor just outside the chapel at …", where they were asked: all of it.
    let asked = source.ask.is_some_and(|a| a.slot == Slot::IncidentWhere);
    let (more, most) = if asked {
        (100, 16)
    } else {
        (40, count(&first.text) + 4)
    };
    let long = core.len() > first.text.len() + more || count(core) > most;
    let text = if clause.finite || long || excludes(source, clause) {
        first.text.clone()
    } else {
        core.to_owned()
    };
    Some(SlotValue::Place(text))
}

/// Whether a clause names something only to say that it is not meant.
fn excludes(source: &Source<'_>, clause: &Clause) -> bool {
    source
        .said
        .excluded
        .iter()
        .any(|(start, _)| inside(clause, *start))
}

pub(crate) fn place_in_words(source: &Source<'_>, clause: &Clause) -> Option<SlotValue> {
    let words = clause.core_words(source.text);
    // "Nurse Kelly", "not giving you my name": an answer, but to another question.
    let staff = source
        .said
        .entities
        .staff
        .iter()
        .any(|s| inside(clause, s.start));
    let refuses = clause.has(Cue::Anonymous) || clause.has(Cue::NothingMore);
    // "I'm the patient", "an apology": an answer, but to another question.
    let wanted =
        (source.said.entities.desired_outcome.as_ref()).is_some_and(|w| inside(clause, w.start));
    let other = wanted || clause.lead == Some(Lead::OwnRole);
    let refuses = refuses || other;
    (!words.is_empty() && count(words) <= FREE && !staff && !refuses)
        .then(|| SlotValue::Place(words.to_owned()))
}

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
    let people: Vec<Person> = found
        .filter(|s| inside(clause, s.start) && !source.said.is_excluded(s.start))
        .filter(|_| !vouched(source, clause))
        .map(person)
        .collect();
    if people.is_empty() {
        // "Dr Patel I think he is called", "her name is Carla".
        let asked = source.ask.is_some_and(|a| a.slot == Slot::StaffInvolved);
        let named = clause.name_like
            && (clause.lead == Some(Lead::OtherName) || asked && clause.lead == Some(Lead::Name));
        if named {
            return Some(SlotValue::People(vec![named_person(
                clause.core_words(source.text),
            )]));
        }
        // "She had red hair": told in a clause, and an answer to what they looked like.
        let words = clause.words(source.text);
        let fair = !clause.asks && !vouched(source, clause);
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

fn described_as(words: &str) -> SlotValue {
    SlotValue::People(vec![Person {
        description: Some(words.to_owned()),
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
    let says_who = named.is_some() || clause.looks || role.as_deref().is_some_and(|r| r != words);
    let elsewhere = !place.is_empty() || (day || clause.times) && !says_who;
    if words.is_empty()
        || count(words) > FREE
        || names_writer(source, clause)
        || refuses
        || elsewhere
    {
        return None;
    }
    let person = match (named, role) {
        (None, Some(role)) if role == words => Person {
            name: clause.name_like.then(|| name(words)),
            role: (!clause.name_like).then_some(role),
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

pub(crate) fn affected(source: &Source<'_>, clause: &Clause) -> Option<SlotValue> {
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
    if words.is_empty() || count(words) > FREE {
        return None;
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
    let (name, role) = if clause.name_like {
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

pub(crate) fn relation(source: &Source<'_>, clause: &Clause) -> Option<SlotValue> {
    let relation = source.said.relation;
    (relation != Relation::Unknown).then(|| SlotValue::Choice {
        value: relation.name().to_owned(),
        said: clause.words(source.text).to_owned(),
    })
}

pub(crate) fn relation_in_words(source: &Source<'_>, clause: &Clause) -> Option<SlotValue> {
    let words = clause.words(source.text);
    (!clause.finite && count(words) <= FREE).then(|| SlotValue::Text(words.to_owned()))
}

pub(crate) fn own_name(source: &Source<'_>, clause: &Clause) -> Option<SlotValue> {
    let of_others = [Slot::StaffInvolved, Slot::AffectedPerson];
    let about_others = source.ask.is_some_and(|a| of_others.contains(&a.slot));
    let own =
        clause.lead == Some(Lead::OwnName) || clause.lead == Some(Lead::Name) && !about_others;
    if own && clause.name_like {
        return Some(SlotValue::Text(written(clause.core_words(source.text))));
    }
    let found = source.said.entities.self_name.as_ref();
    let found = found.filter(|_| !super::names::staff_denied(source))?;
    (inside(clause, found.start) && !source.said.is_excluded(found.start))
        .then(|| SlotValue::Text(written(&found.text)))
}

pub(crate) fn name_in_words(source: &Source<'_>, clause: &Clause) -> Option<SlotValue> {
    let words = clause.core_words(source.text);
    let refuses = super::names::refuses(source, clause);
    (clause.name_like && !clause.question && !refuses).then(|| SlotValue::Text(written(words)))
}

pub(crate) fn contacts(source: &Source<'_>, clause: &Clause) -> Option<SlotValue> {
    let asked = source.ask.is_some_and(|a| a.slot == Slot::ContactMethod);
    if clause.has(Cue::OthersNumber) && !asked {
        return None;
    }
    let entities = &source.said.entities;
    let as_kind = |kind: &str, all: Vec<&Found>| -> Vec<Contact> {
        let contact = |f: &&Found| Contact::new(kind.to_owned(), f.text.clone());
        all.iter().map(contact).collect()
    };
    let mut all = as_kind("email", meant(source, clause, &entities.emails));
    all.extend(as_kind("phone", meant(source, clause, &entities.phones)));
    // A number that is none in this country may be one in another; whoever gives it here means it.
    let known = source.state.value(Slot::ContactMethod);
    let another = source.said.has(Cue::Corrects)
        && matches!(known, Some(SlotValue::Contacts(all)) if all.iter().any(|c| c.kind == "phone"));
    if (asked || another) && all.is_empty() {
        let dialled = dialled(clause.words(source.text));
        all.extend(dialled.map(|number| Contact::new("phone".to_owned(), number.to_owned())));
    }
    // "31 Fern Avenue, Oldham": who has neither is written to.
    let house = |f: &&Found| f.text.starts_with(|c: char| c.is_ascii_digit());
    let places = meant(source, clause, &entities.places);
    if let Some(place) = places.into_iter().find(house)
        && asked
        && all.is_empty()
    {
        let rest = (source.said.clauses.iter())
            .filter(|c| c.sentence == clause.sentence && c.start >= clause.start && !c.finite);
        let end = rest.map(|c| c.core.1).max().unwrap_or(place.end);
        let words = source.text.get(place.start..end).unwrap_or(&place.text);
        all.push(Contact::new("post".to_owned(), words.trim().to_owned()));
    }
    if let [one] = all.as_mut_slice()
        && asked
    {
        one.note = remark(source, clause);
    }
    (!all.is_empty()).then_some(SlotValue::Contacts(all))
}

/// What is said of how and when beside an address, in its clause and in those that speak of being reached.
fn remark(source: &Source<'_>, clause: &Clause) -> Option<String> {
    let e = &source.said.entities;
    let mut spans: Vec<(usize, usize)> = (e.emails.iter())
        .chain(&e.phones)
        .map(|f| (f.start, f.end))
        .collect();
    spans.sort_unstable();
    let speaks = |c: &&Clause| c.start == clause.start || how_reached(source, c);
    let mut parts: Vec<&str> = Vec::new();
    for part in source.said.clauses.iter().filter(speaks) {
        // "It's oh seven seven …": what leads to an answer may be a part of it.
        let cut = spans
            .iter()
            .any(|(s, e)| *s < part.core.0 && part.core.0 < *e);
        let (mut from, end) = if part.start == clause.start && !cut {
            part.core
        } else {
            (part.start, part.end)
        };
        for (start, stop) in &spans {
            if from <= *start && *stop <= end {
                parts.extend(source.text.get(from..*start));
                from = *stop;
            }
        }
        parts.extend(source.text.get(from..end));
    }
    let bare = |p: &&str| p.chars().any(char::is_alphanumeric);
    let trim = |p: &str| {
        let edge = |c: char| c.is_whitespace() || ",;:.!-–—()".contains(c);
        p.trim_matches(edge).to_owned()
    };
    let said: Vec<String> = parts.into_iter().filter(bare).map(trim).collect();
    (!said.is_empty()).then(|| said.join(", "))
}

/// Whether a clause of an answer says how somebody is to be reached, and nothing else.
pub(crate) fn how_reached(source: &Source<'_>, clause: &Clause) -> bool {
    clause.has(Cue::HowReached) && !clause.question && count(clause.words(source.text)) <= FREE
}

/// Figures that could be dialled, however they are parted.
fn dialled(words: &str) -> Option<&str> {
    let part = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '.' | '(' | ')' | '+' | '/');
    let runs = words.split(|c: char| !part(c)).map(str::trim);
    let figures = |run: &str| run.bytes().filter(u8::is_ascii_digit).count();
    let mut runs = runs.filter(|run| (7..=15).contains(&figures(run)));
    runs.next().map(|run| run.trim_end_matches(['.', '-', '/']))
}

pub(crate) fn contact_in_words(source: &Source<'_>, clause: &Clause) -> Option<SlotValue> {
    let words = clause.words(source.text);
    (count(words) <= FREE && !clause.name_like)
        .then(|| SlotValue::Contacts(vec![Contact::new("other".to_owned(), words.to_owned())]))
}

/// What they want done: the words that say so.
pub(crate) fn outcome(source: &Source<'_>, clause: &Clause) -> Option<SlotValue> {
    let found = source.said.entities.desired_outcome.as_ref()?;
    inside(clause, found.start).then(|| SlotValue::Text(found.text.clone()))
}

pub(crate) fn consent(source: &Source<'_>, clause: &Clause) -> Option<SlotValue> {
    let said = clause.words(source.text).to_owned();
    let asked = source.ask.is_some_and(|a| a.slot == Slot::Consent);
    let agrees = asked && clause.has(Cue::Agrees) && !clause.question;
    let yes = clause.has(Cue::HasConsent) || clause.has(Cue::Yes) || agrees;
    if asked && clause.has(Cue::NotAskedThem) {
        return Some(SlotValue::Unknown(said));
    }
    if clause.has(Cue::Disagrees) && asked {
        return Some(SlotValue::YesNo { yes: false, said });
    }
    if yes && !clause.has(Cue::No) {
        return Some(SlotValue::YesNo { yes: true, said });
    }
    clause
        .has(Cue::No)
        .then_some(SlotValue::YesNo { yes: false, said })
}

pub(crate) fn yes_no(source: &Source<'_>, clause: &Clause) -> Option<SlotValue> {
    let said = clause.words(source.text).to_owned();
    match (clause.has(Cue::Yes), clause.has(Cue::No)) {
        (true, false) => Some(SlotValue::YesNo { yes: true, said }),
        (false, true) => Some(SlotValue::YesNo { yes: false, said }),
        _ => None,
    }
}

/// The first number, in figures.
pub(crate) fn number(source: &Source<'_>, clause: &Clause) -> Option<SlotValue> {
    let figures = |w: &str| -> Option<String> {
        let bare = w.trim_matches(|c: char| !c.is_ascii_digit() && c != '-');
        let value = bare.replace(',', ".");
        value.parse::<f64>().is_ok().then_some(value)
    };
    let found = clause
        .words(source.text)
        .split_whitespace()
        .find_map(figures)?;
    Some(SlotValue::Number(found))
}

pub(crate) fn reference(source: &Source<'_>, clause: &Clause) -> Option<SlotValue> {
    let found = meant(source, clause, &source.said.entities.references);
    Some(SlotValue::Text(found.first()?.text.clone()))
}

pub(crate) fn story(source: &Source<'_>, clause: &Clause) -> Option<SlotValue> {
    let words = clause.words(source.text);
    (!words.is_empty() && !clause.filler).then(|| SlotValue::Text(words.to_owned()))
}

pub(crate) fn words(source: &Source<'_>, clause: &Clause) -> Option<SlotValue> {
    let words = clause.words(source.text);
    (!words.is_empty()).then(|| SlotValue::Text(words.to_owned()))
}
