//! Days as people say them, worked out from the day on which they say it.

use super::super::Setting;
use super::own;
use crate::domain::{DateOrder, interpretation::FoundDate};
use jiff::{
    Span, ToSpan,
    civil::{Date, Weekday},
};
use regex::{Captures, Regex};
use std::sync::LazyLock;

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
const WEEKDAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];
const NUMBERS: [&str; 13] = [
    "a", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
];

macro_rules! day {
    () => {
        r"(?:mon|tues?|wednes|thurs?|fri|satur|sun)day|mon|tues?|wed|thurs?|thu|fri|sat|sun"
    };
}
macro_rules! month { () => { r"january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec" }; }
macro_rules! clock {
    () => {
        r"(?:,? ?(?:at |around |about |at about |at around |roughly |approximately |just after |just before |after |before |by |round |~)?(?:\d{1,2}(?:[:.]\d\d)? ?(?:am|pm|a\.m\.|p\.m\.|o'?clock)|\d{1,2}[:.]\d\d|(?:half past |quarter past |quarter to )?(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?: o'?clock| thirty)?\b(?: in the (?:morning|afternoon|evening))?|half (?:past )?\w+|noon|midday|midnight|lunch ?time|tea ?time|dinner ?time|(?:\d{1,2}) ?(?:ish|in the (?:morning|afternoon|evening)))|,? (?:in the |at )?(?:early |late )?(?:morning|afternoon|evening|night)\b)*"
    };
}

/// What a pattern's words come to: the first and the last day.
type WorkOut = fn(&Captures<'_>, Setting<'_>) -> Option<(Date, Date)>;

pub(super) struct Pattern {
    regex: Regex,
    work_out: WorkOut,
}

pub(super) fn pattern(text: &str, work_out: WorkOut) -> Pattern {
    Pattern {
        regex: own(&format!("(?i){text}")),
        work_out,
    }
}

static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    let p = pattern;
    let mut patterns = vec![
        p(concat!(r"\b(\d{4})-(\d\d)-(\d\d)\b", clock!()), iso),
        p(
            concat!(
                r"\b(?:(?:on |since )?(?:",
                day!(),
                r"),? (?:the )?)?(\d{1,2})(?:st|nd|rd|th)? (?:of )?(",
                month!(),
                r")\b\.?,?(?: (\d{4}))?",
                clock!()
            ),
            day_month,
        ),
        p(
            concat!(
                r"\b(?:(?:on |since )?(?:",
                day!(),
                r"),? )?(",
                month!(),
                r")\.? (?:the )?(\d{1,2})(?:st|nd|rd|th)?\b,?(?: (\d{4}))?",
                clock!()
            ),
            month_day,
        ),
        p(
            concat!(r"\b(\d{1,2})[/.](\d{1,2})(?:[/.](\d{2,4}))?\b", clock!()),
            numeric,
        ),
        p(
            concat!(
                r"\b(the day before yesterday|yesterday|today|tonight|last night|this morning|this afternoon|this evening|earlier today|just now|right now|an hour ago|(?:\w+|\d+) hours? ago)\b",
                clock!()
            ),
            near,
        ),
        p(
            concat!(
                r"\b(a|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|a couple of|a few|\d{1,3}) (day|night|week|fortnight|month|year)s? (?:ago|back|before)\b",
                clock!()
            ),
            ago,
        ),
        p(
            r"\b(since|over|at|on|during|last|this|all)(?: the| last| this)?(?: (?:past|whole))? weekend\b",
            weekend,
        ),
        p(r"\b(last|this|past) (week|month|year)\b", period),
        p(
            r"\bfor (?:the (?:last|past) |about |over |at least |nearly )*(a|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|a couple of|a few|\d{1,3}) (day|night|week|fortnight|month|year)s?\b",
            lasting,
        ),
        p(
            concat!(
                r"\b(?:(since|last|on|this|past) )?(",
                day!(),
                r")\b(?: (?:gone|just gone|last|last week))?",
                clock!()
            ),
            weekday,
        ),
        p(
            concat!(
                r"\b(?:in|back in|during|since|last|early|late|mid) (",
                month!(),
                r")\b(?: (\d{4}))?"
            ),
            whole_month,
        ),
    ];
    patterns.extend(super::dates_es::patterns());
    patterns
});

