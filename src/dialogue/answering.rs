//! The answer to what was asked: by what can be pointed at, by a bare word, or in free words.

use super::reader::Reader;
use super::{
    acts::{Act, DialogueAct, Span},
    slots::{self, Bare},
    source::count,
};
use crate::{
    domain::{
        Dates, Slot, SlotValue,
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
        if ask.slot == Slot::Consent && (self.own_matter() || self.not_asked_them()) {
            return;
        }
        self.taken_back(ask);
        if ask.slot == Slot::ComplainantName && self.own_names(ask) {
            return;
        }
        self.by_example(ask);
        if self.answered(ask.slot) {
            return;
        }
        // A bare yes or no, and "I don't know"; "a man, no idea of the name" says both.
        let mut unknown = None;
        for n in self.open() {
            let clause = &self.clauses()[n];
            if let Some(act) = self.bare(clause, ask) {
                let beside = |m: &usize| *m != n && !self.clauses()[*m].filler;
                // "My supervisor, I'd rather not write his name".
                let some =
                    ask.slot == Slot::StaffInvolved && matches!(act, DialogueAct::Decline(..));
                let cannot = some || matches!(act, DialogueAct::DontKnow(..));
                if cannot && self.open().iter().any(beside) {
                    unknown = unknown.or(Some((n, act)));
                    continue;
                }
                self.taken[n] = Some(act);
                if !matches!(self.taken[n], Some(DialogueAct::Affirm | DialogueAct::Deny)) {
                    self.fold_refusal(n, ask);
                    return;
                }
            }
        }
        self.pointed_at(ask, &row);
        // Words that put something else right are no free answer.
        let corrects = self.taken.iter().flatten().any(DialogueAct::corrects);
        if !self.answered(ask.slot) && !corrects {
            self.in_words(ask, &row, unknown.as_ref().map(|(n, _)| *n));
        }
        if !self.answered(ask.slot) && !corrects {
            self.insisted(ask);
        }
        if ask.slot == Slot::StaffInvolved {
            self.staff_names();
            self.role_before();
        }
        if ask.slot == Slot::DesiredOutcome && self.answered(ask.slot) {
            self.more_wishes(ask);
        }
        self.said_again(ask);
        if let Some((n, act)) = unknown {
            self.taken[n] = if !self.answered(ask.slot) {
                Some(act)
            } else if self.names_days(n) {
                // "Third one was today. The other two I dunno, Sept and Oct": more than that they do not know.
                None
            } else {
                Some(DialogueAct::Filler)
            };
        }
    }

    /// What can be pointed at comes before free words, in whichever clause it stands.
    fn pointed_at(&mut self, ask: &Ask, row: &slots::Row) {
        for n in self.open() {
            let clause = &self.clauses()[n];
            if clause.asks && !clause.wishes && !clause.has(Cue::Yes) {
                continue;
            }
            if ask.slot == Slot::StaffInvolved && (self.told_of_after(n) || self.is_the_victim(n)) {
                continue;
            }
            if let Some(value) = (row.exact)(&self.source, clause) {
                // "…, leave a message if I'm driving" stands beside the number.
                let remarks = ask.slot == Slot::ContactMethod
                    && !self.heard.said.has(Cue::TellsStory)
                    && count(clause.words(self.heard.text)) <= 20;
                let finite_story = clause.finite && !row.clauses && self.tells(clause) && !remarks;
                if finite_story {
                    self.tell(ask.slot, value, clause);
                    continue;
                }
                let (n, value) = self.settled_on(ask, row, n, value);
                let value = self.narrowest(ask, value);
                let (value, (from, to)) = if ask.slot == Slot::StaffInvolved {
                    self.described_on(n, value)
                } else {
                    self.run_on(ask, n, value)
                };
                for m in 0..self.taken.len() {
                    let within = from <= self.clauses()[m].start && self.clauses()[m].end <= to;
                    let told = ask.slot == Slot::ContactMethod
                        && super::extract_contact::how_reached(&self.source, &self.clauses()[m]);
                    if m == n || (within || told) && self.taken[m].is_none() {
                        self.taken[m] = Some(DialogueAct::Answer(ask.slot, value.clone()));
                    }
                }
                if row.merge == slots::Merge::Keep {
                    return;
                }
            }
        }
    }

    /// "At his front door, 14 Tanner Street": a place is told from the large to the small, or the other way round.
    fn run_on(&self, ask: &Ask, n: usize, value: SlotValue) -> (SlotValue, (usize, usize)) {
        let clause = &self.clauses()[n];
        if ask.slot != Slot::IncidentWhere || clause.finite || !matches!(value, SlotValue::Place(_))
        {
            return (value, (clause.start, clause.end));
        }
        let mut wide = self.widened(n, true, ask.slot);
        // "Kestrel Court, in Wharf Road": from the first part of the sentence on.
        for before in self.clauses()[..n].iter().rev() {
            let here = before.sentence == clause.sentence && !before.finite && !before.filler;
            if !here || self.points_elsewhere(before, ask.slot) {
                break;
            }
            wide.start = before.start;
            wide.core.0 = before.core.0;
        }
        if wide.start == clause.start && wide.end == clause.end
            || count(wide.core_words(self.heard.text)) > 16
        {
            return (value, (clause.start, clause.end));
        }
        (
            SlotValue::Place(wide.core_words(self.heard.text).to_owned()),
            (wide.start, wide.end),
        )
    }

    /// "I haven't spoken to her about it, no": whatever else is said, they were not asked.
    fn not_asked_them(&mut self) -> bool {
        let unasked = |n: &usize| self.clauses()[*n].has(Cue::NotAskedThem);
        let refuses = self.clauses().iter().any(|c| c.has(Cue::Disagrees));
        let Some(n) = self.open().into_iter().find(unasked).filter(|_| !refuses) else {
            return false;
        };
        let said = self.clauses()[n].words(self.heard.text).to_owned();
        self.taken[n] = Some(DialogueAct::DontKnow(Slot::Consent, said));
        for n in self.open() {
            let clause = &self.clauses()[n];
            if clause.filler || clause.has(Cue::No) && !clause.finite {
                self.taken[n] = Some(DialogueAct::Filler);
            }
        }
        true
    }

    /// "It's my own van": nobody else has to agree.
    fn own_matter(&mut self) -> bool {
        let own = |n: &usize| self.clauses()[*n].has(Cue::OwnMatter);
        let Some(n) = self.open().into_iter().find(own) else {
            return false;
        };
        self.taken[n] = Some(DialogueAct::Correct(
            Slot::AffectedPerson,
            SlotValue::Oneself,
        ));
        true
    }

    /// The same words once more, to the same question: they are the answer, however they are put. What is
    /// wanted may be said in any words the second time.
    fn insisted(&mut self, ask: &Ask) {
        let words = self.heard.text.trim();
        let asked_again = (self.source.state.run.as_ref()).is_some_and(|r| r.asked >= 2);
        let wants = ask.slot == Slot::DesiredOutcome && asked_again;
        let said = || words.to_owned();
        let says_something = self.clauses().iter().any(|c| !c.filler);
        let tells = self.clauses().iter().any(|c| c.finite) && !wants;
        if !(self.heard.insists || wants)
            || !says_something
            || tells
            || self.heard.said.has(Cue::Question)
        {
            return;
        }
        let value = match ask.slot {
            Slot::ComplainantName if count(words) <= 6 => {
                SlotValue::Text(super::names::own_name(words))
            }
            Slot::DesiredOutcome | Slot::Relation => SlotValue::Text(said()),
            Slot::IncidentWhere if count(words) <= 16 => SlotValue::Place(said()),
            Slot::IncidentWhen if count(words) <= 16 => SlotValue::Dates(Dates {
                said: said(),
                ..Dates::default()
            }),
            _ => return,
        };
        for n in self.open() {
            self.taken[n] = Some(DialogueAct::Answer(ask.slot, value.clone()));
        }
    }

    /// The answer in free words.
    fn in_words(&mut self, ask: &Ask, row: &slots::Row, before: Option<usize>) {
        let free = self.open().into_iter().find(|n| {
            let clause = &self.clauses()[*n];
            let wanted = ask.slot == Slot::DesiredOutcome && !clause.past;
            (row.clauses && (!self.is_story(clause) || wanted) || !clause.finite)
                && before.is_none_or(|b| *n < b || ask.slot == Slot::StaffInvolved && clause.looks)
                && !clause.filler
                && (!clause.asks || clause.wishes)
                && !(ask.slot == Slot::StaffInvolved && super::names::vouched(&self.source, clause))
                && !self.points_elsewhere(clause, ask.slot)
                && !(ask.slot == Slot::StaffInvolved && self.is_the_victim(*n))
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
        // "Will this affect my badge? I don't want trouble": a question to us, in a sentence of its own.
        let asks_us = |n: &usize| {
            let clause = &self.clauses()[*n];
            let alone = (self.clauses().iter())
                .all(|c| c.start == clause.start || c.sentence != clause.sentence);
            ask.slot == Slot::AnythingElse && alone && clause.asks && clause.question
        };
        let (asked, open): (Vec<usize>, Vec<usize>) = open.into_iter().partition(asks_us);
        if !open.iter().any(|n| !self.clauses()[*n].filler) {
            // Nothing but the question: the rules of talk know it.
            self.taken[asked[0]] = Some(DialogueAct::AskFact);
            return;
        }
        for n in asked {
            self.taken[n] = Some(DialogueAct::AskFact);
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
        // "Dunno, some bloke with a lanyard".
        let told = ask.slot == Slot::StaffInvolved && clause.looks;
        if clause.has(Cue::DontKnow) && few && !told {
            return Some(DialogueAct::DontKnow(ask.slot, said()));
        }
        // "No deliveries before seven": what they want, and no refusal to say it.
        let wanted = ask.slot == Slot::DesiredOutcome && !clause.has(Cue::NothingMore);
        let most = if wanted { 1 } else { 5 };
        let no = clause.has(Cue::No) && (clause.filler || count(words) <= most && few);
        let yes = clause.has(Cue::Yes) && clause.filler;
        // "No, I mean it was Monday" puts something right, and refuses nothing.
        let corrects = self.heard.said.has(Cue::Corrects) && count(self.heard.text) > 3;
        let alone = self.clauses().len() == 1 || ask.slot == Slot::Consent && !corrects;
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

    /// "… and they wash their hands", "so the next person does not fall": still what is wanted, and no story.
    fn goes_on(clause: &Clause) -> bool {
        clause.goes_on && !clause.past && !clause.asks
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
            let fits = wants
                && (!self.is_story(next) || Self::goes_on(next) || !next.past && !next.asks)
                || next.sentence == clause.sentence && !next.finite;
            let staff = &self.source.said.entities.staff;
            let who = slot == Slot::IncidentWhere
                && (next.has(Cue::DontKnow)
                    || staff
                        .iter()
                        .any(|s| next.start <= s.start && s.start < next.end));
            if !free || !fits || who || self.points_elsewhere(next, slot) {
                break;
            }
            clause.end = next.end;
            clause.core.1 = next.core.1;
            clause.name_like = false;
        }
        clause
    }
}
