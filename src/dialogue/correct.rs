//! What is put right or taken back: which slot, and the value that takes the place of the old one.

use super::{
    acts::DialogueAct,
    extract::{Source, count},
    slots,
};
use crate::{
    domain::{
        Slot, SlotValue,
        complaint::Contact,
        interpretation::{Clause, Cue, Lead},
    },
    flow::Kind,
};

/// A correction is short: longer messages tell.
const LONGEST: usize = 30;

/// An act, and the clauses that it takes.
#[derive(Debug)]
pub(crate) struct Correction {
    pub(crate) act: DialogueAct,
    pub(crate) clauses: Vec<usize>,
}

/// What the open clauses of a message put right.
pub(crate) fn corrections(source: &Source<'_>, open: &[usize]) -> Vec<Correction> {
    let said = source.said;
    let reached = contact(source, open);
    if count(source.text) > LONGEST {
        return reached.into_iter().collect();
    }
    let marked = said.has(Cue::Corrects)
        || source.text.trim_start().starts_with('*')
        || said
            .excluded
            .iter()
            .any(|(s, _)| clause_at(source, *s).is_some());
    let mut found: Vec<Correction> = reached.into_iter().collect();
    found.extend(consent(source, open));
    for slot in [
        Slot::IncidentWhen,
        Slot::IncidentWhere,
        Slot::StaffInvolved,
        Slot::ComplainantName,
        Slot::AffectedPerson,
    ] {
        if let Some(one) = typed(source, open, slot, marked) {
            found.push(one);
        }
    }
    if found.is_empty()
        && marked
        && let Some(one) = in_words(source, open)
    {
        found.push(one);
    }
    if !found.is_empty() {
        // The words that announce a correction belong to it.
        let taken: Vec<usize> = found.iter().flat_map(|f| f.clauses.clone()).collect();
        let announces = |n: &usize| {
            let clause = &said.clauses[*n];
            let excludes = |(s, _): &(usize, usize)| clause.start <= *s && *s < clause.end;
            let denies = !clause.finite && said.excluded.iter().any(excludes);
            let marks = clause.has(Cue::Corrects) && !clause.finite;
            !taken.contains(n) && (clause.filler || denies || marks)
        };
        let more: Vec<usize> = open.iter().copied().filter(announces).collect();
        found[0].clauses.extend(more);
    }
    found
}

fn clause_at<'a>(source: &Source<'a>, at: usize) -> Option<&'a Clause> {
    let mut clauses = source.said.clauses.iter();
    clauses.find(|c| c.start <= at && at < c.end)
}

/// Ways to be reached: replaced, or taken back.
fn contact(source: &Source<'_>, open: &[usize]) -> Option<Correction> {
    let said = source.said;
    let asked = source.ask.map(|a| a.slot);
    let known = match source.state.value(Slot::ContactMethod) {
        Some(SlotValue::Contacts(all)) => all.as_slice(),
        _ => &[],
    };
    let row = slots::row(Slot::ContactMethod, Kind::Text);
    let mut new: Vec<Contact> = Vec::new();
    let mut clauses: Vec<usize> = Vec::new();
    for n in open {
        let clause = &said.clauses[*n];
        let retracts = [Cue::RetractsPhone, Cue::RetractsEmail, Cue::RetractsContact]
            .iter()
            .any(|c| clause.has(*c));
        if let Some(SlotValue::Contacts(all)) = (row.exact)(source, clause) {
            new.extend(all);
            clauses.push(*n);
        } else if retracts {
            clauses.push(*n);
        }
    }
    // "07700 900640, text, don't ring": how to reach them, and no wish to be forgotten.
    let fresh = |kind: &str| new.iter().any(|n| n.kind == kind && !known.contains(n));
    let drops = |kind: &str| {
        if fresh(kind) && !known.iter().any(|k| k.kind == kind) {
            return false;
        }
        said.has(Cue::RetractsContact)
            || kind == "phone" && said.has(Cue::RetractsPhone)
            || kind == "email" && said.has(Cue::RetractsEmail)
    };
    let retracts = drops("phone") || drops("email");
    if clauses.is_empty() || !retracts && (known.is_empty() || new.is_empty()) {
        return None;
    }
    // Another address of the same kind, just after one was given: the first had a slip.
    let last = source.state.run.as_ref().and_then(|r| r.last);
    let just_given = last == Some(Slot::ContactMethod)
        && asked != Some(Slot::ContactMethod)
        && !said.has(Cue::Adds);
    let marked = said.has(Cue::Corrects)
        || just_given
        || !said.excluded.is_empty()
        || source.text.trim_start().starts_with('*');
    if !retracts && !marked {
        return None;
    }
    let replaced = |c: &&Contact| {
        let same_kind = marked && new.iter().any(|n| n.kind == c.kind);
        !(drops(&c.kind) || same_kind || c.kind == "other")
    };
    let mut left: Vec<Contact> = known.iter().filter(replaced).cloned().collect();
    left.extend(
        new.iter()
            .filter(|c| !known.contains(c) || !drops(&c.kind))
            .cloned(),
    );
    left.dedup();
    let words = said.clauses[clauses[0]].words(source.text).to_owned();
    let slot = Slot::ContactMethod;
    let act = match (left.is_empty(), new.is_empty(), known.is_empty()) {
        // Nothing was known, and none is wanted.
        (true, _, true) if asked == Some(slot) => DialogueAct::Decline(slot, words),
        (true, _, true) => return None,
        (true, ..) => DialogueAct::Retract(slot, SlotValue::Declined(words)),
        (false, true, _) => DialogueAct::Retract(slot, SlotValue::Contacts(left)),
        (false, false, _) => DialogueAct::Correct(slot, SlotValue::Contacts(left)),
    };
    Some(Correction { act, clauses })
}

