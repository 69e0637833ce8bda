//! What is noted of everything that is done with complaints: changes, looks, and what is given out.

use super::{interpretation::names, time::Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::Write;

names!(
    /// What was done.
    Deed {
        /// A record changed.
        Changed = "changed",
        /// Somebody looked at a record.
        Looked = "looked",
        /// Somebody looked at a record's history.
        LookedAtHistory = "looked_at_history",
        /// Somebody looked at a list of complaints.
        Listed = "listed",
        /// Somebody opened a protected record that they may not usually see, and said why.
        BrokeGlass = "broke_glass",
        /// Records were given out in a file.
        Exported = "exported",
        /// The report was given out or looked at.
        Reported = "reported",
        /// A letter was drawn up.
        Wrote = "wrote",
        /// Everything on a person was given out.
        GaveOut = "gave_out",
        /// Everything on a person was erased.
        Erased = "erased",
    }
);

/// An entry that is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditNote {
    /// When.
    pub at: Timestamp,
    /// Who: an agent's name, `complainant`, or `command line`.
    pub who: String,
    /// What.
    pub what: Deed,
    /// Which complaint; empty where it is about several.
    pub about: String,
    /// The position of the change, in the log; 0 where nothing changed.
    pub place: i64,
    /// What belongs to it, without a word that anybody said: names of fields, filters, counts.
    pub detail: AuditDetail,
}

/// What belongs to an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AuditDetail {
    /// The fields that changed, or by which a list was narrowed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// The digest of the change, with its salt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// The digest of the whole record after it, with the same salt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// The letter that was drawn up, and its digest with a salt that goes with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub letter: Option<(String, String)>,
    /// In which form it was given out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// How many records.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// The reason that was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// An entry of the log, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its number: 1, 2, 3, without a gap.
    pub number: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub who: String,
    /// What.
    pub what: String,
    /// Which complaint.
    pub about: String,
    /// The position of the change.
    pub place: i64,
    /// What belongs to it, as JSON.
    pub detail: String,
    /// The hash of this entry and the hash before it.
    pub hash: String,
}

impl AuditEntry {
    /// The hash that this entry has behind that one. Every part is written with its length, so that no two entries
    /// have the same text.
    pub fn hash_after(&self, before: &str) -> String {
        let (number, at, place) = (
            self.number.to_string(),
            self.at.0.to_string(),
            self.place.to_string(),
        );
        let parts = [
            before,
            &number,
            &at,
            &self.who,
            &self.what,
            &self.about,
            &place,
            &self.detail,
        ];
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update(format!("{}:{part}", part.len()));
        }
        hexadecimal(&hasher.finalize())
    }
}

/// The digest of a change: with its salt, which is erased with the words, so that nobody can try what the words were.
pub fn digest_of_change(salt: &str, change: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update(format!("{}:{salt}", salt.len()));
    hasher.update(change);
    hexadecimal(&hasher.finalize())
}

/// Bytes as hexadecimal digits.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            // Writing to a string does not fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}
