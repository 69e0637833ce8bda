//! The answer to what was asked: by what can be pointed at, by a bare word, or in free words.

use super::reader::Reader;
use super::{
    acts::{Act, DialogueAct, Span},
    extract::count,
    slots::{self, Bare},
};
use crate::{
    domain::{
        Slot, SlotValue,
        interpretation::{Clause, Cue},
    },
    flow::Ask,
};

impl Reader<'_> {
    pub(crate) fn answer(&mut self) {
        let Some(ask) = self.asked else { return };
        let row = slots::row(ask.slot, ask.kind);
        let whole_answer = matches!(ask.slot, Slot::WhatHappened | Slot::AnythingElse);
        if whole_answer {
            return self.story(ask);
        }
        // A bare yes or no, and "I don't know".
        for n in self.open() {
            let clause = &self.clauses()[n];
            if let Some(act) = self.bare(clause, ask) {
                self.taken[n] = Some(act);
                if !matches!(self.taken[n], Some(DialogueAct::Affirm | DialogueAct::Deny)) {
                    self.fold_refusal(n, ask);
                    return;
                }
            }
        }
        // What can be pointed at comes before free words, in whichever clause it stands.
        for n in self.open() {
            let clause = &self.clauses()[n];
            if let Some(value) = (row.exact)(&self.source, clause) {
                let finite_story = clause.finite && !row.clauses && self.tells(clause);
                if finite_story {
                    self.tell(ask.slot, value, clause);
                    continue;
                }
                self.taken[n] = Some(DialogueAct::Answer(ask.slot, value));
                if row.merge == slots::Merge::Keep {
                    return;
                }
            }
        }
        if self.answered(ask.slot) {
            return;
        }
        let free = self.open().into_iter().find(|n| {
            let clause = &self.clauses()[*n];
            (row.clauses && !self.is_story(clause) || !clause.finite)
                && !clause.filler
                && !self.points_elsewhere(clause, ask.slot)
        });
        let Some(n) = free else { return };
        let clause = self.widened(n, row.runs_on || row.clauses, ask.slot);
        if let Some(value) = (row.loose)(&self.source, &clause) {
            for m in n..self.taken.len() {
                if self.clauses()[m].end <= clause.end && self.taken[m].is_none() {
                    self.taken[m] = Some(DialogueAct::Answer(ask.slot, value.clone()));
                }
            }
        }
    }

    /// The question asks for the story: all that is told is the answer.
    pub(crate) fn story(&mut self, ask: &Ask) {
        let open = self.open();
        if open.iter().all(|n| self.clauses()[*n].filler) {
            for n in open {
                let clause = &self.clauses()[n];
                self.taken[n] = self.bare(clause, ask).or(Some(DialogueAct::Filler));
            }
            return;
        }
        let first = open.iter().copied().find(|n| !self.clauses()[*n].filler);
        if let Some(n) = first
            && ask.slot == Slot::AnythingElse
            && let Some(act) = self.bare(&self.clauses()[n], ask)
        {
            self.taken[n] = Some(act);
            return;
        }
        for n in open {
            self.taken[n] = Some(DialogueAct::Narrate);
        }
        let words = self.heard.text.trim().to_owned();
        let enough = count(&words) >= 3 || ask.slot == Slot::AnythingElse;
        if enough {
            self.besides.push(Act {
                what: DialogueAct::Answer(ask.slot, SlotValue::Text(words)),
                span: Span {
                    start: 0,
                    end: self.heard.text.len(),
                },
            });
        }
    }

    /// A bare yes, no, "don't know", "rather not", where the question can be answered so.
    pub(crate) fn bare(&self, clause: &Clause, ask: &Ask) -> Option<DialogueAct> {
        let row = slots::row(ask.slot, ask.kind);
        let words = clause.words(self.heard.text);
        let said = || words.to_owned();
        let few = count(words) <= 8 && !self.tells_a_thing(clause);
        if clause.has(Cue::Anonymous) && ask.slot == Slot::ComplainantName {
            return Some(DialogueAct::Decline(ask.slot, said()));
        }
        if ask.slot == Slot::AnythingElse
            && (clause.has(Cue::NothingMore) || clause.has(Cue::Skip) || clause.has(Cue::No))
            && few
        {
            return Some(DialogueAct::Decline(ask.slot, said()));
        }
        if clause.has(Cue::Skip) && few {
            return Some(DialogueAct::Decline(ask.slot, said()));
        }
        if clause.has(Cue::DontKnow) && few {
            return Some(DialogueAct::DontKnow(ask.slot, said()));
        }
        let no = clause.has(Cue::No) && (clause.filler || count(words) <= 5 && few);
        let yes = clause.has(Cue::Yes) && clause.filler;
        let alone = self.clauses().len() == 1 || ask.slot == Slot::Consent;
        if no && alone {
            return Some(match row.no {
                Bare::Answers => DialogueAct::Answer(
                    ask.slot,
                    SlotValue::YesNo {
                        yes: false,
                        said: said(),
                    },
                ),
                Bare::Declines => DialogueAct::Decline(ask.slot, said()),
                Bare::DoesNotKnow => DialogueAct::DontKnow(ask.slot, said()),
                Bare::NoAnswer => DialogueAct::Deny,
            });
        }
        if yes && row.yes == Bare::Answers {
            return Some(DialogueAct::Answer(
                ask.slot,
                SlotValue::YesNo {
                    yes: true,
                    said: said(),
                },
            ));
        }
        None
    }

    /// "I don't know, sorry": the words around a refusal say nothing more.
    pub(crate) fn fold_refusal(&mut self, at: usize, _ask: &Ask) {
        for n in self.open() {
            if n != at && self.clauses()[n].filler {
                self.taken[n] = Some(DialogueAct::Filler);
            }
        }
    }

    /// A clause and those that follow it in its sentence, as long as they tell nothing else.
    pub(crate) fn widened(&self, from: usize, on: bool, slot: Slot) -> Clause {
        let mut clause = self.clauses()[from].clone();
        if !on {
            return clause;
        }
        let wants = slot == Slot::DesiredOutcome;
        for next in &self.clauses()[from + 1..] {
            let n = self.clauses().iter().position(|c| c.start == next.start);
            let free = n.is_some_and(|n| self.taken[n].is_none());
            let fits =
                wants && !self.is_story(next) || next.sentence == clause.sentence && !next.finite;
            if !free || !fits || self.points_elsewhere(next, slot) {
                break;
            }
            clause.end = next.end;
            clause.core.1 = next.core.1;
            clause.name_like = false;
        }
        clause
    }
}