/// "Yes he knows." "No, he doesn't, actually.": the last word counts.
fn consent(source: &Source<'_>, open: &[usize]) -> Option<Correction> {
    let known = source.state.value(Slot::Consent)?;
    let last = source.state.run.as_ref().and_then(|r| r.last);
    let marked = source.said.has(Cue::Corrects) || last == Some(Slot::Consent);
    if !marked || source.ask.is_some_and(|a| a.slot == Slot::Consent) {
        return None;
    }
    open.iter().find_map(|n| {
        let clause = &source.said.clauses[*n];
        let no = clause.has(Cue::Disagrees);
        let yes = !no && (clause.has(Cue::HasConsent) || clause.has(Cue::Agrees));
        let said = clause.words(source.text).to_owned();
        let value = SlotValue::YesNo { yes, said };
        let same = matches!(known, SlotValue::YesNo { yes: before, .. } if *before == yes);
        ((yes || no) && !same && count(source.text) <= 10).then(|| Correction {
            act: DialogueAct::Correct(Slot::Consent, value),
            clauses: vec![*n],
        })
    })
}

/// A slot whose value can be pointed at: a day, a place, a name.
fn typed(source: &Source<'_>, open: &[usize], slot: Slot, marked: bool) -> Option<Correction> {
    let state = source.state;
    let known = state.value(slot)?;
    if source.ask.is_some_and(|a| a.slot == slot) {
        return None;
    }
    let row = slots::row(slot, Kind::Text);
    let said = source.said;
    // Where nothing says that something is wrong, what is not meant must be what was told.
    let marked =
        marked && (said.has(Cue::Corrects) || starred(source) || denies(source, slot, known));
    let telling: Vec<&usize> = open.iter().filter(|n| !said.clauses[**n].filler).collect();
    for n in open {
        let clause = &said.clauses[*n];
        let lead = clause.lead;
        if clause.question || answers_the_question(source, clause) {
            continue;
        }
        let again = match slot {
            Slot::ComplainantName => lead == Some(Lead::OwnName) || extends(source, clause, known),
            // A day by itself, where one is known and another thing was asked.
            Slot::IncidentWhen
                if !clause.finite && telling.first() == Some(&n) && lead.is_none() =>
            {
                all_day(source, clause)
            }
            Slot::IncidentWhen | Slot::IncidentWhere => {
                !clause.finite
                    && lead == Some(Lead::Copula)
                    && count(clause.core_words(source.text)) <= 6
            }
            _ => false,
        };
        if !marked && !again {
            continue;
        }
        // A story that happens to have a day in it is no correction of the day.
        let tells = clause.finite && lead != Some(Lead::Copula) || lead == Some(Lead::OwnRole);
        let moved = matches!(slot, Slot::IncidentWhen | Slot::IncidentWhere) && tells;
        if (moved || clause.finite && count(clause.core_words(source.text)) > 7)
            && said.excluded.is_empty()
        {
            continue;
        }
        let longer = || {
            extends(source, clause, known)
                .then(|| (row.loose)(source, clause))
                .flatten()
        };
        let Some(value) = (row.exact)(source, clause).or_else(longer) else {
            continue;
        };
        let named = match &value {
            SlotValue::People(all) => all.iter().any(|p| p.name.is_some() || p.role.is_some()),
            SlotValue::Oneself => lead.is_some() || count(source.text) <= 6,
            _ => true,
        };
        if same_weekday(known, &value) {
            continue;
        }
        if !named || value == *known || same_words(&value, known) {
            continue;
        }
        let value = excluded_in(source, known, &value)
            .unwrap_or_else(|| corrected_person(source, known, value.clone(), slot));
        return Some(Correction {
            act: DialogueAct::Correct(slot, value),
            clauses: vec![*n],
        });
    }
    None
}

