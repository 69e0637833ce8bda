//! A message while it is being interpreted: which act takes each clause, and what the clauses tell besides.

use super::{
    acts::{Act, DialogueAct, Span},
    heard::Heard,
    source::{Source, count},
};
use crate::{
    domain::{
        Intent, Slot, SlotValue,
        interpretation::{Clause, Cue, Lead},
    },
    flow::{Ask, Kind},
};

/// The clauses of a message, and what becomes of them.
pub(crate) struct Reader<'a> {
    pub(crate) heard: &'a Heard<'a>,
    pub(crate) asked: Option<&'a Ask>,
    pub(crate) source: Source<'a>,
    /// The act that takes each clause.
    pub(crate) taken: Vec<Option<DialogueAct>>,
    /// What clauses tell besides.
    pub(crate) besides: Vec<Act>,
}

impl<'a> Reader<'a> {
    pub(crate) fn clauses(&self) -> &'a [Clause] {
        &self.heard.said.clauses
    }

    /// Whether that is what was asked.
    pub(crate) fn asks(&self, slot: Slot) -> bool {
        self.asked.is_some_and(|a| a.slot == slot)
    }

    /// The clauses that nobody has taken yet.
    pub(crate) fn open(&self) -> Vec<usize> {
        (0..self.taken.len())
            .filter(|n| self.taken[*n].is_none())
            .collect()
    }

    pub(crate) fn answered(&self, slot: Slot) -> bool {
        let of_slot = |a: &DialogueAct| matches!(a, DialogueAct::Answer(s, _) if *s == slot);
        self.taken.iter().flatten().any(of_slot)
            || self.besides.iter().any(|a| a.what.slot() == Some(slot))
    }

    /// Whether a clause tells what happened, rather than what is wanted.
    pub(crate) fn is_story(&self, clause: &Clause) -> bool {
        clause.finite
            && !clause.wishes
            && (self.heard.said.intent == Intent::Complaint || self.heard.said.has(Cue::TellsStory))
    }

    /// Whether a clause with a verb tells more than the value in it.
    pub(crate) fn tells(&self, clause: &Clause) -> bool {
        count(clause.core_words(self.heard.text)) > 4
    }

    /// Whether something stands in a clause beside a refusal: a day, an address, a name.
    pub(crate) fn tells_a_thing(&self, clause: &Clause) -> bool {
        let inside = |start: usize| clause.start <= start && start < clause.end;
        let e = &self.heard.said.entities;
        (e.emails.iter().chain(&e.phones)).any(|f| inside(f.start))
            || e.dates.iter().any(|f| inside(f.start))
            || e.self_name.iter().any(|f| inside(f.start))
    }

    /// A value that stands in a clause which is narrated.
    pub(crate) fn tell(&mut self, slot: Slot, value: SlotValue, clause: &Clause) {
        let span = Span {
            start: clause.start,
            end: clause.end,
        };
        let what = if self.asked.is_some_and(|a| a.slot == slot) {
            DialogueAct::Answer(slot, value)
        } else {
            DialogueAct::Inform(slot, value)
        };
        // "Ward 3. No, not ward 3 but ward 5."
        let denied = |(s, e): &(usize, usize)| {
            let words = self.heard.text.get(*s..*e).unwrap_or_default();
            what_text(&what).eq_ignore_ascii_case(words.trim())
        };
        let several = matches!(slot, Slot::StaffInvolved | Slot::ContactMethod);
        let known = (self.besides.iter()).position(|a| a.what.slot() == Some(slot) && !several);
        let Some(known) = known else {
            if !self.heard.said.excluded.iter().any(denied) {
                self.besides.push(Act { what, span });
            }
            return;
        };
        let since = self.besides[known].span.start;
        let put_right = self.clauses().iter().any(|c| {
            c.start > since && c.start <= clause.start && (c.has(Cue::No) || c.has(Cue::Corrects))
        });
        if put_right {
            self.besides[known] = Act { what, span };
        }
    }

    /// "Birch Court": nothing but a place.
    fn place_alone(&self, clause: &Clause) -> bool {
        let core = clause.core_words(self.heard.text).len();
        (self.heard.said.entities.places.iter())
            .any(|p| clause.start <= p.start && p.start < clause.end && core <= p.text.len() + 2)
    }

    /// Whether a clause holds an address, a day, a name or a person, which is not what was asked for.
    pub(crate) fn points_elsewhere(&self, clause: &Clause, slot: Slot) -> bool {
        let inside = |start: usize| clause.start <= start && start < clause.end;
        let e = &self.heard.said.entities;
        let contact = e.emails.iter().chain(&e.phones).any(|f| inside(f.start));
        let day = e.dates.iter().any(|f| inside(f.start));
        if matches!(slot, Slot::Own(_)) && self.asked.is_some_and(|a| a.kind == Kind::Text) {
            return false;
        }
        let lead = clause.lead;
        // "Put the scales in a room" gives an order, and no name.
        let reach = lead == Some(Lead::Reach) && (contact || slot != Slot::IncidentWhere);
        let named = lead == Some(Lead::OwnName) && clause.name_like || reach;
        match slot {
            Slot::ContactMethod => false,
            Slot::IncidentWhen | Slot::CallbackWhen => contact || named,
            Slot::DesiredOutcome | Slot::WhatHappened | Slot::AnythingElse => {
                contact && !clause.finite || named
            }
            Slot::ComplainantName => {
                self.place_alone(clause)
                    || contact
                    || day
                    || lead == Some(Lead::OtherName)
                    || lead == Some(Lead::Reach)
            }
            // "Two nurses in the night".
            Slot::StaffInvolved if crate::nlu::says_role(clause.core_words(self.heard.text)) => {
                contact || named
            }
            _ => contact || day && !clause.finite || named,
        }
    }
}

fn what_text(act: &DialogueAct) -> String {
    match act {
        DialogueAct::Answer(_, value) | DialogueAct::Inform(_, value) => value.text(),
        _ => String::new(),
    }
}
