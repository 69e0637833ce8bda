//! What each slot accepts, and what becomes of a second value: one table, a row a slot.

use super::{extract, extract_contact, extract_people, source::Source};
use crate::{
    domain::{Person, Relation, Slot, SlotValue, complaint::Contact, interpretation::Clause},
    flow::Kind,
    nlu::title_fits,
};

/// What a bare "yes" or "no" is to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bare {
    /// No answer: it cannot be one.
    NoAnswer,
    /// An answer of its own kind.
    Answers,
    /// "I'd rather not", or "there is none".
    Declines,
    /// "I don't know".
    DoesNotKnow,
}

/// What becomes of a further value where one is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Merge {
    /// The first stays; only a correction or an answer replaces it.
    Keep,
    /// Both stand.
    Union,
    /// The words of both are kept, one after the other.
    Append,
}

/// How an answer is looked for in a clause: by what can be pointed at, or by the words alone.
type Accept = fn(&Source<'_>, &Clause) -> Option<SlotValue>;

/// What a slot is.
#[derive(Clone, Copy)]
pub(crate) struct Row {
    /// An answer that something in the clause points at: a day, a name, an address.
    pub(crate) exact: Accept,
    /// An answer in free words; only where the clause tells nothing else and has no finite verb.
    pub(crate) loose: Accept,
    /// Whether an answer may run on over the following clauses of the sentence ("12 Elm Way, Leeds").
    pub(crate) runs_on: bool,
    /// Whether a clause with a finite verb may be the answer.
    pub(crate) clauses: bool,
    /// A bare yes.
    pub(crate) yes: Bare,
    /// A bare no.
    pub(crate) no: Bare,
    /// What becomes of a second value.
    pub(crate) merge: Merge,
}

const fn none(_: &Source<'_>, _: &Clause) -> Option<SlotValue> {
    None
}

const BASE: Row = Row {
    exact: none,
    loose: none,
    runs_on: false,
    clauses: false,
    yes: Bare::NoAnswer,
    no: Bare::NoAnswer,
    merge: Merge::Keep,
};

/// The row of a slot; of a flow's own slot, by its type.
pub(crate) fn row(slot: Slot, kind: Kind) -> Row {
    match slot {
        Slot::Relation => Row {
            exact: extract::relation,
            loose: extract::relation_in_words,
            ..BASE
        },
        Slot::WhatHappened => Row {
            loose: extract::story,
            clauses: true,
            merge: Merge::Append,
            ..BASE
        },
        Slot::IncidentWhen => DATES,
        Slot::IncidentWhere => PLACE,
        Slot::StaffInvolved => Row {
            exact: extract_people::staff,
            loose: extract_people::described_staff,
            runs_on: true,
            no: Bare::DoesNotKnow,
            merge: Merge::Union,
            ..BASE
        },
        Slot::AffectedPerson => Row {
            exact: extract_people::affected,
            loose: extract_people::affected_in_words,
            ..BASE
        },
        Slot::ComplainantName => NAME,
        Slot::ContactMethod => CONTACT,
        Slot::DesiredOutcome => Row {
            exact: extract::outcome,
            loose: extract::words,
            clauses: true,
            no: Bare::Declines,
            merge: Merge::Append,
            ..BASE
        },
        Slot::Consent => Row {
            exact: extract::consent,
            yes: Bare::Answers,
            no: Bare::Answers,
            ..BASE
        },
        Slot::AnythingElse => Row {
            loose: extract::story,
            clauses: true,
            no: Bare::Declines,
            merge: Merge::Append,
            ..BASE
        },
        Slot::CallbackWhen => Row {
            exact: extract::dates,
            loose: extract::words,
            clauses: true,
            ..BASE
        },
        Slot::Reference => Row {
            exact: extract::reference,
            no: Bare::Declines,
            ..BASE
        },
        Slot::Own(_) => own(kind),
    }
}

const DATES: Row = Row {
    exact: extract::dates,
    loose: extract::vague_dates,
    ..BASE
};
const PLACE: Row = Row {
    exact: extract::place,
    loose: extract::place_in_words,
    runs_on: true,
    ..BASE
};
const NAME: Row = Row {
    exact: extract::own_name,
    loose: extract::name_in_words,
    no: Bare::Declines,
    ..BASE
};
const CONTACT: Row = Row {
    exact: extract_contact::contacts,
    loose: extract_contact::contact_in_words,
    runs_on: true,
    no: Bare::Declines,
    merge: Merge::Union,
    ..BASE
};

fn own(kind: Kind) -> Row {
    let free = Row {
        loose: extract::words,
        runs_on: true,
        clauses: true,
        no: Bare::Declines,
        ..BASE
    };
    match kind {
        Kind::Text | Kind::Choice | Kind::Person => free,
        Kind::Place => Row {
            exact: extract::place,
            ..free
        },
        Kind::Name => NAME,
        Kind::Contact => CONTACT,
        Kind::Dates => DATES,
        Kind::YesNo => Row {
            exact: extract::yes_no,
            yes: Bare::Answers,
            no: Bare::Answers,
            ..BASE
        },
        Kind::Number => Row {
            exact: extract::number,
            clauses: true,
            ..BASE
        },
    }
}

/// A second value beside the one that is known; a declined one gives way to anything that is told.
pub(crate) fn merge(row: &Row, known: &SlotValue, new: SlotValue) -> SlotValue {
    if known.is_missing() {
        return new;
    }
    if new.is_missing() {
        return known.clone();
    }
    match (row.merge, known, new) {
        (Merge::Keep, SlotValue::Person(a), SlotValue::Person(b)) => {
            SlotValue::Person(complete(a.clone(), b))
        }
        (Merge::Keep, ..) => known.clone(),
        (Merge::Union, SlotValue::Contacts(a), SlotValue::Contacts(b)) => {
            let mut all = a.clone();
            let real = |c: &Contact| c.kind != "other";
            if b.iter().any(real) {
                all.retain(real);
            }
            all.extend(b.into_iter().filter(|c| !a.iter().any(|k| k.reaches_as(c))));
            SlotValue::Contacts(all)
        }
        (Merge::Union, SlotValue::People(a), SlotValue::People(b)) => {
            let mut all = a.clone();
            for person in b {
                add_person(&mut all, person);
            }
            SlotValue::People(all)
        }
        (Merge::Append, SlotValue::Text(a), SlotValue::Text(b)) => {
            if a.contains(b.trim()) {
                SlotValue::Text(a.clone())
            } else {
                SlotValue::Text(format!("{a}\n{b}"))
            }
        }
        (_, _, new) => new,
    }
}

fn complete(mut known: Person, new: Person) -> Person {
    known.name = known.name.or(new.name);
    // "Porter", and then "tall porter" or "porter with the beard".
    let fuller = match (&known.role, &new.role) {
        (Some(known), Some(new)) => {
            let (known, new) = (known.to_lowercase(), new.to_lowercase());
            let goes_on = |rest: &str| rest.starts_with([' ', ',']);
            new.strip_prefix(&known).is_some_and(goes_on)
                || (new.strip_suffix(&known)).is_some_and(|before| before.ends_with(' '))
        }
        _ => false,
    };
    if fuller {
        known.role = new.role;
    } else {
        known.role = known.role.or(new.role);
    }
    known.description = known.description.or(new.description);
    known
}

/// One entry a person: a name completes the role that was told before, and the other way round.
pub(crate) fn add_person(people: &mut Vec<Person>, new: Person) {
    let alike = |a: &Option<String>, b: &Option<String>| match (a, b) {
        // "Nurse" and "night nurse"; "receptionist" and "receptionist with the glasses".
        (Some(a), Some(b)) => {
            let (a, b) = (a.to_lowercase(), b.to_lowercase());
            let (long, short) = if a.len() < b.len() { (b, a) } else { (a, b) };
            let rest = long.strip_prefix(short.as_str());
            let goes_on = |rest: &str| !rest.starts_with(char::is_alphanumeric);
            long.ends_with(&short) || rest.is_some_and(goes_on)
        }
        _ => false,
    };
    // "Dr Patel", and then "the doctor"; "the nurse", and then "Dr Patel".
    let titled = |person: &Person, role: Option<&String>| {
        let name = person.name.as_ref().filter(|_| person.role.is_none());
        name.zip(role).and_then(|(n, r)| title_fits(n, r))
    };
    let Some(name) = new.name.clone() else {
        let same = |p: &&mut Person| titled(p, new.role.as_ref()) == Some(true);
        if let Some(known) = people.iter_mut().find(same) {
            *known = complete(std::mem::take(known), new);
            return;
        }
        let known = people.iter_mut().find(|p| {
            alike(&p.role, &new.role)
                || new.role.is_none() && p.description.is_none() && new.description.is_some()
        });
        match known {
            Some(known) => *known = complete(std::mem::take(known), new),
            None if new.role.is_none() && new.description.is_none() => {}
            None => people.push(new),
        }
        return;
    };
    let same_name = |p: &&mut Person| {
        (p.name.as_deref()).is_some_and(|n| n.contains(name.as_str()) || name.contains(n))
    };
    if let Some(known) = people.iter_mut().find(same_name) {
        if known.name.as_ref().is_some_and(|n| n.len() < name.len()) {
            known.name = Some(name);
        }
        *known = complete(std::mem::take(known), new);
        return;
    }
    let unnamed: Vec<usize> = (0..people.len())
        .filter(|n| people[*n].name.is_none())
        .filter(|n| titled(&new, people[*n].role.as_ref()) != Some(false))
        .collect();
    let role = unnamed
        .iter()
        .copied()
        .find(|n| alike(&people[*n].role, &new.role));
    let only = (unnamed.len() == 1 && new.role.is_none()).then(|| unnamed[0]);
    match role.or(only) {
        Some(n) => people[n] = complete(std::mem::take(&mut people[n]), new),
        None => people.push(new),
    }
}

/// The relation that a value says, for the state: whoever answers in words of their own is at least somebody.
pub(crate) fn relation_of(value: &SlotValue) -> Option<Relation> {
    match value {
        SlotValue::Choice { value, .. } => Relation::from_name(value),
        SlotValue::Text(_) => Some(Relation::Public),
        _ => None,
    }
}

/// A value put right in part: "Anne, not Ann" in the name, "…414, not …441" in the number.
pub(crate) fn patched(known: &SlotValue, wrong: &str, right: &str) -> Option<SlotValue> {
    let patch = |text: &str| -> Option<String> {
        let at = text.to_lowercase().find(&wrong.to_lowercase())?;
        let after = text.get(at + wrong.len()..)?;
        // "With an i, not a y": a letter of a name is no name.
        let within = after.starts_with(char::is_alphanumeric)
            || text.get(..at)?.ends_with(char::is_alphanumeric);
        if within && wrong.chars().count() < 3 && !wrong.contains(|c: char| c.is_ascii_digit()) {
            return None;
        }
        // "The Royal", and then "the Infirmary": one article.
        let before = text.get(..at)?.trim_end();
        let (first, rest) = right.split_once(' ').unwrap_or(("", right));
        let doubled = !first.is_empty()
            && before
                .rsplit(' ')
                .next()
                .is_some_and(|w| w.eq_ignore_ascii_case(first));
        let right = if doubled { rest } else { right };
        // "Larch ward", and then "Lark ward, not Larch": one ward.
        let next = after.split_whitespace().next().unwrap_or_default();
        let said = right.split_whitespace().next_back();
        let twice = said.is_some_and(|said| said.eq_ignore_ascii_case(next));
        let after = if twice {
            after.trim_start().get(next.len()..)?
        } else {
            after
        };
        Some(format!("{}{right}{after}", text.get(..at)?))
    };
    Some(match known {
        SlotValue::Text(text) => SlotValue::Text(patch(text)?),
        SlotValue::Place(text) => SlotValue::Place(patch(text)?),
        SlotValue::Contacts(all) => {
            let digits = |t: &str| -> String { t.chars().filter(char::is_ascii_digit).collect() };
            let (from, to) = (digits(wrong), digits(right));
            let fix = |c: &Contact| -> Option<Contact> {
                let value = if c.kind == "phone" && !from.is_empty() {
                    let bare: String = c.value.chars().filter(|c| !c.is_whitespace()).collect();
                    let at = bare.rfind(&from)?;
                    format!("{}{to}{}", &bare[..at], &bare[at + from.len()..])
                } else {
                    patch(&c.value)?
                };
                Some(Contact { value, ..c.clone() })
            };
            let at = all.iter().position(|c| fix(c).is_some())?;
            let mut all = all.clone();
            all[at] = fix(&all[at])?;
            SlotValue::Contacts(all)
        }
        SlotValue::People(all) => {
            let at = all
                .iter()
                .position(|p| (p.name.iter().chain(&p.role)).any(|t| patch(t).is_some()))?;
            let mut all = all.clone();
            let person = &mut all[at];
            for part in [&mut person.name, &mut person.role] {
                if let Some(new) = part.as_deref().and_then(patch) {
                    *part = Some(new);
                }
            }
            SlotValue::People(all)
        }
        SlotValue::Person(person) => SlotValue::Person(Person {
            name: Some(patch(person.name.as_deref()?)?),
            ..person.clone()
        }),
        _ => return None,
    })
}
