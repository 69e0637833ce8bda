//! Patterns of days, and the stretches of text that they find.

use super::{
    days::Days,
    words::{DayWords, WorkOut},
};
use crate::nlu::fold::fold;
use std::borrow::Cow;

/// Words of one kind. Without a way to work them out they look like a day and are none. The group `words`, where
/// there is one, is what the writer said about the day; what stands around it was only needed to be sure.
pub(super) struct Pattern {
    pub(super) whole: String,
    /// The same in plain letters, without what may follow: it matches wherever `whole` does, and more.
    pub(super) likely: String,
    pub(super) work_out: Option<WorkOut>,
    /// The words of its language.
    pub(super) words: &'static DayWords,
}

/// What looks like a day in a language, and is none.
pub(super) fn decoys(words: &'static DayWords) -> Vec<Pattern> {
    let names = (words.names)();
    let texts = words.decoys.iter();
    texts.map(|t| pattern(t, &names, words, None)).collect()
}

/// How days are told in a language, most exact first.
pub(super) fn told(words: &'static DayWords) -> Vec<Pattern> {
    let names = (words.names)();
    let ways = words.ways.iter();
    ways.map(|(text, work_out)| pattern(text, &names, words, Some(*work_out)))
        .collect()
}

/// A pattern from its text, with the names of a language put in. A blank stands for any white space between words.
fn pattern(
    text: &str,
    names: &[(&str, String)],
    words: &'static DayWords,
    work_out: Option<WorkOut>,
) -> Pattern {
    let spelled = |text: &str, blank: &str| {
        let named = names
            .iter()
            .fold(text.to_owned(), |t, (name, words)| t.replace(name, words));
        named.replace(' ', blank)
    };
    let mut head = text;
    for may_follow in ["CLOCK", "INYEAR", "GOON"] {
        head = head.strip_suffix(may_follow).unwrap_or(head);
    }
    Pattern {
        whole: format!("(?i){}", spelled(text, r"(?:[ \t\r\n\x{a0}]{1,3})")),
        likely: plain_letters(&spelled(head, r"(?:\s{1,3})").replace(r"\p{L}", "[a-z\x01]"))
            .into_owned(),
        work_out,
        words,
    }
}

/// Letters without accents, white space as blanks, and one mark for every other sign that is not ASCII: what
/// text and patterns are compared in to see which
/// patterns are worth a closer look.
pub(super) fn plain_letters(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let plain = |c: char| match c {
        c if c.is_ascii() => c,
        c if c.is_whitespace() => ' ',
        _ => '\u{1}',
    };
    Cow::Owned(fold(text).chars().map(plain).collect())
}

/// A stretch of the text, and the days that it tells.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) days: Days,
}
