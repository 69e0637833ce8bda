//! What we say, in Telegram's terms: plain text without any markup, so that nothing that anybody typed can be taken for some.

use super::{
    Telegram,
    api::CallError,
    hear::{Heard, hear},
};
use crate::{
    channel::split::{split, utf16},
    domain::{Choice, event::FailReason},
    service::{Progress, Service, Undelivered},
    store::{Arrival, Outcome, Outgoing, StoredFile},
};
use reqwest::multipart::{Form, Part};
use serde::Deserialize;
use serde_json::Value;
use std::{sync::Arc, time::Duration};
use teloxide::{
    payloads::{
        AnswerCallbackQuery, EditMessageReplyMarkup, SendChatAction, SendMessage,
        SendMessageSetters,
    },
    types::{
        CallbackQueryId, ChatAction, ChatId, InlineKeyboardButton, InlineKeyboardMarkup,
        LinkPreviewOptions, MessageId, ReplyParameters, ThreadId,
    },
};

/// Telegram's limit of a message's text, in UTF-16 units.
const LONGEST: usize = 4096;
/// Telegram's limit of what a button brings back, in bytes.
const LONGEST_VALUE: usize = 64;

#[derive(Deserialize)]
struct Sent {
    message_id: i32,
}

/// Sends a message: its text in parts, then its files. The answers to choose from come with the last part of the text.
pub(super) async fn deliver(
    telegram: &Telegram,
    message: &Outgoing,
    files: &[StoredFile],
    progress: &dyn Progress,
) -> Result<Vec<String>, Undelivered> {
    let conversation = &message.conversation;
    let place = conversation.place.as_ref().unwrap_or(&conversation.sender);
    let chat = place
        .parse()
        .map(ChatId)
        .map_err(|_| Undelivered::Never(FailReason::Refused))?;
    let texts = split(&message.message.text, LONGEST, utf16);
    let last_text = texts.len().checked_sub(1);
    let mut ids = Vec::new();
    let all = texts.len() + files.len();
    for part in message.parts..all {
        if part > 0 {
            progress.breathe().await;
        }
        let sent: Sent = if let Some(text) = texts.get(part) {
            let mut payload =
                SendMessage::new(chat, text).link_preview_options(LinkPreviewOptions {
                    is_disabled: true,
                    url: None,
                    prefer_small_media: false,
                    prefer_large_media: false,
                    show_above_text: false,
                });
            if Some(part) == last_text && !message.message.choices.is_empty() {
                payload = payload.reply_markup(keyboard(&message.message.choices));
            }
            telegram.api.call(&payload).await
        } else if let Some(file) = files.get(part - texts.len()) {
            let content = Part::bytes(file.content.clone())
                .file_name(file.about.name.clone())
                .mime_str(&file.about.media_type)
                .map_err(|_| Undelivered::Never(FailReason::Refused))?;
            let form = Form::new()
                .text("chat_id", chat.to_string())
                .part("document", content);
            telegram.api.upload("sendDocument", form).await
        } else {
            break;
        }
        .map_err(|e| undelivered(&e))?;
        ids.push(sent.message_id.to_string());
        if part + 1 < all {
            progress.sent(part + 1).await;
        }
    }
    Ok(ids)
}

fn keyboard(choices: &[Choice]) -> InlineKeyboardMarkup {
    // One a row: long titles stay whole, also on a small screen.
    let fits = |c: &&Choice| c.value.len() <= LONGEST_VALUE;
    InlineKeyboardMarkup::new(
        choices
            .iter()
            .filter(fits)
            .map(|c| [InlineKeyboardButton::callback(&c.title, &c.value)]),
    )
}

/// What to do about a call that did not work.
fn undelivered(error: &CallError) -> Undelivered {
    match error {
        CallError::Refused {
            code: 429,
            retry_after,
            ..
        } => Undelivered::Later(retry_after.map(Duration::from_secs)),
        // "bot was blocked by the user", "user is deactivated", "bot can't initiate conversation with a user".
        CallError::Refused { code: 403, .. } => Undelivered::Never(FailReason::Blocked),
        CallError::Refused {
            code: 400,
            description,
            ..
        } if description.contains("chat not found") => Undelivered::Never(FailReason::Blocked),
        CallError::Refused {
            code: 400 | 413, ..
        } => Undelivered::Never(FailReason::Refused),
        // A token that is not accepted is the line's trouble, not the message's.
        CallError::Network | CallError::NotTheApi(_) | CallError::Refused { .. } => {
            Undelivered::Later(None)
        }
    }
}

pub(super) async fn typing(telegram: &Telegram, place: &str) {
    if let Ok(chat) = place.parse() {
        let payload = SendChatAction::new(ChatId(chat), ChatAction::Typing);
        // A sign that does not come through is missed by nobody.
        let _ = telegram.api.tell(&payload).await;
    }
}

/// An answer in a group, in the topic where it was asked.
pub(super) async fn in_group(
    telegram: &Telegram,
    chat: i64,
    thread: Option<i32>,
    message: i32,
    text: String,
) {
    let mut payload = SendMessage::new(ChatId(chat), text)
        .reply_parameters(ReplyParameters::new(MessageId(message)).allow_sending_without_reply());
    payload.message_thread_id = thread.map(|t| ThreadId(MessageId(t)));
    // Nothing was promised in the group: where it does not work, nobody is kept waiting for it.
    let _ = telegram.api.call::<_, Value>(&payload).await;
}

/// The press of a button is acknowledged; buttons that were answered, by a press or in words, are taken away.
pub(super) async fn receipts(
    telegram: &Telegram,
    service: &Arc<Service>,
    arrival: &Arrival,
    outcome: &Outcome,
) {
    let Some(me) = telegram.me.get() else { return };
    let Ok(update) = serde_json::from_str::<Value>(&arrival.body) else {
        return;
    };
    let (chat, offered) = match hear(&update, me) {
        Heard::Pressed { chat, id, .. } => {
            let payload = AnswerCallbackQuery::new(CallbackQueryId(id));
            let _ = telegram.api.tell(&payload).await;
            let pressed = update["callback_query"]["message"]["message_id"].as_i64();
            (chat, pressed.and_then(|m| i32::try_from(m).ok()))
        }
        Heard::Said(said) => {
            let offer = service
                .store
                .last_offer(outcome.conversation, outcome.position)
                .await;
            (said.chat, offer.ok().flatten().and_then(|m| m.parse().ok()))
        }
        _ => return,
    };
    if let Some(message) = offered {
        let payload = EditMessageReplyMarkup::new(ChatId(chat), MessageId(message));
        // Gone already, or too old: nothing is lost.
        let _ = telegram.api.call::<_, Value>(&payload).await;
    }
}
