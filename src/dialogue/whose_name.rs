//! A name that stands by itself: whose it is.

use super::{reader::Reader, telling::has_name};
use crate::{
    domain::{
        Person, Relation, Slot, SlotValue,
        interpretation::{Clause, Lead},
    },
    nlu::says_kin,
};

impl Reader<'_> {
    /// "Her name is Elsa Torres": whom that is depends on who was spoken of.
    pub(crate) fn named(&self, clause: &Clause) -> Option<(Slot, SlotValue)> {
        if clause.lead != Some(Lead::OtherName) || !clause.name_like {
            return None;
        }
        let name = super::names::name(clause.core_words(self.heard.text));
        let state = self.source.state;
        let family = |a: &str, b: &str| match (a.rsplit(' ').next(), b.rsplit(' ').next()) {
            (Some(a), Some(b)) => a == b && b.chars().count() > 2,
            _ => false,
        };
        let own = (self.heard.said.entities.self_name.as_ref()).map_or_else(
            || state.value_text(Slot::ComplainantName),
            |n| n.text.clone(),
        );
        let asked = self.asked.map(|a| a.slot);
        let unnamed = matches!(
            state.value(Slot::AffectedPerson),
            Some(SlotValue::Person(p)) if p.name.is_none()
        );
        // Where nobody was told of who might have done it, a name is that of whom it happened to.
        let speaks_up = [self.heard.said.relation, state.relation].contains(&Relation::Employee);
        let words = clause.words(self.heard.text);
        let of_staff_asked =
            asked == Some(Slot::StaffInvolved) && own.is_empty() && !says_kin(words);
        let staff_open = speaks_up || of_staff_asked;
        // Nobody of the staff is waiting for a name.
        let staff_unnamed = matches!(
            state.value(Slot::StaffInvolved),
            Some(SlotValue::People(all)) if all.iter().any(|p| p.name.is_none())
        );
        let kin = self.heard.said.entities.affected.as_ref();
        let of_kin = kin.is_some_and(|a| a.relation.as_deref().is_some_and(|r| r != "self"));
        // The reader has seen who it is in the story.
        let e = &self.heard.said.entities;
        let is = |n: Option<&String>| n.is_some_and(|n| super::names::name(n) == name);
        if super::names::tells_whose(&self.source) && is(kin.and_then(|a| a.name.as_ref())) {
            let role = kin.and_then(|a| a.relation.clone());
            let role = role.filter(|r| r != "self");
            let person = Person {
                name: Some(name),
                role,
                description: None,
            };
            return Some((Slot::AffectedPerson, SlotValue::Person(person)));
        }
        // "She might have been called Gift", where it happened to their husband: somebody else.
        let known = match state.value(Slot::AffectedPerson) {
            Some(SlotValue::Person(known)) => known.role.as_deref(),
            _ => None,
        };
        let relation = kin.and_then(|a| a.relation.as_deref()).or(known);
        let relation = relation.unwrap_or_default();
        // "The consultant ignored my wife, Mr Reid I think he is called": a name that its sentence explains afterwards.
        let explained = words.starts_with(clause.core_words(self.heard.text));
        let of_staff = explained && !e.staff.is_empty() || !crate::nlu::may_be_of(words, relation);
        let blamed = of_staff || e.staff.iter().any(|s| is(s.name.as_ref()));
        let of_kin = of_kin && asked != Some(Slot::StaffInvolved) || says_kin(words);
        let affected = !blamed && of_kin
            || !blamed && family(&own, &name) && own != name
            || asked == Some(Slot::AffectedPerson)
            || unnamed
                && !blamed
                && !staff_open
                && (!staff_unnamed
                    || self.heard.said.entities.self_name.is_some()
                    || asked == Some(Slot::ComplainantName)
                    || state.value(Slot::StaffInvolved).is_some_and(has_name));
        let person = Person {
            name: Some(name),
            ..Person::default()
        };
        Some(if affected {
            (Slot::AffectedPerson, SlotValue::Person(person))
        } else {
            (Slot::StaffInvolved, SlotValue::People(vec![person]))
        })
    }
}
