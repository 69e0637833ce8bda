//! What happens around a conversation and is nobody's word: the bot is blocked, a message is reacted to or taken away.

use super::super::{Place, Within};
use crate::domain::Remark;
use serde_json::Value;

/// Something that happened around a private chat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Around {
    /// The chat.
    pub place: Place,
    /// What happened.
    pub remark: Remark,
    /// The message that it is about, where it is about one.
    pub message: Option<i64>,
    /// The sign that they reacted with.
    pub sign: Option<String>,
}

fn private(chat: &Value) -> Option<Place> {
    let id = chat["id"].as_i64().filter(|_| chat["type"] == "private")?;
    Some(Place {
        chat: id,
        within: Within::Whole,
    })
}

/// Whether the person blocked the bot, or took the block away.
pub(super) fn membership(change: &Value) -> Option<Around> {
    const BLOCKED: &str = "kicked";
    let was = &change["old_chat_member"]["status"];
    let is = &change["new_chat_member"]["status"];
    let remark = match (was == BLOCKED, is == BLOCKED) {
        (false, true) => Remark::Blocked,
        (true, false) => Remark::Unblocked,
        _ => return None,
    };
    Some(Around {
        place: private(&change["chat"])?,
        remark,
        message: None,
        sign: None,
    })
}

/// Signs that the person put on a message, or took away from it.
pub(super) fn reaction(change: &Value) -> Option<Around> {
    let now = change["new_reaction"].as_array()?;
    let none = Vec::new();
    let before = change["old_reaction"].as_array().unwrap_or(&none);
    // The whole of what stands there is told each time.
    let (signs, remark) = if now.is_empty() {
        (before, Remark::Unreacted)
    } else {
        (now, Remark::Reacted)
    };
    let sign: String = signs
        .iter()
        .map(|s| match s["type"].as_str() {
            Some("emoji") => s["emoji"].as_str().unwrap_or_default(),
            Some("paid") => "⭐",
            // One of somebody's own making, of which only an id is told.
            _ => "…",
        })
        .collect();
    let around = Around {
        place: private(&change["chat"])?,
        remark,
        message: Some(change["message_id"].as_i64()?),
        sign: Some(sign),
    };
    (!signs.is_empty()).then_some(around)
}

/// The message that was taken away in a business account's chat, by whom Telegram does not tell. Arrivals have one
/// message each.
pub(super) fn deleted(change: &Value) -> Option<(Place, i64)> {
    let connection = change["business_connection_id"].as_str()?;
    let place = Place {
        chat: change["chat"]["id"].as_i64()?,
        within: Within::Business(connection.to_owned()),
    };
    Some((place, change["message_ids"][0].as_i64()?))
}
