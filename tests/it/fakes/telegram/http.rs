//! The Bot API's calls.

use super::{
    Api, BOT, TOKEN, USERNAME,
    sending::{keep, reachable},
};
use crate::fakes::{Fault, Watched, form};
use axum::{
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};

pub(super) fn answer(result: Value) -> Response {
    axum::Json(json!({"ok": true, "result": result})).into_response()
}

pub(super) fn refusal(code: u16, description: &str) -> Response {
    let status = StatusCode::from_u16(code).expect("a status");
    (
        status,
        axum::Json(json!({"ok": false, "error_code": code, "description": description})),
    )
        .into_response()
}

pub(super) async fn file(
    State(api): State<Arc<Watched<Api>>>,
    Path((bot, path)): Path<(String, String)>,
) -> Response {
    if bot != format!("bot{TOKEN}") {
        return refusal(401, "Unauthorized");
    }
    let fault = api.change(|api| api.faults.next("file"));
    if let Some(response) = misbehave(&api, fault).await {
        return response;
    }
    let id = path.trim_start_matches("documents/").to_owned();
    match api.look().files.get(&id) {
        Some(content) => content.clone().into_response(),
        None => refusal(404, "Not Found"),
    }
}

/// What a fault answers; none where the call goes on.
async fn misbehave(api: &Watched<Api>, fault: Option<Fault>) -> Option<Response> {
    match fault? {
        Fault::TooFast(seconds) => Some((
            StatusCode::TOO_MANY_REQUESTS,
            axum::Json(json!({"ok": false, "error_code": 429, "description": format!("Too Many Requests: retry after {seconds}"), "parameters": {"retry_after": seconds}})),
        ).into_response()),
        Fault::Broken => Some((StatusCode::BAD_GATEWAY, "<html>Bad Gateway</html>").into_response()),
        Fault::AcceptAndHang => None,
        Fault::Hold => {
            api.change(|a| a.held = true);
            api.whenever(|a| (!a.held).then_some(())).await;
            None
        }
    }
}

