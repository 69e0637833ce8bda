//! The parts of Discord's objects that we read. Everything else in them is let go, so that a field that Discord adds or
//! leaves out spoils nothing.

use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::Value;

/// An id, which Discord writes as text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Snowflake(pub(super) u64);

impl<'de> Deserialize<'de> for Snowflake {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Either {
            Text(String),
            Number(u64),
        }
        match Either::deserialize(deserializer)? {
            Either::Text(text) => text.parse().map(Self).map_err(serde::de::Error::custom),
            Either::Number(n) => Ok(Self(n)),
        }
    }
}

/// A file that Discord has for us.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct File {
    /// Its name.
    pub filename: String,
    /// Its type, as told.
    pub content_type: Option<String>,
    /// What its sender wrote for those who cannot see it.
    #[serde(default)]
    pub description: Option<String>,
    /// Its size in bytes.
    #[serde(default)]
    pub size: u64,
    /// Where it is.
    pub url: String,
}

#[derive(Deserialize)]
pub(super) struct User {
    pub(super) id: Snowflake,
    #[serde(default)]
    pub(super) bot: bool,
    /// Discord itself.
    #[serde(default)]
    pub(super) system: bool,
    #[serde(default)]
    username: Option<String>,
    #[serde(default)]
    global_name: Option<String>,
}

impl User {
    pub(super) fn name(&self) -> Option<String> {
        self.global_name.clone().or_else(|| self.username.clone())
    }
}

#[derive(Deserialize)]
pub(super) struct Message {
    pub(super) id: Snowflake,
    pub(super) channel_id: Snowflake,
    #[serde(default)]
    pub(super) guild_id: Option<Snowflake>,
    #[serde(default)]
    pub(super) author: Option<User>,
    #[serde(default)]
    pub(super) webhook_id: Option<Snowflake>,
    #[serde(default)]
    pub(super) content: Option<String>,
    #[serde(default)]
    pub(super) timestamp: Option<String>,
    #[serde(default)]
    pub(super) edited_timestamp: Option<String>,
    #[serde(default)]
    pub(super) attachments: Value,
    #[serde(default, rename = "type")]
    pub(super) kind: u64,
    #[serde(default)]
    pub(super) mentions: Value,
    #[serde(default)]
    pub(super) mention_channels: Value,
    /// Messages that were forwarded: each under `message`.
    #[serde(default, rename = "message_snapshots")]
    pub(super) snapshots: Value,
    #[serde(default)]
    pub(super) poll: Value,
    /// The message that this one answers.
    #[serde(default, rename = "referenced_message")]
    pub(super) answered: Value,
}

/// A message as it stood when it was forwarded: without its author, whom Discord does not tell.
#[derive(Deserialize)]
pub(super) struct Snapshot {
    #[serde(default)]
    pub(super) content: Option<String>,
    /// What a program wrote in a frame; previews of links are among them.
    #[serde(default)]
    pub(super) embeds: Value,
    #[serde(default)]
    pub(super) attachments: Value,
    #[serde(default)]
    pub(super) mentions: Value,
}

#[derive(Deserialize)]
pub(super) struct Referenced {
    #[serde(default, rename = "message_snapshots")]
    pub(super) snapshots: Value,
    #[serde(default)]
    pub(super) author: Option<User>,
    #[serde(default)]
    pub(super) content: Option<String>,
    #[serde(default)]
    pub(super) mentions: Value,
}

#[derive(Deserialize)]
pub(super) struct NamedChannel {
    pub(super) id: Snowflake,
    pub(super) name: String,
}

#[derive(Deserialize)]
pub(super) struct Deleted {
    pub(super) id: Snowflake,
    pub(super) channel_id: Snowflake,
    #[serde(default)]
    pub(super) guild_id: Option<Snowflake>,
    /// Known to be somebody else's doing: we write it when we take a deletion of many apart.
    #[serde(default)]
    pub(super) by_other: bool,
}

#[derive(Deserialize)]
pub(super) struct DeletedMany {
    pub(super) ids: Vec<Snowflake>,
    pub(super) channel_id: Snowflake,
}

#[derive(Deserialize)]
pub(super) struct Reaction {
    pub(super) user_id: Snowflake,
    pub(super) channel_id: Snowflake,
    pub(super) message_id: Snowflake,
    #[serde(default)]
    pub(super) guild_id: Option<Snowflake>,
    pub(super) emoji: Emoji,
}

#[derive(Deserialize)]
pub(super) struct Emoji {
    #[serde(default)]
    pub(super) id: Option<Snowflake>,
    #[serde(default)]
    pub(super) name: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Thread {
    pub(super) id: Snowflake,
    #[serde(default)]
    pub(super) parent_id: Option<Snowflake>,
    #[serde(default)]
    pub(super) owner_id: Option<Snowflake>,
    #[serde(default, rename = "thread_metadata")]
    pub(super) state: Option<ThreadState>,
}

#[derive(Deserialize)]
pub(super) struct ThreadState {
    #[serde(default)]
    pub(super) locked: bool,
}

#[derive(Deserialize)]
pub(super) struct Member {
    pub(super) user: User,
}

#[derive(Deserialize)]
pub(super) struct Pressed {
    #[serde(default)]
    pub(super) flags: u64,
}

#[derive(Deserialize)]
pub(super) struct Interaction {
    pub(super) id: Snowflake,
    #[serde(default)]
    pub(super) application_id: Snowflake,
    pub(super) token: String,
    #[serde(rename = "type")]
    pub(super) kind: u64,
    #[serde(default)]
    pub(super) channel_id: Option<Snowflake>,
    #[serde(default)]
    pub(super) guild_id: Option<Snowflake>,
    #[serde(default)]
    pub(super) member: Option<Member>,
    #[serde(default)]
    pub(super) user: Option<User>,
    #[serde(default)]
    pub(super) locale: Option<String>,
    #[serde(default)]
    pub(super) message: Option<Pressed>,
    #[serde(default)]
    pub(super) data: Value,
}

/// Reads an object; none where it does not have what is needed.
pub(super) fn part<T: DeserializeOwned>(content: &Value) -> Option<T> {
    T::deserialize(content).ok()
}

/// Reads those of a list that can be read.
pub(super) fn each<T: DeserializeOwned>(list: &Value) -> Vec<T> {
    let all = list.as_array().into_iter().flatten();
    all.filter_map(part).collect()
}
