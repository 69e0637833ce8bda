//! Days as people say them, worked out from the day on which they say it.
//!
//! What looks like a day and is none is taken out first, then each kind of words is looked for, most exact first, and at last neighbours
//! that belong together ("from Friday till Sunday", "since" and a day) are made one.

use super::super::{
    Setting,
    normalise::fold,
    patterns::{Patterns, Use},
};
use super::{dates_en, dates_es, dates_join, dates_words, own};
use crate::domain::interpretation::FoundDate;
use jiff::civil::{Date, Weekday};
use regex::{Captures, Regex};
use std::sync::LazyLock;

/// What some words come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Days {
    pub(super) from: Date,
    pub(super) to: Date,
    /// A second honest reading.
    pub(super) other: Option<(Date, Date)>,
    pub(super) sort: Sort,
}

/// What is known of a day beside the day itself: its neighbours are read by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
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
    pub(super) fn one(day: Date) -> Self {
        Self::span(day, day)
    }

    pub(super) fn span(from: Date, to: Date) -> Self {
        Self {
            from,
            to,
            other: None,
            sort: Sort::Else,
        }
    }

    pub(super) fn or(self, other: Option<Date>) -> Self {
        Self {
            other: other.map(|d| (d, d)),
            ..self
        }
    }

    pub(super) fn sort(self, sort: Sort) -> Self {
        Self { sort, ..self }
    }

    /// Nothing in the future is an incident: what has begun ends today at the latest, what has not is no reading.
    fn been(self, today: Date) -> Option<Self> {
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
pub(super) type WorkOut = fn(&Captures<'_>, Setting<'_>) -> Option<Days>;

/// Words of one kind. Without a way to work them out they look like a day and are none. The group `words`, where there is one, is what the
/// writer said about the day; what stands around it was only needed to be sure.
pub(super) struct Pattern {
    regex: Regex,
    /// The same in plain letters, without what may follow: it matches wherever `regex` does, and more.
    likely: String,
    work_out: Option<WorkOut>,
}

/// A pattern from its text, with the names of a language put in. A blank stands for any white space between words.
pub(super) fn pattern(text: &str, names: &[(&str, String)], work_out: Option<WorkOut>) -> Pattern {
    let spelled = |text: &str, blank: &str| {
        let named = names
            .iter()
            .fold(text.to_owned(), |t, (name, words)| t.replace(name, words));
        // "This mornin'" is written as it is said.
        let named = named.replace("morning", "mornin(?:g|['’])?");
        named
            .replace("evening", "evenin(?:g|['’])?")
            .replace(' ', blank)
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
fn plain_letters(text: &str) -> String {
    let plain = |c: char| match c {
        c if c.is_ascii() => c,
        c if c.is_whitespace() => ' ',
        _ => '\u{1}',
    };
    fold(text).chars().map(plain).collect()
}

/// Names of days or months with the ways in which they are often misspelt.
pub(super) type Names<T> = [(T, &'static str)];

/// All the names, to be put into a pattern.
pub(super) fn any_of<T>(names: &Names<T>) -> String {
    let all: Vec<&str> = names.iter().map(|(_, n)| *n).collect();
    format!("(?:{})", all.join("|"))
}

/// Which of them a word is.
pub(super) fn named<T: Copy>(names: &Names<T>, word: &str) -> Option<T> {
    let word = word.to_lowercase();
    let found = names.iter().find(|(_, n)| n.split('|').any(|n| n == word));
    found.map(|(value, _)| *value)
}

/// A group's words, in small letters, with single blanks.
pub(super) fn words(c: &Captures<'_>, name: &str) -> Option<String> {
    let words: Vec<&str> = c.name(name)?.as_str().split_whitespace().collect();
    Some(words.join(" ").to_lowercase())
}

/// A group that is a number in figures.
pub(super) fn figures(c: &Captures<'_>, name: &str) -> Option<i16> {
    c.name(name)?.as_str().parse().ok()
}

/// A stretch of the text, and the days that it tells.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) days: Days,
}

/// All ways of telling a day, and which of them a text may hold.
struct Ways {
    patterns: Vec<Pattern>,
    likely: Patterns,
}

static WAYS: LazyLock<Ways> = LazyLock::new(|| {
    let mut patterns = dates_en::decoys();
    patterns.extend(dates_es::decoys());
    patterns.extend(dates_en::patterns());
    patterns.extend(dates_es::patterns());
    let likely: Vec<(String, Use)> = patterns
        .iter()
        .map(|p| (format!("(?i){}", p.likely), Use::Subject))
        .collect();
    Ways {
        patterns,
        likely: Patterns::compile(&likely).expect("the program's own patterns are tested"),
    }
});

/// A word that stands in every way of telling a day: most messages have none, and need no further look.
static ANY: LazyLock<Regex> = LazyLock::new(|| {
    let names = [
        any_of(dates_words::WEEKDAYS),
        any_of(dates_words::WEEKDAYS_ES),
        any_of(dates_words::MONTHS),
        any_of(dates_words::MONTHS_ES),
        any_of(dates_words::UNITS),
        any_of(dates_words::UNITS_ES),
        any_of(dates_words::FEASTS),
        any_of(dates_words::FEASTS_ES),
        "yesterday|today|tonight|evenin|mornin|afternoon|lunchtime|now|christmas|xmas".to_owned(),
        "ayer|hoy|anoche|mañana|tarde|mediod[ií]a|ahora|navidad|(?:tras)?ant(?:e|es de )?(?:ayer|anoche)|(?:tras)?antier"
            .to_owned(),
    ];
    own(&format!(r"(?i)\d|\b(?:{})", names.join("|")))
});

/// The words without the stop or comma that ends their sentence; that of "p.m." belongs to them.
fn without_stops(words: &str) -> &str {
    let words = words.trim_end();
    if words.to_lowercase().ends_with(".m.") {
        return words;
    }
    words.trim_end_matches(['.', ',']).trim_end()
}

/// All the days and stretches of days that are spoken of, in the order of the text, none overlapping.
pub(super) fn dates(text: &str, setting: Setting<'_>) -> Vec<FoundDate> {
    if !ANY.is_match(text) {
        return Vec::new();
    }
    let mut taken: Vec<(usize, usize)> = Vec::new();
    let mut pieces: Vec<Piece> = Vec::new();
    let likely = WAYS.likely.matches(&plain_letters(text)).numbers;
    for pattern in likely.into_iter().map(|n| &WAYS.patterns[n]) {
        for captures in pattern.regex.captures_iter(text) {
            let whole = (captures.name("words")).unwrap_or_else(|| captures.get_match());
            let (start, end) = (whole.start(), whole.end());
            if taken.iter().any(|(from, to)| *from < end && start < *to) {
                continue;
            }
            let Some(work_out) = pattern.work_out else {
                taken.push((start, end));
                continue;
            };
            let days = work_out(&captures, setting).and_then(|d| d.been(setting.today));
            if let Some(days) = days {
                taken.push((start, end));
                let end = start + without_stops(whole.as_str()).len();
                pieces.push(Piece { start, end, days });
            }
        }
    }
    pieces.sort_by_key(|p| p.start);
    let pieces = dates_join::joined(text, &pieces, setting.today);
    let found = pieces.iter().map(|piece| FoundDate {
        text: text[piece.start..piece.end].to_owned(),
        from: piece.days.from.to_string(),
        to: piece.days.to.to_string(),
        other: (piece.days.other).map(|(from, to)| (from.to_string(), to.to_string())),
        start: piece.start,
        end: piece.end,
    });
    found.collect()
}
