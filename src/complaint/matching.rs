//! How well somebody in the directory of customers fits what is known of somebody in a complaint. For staff only: the
//! person in the chat learns nothing from it.

use crate::{
    domain::{Complaint, Customer, Sought},
    nlu::fold,
};
use serde::Serialize;
use std::collections::BTreeSet;

/// Points of 100 that each thing gives where it is the same.
const NAME: f64 = 50.0;
const BORN: u8 = 30;
const PHONE: u8 = 20;
const EMAIL: u8 = 20;
const POSTCODE: u8 = 15;
/// What another day of birth takes away, where both are known.
const BORN_OTHERWISE: u8 = 25;
/// From which likeness on a name counts, 0 to 1.
const LEAST_LIKE: f64 = 0.82;
/// How many digits at the end of a telephone number tell it from others, however its beginning is written.
const DIGITS: usize = 9;
/// How many letters of a word of a name it is looked up by.
const BEGINNING: usize = 3;

/// From how many points on somebody is shown.
pub const LEAST: u8 = 40;

/// How well somebody fits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Fit {
    /// 0 to 100.
    pub score: u8,
    /// What fits, or does not: `name`, `name_like`, `born`, `born_swapped`, `born_otherwise`, `phone`, `email`,
    /// `postcode`.
    pub why: Vec<&'static str>,
}

/// Words of a name: folded, in one order, without signs.
fn words(name: &str) -> Vec<String> {
    let folded = fold(&name.to_lowercase()).replace(['\'', '’'], "");
    let parts = folded.split(|c: char| !c.is_alphanumeric());
    let mut words: Vec<String> = parts.filter(|w| !w.is_empty()).map(str::to_owned).collect();
    words.sort_unstable();
    words
}

fn digits(phone: &str) -> Option<String> {
    let all: Vec<char> = phone.chars().filter(char::is_ascii_digit).collect();
    (all.len() >= 7).then(|| all[all.len().saturating_sub(DIGITS)..].iter().collect())
}

fn tight(text: &str) -> String {
    let letters = text.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// How alike two names are, 0 to 1: each word of the shorter one is compared with the best of the other's.
fn likeness(one: &str, other: &str) -> f64 {
    let (one, other) = (words(one), words(other));
    let (few, many) = if one.len() <= other.len() {
        (one, other)
    } else {
        (other, one)
    };
    if few.is_empty() {
        return 0.0;
    }
    let best = |word: &String| {
        let all = many.iter().map(|m| strsim::jaro_winkler(word, m));
        all.fold(0.0, f64::max)
    };
    let sum: f64 = few.iter().map(best).sum();
    let whole = sum / few.len() as f64;
    // One word alone ("Anna") is no whole name.
    if few.len() == 1 && many.len() > 1 {
        whole * 0.9
    } else {
        whole
    }
}

/// The same day with month and day in the other order.
fn swapped(day: &str) -> Option<String> {
    let mut parts = day.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    Some(format!("{year}-{day}-{month}"))
}

/// How well a customer fits what is known.
pub fn fit(customer: &Customer, sought: &Sought) -> Fit {
    let (mut score, mut why) = (0_u8, Vec::new());
    if let Some(name) = &sought.name {
        let like = likeness(name, &customer.name);
        if like >= LEAST_LIKE {
            let share = (like - LEAST_LIKE) / (1.0 - LEAST_LIKE);
            score += (NAME * (0.5 + share / 2.0)).round() as u8;
            why.push(if like > 0.999 { "name" } else { "name_like" });
        }
    }
    if let (Some(known), Some(born)) = (&sought.born, &customer.born) {
        if known == born {
            score += BORN;
            why.push("born");
        } else if swapped(known).as_ref() == Some(born) {
            score += BORN / 2;
            why.push("born_swapped");
        } else {
            score = score.saturating_sub(BORN_OTHERWISE);
            why.push("born_otherwise");
        }
    }
    let theirs = customer.phone.as_deref().and_then(digits);
    if theirs.is_some() && sought.phones.iter().any(|p| digits(p) == theirs) {
        score += PHONE;
        why.push("phone");
    }
    let theirs = customer.email.as_deref().map(|e| e.trim().to_lowercase());
    let same = |e: &String| Some(e.trim().to_lowercase()) == theirs;
    if theirs.is_some() && sought.emails.iter().any(same) {
        score += EMAIL;
        why.push("email");
    }
    if let (Some(known), Some(theirs)) = (&sought.postcode, &customer.postcode)
        && tight(known) == tight(theirs)
    {
        score += POSTCODE;
        why.push("postcode");
    }
    Fit {
        score: score.min(100),
        why,
    }
}

/// By what a customer is looked up: beginnings of the words of the name, and the rest whole.
pub fn keys_of(customer: &Customer) -> BTreeSet<String> {
    keys(&Sought {
        name: Some(customer.name.clone()),
        born: customer.born.clone(),
        phones: customer.phone.iter().cloned().collect(),
        emails: customer.email.iter().cloned().collect(),
        postcode: customer.postcode.clone(),
    })
}

/// By what somebody is looked up.
pub fn keys(sought: &Sought) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for word in sought.name.as_deref().map(words).unwrap_or_default() {
        let beginning: String = word.chars().take(BEGINNING).collect();
        keys.insert(format!("n {beginning}"));
    }
    keys.extend(sought.born.iter().map(|b| format!("b {b}")));
    let swapped = sought.born.as_deref().and_then(swapped);
    keys.extend(swapped.map(|b| format!("b {b}")));
    let phones = sought.phones.iter().filter_map(|p| digits(p));
    keys.extend(phones.map(|p| format!("p {p}")));
    let emails = sought.emails.iter().map(|e| e.trim().to_lowercase());
    keys.extend(emails.map(|e| format!("e {e}")));
    keys.extend(sought.postcode.iter().map(|z| format!("z {}", tight(z))));
    keys
}

