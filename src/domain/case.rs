//! What the desk adds to a complaint's record: when it was acknowledged, answered and closed, and what was found.

use super::{
    ids::MessageId,
    interpretation::names,
    reference::Reference,
    secret_word::KeptSecret,
    time::{Timestamp, as_rfc3339},
};
use serde::{Deserialize, Serialize};

names!(
    /// What an investigation came to.
    Conclusion {
        /// What the complainant says is so.
        Upheld = "upheld",
        /// A part of it is.
        PartlyUpheld = "partly_upheld",
        /// It is not.
        NotUpheld = "not_upheld",
    }
);

/// The desk's part of a record. It is its own stored shape: fields are only ever added, each with a default that is
/// not written, so that a record from before a field is read and written as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Case {
    /// When a named person first told the complainant that it is in hand.
    #[serde(with = "as_rfc3339::option", skip_serializing_if = "Option::is_none")]
    pub acknowledged_at: Option<Timestamp>,
    /// When somebody began to look into it.
    #[serde(with = "as_rfc3339::option", skip_serializing_if = "Option::is_none")]
    pub investigated_at: Option<Timestamp>,
    /// When it was answered.
    #[serde(with = "as_rfc3339::option", skip_serializing_if = "Option::is_none")]
    pub responded_at: Option<Timestamp>,
    /// When it was closed or withdrawn.
    #[serde(with = "as_rfc3339::option", skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Timestamp>,
    /// What the investigation came to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conclusion: Option<Conclusion>,
    /// When everything that was said in it was erased.
    #[serde(with = "as_rfc3339::option", skip_serializing_if = "Option::is_none")]
    pub erased_at: Option<Timestamp>,
    /// Why it must not be erased, where it must not: a court or an inquiry may ask for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub legal_hold: Option<String>,
    /// It is seen by certain roles only, and never by anybody whom it is about.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub protected: bool,
    /// Complaints that a person has said belong to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub linked: Vec<Reference>,
    /// What was changed because of it: told to whoever made it, and to nobody else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub learning: Option<String>,
    /// The acknowledgement that was sent: the proof of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acknowledgement: Option<Sent>,
    /// Whether it is settled for them, as they say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled: Option<Settled>,
    /// What is kept of the secret word, by which whoever left no way to be reached comes back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<KeptSecret>,
    /// What the desk would like to know of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<Question>,
}

/// What was sent to the complainant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// The message, in the conversation.
    pub message: MessageId,
    /// Whose words.
    pub by: String,
    /// By which inbox.
    pub inbox: String,
    /// When.
    #[serde(with = "as_rfc3339")]
    pub at: Timestamp,
}

/// The complainant's word on how it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// It is settled for them.
    pub yes: bool,
    /// When they said so.
    #[serde(with = "as_rfc3339")]
    pub at: Timestamp,
}

/// A question of the desk's for the complainant: put to them when they come back, and answered without a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Its words.
    pub text: String,
    /// Who asks, by name.
    pub by: String,
    /// Since when.
    #[serde(with = "as_rfc3339")]
    pub asked_at: Timestamp,
    /// When they answered, or said that they would rather not.
    #[serde(
        with = "as_rfc3339::option",
        skip_serializing_if = "Option::is_none",
        default
    )]
    pub answered_at: Option<Timestamp>,
    /// The message that answered it; its words stand in the narrative.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub answer: Option<MessageId>,
}

impl Case {
    /// Whether nothing stands in it: it is not written then.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
