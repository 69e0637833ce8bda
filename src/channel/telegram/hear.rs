//! What an update says: pure, over raw JSON, so that one that nobody knows spoils nothing.

use super::Me;
use crate::domain::event::{Command, Unkept};
use serde::de::DeserializeOwned;
use serde_json::Value;
use teloxide::types::{
    CallbackQuery, FileMeta, MediaKind, Message, MessageEntityKind, MessageKind, User,
};

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
    /// Somebody pressed a button.
    Pressed {
        /// The private chat.
        chat: i64,
        /// The press.
        id: String,
        /// The button's value.
        value: String,
        /// Who.
        name: Option<String>,
        /// Their locale.
        locale: Option<String>,
    },
}

/// A private message.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Said {
    /// The private chat, which is the person.
    pub chat: i64,
    /// The message's number in it.
    pub message: i64,
    /// The person's name.
    pub name: Option<String>,
    /// Their locale.
    pub locale: Option<String>,
    /// Their words.
    pub text: String,
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
    /// Its size in bytes, where told.
    pub size: Option<u64>,
}

/// What an update says to the bot `me`. Each part is read by itself: the whole type would depend on the order of its keys.
pub fn hear(update: &Value, me: &Me) -> Heard {
    if let Some(message) = part::<Message>(update, "message") {
        let raw = || plain(&update["message"]).map_or_else(|h| h, |s| Heard::Said(Box::new(s)));
        return known(message).map_or_else(raw, |m| said(&m, me, |s| Heard::Said(Box::new(s))));
    }
    if let Some(message) = part::<Message>(update, "edited_message") {
        let id = update["update_id"].as_i64().unwrap_or_default();
        let raw = || {
            plain(&update["edited_message"]).map_or_else(|h| h, |s| Heard::Edited(Box::new(s), id))
        };
        return known(message)
            .map_or_else(raw, |m| said(&m, me, |s| Heard::Edited(Box::new(s), id)));
    }
    match part::<CallbackQuery>(update, "callback_query") {
        Some(press) => press.map_or(Heard::Unreadable, pressed),
        None => Heard::Unreadable,
    }
}

/// A part of an update, where it is there; an error where it cannot be understood.
fn part<T: DeserializeOwned>(update: &Value, name: &str) -> Option<serde_json::Result<T>> {
    update
        .get(name)
        .map(|part| serde_json::from_value(part.clone()))
}

/// A message that the types know. One of whose parts they do not know counts as empty with them, its words and all.
fn known(message: serde_json::Result<Message>) -> Option<Message> {
    message
        .ok()
        .filter(|m| !matches!(m.kind, MessageKind::Empty {}))
}

/// A private message that the types do not know, but whose words can be made out: nobody is left without an answer because Telegram has something new.
fn plain(message: &Value) -> Result<Said, Heard> {
    let chat = &message["chat"];
    match chat["type"].as_str() {
        None => return Err(Heard::Unreadable),
        Some("private") => {}
        Some(_) => return Err(Heard::Nothing),
    }
    let (Some(id), Some(number)) = (chat["id"].as_i64(), message["message_id"].as_i64()) else {
        return Err(Heard::Unreadable);
    };
    if message["from"]["is_bot"].as_bool() == Some(true) {
        return Err(Heard::Nothing);
    }
    let text = message["text"].as_str().or(message["caption"].as_str());
    Ok(Said {
        chat: id,
        message: number,
        name: message["from"]["first_name"].as_str().map(str::to_owned),
        text: text.unwrap_or_default().to_owned(),
        unkept: text.is_none().then_some(Unkept::Kind),
        ..Said::default()
    })
}

fn said(message: &Message, me: &Me, heard: impl FnOnce(Said) -> Heard) -> Heard {
    let from = message.from.as_ref();
    if from.is_some_and(|f| f.is_bot) {
        return Heard::Nothing;
    }
    let text = message.text().or(message.caption()).unwrap_or_default();
    if !message.chat.is_private() {
        // Edits in groups need no second invitation.
        return if message.edit_date().is_none() && addressed(message, text, me) {
            Heard::InGroup {
                chat: message.chat.id.0,
                thread: message
                    .thread_id
                    .filter(|_| message.is_topic_message)
                    .map(|t| t.0.0),
                message: message.id.0,
                text: text.to_owned(),
            }
        } else {
            Heard::Nothing
        };
    }
    let mut said = Said {
        chat: message.chat.id.0,
        message: i64::from(message.id.0),
        name: from.map(User::full_name),
        locale: from.and_then(|f| f.language_code.clone()),
        text: text.to_owned(),
        album: message.media_group_id().map(|id| id.0.clone()),
        ..Said::default()
    };
    match &message.kind {
        MessageKind::Common(common) => content(&common.media_kind, from, &mut said),
        MessageKind::Dice(_) => said.unkept = Some(Unkept::Kind),
        // "Pinned a message", "joined": nobody said anything.
        _ => return Heard::Nothing,
    }
    if let Some((command, rest)) = command(&said.text, me) {
        said.command = Some(command);
        said.text = rest;
    }
    heard(said)
}