/// "It was a Saturday", of a day that is one: said besides, and nothing to put right.
fn same_weekday(known: &SlotValue, new: &SlotValue) -> bool {
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

/// Nothing is in a clause but a day.
fn all_day(source: &Source<'_>, clause: &Clause) -> bool {
    let core = clause.core_words(source.text).len();
    let days = &source.said.entities.dates;
    let inside = |d: &&crate::domain::interpretation::FoundDate| {
        clause.start <= d.start && d.start < clause.end
    };
    days.iter()
        .find(inside)
        .is_some_and(|d| core <= d.text.len() + 4)
}

fn starred(source: &Source<'_>) -> bool {
    source.text.trim_start().starts_with('*')
}

/// Whether what is said not to be meant is what is known of a slot, or of its kind.
fn denies(source: &Source<'_>, slot: Slot, known: &SlotValue) -> bool {
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
fn answers_the_question(source: &Source<'_>, clause: &Clause) -> bool {
    source.ask.is_some_and(|a| {
        let found = (slots::row(a.slot, a.kind).exact)(source, clause);
        found.is_some_and(|v| !v.is_missing() && !matches!(v, SlotValue::YesNo { .. }))
    })
}

const TITLES: [&str; 10] = [
    "mr", "mrs", "ms", "miss", "mx", "dr", "sr", "sra", "don", "doña",
];

/// "tracy", and then "tracy hibbs-lowe": the same name, fuller.
fn extends(source: &Source<'_>, clause: &Clause, known: &SlotValue) -> bool {
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
fn excluded_in(source: &Source<'_>, known: &SlotValue, new: &SlotValue) -> Option<SlotValue> {
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
fn corrected_person(
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

fn same_words(a: &SlotValue, b: &SlotValue) -> bool {
    a.text().to_lowercase() == b.text().to_lowercase()
}

/// "It's Anne, not Ann"; "sorry, Anna Lee": the words alone say what is meant. In a known value that has the excluded words, or in the answer given last.
fn in_words(source: &Source<'_>, open: &[usize]) -> Option<Correction> {
    let said = source.said;
    let state = source.state;
    let last = state.run.as_ref().and_then(|r| r.last);
    let meant = |n: &&usize| {
        let c = &said.clauses[**n];
        let refuses = [Cue::Skip, Cue::DontKnow, Cue::Anonymous, Cue::NothingMore];
        !c.filler
            && !refuses.iter().any(|cue| c.has(*cue))
            && !c.finite
            && !c.question
            && !said.is_excluded(c.core.0)
            && !c.core_words(source.text).is_empty()
            && !said
                .excluded
                .iter()
                .any(|(s, _)| c.core.0 <= *s && *s < c.core.1 && *s < c.core.0 + 8)
    };
    let n = *open.iter().find(meant)?;
    let clause = &said.clauses[n];
    let right = clause
        .core_words(source.text)
        .trim_start_matches('*')
        .trim()
        .to_owned();
    let wrong = (said.excluded.first())
        .and_then(|(s, e)| source.text.get(*s..*e))
        .map(|w| w.trim().trim_matches(['.', '…', '"', '\'']).to_owned());
    let candidates = last.into_iter().chain([
        Slot::ComplainantName,
        Slot::IncidentWhere,
        Slot::StaffInvolved,
        Slot::AffectedPerson,
        Slot::ContactMethod,
    ]);
    let clauses: Vec<usize> = open
        .iter()
        .copied()
        .filter(|m| {
            *m == n || said.is_excluded(said.clauses[*m].core.0) || !said.clauses[*m].finite
        })
        .collect();
    if let Some(wrong) = wrong.filter(|w| !w.is_empty()) {
        let right = right
            .split(['…'])
            .next_back()
            .unwrap_or(&right)
            .trim_start_matches('.')
            .trim();
        for slot in candidates {
            let value = state
                .value(slot)
                .and_then(|known| slots::patched(known, &wrong, right));
            if let Some(value) = value {
                return Some(Correction {
                    act: DialogueAct::Correct(slot, value),
                    clauses,
                });
            }
        }
    }
    let slot = last?;
    // "Sorry, Anna Lee" puts right what was said just before; a longer message tells something else.
    let short = count(source.text) <= 8 && slot != Slot::ContactMethod;
    // "Sorry, I'm a mess": no name, unless it is written as one.
    let named = slot != Slot::ComplainantName || right.chars().any(char::is_uppercase);
    if !short
        || !named
        || clause.lead == Some(Lead::OwnRole)
        || clause.asks
        || source.ask.is_some_and(|a| a.slot == slot)
    {
        return None;
    }
    let known = state.value(slot)?;
    let row = slots::row(slot, Kind::Text);
    let value = (row.exact)(source, clause).or_else(|| (row.loose)(source, clause))?;
    // What is asked for comes first: "sorry, Anna Lee" answers "what name?" where that was the question.
    let asked_fits = source.ask.is_some_and(|a| {
        let row = slots::row(a.slot, a.kind);
        (row.exact)(source, clause).is_some()
    });
    if asked_fits || same_words(&value, known) || matches!(value, SlotValue::YesNo { .. }) {
        return None;
    }
    Some(Correction {
        act: DialogueAct::Correct(slot, value),
        clauses,
    })
}
