//! The calendar behind the words for days: the same in every language. Whatever has no year is the last one that has
//! been.

use super::days::{Days, Sort};
use jiff::{
    Span, ToSpan,
    civil::{Date, Weekday},
};

/// What a count is a count of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::nlu) enum Unit {
    Minute,
    Hour,
    Day,
    Week,
    Fortnight,
    Weekend,
    Month,
    Year,
}

/// A part of a week, month or year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::nlu) enum Part {
    Start,
    Middle,
    End,
    Whole,
}

pub(in crate::nlu) fn back(day: Date, days: i64) -> Option<Date> {
    day.checked_sub(days.days()).ok()
}

/// So many of a unit before a day.
pub(in crate::nlu) fn before(day: Date, count: i64, unit: Unit) -> Option<Date> {
    let span: Span = match unit {
        Unit::Minute => 0.days(),
        Unit::Hour => (count / 24).days(),
        Unit::Day => count.days(),
        Unit::Week | Unit::Weekend => count.weeks(),
        Unit::Fortnight => (2 * count).weeks(),
        Unit::Month => count.months(),
        Unit::Year => count.years(),
    };
    day.checked_sub(span).ok()
}

/// Half of a unit before a day.
pub(in crate::nlu) fn half_before(day: Date, unit: Unit) -> Option<Date> {
    match unit {
        Unit::Minute | Unit::Hour | Unit::Day => Some(day),
        Unit::Week | Unit::Weekend => back(day, 3),
        Unit::Fortnight => back(day, 7),
        Unit::Month => back(day, 15),
        Unit::Year => before(day, 6, Unit::Month),
    }
}

/// The last such day before today; today itself only where it may be that.
pub(in crate::nlu) fn nearest(weekday: Weekday, today: Date, may_be_today: bool) -> Option<Date> {
    let days = i64::from(today.weekday().since(weekday));
    back(today, if days == 0 && !may_be_today { 7 } else { days })
}

fn monday(today: Date) -> Option<Date> {
    nearest(Weekday::Monday, today, true)
}

/// "Tuesday".
pub(in crate::nlu) fn bare(weekday: Weekday, today: Date, may_be_today: bool) -> Option<Days> {
    Some(Days::one(nearest(weekday, today, may_be_today)?).sort(Sort::Bare(weekday)))
}

/// "Last Tuesday": where this week has had one already, most people mean that of the week before, and some mean this
/// one.
pub(in crate::nlu) fn last(weekday: Weekday, today: Date) -> Option<Days> {
    let near = nearest(weekday, today, false)?;
    let days = if near >= monday(today)? {
        Days::one(back(near, 7)?).or(Some(near))
    } else {
        Days::one(near)
    };
    Some(days.sort(Sort::Weekday(weekday)))
}

/// "A week last Sunday", "Monday before last", "Tuesday fortnight": so many weeks before the nearest such day. Where
/// "last" is said and this week has had one already, it may be counted from the one before.
pub(in crate::nlu) fn weeks_before(
    weeks: i64,
    weekday: Weekday,
    said_last: bool,
    today: Date,
) -> Option<Days> {
    let near = nearest(weekday, today, false)?;
    let day = back(near, 7 * weeks)?;
    let other = (said_last && near >= monday(today)?).then(|| back(day, 7));
    Some(
        Days::one(day)
            .or(other.flatten())
            .sort(Sort::Weekday(weekday)),
    )
}

/// The Tuesday of this week (0), of the last (1), or of the one before that (2).
pub(in crate::nlu) fn of_week(weekday: Weekday, weeks: i64, today: Date) -> Option<Days> {
    let days = i64::from(weekday.since(Weekday::Monday)) - 7 * weeks;
    let day = back(monday(today)?, -days)?;
    Some(Days::one(day).sort(Sort::Weekday(weekday)))
}

/// The weekend that has been or is now; "last weekend", said within one, is the one before.
pub(in crate::nlu) fn weekend(said_last: bool, ago: i64, today: Date) -> Option<Days> {
    let saturday = nearest(Weekday::Saturday, today, true)?;
    let now = back(today, 1)? <= saturday;
    let weeks = ago + i64::from(said_last && now);
    let saturday = back(saturday, 7 * weeks)?;
    Some(Days::span(saturday, back(saturday, -1)?))
}

