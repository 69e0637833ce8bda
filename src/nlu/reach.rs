//! How long the longest match of a pattern can be, in a text that is known.
//!
//! "\w+" has no longest match; in a text whose longest word has twelve letters it has one. So a length is a number of
//! bytes, and of runs of signs of a kind, of which every text has a longest.

use regex_syntax::hir::{Class, Hir, HirKind};
use std::cmp::max;

/// Kinds of signs, each a set of ASCII (a bit a sign). All others belong to every kind.
const KINDS: [u128; 3] = [
    WORDS,
    signs(false, b""),
    WORDS | signs(true, b" \t\n\r\x0b\x0c"),
];
/// What words are made of.
const WORDS: u128 = ALPHANUMERIC | signs(true, b"_-'");
const ALPHANUMERIC: u128 = !signs(false, b"");

/// The signs that are listed; or all that are neither letter nor figure.
const fn signs(listed: bool, list: &[u8]) -> u128 {
    let mut all = 0_u128;
    let mut sign = 0_u8;
    while sign < 128 {
        let mut within = !listed && !sign.is_ascii_alphanumeric();
        let mut n = 0;
        while n < list.len() {
            within |= list[n] == sign;
            n += 1;
        }
        if within {
            all |= 1_u128 << sign;
        }
        sign += 1;
    }
    all
}

/// The longest run of each kind that a text has, in bytes.
#[derive(Debug)]
pub(super) struct Runs([usize; KINDS.len()]);

impl Runs {
    pub(super) fn of(text: &str) -> Self {
        Self(KINDS.map(|kind| {
            let (mut longest, mut run) = (0, 0);
            for byte in text.bytes() {
                let within = byte >= 128 || (kind >> byte) & 1 == 1;
                run = if within { run + 1 } else { 0 };
                longest = max(longest, run);
            }
            longest
        }))
    }
}

/// The length of the longest match of something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Length {
    bytes: usize,
    /// How many runs of each kind.
    runs: [usize; KINDS.len()],
}

impl Length {
    pub(super) fn bytes(bytes: usize) -> Self {
        Self {
            bytes,
            ..Self::default()
        }
    }

    /// In bytes, in a text with those runs.
    pub(super) fn in_text(&self, runs: &Runs) -> usize {
        let each = self.runs.iter().zip(&runs.0);
        let runs = each.map(|(count, longest)| count.saturating_mul(*longest));
        runs.fold(self.bytes, usize::saturating_add)
    }

    /// Of two things that follow each other.
    pub(super) fn and(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        Self::each(one, other, usize::saturating_add)
    }

    /// Of one of two things.
    pub(super) fn longer(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        Self::each(one, other, max)
    }

    fn each(one: Option<Self>, other: Option<Self>, f: fn(usize, usize) -> usize) -> Option<Self> {
        let (one, other) = one.zip(other)?;
        let mut runs = one.runs;
        for (mine, theirs) in runs.iter_mut().zip(other.runs) {
            *mine = f(*mine, theirs);
        }
        Some(Self {
            bytes: f(one.bytes, other.bytes),
            runs,
        })
    }
}

/// The longest match; none where no run of a kind bounds it.
pub(super) fn longest(hir: &Hir) -> Option<Length> {
    if let Some(bytes) = hir.properties().maximum_len() {
        return Some(Length::bytes(bytes));
    }
    match hir.kind() {
        HirKind::Capture(capture) => longest(&capture.sub),
        HirKind::Concat(parts) => {
            (parts.iter().map(longest)).fold(Some(Length::default()), Length::and)
        }
        HirKind::Alternation(ways) => {
            (ways.iter().map(longest)).fold(Some(Length::default()), Length::longer)
        }
        HirKind::Repetition(repeated) => {
            let alphabet = alphabet(&repeated.sub);
            let kind = KINDS.iter().position(|kind| alphabet & !kind == 0)?;
            let mut length = Length::default();
            length.runs[kind] = 1;
            Some(length)
        }
        HirKind::Empty | HirKind::Look(_) | HirKind::Literal(_) | HirKind::Class(_) => None,
    }
}

/// The signs of ASCII that a match can be made of.
fn alphabet(hir: &Hir) -> u128 {
    let any = |parts: &[Hir]| parts.iter().fold(0_u128, |all, part| all | alphabet(part));
    let range =
        |from: u32, to: u32| (from..=to.min(127)).fold(0_u128, |all, sign| all | (1_u128 << sign));
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 0,
        HirKind::Literal(literal) => (literal.0.iter().filter(|b| b.is_ascii()))
            .fold(0_u128, |all, byte| all | (1_u128 << *byte)),
        HirKind::Class(Class::Unicode(class)) => (class.ranges().iter()).fold(0_u128, |all, r| {
            all | range(r.start().into(), r.end().into())
        }),
        HirKind::Class(Class::Bytes(class)) => (class.ranges().iter()).fold(0_u128, |all, r| {
            all | range(r.start().into(), r.end().into())
        }),
        HirKind::Capture(capture) => alphabet(&capture.sub),
        HirKind::Repetition(repeated) => alphabet(&repeated.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => any(parts),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_text(pattern: &str, text: &str) -> Option<usize> {
        let hir = regex_syntax::parse(pattern).expect("a pattern");
        Some(longest(&hir)?.in_text(&Runs::of(text)))
    }

    #[test]
    fn what_repeats_without_end_is_as_long_as_the_longest_run_in_the_text() {
        let text = "the receptionist, so rude!!! and so on";
        assert_eq!(in_text("so (?:rude|on)", text), Some(7));
        assert_eq!(in_text(r"the \w+", text), Some(4 + 12));
        assert_eq!(in_text("rude[!?]*", text), Some(4 + 4));
        // "the receptionist" and " so rude" are phrases.
        assert_eq!(in_text("(?:so |and )*on", text), Some(16 + 2));
    }

    #[test]
    fn what_holds_signs_of_several_kinds_has_no_longest_match() {
        assert_eq!(in_text("want [^.]*", "I want it"), None);
        assert_eq!(in_text(".*", ""), None);
    }
}
