//! Ways to be reached that are put right or taken back.

use super::{
    acts::DialogueAct,
    correction::Correction,
    slots,
    source::{Source, inside},
};
use crate::{
    domain::{
        Slot, SlotValue,
        complaint::Contact,
        interpretation::{Clause, Cue},
    },
    flow::Kind,
};

fn is_among(contact: &Contact, known: &[Contact]) -> bool {
    known.iter().any(|k| k.reaches_as(contact))
}

/// Whether a clause names an address or a number to say that it is not to be used.
fn denied(source: &Source<'_>, clause: &Clause) -> bool {
    let e = &source.said.entities;
    (e.emails.iter().chain(&e.phones))
        .any(|f| inside(clause, f.start) && source.said.is_excluded(f.start))
}

/// Ways to be reached: replaced, or taken back.
pub(crate) fn contact(source: &Source<'_>, open: &[usize]) -> Option<Correction> {
    let said = source.said;
    let asked = source.ask.map(|a| a.slot);
    let known = match source.state.value(Slot::ContactMethod) {
        Some(SlotValue::Contacts(all)) => all.as_slice(),
        _ => &[],
    };
    if let Some(correction) = new_tail(source, known, open) {
        return Some(correction);
    }
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
        } else if retracts || denied(source, clause) {
            clauses.push(*n);
        }
    }
    // "Don't use …, it's my old one": that one, and none of the others.
    let unwanted: Vec<&str> = (said.entities.emails.iter())
        .chain(&said.entities.phones)
        .filter(|f| said.is_excluded(f.start))
        .map(|f| f.text.as_str())
        .collect();
    // "07700 900640, text, don't ring": how to reach them, and no wish to be forgotten.
    let fresh = |kind: &str| new.iter().any(|n| n.kind == kind && !is_among(n, known));
    let drops = |kind: &str| {
        if !unwanted.is_empty() {
            return false;
        }
        if fresh(kind) && !known.iter().any(|k| k.kind == kind) {
            return false;
        }
        said.has(Cue::RetractsContact)
            || kind == "phone" && said.has(Cue::RetractsPhone)
            || kind == "email" && said.has(Cue::RetractsEmail)
    };
    let known_unwanted = known.iter().any(|k| unwanted.contains(&k.value.as_str()));
    let retracts = drops("phone") || drops("email") || known_unwanted;
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
        let named = unwanted.contains(&c.value.as_str());
        !(drops(&c.kind) || same_kind || named || c.kind == "other")
    };
    let mut left: Vec<Contact> = known.iter().filter(replaced).cloned().collect();
    left.extend(
        new.iter()
            .filter(|c| !is_among(c, known) || !drops(&c.kind))
            .cloned(),
    );
    left.dedup_by(|a, b| a.reaches_as(b));
    let words = said.clauses[clauses[0]].words(source.text).to_owned();
    let slot = Slot::ContactMethod;
    let act = match (left.is_empty(), new.is_empty(), known.is_empty()) {
        // Nothing was known, and none is wanted.
        // Nor is it an answer to anything else: "I don't want to be called" refuses no consent.
        (true, _, true) => DialogueAct::Decline(slot, words),
        (true, ..) => DialogueAct::Retract(slot, SlotValue::Declined(words)),
        // "E-mail only, …": the first answer, and nothing to put right.
        (false, false, true) if asked == Some(slot) => return None,
        (false, true, _) => DialogueAct::Retract(slot, SlotValue::Contacts(left)),
        (false, false, _) => DialogueAct::Correct(slot, SlotValue::Contacts(left)),
    };
    Some(Correction { act, clauses })
}

/// Most figures that are put right at the end of a number; more are a number.
const TAIL: usize = 6;

/// "The last digit is 4 not 3", "889 at the end": the number that was given, with other figures at its end.
fn new_tail(source: &Source<'_>, known: &[Contact], open: &[usize]) -> Option<Correction> {
    let clause = (open.iter()).find(|n| source.said.clauses[**n].has(Cue::CorrectsTail))?;
    let words = source.said.clauses[*clause].words(source.text);
    let mut figures = words.split(|c: char| !c.is_ascii_digit());
    let tail = figures.find(|f| (1..=TAIL).contains(&f.len()))?;
    let at = known.iter().rposition(|c| c.kind == "phone")?;
    let mut left: Vec<char> = tail.chars().collect();
    let mut number: Vec<char> = known[at].value.chars().collect();
    for c in number.iter_mut().rev().filter(|c| c.is_ascii_digit()) {
        let Some(figure) = left.pop() else { break };
        *c = figure;
    }
    let number: String = number.into_iter().collect();
    if number == known[at].value {
        return None;
    }
    let mut all = known.to_vec();
    all[at].value = number;
    Some(Correction {
        act: DialogueAct::Correct(Slot::ContactMethod, SlotValue::Contacts(all)),
        clauses: vec![*clause],
    })
}
