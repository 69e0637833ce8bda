//! Values out of clauses, one function a kind of answer. Pure; a value is understood here, once.

use super::{
    names::own_name as written,
    source::{Source, count, inside},
};
use crate::domain::{
    Dates, Relation, Slot, SlotValue,
    interpretation::{Clause, Cue, Found, FoundStaff, Lead},
};
use crate::nlu::{described, names_somebody, says_role, says_where};

/// Words that a free answer may have at most, where longer ones are hardly one.
pub(crate) const FREE: usize = 12;

/// Those of the found stretches that lie in a clause and are meant.
pub(crate) fn meant<'a>(
    source: &'a Source<'_>,
    clause: &'a Clause,
    all: &'a [Found],
) -> Vec<&'a Found> {
    let there = |f: &&Found| inside(clause, f.start) && !source.said.is_excluded(f.start);
    all.iter().filter(there).collect()
}

/// The days that a clause names, the last where several are: it is the one that was settled on.
pub(crate) fn dates(source: &Source<'_>, clause: &Clause) -> Option<SlotValue> {
    let all = &source.said.entities.dates;
    // "My name is Wednesday Blackwood".
    let named = matches!(clause.lead, Some(Lead::OwnName | Lead::OtherName)) && clause.name_like;
    let found = all
        .iter()
        .find(|d| inside(clause, d.start) && !named && !source.said.is_excluded(d.start))?;
    // A short answer is kept whole, for what it says beside the day.
    let core = clause.core_words(source.text);
    let names = !super::names::names_beside(source, clause).is_empty();
    let places = !meant(source, clause, &source.said.entities.places).is_empty();
    let asked = source
        .ask
        .is_some_and(|a| matches!(a.slot, Slot::IncidentWhen | Slot::CallbackWhen));
    let most = found.text.len() + if asked { 30 } else { 12 };
    let said = if clause.finite || names || places || core.len() > most {
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
    let days = (source.said.entities.dates.iter()).any(|d| inside(clause, d.start));
    // "I'm a nurse on ward 6": the ward alone is the place.
    let says_who = matches!(clause.lead, Some(Lead::OwnRole | Lead::OwnName));
    // "Dr Hollis at the breast clinic": the clinic is the place.
    let named = |s: &FoundStaff| s.name.is_some() && inside(clause, s.start);
    let somebody = source.said.entities.staff.iter().any(named);
    let more = clause.finite || long || days || says_who || somebody;
    let text = if more || excludes(source, clause) {
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
    // "He is deaf, not stupid": what is not so is no place.
    if excludes(source, clause) {
        return None;
    }
    // "He'd not understand if I asked him", "where we always have tea": a sentence is a place where it says so.
    if clause.finite && !says_where(words) {
        return None;
    }
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
    let other = wanted || clause.lead == Some(Lead::OwnRole) || super::names::signs(source, clause);
    // "His name is Ahmed Khan", "driver, no name": who, and not where.
    let first = words.split(',').next().unwrap_or(words).trim();
    let (_, role) = described(first);
    let role = role.filter(|_| says_role(first) && count(first) <= 3);
    let does = role.is_some_and(|r| first.to_lowercase().ends_with(&r.to_lowercase()));
    let named = matches!(clause.lead, Some(Lead::Name | Lead::OtherName));
    let who = named || does;
    let refuses = refuses || other || who;
    let somebody = names_somebody(words);
    (!words.is_empty() && count(words) <= FREE && !staff && !refuses && !somebody)
        .then(|| SlotValue::Place(words.to_owned()))
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
    // "I'm physiotherapist at Fairmead": what they do.
    let does = |words: &str| words.starts_with(char::is_lowercase) && says_role(words);
    // "Soy repartidor", where nobody asked for a name: what they are.
    let asked = source.ask.is_some_and(|a| a.slot == Slot::ComplainantName);
    let words = clause.core_words(source.text);
    let small = words.starts_with(char::is_lowercase) && !asked && !names_somebody(words);
    if own && clause.name_like && !does(words) && !small {
        return Some(SlotValue::Text(written(clause.core_words(source.text))));
    }
    if super::names::signs(source, clause) {
        return Some(SlotValue::Text(written(clause.core_words(source.text))));
    }
    let found = source.said.entities.self_name.as_ref();
    let found = found.filter(|_| !super::names::staff_denied(source))?;
    (inside(clause, found.start) && !source.said.is_excluded(found.start))
        .then(|| SlotValue::Text(written(&found.text)))
}

pub(crate) fn name_in_words(source: &Source<'_>, clause: &Clause) -> Option<SlotValue> {
    let words = clause.core_words(source.text);
    // "Yes, Tracey": whom they complain of is not how they are called.
    let known = super::names::is_known_staff(source, words);
    let refuses = known || super::names::refuses(source, clause) || in_the_story(source, words);
    (clause.name_like && !clause.question && !refuses).then(|| SlotValue::Text(written(words)))
}

/// "Mill Lane, the big red brick one": words that stood in the story already are nobody's own name.
fn in_the_story(source: &Source<'_>, words: &str) -> bool {
    let told = source.state.value_text(Slot::WhatHappened).to_lowercase();
    words.contains(' ') && told.contains(&words.to_lowercase())
}

/// What they want done: the words that say so.
pub(crate) fn outcome(source: &Source<'_>, clause: &Clause) -> Option<SlotValue> {
    let found = source.said.entities.desired_outcome.as_ref()?;
    inside(clause, found.start).then(|| SlotValue::Text(found.text.clone()))
}

pub(crate) fn consent(source: &Source<'_>, clause: &Clause) -> Option<SlotValue> {
    let said = clause.words(source.text).to_owned();
    let asked = source.ask.is_some_and(|a| a.slot == Slot::Consent);
    // "I want to know why": what the writer wants, and not what somebody else knows.
    let own = clause.wishes;
    let agrees = asked && clause.has(Cue::Agrees) && !clause.question && !own;
    let yes = clause.has(Cue::HasConsent) || clause.has(Cue::Yes) || agrees;
    if asked && (clause.has(Cue::NotAskedThem) || clause.has(Cue::DontKnow)) {
        return Some(SlotValue::Unknown(said));
    }
    if clause.has(Cue::Disagrees) && asked && !own {
        return Some(SlotValue::YesNo { yes: false, said });
    }
    if yes && !clause.has(Cue::No) {
        return Some(SlotValue::YesNo { yes: true, said });
    }
    // "No, that's all", "no, I mean Monday": no answer to whether somebody agrees.
    let few = count(&said) <= 2 || clause.has(Cue::Disagrees);
    let other = (clause.has(Cue::Corrects) || clause.has(Cue::NothingMore)) && !few;
    (clause.has(Cue::No) && !other).then_some(SlotValue::YesNo { yes: false, said })
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
