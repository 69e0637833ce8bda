//! How much help a run has: less each time, and in the last none before it is over.

use crate::assist::Feedback;
use serde::{Deserialize, Serialize};

/// How much is said after each reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Help {
    /// What worked, what to change, why, and a better wording.
    Full,
    /// The same without a wording.
    Why,
    /// Only which thing to change.
    Name,
    /// Nothing until the run is over; then all of it, since practice without feedback does harm.
    AtTheEnd,
}

/// Days after which a scenario is due again, by how many runs were ended.
const DAYS: [i64; 3] = [1, 7, 30];
const DAY: i64 = 24 * 60 * 60 * 1_000_000;

impl Help {
    /// In the how-manieth run, from 1.
    pub const fn of(number: i64) -> Self {
        match number {
            ..=1 => Self::Full,
            2 => Self::Why,
            3 => Self::Name,
            _ => Self::AtTheEnd,
        }
    }

    /// What of the feedback is shown.
    pub fn shown(self, feedback: Vec<Feedback>, done: bool) -> Vec<Feedback> {
        if done || self == Self::Full {
            return feedback;
        }
        let less = |one: Feedback| Feedback {
            why: if self == Self::Why {
                one.why
            } else {
                String::new()
            },
            better: None,
            ..one
        };
        match self {
            Self::AtTheEnd => Vec::new(),
            _ => feedback.into_iter().map(less).collect(),
        }
    }
}

/// When a scenario is due again, in microseconds, after the how-manieth run ended; none after the last.
pub fn due_again(number: i64, ended_at: i64) -> Option<i64> {
    let index = usize::try_from(number - 1).ok()?;
    DAYS.get(index).map(|days| ended_at + days * DAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_fades_and_comes_back_at_the_end() {
        let one = || {
            vec![Feedback {
                fix: Some("next_step".to_owned()),
                why: "why".to_owned(),
                better: Some("better".to_owned()),
                ..Feedback::default()
            }]
        };
        let parts = |number: i64, done: bool| -> Vec<(String, Option<String>)> {
            let shown = Help::of(number).shown(one(), done).into_iter();
            shown.map(|f| (f.why, f.better)).collect()
        };
        let full = vec![("why".to_owned(), Some("better".to_owned()))];
        assert_eq!(parts(1, false), full);
        assert_eq!(parts(2, false), [("why".to_owned(), None)]);
        assert_eq!(parts(3, false), [(String::new(), None)]);
        assert_eq!(parts(4, false), []);
        assert_eq!(parts(4, true), full);
    }

    #[test]
    fn a_scenario_is_due_after_one_seven_and_thirty_days() {
        let due: Vec<Option<i64>> = (0..=4).map(|number| due_again(number, 0)).collect();
        assert_eq!(due, [None, Some(DAY), Some(7 * DAY), Some(30 * DAY), None]);
    }
}
