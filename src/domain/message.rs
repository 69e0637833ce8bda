//! What was said.

use super::{
    ids::{AttachmentId, MessageId},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// Who a message is from, as the API names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    /// The person who writes to us.
    Contact,
    /// This program.
    Bot,
    /// A human at the desk.
    Agent,
    /// An internal remark, never shown to the contact.
    Note,
}

impl Author {
    /// The public name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Bot => "bot",
            Self::Agent => "agent",
            Self::Note => "note",
        }
    }

    /// The author of that public name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Contact, Self::Bot, Self::Agent, Self::Note]
            .into_iter()
            .find(|a| a.name() == name)
    }
}

/// An answer offered as a button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Choice {
    /// What the button says.
    pub title: String,
    /// What comes back when it is pressed.
    pub value: String,
}

/// A stored file that belongs to a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AttachmentRef {
    /// Where to fetch it: `/api/v1/attachments/{id}`.
    #[schema(value_type = String)]
    pub id: AttachmentId,
    /// The file's name, as given, without any path.
    pub name: String,
    /// The checked media type.
    pub media_type: String,
    /// Size in bytes.
    pub size: u64,
}

/// One entry of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// Who said it.
    pub from: Author,
    /// The agent's name where an agent wrote it (full name; what is shown outside is the first name).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub agent: Option<String>,
    /// Plain text. Hostile where `from` is the contact: escape it wherever it is shown.
    pub text: String,
    /// A note that is advice of somebody who supervises.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub whisper: bool,
    /// Colleagues who are named in a note, by name.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub mentions: Vec<String>,
    /// Safety words: whom to ring at once. Where it is shown, each number in it can be tapped.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub emergency: bool,
    /// Answers offered with it.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub choices: Vec<Choice>,
    /// Files that came with it.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub attachments: Vec<AttachmentRef>,
    /// Words of somebody else that came with it, each as a line for the desk. As hostile as the text.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub borrowed: Vec<String>,
    /// When it was said.
    pub at: Timestamp,
}

impl Message {
    /// Words of somebody, and nothing beside them.
    pub const fn words(id: MessageId, from: Author, text: String, at: Timestamp) -> Self {
        Self {
            id,
            from,
            agent: None,
            text,
            whisper: false,
            mentions: Vec::new(),
            emergency: false,
            choices: Vec::new(),
            attachments: Vec::new(),
            borrowed: Vec::new(),
            at,
        }
    }
}
