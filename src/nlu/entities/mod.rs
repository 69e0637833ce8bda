//! What can be pointed at in a message. Positions are bytes of the text as it came.

mod contact;
pub(super) mod dates;
mod described;
mod dictated;
mod numbers;
mod people;
mod places;

use super::{Setting, compile::own, finders::Finders};
use crate::domain::{
    Entities,
    complaint::{Reference, ReferenceError},
    interpretation::{Found, FoundDate, FoundStaff},
};

pub use contact::{contact_in, same_number};
pub(crate) use described::PARTICLES;
pub(super) use described::capital;
pub use described::says_role;
pub use described::{
    described, described_beside, is_courtesy, is_own_thing, names_in, names_persons, title_fits,
};
pub use people::{follows_as_kin, is_calendar, is_mine, may_be_of, says_kin};
pub use places::says_where;

/// Compiled patterns of all kinds.
#[derive(Debug)]
pub(super) struct Reader {
    contact: contact::Contacts,
    people: people::People,
    places: places::Places,
    reference: Finders,
    numbers: numbers::Numbers,
}

impl Reader {
    pub(super) fn new() -> Self {
        Self {
            contact: contact::Contacts::new(),
            people: people::People::new(),
            places: places::Places::new(),
            reference: Finders::own(&[
                r"(?i)\bNH[- ]?[0-9A-Z]{4}[- ]?[0-9A-Z]{4}[- ]?[0-9A-Z]\b".to_owned()
            ]),
            numbers: numbers::Numbers::new(),
        }
    }

    pub(super) fn read(
        &self,
        text: &str,
        setting: Setting<'_>,
        excluded: &[(usize, usize)],
    ) -> Entities {
        let mut entities = Entities::default();
        for found in self.reference.look(text).find_iter(0) {
            let at = |text: String| Found {
                text,
                start: found.start(),
                end: found.end(),
            };
            match found.as_str().parse::<Reference>() {
                Ok(reference) => entities.references.push(at(reference.to_string())),
                Err(ReferenceError::Check) => entities
                    .broken_references
                    .push(at(found.as_str().to_owned())),
                Err(ReferenceError::Form) => {}
            }
        }
        entities.emails = self.contact.emails(text);
        entities.phones = self.contact.phones(text, setting.country);
        entities.dates = dates::dates_without(text, setting, excluded);
        // A piece of a telephone number is no day; a day that was taken for a number is one.
        let phones = &entities.phones;
        let in_phone = |start, end| {
            let within =
                |p: &Found| p.start <= start && end <= p.end && p.end - p.start > end - start;
            phones.iter().any(within)
        };
        entities.dates.retain(|d| !in_phone(d.start, d.end));
        let people = self.people.look(text);
        entities.self_name = self.people.self_name(&people);
        entities.amounts = self.numbers.amounts(text);
        entities.numbers = self.numbers.numbers(text);
        // "This is Dr Osei": the writer, and nobody to complain of.
        let own = entities.self_name.clone();
        entities.staff = self.people.staff(text, &people);
        without_named_days(&mut entities);
        entities.staff.retain(|s| {
            own.as_ref()
                .is_none_or(|o| o.start >= s.end || s.start >= o.end)
        });
        entities.affected = self.people.affected(text, &people, excluded);
        // The same words are not two people: "the doctor ignored my wife, Dr Patel I think he is called".
        if let Some(affected) = &mut entities.affected {
            let same = |s: &FoundStaff| s.name.is_some() && s.name == affected.name;
            if entities.staff.iter().any(same) {
                affected.name = None;
            }
        }
        // In a text all in capitals, a capital marks no name of a place.
        let shouted = text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase);
        entities.places = if shouted {
            self.places.read(&text.to_ascii_lowercase())
        } else {
            self.places.read(text)
        };
        // "The receptionist at the GP surgery": the GP is a place there, and nobody.
        let places = &entities.places;
        let in_place = |s: &FoundStaff| places.iter().any(|p| p.start <= s.start && s.end <= p.end);
        entities.staff.retain(|s| s.name.is_some() || !in_place(s));
        entities
    }
}

/// "My name is Wednesday Blackwood", "Dr May": a name, and no day.
pub(super) fn without_named_days(entities: &mut Entities) {
    let own = entities.self_name.iter().map(|n| (n.start, n.end));
    let staff = entities.staff.iter().filter(|s| s.name.is_some());
    let names: Vec<(usize, usize)> = own.chain(staff.map(|s| (s.start, s.end))).collect();
    let named = |d: &FoundDate| {
        names
            .iter()
            .any(|(start, end)| *start <= d.start && d.end <= *end)
    };
    entities.dates.retain(|d| !named(d));
}
