//! What the words that a pattern caught come to: the same in every language, by the names of the groups.

use super::{
    calendar::{self, Feast, Part, Unit},
    days::{Days, Sort},
    words::Caught,
};
use crate::domain::DateOrder;
use jiff::civil::Date;

pub(in crate::nlu) fn iso(c: &Caught<'_>) -> Option<Days> {
    let (month, day) = (c.figures("month")? as i8, c.figures("day")? as i8);
    let day = Date::new(c.figures("year")?, month, day).ok()?;
    Some(Days::one(day).sort(Sort::Dated))
}

pub(in crate::nlu) fn feast(c: &Caught<'_>) -> Option<Days> {
    calendar::feast(c.named(c.words.feasts, "feast")?, c.year(), c.today())
}

pub(in crate::nlu) fn christmas(c: &Caught<'_>) -> Option<Days> {
    calendar::feast(Feast::Fixed(12, 24, 26), c.year(), c.today())
}

pub(in crate::nlu) fn day_range(c: &Caught<'_>) -> Option<Days> {
    let days = (c.figures("from")? as i8, c.figures("to")? as i8);
    calendar::dated_range(c.year(), c.month("month")?, days, c.today())
}

pub(in crate::nlu) fn bare_range(c: &Caught<'_>) -> Option<Days> {
    let days = calendar::days_of_month(c.figures("from")? as i8, c.figures("to")? as i8, c.today());
    days.map(|days| days.sort(Sort::Range))
}

pub(in crate::nlu) fn day_month(c: &Caught<'_>) -> Option<Days> {
    if c.has("unit") {
        return None;
    }
    let day = c.day_of_month()?;
    calendar::dated(c.year(), c.month("month")?, day, c.today())
}

/// `12/11` is the twelfth of November, but in the United States the eleventh of December.
pub(in crate::nlu) fn numeric(c: &Caught<'_>) -> Option<Days> {
    let (a, b) = (c.figures("a")? as i8, c.figures("b")? as i8);
    let year = c.figures("year");
    let written = c.written("words")?;
    let share = matches!((a, b), (1, 2..=5 | 8) | (2, 3) | (3, 4));
    if year.is_none() && (written.contains('.') || (share && !c.has("lead"))) {
        return None; // a time, a number with a decimal point, half a tablet
    }
    let (day, month) = if c.setting.order == DateOrder::MonthFirst {
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
        if y < 100 && y + 2000 > c.today().year() {
            y + 1900
        } else {
            y
        }
    });
    calendar::dated(year, month, day, c.today())
}

/// Yesterday, the day before: by its distance from today.
fn near_day(c: &Caught<'_>) -> Option<Date> {
    let days = c.named(c.words.near, "near").unwrap_or(0);
    calendar::back(c.today(), days)
}

pub(in crate::nlu) fn near(c: &Caught<'_>) -> Option<Days> {
    near_day(c).map(Days::one)
}

pub(in crate::nlu) fn before_near(c: &Caught<'_>) -> Option<Days> {
    let day = near_day(c)?;
    calendar::before(day, c.count("n")?, c.unit()?).map(Days::one)
}

/// No exact day: about the last seven.
pub(in crate::nlu) fn other_day(c: &Caught<'_>) -> Option<Days> {
    Some(Days::span(
        calendar::back(c.today(), 7)?,
        calendar::back(c.today(), 1)?,
    ))
}

pub(in crate::nlu) fn weeks_day(c: &Caught<'_>) -> Option<Days> {
    let weeks = if c.has("n") { c.count("n")? } else { 1 };
    let each = if c.unit()? == Unit::Fortnight { 2 } else { 1 };
    calendar::weeks_before(weeks * each, c.weekday()?, c.has("last"), c.today())
}

pub(in crate::nlu) fn day_before_last(c: &Caught<'_>) -> Option<Days> {
    calendar::weeks_before(1, c.weekday()?, true, c.today())
}

/// "Not this Sunday, the one before".
pub(in crate::nlu) fn weekday_before(c: &Caught<'_>) -> Option<Days> {
    calendar::weeks_before(1, c.weekday()?, false, c.today())
}

pub(in crate::nlu) fn day_of_week(c: &Caught<'_>) -> Option<Days> {
    let weeks = c.named(c.words.weeks, "week").unwrap_or(1);
    calendar::of_week(c.weekday()?, weeks, c.today())
}

/// "The last three Sundays": from the first of them to the last.
pub(in crate::nlu) fn last_weekdays(c: &Caught<'_>) -> Option<Days> {
    let last = calendar::bare(c.weekday()?, c.today(), false)?.to;
    Some(Days::span(
        calendar::back(last, 7 * (c.count("n")? - 1))?,
        last,
    ))
}

pub(in crate::nlu) fn weekdays_ago(c: &Caught<'_>) -> Option<Days> {
    calendar::weeks_before(c.count("n")? - 1, c.weekday()?, false, c.today())
}

pub(in crate::nlu) fn unit_before_last(c: &Caught<'_>) -> Option<Days> {
    match c.unit()? {
        Unit::Weekend => calendar::weekend(true, 1, c.today()),
        unit => calendar::part_of_period(Part::Whole, unit, 2, c.today()),
    }
}

pub(in crate::nlu) fn part_of_unit(c: &Caught<'_>) -> Option<Days> {
    calendar::part_of_period(c.part(), c.unit()?, c.ago(), c.today())
}

pub(in crate::nlu) fn earlier(c: &Caught<'_>) -> Option<Days> {
    calendar::earlier(c.unit()?, c.today())
}

