//! Points in time, as the store keeps them.

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// Microseconds since 1970-01-01T00:00:00Z.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// This moment, later by so many microseconds.
    #[must_use]
    pub const fn plus_micros(self, micros: i64) -> Self {
        Self(self.0 + micros)
    }

    /// This moment, later by so many seconds.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0 + seconds * 1_000_000)
    }

    /// Whole seconds from `earlier` to this moment; never negative.
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        let gap = (self.0 - earlier.0) / 1_000_000;
        if gap < 0 { 0 } else { gap }
    }

    /// As the calendar of a time zone shows it.
    pub fn in_zone(self, zone: &TimeZone) -> jiff::ZonedDateTime {
        self.jiff().to_zoned_datetime(zone.clone())
    }

    /// As `jiff` writes it. A value outside its range (the year 9999) becomes the epoch.
    pub fn jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }

    /// RFC 3339 in UTC with whole seconds, as in `2026-11-24T10:00:00Z`.
    pub fn rfc3339(self) -> String {
        let second = jiff::Timestamp::from_second(self.0.div_euclid(1_000_000));
        second.unwrap_or(jiff::Timestamp::UNIX_EPOCH).to_string()
    }
}

impl From<jiff::Timestamp> for Timestamp {
    fn from(t: jiff::Timestamp) -> Self {
        Self(t.as_microsecond())
    }
}

/// Writes and reads [`Timestamp`] as RFC 3339 text, for records that people and other programs read.
pub mod as_rfc3339 {
    use super::Timestamp;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    /// For `#[serde(with = "as_rfc3339")]`.
    pub fn serialize<S: Serializer>(t: &Timestamp, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&t.rfc3339())
    }

    /// For `#[serde(with = "as_rfc3339")]`.
    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Timestamp, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        text.parse::<jiff::Timestamp>()
            .map(Timestamp::from)
            .map_err(D::Error::custom)
    }

    /// The same for a moment that may not have come yet.
    pub mod option {
        use super::{Deserialize, Deserializer, Error, Serializer, Timestamp};

        /// For `#[serde(with = "as_rfc3339::option")]`.
        pub fn serialize<S: Serializer>(t: &Option<Timestamp>, s: S) -> Result<S::Ok, S::Error> {
            match t {
                Some(t) => s.serialize_str(&t.rfc3339()),
                None => s.serialize_none(),
            }
        }

        /// For `#[serde(with = "as_rfc3339::option")]`.
        pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Timestamp>, D::Error> {
            let text = Option::<String>::deserialize(d)?;
            text.map(|t| {
                t.parse::<jiff::Timestamp>()
                    .map(Timestamp::from)
                    .map_err(D::Error::custom)
            })
            .transpose()
        }
    }
}

/// How days are written in figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// 31/12.
    #[default]
    DayFirst,
    /// 12/31.
    MonthFirst,
}
