//! What can be pointed at in a message: days, names, addresses.

use serde::{Deserialize, Serialize};

/// A stretch of the message, in bytes of the text as it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The words, or the value made of them.
    pub text: String,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// A date or a stretch of days, with the words that told it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundDate {
    /// The words.
    pub text: String,
    /// First day, ISO 8601.
    pub from: String,
    /// Last day, ISO 8601.
    pub to: String,
    /// A second honest reading (first and last day), where the words allow two: "last Tuesday", said on a Thursday.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<(String, String)>,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// A member of staff as described.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundStaff {
    /// The name, where one was given.
    pub name: Option<String>,
    /// What they do, where it was said.
    pub role: Option<String>,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// Whom it happened to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundAffected {
    /// The name, where one was given.
    pub name: Option<String>,
    /// What they are to the writer ("mother"), or `self`.
    pub relation: Option<String>,
    /// First byte of the words that say so; none where it follows from the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<usize>,
    /// One past the last byte.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<usize>,
}

/// What can be pointed at in a message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Entities {
    /// The writer's own name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub self_name: Option<Found>,
    /// E-mail addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<Found>,
    /// Telephone numbers, in international form.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<Found>,
    /// When.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dates: Vec<FoundDate>,
    /// Where.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<Found>,
    /// Which staff.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub staff: Vec<FoundStaff>,
    /// Whom it happened to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub affected: Option<FoundAffected>,
    /// Well-formed complaint references.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<Found>,
    /// What looks like a reference but fails its check character.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub broken_references: Vec<Found>,
    /// Sums of money.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub amounts: Vec<Found>,
    /// Numbers of other people's making: cases, invoices, policies, patients.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub numbers: Vec<Found>,
    /// What the writer wants done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub desired_outcome: Option<Found>,
    /// What is said to be right, in a correction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meant: Option<Found>,
    /// The subject of a question for the facts file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// What a question may be about, where that is not sure; the likelier first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<String>,
}

impl Entities {
    /// Stretches that belong together, whatever stands in them: addresses, numbers, days.
    pub fn fixed(&self) -> Vec<(usize, usize)> {
        let found = (self.emails.iter())
            .chain(&self.phones)
            .chain(&self.references)
            .chain(&self.broken_references)
            .chain(&self.amounts)
            .chain(&self.numbers)
            .map(|f| (f.start, f.end));
        found
            .chain(self.dates.iter().map(|d| (d.start, d.end)))
            .collect()
    }
}
