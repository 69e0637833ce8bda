//! How somebody is reached.

use serde::{Deserialize, Serialize};

/// One way to reach somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// `email`, `phone`, or `other` for words that are neither.
    pub kind: String,
    /// The address or number.
    pub value: String,
    /// What they said beside it of how and when: "text only", "evenings".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Contact {
    /// An address or number by itself.
    #[must_use]
    pub const fn new(kind: String, value: String) -> Self {
        Self {
            kind,
            value,
            note: None,
        }
    }

    /// Whether both are the same address or number, whatever was said beside it.
    #[must_use]
    pub fn reaches_as(&self, other: &Self) -> bool {
        self.kind == other.kind && self.value == other.value
    }
}
