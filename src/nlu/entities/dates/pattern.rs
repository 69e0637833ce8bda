//! What words about days come to, and the patterns by which they are found: what all the files about days share.

use crate::nlu::{Setting, entities::own, normalise::fold};
use jiff::civil::{Date, Weekday};
use regex::{Captures, Regex};

/// What some words come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::nlu) struct Days {
    pub(in crate::nlu) from: Date,
    pub(in crate::nlu) to: Date,
    /// A second honest reading.
    pub(in crate::nlu) other: Option<(Date, Date)>,
    pub(in crate::nlu) sort: Sort,
}

/// What is known of a day beside the day itself: its neighbours are read by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::nlu) enum Sort {
    /// "Tuesday": which one it is may hang on its neighbour.
    Bare(Weekday),
    /// "last Tuesday": it stands by itself.
    Weekday(Weekday),
    /// "12 November".
    Dated,
    /// "from Monday to Friday".
    Range,
    Else,
}

impl Days {
    pub(in crate::nlu) fn one(day: Date) -> Self {
        Self::span(day, day)
    }

    pub(in crate::nlu) fn span(from: Date, to: Date) -> Self {
        Self {
            from,
            to,
            other: None,
            sort: Sort::Else,
        }
    }

    pub(in crate::nlu) fn or(self, other: Option<Date>) -> Self {
        Self {
            other: other.map(|d| (d, d)),
            ..self
        }
    }

    pub(in crate::nlu) fn sort(self, sort: Sort) -> Self {
        Self { sort, ..self }
    }

    /// Nothing in the future is an incident: what has begun ends today at the latest, what has not is no reading.
    pub(in crate::nlu) fn been(self, today: Date) -> Option<Self> {
        let cut = |(from, to): (Date, Date)| (from <= today).then(|| (from, to.min(today)));
        let other = self.other.and_then(cut);
        let (from, to) = cut((self.from, self.to))?;
        let known = from.year() >= 1900 && from <= to;
        known.then_some(Self {
            from,
            to,
            other,
            ..self
        })
    }
}

/// What a pattern's words come to; none where they are no day after all.
pub(in crate::nlu) type WorkOut = fn(&Captures<'_>, Setting<'_>) -> Option<Days>;

/// Words of one kind. Without a way to work them out they look like a day and are none. The group `words`, where there is one, is what the
/// writer said about the day; what stands around it was only needed to be sure.
pub(in crate::nlu) struct Pattern {
    pub(in crate::nlu) regex: Regex,
    /// The same in plain letters, without what may follow: it matches wherever `regex` does, and more.
    pub(in crate::nlu) likely: String,
    pub(in crate::nlu) work_out: Option<WorkOut>,
}

/// A pattern from its text, with the names of a language put in. A blank stands for any white space between words.
pub(in crate::nlu) fn pattern(
    text: &str,
    names: &[(&str, String)],
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
        regex: own(&format!(
            "(?i){}",
            spelled(text, r"(?:[ \t\r\n\x{a0}]{1,3})")
        )),
        likely: plain_letters(&spelled(head, r"(?:\s{1,3})").replace(r"\p{L}", "[a-z\x01]")),
        work_out,
    }
}

/// Letters without accents, white space as blanks, and one mark for every other sign that is not ASCII: what
/// text and patterns are compared in to see which
/// patterns are worth a closer look.
pub(in crate::nlu) fn plain_letters(text: &str) -> String {
    let plain = |c: char| match c {
        c if c.is_ascii() => c,
        c if c.is_whitespace() => ' ',
        _ => '\u{1}',
    };
    fold(text).chars().map(plain).collect()
}

/// Names of days or months with the ways in which they are often misspelt.
pub(in crate::nlu) type Names<T> = [(T, &'static str)];

/// All the names, to be put into a pattern.
pub(in crate::nlu) fn any_of<T>(names: &Names<T>) -> String {
    let all: Vec<&str> = names.iter().map(|(_, n)| *n).collect();
    format!("(?:{})", all.join("|"))
}

/// Which of them a word is.
pub(in crate::nlu) fn named<T: Copy>(names: &Names<T>, word: &str) -> Option<T> {
    let word = word.to_lowercase();
    let found = names.iter().find(|(_, n)| n.split('|').any(|n| n == word));
    found.map(|(value, _)| *value)
}

/// A group's words, in small letters, with single blanks.
pub(in crate::nlu) fn words(c: &Captures<'_>, name: &str) -> Option<String> {
    let words: Vec<&str> = c.name(name)?.as_str().split_whitespace().collect();
    Some(words.join(" ").to_lowercase())
}

/// A group that is a number in figures.
pub(in crate::nlu) fn figures(c: &Captures<'_>, name: &str) -> Option<i16> {
    c.name(name)?.as_str().parse().ok()
}

/// A stretch of the text, and the days that it tells.
#[derive(Clone, Copy, Debug)]
pub(in crate::nlu) struct Piece {
    pub(in crate::nlu) start: usize,
    pub(in crate::nlu) end: usize,
    pub(in crate::nlu) days: Days,
}
