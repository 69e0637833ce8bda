//! What acts tell is kept: values go into slots, the story into the narrative.

use super::{
    acts::{Act, Acts, DialogueAct},
    heard::Heard,
    own_address, record, slots,
    turn::Turn,
    untold::untold,
};
use crate::{
    domain::{
        Filled, MessageId, Relation, Slot, SlotValue,
        interpretation::{Clause, Cue},
    },
    flow::{Ask, Flow, Kind},
};

/// How much of a message is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// Everything: it is about a complaint.
    Complaint,
    /// The same without the words themselves, which are kept piece by piece.
    Values,
    /// What the open flow asks for, and how the writer is called and reached.
    Flow,
    /// How the writer is called and reached.
    Writer,
    /// What puts right a complaint that is told already, or adds an address, a name or a day to it.
    Additions,
}

/// What was kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Absorbed {
    /// Something known was put right or taken back.
    pub(super) corrected: bool,
    /// All ways to be reached were taken back.
    pub(super) unreachable: bool,
    /// Something that was not known is known now, without having been asked for.
    pub(super) informed: bool,
}

/// Keeps what the acts tell.
pub(super) fn absorb(
    turn: &mut Turn<'_>,
    id: MessageId,
    heard: &Heard<'_>,
    acts: &Acts,
    asked: Option<(&Flow, &Ask)>,
    scope: Scope,
) -> Absorbed {
    let mut done = Absorbed::default();
    for Act { what, .. } in &acts.0 {
        match what {
            DialogueAct::Correct(slot, value) | DialogueAct::Retract(slot, value) => {
                if turn.state.slots.contains_key(slot) {
                    done.corrected = true;
                    done.unreachable |= *slot == Slot::ContactMethod && value.is_missing();
                }
                set(turn, id, *slot, value.clone());
            }
            DialogueAct::Answer(slot, value) => keep(turn, id, *slot, value.clone(), asked),
            DialogueAct::Decline(slot, words) => {
                refuse(turn, id, *slot, SlotValue::Declined(words.clone()));
            }
            DialogueAct::DontKnow(slot, words) => {
                refuse(turn, id, *slot, SlotValue::Unknown(words.clone()));
            }
            DialogueAct::Inform(slot, value) if fits(scope, *slot, acts) => {
                let before = turn.state.slots.get(slot).cloned();
                keep(turn, id, *slot, value.clone(), asked);
                mark_partial(turn, *slot, value, before.as_ref());
                let now = turn.state.slots.get(slot);
                done.informed |= now.is_some_and(|f| !f.partial) && now != before.as_ref();
            }
            _ => {}
        }
    }
    if scope == Scope::Values {
        known_relation(turn, id);
        own_address::claim(turn);
    }
    if scope == Scope::Complaint {
        story(turn, id, heard, acts, asked.is_some());
        known_relation(turn, id);
        own_address::claim(turn);
    }
    if let Some((_, ask)) = asked
        && acts.answers(ask.slot)
        && let Some(run) = &mut turn.state.run
    {
        run.last = Some(ask.slot);
    }
    done
}

/// A role that stood in the story names nobody: it goes on record, and who it was is asked all the same.
fn mark_partial(turn: &mut Turn<'_>, slot: Slot, new: &SlotValue, before: Option<&Filled>) {
    let unnamed = |v: &SlotValue| matches!(v, SlotValue::People(all) if all.iter().all(|p| p.name.is_none() && p.description.is_none()));
    let known = before.is_some_and(|f| !f.partial);
    if slot == Slot::StaffInvolved
        && !known
        && unnamed(new)
        && let Some(filled) = turn.state.slots.get_mut(&slot)
    {
        filled.partial = unnamed(&filled.value);
    }
}

/// Whether something that was not asked for is kept.
fn fits(scope: Scope, slot: Slot, acts: &Acts) -> bool {
    let writer = matches!(slot, Slot::ContactMethod | Slot::ComplainantName);
    match scope {
        Scope::Complaint | Scope::Values => true,
        Scope::Flow => writer || slot == Slot::Reference,
        Scope::Writer => writer,
        Scope::Additions => !acts.narrates(),
    }
}

fn set(turn: &mut Turn<'_>, id: MessageId, slot: Slot, value: SlotValue) {
    if slot == Slot::Relation
        && let Some(relation) = slots::relation_of(&value)
    {
        turn.state.relation = relation;
    }
    let filled = Filled {
        value,
        message: Some(id),
        partial: false,
    };
    turn.state.slots.insert(slot, filled);
}

/// Beside what is known, as the slot's row says.
fn keep(
    turn: &mut Turn<'_>,
    id: MessageId,
    slot: Slot,
    value: SlotValue,
    asked: Option<(&Flow, &Ask)>,
) {
    let kind = asked
        .filter(|(_, a)| a.slot == slot)
        .map_or(Kind::Text, |(_, a)| a.kind);
    let row = slots::row(slot, kind);
    let Some(known) = turn.state.slots.get(&slot).map(|f| f.value.clone()) else {
        return set(turn, id, slot, value);
    };
    let merged = slots::merge(&row, &known, value);
    if merged != known {
        return set(turn, id, slot, merged);
    }
    if let Some(filled) = turn.state.slots.get_mut(&slot) {
        filled.partial = false;
    }
}

