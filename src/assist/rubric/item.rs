//! What is judged, each from 0 to 2.

use crate::domain::interpretation::names;
use serde::{Deserialize, Serialize};

names!(
    /// One thing that a reply does, or does not do.
    Item {
        /// A feeling that fits is named, with what it comes from.
        FeelingNamed = "feeling_named",
        /// What it cost to complain is acknowledged.
        EffortAcknowledged = "effort_acknowledged",
        /// What this person said is taken up in words of one's own.
        Reflection = "reflection",
        /// Room is left by an open question.
        OpenQuestion = "open_question",
        /// An apology without condition, that says for what.
        Apology = "apology",
        /// Everything that was brought up is taken up.
        EveryPoint = "every_point",
        /// What happens now: who does it, and by when.
        NextStep = "next_step",
        /// Short, and in plain words.
        PlainWords = "plain_words",
        /// One thing at a time, and soon.
        Pace = "pace",
        /// Nothing is promised that nobody can keep.
        NoOverpromise = "no_overpromise",
    }
);

impl Item {
    /// Whether agents are shown it: where the rules agreed with two labellers at a weighted kappa of 0.4 or more
    /// (docs/rubric.md). What is not shown is not counted either.
    pub const fn is_shown(self) -> bool {
        !matches!(self, Self::EffortAcknowledged)
    }

    /// Whether it should be so in every reply. The others need be done once in a conversation.
    pub const fn in_every_reply(self) -> bool {
        matches!(
            self,
            Self::Reflection | Self::PlainWords | Self::Pace | Self::NoOverpromise
        )
    }
}
