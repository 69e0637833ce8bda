//! What words about days come to.

use jiff::civil::{Date, Weekday};

/// What some words come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::nlu) struct Days {
    pub(in crate::nlu) from: Date,
    pub(in crate::nlu) to: Date,
    /// A second honest reading.
    pub(in crate::nlu) other: Option<(Date, Date)>,
    pub(in crate::nlu) sort: Sort,
}

/// What is known of a day beside the day itself: its neighbours are read by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::nlu) enum Sort {
    /// "Tuesday": which one it is may hang on its neighbour.
    Bare(Weekday),
    /// "last Tuesday": it stands by itself.
    Weekday(Weekday),
    /// "12 November".
    Dated,
    /// "from Monday to Friday".
    Range,
    /// "Monday, Tuesday and Friday".
    Listed,
    Else,
}

impl Days {
    pub(in crate::nlu) fn one(day: Date) -> Self {
        Self::span(day, day)
    }

    pub(in crate::nlu) fn span(from: Date, to: Date) -> Self {
        Self {
            from,
            to,
            other: None,
            sort: Sort::Else,
        }
    }

    pub(in crate::nlu) fn or(self, other: Option<Date>) -> Self {
        Self {
            other: other.map(|d| (d, d)),
            ..self
        }
    }

    pub(in crate::nlu) fn sort(self, sort: Sort) -> Self {
        Self { sort, ..self }
    }

    /// Nothing in the future is an incident: what has begun ends today at the latest, what has not is no reading.
    pub(in crate::nlu) fn been(self, today: Date) -> Option<Self> {
        let cut = |(from, to): (Date, Date)| (from <= today).then(|| (from, to.min(today)));
        let other = self.other.and_then(cut);
        let (from, to) = cut((self.from, self.to))?;
        let known = from.year() >= 1900 && from <= to;
        known.then_some(Self {
            from,
            to,
            other,
            ..self
        })
    }
}
