//! Days, times and waits as people say them, in the person's language. The words are in the phrase book.

use crate::{
    domain::Timestamp,
    flow::{Audience, Day, OpenState, PhraseBook, Vars, WEEKDAYS},
};
use jiff::{ZonedDateTime, civil::time, tz::TimeZone};

/// The phrase book, opened for one audience.
#[derive(Clone, Copy)]
pub(super) struct Words<'a> {
    pub(super) book: &'a PhraseBook,
    pub(super) audience: Audience<'a>,
}

impl Words<'_> {
    fn say(&self, key: &str, vars: Vars) -> String {
        self.book.say(&self.audience, key, 0, || vars)
    }

    fn weekday(&self, weekday: jiff::civil::Weekday) -> String {
        let name = WEEKDAYS[usize::try_from(weekday.to_monday_zero_offset()).unwrap_or(0)];
        self.say(&format!("weekday.{name}"), Vars::new())
    }

    fn parts(&self, here: &ZonedDateTime) -> Vars {
        Vars::from([
            ("weekday", self.weekday(here.weekday()).into()),
            ("day", here.day().into()),
            (
                "month",
                self.say(&format!("month.{}", here.month()), Vars::new())
                    .into(),
            ),
            ("year", here.year().into()),
            ("clock", here.strftime("%H:%M").to_string().into()),
        ])
    }

    /// As in "Friday 27 November"; with the time of day where it is not the end of a day.
    pub(super) fn day(&self, at: Timestamp, zone: &TimeZone) -> String {
        let here = at.in_zone(zone);
        let with_time = here.time() != time(23, 59, 59, 0) && here.time() != time(0, 0, 0, 0);
        let key = if with_time { "date.time" } else { "date.day" };
        self.say(key, self.parts(&here))
    }

    /// As in "27 November 2026".
    pub(super) fn date(&self, at: Timestamp, zone: &TimeZone) -> String {
        self.say("date.year", self.parts(&at.in_zone(zone)))
    }

    /// As in "tomorrow at 08:00"; empty while it is open.
    pub(super) fn opening(&self, state: OpenState) -> String {
        let Some((day, at)) = state.opens else {
            return String::new();
        };
        let mut vars = Vars::from([("clock", at.strftime("%H:%M").to_string().into())]);
        let key = match day {
            Day::Today => "opens.today",
            Day::Tomorrow => "opens.tomorrow",
            Day::On(weekday) => {
                vars.insert("weekday", self.weekday(weekday).into());
                "opens.day"
            }
        };
        self.say(key, vars)
    }

    /// As in "3 minutes", rounded up.
    pub(super) fn wait(&self, seconds: i64) -> String {
        let (key, n) = match seconds {
            ..=60 => ("wait.minute", 1),
            61..=3600 => ("wait.minutes", (seconds + 59) / 60),
            _ => ("wait.hours", (seconds + 3599) / 3600),
        };
        self.say(key, Vars::from([("n", n.into())]))
    }
}
