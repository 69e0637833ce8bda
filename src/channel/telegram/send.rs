//! What we say, in Telegram's terms: plain text without any markup, so that nothing that anybody typed can be taken for
//! some.

use super::{
    Place, Telegram, Within,
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
        BusinessConnectionId, CallbackQueryId, ChatAction, ChatId, InlineKeyboardButton,
        InlineKeyboardMarkup, LinkPreviewOptions, MessageId, ReplyParameters, ThreadId,
    },
};

/// Telegram's limit of a message's text, in UTF-16 units.
const LONGEST: usize = 4096;
/// Telegram's limit of what a button brings back, in bytes.
const LONGEST_VALUE: usize = 64;
/// Telegram's limit of what is said to a press, in characters.
const LONGEST_ACKNOWLEDGEMENT: usize = 200;

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
    let mut place: Place = place
        .parse()
        .map_err(|_| Undelivered::Never(FailReason::Refused))?;
    let texts = split(&message.message.text, LONGEST, utf16);
    let last_text = texts.len().checked_sub(1);
    let mut ids = Vec::new();
    let all = texts.len() + files.len();
    for part in message.parts..all {
        if part > 0 {
            progress.breathe().await;
        }
        let what = if let Some(text) = texts.get(part) {
            let choices = (Some(part) == last_text).then_some(&message.message.choices[..]);
            What::Text(text, choices.unwrap_or_default())
        } else if let Some(file) = files.get(part - texts.len()) {
            What::File(file)
        } else {
            break;
        };
        let mut sent = send(telegram, &place, &what).await;
        // The topic was closed or deleted meanwhile: the person still has the chat.
        if let Err(Failed::Call(error)) = &sent
            && topic_is_gone(error)
            && let Some(chat) = place.without_topic()
        {
            place = chat;
            sent = send(telegram, &place, &what).await;
        }
        let sent = sent.map_err(|failed| match failed {
            Failed::Call(error) => undelivered(&error, &place),
            Failed::Type => Undelivered::Never(FailReason::Refused),
        })?;
        ids.push(sent.message_id.to_string());
        if part + 1 < all {
            progress.sent(part + 1).await;
        }
    }
    Ok(ids)
}

/// One part of a message.
enum What<'a> {
    Text(&'a str, &'a [Choice]),
    File(&'a StoredFile),
}

enum Failed {
    Call(CallError),
    /// The file's type is none that can be written into a form.
    Type,
}

async fn send(telegram: &Telegram, place: &Place, what: &What<'_>) -> Result<Sent, Failed> {
    let direct = direct(place);
    match what {
        What::Text(text, choices) => {
            let mut payload = SendMessage::new(ChatId(place.chat), *text).link_preview_options(
                LinkPreviewOptions {
                    is_disabled: true,
                    url: None,
                    prefer_small_media: false,
                    prefer_large_media: false,
                    show_above_text: false,
                },
            );
            payload.message_thread_id = thread(place);
            payload.business_connection_id = business(place);
            if !choices.is_empty() {
                payload = payload.reply_markup(keyboard(choices));
            }
            let sent = telegram.api.call_direct(&payload, direct).await;
            sent.map_err(Failed::Call)
        }
        What::File(file) => {
            let content = Part::bytes(file.content.clone())
                .file_name(file.about.name.clone())
                .mime_str(&file.about.media_type)
                .map_err(|_| Failed::Type)?;
            let mut form = Form::new()
                .text("chat_id", place.chat.to_string())
                .part("document", content);
            form = match &place.within {
                Within::Whole => form,
                Within::Topic(thread) => form.text("message_thread_id", thread.to_string()),
                Within::Direct(topic) => form.text("direct_messages_topic_id", topic.to_string()),
                Within::Business(id) => form.text("business_connection_id", id.clone()),
            };
            let sent = telegram.api.upload("sendDocument", form).await;
            sent.map_err(Failed::Call)
        }
    }
}

