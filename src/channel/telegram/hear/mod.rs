//! What an update says: pure, over raw JSON, so that one that nobody knows spoils nothing. Each part is read by itself,
//! by the library's types where it has them: what it does not know in one place takes nothing away in another.

mod around;
mod borrowed;
mod content;
mod message;
mod text;

use super::{Me, Place};
use crate::domain::{
    Borrowed, BorrowedHow,
    event::{Command, Unkept},
};
pub use around::Around;
use serde_json::Value;

/// What an update says, as far as it matters to us.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    /// Nothing that we act on.
    Nothing,
    /// Nobody knows what it is.
    Unreadable,
    /// Somebody turned to the bot in a group, where others read along.
    InGroup {
        /// The group.
        chat: i64,
        /// The topic in it.
        thread: Option<i32>,
        /// The message.
        message: i32,
        /// What they said.
        text: String,
    },
    /// Somebody wrote in private.
    Said(Box<Said>),
    /// Somebody changed what they had written in private.
    Edited(Box<Said>, i64),
    /// Somebody pressed a button in private.
    Pressed(Press),
    /// Somebody pressed a button elsewhere, or one that brings nothing: it is acknowledged, and that is all.
    PressedElsewhere(String),
    /// A business account was connected to the bot, or what the bot may do for it has changed.
    Connected(Connection),
    /// Something happened around a conversation.
    Around(Around),
    /// A message was taken away.
    Deleted {
        /// Where.
        place: Place,
        /// Which.
        message: i64,
    },
}

/// A private message.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Said {
    /// Where it was written.
    pub place: Place,
    /// The message's number in its chat.
    pub message: i64,
    /// The person's name.
    pub name: Option<String>,
    /// Their locale.
    pub locale: Option<String>,
    /// Their own words.
    pub text: String,
    /// Words of somebody else that came with them.
    pub borrowed: Vec<Borrowed>,
    /// When it was written, or last changed, in seconds since 1970.
    pub written: Option<i64>,
    /// A wish stated plainly.
    pub command: Option<Command>,
    /// The words are their own number.
    pub own_number: bool,
    /// The album that it is part of.
    pub album: Option<String>,
    /// It is of a kind that we cannot take.
    pub unkept: Option<Unkept>,
    /// A file.
    pub file: Option<Wanted>,
    /// Nobody knows what it is, and no words came with it: no reason to begin a conversation.
    pub unknown: bool,
}

impl Said {
    /// Whether a message was passed on.
    fn forwards(&self) -> bool {
        let mut borrowed = self.borrowed.iter();
        borrowed.any(|b| matches!(b.how, BorrowedHow::Forwarded | BorrowedHow::Own))
    }
}

/// A file that Telegram has for us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Telegram's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its type, as told.
    pub media_type: String,
    /// What stands in it about itself: the title of a recording.
    pub about: Option<String>,
    /// Its size in bytes, where told.
    pub size: Option<u64>,
}

/// A press of a button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Press {
    /// Where the button stands.
    pub place: Place,
    /// The press.
    pub id: String,
    /// The message that the button stands under.
    pub message: i64,
    /// The button's value.
    pub value: String,
    /// The button's title, where Telegram still tells it.
    pub title: Option<String>,
    /// Who pressed it.
    pub name: Option<String>,
    /// Their locale.
    pub locale: Option<String>,
}

/// What a business account lets the bot do.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Connection {
    /// The connection's id.
    pub id: String,
    /// The account's owner.
    pub owner: i64,
    /// Whether the connection stands.
    pub enabled: bool,
    /// Whether the bot may answer in the account's chats.
    pub can_reply: bool,
}

/// Updates of these kinds are known and none of our business (Bot API 10.1).
const NOT_OURS: &[&str] = &[
    "channel_post",
    "edited_channel_post",
    "guest_message",
    "message_reaction_count",
    "inline_query",
    "chosen_inline_result",
    "shipping_query",
    "pre_checkout_query",
    "purchased_paid_media",
    "poll",
    "poll_answer",
    "chat_member",
    "chat_join_request",
    "chat_boost",
    "removed_chat_boost",
    "managed_bot",
];

/// What an update says to the bot `me`.
pub fn hear(update: &Value, me: &Me) -> Heard {
    for name in ["message", "business_message"] {
        if let Some(message) = update.get(name) {
            return message::hear(message, me);
        }
    }
    for name in ["edited_message", "edited_business_message"] {
        if let Some(message) = update.get(name) {
            return match message::hear(message, me) {
                // What was forwarded has no words of its own that could change.
                Heard::Said(said) if said.forwards() => Heard::Nothing,
                Heard::Said(said) => {
                    Heard::Edited(said, update["update_id"].as_i64().unwrap_or_default())
                }
                // Edits in groups need no second invitation.
                Heard::InGroup { .. } => Heard::Nothing,
                other => other,
            };
        }
    }
    if let Some(press) = update.get("callback_query") {
        return pressed(press).unwrap_or(Heard::Unreadable);
    }
    if let Some(raw) = update.get("business_connection") {
        return connection(raw).map_or(Heard::Unreadable, Heard::Connected);
    }
    if let Some(change) = update.get("my_chat_member") {
        return around::membership(change).map_or(Heard::Nothing, Heard::Around);
    }
    if let Some(change) = update.get("message_reaction") {
        return around::reaction(change).map_or(Heard::Nothing, Heard::Around);
    }
    if let Some(change) = update.get("deleted_business_messages") {
        let deleted = around::deleted(change);
        return deleted.map_or(Heard::Nothing, |(place, message)| Heard::Deleted {
            place,
            message,
        });
    }
    if NOT_OURS.iter().any(|name| update.get(name).is_some()) {
        return Heard::Nothing;
    }
    Heard::Unreadable
}

/// A press; none where it cannot even be acknowledged.
fn pressed(press: &Value) -> Option<Heard> {
    let id = press["id"].as_str()?.to_owned();
    let message = &press["message"];
    let value = press["data"].as_str().filter(|v| !v.is_empty());
    let (Some(value), Some(number), Some(place)) = (
        value,
        message["message_id"].as_i64(),
        message::place(message, &press["from"]),
    ) else {
        return Some(Heard::PressedElsewhere(id));
    };
    let rows = message["reply_markup"]["inline_keyboard"].as_array();
    let mut buttons = rows
        .into_iter()
        .flatten()
        .filter_map(Value::as_array)
        .flatten();
    let title = buttons
        .find(|b| b["callback_data"] == value)
        .and_then(|b| b["text"].as_str());
    Some(Heard::Pressed(Press {
        place,
        id,
        message: number,
        value: value.to_owned(),
        title: title.map(str::to_owned),
        name: borrowed::full_name(&press["from"]),
        locale: press["from"]["language_code"].as_str().map(str::to_owned),
    }))
}

/// What a business account lets the bot do. Servers of before Bot API 9.0 tell the right to answer outside the others.
pub(super) fn connection(raw: &Value) -> Option<Connection> {
    let right = raw["rights"]["can_reply"].as_bool();
    Some(Connection {
        id: raw["id"].as_str().filter(|id| !id.is_empty())?.to_owned(),
        owner: raw["user"]["id"].as_i64()?,
        enabled: raw["is_enabled"].as_bool() == Some(true),
        can_reply: right.or(raw["can_reply"].as_bool()) == Some(true),
    })
}