/// All the days and stretches of days that are spoken of, in the order of the text, none overlapping.
pub(super) fn dates(text: &str, setting: Setting<'_>) -> Vec<FoundDate> {
    let mut found: Vec<FoundDate> = Vec::new();
    for pattern in PATTERNS.iter() {
        for captures in pattern.regex.captures_iter(text) {
            let whole = captures.get_match();
            if found
                .iter()
                .any(|f| f.start < whole.end() && whole.start() < f.end)
            {
                continue;
            }
            // Short names of days stand for other things too ("she sat", "the sun"): they count with a capital letter only.
            if let Some((from, to)) = (pattern.work_out)(&captures, setting) {
                let text = whole.as_str().trim_end();
                found.push(FoundDate {
                    text: text.to_owned(),
                    from: from.to_string(),
                    to: to.to_string(),
                    start: whole.start(),
                    end: whole.start() + text.len(),
                });
            }
        }
    }
    found.sort_by_key(|f| f.start);
    found
}

pub(super) fn group<'a>(captures: &Captures<'a>, n: usize) -> Option<&'a str> {
    captures.get(n).map(|m| m.as_str())
}

pub(super) fn number(captures: &Captures<'_>, n: usize) -> Option<i16> {
    group(captures, n)?.parse().ok()
}

fn month_number(name: &str) -> Option<i8> {
    let name = name.to_ascii_lowercase();
    MONTHS
        .iter()
        .position(|m| name.starts_with(m))
        .map(|i| i as i8 + 1)
}

pub(super) fn one(day: Date) -> (Date, Date) {
    (day, day)
}

fn back(today: Date, span: Span) -> Option<Date> {
    today.checked_sub(span).ok()
}

fn iso(c: &Captures<'_>, _: Setting<'_>) -> Option<(Date, Date)> {
    Date::new(number(c, 1)?, number(c, 2)? as i8, number(c, 3)? as i8)
        .ok()
        .map(one)
}

/// A day without a year is the last one that has been.
pub(super) fn past(year: Option<i16>, month: i8, day: i8, today: Date) -> Option<Date> {
    if let Some(y) = year {
        Date::new(if y < 100 { y + 2000 } else { y }, month, day).ok()
    } else {
        let this = Date::new(today.year(), month, day).ok()?;
        if this <= today {
            Some(this)
        } else {
            Date::new(today.year() - 1, month, day).ok()
        }
    }
}

fn day_month(c: &Captures<'_>, s: Setting<'_>) -> Option<(Date, Date)> {
    past(
        number(c, 3),
        month_number(group(c, 2)?)?,
        number(c, 1)? as i8,
        s.today,
    )
    .map(one)
}

fn month_day(c: &Captures<'_>, s: Setting<'_>) -> Option<(Date, Date)> {
    past(
        number(c, 3),
        month_number(group(c, 1)?)?,
        number(c, 2)? as i8,
        s.today,
    )
    .map(one)
}

/// `12/11` is the twelfth of November, but in the United States the eleventh of December.
fn numeric(c: &Captures<'_>, s: Setting<'_>) -> Option<(Date, Date)> {
    let (first, second) = (number(c, 1)? as i8, number(c, 2)? as i8);
    let whole = c.get_match().as_str();
    if whole.contains('.') && group(c, 3).is_none() {
        return None; // a time or a number with a decimal point
    }
    let (day, month) = if s.order == DateOrder::MonthFirst {
        (second, first)
    } else {
        (first, second)
    };
    past(number(c, 3), month, day, s.today).map(one)
}

fn near(c: &Captures<'_>, s: Setting<'_>) -> Option<(Date, Date)> {
    let words = group(c, 1)?.to_ascii_lowercase();
    let days = match words.as_str() {
        "yesterday" | "last night" => 1,
        "the day before yesterday" => 2,
        _ => 0,
    };
    back(s.today, days.days()).map(one)
}

fn count(word: &str) -> Option<i64> {
    let word = word.to_ascii_lowercase();
    match word.as_str() {
        "a couple of" => Some(2),
        "a few" => Some(3),
        "a" => Some(1),
        w => NUMBERS
            .iter()
            .position(|n| *n == w)
            .map(|i| i as i64)
            .or_else(|| w.parse().ok()),
    }
}