/// What a record tells of whom it happened to, else of the complainant.
pub fn sought(complaint: &Complaint) -> Sought {
    let complainant = &complaint.complainant;
    let affected = complaint.affected_person.as_ref();
    let other = affected.and_then(|a| a.name.clone());
    if affected.is_some() && !complainant.is_customer {
        return Sought {
            name: other,
            ..Sought::default()
        };
    }
    let reached = |kind: &str| {
        let ways = complainant.contact.iter().filter(|c| c.kind == kind);
        ways.map(|c| c.value.clone()).collect()
    };
    Sought {
        name: complainant.name.clone(),
        phones: reached("phone"),
        emails: reached("email"),
        ..Sought::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn anna() -> Customer {
        Customer {
            id: "17".to_owned(),
            name: "Anna Mária Kovács".to_owned(),
            born: Some("1950-02-03".to_owned()),
            phone: Some("+44 7700 900123".to_owned()),
            email: Some("anna@example.org".to_owned()),
            postcode: Some("SW1A 1AA".to_owned()),
        }
    }

    fn named(name: &str) -> Sought {
        Sought {
            name: Some(name.to_owned()),
            ..Sought::default()
        }
    }

    #[test]
    fn a_name_is_known_again_however_it_is_written() {
        for name in ["Anna Kovács", "kovacs, anna", "ANNA MARIA KOVACS"] {
            let fit = fit(&anna(), &named(name));
            assert_eq!((fit.score, fit.why), (50, vec!["name"]), "{name}");
        }
        let slip = fit(&anna(), &named("Ana Kovacz"));
        assert!(
            (30..50).contains(&slip.score) && slip.why == ["name_like"],
            "{slip:?}"
        );
        let other = fit(&anna(), &named("Peter Nagy"));
        assert_eq!(
            other,
            Fit {
                score: 0,
                why: vec![]
            }
        );
        let half = fit(&anna(), &named("Anna"));
        assert!(half.score < LEAST, "one word is no whole name: {half:?}");
    }

    #[test]
    fn what_else_is_known_adds_to_it_and_another_day_of_birth_takes_away() {
        let with = |change: fn(&mut Sought)| {
            let mut sought = named("Anna Kovács");
            change(&mut sought);
            fit(&anna(), &sought)
        };
        let score = |change| with(change).score;
        assert_eq!(score(|s| s.born = Some("1950-02-03".to_owned())), 80);
        assert_eq!(score(|s| s.born = Some("1950-03-02".to_owned())), 65);
        assert_eq!(score(|s| s.born = Some("1961-07-09".to_owned())), 25);
        assert_eq!(score(|s| s.phones = vec!["07700900123".to_owned()]), 70);
        assert_eq!(score(|s| s.postcode = Some("sw1a1aa".to_owned())), 65);
        let all = with(|s| {
            s.born = Some("1950-02-03".to_owned());
            s.phones = vec!["07700 900123".to_owned()];
            s.emails = vec![" Anna@Example.org".to_owned()];
            s.postcode = Some("SW1A1AA".to_owned());
        });
        assert_eq!(all.score, 100);
        assert_eq!(all.why, ["name", "born", "phone", "email", "postcode"]);
    }

    #[test]
    fn whoever_fits_is_looked_up_by_a_key_that_both_have() {
        let keys = |name| keys(&named(name));
        for name in ["Anna Kovács", "Ana Kovacz", "kovacs"] {
            assert!(!keys(name).is_disjoint(&keys_of(&anna())), "{name}");
        }
        assert!(keys("Peter Nagy").is_disjoint(&keys_of(&anna())));
    }
}
