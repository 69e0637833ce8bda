//! A file of complaint rules, as it is written.

use super::period::Period;
use crate::domain::ClockStop;
use jiff::{
    civil::{Date, Weekday},
    tz::TimeZone,
};
use serde::Deserialize;

/// What is wrong with a profile.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ProfileError(pub(super) String);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawClock {
    name: String,
    within: String,
    #[serde(default)]
    after: Option<String>,
    #[serde(default)]
    until: Option<ClockStop>,
    #[serde(default)]
    when_asked: bool,
    source: String,
}

/// Holidays: days, or the name of a file in `profiles/holidays/`.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum RawHolidays {
    Named(String),
    Days(Vec<String>),
}

/// A worked example: with what was received when, and when each clock runs out.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// When it was received, RFC 3339.
    pub received: String,
    /// When it was acknowledged, where the example goes so far.
    #[serde(default)]
    pub acknowledged: Option<String>,
    /// Which clock.
    pub clock: String,
    /// When it runs out, RFC 3339.
    pub due: String,
    /// Why so.
    pub because: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawProfile {
    profile: String,
    timezone: String,
    weekend: Vec<String>,
    holidays: RawHolidays,
    #[serde(default)]
    keep: Option<String>,
    clocks: Vec<RawClock>,
    #[serde(default)]
    examples: Vec<Example>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    dead_code,
    reason = "where the days come from is for people who read the file"
)]
struct RawCalendar {
    source: String,
    from: i16,
    to: i16,
    days: Vec<String>,
}

/// A clock of a profile.
#[derive(Clone, Debug)]
pub(super) struct Clock {
    pub(super) name: String,
    pub(super) within: Period,
    /// It begins when that other clock is met, or else has run out.
    pub(super) after: Option<String>,
    pub(super) stops: ClockStop,
    /// It runs only where somebody starts it.
    pub(super) when_asked: bool,
    pub(super) source: String,
}

/// What stands in a file, checked.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) name: String,
    pub(super) zone: TimeZone,
    pub(super) weekend: Vec<Weekday>,
    pub(super) holidays: Vec<Date>,
    pub(super) known_until: Option<i16>,
    pub(super) keep: Option<Period>,
    pub(super) clocks: Vec<Clock>,
    pub(super) examples: Vec<Example>,
}

fn weekday(name: &str) -> Result<Weekday, ProfileError> {
    let all = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];
    all.into_iter()
        .find(|d| format!("{d:?}").eq_ignore_ascii_case(name))
        .ok_or_else(|| ProfileError(format!("weekend: '{name}' is no day of the week")))
}

fn date(text: &str) -> Result<Date, ProfileError> {
    let wrong = |_| {
        ProfileError(format!(
            "holidays: '{text}' is no date: write it like 2026-12-25"
        ))
    };
    text.parse().map_err(wrong)
}

fn yaml<'t, T: Deserialize<'t>>(text: &'t str) -> Result<T, ProfileError> {
    serde_saphyr::from_str(text).map_err(|e| ProfileError(e.without_snippet().to_string()))
}

fn clock(raw: RawClock) -> Result<Clock, ProfileError> {
    let stops = raw.until.unwrap_or_else(|| ClockStop::usual(&raw.name));
    Ok(Clock {
        within: raw.within.parse().map_err(ProfileError)?,
        name: raw.name,
        after: raw.after,
        stops,
        when_asked: raw.when_asked,
        source: raw.source,
    })
}

/// Reads a profile; `calendar` gives the text of a file of holidays.
pub(super) fn read(
    text: &str,
    calendar: impl FnOnce(&str) -> Result<String, String>,
) -> Result<Read, ProfileError> {
    let raw: RawProfile = yaml(text)?;
    let all = |days: &[String]| days.iter().map(|d| date(d)).collect::<Result<Vec<_>, _>>();
    let (holidays, known_until) = match &raw.holidays {
        RawHolidays::Days(days) => {
            let days = all(days)?;
            let last = days.iter().map(|d| d.year()).max();
            (days, last)
        }
        RawHolidays::Named(name) => {
            let wrong = |e: String| ProfileError(format!("holidays: {e}"));
            let text = calendar(name).map_err(wrong)?;
            let calendar: RawCalendar = yaml(&text)?;
            (all(&calendar.days)?, Some(calendar.to))
        }
    };
    let clocks: Vec<Clock> = raw
        .clocks
        .into_iter()
        .map(clock)
        .collect::<Result<_, _>>()?;
    for (at, clock) in clocks.iter().enumerate() {
        let twice = clocks.iter().take(at).any(|c| c.name == clock.name);
        let before = |name: &String| clocks.iter().take(at).any(|c| c.name == *name);
        if twice {
            return Err(ProfileError(format!(
                "clocks: there are two named '{}'",
                clock.name
            )));
        }
        if let Some(after) = clock.after.as_ref().filter(|name| !before(name)) {
            return Err(ProfileError(format!(
                "clocks: '{}' comes after '{after}', and no clock before it has that name",
                clock.name
            )));
        }
    }
    let zone = TimeZone::get(&raw.timezone);
    let wrong = |_| ProfileError(format!("timezone: '{}' is no time zone", raw.timezone));
    Ok(Read {
        zone: zone.map_err(wrong)?,
        weekend: raw
            .weekend
            .iter()
            .map(|d| weekday(d))
            .collect::<Result<_, _>>()?,
        holidays,
        known_until,
        keep: raw
            .keep
            .map(|k| k.parse())
            .transpose()
            .map_err(ProfileError)?,
        clocks,
        examples: raw.examples,
        name: raw.profile,
    })
}
