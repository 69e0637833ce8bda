//! Whether words stand in an order in which people write: a sentence, or words of somebody's put into a frame.
//!
//! A linear model over what kind of word follows what: words of grammar by themselves, all others by their ending, so
//! that it knows nothing of what is said. It was learned from sentences that people might write, and from the same ones
//! shuffled, listed and stuffed into frames (`training/order`). A long sentence is read in stretches, since a few words
//! too many drown in it.

use super::{lexicon::Lexicon, uptake::words};
use crate::nlu::model::{Features, Table, hash};
use std::sync::LazyLock;

/// How many answers it has: thrown together, and a sentence.
pub const ORDERS: usize = 2;
/// Words of a stretch, and by how many the next one begins later.
const STRETCH: usize = 9;
const STEP: usize = 3;
/// A text of so many more words is still one stretch.
const OVER: usize = 3;
/// So many kinds that follow each other are looked at together.
const LONGEST: usize = 5;

const KIND: u32 = 0x1b87_3593;
const PAIR: u32 = 0xcc9e_2d51;

/// Endings that tell what kind of word it is, the first that fits.
const ENDINGS: [&str; 18] = [
    "ing", "ed", "ly", "tion", "es", "s", "er", "ado", "ido", "ada", "ar", "ir", "aron", "os",
    "as", "o", "a", "e",
];

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut rest: &[u8] = include_bytes!("../data/order.bin");
    Table::from_bytes(&mut rest, ORDERS).expect("the built-in table is tested")
});

/// The words and marks of a text, as the model sees them.
fn tokens(text: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut end = 0;
    for word in words(text) {
        let between = text.get(end..word.start).unwrap_or_default();
        let mark = between
            .chars()
            .find(|c| matches!(c, ',' | ';' | ':' | '-' | '–' | '—'));
        all.extend(mark.filter(|_| end > 0).map(String::from));
        end = word.end;
        all.push(word.small);
    }
    all
}

fn kind(token: &str, lexicon: &Lexicon) -> String {
    let first = token.chars().next().unwrap_or(' ');
    if first.is_ascii_digit() {
        return "#".to_owned();
    }
    if !first.is_alphanumeric() || lexicon.words.is_grammar(token) {
        return token.to_owned();
    }
    let fits = |e: &&&str| token.len() > e.len() + 2 && token.ends_with(**e);
    format!("~{}", ENDINGS.iter().find(fits).unwrap_or(&""))
}

fn features(stretch: &[String], lexicon: &Lexicon) -> Features {
    let edged = |middle: Vec<String>| [vec!["<".to_owned()], middle, vec![">".to_owned()]].concat();
    let kinds = edged(stretch.iter().map(|t| kind(t, lexicon)).collect());
    let kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
    let themselves = edged(stretch.to_vec());
    let themselves: Vec<&str> = themselves.iter().map(String::as_str).collect();
    let mut all: Vec<u32> = themselves.windows(2).map(|w| hash(PAIR, w)).collect();
    for n in 2..=LONGEST {
        all.extend(kinds.windows(n).map(|w| hash(KIND, w)));
    }
    let each = 3.0 / (all.len().max(1) as f32).sqrt();
    Features {
        hashed: all.into_iter().map(|h| (h, each)).collect(),
        evidence: Vec::new(),
    }
}

/// What the model sees of a sentence, stretch by stretch.
pub(super) fn stretches(text: &str, lexicon: &Lexicon) -> Vec<Features> {
    let all = tokens(text);
    if all.len() <= STRETCH + OVER {
        return vec![features(&all, lexicon)];
    }
    let mut starts: Vec<usize> = (0..=all.len() - STRETCH).step_by(STEP).collect();
    starts.push(all.len() - STRETCH);
    let of = |start: usize| features(&all[start..start + STRETCH], lexicon);
    starts.into_iter().map(of).collect()
}

/// A long sentence has many stretches, one of which may look odd by chance: where it is stuffed, they do on the whole.
const ON_THE_WHOLE: f32 = 0.5;

/// Whether somebody would write words in this order.
pub(super) fn is_sentence(text: &str, lexicon: &Lexicon) -> bool {
    let natural = |features: &Features| TABLE.ask(features).get(1).copied().unwrap_or(1.0);
    let all: Vec<f32> = stretches(text, lexicon).iter().map(natural).collect();
    let mean = all.iter().sum::<f32>() / all.len().max(1) as f32;
    mean >= ON_THE_WHOLE || all.iter().all(|chance| *chance >= lexicon.sentence_from)
}