fn content(media: &MediaKind, from: Option<&User>, said: &mut Said) {
    let wanted = |meta: &FileMeta, name: String, media_type: String| {
        Some(Wanted {
            id: meta.id.0.clone(),
            name,
            media_type,
            size: (meta.size != u32::MAX && meta.size > 0).then_some(u64::from(meta.size)),
        })
    };
    let typed = |mime: Option<&mime::Mime>, usual: &str| {
        mime.map_or_else(|| usual.to_owned(), |m| m.essence_str().to_owned())
    };
    match media {
        MediaKind::Text(_) => {}
        MediaKind::Photo(photo) => {
            // The sizes rise; the largest is the last.
            said.file = photo
                .photo
                .last()
                .and_then(|p| wanted(&p.file, "photo.jpg".to_owned(), "image/jpeg".to_owned()));
        }
        MediaKind::Document(m) => {
            let d = &m.document;
            let name = d.file_name.clone().unwrap_or_else(|| "file".to_owned());
            said.file = wanted(
                &d.file,
                name,
                typed(d.mime_type.as_ref(), "application/octet-stream"),
            );
        }
        MediaKind::Voice(m) => {
            said.file = wanted(
                &m.voice.file,
                "voice.ogg".to_owned(),
                typed(m.voice.mime_type.as_ref(), "audio/ogg"),
            );
        }
        MediaKind::Audio(m) => {
            let name = m
                .audio
                .file_name
                .clone()
                .unwrap_or_else(|| "audio.mp3".to_owned());
            said.file = wanted(
                &m.audio.file,
                name,
                typed(m.audio.mime_type.as_ref(), "audio/mpeg"),
            );
        }
        MediaKind::Video(m) => {
            let name = m
                .video
                .file_name
                .clone()
                .unwrap_or_else(|| "video.mp4".to_owned());
            said.file = wanted(
                &m.video.file,
                name,
                typed(m.video.mime_type.as_ref(), "video/mp4"),
            );
        }
        MediaKind::VideoNote(m) => {
            said.file = wanted(
                &m.video_note.file,
                "video.mp4".to_owned(),
                "video/mp4".to_owned(),
            );
        }
        MediaKind::Animation(m) => {
            let a = &m.animation;
            let name = a
                .file_name
                .clone()
                .unwrap_or_else(|| "animation.mp4".to_owned());
            said.file = wanted(&a.file, name, typed(a.mime_type.as_ref(), "video/mp4"));
        }
        // A sticker says what its emoji says.
        MediaKind::Sticker(m) => match &m.sticker.emoji {
            Some(emoji) => said.text.clone_from(emoji),
            None => said.unkept = Some(Unkept::Kind),
        },
        MediaKind::Venue(m) => {
            said.text = format!("{}, {}", m.venue.title, m.venue.address);
        }
        MediaKind::Location(m) => {
            said.text = format!("{:.5}, {:.5}", m.location.latitude, m.location.longitude);
        }
        MediaKind::Contact(m) => {
            let contact = &m.contact;
            let number = contact.phone_number.trim_start_matches('+');
            let own = contact.user_id.is_some() && contact.user_id == from.map(|f| f.id);
            said.own_number = own;
            said.text = if own {
                format!("+{number}")
            } else {
                let last = contact.last_name.as_deref().unwrap_or_default();
                format!("{} {last}, +{number}", contact.first_name)
            };
        }
        _ => said.unkept = Some(Unkept::Kind),
    }
}

/// Whether somebody in a group turned to the bot: by its name, by one of its commands, or in answer to it.
fn addressed(message: &Message, text: &str, me: &Me) -> bool {
    let answers = message
        .reply_to_message()
        .and_then(|m| m.from.as_ref())
        .is_some_and(|f| f.id.0 == me.id);
    let entities = message
        .parse_entities()
        .or_else(|| message.parse_caption_entities());
    let named = entities.unwrap_or_default().iter().any(|e| match e.kind() {
        MessageEntityKind::Mention => e
            .text()
            .strip_prefix('@')
            .is_some_and(|n| n.eq_ignore_ascii_case(&me.username)),
        MessageEntityKind::TextMention { user } => user.id.0 == me.id,
        _ => false,
    });
    answers || named || command(text, me).is_some()
}

/// A command, and what was said with it. `/help@another_bot` is not for us; `/start complaint` is a link that leads to the complaint.
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
        Command::Start => Some((named(rest).unwrap_or(Command::Start), String::new())),
        other => Some((other, rest.to_owned())),
    }
}

fn pressed(press: CallbackQuery) -> Heard {
    let Some(message) = press.message.as_ref() else {
        return Heard::Nothing;
    };
    match press.data {
        Some(value) if message.chat().is_private() && !value.is_empty() => Heard::Pressed {
            chat: message.chat().id.0,
            id: press.id.0,
            value,
            name: Some(press.from.full_name()),
            locale: press.from.language_code,
        },
        _ => Heard::Nothing,
    }
}
