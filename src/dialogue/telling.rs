//! What clauses tell without having been asked for, and the story that is left.

use super::{
    acts::{Act, DialogueAct, Span},
    slots::{self},
    source::count,
};
use super::{reader::Reader, talk};
use crate::{
    domain::{
        Intent, Relation, Slot, SlotValue,
        interpretation::{Clause, Cue, Lead},
    },
    flow::Kind,
    nlu::is_courtesy,
};

impl Reader<'_> {
    /// Slots that a clause tells without having been asked for: by bare value, or in a story.
    pub(crate) fn told_besides(&mut self) {
        const EXACT: [Slot; 6] = [
            Slot::ContactMethod,
            Slot::ComplainantName,
            Slot::IncidentWhen,
            Slot::IncidentWhere,
            Slot::StaffInvolved,
            Slot::Reference,
        ];
        for n in 0..self.taken.len() {
            if self.taken[n].as_ref().is_some_and(|a| {
                a.corrects() || matches!(a, DialogueAct::AskStatus | DialogueAct::AskFact)
            }) {
                continue;
            }
            let clause = &self.clauses()[n];
            let mut values: Vec<(Slot, SlotValue)> = Vec::new();
            for slot in EXACT {
                if self
                    .asked
                    .is_some_and(|a| a.slot == slot && self.answered(slot))
                {
                    continue;
                }
                // "No name pls" declines, and names nobody.
                if matches!(&self.taken[n], Some(DialogueAct::Decline(s, _)) if *s == slot) {
                    continue;
                }
                // "Mrs Hale", who says how she is called, is nobody to complain of.
                let own = self.asks(Slot::ComplainantName);
                if own && slot == Slot::StaffInvolved && !clause.finite {
                    continue;
                }
                // "A letter, please, 4 Coppice Lane": where they are reached, and not where it was.
                let reached = clause.lead == Some(Lead::Reach)
                    || self.asks(Slot::ContactMethod) && !clause.past;
                if slot == Slot::IncidentWhere && reached {
                    continue;
                }
                let own = clause.lead == Some(Lead::OwnName) || self.is_the_victim(n);
                if slot == Slot::StaffInvolved && own {
                    continue;
                }
                if let Some(value) = (slots::row(slot, Kind::Text).exact)(&self.source, clause) {
                    values.push((slot, value));
                }
            }
            values.extend(self.named(clause));
            if self.taken[n].is_none() {
                let name = self.own_name_unasked(clause);
                values.extend(name.map(|name| self.of_staff_by_title(clause, name)));
            }
            values.extend(self.affected_named(clause));
            let signature = self.signature(clause);
            let signed = signature.is_some();
            values.extend(signature);
            // "And the nurse", "she came in at six": a story in pieces, and nobody asked who it was.
            let role_alone =
                matches!(values.as_slice(), [(Slot::StaffInvolved, people)] if !has_name(people));
            let bare = !clause.finite
                && (signed || self.is_bare(clause))
                && !values.is_empty()
                && !role_alone;
            for (slot, value) in values {
                self.tell(slot, value, clause);
            }
            if bare && self.taken[n].is_none() {
                let at = Span {
                    start: clause.start,
                    end: clause.end,
                };
                if let Some(found) = self.besides.iter().position(|a| a.span == at) {
                    let act = self.besides.remove(found);
                    self.taken[n] = Some(act.what);
                }
            }
        }
    }

    /// Nothing is left of a clause beside its entities.
    pub(crate) fn is_bare(&self, clause: &Clause) -> bool {
        let e = &self.heard.said.entities;
        let spans: Vec<(usize, usize)> = (e.emails.iter())
            .chain(&e.phones)
            .chain(&e.places)
            .chain(&e.references)
            .chain(&e.self_name)
            .map(|f| (f.start, f.end))
            .chain(e.dates.iter().map(|d| (d.start, d.end)))
            // "Your carers walk past": whoever is only told by what they do, is told of.
            .chain(
                e.staff
                    .iter()
                    .filter(|s| s.name.is_some())
                    .map(|s| (s.start, s.end)),
            )
            .filter(|(s, _)| clause.start <= *s && *s < clause.end)
            .collect();
        let (start, end) = clause.core;
        let within = |at: usize| spans.iter().any(|(s, e)| (*s..*e).contains(&at));
        let left: String = self
            .heard
            .text
            .char_indices()
            .filter(|(at, c)| (start..end).contains(at) && !within(*at) && c.is_alphanumeric())
            .map(|(_, c)| c)
            .collect();
        // "… and your manager bullies him": something is done to somebody, and that is a story.
        if clause.has(Cue::DoneTo) && matches!(clause.lead, None | Some(Lead::OtherName)) {
            return false;
        }
        // "I'm a nurse on ward 6" says who tells it, and is told.
        if matches!(clause.lead, Some(Lead::OwnRole | Lead::OwnName)) {
            // "Call me back on 01632 960555" leads to a number, and to no name.
            let reached = (e.emails.iter().chain(&e.phones))
                .any(|f| clause.start <= f.start && f.start < clause.end);
            return clause.name_like || reached;
        }
        clause.lead.is_some_and(|l| l != Lead::Copula)
            || left.chars().count() <= 12
            || clause.name_like
    }

    /// "Dad's Keith Allsop", where it is known that it happened to dad.
    fn affected_named(&self, clause: &Clause) -> Option<(Slot, SlotValue)> {
        let Some(SlotValue::Person(known)) = self.source.state.value(Slot::AffectedPerson) else {
            return None;
        };
        let told = super::extract_people::affected(&self.source, clause)?;
        let SlotValue::Person(new) = &told else {
            return None;
        };
        let named = known.name.is_none() && new.name.is_some() && new.role == known.role;
        named.then_some((Slot::AffectedPerson, told))
    }

    /// "Kev", "me? Grace Mensah": a name and nothing else, where a day, an address or a wish was asked for, is the
    /// writer's.
    fn own_name_unasked(&self, clause: &Clause) -> Option<(Slot, SlotValue)> {
        let words = clause.core_words(self.heard.text);
        let others = [
            Slot::StaffInvolved,
            Slot::AffectedPerson,
            Slot::WhatHappened,
            Slot::ComplainantName,
        ];
        let somebody = crate::nlu::names_somebody(words);
        let about_others = self.asked.is_some_and(|a| {
            let place = a.slot == Slot::IncidentWhere && !somebody;
            others.contains(&a.slot) || place || matches!(a.slot, Slot::Own(_))
        });
        let alone = self
            .clauses()
            .iter()
            .all(|c| c.start == clause.start || c.filler || c.question);
        let state = self.source.state;
        let known = state.is_filled(Slot::ComplainantName)
            || super::names::is_known_staff(&self.source, words);
        let wanted = state.complaint.is_some() && !about_others && !known;
        if !wanted || !alone || !clause.name_like || clause.lead.is_some() || clause.finite {
            return None;
        }
        let e = &self.heard.said.entities;
        let inside = |at: usize| clause.start <= at && at < clause.end;
        let taken = e.places.iter().any(|p| inside(p.start))
            || e.dates.iter().any(|d| inside(d.start))
            || e.staff.iter().any(|s| inside(s.start))
            || self.heard.said.is_excluded(clause.core.0);
        let named = crate::nlu::names_in(words);
        // "Larst nite", to when it was: misspelt, and nobody's name.
        let whole =
            somebody || matches!(named.as_slice(), [(0, name)] if name.len() == words.len());
        (!taken && whole).then(|| {
            (
                Slot::ComplainantName,
                SlotValue::Text(super::names::own_name(words)),
            )
        })
    }

    /// "Mr Strand", told by itself where somebody is complained of whose name is not known: theirs, for people seldom
    /// call themselves so.
    fn of_staff_by_title(&self, clause: &Clause, name: (Slot, SlotValue)) -> (Slot, SlotValue) {
        let words = clause.core_words(self.heard.text);
        let first = words.split_whitespace().next().unwrap_or_default();
        let titled =
            words.contains(' ') && is_courtesy(&first.trim_end_matches('.').to_lowercase());
        let named = self
            .source
            .state
            .value(Slot::StaffInvolved)
            .is_some_and(has_name);
        if titled && !named {
            return (
                Slot::StaffInvolved,
                SlotValue::People(vec![super::names::named_as(words)]),
            );
        }
        name
    }

    /// "Peter Holm peter.holm@example.com": a name that stands beside an address and nothing else.
    pub(crate) fn signature(&self, clause: &Clause) -> Option<(Slot, SlotValue)> {
        if self.heard.said.entities.self_name.is_some() || clause.finite || clause.lead.is_some() {
            return None;
        }
        let e = &self.heard.said.entities;
        let first = (e.emails.iter())
            .chain(&e.phones)
            .filter(|f| clause.start <= f.start && f.start < clause.end)
            .min_by_key(|f| f.start)?;
        let before = self.heard.text.get(clause.core.0..first.start)?.trim();
        let name = before.trim_end_matches([',', '-', ':', ';', '(']).trim();
        super::names::is_signature(name).then(|| {
            (
                Slot::ComplainantName,
                SlotValue::Text(super::names::name(name)),
            )
        })
    }

    /// What nobody has taken tells the story; a clause of the story may also say whom it happened to, and what is
    /// wanted.
    pub(crate) fn rest(&mut self) {
        let story = self.open().iter().any(|n| {
            let c = &self.clauses()[*n];
            c.finite || count(c.words(self.heard.text)) >= 3
        });
        for n in self.open() {
            let clause = &self.clauses()[n];
            let over = clause.has(Cue::NothingMore) && count(clause.words(self.heard.text)) <= 4;
            // A number that was put right in the same breath.
            let figures = !clause.words(self.heard.text).contains(char::is_alphabetic);
            let act = if clause.filler || figures || over && !story {
                talk::filler(clause)
            } else if clause.question && !story {
                DialogueAct::AskWhy
            } else {
                DialogueAct::Narrate
            };
            self.taken[n] = Some(act);
        }
        let said = self.heard.said;
        for n in 0..self.taken.len() {
            let clause = &self.clauses()[n];
            let narrated = self.taken[n] == Some(DialogueAct::Narrate);
            if narrated
                && !self.answered(Slot::DesiredOutcome)
                && let Some(value) = super::extract::outcome(&self.source, clause)
            {
                self.tell(Slot::DesiredOutcome, value, clause);
            }
            let known = self.source.state.value(Slot::AffectedPerson);
            let told = said
                .entities
                .affected
                .as_ref()
                .and_then(|a| a.relation.as_deref());
            let of_another = matches!(known, Some(SlotValue::Person(_)))
                || told.is_some_and(|relation| relation != "self");
            let agrees = clause.has(Cue::HasConsent)
                || narrated && of_another && self.agrees_unasked(clause);
            if agrees && !self.answered(Slot::Consent) {
                let said = clause.words(self.heard.text).to_owned();
                self.tell(Slot::Consent, SlotValue::YesNo { yes: true, said }, clause);
            }
            // "A tall man, no name": theirs is not known.
            let theirs = self.asks(Slot::StaffInvolved)
                && clause.has(Cue::NoName)
                && (2..=3).contains(&count(clause.words(self.heard.text)));
            let anonymous = clause.has(Cue::Anonymous)
                && !theirs
                && self.taken[n].as_ref().is_none_or(|a| a.slot().is_none());
            if anonymous {
                let words = clause.words(self.heard.text).to_owned();
                // "My name is Tom. No wait, don't put my name": it was never given.
                let named = |a: &DialogueAct| {
                    matches!(
                        a,
                        DialogueAct::Inform(Slot::ComplainantName, _)
                            | DialogueAct::Answer(Slot::ComplainantName, _)
                    )
                };
                self.besides.retain(|a| !named(&a.what));
                for taken in self
                    .taken
                    .iter_mut()
                    .filter(|t| t.as_ref().is_some_and(named))
                {
                    *taken = Some(DialogueAct::Filler);
                }
                let what = if self.source.state.value(Slot::ComplainantName).is_some() {
                    // The name that was given goes.
                    DialogueAct::Retract(Slot::ComplainantName, SlotValue::Declined(words))
                } else {
                    DialogueAct::Decline(Slot::ComplainantName, words)
                };
                if !clause.finite || count(clause.words(self.heard.text)) <= 8 {
                    self.taken[n] = Some(what.clone());
                }
                self.besides.push(Act {
                    what,
                    span: Span {
                        start: clause.start,
                        end: clause.end,
                    },
                });
            }
            let complains = said.intent == Intent::Complaint
                || said.red_flag.is_some()
                || self.source.state.complaint.is_some();
            // "Mum is Rose Lee", when it was told that it was mum.
            let known = self.source.state.value(Slot::AffectedPerson);
            let unnamed = matches!(known, Some(SlotValue::Person(p)) if p.name.is_none());
            if narrated
                && complains
                && unnamed
                && let Some(SlotValue::Person(new)) =
                    super::extract_people::affected(&self.source, clause)
                && matches!(known, Some(SlotValue::Person(p)) if p.role == new.role)
                && new.name.is_some()
            {
                self.tell(Slot::AffectedPerson, SlotValue::Person(new), clause);
            }
            let open = !self.source.state.is_filled(Slot::AffectedPerson);
            if narrated && complains && open && (clause.past || !self.asks(Slot::ContactMethod)) {
                let affected = said.entities.affected.as_ref();
                if affected.is_some_and(|a| a.relation.as_deref() == Some("self")) {
                    self.tell(Slot::AffectedPerson, SlotValue::Oneself, clause);
                } else if let Some(value) = super::extract_people::affected(&self.source, clause)
                    && value != SlotValue::Oneself
                    && !(said.relation == Relation::Patient && is_patient(&value))
                {
                    self.tell(Slot::AffectedPerson, value, clause);
                }
            }
        }
    }
}

pub(super) fn has_name(value: &SlotValue) -> bool {
    matches!(value, SlotValue::People(all) if all.iter().any(|p| p.name.is_some()))
}

fn is_patient(value: &SlotValue) -> bool {
    matches!(value, SlotValue::Person(p) if p.role.as_deref() == Some("patient"))
}
