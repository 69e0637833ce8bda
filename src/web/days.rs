//! Days in what callers send.

use super::error::ApiError;
use crate::domain::Timestamp;
use jiff::{civil::Date, tz::TimeZone};

/// A day as in 2026-11-24.
///
/// # Errors
/// Anything else; the field is named.
pub(super) fn day(field: &str, text: &str) -> Result<Date, ApiError> {
    let wrong = || ApiError::field(field, format!("'{field}' is a day as in 2026-11-24"));
    let day: Date = text.parse().map_err(|_| wrong())?;
    // The parser takes a time along, too.
    if text.len() == "2026-11-24".len() {
        Ok(day)
    } else {
        Err(wrong())
    }
}

/// The moment at which a day begins, where the organisation is.
pub(super) fn midnight(field: &str, date: Date, zone: &TimeZone) -> Result<Timestamp, ApiError> {
    let outside = |_| ApiError::field(field, "there is no such day in the calendar");
    let start = date.to_zoned_datetime(zone.clone()).map_err(outside)?;
    Ok(Timestamp::from(start.timestamp()))
}
