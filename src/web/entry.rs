//! An entry of a conversation, as the API shows it.

use crate::{
    domain::{Author, Choice, message::AttachmentRef},
    store::Entry,
};
use serde::Serialize;
use utoipa::ToSchema;

/// An entry of a conversation, as agents and the person's own page see it.
#[derive(Debug, Serialize, ToSchema)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "facts that are true or not, each by itself"
)]
pub(super) struct EntryOut {
    /// Its id.
    pub(super) id: String,
    /// Who said it.
    pub(super) from: Author,
    /// The words; empty where they were taken back.
    pub(super) text: String,
    /// When, RFC 3339.
    pub(super) at: String,
    /// The agent's name (to the person: the first name).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) agent: Option<String>,
    /// A note that is advice of somebody who supervises; left out where it is none.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) whisper: bool,
    /// Colleagues who are named in a note.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) mentions: Vec<String>,
    /// Safety words: whom to ring at once; left out where they are none.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) emergency: bool,
    /// Answers offered.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) choices: Vec<Choice>,
    /// Files.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) attachments: Vec<AttachmentRef>,
    /// It was changed later.
    pub(super) edited: bool,
    /// It was taken back.
    pub(super) erased: bool,
    /// Somebody else, a moderator mostly, took it away in the channel; left out where nobody did.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) removed: bool,
    /// Words of somebody else that came with it, forwarded or quoted, each as a line to show.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) borrowed: Vec<String>,
    /// What became of what we said: `done`, `waiting` (on its way) or `failed` (given up).
    pub(super) delivery: String,
    /// Its place in the log.
    pub(super) position: i64,
}

impl EntryOut {
    pub(super) fn of(entry: &Entry) -> Self {
        let m = &entry.message;
        Self {
            id: m.id.to_string(),
            from: m.from,
            text: m.text.clone(),
            at: m.at.rfc3339(),
            agent: m.agent.clone(),
            whisper: m.whisper,
            mentions: m.mentions.clone(),
            emergency: m.emergency,
            choices: m.choices.clone(),
            attachments: m.attachments.clone(),
            edited: entry.edited,
            erased: entry.erased,
            removed: entry.removed,
            borrowed: m.borrowed.clone(),
            delivery: entry.delivery.name().to_owned(),
            position: entry.position,
        }
    }
}
