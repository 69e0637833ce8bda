//! How what is said now relates to what is known: the same, a fuller form of it, or what is denied.

use super::{slots, source::Source};
use crate::domain::{Slot, SlotValue, interpretation::Clause};

/// "It was a Saturday", of a day that is one: said besides, and nothing to put right.
pub(crate) fn same_weekday(known: &SlotValue, new: &SlotValue) -> bool {
    let (SlotValue::Dates(known), SlotValue::Dates(new)) = (known, new) else {
        return false;
    };
    let day = |text: &Option<String>| {
        text.as_deref()
            .and_then(|t| t.parse::<jiff::civil::Date>().ok())
    };
    let figures = |t: &str| t.chars().any(|c| c.is_ascii_digit());
    let dated = figures(&known.said) || known.said.contains(" of ");
    let (Some(a), Some(b)) = (day(&known.from), day(&new.from)) else {
        return false;
    };
    dated && !figures(&new.said) && a.weekday() == b.weekday() && known.from == known.to
}

/// "Actually the 6th", after 5 October: a day of the month that is known, and not the last one that was a 6th.
pub(crate) fn in_the_known_month(known: &SlotValue, new: SlotValue) -> SlotValue {
    let (SlotValue::Dates(before), SlotValue::Dates(day)) = (known, &new) else {
        return new;
    };
    let date = |text: &Option<String>| text.as_deref()?.parse::<jiff::civil::Date>().ok();
    let number = |w: &str| w.starts_with(|c: char| c.is_ascii_digit());
    let words: Vec<&str> = day.said.split_whitespace().collect();
    let bare = words.len() <= 3 && words.last().is_some_and(|w| number(w));
    let (Some(month), Some(found)) = (date(&before.from), date(&day.from)) else {
        return new;
    };
    let moved = jiff::civil::Date::new(month.year(), month.month(), found.day());
    match moved {
        Ok(moved) if bare && day.from == day.to && moved < found => {
            SlotValue::Dates(crate::domain::Dates {
                said: day.said.clone(),
                from: Some(moved.to_string()),
                to: Some(moved.to_string()),
                other: None,
            })
        }
        _ => new,
    }
}

/// Nothing is in a clause but a day.
pub(crate) fn all_day(source: &Source<'_>, clause: &Clause) -> bool {
    let core = clause.core_words(source.text).len();
    let days = &source.said.entities.dates;
    let inside = |d: &&crate::domain::interpretation::FoundDate| {
        clause.start <= d.start && d.start < clause.end
    };
    days.iter()
        .find(inside)
        .is_some_and(|d| core <= d.text.len() + 4)
}

pub(crate) fn starred(source: &Source<'_>) -> bool {
    source.text.trim_start().starts_with('*')
}

/// Whether what is said not to be meant is what is known of a slot, or of its kind.
pub(crate) fn denies(source: &Source<'_>, slot: Slot, known: &SlotValue) -> bool {
    let known = known.text().to_lowercase();
    let e = &source.said.entities;
    source.said.excluded.iter().any(|(start, end)| {
        let words = source.text.get(*start..*end).unwrap_or_default();
        let words = words.trim().to_lowercase();
        let kind = match slot {
            Slot::IncidentWhen => e.dates.iter().any(|d| (*start..*end).contains(&d.start)),
            Slot::IncidentWhere => e.places.iter().any(|p| (*start..*end).contains(&p.start)),
            _ => false,
        };
        let short = words.split_whitespace().next().unwrap_or_default();
        kind || !words.is_empty()
            && (known.contains(&words)
                || words.contains(known.trim())
                || known.split_whitespace().any(|w| w == short))
    })
}