pub(super) async fn call(
    State(api): State<Arc<Watched<Api>>>,
    Path((bot, method)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if bot != format!("bot{TOKEN}") {
        return refusal(401, "Unauthorized");
    }
    let method = method.to_lowercase();
    let kind = headers
        .get("content-type")
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    let mut uploaded = None;
    let arguments: Value =
        if let Some(boundary) = kind.strip_prefix("multipart/form-data; boundary=") {
            let (fields, file) = form(&body, boundary);
            uploaded = file;
            let mut fields = json!(fields);
            if let Some(chat) = fields["chat_id"]
                .as_str()
                .and_then(|c| c.parse::<i64>().ok())
            {
                fields["chat_id"] = json!(chat);
            }
            fields
        } else if body.is_empty() {
            json!({})
        } else {
            match serde_json::from_slice(&body) {
                Ok(value) => value,
                Err(_) => return refusal(400, "Bad Request: can't parse JSON"),
            }
        };
    let fault = api.change(|api| api.faults.next(&method));
    if let Some(response) = misbehave(&api, fault).await {
        api.change(|a| a.refused.push(method));
        return response;
    }
    let response = match method.as_str() {
        "getupdates" => updates(&api, &arguments).await,
        _ => api.change(|api| obey(api, &method, &arguments, uploaded)),
    };
    if response.status() != StatusCode::OK {
        api.change(|a| a.refused.push(method));
    }
    if fault == Some(Fault::AcceptAndHang) {
        std::future::pending::<()>().await;
    }
    response
}

/// Somebody who asks for updates, until this is dropped.
struct Asks(Arc<Watched<Api>>);

impl Asks {
    fn now(api: &Arc<Watched<Api>>) -> Self {
        api.change(|a| {
            a.asking += 1;
            a.most_asking = a.most_asking.max(a.asking);
        });
        Self(Arc::clone(api))
    }
}

impl Drop for Asks {
    fn drop(&mut self) {
        self.0.change(|a| a.asking -= 1);
    }
}

async fn updates(api: &Arc<Watched<Api>>, arguments: &Value) -> Response {
    if api.look().webhook.is_some() {
        return refusal(
            409,
            "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
        );
    }
    let offset = arguments["offset"].as_i64().unwrap_or(0);
    let limit = arguments["limit"].as_u64().unwrap_or(100) as usize;
    if !(1..=100).contains(&limit) {
        return refusal(400, "Bad Request: limit must be from 1 to 100");
    }
    api.change(|api| {
        ask(api, arguments);
        api.polls += 1;
        api.confirmed = api.confirmed.max(offset);
        api.updates
            .retain(|u| u["update_id"].as_i64().is_none_or(|id| id >= offset));
    });
    let some = |api: &mut Api| {
        let found: Vec<Value> = api.updates.iter().take(limit).cloned().collect();
        api.given += found.len();
        (!found.is_empty()).then_some(found)
    };
    let hold = Duration::from_secs(arguments["timeout"].as_u64().unwrap_or(0));
    if hold.is_zero() {
        return answer(json!(api.change(some).unwrap_or_default()));
    }
    let asks = Asks::now(api);
    let found = tokio::time::timeout(hold, api.whenever(some)).await;
    drop(asks);
    answer(json!(found.unwrap_or_default()))
}

/// Remembers which kinds of updates are wanted from now on.
fn ask(api: &mut Api, arguments: &Value) {
    if let Some(kinds) = arguments["allowed_updates"].as_array() {
        let kinds = kinds.iter().filter_map(Value::as_str);
        api.asked = kinds.map(str::to_owned).collect();
    }
}

fn obey(
    api: &mut Api,
    method: &str,
    arguments: &Value,
    file: Option<(String, Vec<u8>)>,
) -> Response {
    match method {
        "getme" => answer(
            json!({"id": BOT, "is_bot": true, "first_name": "Willowbrook", "username": USERNAME, "can_join_groups": true, "can_read_all_group_messages": false, "supports_inline_queries": false}),
        ),
        "deletewebhook" => {
            api.webhook = None;
            answer(json!(true))
        }
        "setwebhook" => {
            let (Some(url), secret) = (
                arguments["url"].as_str(),
                arguments["secret_token"].as_str().unwrap_or_default(),
            ) else {
                return refusal(400, "Bad Request: url is empty");
            };
            api.webhook = Some((url.to_owned(), secret.to_owned()));
            ask(api, arguments);
            answer(json!(true))
        }
        "getwebhookinfo" => {
            let url = api.webhook.as_ref().map_or("", |w| w.0.as_str());
            let mut state = json!({"url": url, "has_custom_certificate": false, "pending_update_count": api.waiting});
            if let Some((at, why)) = &api.last_error {
                state["last_error_date"] = json!(at);
                state["last_error_message"] = json!(why);
            }
            answer(state)
        }
        "getbusinessconnection" => {
            let id = arguments["business_connection_id"]
                .as_str()
                .unwrap_or_default();
            match api.connections.get(id) {
                Some(business) => answer(business.told(id)),
                None => refusal(400, "Bad Request: business connection not found"),
            }
        }
        "setmycommands" => answer(json!(true)),
        "getfile" if api.absent > 0 => {
            api.absent -= 1;
            refusal(
                400,
                "Bad Request: wrong file_id or the file is temporarily unavailable",
            )
        }
        "getfile" => match arguments["file_id"]
            .as_str()
            .and_then(|id| api.files.get_key_value(id))
        {
            Some((_, content)) if content.len() > 20_000_000 => {
                refusal(400, "Bad Request: file is too big")
            }
            Some((id, content)) => answer(
                json!({"file_id": id, "file_unique_id": id, "file_size": content.len(), "file_path": format!("documents/{id}")}),
            ),
            None => refusal(400, "Bad Request: invalid file_id"),
        },
        "sendchataction" => {
            if arguments["direct_messages_topic_id"].is_i64() {
                return refusal(400, "Bad Request: chat not found");
            }
            if let Err(refused) = reachable(api, arguments) {
                return refused;
            }
            api.typing
                .push(arguments["chat_id"].as_i64().unwrap_or_default());
            answer(json!(true))
        }
        "answercallbackquery" => {
            let id = arguments["callback_query_id"].as_str().unwrap_or_default();
            if !api.presses.remove(id) {
                return refusal(
                    400,
                    "Bad Request: query is too old and response timeout expired or query ID is invalid",
                );
            }
            let words = arguments["text"].as_str().unwrap_or_default();
            if words.chars().count() > 200 {
                return refusal(400, "Bad Request: MESSAGE_TOO_LONG");
            }
            if !words.is_empty() {
                api.toasts.insert(id.to_owned(), words.to_owned());
            }
            api.pressed_answered.insert(id.to_owned());
            answer(json!(true))
        }
        "editmessagereplymarkup" => {
            let (chat, id) = (
                arguments["chat_id"].as_i64(),
                arguments["message_id"].as_i64(),
            );
            match api
                .sent
                .iter_mut()
                .find(|s| Some(s.chat) == chat && Some(s.id) == id)
            {
                None => refusal(400, "Bad Request: message to edit not found"),
                Some(m) if m.buttons.is_empty() => {
                    refusal(400, "Bad Request: message is not modified")
                }
                Some(m) => {
                    m.buttons.clear();
                    answer(json!(true))
                }
            }
        }
        "sendmessage" => {
            if let Err(refused) = reachable(api, arguments) {
                return refused;
            }
            let text = arguments["text"].as_str().unwrap_or_default();
            if text.trim().is_empty() {
                return refusal(400, "Bad Request: message text is empty");
            }
            if text.encode_utf16().count() > 4096 {
                return refusal(400, "Bad Request: message is too long");
            }
            let mut buttons = Vec::new();
            for button in arguments["reply_markup"]["inline_keyboard"]
                .as_array()
                .into_iter()
                .flatten()
                .flat_map(|row| row.as_array().into_iter().flatten())
            {
                let (title, data) = (
                    button["text"].as_str().unwrap_or_default(),
                    button["callback_data"].as_str().unwrap_or_default(),
                );
                if data.is_empty() || data.len() > 64 {
                    return refusal(400, "Bad Request: BUTTON_DATA_INVALID");
                }
                if title.is_empty() {
                    return refusal(
                        400,
                        "Bad Request: text buttons are unallowed in the inline keyboard",
                    );
                }
                buttons.push((title.to_owned(), data.to_owned()));
            }
            keep(api, arguments, text.to_owned(), buttons, None)
        }
        "senddocument" => {
            if let Err(refused) = reachable(api, arguments) {
                return refused;
            }
            let Some(file) = file.filter(|f| !f.1.is_empty()) else {
                return refusal(400, "Bad Request: there is no document in the request");
            };
            keep(api, arguments, String::new(), Vec::new(), Some(file))
        }
        _ => refusal(404, "Not Found: method not found"),
    }
}
