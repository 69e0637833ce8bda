//! The stored shape of a way to reach somebody.

use super::contact::Contact;
use serde::{Deserialize, Serialize};

/// One way to reach somebody.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct KeptContact {
    kind: String,
    value: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

impl From<Contact> for KeptContact {
    fn from(from: Contact) -> Self {
        Self {
            kind: from.kind,
            value: from.value,
            note: from.note,
        }
    }
}

impl From<KeptContact> for Contact {
    fn from(from: KeptContact) -> Self {
        Self {
            kind: from.kind,
            value: from.value,
            note: from.note,
        }
    }
}
