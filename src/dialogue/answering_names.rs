//! Names in answers: the writer's own, and those of staff.

use super::{acts::DialogueAct, reader::Reader, source::count};
use crate::{
    domain::{Slot, SlotValue, interpretation::Lead},
    flow::Ask,
    nlu::PARTICLES,
};

impl Reader<'_> {
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
            let found = super::names::names_beside(&self.source, clause);
            if found.is_empty() {
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

    /// The writer's name: of several, the fullest ("Dave. Well, David Ollerenshaw"); "Grice, Rosalind" is Rosalind Grice.
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
