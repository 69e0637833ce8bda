//! How somebody is reached.

use serde::{Deserialize, Serialize};

/// One way to reach somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// `email`, `phone`, `post`, `conversation` (another conversation with us), or `other` for words that are
    /// neither.
    pub kind: String,
    /// The address or number; the id of a conversation.
    pub value: String,
    /// What they said beside it of how and when: "text only", "evenings".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Contact {
    /// The kind of a conversation with us by which they can be reached; its note names the inbox.
    pub const CONVERSATION: &'static str = "conversation";

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

impl std::fmt::Display for Contact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.note {
            Some(note) => write!(f, "{} ({note})", self.value),
            None => f.write_str(&self.value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Contact;

    #[test]
    fn what_was_said_beside_a_number_is_shown_with_it() {
        let mut contact = Contact::new("phone".to_owned(), "+44 7700 900123".to_owned());
        assert_eq!(contact.to_string(), "+44 7700 900123");
        contact.note = Some("text only".to_owned());
        assert_eq!(contact.to_string(), "+44 7700 900123 (text only)");
    }
}
