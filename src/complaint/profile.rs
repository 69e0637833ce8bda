//! Which clocks run on a complaint, and when they run out.

use crate::domain::{Timestamp, complaint::Deadline};
use jiff::{
    Span, ToSpan,
    civil::{Date, Weekday},
    tz::TimeZone,
};
use serde::Deserialize;
use std::str::FromStr;

/// A stretch of time, as rules state it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// Days on which the organisation works, after the day of receipt.
    WorkingDays(i64),
    /// Days of the calendar.
    Days(i64),
    /// Months of the calendar.
    Months(i64),
    /// Hours.
    Hours(i64),
}

impl FromStr for Period {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let wrong = || {
            format!(
                "'{s}' is no period: write it like '3 working days', '30 days', '6 months' or '24 hours'"
            )
        };
        let (number, unit) = s.split_once(' ').ok_or_else(wrong)?;
        let number: i64 = number.parse().map_err(|_| wrong())?;
        match unit {
            "working day" | "working days" => Ok(Self::WorkingDays(number)),
            "day" | "days" => Ok(Self::Days(number)),
            "month" | "months" => Ok(Self::Months(number)),
            "hour" | "hours" => Ok(Self::Hours(number)),
            _ => Err(wrong()),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawClock {
    name: String,
    within: String,
    source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawProfile {
    profile: String,
    timezone: String,
    weekend: Vec<String>,
    holidays: Vec<String>,
    clocks: Vec<RawClock>,
}

/// What is wrong with a profile.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ProfileError(String);

/// The complaint rules of one place.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// The time zone that its days are counted in.
    pub zone: TimeZone,
    weekend: Vec<Weekday>,
    holidays: Vec<Date>,
    clocks: Vec<(String, Period, String)>,
}

impl Profile {
    /// Reads a profile.
    ///
    /// # Errors
    /// What is wrong with it, in words; with line and column where the YAML itself is at fault.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        let raw: RawProfile = serde_saphyr::from_str(text)
            .map_err(|e| ProfileError(e.without_snippet().to_string()))?;
        let weekday = |name: &String| {
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
        };
        let date = |text: &String| {
            text.parse().map_err(|_| {
                ProfileError(format!(
                    "holidays: '{text}' is no date: write it like 2026-12-25"
                ))
            })
        };
        let clock = |c: RawClock| Ok((c.name, c.within.parse().map_err(ProfileError)?, c.source));
        Ok(Self {
            zone: TimeZone::get(&raw.timezone).map_err(|_| {
                ProfileError(format!("timezone: '{}' is no time zone", raw.timezone))
            })?,
            weekend: raw.weekend.iter().map(weekday).collect::<Result<_, _>>()?,
            holidays: raw.holidays.iter().map(date).collect::<Result<_, _>>()?,
            clocks: raw
                .clocks
                .into_iter()
                .map(clock)
                .collect::<Result<_, _>>()?,
            name: raw.profile,
        })
    }

    /// Whether there is a clock of that name.
    pub fn has_clock(&self, name: &str) -> bool {
        self.clocks.iter().any(|(known, _, _)| known == name)
    }

    /// The last year for which holidays are known; none for a profile without holidays.
    pub fn known_until(&self) -> Option<i16> {
        self.holidays.iter().map(|d| d.year()).max()
    }

    /// Whether the organisation works on that day.
    pub fn is_working_day(&self, day: Date) -> bool {
        !self.weekend.contains(&day.weekday()) && !self.holidays.contains(&day)
    }

    /// The `n`th working day after `day`.
    pub fn working_days_after(&self, day: Date, n: i64) -> Date {
        let mut at = day;
        let mut left = n;
        while left > 0 {
            let Ok(next) = at.checked_add(1.day()) else {
                return at;
            };
            at = next;
            if self.is_working_day(at) {
                left -= 1;
            }
        }
        at
    }

    /// The clocks that start when a complaint is received. What is counted in days is due at the end of the day, where the organisation is.
    pub fn deadlines(&self, received: Timestamp) -> Vec<Deadline> {
        let here = received.in_zone(&self.zone);
        let day = here.date();
        let end_of = |day: Date| {
            let end = day.at(23, 59, 59, 0).to_zoned_datetime(self.zone.clone());
            end.map_or(received, |z| Timestamp::from(z.timestamp()))
        };
        let later = |span: Span| end_of(day.checked_add(span).unwrap_or(day));
        let due = |period: &Period| match *period {
            Period::WorkingDays(n) => end_of(self.working_days_after(day, n)),
            Period::Days(n) => later(n.days()),
            Period::Months(n) => later(n.months()),
            Period::Hours(n) => received.plus_seconds(n * 3600),
        };
        self.clocks
            .iter()
            .map(|(name, period, source)| Deadline {
                name: name.clone(),
                due_at: due(period),
                source: source.clone(),
                met_at: None,
            })
            .collect()
    }
}
