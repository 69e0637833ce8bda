//! How somebody is reached.

use serde::{Deserialize, Serialize};

/// One way to reach somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// `email`, `phone`, or `other` for words that are neither.
    pub kind: String,
    /// The address or number.
    pub value: String,
}
