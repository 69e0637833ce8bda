//! First names, by which somebody is told from a place or from what somebody does: "Priya Nair", "Mia", and not
//! "Larchwood", "admin".
//!
//! The lists are of common first names and never whole; a name that is not in them is still one wherever the words
//! around it say so.

use super::{fold::fold, ordinary::is_ordinary, packs::PACKS};
use std::{collections::HashSet, sync::LazyLock};

static NAMES: LazyLock<HashSet<String>> = LazyLock::new(|| {
    PACKS
        .iter()
        .flat_map(|p| p.given_names().lines())
        .map(fold)
        .collect()
});

/// Whether a word, in any case, is a common first name.
pub fn is_given_name(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    NAMES.contains(&fold(&word.to_lowercase()))
}

/// Whether words are the name of somebody, by its first: "Priya Nair", "jodie purley".
pub fn names_somebody(words: &str) -> bool {
    let mut all = words.split_whitespace();
    let first = all.next().is_some_and(is_given_name);
    let figures = words.contains(|c: char| c.is_ascii_digit());
    let rest: Vec<&str> = all.collect();
    // "Holly Lodge", "Rose's flat": a place that has a name.
    let place = rest.iter().any(|w| is_ordinary(w));
    first && !figures && rest.len() <= 3 && !place
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_told_from_places() {
        for name in ["Priya Nair", "jodie purley", "MARÍA", "Jose Luis Prats"] {
            assert!(names_somebody(name), "{name}");
        }
        for place in [
            "Larchwood",
            "ward 4",
            "Willow Court",
            "the kitchen",
            "Elizabeth House",
        ] {
            assert!(!names_somebody(place), "{place}");
        }
    }
}
