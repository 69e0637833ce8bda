//! What the models are shown of a message: its words without the names of people, of which there is nothing to learn.
//!
//! A name that stood in a few lines of danger, or of praise, would otherwise speak for it wherever it stands.

use super::{fold::small, given_names::is_given_name, ordinary::is_ordinary};
use crate::domain::Entities;
use std::collections::HashSet;

/// The words of the names that are told in a message, in small letters and without accents.
pub(super) fn names(found: &Entities) -> HashSet<String> {
    let staff = found.staff.iter().filter_map(|s| s.name.as_deref());
    let affected = found.affected.iter().filter_map(|a| a.name.as_deref());
    let own = found.self_name.iter().map(|f| f.text.as_str());
    let words = staff
        .chain(affected)
        .chain(own)
        .flat_map(str::split_whitespace);
    words
        .map(|word| small(core(word)))
        .filter(|word| !is_ordinary(word))
        .collect()
}

/// A normalised text without names; as it is where nothing would be left.
pub(super) fn nameless(plain: &str, names: &HashSet<String>) -> String {
    let is_name = |word: &&str| {
        let word = core(word);
        names.contains(small(word).as_str()) || is_given_name(word) && !is_ordinary(word)
    };
    let mut out = String::with_capacity(plain.len());
    for word in plain.split(' ') {
        // The mark that ends a sentence stays: "I was seen by Laura."
        let kept = if is_name(&word) {
            &word[word.trim_end_matches(['.', '!', '?', ';', ',']).len()..]
        } else {
            word
        };
        if !(out.is_empty() || kept.is_empty() || kept.len() < word.len()) {
            out.push(' ');
        }
        out.push_str(kept);
    }
    if out.chars().any(char::is_alphabetic) {
        out
    } else {
        plain.to_owned()
    }
}

/// A word without the marks around it, and without the "'s" of whose something is.
fn core(word: &str) -> &str {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    word.strip_suffix("'s")
        .or_else(|| word.strip_suffix("’s"))
        .unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_left_out_and_words_are_not() {
        let names = HashSet::from(["okonjo".to_owned()]);
        let shown = |plain: &str| nameless(plain, &names);
        assert_eq!(
            shown("my keyworker laura never turns up"),
            "my keyworker never turns up"
        );
        assert_eq!(
            shown("i was seen by laura. mr okonjo's van will wait"),
            "i was seen by. mr van will wait"
        );
        assert_eq!(shown("laura okonjo"), "laura okonjo");
    }
}
