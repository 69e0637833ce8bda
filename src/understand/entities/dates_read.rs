//! What the words that a pattern caught come to: the same in English and Spanish, by the names of the groups.

use super::super::Setting;
use super::dates_calendar::{self as calendar, Feast, Part, Unit};
use super::dates_pattern::{Days, Names, Sort, figures, named, words};
use super::dates_words::{
    COUNTS, COUNTS_ES, FEASTS, FEASTS_ES, MONTHS, MONTHS_ES, ORDINALS, PARTS, PARTS_ES, UNITS,
    UNITS_ES, WEEKDAYS, WEEKDAYS_ES,
};
use crate::domain::DateOrder;
use jiff::civil::{Date, Weekday};
use regex::Captures;

/// What a word is in either language: the patterns have told them apart.
fn either<T: Copy>(english: &Names<T>, spanish: &Names<T>, word: &str) -> Option<T> {
    named(english, word).or_else(|| named(spanish, word))
}

fn count(c: &Captures<'_>, name: &str) -> Option<i64> {
    let word = words(c, name)?;
    either(COUNTS, COUNTS_ES, &word).or_else(|| word.parse().ok())
}

fn unit(c: &Captures<'_>) -> Option<Unit> {
    either(UNITS, UNITS_ES, &words(c, "unit")?)
}

fn day(c: &Captures<'_>) -> Option<Weekday> {
    either(WEEKDAYS, WEEKDAYS_ES, &words(c, "day")?)
}

pub(super) fn iso(c: &Captures<'_>, _: Setting<'_>) -> Option<Days> {
    let (month, day) = (figures(c, "month")? as i8, figures(c, "day")? as i8);
    let day = Date::new(figures(c, "year")?, month, day).ok()?;
    Some(Days::one(day).sort(Sort::Dated))
}

pub(super) fn feast(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    calendar::feast(
        either(FEASTS, FEASTS_ES, &words(c, "feast")?)?,
        year_said(c, s),
        s.today,
    )
}

pub(super) fn christmas(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    calendar::feast(Feast::Fixed(12, 24, 26), year_said(c, s), s.today)
}

/// The year, where one was told.
fn year_said(c: &Captures<'_>, s: Setting<'_>) -> Option<i16> {
    let last = c.name("lastyear").map(|_| s.today.year() - 1);
    figures(c, "year").or(last)
}

fn month_of(c: &Captures<'_>, name: &str) -> Option<i8> {
    either(MONTHS, MONTHS_ES, &words(c, name)?)
}

pub(super) fn day_range(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    let days = (figures(c, "from")? as i8, figures(c, "to")? as i8);
    calendar::dated_range(year_said(c, s), month_of(c, "month")?, days, s.today)
}

pub(super) fn bare_range(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    calendar::days_of_month(figures(c, "from")? as i8, figures(c, "to")? as i8, s.today)
}

