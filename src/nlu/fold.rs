//! Letters without their accents.

use unicode_normalization::UnicodeNormalization;

/// Letters without their accents, for rules that should not depend on them.
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    text.nfd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .collect()
}