/// Whether a clause answers what was asked: then it puts nothing else right.
pub(crate) fn answers_the_question(source: &Source<'_>, clause: &Clause) -> bool {
    // Who they are is read from the whole message, and so stands in each of its clauses.
    let pointed = |a: &&&crate::flow::Ask| a.slot != crate::domain::Slot::Relation;
    source.ask.as_ref().filter(pointed).is_some_and(|a| {
        let found = (slots::row(a.slot, a.kind).exact)(source, clause);
        found.is_some_and(|v| !v.is_missing() && !matches!(v, SlotValue::YesNo { .. }))
    })
}

const TITLES: [&str; 10] = [
    "mr", "mrs", "ms", "miss", "mx", "dr", "sr", "sra", "don", "doña",
];

/// "tracy", and then "tracy hibbs-lowe": the same name, fuller.
pub(crate) fn extends(source: &Source<'_>, clause: &Clause, known: &SlotValue) -> bool {
    let SlotValue::Text(known) = known else {
        return false;
    };
    let words = clause.core_words(source.text).to_lowercase();
    let fuller: Vec<&str> = words.split_whitespace().collect();
    let known = known.to_lowercase();
    // "Mr Nwosu", and then Kelechi Nwosu: the title is no part of the name.
    let untitled = known
        .trim_start_matches(|c: char| !c.is_whitespace())
        .trim_start();
    let titled = known
        .split(' ')
        .next()
        .is_some_and(|w| TITLES.contains(&w.trim_end_matches('.')));
    let known: Vec<&str> = if titled { untitled } else { &known }
        .split_whitespace()
        .collect();
    let (Some(first), Some(given)) = (known.first(), fuller.first()) else {
        return false;
    };
    // "Bev", and then Beverley Stokes.
    let short = first.chars().count() >= 3 && given.starts_with(first);
    clause.name_like
        && !clause.finite
        && (fuller.len() > known.len() || titled && fuller.len() >= known.len())
        && (fuller.starts_with(&known) || fuller.ends_with(&known) || short)
}

/// "It's Anne, not Ann": only what is not meant is replaced in the known value.
pub(crate) fn excluded_in(
    source: &Source<'_>,
    known: &SlotValue,
    new: &SlotValue,
) -> Option<SlotValue> {
    let (SlotValue::Text(_), SlotValue::Text(right)) = (known, new) else {
        return None;
    };
    let (start, end) = source.said.excluded.first()?;
    let wrong = source.text.get(*start..*end)?.trim();
    // Only the first word of what is excluded may be the name: "Ann - Anne with an e".
    let wrong = wrong.split([' ', '-']).next().filter(|w| !w.is_empty())?;
    slots::patched(known, wrong, right)
}

/// A name that puts right one of several people replaces that one only.
pub(crate) fn corrected_person(
    source: &Source<'_>,
    known: &SlotValue,
    new: SlotValue,
    slot: Slot,
) -> SlotValue {
    let (Slot::StaffInvolved, SlotValue::People(old), SlotValue::People(people)) =
        (slot, known, &new)
    else {
        return new;
    };
    let lower = |t: &Option<String>| t.as_deref().map(str::to_lowercase);
    let excluded = |p: &crate::domain::Person| {
        source.said.excluded.iter().any(|(s, e)| {
            let words = source.text.get(*s..*e).unwrap_or_default().to_lowercase();
            [&p.name, &p.role]
                .into_iter()
                .filter_map(lower)
                .any(|t| words.contains(&t) || t.contains(words.trim()))
        })
    };
    let denied = old.iter().any(excluded);
    let mut all: Vec<crate::domain::Person> = if denied || old.len() == 1 {
        old.iter()
            .filter(|p| denied && !excluded(p))
            .cloned()
            .collect()
    } else {
        old[..old.len() - 1].to_vec()
    };
    for person in people {
        let mut person = person.clone();
        if person.role.is_none() && old.len() == 1 {
            person.role.clone_from(&old[0].role);
        }
        all.push(person);
    }
    SlotValue::People(all)
}

pub(crate) fn same_words(a: &SlotValue, b: &SlotValue) -> bool {
    a.text().to_lowercase() == b.text().to_lowercase()
}