/// "May", "Mar" and "Jan" are other things too: they are months beside a number where nothing speaks against it.
pub(super) fn day_month(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    let name = c.name("month")?.as_str();
    let sure = c.name("th").is_some() || c.name("year").is_some() || c.name("on").is_some();
    let after_number = c.name("month")?.start() > c.name("day").map_or(0, |d| d.start());
    if c.name("unit").is_some()
        || (name == "may" && (c.name("verb").is_some() || !(sure || after_number)))
    {
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
    if let Some(rest) = word.strip_prefix("twenty") {
        return named(ORDINALS, rest.trim_matches([' ', '-'])).map(|n| 20 + n);
    }
    let spanish = match word {
        "uno" | "primero" => Some(1),
        _ => named(COUNTS_ES, word).map(|n| n as i8),
    };
    named(ORDINALS, word).or(spanish)
}

/// `12/11` is the twelfth of November, but in the United States the eleventh of December.
pub(super) fn numeric(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
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
    let days = match word {
        "yesterday" | "last night" | "last evening" | "ayer" | "anoche" => 1,
        "the day before yesterday"
        | "day before yesterday"
        | "the night before last"
        | "night before last"
        | "the day before last"
        | "day before last"
        | "anteayer"
        | "antes de ayer"
        | "antier"
        | "anteanoche"
        | "antenoche"
        | "antes de anoche" => 2,
        "trasanteayer" | "trasantier" => 3,
        _ => 0,
    };
    calendar::back(today, days)
}

pub(super) fn near(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    near_day(&words(c, "near")?, s.today).map(Days::one)
}

pub(super) fn before_near(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    let day = near_day(&words(c, "near")?, s.today)?;
    calendar::before(day, count(c, "n")?, unit(c)?).map(Days::one)
}

/// No exact day: about the last seven.
pub(super) fn other_day(_: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    Some(Days::span(
        calendar::back(s.today, 7)?,
        calendar::back(s.today, 1)?,
    ))
}

pub(super) fn weeks_day(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    let weeks = if c.name("n").is_some() {
        count(c, "n")?
    } else {
        1
    };
    let each = if unit(c)? == Unit::Fortnight { 2 } else { 1 };
    calendar::weeks_before(weeks * each, day(c)?, c.name("last").is_some(), s.today)
}

pub(super) fn day_before_last(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    calendar::before_last(day(c)?, s.today)
}

pub(super) fn day_of_week(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    let weeks = match words(c, "week")?.as_str() {
        "this week" | "earlier this week" | "esta semana" => 0,
        "the week before last" | "la semana antepasada" => 2,
        _ => 1,
    };
    calendar::of_week(day(c)?, weeks, s.today)
}

pub(super) fn weekdays_ago(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    calendar::weeks_before(count(c, "n")? - 1, day(c)?, false, s.today)
}

pub(super) fn unit_before_last(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    match unit(c)? {
        Unit::Weekend => calendar::weekend(true, 1, s.today),
        unit => calendar::part_of_period(Part::Whole, unit, 2, s.today),
    }
}

/// How many weeks, months or years before this one is meant.
fn which_ago(c: &Captures<'_>) -> i64 {
    let which = words(c, "which").unwrap_or_default();
    i64::from(which == "last" || which.contains("pasad") || which.contains("anterior"))
}

fn part(c: &Captures<'_>) -> Part {
    let part = words(c, "part").and_then(|p| either(PARTS, PARTS_ES, &p));
    part.unwrap_or(Part::Whole)
}

pub(super) fn part_of_unit(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    calendar::part_of_period(part(c), unit(c)?, which_ago(c), s.today)
}

pub(super) fn earlier(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    calendar::earlier(unit(c)?, s.today)
}

pub(super) fn ago(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
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

pub(super) fn week_of_month(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    let weeks = match words(c, "nth")?.as_str() {
        "first" | "1st" | "primera" => Some(0),
        "second" | "2nd" | "segunda" => Some(1),
        "third" | "3rd" | "tercera" => Some(2),
        "fourth" | "4th" | "cuarta" => Some(3),
        _ => None,
    };
    calendar::week_of_month(weeks, year_said(c, s), month_of(c, "month")?, s.today)
}

/// "The first Monday of last month", "the last Friday in October".
pub(super) fn weekday_of_month(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    let n: i8 = match words(c, "nth")?.as_str() {
        "first" | "1st" | "primer" => 1,
        "second" | "2nd" | "segundo" => 2,
        "third" | "3rd" | "tercer" => 3,
        "fourth" | "4th" | "cuarto" => 4,
        _ => -1,
    };
    let day = either(WEEKDAYS, WEEKDAYS_ES, &words(c, "day")?)?;
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
        None if words(c, "which").is_some_and(|w| matches!(w.as_str(), "last" | "pasado")) => {
            in_month(this.yesterday().ok()?.first_of_month())
        }
        None => in_month(this),
    };
    Days::one(found?).sort(Sort::Dated).been(s.today)
}

pub(super) fn week_of_day(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    calendar::week_of(day_month(c, s)?.from)
}

fn within_a_day(unit: Unit) -> bool {
    matches!(unit, Unit::Hour | Unit::Minute)
}

pub(super) fn lasting(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    let n = match words(c, "n").as_deref() {
        None => 1,
        Some("couple of") => 2,
        Some(_) => count(c, "n")?,
    };
    let unit = unit(c)?;
    if within_a_day(unit) {
        return None; // "for three hours" tells no day
    }
    Some(Days::span(calendar::before(s.today, n, unit)?, s.today))
}

pub(super) fn weekend(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    let whole = c.get_match().as_str().to_lowercase();
    let said_last = whole.contains("last") || whole.contains("pasado");
    calendar::weekend(said_last, 0, s.today)
}

pub(super) fn period(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    let unit = unit(c)?;
    if words(c, "which")? == "past" {
        return Some(Days::span(calendar::before(s.today, 1, unit)?, s.today));
    }
    let days = calendar::part_of_period(Part::Whole, unit, which_ago(c), s.today)?;
    Some(Days::span(days.from, days.to.min(s.today)))
}

pub(super) fn weekday(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    let (name, weekday) = (c.name("day")?.as_str(), day(c)?);
    let lead = words(c, "lead").unwrap_or_default();
    if !is_a_day(name, &lead) {
        return None;
    }
    let tail = words(c, "tail").unwrap_or_default();
    let said_last = matches!(
        lead.as_str(),
        "last" | "the previous" | "el pasado" | "este pasado"
    ) || matches!(
        tail.as_str(),
        "last" | "pasado" | "anterior" | "último" | "ultimo"
    );
    if said_last && !matches!(tail.as_str(), "gone" | "just gone" | "past") {
        return calendar::last(weekday, s.today);
    }
    calendar::bare(
        weekday,
        s.today,
        matches!(lead.as_str(), "this" | "este") && tail.is_empty(),
    )
}

/// Short names of days stand for other things too ("she sat", "the sun").
fn is_a_day(name: &str, lead: &str) -> bool {
    let title = name.starts_with(char::is_uppercase) && name.ends_with(char::is_lowercase);
    match name.to_lowercase().as_str() {
        "sun" => title && !lead.is_empty() && lead != "on the",
        "sat" => !lead.is_empty() && (title || lead == "on"),
        "wed" | "mon" => (title && name != "Wed") || !lead.is_empty(),
        "thu" | "fri" | "tue" => title || !lead.is_empty(),
        _ => true,
    }
}

pub(super) fn month(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    if c.name("own").is_some() {
        return None; // "in June's room"
    }
    calendar::month(part(c), year_said(c, s), month_of(c, "month")?, s.today)
}

/// "A year last March".
pub(super) fn years_before_month(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    let number = month_of(c, "month")?;
    let last = calendar::month(Part::Whole, None, number, s.today)?;
    let year = last.from.year() - count(c, "n")? as i16;
    calendar::month(Part::Whole, Some(year), number, s.today)
}

pub(super) fn months(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    let (from, to) = (month_of(c, "from")?, month_of(c, "to")?);
    calendar::months(from, to, year_said(c, s), s.today)
}

pub(super) fn year(c: &Captures<'_>, _: Setting<'_>) -> Option<Days> {
    calendar::year(part(c), figures(c, "year")?)
}

pub(super) fn day_of_month(c: &Captures<'_>, s: Setting<'_>) -> Option<Days> {
    let day = match words(c, "ordinal") {
        Some(word) => ordinal(&word)?,
        None => figures(c, "day")? as i8,
    };
    let today = match words(c, "which").as_deref() {
        Some("last" | "pasado") => s.today.first_of_month().yesterday().ok()?,
        _ => s.today,
    };
    Some(Days::one(calendar::day_of_month(day, today)?).sort(Sort::Dated))
}
