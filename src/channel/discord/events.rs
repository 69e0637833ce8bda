//! Gateway events, as far as they matter to us.

use crate::domain::event::{Command, Unkept};
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

/// What an event says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Nothing that we act on.
    Nothing,
    /// An event of a kind that we act on, but nobody can make it out.
    Unreadable,
    /// Somebody wrote.
    Said(Said),
    /// Somebody changed what they had written; the time tells one change from another.
    Edited(Said, String),
    /// Somebody took a message back.
    Deleted {
        /// Where.
        channel: u64,
        /// Which.
        message: u64,
    },
    /// Somebody used a command, pressed a button, chose or sent a form.
    Acted(Acted),
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Its id.
    pub message: u64,
    /// Where.
    pub channel: u64,
    /// Whether others may read along there.
    pub in_guild: bool,
    /// Who.
    pub author: u64,
    /// Their name.
    pub name: Option<String>,
    /// Their words.
    pub text: String,
    /// It is of a kind that we cannot take.
    pub unkept: Option<Unkept>,
    /// Files.
    pub files: Vec<File>,
}

/// A file that Discord has for us.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct File {
    /// Its name.
    pub filename: String,
    /// Its type, as told.
    pub content_type: Option<String>,
    /// Its size in bytes.
    #[serde(default)]
    pub size: u64,
    /// Where it is.
    pub url: String,
}

/// A command, button, choice or form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acted {
    /// Its id.
    pub id: u64,
    /// What it is answered by.
    pub token: String,
    /// Where.
    pub channel: u64,
    /// Whether others may read along there.
    pub in_guild: bool,
    /// Who.
    pub user: u64,
    /// Their name.
    pub name: Option<String>,
    /// Their locale.
    pub locale: Option<String>,
    /// What they did.
    pub act: Act,
}

/// What somebody did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// A command, with what was said with it.
    Command(Command, String),
    /// A button or menu: the value.
    Choice(String),
    /// The form for a complaint: the words.
    Form(String),
}

/// The form's name, by which it comes back.
pub(super) const FORM: &str = "form:complain";

#[derive(Deserialize)]
struct RawUser {
    id: Snowflake,
    #[serde(default)]
    bot: bool,
    #[serde(default)]
    username: Option<String>,
    #[serde(default)]
    global_name: Option<String>,
}

impl RawUser {
    fn name(&self) -> Option<String> {
        self.global_name.clone().or_else(|| self.username.clone())
    }
}

#[derive(Deserialize)]
struct RawMessage {
    id: Snowflake,
    channel_id: Snowflake,
    #[serde(default)]
    guild_id: Option<Snowflake>,
    #[serde(default)]
    author: Option<RawUser>,
    #[serde(default)]
    webhook_id: Option<Snowflake>,
    #[serde(default)]
    content: Option<String>,
    #[serde(default)]
    edited_timestamp: Option<String>,
    #[serde(default)]
    attachments: Vec<File>,
    #[serde(default, rename = "type")]
    kind: u64,
}

#[derive(Deserialize)]
struct RawDeleted {
    id: Snowflake,
    channel_id: Snowflake,
}

#[derive(Deserialize)]
struct RawMember {
    user: RawUser,
}

#[derive(Deserialize)]
struct RawInteraction {
    id: Snowflake,
    token: String,
    #[serde(rename = "type")]
    kind: u64,
    #[serde(default)]
    channel_id: Option<Snowflake>,
    #[serde(default)]
    guild_id: Option<Snowflake>,
    #[serde(default)]
    member: Option<RawMember>,
    #[serde(default)]
    user: Option<RawUser>,
    #[serde(default)]
    locale: Option<String>,
    #[serde(default)]
    data: Value,
}

/// A plain message, and a reply to one. All other types are said by nobody: "joined", "pinned a message".
const SPOKEN: [u64; 2] = [0, 19];

/// What an event of that name says. Never panics, whatever it is given.
pub fn hear(name: &str, content: &Value) -> Heard {
    match name {
        "MESSAGE_CREATE" => read::<RawMessage>(content).map_or(Heard::Unreadable, |m| {
            said(m).map_or(Heard::Nothing, Heard::Said)
        }),
        "MESSAGE_UPDATE" => read::<RawMessage>(content).map_or(Heard::Unreadable, |m| {
            // Without the time of a change it is Discord's own doing: a preview of a link.
            let edited = m.edited_timestamp.clone();
            match (said(m), edited) {
                (Some(said), Some(at)) => Heard::Edited(said, at),
                _ => Heard::Nothing,
            }
        }),
        "MESSAGE_DELETE" => {
            read::<RawDeleted>(content).map_or(Heard::Unreadable, |d| Heard::Deleted {
                channel: d.channel_id.0,
                message: d.id.0,
            })
        }
        "INTERACTION_CREATE" => read::<RawInteraction>(content).map_or(Heard::Unreadable, |i| {
            acted(i).map_or(Heard::Nothing, Heard::Acted)
        }),
        _ => Heard::Nothing,
    }
}

fn read<T: DeserializeOwned>(content: &Value) -> Option<T> {
    T::deserialize(content).ok()
}

fn said(m: RawMessage) -> Option<Said> {
    let author = m.author?;
    if author.bot || m.webhook_id.is_some() || !SPOKEN.contains(&m.kind) {
        return None;
    }
    let text = m.content.unwrap_or_default();
    Some(Said {
        message: m.id.0,
        channel: m.channel_id.0,
        in_guild: m.guild_id.is_some(),
        author: author.id.0,
        name: author.name(),
        // A sticker, a poll, a voice note without words.
        unkept: (text.is_empty() && m.attachments.is_empty()).then_some(Unkept::Kind),
        text,
        files: m.attachments,
    })
}

fn acted(i: RawInteraction) -> Option<Acted> {
    let user = i.user.or(i.member.map(|m| m.user))?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let act = match i.kind {
        2 => {
            let command = Command::from_name(i.data["name"].as_str()?)?;
            let options = i.data["options"].as_array();
            let words = options
                .and_then(|o| o.first())
                .and_then(|o| text(&o["value"]));
            Act::Command(command, words.unwrap_or_default())
        }
        3 => {
            let chosen = i.data["values"].as_array().and_then(|v| v.first());
            let value = chosen
                .and_then(text)
                .or_else(|| text(&i.data["custom_id"]))?;
            Act::Choice(value)
        }
        5 if i.data["custom_id"] == FORM => Act::Form(field(&i.data["components"])?),
        _ => return None,
    };
    Some(Acted {
        id: i.id.0,
        token: i.token,
        channel: i.channel_id?.0,
        in_guild: i.guild_id.is_some(),
        name: user.name(),
        user: user.id.0,
        locale: i.locale,
        act,
    })
}

/// The words in a form's one field, however Discord nests it (in a row, or under a label).
fn field(components: &Value) -> Option<String> {
    components.as_array()?.iter().find_map(|c| {
        let value = c["value"].as_str().map(str::to_owned);
        value
            .or_else(|| c["component"]["value"].as_str().map(str::to_owned))
            .or_else(|| field(&c["components"]))
    })
}
