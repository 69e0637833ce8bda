//! Words of every day, by which a name is told from a word that only has a capital, or none.
//!
//! The lists in `<language>/ordinary.txt` were counted, not written: words that at least four times stand in lower
//! case, and four times as often so as with a capital inside a sentence, in the training texts of the reader (for
//! Spanish: twice, in fewer texts, without those that were marked as names). "Mind" and "keyboard" are in it; "Carol"
//! and "Patel" are not.

use super::packs::PACKS;
use std::{collections::HashSet, sync::LazyLock};

static WORDS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| PACKS.iter().flat_map(|p| p.ordinary().lines()).collect());

/// Whether a word, in any case, is one of every day.
pub(crate) fn is_ordinary(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    WORDS.contains(word.to_lowercase().as_str())
}
