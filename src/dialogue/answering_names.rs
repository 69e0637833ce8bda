//! Names in answers: the writer's own, and those of staff.

use super::{acts::DialogueAct, extract::FREE, reader::Reader, source::count};
use crate::{
    domain::{
        Person, Slot, SlotValue,
        interpretation::{Clause, Cue, Lead},
    },
    flow::Ask,
    nlu::PARTICLES,
};

impl Reader<'_> {
    /// "No name pls": in however many parts it falls, nobody is called Pls.
    pub(crate) fn stays_anonymous(&mut self) {
        let Some(ask) = self.asked.filter(|a| a.slot == Slot::ComplainantName) else {
            return;
        };
        let said = self.heard.said;
        let bare = said.has(Cue::Anonymous)
            && said.entities.self_name.is_none()
            && self.clauses().iter().all(|c| !c.finite)
            && !self.heard.text.chars().skip(1).any(char::is_uppercase);
        if bare {
            let words = self.heard.text.trim().to_owned();
            for n in self.open() {
                self.taken[n] = Some(DialogueAct::Decline(ask.slot, words.clone()));
            }
        }
    }

    /// Names in the other parts of an answer to who it was.
    pub(crate) fn staff_names(&mut self) {
        for n in 0..self.taken.len() {
            let open = matches!(
                self.taken[n],
                None | Some(DialogueAct::Answer(Slot::StaffInvolved, _))
            );
            if !open {
                continue;
            }
            let clause = &self.clauses()[n];
            let mut found = super::names::names_beside(&self.source, clause);
            // "Karen. No, hang on, Sharon, Karen's the nice one": a name that was taken back stays so.
            found.retain(|p| !p.name.as_deref().is_some_and(|name| self.gone(name)));
            if found.is_empty() || self.told_of_after(n) || self.is_the_victim(n) {
                continue;
            }
            let value = SlotValue::People(found);
            if clause.finite || self.taken[n].is_some() {
                self.tell(Slot::StaffInvolved, value, clause);
            } else {
                self.taken[n] = Some(DialogueAct::Answer(Slot::StaffInvolved, value));
            }
        }
    }

    /// "Midwife, I think name is Tracey": what somebody does, said before how they are called.
    pub(crate) fn role_before(&mut self) {
        for n in 1..self.taken.len() {
            let (before, clause) = (&self.clauses()[n - 1], &self.clauses()[n]);
            let words = before.core_words(self.heard.text);
            let says = !before.finite && count(words) <= 3 && crate::nlu::says_role(words);
            let here = before.sentence == clause.sentence && self.taken[n - 1].is_none();
            let Some(DialogueAct::Answer(Slot::StaffInvolved, SlotValue::People(all))) =
                &self.taken[n]
            else {
                continue;
            };
            let [one] = all.as_slice() else { continue };
            if !says || !here || one.role.is_some() || one.name.is_none() {
                continue;
            }
            let both = Person {
                role: Some(words.to_lowercase()),
                ..one.clone()
            };
            let value = SlotValue::People(vec![both]);
            self.taken[n - 1] = Some(DialogueAct::Answer(Slot::StaffInvolved, value.clone()));
            self.taken[n] = Some(DialogueAct::Answer(Slot::StaffInvolved, value));
        }
    }

    /// Whether a name was taken back in the same breath.
    fn gone(&self, name: &str) -> bool {
        let back = |(n, act): (usize, &Option<DialogueAct>)| {
            let clause = &self.clauses()[n];
            *act == Some(DialogueAct::Filler)
                && !clause.filler
                && clause
                    .core_words(self.heard.text)
                    .eq_ignore_ascii_case(name)
        };
        self.taken.iter().enumerate().any(back)
    }

    /// "My name is Mia Torres and her name is Elsa Torres": whom it happened to, whatever was asked.
    pub(crate) fn is_the_victim(&self, n: usize) -> bool {
        let writes = self.heard.said.entities.self_name.is_some();
        let named = || self.named(&self.clauses()[n]);
        writes && matches!(named(), Some((Slot::AffectedPerson, _)))
    }

    /// "The senior, Bernard. Little Amy rang the ambulance": once it was said who it was, whoever is told of in a
    /// sentence of their own, to whom nothing is laid, is part of the story and nobody complained of.
    pub(crate) fn told_of_after(&self, n: usize) -> bool {
        let clause = &self.clauses()[n];
        // "Two blokes. One was Baz": nobody had a name yet.
        let answers = |a: &DialogueAct| {
            let people = match a {
                DialogueAct::Answer(Slot::StaffInvolved, SlotValue::People(all)) => all.as_slice(),
                _ => &[],
            };
            people.iter().any(|p| p.name.is_some())
        };
        let before = (0..n).any(|m| {
            let told = self.taken[m].as_ref().is_some_and(answers);
            told && self.clauses()[m].sentence != clause.sentence
        }) || self
            .besides
            .iter()
            .any(|a| answers(&a.what) && self.sentence_at(a.span.start) != Some(clause.sentence));
        let within = || {
            self.clauses()
                .iter()
                .filter(|c| c.sentence == clause.sentence)
        };
        let pointing = [Some(Lead::Copula), Some(Lead::OtherName), Some(Lead::Name)];
        let tells = within().any(|c| c.finite && !pointing.contains(&c.lead));
        before && tells && !within().any(|c| c.has(Cue::DoneTo))
    }

    /// "Your nurse, navy uniform, red hair": what somebody looked like belongs to who it was.
    pub(crate) fn described_on(&self, n: usize, value: SlotValue) -> (SlotValue, (usize, usize)) {
        let clause = &self.clauses()[n];
        let whole = (clause.start, clause.end);
        let SlotValue::People(people) = &value else {
            return (value, whole);
        };
        let [one] = people.as_slice() else {
            return (value, whole);
        };
        let looks = |c: &&Clause| {
            let e = &self.heard.said.entities;
            let day = e
                .dates
                .iter()
                .any(|d| c.start <= d.start && d.start < c.end);
            let place = e
                .places
                .iter()
                .any(|p| c.start <= p.start && p.start < c.end);
            c.sentence == clause.sentence && !c.finite && c.looks && !day && !place
        };
        let rest = self.clauses().get(n + 1..).unwrap_or_default();
        let Some(last) = rest.iter().take_while(looks).last() else {
            return (value, whole);
        };
        let words = self
            .heard
            .text
            .get(rest[0].start..last.end)
            .unwrap_or_default();
        if clause.finite || count(words) > FREE || one.description.is_some() {
            return (value, whole);
        }
        let role = one.role.iter().map(String::as_str).chain([words.trim()]);
        let person = Person {
            role: Some(role.collect::<Vec<_>>().join(", ")),
            ..one.clone()
        };
        (SlotValue::People(vec![person]), (clause.start, last.end))
    }

    fn sentence_at(&self, at: usize) -> Option<u16> {
        let here = |c: &&Clause| c.start <= at && at < c.end;
        self.clauses().iter().find(here).map(|c| c.sentence)
    }

    /// "Karen. No, hang on, Sharon": what was said before the word that puts it right is not the answer.
    pub(crate) fn taken_back(&mut self, ask: &Ask) {
        let named = matches!(
            ask.slot,
            Slot::StaffInvolved | Slot::ComplainantName | Slot::AffectedPerson
        );
        let since = self.open().into_iter().rfind(|n| {
            let c = &self.clauses()[*n];
            *n > 0 && (c.has(Cue::No) || c.has(Cue::Corrects)) && !c.finite
        });
        let Some(since) = since.filter(|_| named) else {
            return;
        };
        let names = |n: &usize| {
            let c = &self.clauses()[*n];
            c.name_like && !c.filler && !c.core_words(self.heard.text).is_empty()
        };
        // Nothing is put in its place: nothing is taken back.
        let next = self.open().into_iter().find(|n| *n >= since && names(n));
        if next.is_none_or(|n| n > since + 1) {
            return;
        }
        // "Her name's Heather. No, sorry, Hilary".
        let pointing =
            |c: &Clause| matches!(c.lead, Some(Lead::OtherName | Lead::Name | Lead::Copula));
        let gone = |n: &usize| {
            let c = &self.clauses()[*n];
            *n < since && names(n) && (!c.finite || pointing(c))
        };
        let gone: Vec<usize> = self.open().into_iter().filter(gone).collect();
        for n in gone {
            self.taken[n] = Some(DialogueAct::Filler);
        }
    }

    /// The writer's name: of several, the fullest ("Dave. Well, David Ollerenshaw"); "Grice, Rosalind" is Rosalind
    /// Grice.
    pub(crate) fn own_names(&mut self, ask: &Ask) -> bool {
        let usable = |n: &usize| {
            let c = &self.clauses()[*n];
            let lead = !matches!(c.lead, Some(Lead::OtherName | Lead::Reach | Lead::OwnRole));
            let refuses = super::names::refuses(&self.source, c);
            lead && c.name_like && !c.question && !c.finite && !c.filler && !refuses
        };
        let found: Vec<usize> = self.open().into_iter().filter(usable).collect();
        let words = |n: usize| self.clauses()[n].core_words(self.heard.text);
        // Where one is written with a capital, the name is.
        let capital = |n: &usize| words(*n).chars().any(char::is_uppercase);
        let found: Vec<usize> = if found.iter().any(capital) {
            found.into_iter().filter(capital).collect()
        } else {
            found
        };
        let [first, rest @ ..] = found.as_slice() else {
            return false;
        };
        if rest.is_empty() && self.clauses().len() == 1 {
            return false;
        }
        let surname = found
            .iter()
            .find(|n| self.clauses()[**n].lead == Some(Lead::Surname));
        let length = |n: usize| count(words(n));
        let whole = |n: usize| {
            let lower = |w: &str| w.starts_with(char::is_lowercase) && !PARTICLES.contains(&w);
            !words(n).split_whitespace().any(lower) || !words(n).chars().any(char::is_uppercase)
        };
        let in_turn = |last: &usize| {
            let (a, b) = (&self.clauses()[*first], &self.clauses()[*last]);
            a.sentence == b.sentence
                && a.lead.is_none()
                && b.lead.is_none()
                && length(*last) == 1
                && length(*first) <= 2
                && self.source.said.entities.places.is_empty()
        };
        let name = if let Some(surname) = surname.filter(|n| *n != first) {
            format!("{} {}", words(*first), words(*surname))
        } else if let [given] = rest
            && in_turn(given)
        {
            format!("{} {}", words(*given), words(*first))
        } else {
            let best = (found.iter().copied().filter(|n| whole(*n))).fold(*first, |best, n| {
                if length(n) > length(best) { n } else { best }
            });
            words(best).to_owned()
        };
        let value = SlotValue::Text(super::names::own_name(&name));
        for n in found {
            self.taken[n] = Some(DialogueAct::Answer(ask.slot, value.clone()));
        }
        true
    }
}
