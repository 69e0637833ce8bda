//! What is true of the organisation, in a file that it edits.

use super::{conditions::WEEKDAYS, error::FlowError, source::Texts};
use crate::domain::{DateOrder, Timestamp};
use jiff::{
    ToSpan,
    civil::{Time, Weekday},
    tz::TimeZone,
};
use serde::Deserialize;
use serde_saphyr::Spanned;
use std::collections::BTreeMap;

/// A text, or one for each language.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Text {
    /// The same for all.
    All(String),
    /// By ISO 639-1 code; English where a language is missing.
    Each(BTreeMap<String, String>),
}

impl Text {
    /// In that language, as far as there is one.
    pub fn in_language(&self, language: &str) -> &str {
        match self {
            Self::All(text) => text,
            Self::Each(all) => all
                .get(language)
                .or_else(|| all.get("en"))
                .or_else(|| all.values().next())
                .map_or("", String::as_str),
        }
    }
}

/// Emergency numbers and habits of a country.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Country {
    /// For a life in danger.
    pub emergency: Text,
    /// For urgent advice; the emergency number where there is none.
    pub urgent: Text,
    /// For somebody who thinks of suicide.
    pub crisis: Text,
    /// For children and young people.
    pub child: Text,
    /// How days are written in figures.
    #[serde(default)]
    pub dates: DateOrder,
    /// Its complaint profile, in `profiles/`.
    pub complaint_profile: String,
}

/// One thing that people ask after.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// What it is called where people are asked whether they mean it; else its name.
    #[serde(default)]
    pub title: Option<Text>,
    /// Short ways of asking after it, by language: a question in nearly these words is about it.
    #[serde(default)]
    pub asked: BTreeMap<String, Vec<String>>,
    /// The answer.
    pub answer: Text,
}

type RawHours = BTreeMap<String, Spanned<String>>;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFacts {
    organisation: String,
    timezone: Spanned<String>,
    desk_hours: RawHours,
    #[serde(default)]
    team_hours: BTreeMap<String, RawHours>,
    topics: BTreeMap<String, Topic>,
}

type Hours = [Option<(Time, Time)>; 7];

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
    hours: Hours,
    teams: BTreeMap<String, Hours>,
    raw: RawFacts,
}

/// A day, seen from today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Day {
    /// Later today.
    Today,
    /// The next day.
    Tomorrow,
    /// Within the week.
    On(Weekday),
}

/// Whether a desk is open, and when it opens next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenState {
    /// Now.
    pub open: bool,
    /// When it opens next; none while it is open or where it never opens.
    pub opens: Option<(Day, Time)>,
}

impl From<RawFacts> for Facts {
    fn from(raw: RawFacts) -> Self {
        Self {
            organisation: raw.organisation.clone(),
            topics: raw.topics.clone(),
            zone: TimeZone::UTC,
            hours: [None; 7],
            teams: BTreeMap::new(),
            raw,
        }
    }
}

impl Texts {
    /// The organisation's name, as its facts have it; none where they cannot be read.
    pub fn organisation(&self) -> Option<String> {
        let facts = self.yaml::<Facts>("facts.yaml").ok()?;
        Some(facts.organisation)
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
        self.hours = hours(file, &self.raw.desk_hours)?;
        for (team, raw) in &self.raw.team_hours {
            self.teams.insert(team.clone(), hours(file, raw)?);
        }
        Ok(self)
    }

    /// Whether the desk is open at `now`, and when it opens next.
    pub fn open_at(&self, now: Timestamp) -> OpenState {
        self.state(&self.hours, now)
    }

    /// The same of one team, where it has hours of its own.
    pub fn team_open_at(&self, team: &str, now: Timestamp) -> Option<OpenState> {
        self.teams.get(team).map(|hours| self.state(hours, now))
    }

    /// When a team's desk, else the desk, opens next; none where it is open, or never opens.
    pub fn next_opening(&self, team: Option<&str>, now: Timestamp) -> Option<Timestamp> {
        let hours = team.and_then(|team| self.teams.get(team));
        let hours = hours.unwrap_or(&self.hours);
        let (day, time) = self.state(hours, now).opens?;
        let today = now.in_zone(&self.zone).date();
        let ahead = match day {
            Day::Today => 0,
            Day::Tomorrow => 1,
            Day::On(weekday) => i64::from(today.weekday().until(weekday)),
        };
        // Open on this day of the week alone: it is next week's.
        let ahead = if day != Day::Today && ahead == 0 {
            7
        } else {
            ahead
        };
        let day = today.checked_add(ahead.days()).ok()?;
        let at = day.to_datetime(time);
        let at = at.to_zoned_datetime(self.zone.clone()).ok()?;
        Some(at.timestamp().into())
    }

    fn state(&self, hours: &Hours, now: Timestamp) -> OpenState {
        let here = now.in_zone(&self.zone);
        let today = here.date();
        let of = |d: jiff::civil::Date| {
            hours[usize::try_from(d.weekday().to_monday_zero_offset()).unwrap_or(0)]
        };
        let time = here.time();
        let closed = |opens| OpenState { open: false, opens };
        match of(today) {
            Some((from, to)) if time >= from && time < to => {
                return OpenState {
                    open: true,
                    opens: None,
                };
            }
            Some((from, _)) if time < from => return closed(Some((Day::Today, from))),
            _ => {}
        }
        closed((1..=7).find_map(|ahead: i64| {
            let day = today.checked_add(ahead.days()).ok()?;
            let (from, _) = of(day)?;
            let name = if ahead == 1 {
                Day::Tomorrow
            } else {
                Day::On(day.weekday())
            };
            Some((name, from))
        }))
    }
}

fn hours(file: &str, raw: &RawHours) -> Result<Hours, FlowError> {
    let mut all: Hours = [None; 7];
    for (day, hours) in raw {
        let at = |message: String| FlowError::at(file, hours.referenced, message);
        let Some(index) = WEEKDAYS.iter().position(|d| d == day) else {
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
        all[index] = Some((from, to));
    }
    Ok(all)
}