fn thread(place: &Place) -> Option<ThreadId> {
    match place.within {
        Within::Topic(thread) => Some(ThreadId(MessageId(thread))),
        _ => None,
    }
}

fn direct(place: &Place) -> Option<i64> {
    match place.within {
        Within::Direct(topic) => Some(topic),
        _ => None,
    }
}

fn business(place: &Place) -> Option<BusinessConnectionId> {
    match &place.within {
        Within::Business(id) => Some(BusinessConnectionId(id.clone())),
        _ => None,
    }
}

fn topic_is_gone(error: &CallError) -> bool {
    const GONE: [&str; 4] = [
        "message thread not found",
        "TOPIC_CLOSED",
        "TOPIC_DELETED",
        "not a forum",
    ];
    matches!(error, CallError::Refused { code: 400, description, .. } if GONE.iter().any(|g| description.contains(g)))
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
fn undelivered(error: &CallError, place: &Place) -> Undelivered {
    let unreachable = if place.is_private() {
        FailReason::Blocked
    } else {
        // Whoever looks after the business account or the channel has shut the bot out, not the person.
        FailReason::Refused
    };
    match error {
        CallError::Refused {
            code: 429,
            retry_after,
            ..
        } => Undelivered::Later(retry_after.map(Duration::from_secs)),
        // "bot was blocked by the user", "user is deactivated", "bot can't initiate conversation with a user".
        CallError::Refused { code: 403, .. } => Undelivered::Never(unreachable),
        CallError::Refused {
            code: 400,
            description,
            ..
        } if description.contains("chat not found") => Undelivered::Never(unreachable),
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
    let Ok(place) = place.parse::<Place>() else {
        return;
    };
    // A channel's direct messages know no such sign.
    if matches!(place.within, Within::Direct(_)) {
        return;
    }
    let mut payload = SendChatAction::new(ChatId(place.chat), ChatAction::Typing);
    payload.message_thread_id = thread(&place);
    payload.business_connection_id = business(&place);
    // A sign that does not come through is missed by nobody.
    let _ = telegram.api.tell(&payload).await;
}

/// Ends the waiting of a button that was pressed, with a word for whoever pressed it where there is one.
pub(super) async fn acknowledge(telegram: &Telegram, press: String, words: Option<String>) {
    let mut payload = AnswerCallbackQuery::new(CallbackQueryId(press));
    payload.text = words.map(|w| w.chars().take(LONGEST_ACKNOWLEDGEMENT).collect());
    // Too late after a while: nothing is lost.
    let _ = telegram.api.tell(&payload).await;
}

/// Takes the buttons of a message away.
pub(super) async fn take_buttons(telegram: &Telegram, place: &Place, message: i64) {
    let Ok(message) = i32::try_from(message) else {
        return;
    };
    let mut payload = EditMessageReplyMarkup::new(ChatId(place.chat), MessageId(message));
    payload.business_connection_id = business(place);
    // Gone already, or too old: nothing is lost.
    let _ = telegram.api.call::<_, Value>(&payload).await;
}

/// An answer in a group, in the topic where it was asked.
pub(super) async fn in_group(
    telegram: &Telegram,
    chat: i64,
    thread: Option<i32>,
    message: i32,
    text: String,
) -> Result<(), CallError> {
    let mut payload = SendMessage::new(ChatId(chat), text)
        .reply_parameters(ReplyParameters::new(MessageId(message)).allow_sending_without_reply());
    payload.message_thread_id = thread.map(|t| ThreadId(MessageId(t)));
    telegram.api.call::<_, Value>(&payload).await.map(drop)
}

/// Buttons that were answered, by a press or in words, are taken away.
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
    match hear(&update, me) {
        Heard::Pressed(press) => take_buttons(telegram, &press.place, press.message).await,
        Heard::Said(said) => {
            let offer = service
                .store
                .last_offer(outcome.conversation, outcome.position)
                .await;
            if let Some(message) = offer.ok().flatten().and_then(|m| m.parse().ok()) {
                take_buttons(telegram, &said.place, message).await;
            }
        }
        _ => {}
    }
}
