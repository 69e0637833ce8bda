//! Names of people in what was said: whose they are, and how they are written.

use super::source::{Source, count, inside};
use crate::{
    domain::{
        Person, Slot, SlotValue,
        interpretation::{Clause, Cue, Lead},
    },
    nlu::{PARTICLES, follows_as_kin, is_courtesy, names_in, says_kin},
};

/// Whether a clause, or what its sentence goes on to say of the same person, speaks well of them.
pub(crate) fn vouched(source: &Source<'_>, clause: &Clause) -> bool {
    if clause.has(Cue::Praises) {
        return true;
    }
    // "The drivers are grand, Yusuf especially".
    let before = source.said.clauses.iter().rfind(|c| c.start < clause.start);
    let of_all = before.is_some_and(|c| {
        c.sentence == clause.sentence && (c.has(Cue::Exonerates) || c.has(Cue::Vouches))
    });
    if of_all && !clause.finite && matches!(clause.lead, None | Some(Lead::OtherName)) {
        return true;
    }
    if cleared_next(source, clause) {
        return true;
    }
    let mut told = false;
    (source.said.clauses.iter())
        .filter(|c| c.sentence == clause.sentence && c.start >= clause.start)
        .any(|c| {
            let same = c.start > clause.start && c.has(Cue::Vouches);
            let praises = same || !told && (c.has(Cue::Exonerates) || c.has(Cue::Vouches));
            told |= c.finite;
            praises
        })
}

/// "There was a sister with glasses who said someone should have rung. Not her fault": a sentence of its own that
/// clears whoever was just told of.
fn cleared_next(source: &Source<'_>, clause: &Clause) -> bool {
    /// A longer one tells of others.
    const SHORT: usize = 5;
    let next = || {
        let all = source.said.clauses.iter();
        all.filter(|c| c.sentence == clause.sentence + 1)
    };
    let words: usize = next().map(|c| count(c.words(source.text))).sum();
    let others = (source.said.entities.staff.iter()).any(|s| next().any(|c| inside(c, s.start)));
    // "The nurses were lovely" is of others.
    let clears =
        |c: &Clause| c.has(Cue::OfAnother) && (c.has(Cue::Exonerates) || c.has(Cue::Clears));
    words <= SHORT && !others && next().any(clears)
}

/// Whether the same message says of a name that it was not that one.
pub(crate) fn taken_back(source: &Source<'_>, name: &str) -> bool {
    let surname = name.split_whitespace().next_back().unwrap_or_default();
    source.said.excluded.iter().any(|(start, end)| {
        let words = source.text.get(*start..*end).unwrap_or_default();
        if count(words) > 5 {
            return false;
        }
        let mut words = words.split(|c: char| !c.is_alphanumeric());
        words.any(|w| w.eq_ignore_ascii_case(surname))
    })
}

/// "I'm Paul Green", "Ivo Tanner, his son": the writer, whatever was asked.
pub(crate) fn names_writer(source: &Source<'_>, clause: &Clause) -> bool {
    if signs(source, clause) {
        return true;
    }
    let of_victim = source.ask.is_some_and(|a| a.slot == Slot::AffectedPerson);
    let told = source.said.entities.self_name.as_ref();
    let named = told.filter(|n| inside(clause, n.start)).map(|n| n.end);
    let name = named.or(clause.name_like.then_some(clause.core.1));
    let after = name.and_then(|end| source.text.get(end..));
    if !of_victim && after.is_some_and(follows_as_kin) {
        return true;
    }
    let own = source.said.entities.self_name.as_ref();
    let own = own.is_some_and(|n| inside(clause, n.start));
    clause.lead == Some(Lead::OwnName)
        || clause.lead == Some(Lead::OwnRole) && (own || clause.name_like)
}

/// "Pat Kerr, 07700 900222": a name that stands beside a way to be reached, and nothing else, is the writer's.
pub(crate) fn signs(source: &Source<'_>, clause: &Clause) -> bool {
    let of_others = source.ask.is_some_and(|a| a.slot == Slot::ComplainantName);
    let written = clause
        .core_words(source.text)
        .chars()
        .any(char::is_uppercase);
    let e = &source.said.entities;
    let clauses = &source.said.clauses;
    let next = clauses.iter().find(|c| c.start >= clause.end);
    let reached = next.is_some_and(|next| {
        (e.emails.iter().chain(&e.phones)).any(|f| {
            next.start <= f.start && f.start < next.end && next.sentence == clause.sentence
        })
    });
    let told = clauses.iter().any(|c| c.finite);
    !of_others && clause.name_like && clause.lead.is_none() && written && reached && !told
}

