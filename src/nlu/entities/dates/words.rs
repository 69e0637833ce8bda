//! A language's words of days, and what they are in a stretch of text that one of its patterns caught.

use super::{
    calendar::{Feast, Part, Unit},
    days::Days,
};
use crate::nlu::Setting;
use jiff::civil::{Date, Weekday};
use regex::Captures;

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

/// Names of days, months and counts, each with its spellings; and the small words around them, as parts of
/// regular expressions.
#[derive(Debug)]
pub(in crate::nlu) struct DayWords {
    pub(in crate::nlu) weekdays: &'static Names<Weekday>,
    pub(in crate::nlu) months: &'static Names<i8>,
    pub(in crate::nlu) ordinals: &'static Names<i8>,
    /// What makes an ordinal of the twenties of one that follows ("twenty-").
    pub(in crate::nlu) twenty: Option<&'static str>,
    pub(in crate::nlu) counts: &'static Names<i64>,
    pub(in crate::nlu) units: &'static Names<Unit>,
    pub(in crate::nlu) parts: &'static Names<Part>,
    pub(in crate::nlu) feasts: &'static Names<Feast>,
    /// Days by their distance from today, in days.
    pub(in crate::nlu) near: &'static Names<i64>,
    /// Weeks by their distance from this one.
    pub(in crate::nlu) weeks: &'static Names<i64>,
    /// Which of a month's weekdays or weeks; the last is -1.
    pub(in crate::nlu) nth: &'static Names<i8>,
    /// What says that the one before is meant.
    pub(in crate::nlu) last: &'static [&'static str],
    /// What says that the present one is meant.
    pub(in crate::nlu) this: &'static [&'static str],
    /// What says that it is over, and not which one.
    pub(in crate::nlu) gone: &'static [&'static str],
    /// What makes a stretch of a unit that ends today.
    pub(in crate::nlu) rolling: &'static [&'static str],
    /// Words, beside the names, one of which stands in every way of telling a day.
    pub(in crate::nlu) any: &'static str,
    /// Between two days: all the days from one to the other.
    pub(in crate::nlu) to: &'static str,
    /// Between two days: both of them.
    pub(in crate::nlu) and: &'static str,
    /// Before two days.
    pub(in crate::nlu) between: &'static str,
    /// Before a day with which a stretch begins.
    pub(in crate::nlu) from: &'static str,
    /// Before a day since which it lasts.
    pub(in crate::nlu) since: &'static str,
    /// After such a day.
    pub(in crate::nlu) onwards: &'static str,
    /// Articles before a day, each with its blank.
    pub(in crate::nlu) article: &'static str,
    /// What the patterns below stand for by name: lists, times of day, what may follow. Put in one after the other.
    pub(in crate::nlu) names: fn() -> Vec<(&'static str, String)>,
    /// What looks like a day and is none.
    pub(in crate::nlu) decoys: &'static [&'static str],
    /// How days are told, most exact first, and how each way is worked out.
    pub(in crate::nlu) ways: &'static [(&'static str, WorkOut)],
    /// Times that may stand between "from" or "to" and the day.
    pub(in crate::nlu) clock: &'static str,
}

/// What a pattern's words come to; none where they are no day after all.
pub(in crate::nlu) type WorkOut = fn(&Caught<'_>) -> Option<Days>;

/// The words that a pattern caught, with the language that they are in and the day on which they were written.
pub(in crate::nlu) struct Caught<'a> {
    pub(in crate::nlu) groups: &'a Captures<'a>,
    pub(in crate::nlu) words: &'static DayWords,
    pub(in crate::nlu) setting: Setting<'a>,
}

impl Caught<'_> {
    /// The day on which they were written.
    pub(in crate::nlu) fn today(&self) -> Date {
        self.setting.today
    }

    /// Whether a group caught anything.
    pub(in crate::nlu) fn has(&self, group: &str) -> bool {
        self.groups.name(group).is_some()
    }

    /// A group as it was written.
    pub(in crate::nlu) fn written(&self, group: &str) -> Option<&str> {
        Some(self.groups.name(group)?.as_str())
    }

    /// A group's words, in small letters, with single blanks.
    pub(in crate::nlu) fn said(&self, group: &str) -> Option<String> {
        let words: Vec<&str> = self.written(group)?.split_whitespace().collect();
        Some(words.join(" ").to_lowercase())
    }

    /// A group that is a number in figures.
    pub(in crate::nlu) fn figures(&self, group: &str) -> Option<i16> {
        self.written(group)?.parse().ok()
    }

    /// What a group's words are a name of.
    pub(in crate::nlu) fn named<T: Copy>(&self, names: &Names<T>, group: &str) -> Option<T> {
        named(names, &self.said(group)?)
    }

    /// Whether a group's words are in a list.
    pub(in crate::nlu) fn is(&self, list: &[&str], group: &str) -> bool {
        self.said(group).is_some_and(|w| list.contains(&w.as_str()))
    }

    pub(in crate::nlu) fn count(&self, group: &str) -> Option<i64> {
        let counted = self.named(self.words.counts, group);
        counted.or_else(|| self.said(group)?.parse().ok())
    }

    pub(in crate::nlu) fn unit(&self) -> Option<Unit> {
        self.named(self.words.units, "unit")
    }

    pub(in crate::nlu) fn weekday(&self) -> Option<Weekday> {
        self.named(self.words.weekdays, "day")
    }

    pub(in crate::nlu) fn month(&self, group: &str) -> Option<i8> {
        self.named(self.words.months, group)
    }

    /// The year, where one was told.
    pub(in crate::nlu) fn year(&self) -> Option<i16> {
        let last = self.has("lastyear").then(|| self.today().year() - 1);
        self.figures("year").or(last)
    }

    /// Which part of a week, month or year; the whole where none was told.
    pub(in crate::nlu) fn part(&self) -> Part {
        let part = self.named(self.words.parts, "part");
        part.unwrap_or(Part::Whole)
    }

    /// How many weeks, months or years before this one is meant.
    pub(in crate::nlu) fn ago(&self) -> i64 {
        i64::from(self.is(self.words.last, "which"))
    }

    /// The day of a month, in figures or in words: "third", "twenty-third", "tres".
    pub(in crate::nlu) fn day_of_month(&self) -> Option<i8> {
        let Some(word) = self.said("ordinal") else {
            return self.figures("day").map(|day| day as i8);
        };
        let ordinals = self.words.ordinals;
        let of_twenties = || {
            let rest = word.strip_prefix(self.words.twenty?)?;
            named(ordinals, rest.trim_matches([' ', '-'])).map(|n| 20 + n)
        };
        let counted = || named(self.words.counts, &word).map(|n| n as i8);
        (of_twenties().or_else(|| named(ordinals, &word))).or_else(counted)
    }
}
