//! Words that are misspelt, by the word that is meant: "tretted realy bad" is read as "treated really bad".
//!
//! Only messages in which several words are spelt as no word is are read so: whoever misspells does it more than once,
//! and a single word that no list has is rather a name, a place or a word of a trade. The record keeps what was
//! written.

use super::{fold::fold, packs::PACKS};
use crate::domain::fingerprint;
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    ops::RangeInclusive,
    sync::LazyLock,
};
use unicode_segmentation::UnicodeSegmentation;

/// How many words of a message are looked at: time must not grow with what somebody sends.
const MOST_WORDS: usize = 400;
/// How many misspelt words a message must have, and at most how many words there may be for each of them.
const FEWEST: usize = 2;
const WORDS_FOR_EACH: usize = 9;
/// Letters of the words that are put right.
const LETTERS: RangeInclusive<usize> = 3..=20;
/// Up to how many letters only swapped or doubled ones are put right: short words have too many neighbours.
const SHORT: usize = 4;

/// The words of a language that may be meant.
#[derive(Debug)]
struct Meant {
    /// All words of every day, as they are written.
    ordinary: HashSet<&'static str>,
    /// Each with what is compared of it, and how often the encoder's vocabulary has it, most frequent first.
    words: Vec<(String, &'static str, usize)>,
    /// Marks of them with at most one letter left out, in order, each with the number of its word.
    shortened: Vec<(u32, u16)>,
}

/// All words that are right as they stand, without their accents.
static KNOWN: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let learned = include_str!("data/encoder.vocabulary.txt").lines();
    let listed = PACKS.iter().flat_map(|p| {
        let written = p.rules().split(not_a_letter);
        let flags = p.red_flags().split(not_a_letter);
        let lists = p.ordinary().lines().chain(p.given_names().lines());
        let spelt = p.spellings().iter().map(|(short, _)| *short);
        lists
            .chain(written)
            .chain(flags)
            .chain(p.lexicon().split(not_a_letter))
            .chain(spelt)
    });
    learned
        .chain(listed)
        .map(|w| fold(&w.to_lowercase()))
        .collect()
});

static MEANT: LazyLock<Vec<Meant>> =
    LazyLock::new(|| PACKS.iter().map(|p| Meant::of(p.ordinary())).collect());

fn not_a_letter(c: char) -> bool {
    !c.is_alphabetic()
}

impl Meant {
    fn of(ordinary: &'static str) -> Self {
        let ranks: HashMap<&str, usize> = (include_str!("data/encoder.vocabulary.txt").lines())
            .enumerate()
            .map(|(at, w)| (w, at))
            .collect();
        let words: Vec<_> = (ordinary.lines())
            .map(|word| (fold(word), word))
            .filter(|(plain, _)| {
                LETTERS.contains(&plain.len()) && plain.bytes().all(|b| b.is_ascii_lowercase())
            })
            .map(|(plain, word)| {
                let rank = ranks.get(plain.as_str()).copied().unwrap_or(usize::MAX);
                (single(&plain), word, rank)
            })
            .collect();
        let mut shortened = Vec::with_capacity(words.len() * 8);
        for (number, (plain, ..)) in words.iter().enumerate() {
            shortened.extend(marks(plain).map(|mark| (mark, number as u16)));
        }
        shortened.sort_unstable();
        Self {
            ordinary: ordinary.lines().collect(),
            words,
            shortened,
        }
    }

    /// The word that is meant by one that is none.
    fn by(&self, misspelt: &str) -> Option<&'static str> {
        let plain = fold(misspelt);
        let letters = single(&plain);
        let candidates = marks(&letters).flat_map(|mark| {
            let from = self.shortened.partition_point(|(other, _)| *other < mark);
            self.shortened[from..]
                .iter()
                .take_while(move |(other, _)| *other == mark)
        });
        candidates
            .map(|(_, number)| &self.words[usize::from(*number)])
            .filter_map(|(right, word, rank)| Some(((unlikeness(&letters, right)?, *rank), *word)))
            .min()
            .map(|(_, word)| word)
    }
}

/// How unlike words are that are spelt by ear.
const BY_EAR: u8 = 2;

/// How unlike two words are: 0 the same but for doubled letters, 1 two swapped, 2 spelt by ear, 3 one letter else;
/// none if there is more between them.
fn unlikeness(misspelt: &str, right: &str) -> Option<u8> {
    if misspelt == right {
        return Some(0);
    }
    if misspelt.len().abs_diff(right.len()) > 1 || strsim::osa_distance(misspelt, right) > 1 {
        return None;
    }
    if sorted(misspelt) == sorted(right) {
        return Some(1);
    }
    if misspelt.as_bytes().first() != right.as_bytes().first() || misspelt.len() <= SHORT {
        return None;
    }
    Some(BY_EAR + u8::from(!sounds(misspelt).eq(sounds(right))))
}

fn sorted(word: &str) -> Vec<u8> {
    let mut letters = word.as_bytes().to_vec();
    letters.sort_unstable();
    letters
}