/// Whether words are the name of somebody who is complained of already.
pub(crate) fn is_known_staff(source: &Source<'_>, words: &str) -> bool {
    let words = words.trim().to_lowercase();
    let named = |p: &Person| p.name.as_ref().is_some_and(|n| n.to_lowercase() == words);
    matches!(source.state.value(Slot::StaffInvolved), Some(SlotValue::People(all)) if all.iter().any(named))
}

/// Whether words that stand before an address are the name of whoever can be reached there.
pub(crate) fn is_signature(words: &str) -> bool {
    let words: Vec<&str> = words.split_whitespace().collect();
    let capital =
        |w: &&str| w.starts_with(char::is_uppercase) && w.chars().all(|c| !c.is_ascii_digit());
    (1..=4).contains(&words.len()) && words.iter().all(capital)
}

/// "No chance": a refusal, and nobody called Chance, unless it is written so.
pub(crate) fn refuses(source: &Source<'_>, clause: &Clause) -> bool {
    let cues = [Cue::No, Cue::Skip, Cue::NothingMore, Cue::Anonymous];
    let written = clause
        .core_words(source.text)
        .chars()
        .any(char::is_uppercase);
    !written && cues.iter().any(|cue| clause.has(*cue))
}

/// "She isn't Karen at all. It's Carol.": somebody of the staff who was named is not the one.
pub(crate) fn staff_denied(source: &Source<'_>) -> bool {
    let Some(SlotValue::People(known)) = source.state.value(Slot::StaffInvolved) else {
        return false;
    };
    let denied = |name: &str| {
        source.said.excluded.iter().any(|(start, end)| {
            let words = source.text.get(*start..*end).unwrap_or_default();
            words.to_lowercase().contains(&name.to_lowercase())
        })
    };
    (known.iter().filter_map(|p| p.name.as_deref())).any(denied)
}

/// "She's called Ivy Potts", where it is known to whom it happened, and not yet what they are called. Where it was
/// asked who did it, the name is theirs.
pub(crate) fn named_late(source: &Source<'_>, clause: &Clause) -> Option<SlotValue> {
    let asked = source.ask.is_some_and(|a| a.slot == Slot::StaffInvolved);
    // "Grandad's called Cosme": of him, whatever was asked.
    let staff = asked && !says_kin(clause.words(source.text));
    let named = clause.name_like && clause.lead == Some(Lead::OtherName) && !staff;
    let Some(SlotValue::Person(known)) = source.state.value(Slot::AffectedPerson) else {
        return None;
    };
    // "Se llama Anselmo", where it happened to their mother: whoever did it.
    let words = clause.words(source.text);
    let fits = crate::nlu::may_be_of(words, known.role.as_deref().unwrap_or_default());
    (named && fits && known.name.is_none()).then(|| {
        SlotValue::Person(Person {
            name: Some(name(clause.core_words(source.text))),
            ..known.clone()
        })
    })
}

/// Whether a message tells to whom something happened: of "se llama Anselmo", and no more, nobody can read it.
pub(crate) fn tells_whose(source: &Source<'_>) -> bool {
    let affected = source.said.entities.affected.as_ref();
    let alone = source
        .said
        .clauses
        .iter()
        .all(|c| c.filler || c.lead == Some(Lead::OtherName));
    !alone || affected.is_some_and(|a| a.relation.is_some())
}

/// Whether a clause names whom it happened to: "dad's Keith Allsop", "her name's Mary".
pub(crate) fn names_victim(source: &Source<'_>, clause: &Clause) -> bool {
    let affected = source.said.entities.affected.as_ref();
    let here = |at: usize| inside(clause, at);
    let named = tells_whose(source)
        && affected.is_some_and(|a| a.name.is_some() && a.start.is_some_and(here));
    named || named_late(source, clause).is_some() || stands_by_kin(source, clause)
}

