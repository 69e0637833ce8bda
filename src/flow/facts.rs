//! What is true of the organisation, in a file that it edits.

use super::error::FlowError;
use crate::domain::Timestamp;
use jiff::{ToSpan, civil::Time, tz::TimeZone};
use serde::Deserialize;
use serde_saphyr::Spanned;
use std::collections::BTreeMap;

/// Emergency numbers and habits of a country.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Country {
    /// For a life in danger.
    pub emergency: String,
    /// For urgent advice; the emergency number where there is none.
    pub urgent: String,
    /// For somebody who thinks of suicide.
    pub crisis: String,
    /// Its complaint profile, in `profiles/`.
    pub complaint_profile: String,
}

/// One thing that people ask after.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// The answer.
    pub answer: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFacts {
    organisation: String,
    timezone: Spanned<String>,
    desk_hours: BTreeMap<String, Spanned<String>>,
    topics: BTreeMap<String, Topic>,
}

/// What is true of the organisation.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "RawFacts")]
pub struct Facts {
    /// Its name.
    pub organisation: String,
    /// Answers by topic.
    pub topics: BTreeMap<String, Topic>,
    /// Its time zone.
    pub zone: TimeZone,
    hours: [Option<(Time, Time)>; 7],
    raw: RawFacts,
}

/// Whether the desk is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenState {
    /// Now.
    pub open: bool,
    /// When it opens next, as in "today at 08:00", "Monday at 08:00"; empty while it is open or where it never opens.
    pub opens: String,
}

const DAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

impl From<RawFacts> for Facts {
    fn from(raw: RawFacts) -> Self {
        Self {
            organisation: raw.organisation.clone(),
            topics: raw.topics.clone(),
            zone: TimeZone::UTC,
            hours: [None; 7],
            raw,
        }
    }
}

impl Facts {
    /// Works out zone and hours.
    pub(super) fn checked(mut self) -> Result<Self, FlowError> {
        let file = "facts.yaml";
        let zone = &self.raw.timezone;
        self.zone = TimeZone::get(&zone.value).map_err(|_| {
            FlowError::at(
                file,
                zone.referenced,
                format!(
                    "'{}' is no time zone: write one like Europe/London",
                    zone.value
                ),
            )
        })?;
        for (day, hours) in &self.raw.desk_hours {
            let at = |message: String| FlowError::at(file, hours.referenced, message);
            let Some(index) = DAYS.iter().position(|d| d == day) else {
                return Err(at(format!("'{day}' is no day of the week")));
            };
            if hours.value == "closed" {
                continue;
            }
            let wrong = || {
                at(format!(
                    "'{}' are no hours: write them like 08:00-20:00, or closed",
                    hours.value
                ))
            };
            let (from, to) = hours.value.split_once('-').ok_or_else(wrong)?;
            let parse = |t: &str| {
                if t.trim() == "24:00" {
                    Ok(Time::MAX)
                } else {
                    t.trim().parse::<Time>().map_err(|_| wrong())
                }
            };
            let (from, to) = (parse(from)?, parse(to)?);
            if from >= to {
                return Err(at(format!("'{}' ends before it begins", hours.value)));
            }
            self.hours[index] = Some((from, to));
        }
        Ok(self)
    }

    /// Whether the desk is open at `now`, and when it opens next.
    pub fn open_at(&self, now: Timestamp) -> OpenState {
        let here = now.in_zone(&self.zone);
        let today = here.date();
        let index = |d: jiff::civil::Date| {
            usize::try_from(d.weekday().to_monday_zero_offset()).unwrap_or(0)
        };
        let time = here.time();
        if let Some((from, to)) = self.hours[index(today)] {
            if time >= from && time < to {
                return OpenState {
                    open: true,
                    opens: String::new(),
                };
            }
            if time < from {
                return OpenState {
                    open: false,
                    opens: format!("today at {}", from.strftime("%H:%M")),
                };
            }
        }
        let next = (1..=7).find_map(|ahead: i64| {
            let day = today.checked_add(ahead.days()).ok()?;
            self.hours[index(day)].map(|(from, _)| (ahead, day, from))
        });
        let opens = next.map_or_else(String::new, |(ahead, day, from)| {
            let name = if ahead == 1 {
                "tomorrow".to_owned()
            } else {
                day.strftime("on %A").to_string()
            };
            format!("{name} at {}", from.strftime("%H:%M"))
        });
        OpenState { open: false, opens }
    }
}
