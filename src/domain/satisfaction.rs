//! How a talk was for the person: asked once it is resolved, by pages that can ask.

use super::{interpretation::names, time::Timestamp};
use serde::{Deserialize, Serialize};

/// The worst and the best answer.
pub const RATINGS: std::ops::RangeInclusive<u8> = 1..=5;

names!(
    /// Whether the person is asked how the talk was.
    Asking {
        /// They are asked, and have not answered yet.
        Open = "open",
        /// They answered, and may add words.
        Rated = "rated",
        /// They answered, declined, or went on writing.
        Closed = "closed",
        /// They are never asked: somebody was in danger, or has died, or is not of age.
        Never = "never",
    }
);

/// Whether the person is asked how the talk was, and since when that is so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Satisfaction {
    /// Whether.
    pub asking: Asking,
    /// When they were asked last, or when it was settled that they never are.
    pub at: Timestamp,
    /// The team that the talk was with, where one was waited for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub team: Option<String>,
}

/// An answer to the question how the talk was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rating {
    /// How it was, see [`RATINGS`].
    pub rating: u8,
    /// The team that the talk was with.
    pub team: Option<String>,
}
