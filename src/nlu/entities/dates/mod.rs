//! Days as people say them, worked out from the day on which they say it.
//!
//! What looks like a day and is none is taken out first, then each kind of words is looked for, most exact first, and
//! at last neighbours that belong together ("from Friday till Sunday", "since" and a day) are made one.

pub(in crate::nlu) mod calendar;
pub(in crate::nlu) mod days;
mod join;
mod pattern;
pub(in crate::nlu) mod read;
pub(in crate::nlu) mod words;

use crate::{
    domain::interpretation::FoundDate,
    nlu::{
        Setting,
        compile::own,
        finders::Finders,
        misspelt,
        pack::Language,
        packs::PACKS,
        patterns::{Patterns, Use},
    },
};
use pattern::{Pattern, Piece, plain_letters};
use regex::Regex;
use std::{collections::BTreeSet, sync::LazyLock};
use words::{Caught, any_of};

/// Shorter words have too many neighbours.
const LETTERS_OF_NAME: usize = 4;

/// All ways of telling a day, and which of them a text may hold.
struct Ways {
    patterns: Vec<Pattern>,
    likely: Patterns,
    /// The patterns, compiled.
    finders: Finders,
}

static WAYS: LazyLock<Ways> = LazyLock::new(|| {
    let decoys = PACKS.iter().flat_map(|p| pattern::decoys(p.days()));
    let told = PACKS.iter().flat_map(|p| pattern::told(p.days()));
    let patterns: Vec<Pattern> = decoys.chain(told).collect();
    let likely: Vec<(String, Use)> = patterns
        .iter()
        .map(|p| (format!("(?i){}", p.likely), Use::Subject))
        .collect();
    let whole: Vec<String> = patterns.iter().map(|p| p.whole.clone()).collect();
    Ways {
        finders: Finders::own(&whole),
        patterns,
        likely: Patterns::compile(&likely).expect("the program's own patterns are tested"),
    }
});

/// A word that stands in every way of telling a day: most messages have none, and need no further look.
static ANY: LazyLock<Regex> = LazyLock::new(|| {
    let of = |pack: &&dyn Language| {
        let d = pack.days();
        [
            any_of(d.weekdays),
            any_of(d.months),
            any_of(d.units),
            any_of(d.feasts),
            d.any.to_owned(),
        ]
    };
    let names: Vec<String> = PACKS.iter().flat_map(of).collect();
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

/// The single words of all names of days, by which misspelt ones are known.
static WORDS: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
    let of = |pack: &&'static dyn Language| {
        let d = pack.days();
        let weekdays = d.weekdays.iter().map(|(_, names)| *names);
        let months = d.months.iter().map(|(_, names)| *names);
        let units = d.units.iter().map(|(_, names)| *names);
        let near = d.near.iter().map(|(_, names)| *names);
        let feasts = d.feasts.iter().map(|(_, names)| *names);
        let all = weekdays
            .chain(months)
            .chain(units)
            .chain(near)
            .chain(feasts);
        all.flat_map(|names| names.split(|c: char| !c.is_alphabetic()))
            .filter(|word| word.len() >= LETTERS_OF_NAME)
            .collect::<Vec<_>>()
    };
    PACKS.iter().flat_map(of).collect()
});

/// All the days and stretches of days that are spoken of, in the order of the text, none overlapping. Where there is
/// none, misspelt words may tell of one.
pub(in crate::nlu) fn dates(text: &str, setting: Setting<'_>) -> Vec<FoundDate> {
    let found = spelt_well(text, setting);
    if !found.is_empty() {
        return found;
    }
    let Some(respelt) = misspelt::respelt(text, &WORDS) else {
        return found;
    };
    let as_written = |day: FoundDate| {
        let (start, end) = (respelt.written(day.start), respelt.written(day.end));
        let text = text.get(start..end)?.to_owned();
        Some(FoundDate {
            text,
            start,
            end,
            ..day
        })
    };
    let days = spelt_well(&respelt.text, setting).into_iter();
    days.filter_map(as_written).collect()
}

/// The same where some stretches are named only to say that they are not meant: "not Monday, Tuesday" are no two days
/// in a row, but each is read by itself.
pub(in crate::nlu) fn dates_without(
    text: &str,
    setting: Setting<'_>,
    excluded: &[(usize, usize)],
) -> Vec<FoundDate> {
    let found = dates(text, setting);
    let reaches_on = |(start, end): &&(usize, usize)| {
        let across = |d: &FoundDate| *start <= d.start && d.start < *end && *end < d.end;
        found.iter().any(across)
    };
    let Some((_, cut)) = excluded.iter().find(reaches_on) else {
        return found;
    };
    let (before, after) = text.split_at(*cut);
    let mut apart = dates(before, setting);
    apart.extend(dates(after, setting).into_iter().map(|day| FoundDate {
        start: day.start + cut,
        end: day.end + cut,
        ..day
    }));
    apart
}

fn spelt_well(text: &str, setting: Setting<'_>) -> Vec<FoundDate> {
    let likely = WAYS.likely.matches(&plain_letters(text)).numbers;
    if likely.is_empty() || !ANY.is_match(text) {
        return Vec::new();
    }
    let mut taken: Vec<(usize, usize)> = Vec::new();
    let mut pieces: Vec<Piece> = Vec::new();
    let look = WAYS.finders.look(text);
    for number in likely {
        let pattern = &WAYS.patterns[number];
        for captures in look.captures_iter(number) {
            let whole = (captures.name("words")).unwrap_or_else(|| captures.get_match());
            let (start, end) = (whole.start(), whole.end());
            if taken.iter().any(|(from, to)| *from < end && start < *to) {
                continue;
            }
            let Some(work_out) = pattern.work_out else {
                taken.push((start, end));
                continue;
            };
            let caught = Caught {
                groups: &captures,
                words: pattern.words,
                setting,
            };
            let days = work_out(&caught).and_then(|d| d.been(setting.today));
            if let Some(days) = days {
                taken.push((start, end));
                let end = start + without_stops(whole.as_str()).len();
                pieces.push(Piece { start, end, days });
            }
        }
    }
    pieces.sort_by_key(|p| p.start);
    let pieces = join::joined(text, &pieces, setting.today);
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