/// The first and the last day of this week, month or year (0), of the last (1), or of the one before that (2).
fn period(unit: Unit, ago: i64, today: Date) -> Option<(Date, Date)> {
    let (first, next) = match unit {
        Unit::Month => {
            let first = today.first_of_month().checked_sub(ago.months()).ok()?;
            (first, first.checked_add(1.month()).ok()?)
        }
        Unit::Year => {
            let first = today.first_of_year().checked_sub(ago.years()).ok()?;
            (first, first.checked_add(1.year()).ok()?)
        }
        _ => {
            let first = back(monday(today)?, 7 * ago)?;
            (first, back(first, -7)?)
        }
    };
    Some((first, back(next, 1)?))
}

/// All or a part of this period (0), the last (1) or the one before that (2). A part of this one that is still to come
/// is that of the last.
pub(in crate::nlu) fn part_of_period(
    part: Part,
    unit: Unit,
    ago: i64,
    today: Date,
) -> Option<Days> {
    let days = part_of(part, period(unit, ago, today)?)?;
    if days.from > today && ago == 0 {
        return part_of(part, period(unit, 1, today)?);
    }
    Some(days)
}

/// "Earlier this week": before today where there was such a day.
pub(in crate::nlu) fn earlier(unit: Unit, today: Date) -> Option<Days> {
    let (first, _) = period(unit, 0, today)?;
    Some(Days::span(first, back(today, 1)?.max(first)))
}

fn part_of(part: Part, (first, last): (Date, Date)) -> Option<Days> {
    let length = i64::from((last - first).get_days()) + 1;
    let third = |n: i64| {
        if length == 7 {
            [0, 2, 4, 6][n as usize] // Monday and Tuesday; Tuesday to Thursday; Thursday and after
        } else if length <= 31 {
            [0, 10, 20, 30][n as usize]
        } else {
            [0, 120, 243, 365][n as usize]
        }
    };
    let at = |n: i64| back(first, -n);
    Some(match part {
        Part::Whole => Days::span(first, last),
        Part::Start => Days::span(first, at(third(1) - 1)?),
        Part::Middle if length == 7 => Days::span(at(1)?, at(3)?),
        Part::Middle => Days::span(at(third(1))?, at(third(2) - 1)?),
        Part::End if length == 7 => Days::span(at(3)?, last),
        Part::End => Days::span(at(third(2))?, last),
    })
}

/// The year to read a day in that has none: the last in which it has been.
fn year_of(year: Option<i16>, month: i8, day: i8, today: Date) -> Option<i16> {
    if let Some(year) = year {
        return Some(if year < 100 { year + 2000 } else { year });
    }
    // 29 February is not in every year.
    (0..9)
        .map(|n| today.year() - n)
        .find(|y| Date::new(*y, month, day).is_ok_and(|d| d <= today))
}

/// A day without a year is the last one that has been.
pub(in crate::nlu) fn past(year: Option<i16>, month: i8, day: i8, today: Date) -> Option<Date> {
    let year = year_of(year, month, day, today)?;
    Date::new(year, month, day).ok()
}

pub(in crate::nlu) fn dated(year: Option<i16>, month: i8, day: i8, today: Date) -> Option<Days> {
    Some(Days::one(past(year, month, day, today)?).sort(Sort::Dated))
}

/// "From 3 to 5 November", "from 30 to 2 November".
pub(in crate::nlu) fn dated_range(
    year: Option<i16>,
    month: i8,
    (first, last): (i8, i8),
    today: Date,
) -> Option<Days> {
    let days = if first <= last {
        let from = past(year, month, first, today)?;
        (from, Date::new(from.year(), month, last).ok()?)
    } else {
        let to = past(year, month, last, today)?;
        let before = to.first_of_month().yesterday().ok()?;
        (Date::new(before.year(), before.month(), first).ok()?, to)
    };
    Some(Days::span(days.0, days.1).sort(Sort::Dated))
}

