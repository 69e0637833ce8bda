//! Ways to be reached out of clauses, and what is said beside them of how and when.

use super::{
    extract::{FREE, meant},
    names::is_signature,
    source::{Source, count, inside},
};
use crate::domain::{
    Slot, SlotValue,
    complaint::Contact,
    interpretation::{Clause, Cue, Found, Lead},
};

pub(crate) fn contacts(source: &Source<'_>, clause: &Clause) -> Option<SlotValue> {
    let asked = source.ask.is_some_and(|a| a.slot == Slot::ContactMethod);
    if clause.has(Cue::OthersNumber) && !asked {
        return None;
    }
    if put_right_after(source, clause) {
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
    // "Mi teléfono es 655 112 233", "655112233": a number and nothing else is one, whatever was asked.
    let led = clause.lead == Some(Lead::Reach);
    let words = clause.words(source.text);
    let alone = dialled(words).is_some_and(|number| {
        let figures = number.bytes().filter(u8::is_ascii_digit).count();
        figures >= 9 && count_letters(words) == 0
    });
    // "Not the house phone 01632 960201": told, and not meant.
    let denied = (entities.phones.iter().chain(&entities.emails))
        .any(|f| inside(clause, f.start) && source.said.is_excluded(f.start));
    if (asked || another || led || alone) && all.is_empty() && !denied {
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
    if let [one] = all.as_mut_slice() {
        one.note = remark(source, clause, asked);
    }
    (!all.is_empty()).then_some(SlotValue::Contacts(all))
}

/// "0161 496 0000, sorry, 0161 496 0001": the first was a slip.
fn put_right_after(source: &Source<'_>, clause: &Clause) -> bool {
    let e = &source.said.entities;
    let holds = |all: &[Found], c: &Clause| all.iter().any(|f| inside(c, f.start));
    let alike = |c: &Clause| {
        holds(&e.phones, clause) && holds(&e.phones, c)
            || holds(&e.emails, clause) && holds(&e.emails, c)
    };
    let later = |c: &&Clause| c.start > clause.start;
    let clauses = || source.said.clauses.iter().filter(later);
    let Some(next) = clauses().find(|c| alike(c)) else {
        return false;
    };
    let denies = |c: &Clause| c.has(Cue::No) || c.has(Cue::Corrects);
    let between = clauses().any(|c| c.start < next.start && (c.filler || denies(c)));
    !source.said.has(Cue::Adds) && (between || denies(next))
}

/// What is said of how and when beside an address, in its clause and in those that speak of being reached.
fn remark(source: &Source<'_>, clause: &Clause, asked: bool) -> Option<String> {
    let e = &source.said.entities;
    // "No ann@…, sino anne@…": words that put right say nothing of how and when.
    if !source.said.excluded.is_empty() {
        return None;
    }
    let mut spans: Vec<(usize, usize)> = (e.emails.iter())
        .chain(&e.phones)
        .chain(&e.self_name)
        .map(|f| (f.start, f.end))
        .collect();
    spans.sort_unstable();
    // Where it was not asked for, its clause may tell the story.
    let speaks = |c: &&Clause| {
        let same = c.start == clause.start;
        let beside = c.sentence == clause.sentence && !c.finite;
        same && (asked || !c.finite) || !same && (asked || beside) && how_reached(source, c)
    };
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
    let bare = |p: &&str| count_letters(p) > 0;
    let trim = |p: &str| {
        let edge = |c: char| c.is_whitespace() || ",;:.!-–—()".contains(c);
        p.trim_matches(edge).to_owned()
    };
    // "Peter Holm peter.holm@…": who it is, and not how they are reached.
    let said: Vec<String> = (parts.into_iter().filter(bare).map(trim))
        .filter(|part| asked || !is_signature(part))
        .collect();
    (!said.is_empty()).then(|| said.join(", "))
}

/// Whether a clause of an answer says how somebody is to be reached, and nothing else.
pub(crate) fn how_reached(source: &Source<'_>, clause: &Clause) -> bool {
    clause.has(Cue::HowReached) && !clause.question && count(clause.words(source.text)) <= FREE
}

fn count_letters(words: &str) -> usize {
    words.chars().filter(|c| c.is_alphabetic()).count()
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
