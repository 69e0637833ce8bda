//! Days that belong together: "from Friday till Sunday", "Tuesday night and Wednesday morning", "since" and a day.

use super::{
    calendar::back,
    days::{Days, Sort},
    pattern::Piece,
    words::DayWords,
};
use crate::nlu::{compile::own, finders::Leading, packs::PACKS};
use jiff::civil::{Date, Weekday};
use regex::Regex;
use std::sync::LazyLock;

/// The words of all languages that do one thing, as alternatives.
fn words(of: fn(&'static DayWords) -> &'static str) -> String {
    let all: Vec<&str> = PACKS.iter().map(|p| of(p.days())).collect();
    format!("(?:{})", all.join("|"))
}

/// An article before a day, with its blank, or none.
fn article() -> String {
    format!("(?: {})?", words(|d| d.article))
}

/// An article and a time before a day, or none.
fn article_and_clock() -> String {
    format!("{}(?: {})?", article(), words(|d| d.clock))
}

/// Between two days: all the days from one to the other.
static TO: LazyLock<Regex> = LazyLock::new(|| {
    let (to, rest) = (words(|d| d.to), article_and_clock());
    own(&format!(r"(?i)^,?\s{{1,2}}{to}{rest}\s{{1,2}}$"))
});
static DASH: LazyLock<Regex> = LazyLock::new(|| own(r"^\s?[-–—/]\s?$"));
/// Between two days: both of them, or a stretch where one follows the other.
static AND: LazyLock<Regex> = LazyLock::new(|| {
    let (and, article) = (words(|d| d.and), article());
    own(&format!(
        r"(?i)^(?:,\s?|,?\s{{1,2}}{and}{article}\s{{1,2}})$"
    ))
});
/// Between the last two days of a list.
static LISTS: LazyLock<Regex> = LazyLock::new(|| {
    let and = words(|d| d.and);
    own(&format!(r"(?i)^,?\s{{1,2}}{and}\s{{1,2}}$"))
});
/// Between a day and the date of that day.
static APART: LazyLock<Regex> = LazyLock::new(|| {
    let article = words(|d| d.article);
    own(&format!(r"(?i)^(?:,?\s|\s?\()(?:{article} )?$"))
});
static BETWEEN: LazyLock<Leading> = LazyLock::new(|| {
    let (between, article) = (words(|d| d.between), article());
    Leading::own(&format!(r"(?i)\b{between}{article}\s$"))
});
static FROM: LazyLock<Leading> = LazyLock::new(|| {
    let (from, rest) = (words(|d| d.from), article_and_clock());
    Leading::own(&format!(r"(?i)\b{from}{rest}\s$"))
});
static SINCE: LazyLock<Leading> = LazyLock::new(|| {
    let (since, article) = (words(|d| d.since), article());
    Leading::own(&format!(r"(?i)\b{since}{article}\s$"))
});
static SAYS_SINCE: LazyLock<Regex> = LazyLock::new(|| {
    let since = words(|d| d.since);
    own(&format!(r"(?i)^{since}\b"))
});
static ONWARDS: LazyLock<Regex> = LazyLock::new(|| {
    let onwards = words(|d| d.onwards);
    own(&format!(r"(?i)^\s{onwards}\b"))
});

/// "On 19 November and again on 22 November" is one stretch, up to so many days.
const APART_AT_MOST: i64 = 31;

/// The pieces of a text, in its order, with those that belong together made one.
pub(in crate::nlu) fn joined(text: &str, pieces: &[Piece], today: Date) -> Vec<Piece> {
    let mut done: Vec<Piece> = Vec::new();
    for (n, next) in pieces.iter().enumerate() {
        let listed = |a: usize, b: usize| LISTS.is_match(&text[a..b]);
        // "Monday, Wednesday and Friday": a comma belongs to the list that an "and" ends.
        let goes_on = pieces.get(n + 1).is_some_and(|p| listed(next.end, p.start));
        if let Some(last) = done.last_mut()
            && let Some(both) = together(text, *last, *next, today)
                .or_else(|| in_list(text, *last, *next, goes_on, today))
        {
            *last = both;
            continue;
        }
        done.push(*next);
    }
    for piece in &mut done {
        // A stretch that was told has its own end.
        if piece.days.sort != Sort::Range {
            until_today(text, piece, today);
        }
    }
    done
}

/// Weekdays that are told one after the other: from the first of them to the last.
fn in_list(text: &str, first: Piece, second: Piece, goes_on: bool, today: Date) -> Option<Piece> {
    let gap = &text[first.end..second.start];
    let comma = gap.trim() == ",";
    let lists = LISTS.is_match(gap) || comma && goes_on;
    let bare = |s: Sort| matches!(s, Sort::Bare(_));
    // A list that was joined already ends on a weekday.
    let before = bare(first.days.sort) || first.days.sort == Sort::Listed;
    // "On Friday, and on Monday they …": two days that are told apart.
    let apart = text[second.start..second.end].contains(' ');
    if !lists || !before || apart || !bare(second.days.sort) {
        return None;
    }
    let days = if bare(first.days.sort) {
        range(first.days, second.days, today)?
    } else {
        let ago = first.days.to.since(first.days.from).ok()?.get_days();
        let until = i64::from(first.days.to.weekday().until(second.days.from.weekday()));
        let last = back(first.days.to, -until)?;
        let weeks = if last > today { 7 } else { 0 };
        Days::span(
            back(last, weeks + until + i64::from(ago))?,
            back(last, weeks)?,
        )
    };
    Some(Piece {
        start: first.start,
        end: second.end,
        days: days.sort(Sort::Listed),
    })
}

fn together(text: &str, first: Piece, second: Piece, today: Date) -> Option<Piece> {
    let gap = &text[first.end..second.start];
    if APART.is_match(gap)
        && second.days.sort == Sort::Dated
        && second.days.from == second.days.to
        && weekday(first.days.sort) == Some(second.days.from.weekday())
    {
        // "last Tuesday (24 November)": one day, told twice, and the date says which.
        let (start, mut end, days) = (first.start, second.end, second.days);
        if gap.contains('(') && text[end..].starts_with(')') {
            end += 1;
        }
        return Some(Piece { start, end, days });
    }
    // "last week, Wednesday the 18th": the day, of the days among which it lies.
    let among = first.days.from < first.days.to
        && second.days.from == second.days.to
        && (first.days.from..=first.days.to).contains(&second.days.from);
    // "The other day, the 12th": whoever names the date says which day they mean. In "21 November, 22 November, 23
    // November" none is that of the others.
    let vague = first.days.from < first.days.to
        && !text[first.start..first.end].contains(|c: char| c.is_ascii_digit());
    let dated = second.days.sort == Sort::Dated && second.days.from == second.days.to;
    let one_of = among || vague && dated && gap.starts_with(',');
    if APART.is_match(gap) && one_of && first.days.sort == Sort::Else {
        let (start, end, days) = (first.start, second.end, second.days);
        return Some(Piece { start, end, days });
    }
    let lead = |words: &Leading| words.before(text, first.start);
    let (between, from, since) = (lead(&BETWEEN), lead(&FROM), lead(&SINCE));
    let both_dated = (first.days.sort, second.days.sort) == (Sort::Dated, Sort::Dated);
    let both_alike = match (first.days.sort, second.days.sort) {
        (Sort::Dated, Sort::Dated) => true,
        (a, b) => weekday(a).is_some() && weekday(b).is_some(),
    };
    let a_range = TO.is_match(gap)
        || (DASH.is_match(gap) && both_alike)
        || (AND.is_match(gap) && !gap.starts_with(',') && between.is_some());
    let days = if a_range {
        range(first.days, second.days, today)?
    } else if AND.is_match(gap) {
        // "Yesterday and on Saturday the 21st".
        let apart = second.days.sort == Sort::Dated && !matches!(first.days.sort, Sort::Bare(_));
        let backwards = apart && second.days.to < first.days.from;
        let (first, second) = if backwards {
            (
                Piece {
                    days: second.days,
                    ..first
                },
                Piece {
                    days: first.days,
                    ..second
                },
            )
        } else {
            (first, second)
        };
        let days = range(first.days, second.days, today)?;
        let known = |s: Sort| if let Sort::Bare(d) = s { Some(d) } else { None };
        // Two days that follow each other, or one day told twice.
        let follow = match (known(first.days.sort), known(second.days.sort)) {
            (Some(a), Some(b)) => b.since(a) <= 1,
            _ if both_dated || backwards => back(days.to, APART_AT_MOST)? <= first.days.to,
            _ => back(days.to, 1)? <= first.days.to || second.days.from <= back(first.days.to, -1)?,
        };
        let wide = |d: Days| d.from != d.to && !matches!(d.sort, Sort::Else | Sort::Listed);
        if !follow || wide(first.days) || wide(second.days) {
            return None;
        }
        match (known(first.days.sort), known(second.days.sort)) {
            (Some(_), Some(_)) => days.sort(Sort::Listed),
            _ => days,
        }
    } else {
        return None;
    };
    let start = a_range.then(|| between.or(from).or(since)).flatten();
    let days = if a_range {
        days.sort(Sort::Range)
    } else {
        days
    };
    Some(Piece {
        start: start.unwrap_or(first.start),
        end: second.end,
        days,
    })
}

fn weekday(sort: Sort) -> Option<Weekday> {
    match sort {
        Sort::Bare(day) | Sort::Weekday(day) => Some(day),
        Sort::Dated | Sort::Range | Sort::Listed | Sort::Else => None,
    }
}

/// From the first to the second. A weekday that stands bare is the one that its neighbour makes it: that before, or
/// that after.
fn range(first: Days, second: Days, today: Date) -> Option<Days> {
    let after = |from: Date, day: Weekday| back(from, -i64::from(day.since(from.weekday())));
    let until = |to: Date, day: Weekday| back(to, i64::from(to.weekday().since(day)));
    let (from, to, other) = match (first.sort, second.sort) {
        (Sort::Weekday(_) | Sort::Dated, Sort::Bare(day)) if first.from == first.to => {
            let to = after(first.from, day)?;
            let other = first.other.and_then(|(d, _)| Some((d, after(d, day)?)));
            (first.from, to, other)
        }
        (Sort::Bare(day), _) => {
            let from = until(second.from, day)?;
            let other = second.other.and_then(|(d, to)| Some((until(d, day)?, to)));
            (from, second.to, other)
        }
        _ => {
            let other = match (first.other, second.other) {
                (Some((from, _)), Some((_, to))) => Some((from, to)),
                (Some((from, _)), None) => Some((from, second.to)),
                (None, Some((_, to))) => Some((first.from, to)),
                (None, None) => None,
            };
            (first.from, second.to, other)
        }
    };
    let days = Days::span(from, to.min(today));
    let other = other
        .map(|(from, to)| (from, to.min(today)))
        .filter(|(from, to)| from < to && (*from, *to) != (days.from, days.to));
    (days.from <= days.to).then_some(Days { other, ..days })
}

/// "Since Monday" lasts until today.
fn until_today(text: &str, piece: &mut Piece, today: Date) {
    if let Some(since) = SINCE.before(text, piece.start) {
        piece.start = since;
    } else if let Some(from) = FROM.before(text, piece.start)
        && let Some(onwards) = ONWARDS.find(&text[piece.end..])
    {
        piece.start = from;
        piece.end += onwards.end();
    } else if !SAYS_SINCE.is_match(&text[piece.start..piece.end]) {
        return;
    }
    piece.days.to = today;
    piece.days.other = piece.days.other.map(|(from, _)| (from, today));
}