/// A refusal takes nothing away that is known.
fn refuse(turn: &mut Turn<'_>, id: MessageId, slot: Slot, value: SlotValue) {
    let known = turn.state.slots.get(&slot);
    if known.is_none_or(|f| f.value.is_missing()) {
        return set(turn, id, slot, value);
    }
    if let Some(filled) = turn.state.slots.get_mut(&slot) {
        filled.partial = false;
    }
}

/// The narrated words, verbatim, once; where all of the message tells the story, all of it.
fn story(turn: &mut Turn<'_>, id: MessageId, heard: &Heard<'_>, acts: &Acts, asked: bool) {
    let mut spans: Vec<(usize, usize)> = (acts.0.iter())
        .filter(|a| a.what == DialogueAct::Narrate)
        .map(|a| (a.span.start, a.span.end))
        .collect();
    let lost = untold(&turn.state, heard, acts);
    if spans.is_empty() {
        let words = lost.iter().filter_map(|(s, e)| heard.text.get(*s..*e));
        let words: Vec<&str> = words.map(str::trim).collect();
        return record::narrate(turn, id, &words.join(" "));
    }
    spans.extend(lost);
    let beside = whole_sentences(&spans, heard, acts);
    spans.extend(beside);
    spans.sort_unstable();
    let spans = together(spans, heard.text, acts);
    let words: Vec<&str> = spans
        .iter()
        .filter_map(|(s, e)| heard.text.get(*s..*e))
        .map(str::trim)
        .filter(|w| !w.is_empty())
        .collect();
    let told = words.join(" ");
    record::narrate(turn, id, &told);
    let tells = heard.said.has(Cue::TellsStory) || asked && told.split_whitespace().count() >= 6;
    if tells && !turn.state.is_filled(Slot::WhatHappened) {
        set(turn, id, Slot::WhatHappened, SlotValue::Text(told));
    }
}

/// "Dr Vaz and the ward clerk both ignored her": who it was, where and when, in a sentence of the story, belong to it.
fn whole_sentences(
    spans: &[(usize, usize)],
    heard: &Heard<'_>,
    acts: &Acts,
) -> Vec<(usize, usize)> {
    let clauses = &heard.said.clauses;
    let narrated = |c: &Clause| spans.iter().any(|(s, e)| *s <= c.start && c.start < *e);
    let told = |sentence: u16| {
        let mut within = clauses
            .iter()
            .filter(|c| c.sentence == sentence && c.finite);
        within.any(narrated)
    };
    let of_story = |what: &DialogueAct| {
        let DialogueAct::Inform(slot, _) = what else {
            return false;
        };
        matches!(
            slot,
            Slot::StaffInvolved | Slot::IncidentWhen | Slot::IncidentWhere
        )
    };
    let span = |c: &Clause| (c.start, c.end);
    let besides = clauses.iter().filter(|c| {
        let mut said = acts
            .0
            .iter()
            .filter(|a| (a.span.start, a.span.end) == span(c));
        told(c.sentence) && !narrated(c) && said.any(|a| of_story(&a.what))
    });
    besides.map(span).collect()
}

/// Stretches between which nothing but a word that says nothing stands ("Sonia, no wait, Marta") are one: what is
/// told stays as it was told.
fn together(spans: Vec<(usize, usize)>, text: &str, acts: &Acts) -> Vec<(usize, usize)> {
    let idle = |from: usize, to: usize| {
        let within = |a: &&Act| from <= a.span.start && a.span.end <= to;
        let between: Vec<&DialogueAct> = acts.0.iter().filter(within).map(|a| &a.what).collect();
        if between.is_empty() {
            // Nothing but a comma or a full stop.
            return text
                .get(from..to)
                .is_some_and(|gap| !gap.contains(char::is_alphanumeric));
        }
        between.iter().all(|what| {
            matches!(
                what,
                DialogueAct::Filler | DialogueAct::Affirm | DialogueAct::Deny
            )
        })
    };
    let mut all: Vec<(usize, usize)> = Vec::new();
    for (start, end) in spans {
        match all.last_mut() {
            Some(last) if last.1 <= start && idle(last.1, start) => last.1 = end,
            _ => all.push((start, end)),
        }
    }
    all
}

/// Who they are, where it was read and not asked.
pub(super) fn known_relation(turn: &mut Turn<'_>, id: MessageId) {
    let relation = turn.state.relation;
    if relation != Relation::Unknown && !turn.state.is_filled(Slot::Relation) {
        let value = SlotValue::Choice {
            value: relation.name().to_owned(),
            said: relation.name().to_owned(),
        };
        set(turn, id, Slot::Relation, value);
    }
}

/// A message that was changed: what came from it is what it says now.
pub(super) fn reread(turn: &mut Turn<'_>, id: MessageId, acts: &Acts) {
    let from_it: Vec<Slot> = (turn.state.slots.iter())
        .filter(|(_, f)| f.message == Some(id))
        .map(|(slot, _)| *slot)
        .collect();
    for slot in from_it {
        turn.state.slots.remove(&slot);
    }
    for Act { what, .. } in &acts.0 {
        match what {
            DialogueAct::Answer(slot, value)
            | DialogueAct::Inform(slot, value)
            | DialogueAct::Correct(slot, value) => keep(turn, id, *slot, value.clone(), None),
            DialogueAct::Decline(slot, words) => {
                refuse(turn, id, *slot, SlotValue::Declined(words.clone()));
            }
            DialogueAct::DontKnow(slot, words) => {
                refuse(turn, id, *slot, SlotValue::Unknown(words.clone()));
            }
            _ => {}
        }
    }
}