/// "My mum, Beryl": the name that follows what somebody is to the writer.
fn stands_by_kin(source: &Source<'_>, clause: &Clause) -> bool {
    let before = source.said.clauses.iter().rfind(|c| c.end <= clause.start);
    let kin = |c: &Clause| {
        let words = c.core_words(source.text);
        c.sentence == clause.sentence && !c.finite && count(words) <= 3 && says_kin(words)
    };
    clause.name_like && clause.lead.is_none() && !clause.finite && before.is_some_and(kin)
}

/// Names in a clause that stand in an answer to who it was: "I heard him call her Shona".
pub(crate) fn names_beside(source: &Source<'_>, clause: &Clause) -> Vec<Person> {
    let e = &source.said.entities;
    let own = e.self_name.as_ref().filter(|_| !staff_denied(source));
    let others: Vec<(usize, usize)> = (e.places.iter().chain(own))
        .map(|f| (f.start, f.end))
        .chain(e.dates.iter().map(|d| (d.start, d.end)))
        .chain(e.staff.iter().map(|s| (s.start, s.end)))
        .collect();
    let taken = |at: usize| others.iter().any(|(s, e)| (*s..*e).contains(&at));
    // "Dad's Keith Allsop", "her name's Mary": whom it happened to.
    if names_victim(source, clause) {
        return Vec::new();
    }
    let usable = (!names_writer(source, clause) || staff_denied(source))
        && !clause.asks
        && clause.lead != Some(Lead::OwnName)
        && !vouched(source, clause);
    if !usable {
        return Vec::new();
    }
    let words = source
        .text
        .get(clause.start..clause.end)
        .unwrap_or_default();
    names_in(words)
        .into_iter()
        .filter(|(at, _)| !taken(clause.start + at) && !source.said.is_excluded(clause.start + at))
        .filter(|(_, name)| !taken_back(source, name))
        .map(|(_, name)| Person {
            name: Some(name),
            ..Person::default()
        })
        .collect()
}

/// A name typed without capitals, or in nothing else, with those that names have.
fn capitalised(name: &str) -> String {
    let plain = !name.chars().any(char::is_uppercase);
    let shouted = !name.chars().any(char::is_lowercase) && name.chars().count() > 3;
    if !plain && !shouted {
        return name.to_owned();
    }
    let word = |word: &str| {
        let word = word.to_lowercase();
        if PARTICLES.contains(&word.as_str()) {
            return word;
        }
        let mut start = true;
        let capital = |c: char| {
            let upper = std::mem::replace(&mut start, matches!(c, '-' | '\'' | '’'));
            if upper {
                c.to_uppercase().collect()
            } else {
                String::from(c)
            }
        };
        word.chars().map(capital).collect()
    };
    let words: Vec<String> = name.split_whitespace().map(word).collect();
    words.join(" ")
}

/// A name as it is kept: without quotes and full stops around it, and with its capitals.
pub(crate) fn name(words: &str) -> String {
    let bare = words.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, ',' | ';' | ':' | '!' | '"' | '“' | '”' | '*')
    });
    let bare = bare
        .strip_suffix('.')
        .filter(|b| b.chars().count() > 2)
        .unwrap_or(bare);
    capitalised(bare)
}

/// Somebody of whom nothing but the name is told.
pub(crate) fn named_as(words: &str) -> Person {
    Person {
        name: Some(name(words)),
        ..Person::default()
    }
}

/// The writer's own name: "Mrs Rashida Begum" is Rashida Begum. Where nothing but a surname is told, the title stays.
pub(crate) fn own_name(words: &str) -> String {
    let name = name(words);
    let courtesy = |w: &&str| {
        let word = w.trim_matches(['.', ',']).to_lowercase();
        is_courtesy(&word)
    };
    let all: Vec<&str> = name.split_whitespace().collect();
    let from = all.iter().take_while(|w| courtesy(w)).count();
    let after = all[from..].iter().rev().take_while(|w| courtesy(w)).count();
    let rest = &all[from..all.len() - after];
    if rest.len() < 2 {
        return name;
    }
    rest.join(" ").trim_end_matches(',').to_owned()
}
