//! Letters without their accents.

use unicode_normalization::UnicodeNormalization;

/// A word in small letters, without their accents.
pub(super) fn small(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    fold(&word.to_lowercase())
}

/// Letters without their accents, for rules that should not depend on them.
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    text.nfd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .collect()
}