/// "On the 12th": of this month, or of the last month that had such a day.
pub(in crate::nlu) fn day_of_month(day: i8, today: Date) -> Option<Date> {
    let first = today.first_of_month();
    (0..3_i64)
        .filter_map(|n| first.checked_sub(n.months()).ok())
        .find_map(|m| {
            Date::new(m.year(), m.month(), day)
                .ok()
                .filter(|d| *d <= today)
        })
}

/// "Between the 3rd and the 5th".
pub(in crate::nlu) fn days_of_month(first: i8, last: i8, today: Date) -> Option<Days> {
    let (from, to) = if first <= last {
        let from = day_of_month(first, today)?;
        (from, Date::new(from.year(), from.month(), last).ok()?)
    } else {
        let to = day_of_month(last, today)?;
        (day_of_month(first, to)?, to)
    };
    Some(Days::span(from, to).sort(Sort::Dated))
}

/// "In October", "at the end of October 2025".
pub(in crate::nlu) fn month(part: Part, year: Option<i16>, month: i8, today: Date) -> Option<Days> {
    let of = |y: i16| {
        let first = Date::new(y, month, 1).ok()?;
        part_of(part, (first, first.last_of_month()))
    };
    match year {
        Some(year) => of(year),
        None => of(today.year())
            .filter(|d| d.from <= today)
            .or_else(|| of(today.year() - 1)),
    }
}

/// "The second week of October": the days 8 to 14; "the last week" is the last seven days.
pub(in crate::nlu) fn week_of_month(
    weeks: Option<i64>,
    year: Option<i16>,
    number: i8,
    today: Date,
) -> Option<Days> {
    let of = |year: Option<i16>| {
        let whole = month(Part::Whole, year, number, today)?;
        let from = match weeks {
            Some(weeks) => back(whole.from, -7 * weeks)?,
            None => back(whole.to, 6)?,
        };
        Some(Days::span(from, back(from, -6)?))
    };
    let days = of(year)?;
    if days.from > today && year.is_none() {
        return of(Some(days.from.year() - 1));
    }
    Some(days)
}

/// The week that a day is in, from Monday to Sunday.
pub(in crate::nlu) fn week_of(day: Date) -> Option<Days> {
    let monday = monday(day)?;
    Some(Days::span(monday, back(monday, -6)?))
}

/// "Between August and October".
pub(in crate::nlu) fn months(first: i8, last: i8, year: Option<i16>, today: Date) -> Option<Days> {
    let to = month(Part::Whole, year, last, today)?;
    let from = Date::new(to.from.year() - i16::from(first > last), first, 1).ok()?;
    Some(Days::span(from, to.to))
}

/// "In 2024".
pub(in crate::nlu) fn year(part: Part, year: i16) -> Option<Days> {
    let first = Date::new(year, 1, 1).ok()?;
    part_of(part, (first, first.last_of_year()))
}

/// Easter Sunday, by the rule of Gauss as Meeus and Butcher wrote it down.
#[allow(clippy::many_single_char_names)] // the rule is known by them
fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - b / 4 - g + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    Date::new(year, (n / 31) as i8, (n % 31 + 1) as i8).ok()
}

/// A day of the year that has a name.
#[derive(Clone, Copy, Debug)]
pub(in crate::nlu) enum Feast {
    /// From a day to a day of a month.
    Fixed(i8, i8, i8),
    /// Days after Easter Sunday.
    Easter(i64),
    /// The n-th such weekday of a month; counted from the end where it is below nought.
    Nth(i8, i8, Weekday),
}

/// The last one that has been, or that of a year.
pub(in crate::nlu) fn feast(feast: Feast, year: Option<i16>, today: Date) -> Option<Days> {
    let of = |y: i16| {
        Some(match feast {
            Feast::Fixed(month, first, last) => Days::span(
                Date::new(y, month, first).ok()?,
                Date::new(y, month, last).ok()?,
            ),
            Feast::Easter(days) => Days::one(back(easter(y)?, -days)?),
            Feast::Nth(month, n, weekday) => {
                let first = Date::new(y, month, 1).ok()?;
                Days::one(first.nth_weekday_of_month(n, weekday).ok()?)
            }
        })
    };
    let days = match year {
        Some(year) => of(year),
        None => of(today.year())
            .filter(|d| d.from <= today)
            .or_else(|| of(today.year() - 1)),
    };
    days.map(|d| d.sort(Sort::Dated))
}
