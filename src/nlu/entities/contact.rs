//! E-mail addresses and telephone numbers.

use super::{dictated::Dictated, own};
use crate::domain::{complaint::Contact, interpretation::Found};
use regex::Regex;
use std::str::FromStr;

#[derive(Debug)]
pub(super) struct Contacts {
    email: Regex,
    phone: Regex,
    american: Regex,
    dictated: Dictated,
}

impl Contacts {
    pub(super) fn new() -> Self {
        Self {
            email: own(r"(?i)[a-z0-9._%+'-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}"),
            phone: own(r"(?:\+|\b00)?\(?\d[\d\s().-]{6,20}\d"),
            american: own(r"^\(?[2-9]\d{2}\)?[ .-]+\d{3}[ .-]\d{4}$"),
            dictated: Dictated::new(),
        }
    }

    pub(super) fn emails(&self, text: &str) -> Vec<Found> {
        let valid = |m: &regex::Match<'_>| email_address::EmailAddress::is_valid(m.as_str());
        if !text.contains('@') {
            let spoken = self.dictated.emails(text).into_iter();
            return spoken
                .filter(|(address, _)| email_address::EmailAddress::is_valid(address))
                .map(|(text, at)| Found {
                    text,
                    start: at.start,
                    end: at.end,
                })
                .collect();
        }
        self.email
            .find_iter(text)
            .filter(valid)
            .map(|m| Found {
                text: m.as_str().to_owned(),
                start: m.start(),
                end: m.end(),
            })
            .collect()
    }

    pub(super) fn phones(&self, text: &str, country: &str) -> Vec<Found> {
        let at_home = phone_country(country);
        let parse = |start: usize, words: &str| {
            let number = phonenumber::parse(at_home, words).ok()?;
            // "(787) 555 0199", written in Britain: as they write it over there, and no number of ours.
            let american = self.american.is_match(words) && number.country().code() != 1;
            if american {
                return Some(Found {
                    text: words.to_owned(),
                    start,
                    end: start + words.len(),
                });
            }
            // Numbers that are well-formed but not (yet) assigned are taken as well: whoever gives one means it.
            let digits = words.bytes().filter(u8::is_ascii_digit).count();
            let looks_dialled = digits >= 10 && words.starts_with(['0', '+', '(']);
            (phonenumber::is_valid(&number) || looks_dialled).then(|| Found {
                text: number
                    .format()
                    .mode(phonenumber::Mode::International)
                    .to_string(),
                start,
                end: start + words.len(),
            })
        };
        if text.bytes().filter(u8::is_ascii_digit).count() < 8 {
            let spoken = self.dictated.phones(text).into_iter();
            return spoken
                .filter_map(|(figures, at)| {
                    let number = parse(at.start, &figures)?;
                    Some(Found {
                        end: at.end,
                        ..number
                    })
                })
                .collect();
        }
        // "8 not 3. 07700 900508": a figure before a number is no part of it.
        let within = |m: regex::Match<'_>| {
            let starts = m
                .as_str()
                .match_indices(['0', '+', '('])
                .map(|(at, _)| m.start() + at);
            let begins =
                |at: &usize| *at == m.start() || text[..*at].ends_with(char::is_whitespace);
            let mut all = std::iter::once(m.start()).chain(starts.filter(begins));
            all.find_map(|at| parse(at, text.get(at..m.end())?))
        };
        self.phone.find_iter(text).filter_map(within).collect()
    }
}

/// The country as the telephone library knows it; none for a code that it does not know.
fn phone_country(country: &str) -> Option<phonenumber::country::Id> {
    phonenumber::country::Id::from_str(country).ok()
}

/// Whether both are the same telephone number, however they are written; one without a country's code is taken
/// to be of the other's country.
pub fn same_number(a: &str, b: &str) -> bool {
    let ((code_a, a), (code_b, b)) = (national(a), national(b));
    !a.is_empty() && a == b && (code_a == code_b || code_a.is_none() || code_b.is_none())
}

/// A number's country code, where it is written with one, and its other figures without leading noughts.
fn national(number: &str) -> (Option<u16>, String) {
    let figures = |text: &str| {
        let all: String = text.chars().filter(char::is_ascii_digit).collect();
        all.trim_start_matches('0').to_owned()
    };
    let abroad = number.trim_start().starts_with('+');
    let parsed = abroad
        .then(|| phonenumber::parse(None, number).ok())
        .flatten();
    match parsed {
        Some(n) => (Some(n.country().code()), figures(&n.national().to_string())),
        None => (None, figures(number)),
    }
}

/// What an answer to "how can we reach you?" gives, most exact first. Words that are neither address nor number are
/// kept as they are.
pub fn contact_in(emails: &[Found], phones: &[Found], words: &str) -> Vec<Contact> {
    let mut found: Vec<Contact> = emails
        .iter()
        .map(|e| Contact::new("email".to_owned(), e.text.clone()))
        .collect();
    let phone = |p: &Found| Contact::new("phone".to_owned(), p.text.clone());
    found.extend(phones.iter().map(phone));
    if found.is_empty() && !words.trim().is_empty() {
        found.push(Contact::new("other".to_owned(), words.trim().to_owned()));
    }
    found
}
