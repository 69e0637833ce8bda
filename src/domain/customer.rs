//! Somebody in the directory of customers.

use serde::{Deserialize, Serialize};

/// Somebody in the directory. Being in it or not changes nothing about how anybody is treated: it helps staff to find
/// the right file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Customer {
    /// Their number in the system that the directory comes from.
    pub id: String,
    /// The whole name.
    pub name: String,
    /// The day of birth, ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub born: Option<String>,
    /// A telephone number, as it stands there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// An e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The postcode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
}

/// What is known of somebody who may be in the directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sought {
    /// The name.
    pub name: Option<String>,
    /// The day of birth, ISO 8601.
    pub born: Option<String>,
    /// Telephone numbers.
    pub phones: Vec<String>,
    /// E-mail addresses.
    pub emails: Vec<String>,
    /// The postcode.
    pub postcode: Option<String>,
}

impl Sought {
    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
