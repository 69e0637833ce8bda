//! Details by which somebody proves that a complaint is theirs: what a message offers, and what a record can be
//! proven by.

use super::{
    names::own_name,
    source::{count, inside},
};
use crate::{
    domain::{
        Complaint, Relation, SecretWord,
        complaint::Contact,
        event::Inbound,
        interpretation::{Clause, Cue, FoundDate},
    },
    nlu::{fold, same_number},
};

/// What a message offers as proof: one of each kind at most, so that nobody goes through a list in one try.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Details<'a> {
    email: Option<&'a str>,
    phone: Option<&'a str>,
    name: Option<String>,
    days: Option<&'a FoundDate>,
    /// A secret word was said.
    secret: bool,
    /// The word; none where only its trace is left (the replay).
    word: Option<&'a SecretWord>,
}

/// What is said of a clause that names nobody, whatever it looks like.
const NO_NAME: [Cue; 13] = [
    Cue::Yes,
    Cue::No,
    Cue::DontKnow,
    Cue::Skip,
    Cue::NothingMore,
    Cue::Anonymous,
    Cue::GivesUp,
    Cue::Stops,
    Cue::Ends,
    Cue::Greets,
    Cue::Thanks,
    Cue::WantsPerson,
    Cue::Question,
];

/// The longest message that is taken for a detail, in words.
pub(super) const LONGEST: usize = 20;

impl<'a> Details<'a> {
    /// What the message offers; nothing where it is longer than an answer.
    pub(super) fn offered(inbound: &'a Inbound) -> Self {
        let said = &inbound.signals;
        if says_secret(inbound) {
            // Nothing else is weighed beside it: one detail a try.
            return Self {
                secret: true,
                word: inbound.secret.as_ref(),
                ..Self::default()
            };
        }
        if count(&inbound.text) > LONGEST {
            return Self::default();
        }
        let found = &said.entities;
        let email = found.emails.first().map(|f| f.text.as_str());
        let phone = found.phones.first().map(|f| f.text.as_str());
        let days = found.dates.first();
        let phone = phone.or_else(|| figures(&inbound.text).filter(|_| days.is_none()));
        let named = found.self_name.as_ref().map(|f| f.text.as_str());
        Self {
            email,
            phone,
            name: named.or_else(|| alone(inbound)).map(own_name),
            days,
            secret: false,
            word: None,
        }
    }

    /// Whether it offers anything.
    pub(super) fn any(&self) -> bool {
        *self != Self::default()
    }
}

/// Whether the message says a secret word.
pub(super) fn says_secret(inbound: &Inbound) -> bool {
    SecretWord::was_in(&inbound.text)
}

/// A name that stands by itself, or beside what else is offered; "Kovács, Anna" is one.
fn alone(inbound: &Inbound) -> Option<&str> {
    let said = &inbound.signals;
    let pointed = said.entities.fixed();
    let taken = |c: &Clause| pointed.iter().any(|(start, _)| inside(c, *start));
    let names = |c: &Clause| {
        let bare = c.name_like && !c.finite && !c.filler && !c.question;
        bare && !taken(c) && !NO_NAME.iter().any(|cue| c.has(*cue))
    };
    let from = said.clauses.iter().position(names)?;
    let first = &said.clauses[from];
    let same = |c: &&Clause| c.sentence == first.sentence && names(c);
    let last = said.clauses[from..].iter().take_while(same).last()?;
    let words = inbound.text.get(first.core.0..last.core.1)?;
    Some(words).filter(|_| !said.has(Cue::TellsStory))
}

/// A number that is none by the rules of this country, and may be one of another.
fn figures(text: &str) -> Option<&str> {
    let other = |c: char| !(c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '.' | '(' | ')'));
    let digits = |run: &&str| run.bytes().filter(u8::is_ascii_digit).count() >= 7;
    text.split(other).map(str::trim).find(digits)
}

/// Whether the record holds what was offered. It is compared with the best that the record has: how they can be
/// reached, else their name, else the day. In form it is forgiving, in substance not: nothing that is merely
/// like it proves anything.
pub(super) fn prove(offered: &Details<'_>, record: &Complaint) -> bool {
    if offered.secret {
        let kept = record.case.secret.as_ref();
        return kept
            .zip(offered.word)
            .is_some_and(|(kept, word)| kept.is(word));
    }
    let reached: Vec<&Contact> = (record.complainant.contact.iter())
        .filter(|c| matches!(c.kind.as_str(), "phone" | "email"))
        .collect();
    if !reached.is_empty() {
        return reached.iter().any(|c| reaches(offered, c));
    }
    if is_guarded(record) {
        return false;
    }
    if let Some(name) = &record.complainant.name {
        let name = plain(name);
        return !name.is_empty()
            && !names_of_others(record).any(|other| plain(other) == name)
            && offered.name.as_deref().map(plain) == Some(name);
    }
    // Whoever wished to stay unknown is not to be found by what others know too.
    !record.complainant.anonymous && offered.days.is_some_and(|days| same_days(days, record))
}

/// Speaking up, and where somebody may need protection: whom it is about knows names and days. Only a way to be
/// reached proves anything.
pub(super) fn is_guarded(record: &Complaint) -> bool {
    record.safeguarding || record.complainant.relation == Relation::Employee
}

fn reaches(offered: &Details<'_>, contact: &Contact) -> bool {
    if contact.kind == "email" {
        let known = contact.value.trim().to_lowercase();
        return offered.email.is_some_and(|e| e.to_lowercase() == known);
    }
    (offered.phone).is_some_and(|number| same_number(number, &contact.value))
}

/// Those whom the record names beside the complainant.
fn names_of_others(record: &Complaint) -> impl Iterator<Item = &str> {
    let subjects = record.subjects.iter().filter_map(|s| s.name.as_deref());
    let affected = record.affected_person.iter();
    subjects.chain(affected.filter_map(|a| a.name.as_deref()))
}

fn same_days(offered: &FoundDate, record: &Complaint) -> bool {
    let incident = &record.incident;
    let first = incident.from.as_deref().zip(incident.to.as_deref());
    let other = incident.other_reading.as_ref();
    let other = other.map(|r| (r.from.as_str(), r.to.as_str()));
    let days = (offered.from.as_str(), offered.to.as_str());
    first == Some(days) || other == Some(days)
}

/// A name without what is only form: its words in lower case without accents and signs, in whatever order.
fn plain(name: &str) -> Vec<String> {
    let folded = fold(&name.to_lowercase()).replace(['\'', '’'], "");
    let words = folded.split(|c: char| !c.is_alphanumeric());
    let mut words: Vec<String> = words.filter(|w| !w.is_empty()).map(str::to_owned).collect();
    words.sort_unstable();
    words
}
