//! What the words that a pattern caught come to: the same in every language, by the names of the groups.

use super::calendar::{self, Feast, Part, Unit};
use super::pattern::{Days, Names, Sort, figures, named, words};
use crate::{
    domain::DateOrder,
    nlu::{
        Setting,
        pack::{DayWords, PACKS},
    },
};
use jiff::civil::{Date, Weekday};
use regex::Captures;

/// What a word is in any language: the patterns have told them apart.
fn known<T: Copy>(names: fn(&'static DayWords) -> &'static Names<T>, word: &str) -> Option<T> {
    PACKS.iter().find_map(|p| named(names(p.days()), word))
}

/// Whether a word is one of a list of any language.
fn any(list: fn(&'static DayWords) -> &'static [&'static str], word: &str) -> bool {
    PACKS.iter().any(|p| list(p.days()).contains(&word))
}

fn count(c: &Captures<'_>, name: &str) -> Option<i64> {
    let word = words(c, name)?;
    known(|d| d.counts, &word).or_else(|| word.parse().ok())
}

fn unit(c: &Captures<'_>) -> Option<Unit> {
    known(|d| d.units, &words(c, "unit")?)
}

fn day(c: &Captures<'_>) -> Option<Weekday> {
    known(|d| d.weekdays, &words(c, "day")?)
}

pub(in crate::nlu) fn iso(c: &Captures<'_>, _: Setting<'_>) -> Option<Days> {
    let (month, day) = (figures(c, "month")? as i8, figures(c, "day")? as i8);
    let day = Date::new(figures(c, "year")?, month, day).ok()?;
    Some(Days::one(day).sort(Sort::Dated))
}

pub(in crate::nlu) fn feast(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    calendar::feast(
        known(|d| d.feasts, &words(c, "feast")?)?,
        year_said(c, s),
        s.today,
    )
}

pub(in crate::nlu) fn christmas(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    calendar::feast(Feast::Fixed(12, 24, 26), year_said(c, s), s.today)
}

/// The year, where one was told.
fn year_said(c: &Captures<'_>, s: Setting<'_>) -> Option<i16> {
    let last = c.name("lastyear").map(|_| s.today.year() - 1);
    figures(c, "year").or(last)
}

fn month_of(c: &Captures<'_>, name: &str) -> Option<i8> {
    known(|d| d.months, &words(c, name)?)
}

pub(in crate::nlu) fn day_range(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    let days = (figures(c, "from")? as i8, figures(c, "to")? as i8);
    calendar::dated_range(year_said(c, s), month_of(c, "month")?, days, s.today)
}

pub(in crate::nlu) fn bare_range(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    calendar::days_of_month(figures(c, "from")? as i8, figures(c, "to")? as i8, s.today)
}

pub(in crate::nlu) fn day_month(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    if c.name("unit").is_some() {
        return None;
    }
    let day = match words(c, "ordinal") {
        Some(word) => ordinal(&word)?,
        None => figures(c, "day")? as i8,
    };
    calendar::dated(year_said(c, s), month_of(c, "month")?, day, s.today)
}

/// "Third", "twenty-third", "tres".
fn ordinal(word: &str) -> Option<i8> {
    let of_twenties = |words: &DayWords| {
        let rest = word.strip_prefix(words.twenty?)?;
        named(words.ordinals, rest.trim_matches([' ', '-'])).map(|n| 20 + n)
    };
    let twenties = PACKS.iter().find_map(|p| of_twenties(p.days()));
    twenties.or_else(|| known(|d| d.ordinals, word))
}

/// `12/11` is the twelfth of November, but in the United States the eleventh of December.
pub(in crate::nlu) fn numeric(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    let (a, b) = (figures(c, "a")? as i8, figures(c, "b")? as i8);
    let year = figures(c, "year");
    let written = c.name("words")?.as_str();
    let share = matches!((a, b), (1, 2..=5 | 8) | (2, 3) | (3, 4));
    if year.is_none() && (written.contains('.') || (share && c.name("lead").is_none())) {
        return None; // a time, a number with a decimal point, half a tablet
    }
    let (day, month) = if s.order == DateOrder::MonthFirst {
        (b, a)
    } else {
        (a, b)
    };
    // Only one reading is a day at all: the writer has the other habit.
    let (day, month) = if month > 12 && day <= 12 && year.is_some() {
        (month, day)
    } else {
        (day, month)
    };
    // Two figures of a year are of the last hundred years.
    let year = year.map(|y| {
        if y < 100 && y + 2000 > s.today.year() {
            y + 1900
        } else {
            y
        }
    });
    calendar::dated(year, month, day, s.today)
}

fn near_day(word: &str, today: Date) -> Option<Date> {
    calendar::back(today, known(|d| d.near, word).unwrap_or(0))
}

pub(in crate::nlu) fn near(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    near_day(&words(c, "near")?, s.today).map(Days::one)
}

pub(in crate::nlu) fn before_near(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    let day = near_day(&words(c, "near")?, s.today)?;
    calendar::before(day, count(c, "n")?, unit(c)?).map(Days::one)
}

/// No exact day: about the last seven.
pub(in crate::nlu) fn other_day(_: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    Some(Days::span(
        calendar::back(s.today, 7)?,
        calendar::back(s.today, 1)?,
    ))
}

pub(in crate::nlu) fn weeks_day(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    let weeks = if c.name("n").is_some() {
        count(c, "n")?
    } else {
        1
    };
    let each = if unit(c)? == Unit::Fortnight { 2 } else { 1 };
    calendar::weeks_before(weeks * each, day(c)?, c.name("last").is_some(), s.today)
}

pub(in crate::nlu) fn day_before_last(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    calendar::before_last(day(c)?, s.today)
}

pub(in crate::nlu) fn day_of_week(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    let weeks = known(|d| d.weeks, &words(c, "week")?).unwrap_or(1);
    calendar::of_week(day(c)?, weeks, s.today)
}

pub(in crate::nlu) fn weekdays_ago(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    calendar::weeks_before(count(c, "n")? - 1, day(c)?, false, s.today)
}

pub(in crate::nlu) fn unit_before_last(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    match unit(c)? {
        Unit::Weekend => calendar::weekend(true, 1, s.today),
        unit => calendar::part_of_period(Part::Whole, unit, 2, s.today),
    }
}

/// How many weeks, months or years before this one is meant.
fn which_ago(c: &Captures<'_>) -> i64 {
    i64::from(words(c, "which").is_some_and(|which| any(|d| d.last, &which)))
}

fn part(c: &Captures<'_>) -> Part {
    let part = words(c, "part").and_then(|p| known(|d| d.parts, &p));
    part.unwrap_or(Part::Whole)
}

pub(in crate::nlu) fn part_of_unit(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    calendar::part_of_period(part(c), unit(c)?, which_ago(c), s.today)
}

pub(in crate::nlu) fn earlier(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    calendar::earlier(unit(c)?, s.today)
}

pub(in crate::nlu) fn ago(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    let n = c.name("n").map_or(Some(1), |_| count(c, "n"))?;
    let unit = unit(c)?;
    if c.name("before").is_some() && within_a_day(unit) {
        return None; // "an hour before": before something else
    }
    let day = calendar::before(s.today, n, unit)?;
    if c.name("half").is_some() {
        return calendar::half_before(day, unit).map(Days::one);
    }
    match count(c, "m") {
        Some(m) if m > n => Some(Days::span(calendar::before(s.today, m, unit)?, day)),
        _ => Some(Days::one(day)),
    }
}

pub(in crate::nlu) fn week_of_month(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    let nth = known(|d| d.nth, &words(c, "nth")?).filter(|n| *n > 0);
    let weeks = nth.map(|n| i64::from(n) - 1);
    calendar::week_of_month(weeks, year_said(c, s), month_of(c, "month")?, s.today)
}

/// "The first Monday of last month", "the last Friday in October".
pub(in crate::nlu) fn weekday_of_month(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    let n = known(|d| d.nth, &words(c, "nth")?).unwrap_or(-1);
    let day = known(|d| d.weekdays, &words(c, "day")?)?;
    let in_month = |first: jiff::civil::Date| first.nth_weekday_of_month(n, day).ok();
    let this = s.today.first_of_month();
    let found = match month_of(c, "month") {
        Some(month) => {
            let of = |year: i16| in_month(jiff::civil::Date::new(year, month, 1).ok()?);
            match year_said(c, s) {
                Some(year) => of(year),
                None => of(s.today.year())
                    .filter(|d| *d <= s.today)
                    .or_else(|| of(s.today.year() - 1)),
            }
        }
        None if words(c, "which").is_some_and(|w| any(|d| d.last, &w)) => {
            in_month(this.yesterday().ok()?.first_of_month())
        }
        None => in_month(this),
    };
    Days::one(found?).sort(Sort::Dated).been(s.today)
}

pub(in crate::nlu) fn week_of_day(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    calendar::week_of(day_month(c, s)?.from)
}

fn within_a_day(unit: Unit) -> bool {
    matches!(unit, Unit::Hour | Unit::Minute)
}

pub(in crate::nlu) fn lasting(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    let n = c.name("n").map_or(Some(1), |_| count(c, "n"))?;
    let unit = unit(c)?;
    if within_a_day(unit) {
        return None; // "for three hours" tells no day
    }
    Some(Days::span(calendar::before(s.today, n, unit)?, s.today))
}

pub(in crate::nlu) fn weekend(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    let whole = c.get_match().as_str().to_lowercase();
    let said_last = whole.split_whitespace().any(|w| any(|d| d.last, w));
    calendar::weekend(said_last, 0, s.today)
}

pub(in crate::nlu) fn period(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    let unit = unit(c)?;
    if any(|d| d.rolling, &words(c, "which")?) {
        return Some(Days::span(calendar::before(s.today, 1, unit)?, s.today));
    }
    let days = calendar::part_of_period(Part::Whole, unit, which_ago(c), s.today)?;
    Some(Days::span(days.from, days.to.min(s.today)))
}

pub(in crate::nlu) fn weekday(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    let weekday = day(c)?;
    let lead = words(c, "lead").unwrap_or_default();
    let tail = words(c, "tail").unwrap_or_default();
    let said_last = any(|d| d.last, &lead) || any(|d| d.last, &tail);
    if said_last && !any(|d| d.gone, &tail) {
        return calendar::last(weekday, s.today);
    }
    let this = any(|d| d.this, &lead) && tail.is_empty();
    calendar::bare(weekday, s.today, this)
}

pub(in crate::nlu) fn month(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    if c.name("own").is_some() {
        return None; // "in June's room"
    }
    calendar::month(part(c), year_said(c, s), month_of(c, "month")?, s.today)
}

/// "A year last March".
pub(in crate::nlu) fn years_before_month(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    let number = month_of(c, "month")?;
    let last = calendar::month(Part::Whole, None, number, s.today)?;
    let year = last.from.year() - count(c, "n")? as i16;
    calendar::month(Part::Whole, Some(year), number, s.today)
}

pub(in crate::nlu) fn months(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    let (from, to) = (month_of(c, "from")?, month_of(c, "to")?);
    calendar::months(from, to, year_said(c, s), s.today)
}

pub(in crate::nlu) fn year(c: &Captures<'_>, _: Setting<'_>) -> Option<Days> {
    calendar::year(part(c), figures(c, "year")?)
}

pub(in crate::nlu) fn day_of_month(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    let day = match words(c, "ordinal") {
        Some(word) => ordinal(&word)?,
        None => figures(c, "day")? as i8,
    };
    let today = match words(c, "which").as_deref() {
        Some(which) if any(|d| d.last, which) => s.today.first_of_month().yesterday().ok()?,
        _ => s.today,
    };
    Some(Days::one(calendar::day_of_month(day, today)?).sort(Sort::Dated))
}
