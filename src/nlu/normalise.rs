//! One spelling for everything, before the rules read it.

use super::{misspelt, packs::PACKS};
use std::{collections::HashMap, sync::LazyLock};
use unicode_normalization::UnicodeNormalization;

/// Words that are spelt out, with the word that is meant, of all languages.
static SPELLINGS: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let all = PACKS.iter().rev().flat_map(|p| p.spellings());
    all.copied().collect()
});

/// Lower case, compatibility forms folded, quotes straightened, control and invisible characters dropped, white space
/// single, text-speak spelled out.
pub(super) fn normalise(text: &str) -> String {
    if text.is_ascii() {
        return spelt_out(&plain_ascii(text));
    }
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkc().flat_map(char::to_lowercase) {
        match c {
            '\u{2018}' | '\u{2019}' | '\u{02bc}' | '`' | '\u{00b4}' => folded.push('\''),
            '\u{201c}' | '\u{201d}' => folded.push('"'),
            '\u{2013}' | '\u{2014}' => folded.push('-'),
            c if c.is_whitespace() => folded.push(' '),
            c if c.is_control() || is_invisible(c) => {}
            c => folded.push(c),
        }
    }
    spelt_out(&folded)
}

/// The same of ASCII, of which less needs to be done.
fn plain_ascii(text: &str) -> String {
    let plain = |c: char| match c {
        '`' => Some('\''),
        c if c.is_whitespace() => Some(' '),
        c if c.is_control() => None,
        c => Some(c.to_ascii_lowercase()),
    };
    text.chars().filter_map(plain).collect()
}

/// Words apart by single blanks, text-speak spelt out, and misspelt words put right.
fn spelt_out(folded: &str) -> String {
    let mut out = String::with_capacity(folded.len() + 8);
    for word in folded.split(' ').filter(|w| !w.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        let core_len = word.trim_end_matches(['.', ',', '!', '?', ';', ':']).len();
        let (core, tail) = word.split_at(core_len);
        out.push_str(SPELLINGS.get(core).copied().unwrap_or(core));
        out.push_str(tail);
    }
    misspelt::put_right(out)
}

/// Joiners, direction marks and the like: they carry no words, and are used to hide them.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{00ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
}
