//! What becomes of the replies that agents are offered.

use super::interpretation::names;
use serde::{Deserialize, Serialize};

names!(
    /// What an agent did with a suggestion.
    Uptake {
        /// Sent as it was.
        Taken = "taken",
        /// Sent after changes.
        Edited = "edited",
        /// Left where it was.
        Ignored = "ignored",
    }
);

/// A suggestion that stood above a draft, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered {
    /// Its kind.
    pub kind: String,
    /// What became of it.
    pub uptake: Uptake,
}

/// How often one kind of suggestion was taken up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Record {
    /// Sent as it was.
    pub taken: u32,
    /// Sent after changes.
    pub edited: u32,
    /// Left where it was.
    pub ignored: u32,
}

impl Record {
    /// How often it was offered.
    pub const fn offered(self) -> u32 {
        self.taken + self.edited + self.ignored
    }

    /// How well it does, from 0 to 1: what is taken counts in full, what is edited three quarters, and a kind that was
    /// hardly offered yet stands in the middle.
    pub fn worth(self) -> f64 {
        let taken = f64::from(self.taken) + 0.75 * f64::from(self.edited);
        (taken + 1.0) / (f64::from(self.offered()) + 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_that_nobody_was_offered_stands_in_the_middle() {
        let none = Record::default().worth();
        let liked = Record {
            taken: 3,
            edited: 1,
            ignored: 0,
        }
        .worth();
        let left = Record {
            taken: 0,
            edited: 0,
            ignored: 4,
        }
        .worth();
        assert!(left < none && none < liked, "{left} {none} {liked}");
    }
}
