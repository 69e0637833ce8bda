//! Who wrote a message, where, and what it says.

use super::{
    super::{Me, Place, Within},
    Heard, Said,
    borrowed::{full_name, set_apart},
    content::{Content, content},
    text,
};
use crate::domain::{complaint::Reference, event::Command};
use serde_json::Value;

/// What a message says to the bot `me`.
pub(super) fn hear(message: &Value, me: &Me) -> Heard {
    let from = &message["from"];
    let (Some(chat), Some(number)) = (
        message["chat"]["id"].as_i64(),
        message["message_id"].as_i64(),
    ) else {
        return Heard::Unreadable;
    };
    if message["chat"]["type"].as_str().is_none() {
        return Heard::Unreadable;
    }
    if from["is_bot"].as_bool() == Some(true) {
        return Heard::Nothing;
    }
    let Some(place) = place(message, from) else {
        return in_group(message, chat, number, me);
    };
    let mut said = Said {
        place,
        message: number,
        name: full_name(from),
        locale: from["language_code"].as_str().map(str::to_owned),
        written: message["date"].as_i64(),
        ..Said::default()
    };
    match content(message, &mut said) {
        Content::Something => {}
        Content::Service => return Heard::Nothing,
        Content::Unknown => said.unknown = true,
    }
    set_apart(message, &mut said);
    if let Some((command, rest)) = command(&said.text, me) {
        said.command = Some(command);
        said.text = rest;
    }
    Heard::Said(Box::new(said))
}

/// Where a person wrote privately. None for groups and channels, and for what others wrote in such a place: the owner
/// of a business account, those who look after a channel.
pub(super) fn place(message: &Value, from: &Value) -> Option<Place> {
    let chat = &message["chat"];
    let id = chat["id"].as_i64()?;
    let topic = &message["direct_messages_topic"];
    let within = if let Some(connection) = message["business_connection_id"].as_str() {
        // A private chat has the id of the person.
        (from["id"].as_i64() == Some(id) && !connection.is_empty())
            .then(|| Within::Business(connection.to_owned()))?
    } else if chat["type"] == "private" {
        let thread = message["message_thread_id"].as_i64();
        let thread = thread.filter(|_| message["is_topic_message"].as_bool() == Some(true));
        let thread = thread.and_then(|t| i32::try_from(t).ok());
        thread.map_or(Within::Whole, Within::Topic)
    } else {
        let theirs = from["id"].is_i64() && from["id"] == topic["user"]["id"];
        Within::Direct(topic["topic_id"].as_i64().filter(|_| theirs)?)
    };
    Some(Place { chat: id, within })
}

fn in_group(message: &Value, chat: i64, number: i64, me: &Me) -> Heard {
    let group = matches!(
        message["chat"]["type"].as_str(),
        Some("group" | "supergroup")
    ) && message["chat"]["is_direct_messages"].as_bool() != Some(true);
    let words = message["text"].as_str().or(message["caption"].as_str());
    let words = words.unwrap_or_default();
    let Ok(number) = i32::try_from(number) else {
        return Heard::Nothing;
    };
    if !group || !addressed(message, words, me) {
        return Heard::Nothing;
    }
    let thread = message["message_thread_id"].as_i64();
    let thread = thread.filter(|_| message["is_topic_message"].as_bool() == Some(true));
    Heard::InGroup {
        chat,
        thread: thread.and_then(|t| i32::try_from(t).ok()),
        message: number,
        text: words.to_owned(),
    }
}

/// Whether somebody in a group turned to the bot: by its name, by one of its commands, or in answer to it.
fn addressed(message: &Value, words: &str, me: &Me) -> bool {
    let answers = message["reply_to_message"]["from"]["id"].as_u64() == Some(me.id);
    let entities = ["entities", "caption_entities"]
        .iter()
        .filter_map(|n| message[*n].as_array())
        .flatten();
    let mut named = entities.filter(|e| match e["type"].as_str() {
        Some("mention") => text::range(words, e)
            .and_then(|r| words[r].strip_prefix('@'))
            .is_some_and(|n| n.eq_ignore_ascii_case(&me.username)),
        Some("text_mention") => e["user"]["id"].as_u64() == Some(me.id),
        _ => false,
    });
    answers || named.next().is_some() || command(words, me).is_some()
}

/// A command, and what was said with it. `/help@another_bot` is not for us; `/start complaint` is a link that leads to
/// the complaint, `/start NH-…` one that tells how that complaint stands.
fn command(text: &str, me: &Me) -> Option<(Command, String)> {
    let (head, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let head = head.strip_prefix('/')?;
    let (name, bot) = head.split_once('@').unwrap_or((head, ""));
    if !bot.is_empty() && !bot.eq_ignore_ascii_case(&me.username) {
        return None;
    }
    let named = |name: &str| match name.to_ascii_lowercase().as_str() {
        "complaint" => Some(Command::Complain),
        "human" | "person" | "speak_to_human" => Some(Command::Agent),
        other => Command::from_name(other),
    };
    let command = named(name)?;
    let rest = rest.trim();
    match command {
        Command::Start if rest.parse::<Reference>().is_ok() => {
            Some((Command::Status, rest.to_owned()))
        }
        Command::Start => Some((named(rest).unwrap_or(Command::Start), String::new())),
        other => Some((other, rest.to_owned())),
    }
}