fn span(count: i64, unit: &str) -> Span {
    match unit.to_ascii_lowercase().as_str() {
        "week" => count.weeks(),
        "fortnight" => (2 * count).weeks(),
        "month" => count.months(),
        "year" => count.years(),
        _ => count.days(),
    }
}

fn ago(c: &Captures<'_>, s: Setting<'_>) -> Option<(Date, Date)> {
    ago_of(count(group(c, 1)?)?, group(c, 2)?, s).map(one)
}

/// So many days, weeks, months or years before today.
pub(super) fn ago_of(count: i64, unit: &str, s: Setting<'_>) -> Option<Date> {
    back(s.today, span(count, unit))
}

fn lasting(c: &Captures<'_>, s: Setting<'_>) -> Option<(Date, Date)> {
    Some((
        back(s.today, span(count(group(c, 1)?)?, group(c, 2)?))?,
        s.today,
    ))
}

fn weekend(c: &Captures<'_>, s: Setting<'_>) -> Option<(Date, Date)> {
    weekend_of(group(c, 1)?.eq_ignore_ascii_case("since"), s)
}

/// The last weekend, or from then on until today.
pub(super) fn weekend_of(since: bool, s: Setting<'_>) -> Option<(Date, Date)> {
    let since_saturday = i64::from(s.today.weekday().since(Weekday::Saturday));
    let saturday = back(s.today, since_saturday.days())?;
    let sunday = saturday.checked_add(1.day()).ok()?;
    let to = if since { s.today } else { sunday.min(s.today) };
    Some((saturday, to))
}

fn period(c: &Captures<'_>, s: Setting<'_>) -> Option<(Date, Date)> {
    let this = group(c, 1)?.eq_ignore_ascii_case("this");
    period_of(this, &group(c, 2)?.to_ascii_lowercase(), s)
}

/// This week, month or year until today, or all of the last one.
pub(super) fn period_of(this: bool, unit: &str, s: Setting<'_>) -> Option<(Date, Date)> {
    match unit {
        "week" => {
            let monday = back(
                s.today,
                i64::from(s.today.weekday().since(Weekday::Monday)).days(),
            )?;
            if this {
                Some((monday, s.today))
            } else {
                Some((back(monday, 7.days())?, back(monday, 1.day())?))
            }
        }
        "month" => {
            let first = s.today.first_of_month();
            if this {
                Some((first, s.today))
            } else {
                back(first, 1.day()).map(|last| (last.first_of_month(), last))
            }
        }
        _ => {
            let first = s.today.first_of_year();
            if this {
                Some((first, s.today))
            } else {
                back(first, 1.day()).map(|last| (last.first_of_year(), last))
            }
        }
    }
}

/// A weekday is the last one before today; "last Tuesday", said on a Tuesday, is a week ago.
fn weekday(c: &Captures<'_>, s: Setting<'_>) -> Option<(Date, Date)> {
    let word = group(c, 2)?;
    let prefix = group(c, 1);
    let short = !word.to_ascii_lowercase().ends_with("day");
    if short
        && !(word.starts_with(char::is_uppercase)
            && word.len() >= 3
            && (prefix.is_some() || !matches!(word, "Sat" | "Sun" | "Wed")))
    {
        return None;
    }
    let lower = word.to_ascii_lowercase();
    let (_, weekday) = WEEKDAYS.iter().find(|(name, _)| lower.starts_with(name))?;
    let this = prefix.is_some_and(|p| p.eq_ignore_ascii_case("this"));
    let day = last_weekday(*weekday, this, s)?;
    let since = prefix.is_some_and(|p| p.eq_ignore_ascii_case("since"));
    Some((day, if since { s.today } else { day }))
}

/// The last such day; today only where it is said to be this one.
pub(super) fn last_weekday(weekday: Weekday, this: bool, s: Setting<'_>) -> Option<Date> {
    let mut days = i64::from(s.today.weekday().since(weekday));
    if days == 0 && !this {
        days = 7;
    }
    back(s.today, days.days())
}

fn whole_month(c: &Captures<'_>, s: Setting<'_>) -> Option<(Date, Date)> {
    let first = past(number(c, 2), month_number(group(c, 1)?)?, 1, s.today)?;
    Some((first, first.last_of_month().min(s.today)))
}