/// The consonants of a word by where they are spoken: the groups of Soundex (R. C. Russell, 1918), which hold for
/// Spanish too ("vien" and "bien", "ensierra" and "encierra").
fn sounds(word: &str) -> impl Iterator<Item = u8> {
    word.bytes().filter_map(|letter| {
        Some(match letter {
            b'b' | b'f' | b'p' | b'v' => 1,
            b'c' | b'g' | b'j' | b'k' | b'q' | b's' | b'x' | b'z' => 2,
            b'd' | b't' => 3,
            b'l' => 4,
            b'm' | b'n' => 5,
            b'r' => 6,
            _ => return None,
        })
    })
}

/// A word with each doubled letter once.
fn single(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for c in word.chars() {
        if !out.ends_with(c) {
            out.push(c);
        }
    }
    out
}

/// Marks of a word, and of it with each one of its letters left out.
fn marks(word: &str) -> impl Iterator<Item = u32> {
    (0..=word.len()).map(move |left_out| {
        let after = (left_out + 1).min(word.len());
        let letters = [&word.as_bytes()[..left_out], &word.as_bytes()[after..]];
        fingerprint(letters) as u32
    })
}

/// A normalised text with its misspelt words put right, where it has several; as it is where it has not.
pub(super) fn put_right(plain: String) -> String {
    let words = || plain.split(' ').take(MOST_WORDS);
    let unknown: Vec<&str> = words().map(core).filter(|w| is_unknown(w)).collect();
    let all = words().count();
    // Of a language that no list has, most words are unknown.
    if unknown.len() < FEWEST || unknown.len() * 2 > all {
        return plain;
    }
    let spoken = |meant: &&Meant| words().filter(|w| meant.ordinary.contains(core(w))).count();
    let Some(meant) = MEANT.iter().rev().max_by_key(spoken) else {
        return plain;
    };
    let right: HashMap<&str, &str> = (unknown.into_iter())
        .filter_map(|word| Some((word, meant.by(word)?)))
        .collect();
    if right.len() < FEWEST || right.len() * WORDS_FOR_EACH < all {
        return plain;
    }
    let mut out = String::with_capacity(plain.len() + 8);
    for (at, word) in plain.split(' ').enumerate() {
        if at > 0 {
            out.push(' ');
        }
        match right.get(core(word)) {
            Some(meant) => out.push_str(&word.replacen(core(word), meant, 1)),
            None => out.push_str(word),
        }
    }
    out
}

/// A word without the marks around it.
fn core(word: &str) -> &str {
    word.trim_matches(not_a_letter)
}

/// Whether it is spelt as no word is that some list has.
fn is_unknown(word: &str) -> bool {
    LETTERS.contains(&word.len())
        && !KNOWN.contains(word)
        && word.chars().all(char::is_alphabetic)
        && !KNOWN.contains(fold(word).as_str())
}

/// A text in which words that tell of days are put right, and where its bytes stood before.
#[derive(Debug)]
pub(super) struct Respelt {
    pub(super) text: String,
    /// Where each word that was put right ends in this text, and where it ended before.
    ends: Vec<(usize, usize)>,
}

impl Respelt {
    /// Where the bytes before `at` ended in the text as it was written.
    pub(super) fn written(&self, at: usize) -> usize {
        let before = self.ends.iter().rev().find(|(end, _)| *end <= at);
        before.map_or(at, |(end, written)| at - end + written)
    }
}

/// A text with words put right that are misspelt and may be one of these: "bonfre nite", "el miercoles pasao".
/// None where there is none.
pub(super) fn respelt(text: &str, among: &BTreeSet<&'static str>) -> Option<Respelt> {
    let meant = |word: &str| {
        let word = fold(&word.to_lowercase());
        let short = PACKS
            .iter()
            .flat_map(|p| p.spellings())
            .find(|(short, _)| *short == word);
        if let Some((_, long)) = short {
            return among.get(long).copied();
        }
        if !is_unknown(&word) {
            return None;
        }
        let letters = single(&word);
        let alike = |right: &&'static str| {
            let how = unlikeness(&letters, &single(right)).filter(|u| *u <= BY_EAR)?;
            Some((how, *right))
        };
        among.iter().filter_map(alike).min().map(|(_, right)| right)
    };
    let mut out = Respelt {
        text: String::with_capacity(text.len() + 8),
        ends: Vec::new(),
    };
    let mut copied = 0;
    for (start, word) in text.split_word_bound_indices().take(MOST_WORDS) {
        if let Some(right) = meant(word) {
            out.text.push_str(&text[copied..start]);
            out.text.push_str(right);
            copied = start + word.len();
            out.ends.push((out.text.len(), copied));
        }
    }
    out.text.push_str(&text[copied..]);
    (!out.ends.is_empty()).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_misspelt_is_read_as_it_is_meant() {
        let read = |text: &str| put_right(text.to_owned());
        assert_eq!(
            read("i was tretted realy bad at teh dentel clinic."),
            "i was treated really bad at the dental clinic."
        );
        assert_eq!(
            read("no puedo desir nada, tengo myedo de ella y me duele el braso"),
            "no puedo decir nada, tengo miedo de ella y me duele el brazo"
        );
    }

    #[test]
    fn names_trades_and_other_languages_stay_as_they_are() {
        for text in [
            "mrs thistlewaite from aberystwyth was kind to me on the ward",
            "he hurt his toe and mr okonjo put a plaster on it",
            "die schwester hat meinen vater angeschrien und geschlagen",
            "",
        ] {
            assert_eq!(put_right(text.to_owned()), text);
        }
    }
}
