//! Who is given a conversation by the desk itself, and why.

use super::interpretation::names;
use serde::{Deserialize, Serialize};

names!(
    /// By which rule the desk gave a conversation to somebody.
    AssignedBy {
        /// Somebody may be in danger: whoever has the least to do takes it at once.
        Danger = "danger",
        /// They have talked with this person before.
        Previous = "previous",
        /// They have the least to do of all who fit.
        LeastLoaded = "least_loaded",
    }
);
