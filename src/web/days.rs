//! Days in what callers send.

use super::error::ApiError;
use jiff::civil::Date;

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
