//! Stretches of time, as rules state them.

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
    /// Years of the calendar.
    Years(i64),
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
        if !(0..=10_000).contains(&number) {
            return Err(wrong());
        }
        match unit {
            "working day" | "working days" => Ok(Self::WorkingDays(number)),
            "day" | "days" => Ok(Self::Days(number)),
            "month" | "months" => Ok(Self::Months(number)),
            "year" | "years" => Ok(Self::Years(number)),
            "hour" | "hours" => Ok(Self::Hours(number)),
            _ => Err(wrong()),
        }
    }
}
