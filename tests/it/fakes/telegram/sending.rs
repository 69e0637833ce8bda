//! Where the fake lets the bot send to, and what it keeps of it.

use super::{
    Api, Sent, bot,
    http::{answer, refusal},
};
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use std::time::Duration;

/// What every sending needs: a chat that is known, has not blocked the bot, and is not written to too fast.
#[expect(clippy::result_large_err, reason = "an answer is what it is")]
pub(super) fn reachable(api: &mut Api, arguments: &Value) -> Result<(), Response> {
    let Some(chat) = arguments["chat_id"].as_i64() else {
        return Err(refusal(400, "Bad Request: chat_id is empty"));
    };
    part_of(api, chat, arguments)?;
    // A business account's chats need not have begun to talk with the bot itself.
    if !arguments["business_connection_id"].is_string() {
        if api.blocked.contains(&chat) {
            return Err(refusal(403, "Forbidden: bot was blocked by the user"));
        }
        if !api.chats.contains(&chat) {
            return Err(refusal(400, "Bad Request: chat not found"));
        }
    }
    let now = crate::fakes::instant();
    let recent = api.recent.entry(chat).or_default();
    while recent
        .front()
        .is_some_and(|t| now - *t > Duration::from_secs(1))
    {
        recent.pop_front();
    }
    recent.push_back(now);
    if recent.len() > 20 {
        return Err((StatusCode::TOO_MANY_REQUESTS, axum::Json(json!({"ok": false, "error_code": 429, "description": "Too Many Requests: retry after 1", "parameters": {"retry_after": 1}}))).into_response());
    }
    Ok(())
}

/// A number among the arguments; forms bring all as text.
fn number(arguments: &Value, name: &str) -> Option<i64> {
    let value = &arguments[name];
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

/// The topic must be there, and the business account must let the bot answer.
#[expect(clippy::result_large_err, reason = "an answer is what it is")]
fn part_of(api: &Api, chat: i64, arguments: &Value) -> Result<(), Response> {
    if let Some(id) = arguments["business_connection_id"].as_str() {
        return match api.connections.get(id) {
            None => Err(refusal(400, "Bad Request: business connection not found")),
            Some(business) if !business.can_reply => {
                Err(refusal(403, "Forbidden: not enough rights to reply"))
            }
            Some(_) => Ok(()),
        };
    }
    let is_direct = api.direct.iter().any(|(c, _)| *c == chat);
    let direct = number(arguments, "direct_messages_topic_id");
    if is_direct && !direct.is_some_and(|t| api.direct.contains(&(chat, t))) {
        return Err(refusal(400, "Bad Request: direct messages topic not found"));
    }
    match number(arguments, "message_thread_id") {
        Some(thread) if chat > 0 && !api.topics.contains(&(chat, thread)) => {
            Err(refusal(400, "Bad Request: message thread not found"))
        }
        _ => Ok(()),
    }
}

pub(super) fn keep(
    api: &mut Api,
    arguments: &Value,
    text: String,
    buttons: Vec<(String, String)>,
    file: Option<(String, Vec<u8>)>,
) -> Response {
    api.next_message += 1;
    let id = api.next_message;
    let chat = arguments["chat_id"].as_i64().unwrap_or_default();
    api.sent.push(Sent {
        id,
        chat,
        thread: number(arguments, "message_thread_id"),
        direct: number(arguments, "direct_messages_topic_id"),
        business: arguments["business_connection_id"]
            .as_str()
            .map(str::to_owned),
        text: text.clone(),
        buttons,
        file,
    });
    answer(
        json!({"message_id": id, "date": 1_795_514_400, "chat": {"id": chat, "type": "private", "first_name": "Ann"}, "from": bot(), "text": text}),
    )
}
