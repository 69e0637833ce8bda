//! Which clocks run on a complaint, and when they run out.

use super::{
    period::Period,
    profile_file::{self, Clock, Example, ProfileError},
};
use crate::domain::{Case, Timestamp, complaint::Deadline};
use jiff::{
    Span, ToSpan,
    civil::{Date, Weekday},
    tz::TimeZone,
};

/// The complaint rules of one place.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// The time zone that its days are counted in.
    pub zone: TimeZone,
    /// For how long a complaint is kept after it was closed; for ever where nothing is said.
    pub keep: Option<Period>,
    /// Worked examples, which tests reckon again.
    pub examples: Vec<Example>,
    weekend: Vec<Weekday>,
    holidays: Vec<Date>,
    known_until: Option<i16>,
    clocks: Vec<Clock>,
}

impl Profile {
    /// Reads a profile; `calendar` gives the text of a file of holidays by its name.
    ///
    /// # Errors
    /// What is wrong with it, in words; with line and column where the YAML itself is at fault.
    pub fn parse(
        text: &str,
        calendar: impl FnOnce(&str) -> Result<String, String>,
    ) -> Result<Self, ProfileError> {
        let read = profile_file::read(text, calendar)?;
        Ok(Self {
            name: read.name,
            zone: read.zone,
            keep: read.keep,
            examples: read.examples,
            weekend: read.weekend,
            holidays: read.holidays,
            known_until: read.known_until,
            clocks: read.clocks,
        })
    }

    /// Whether there is a clock of that name.
    pub fn has_clock(&self, name: &str) -> bool {
        self.clocks.iter().any(|c| c.name == name)
    }

    /// The last year for which holidays are known; none for a profile without holidays.
    pub const fn known_until(&self) -> Option<i16> {
        self.known_until
    }

    /// Whether that day is a holiday.
    pub fn is_holiday(&self, day: Date) -> bool {
        self.holidays.contains(&day)
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

    /// When a period ends that begins at a moment. What is counted in days ends with the day, where the organisation
    /// is.
    pub fn end_of(&self, period: Period, begin: Timestamp) -> Timestamp {
        let day = begin.in_zone(&self.zone).date();
        let end_of = |day: Date| {
            let end = day.at(23, 59, 59, 0).to_zoned_datetime(self.zone.clone());
            end.map_or(begin, |z| Timestamp::from(z.timestamp()))
        };
        let later = |span: Span| end_of(day.checked_add(span).unwrap_or(day));
        match period {
            Period::WorkingDays(n) => end_of(self.working_days_after(day, n)),
            Period::Days(n) => later(n.days()),
            Period::Months(n) => later(n.months()),
            Period::Years(n) => later(n.years()),
            Period::Hours(n) => begin.plus_seconds(n * 3600),
        }
    }

    /// The clocks that start when a complaint is received.
    pub fn deadlines(&self, received: Timestamp) -> Vec<Deadline> {
        let mut all: Vec<Deadline> = Vec::new();
        for clock in self.clocks.iter().filter(|c| !c.when_asked) {
            let due = self.due(clock, received, &Case::default(), &all);
            all.push(deadline(clock, due));
        }
        all
    }

    /// A clock that runs only where somebody starts it, started now.
    pub fn started(&self, name: &str, now: Timestamp) -> Option<Deadline> {
        let clock = self
            .clocks
            .iter()
            .find(|c| c.when_asked && c.name == name)?;
        Some(deadline(clock, self.end_of(clock.within, now)))
    }

    /// Sets the clocks that begin with what was done: when it was done, or else when the time for it is over. One that
    /// somebody has extended stays where they put it.
    pub(super) fn follow(&self, received: Timestamp, case: &Case, deadlines: &mut [Deadline]) {
        for clock in self.clocks.iter().filter(|c| c.after.is_some()) {
            let due = self.due(clock, received, case, deadlines);
            let mut same = deadlines.iter_mut().filter(|d| d.name == clock.name);
            if let Some(deadline) = same.find(|d| d.extensions.is_empty()) {
                deadline.due_at = due;
            }
        }
    }

    fn due(
        &self,
        clock: &Clock,
        received: Timestamp,
        case: &Case,
        before: &[Deadline],
    ) -> Timestamp {
        let after = clock.after.as_ref();
        let other = after.and_then(|name| before.iter().find(|d| d.name == *name));
        let begin = other.map_or(received, |d| d.stops.done(case).unwrap_or(d.due_at));
        self.end_of(clock.within, begin)
    }
}

fn deadline(clock: &Clock, due_at: Timestamp) -> Deadline {
    Deadline {
        name: clock.name.clone(),
        due_at,
        source: clock.source.clone(),
        met_at: None,
        stops: clock.stops,
        paused_at: None,
        extensions: Vec::new(),
    }
}