pub(in crate::nlu) fn ago(c: &Caught<'_>) -> Option<Days> {
    let n = if c.has("n") { c.count("n")? } else { 1 };
    let unit = c.unit()?;
    if c.has("before") && within_a_day(unit) {
        return None; // "an hour before": before something else
    }
    let day = calendar::before(c.today(), n, unit)?;
    if c.has("half") {
        return calendar::half_before(day, unit).map(Days::one);
    }
    match c.count("m") {
        Some(m) if m > n => Some(Days::span(calendar::before(c.today(), m, unit)?, day)),
        _ => Some(Days::one(day)),
    }
}

pub(in crate::nlu) fn week_of_month(c: &Caught<'_>) -> Option<Days> {
    let nth = c.named(c.words.nth, "nth").filter(|n| *n > 0);
    let weeks = nth.map(|n| i64::from(n) - 1);
    calendar::week_of_month(weeks, c.year(), c.month("month")?, c.today())
}

/// "The first Monday of last month", "the last Friday in October".
pub(in crate::nlu) fn weekday_of_month(c: &Caught<'_>) -> Option<Days> {
    let n = c.named(c.words.nth, "nth").unwrap_or(-1);
    let day = c.weekday()?;
    let in_month = |first: jiff::civil::Date| first.nth_weekday_of_month(n, day).ok();
    let this = c.today().first_of_month();
    let found = match c.month("month") {
        Some(month) => {
            let of = |year: i16| in_month(jiff::civil::Date::new(year, month, 1).ok()?);
            match c.year() {
                Some(year) => of(year),
                None => of(c.today().year())
                    .filter(|d| *d <= c.today())
                    .or_else(|| of(c.today().year() - 1)),
            }
        }
        None if c.is(c.words.last, "which") => in_month(this.yesterday().ok()?.first_of_month()),
        None => in_month(this),
    };
    Days::one(found?).sort(Sort::Dated).been(c.today())
}

pub(in crate::nlu) fn week_of_day(c: &Caught<'_>) -> Option<Days> {
    calendar::week_of(day_month(c)?.from)
}

fn within_a_day(unit: Unit) -> bool {
    matches!(unit, Unit::Hour | Unit::Minute)
}

pub(in crate::nlu) fn lasting(c: &Caught<'_>) -> Option<Days> {
    let n = if c.has("n") { c.count("n")? } else { 1 };
    let unit = c.unit()?;
    if within_a_day(unit) {
        return None; // "for three hours" tells no day
    }
    Some(Days::span(calendar::before(c.today(), n, unit)?, c.today()))
}

pub(in crate::nlu) fn weekend(c: &Caught<'_>) -> Option<Days> {
    let whole = c.groups.get_match().as_str().to_lowercase();
    let said_last = whole.split_whitespace().any(|w| c.words.last.contains(&w));
    calendar::weekend(said_last, 0, c.today())
}

pub(in crate::nlu) fn period(c: &Caught<'_>) -> Option<Days> {
    let unit = c.unit()?;
    if c.is(c.words.rolling, "which") {
        return Some(Days::span(calendar::before(c.today(), 1, unit)?, c.today()));
    }
    let days = calendar::part_of_period(Part::Whole, unit, c.ago(), c.today())?;
    Some(Days::span(days.from, days.to.min(c.today())))
}

pub(in crate::nlu) fn weekday(c: &Caught<'_>) -> Option<Days> {
    let weekday = c.weekday()?;
    let said_last = c.is(c.words.last, "lead") || c.is(c.words.last, "tail");
    if said_last && !c.is(c.words.gone, "tail") {
        return calendar::last(weekday, c.today());
    }
    let this = c.is(c.words.this, "lead") && !c.has("tail");
    calendar::bare(weekday, c.today(), this)
}

pub(in crate::nlu) fn month(c: &Caught<'_>) -> Option<Days> {
    if c.has("own") {
        return None; // "in June's room"
    }
    calendar::month(c.part(), c.year(), c.month("month")?, c.today())
}

/// "A year last March".
pub(in crate::nlu) fn years_before_month(c: &Caught<'_>) -> Option<Days> {
    let number = c.month("month")?;
    let last = calendar::month(Part::Whole, None, number, c.today())?;
    let year = last.from.year() - c.count("n")? as i16;
    calendar::month(Part::Whole, Some(year), number, c.today())
}

pub(in crate::nlu) fn months(c: &Caught<'_>) -> Option<Days> {
    let (from, to) = (c.month("from")?, c.month("to")?);
    calendar::months(from, to, c.year(), c.today())
}

pub(in crate::nlu) fn year(c: &Caught<'_>) -> Option<Days> {
    calendar::year(c.part(), c.figures("year")?)
}

/// "Mon 23": the last 23rd, if that was a Monday; else it is no day ("Monday 9 people came").
pub(in crate::nlu) fn day_of_that_number(c: &Caught<'_>) -> Option<Days> {
    // "Wednesday, 11:20" tells a time.
    if c.groups.get_match().as_str().ends_with(':') {
        return None;
    }
    let day = calendar::day_of_month(c.day_of_month()?, c.today())?;
    let same = Some(day.weekday()) == c.named(c.words.weekdays, "which");
    same.then(|| Days::one(day).sort(Sort::Dated))
}

pub(in crate::nlu) fn day_of_month(c: &Caught<'_>) -> Option<Days> {
    let day = c.day_of_month()?;
    let today = if c.is(c.words.last, "which") {
        c.today().first_of_month().yesterday().ok()?
    } else {
        c.today()
    };
    Some(Days::one(calendar::day_of_month(day, today)?).sort(Sort::Dated))
}
