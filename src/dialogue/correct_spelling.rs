//! A name that is spelt again: "Glenis with an i, not a y", "sorry, it was Toni".

use super::{acts::DialogueAct, correction::Correction, known::starred, source::Source};
use crate::{
    domain::{
        Slot, SlotValue,
        interpretation::{Clause, Cue, Lead},
    },
    nlu::names_in,
};

/// Slots that hold names.
const NAMES: [Slot; 3] = [
    Slot::ComplainantName,
    Slot::StaffInvolved,
    Slot::AffectedPerson,
];

/// Names that are known, spelt otherwise now.
pub(crate) fn respelt(source: &Source<'_>, open: &[usize]) -> Option<Correction> {
    let said = source.said;
    let last = source.state.run.as_ref().and_then(|r| r.last);
    let asked = source.ask.map(|a| a.slot);
    let marked = said.has(Cue::Corrects) || starred(source) || !said.excluded.is_empty();
    let may_be = |slot: &Slot| {
        let just_given = last == Some(*slot);
        // Where a name is asked for, another name that is much alike is the answer.
        let a_name_is_asked = asked.is_some_and(|a| NAMES.contains(&a));
        asked != Some(*slot)
            && if a_name_is_asked {
                marked && just_given
            } else {
                marked || just_given
            }
    };
    NAMES.into_iter().filter(may_be).find_map(|slot| {
        let known = source.state.value(slot)?;
        let n = *open.iter().find(|n| {
            let clause = &said.clauses[**n];
            spells(source, clause) && alike(source, clause, known).is_some()
        })?;
        let (old, new) = alike(source, &said.clauses[n], known)?;
        let value = super::slots::patched(known, &old, &new)?;
        let whole = value.text().to_lowercase();
        // The whole name once more, after how it is spelt.
        let again = |m: &&usize| {
            let clause = &said.clauses[**m];
            let mut words = clause.core_words(source.text).split_whitespace();
            **m != n && clause.name_like && words.all(|w| whole.contains(&w.to_lowercase()))
        };
        let more = open.iter().filter(again).copied();
        Some(Correction {
            act: DialogueAct::Correct(slot, value),
            clauses: std::iter::once(n).chain(more).collect(),
        })
    })
}

/// Whether a clause says nothing but a name.
fn spells(source: &Source<'_>, clause: &Clause) -> bool {
    let leads = matches!(
        clause.lead,
        None | Some(Lead::Copula | Lead::OwnName | Lead::Name | Lead::OtherName)
    );
    let few = clause.core_words(source.text).split_whitespace().count() <= 3;
    let meant = !(source.said.excluded.iter())
        .any(|(from, to)| *from < clause.core.1 && clause.core.0 < *to);
    leads && few && meant && !clause.question && !clause.filler
}

/// A word of a known name, and the word that is much like it.
fn alike(source: &Source<'_>, clause: &Clause, known: &SlotValue) -> Option<(String, String)> {
    let words = clause.core_words(source.text);
    let named = if clause.name_like {
        words.to_owned()
    } else {
        names_in(words).into_iter().map(|(_, name)| name).next()?
    };
    let names = match known {
        SlotValue::Text(name) => vec![name.clone()],
        SlotValue::Person(person) => person.name.iter().cloned().collect(),
        SlotValue::People(all) => all.iter().filter_map(|p| p.name.clone()).collect(),
        _ => Vec::new(),
    };
    // "Stephen Leigh", where it was Steven Lee: the whole of it.
    if named.contains(' ') {
        let shares = |name: &&String| {
            let pairs = name.split_whitespace().zip(named.split_whitespace());
            { pairs }.any(|(a, b)| near(&a.to_lowercase(), &b.to_lowercase()))
        };
        let old = names.iter().find(shares)?;
        return Some((old.clone(), super::names::own_name(&named)));
    }
    let old: Vec<&str> = names.iter().flat_map(|n| n.split_whitespace()).collect();
    let lower: Vec<String> = old.iter().map(|w| w.to_lowercase()).collect();
    named.split_whitespace().find_map(|new| {
        let new = new.trim_matches(|c: char| !c.is_alphanumeric());
        let small = new.to_lowercase();
        if lower.contains(&small) {
            return None;
        }
        let at = lower.iter().position(|known| near(known, &small))?;
        Some((old[at].to_owned(), super::names::name(new)))
    })
}

/// Whether two words may be one name, spelt in two ways.
fn near(a: &str, b: &str) -> bool {
    let shorter = a.chars().count().min(b.chars().count());
    let most = if shorter <= 4 { 1 } else { 2 };
    let first = a.chars().next() == b.chars().next();
    let apart = strsim::damerau_levenshtein(a, b);
    shorter >= 3 && (1..=most).contains(&apart) && (first || apart == 1)
}

#[cfg(test)]
mod tests {
    use super::near;

    #[test]
    fn names_that_are_much_alike_may_be_one_name() {
        for (a, b) in [
            ("glenys", "glenis"),
            ("toni", "tony"),
            ("ana", "anna"),
            ("mcallister", "macalister"),
        ] {
            assert!(near(a, b), "{a} {b}");
        }
        for (a, b) in [("ann", "ian"), ("karen", "sharon"), ("al", "ali")] {
            assert!(!near(a, b), "{a} {b}");
        }
    }
}
