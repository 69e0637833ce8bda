//! The HTTP API.

use super::{Api, BOT, CONTENT_FLAG, GUILD, SUPPORT, Sent, TOKEN, person};
use crate::fakes::{Fault, Watched, form};
use axum::{
    body::Bytes,
    extract::{Path, Query, State},
    http::{HeaderMap, Method, StatusCode},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use std::{collections::HashMap, sync::Arc, time::Duration};

fn refusal(status: u16, code: u64, message: &str) -> Response {
    let status = StatusCode::from_u16(status).expect("a status");
    (
        status,
        axum::Json(json!({"code": code, "message": message})),
    )
        .into_response()
}

pub(super) async fn file(
    State(api): State<Arc<Watched<Api>>>,
    Path((id, _)): Path<(String, String)>,
) -> Response {
    if api.look().hold_files {
        api.change(|a| a.held = true);
        api.whenever(|a| (!a.hold_files).then_some(())).await;
    }
    match api.look().files.get(&id) {
        Some(content) => content.clone().into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

pub(super) async fn call(
    State(api): State<Arc<Watched<Api>>>,
    method: Method,
    Path(path): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let header = |name: &str| {
        headers
            .get(name)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default()
    };
    let parts: Vec<&str> = path.split('/').collect();
    let interaction = parts.first() == Some(&"interactions");
    if !interaction && header("authorization") != format!("Bot {TOKEN}") {
        return refusal(401, 0, "401: Unauthorized");
    }
    let name = match parts.as_slice() {
        ["channels", _, "messages"] if method == Method::POST => "send",
        ["channels", _, "threads"] => "thread",
        ["gateway", ..] => "gateway",
        ["users", "@me"] => "me",
        _ => "other",
    };
    let fault = api.change(|a| a.faults.next(name));
    match fault {
        Some(Fault::TooFast(seconds)) => {
            let body = json!({"message": "You are being rate limited.", "retry_after": seconds as f64, "global": false});
            return (
                StatusCode::TOO_MANY_REQUESTS,
                [("retry-after", seconds.to_string())],
                axum::Json(body),
            )
                .into_response();
        }
        Some(Fault::Broken) => {
            return (StatusCode::BAD_GATEWAY, "<html>upstream</html>").into_response();
        }
        Some(Fault::Hold) => {
            api.change(|a| a.held = true);
            api.whenever(|a| (!a.held).then_some(())).await;
        }
        Some(Fault::AcceptAndHang) | None => {}
    }
    let mut uploaded = None;
    let arguments = if let Some(boundary) =
        header("content-type").strip_prefix("multipart/form-data; boundary=")
    {
        let (fields, file) = form(&body, boundary.trim_matches('"'));
        uploaded = file;
        serde_json::from_str(fields.get("payload_json").map_or("{}", String::as_str))
            .unwrap_or_default()
    } else if body.is_empty() {
        Value::Null
    } else {
        match serde_json::from_slice(&body) {
            Ok(value) => value,
            Err(_) => return refusal(400, 50109, "The request body contains invalid JSON."),
        }
    };
    let response = api.change(|a| obey(a, &method, &parts, &query, &arguments, uploaded));
    if response.status().is_client_error() {
        api.change(|a| {
            a.refused
                .push((path.clone(), u64::from(response.status().as_u16())));
        });
    }
    if fault == Some(Fault::AcceptAndHang) {
        std::future::pending::<()>().await;
    }
    response
}

fn done(value: Value) -> Response {
    axum::Json(value).into_response()
}

fn obey(
    api: &mut Api,
    method: &Method,
    path: &[&str],
    query: &HashMap<String, String>,
    arguments: &Value,
    file: Option<(String, Vec<u8>)>,
) -> Response {
    let number = |text: &str| text.parse::<u64>().unwrap_or(0);
    match (method.as_str(), path) {
        ("GET", ["users", "@me"]) => done(
            json!({"id": BOT.to_string(), "username": "willowbrook", "discriminator": "0", "avatar": null, "bot": true}),
        ),
        ("GET", ["applications", "@me"]) => done(
            json!({"id": BOT.to_string(), "name": "willowbrook", "description": "", "flags": if api.content_granted { CONTENT_FLAG } else { 0 }}),
        ),
        ("GET", ["gateway", "bot"]) => done(
            json!({"url": api.url.replace("http", "ws"), "shards": 1, "session_start_limit": {"total": 1000, "remaining": 999, "reset_after": 1, "max_concurrency": 1}}),
        ),
        ("GET", ["gateway"]) => done(json!({"url": api.url.replace("http", "ws")})),
        ("PUT", ["applications", _, "commands"]) => {
            let commands = arguments.as_array().cloned().unwrap_or_default();
            let fits = |c: &Value| {
                let (name, about) = (
                    c["name"].as_str().unwrap_or_default(),
                    c["description"].as_str().unwrap_or_default(),
                );
                (1..=32).contains(&name.len())
                    && name.to_lowercase() == name
                    && (1..=100).contains(&about.chars().count())
            };
            if !commands.iter().all(fits) {
                return refusal(400, 50035, "Invalid Form Body");
            }
            api.commands.clone_from(&commands);
            done(json!(commands))
        }
        ("POST", ["users", "@me", "channels"]) => {
            let user = arguments["recipient_id"].as_str().map_or(0, number);
            let id = api.direct_with(user);
            done(json!({"id": id.to_string(), "type": 1, "recipients": [person(user)]}))
        }
        ("GET", ["channels", id]) => match api.channels.get(&number(id)) {
            Some(0 | 12) if api.rights & (1 << 10) == 0 => refusal(403, 50001, "Missing Access"),
            Some(1) => done(json!({"id": id, "type": 1})),
            Some(kind) => done(
                json!({"id": id, "type": kind, "guild_id": GUILD.to_string(), "permission_overwrites": []}),
            ),
            None => refusal(404, 10003, "Unknown Channel"),
        },
        ("GET", ["guilds", _, "members", _]) => done(json!({"user": person(BOT), "roles": ["77"]})),
        ("GET", ["guilds", _, "roles"]) => done(
            json!([{"id": GUILD.to_string(), "name": "@everyone", "permissions": "0"}, {"id": "77", "name": "bot", "permissions": api.rights.to_string()}]),
        ),
        ("GET", ["channels", id, "messages"]) => {
            let after = query.get("after").map_or(0, |a| number(a));
            let mut found: Vec<Value> = api
                .history
                .get(&number(id))
                .into_iter()
                .flatten()
                .filter(|m| m["id"].as_str().map_or(0, number) > after.min(1 << 40))
                .cloned()
                .collect();
            found.reverse();
            found.truncate(query.get("limit").map_or(50, |l| number(l) as usize));
            done(json!(found))
        }
        ("POST", ["channels", id, "messages"]) => send(api, number(id), arguments, file),
        ("PATCH", ["channels", id, "messages", message]) => {
            let (id, message) = (number(id), number(message));
            match api
                .sent
                .iter_mut()
                .find(|s| s.channel == id && s.id == message)
            {
                Some(sent) => {
                    if arguments["components"] == json!([]) {
                        sent.choices.clear();
                    }
                    done(json!({"id": message.to_string()}))
                }
                None => refusal(404, 10008, "Unknown Message"),
            }
        }
        ("DELETE", ["channels", channel, "messages", message]) => {
            if api.rights & (1 << 13) == 0 {
                return refusal(403, 50013, "Missing Permissions");
            }
            api.deleted.push(number(message));
            api.dispatch(
                "MESSAGE_DELETE",
                json!({"id": message, "channel_id": channel, "guild_id": GUILD.to_string()}),
            );
            StatusCode::NO_CONTENT.into_response()
        }
        ("POST", ["channels", id, "threads"]) => {
            if number(id) != SUPPORT || api.rights & (1 << 36) == 0 {
                return refusal(403, 50013, "Missing Permissions");
            }
            if !(1..=100).contains(
                &arguments["name"]
                    .as_str()
                    .unwrap_or_default()
                    .chars()
                    .count(),
            ) {
                return refusal(400, 50035, "Invalid Form Body");
            }
            api.next_id += 1;
            let thread = api.next_id;
            api.channels
                .insert(thread, arguments["type"].as_u64().unwrap_or(12));
            done(
                json!({"id": thread.to_string(), "type": 12, "guild_id": GUILD.to_string(), "parent_id": id}),
            )
        }
        ("PUT", ["channels", id, "thread-members", user]) => {
            if !api.channels.contains_key(&number(id)) {
                return refusal(404, 10003, "Unknown Channel");
            }
            api.members
                .entry(number(id))
                .or_default()
                .insert(number(user));
            StatusCode::NO_CONTENT.into_response()
        }
        ("POST", ["channels", id, "typing"]) => {
            api.typing.push(number(id));
            StatusCode::NO_CONTENT.into_response()
        }
        ("POST", ["interactions", _, token, "callback"]) => {
            let Some(since) = api.interactions.remove(*token) else {
                return refusal(404, 10062, "Unknown interaction");
            };
            let after = crate::fakes::instant() - since;
            if after > Duration::from_secs(3) {
                return refusal(404, 10062, "Unknown interaction");
            }
            if !matches!(arguments["type"].as_u64(), Some(4 | 5 | 6 | 7 | 9)) {
                return refusal(400, 50035, "Invalid Form Body");
            }
            api.answered
                .insert((*token).to_owned(), (arguments.clone(), after));
            StatusCode::NO_CONTENT.into_response()
        }
        _ => refusal(404, 0, "404: Not Found"),
    }
}

fn send(
    api: &mut Api,
    channel: u64,
    arguments: &Value,
    file: Option<(String, Vec<u8>)>,
) -> Response {
    let Some(kind) = api.channels.get(&channel).copied() else {
        return refusal(404, 10003, "Unknown Channel");
    };
    let user = api
        .direct
        .iter()
        .find(|(_, c)| **c == channel)
        .map(|(u, _)| *u);
    if kind == 1 && user.is_some_and(|u| api.closed_to_us.contains(&u)) {
        return refusal(403, 50007, "Cannot send messages to this user");
    }
    let text = arguments["content"].as_str().unwrap_or_default().to_owned();
    if text.trim().is_empty() && file.is_none() {
        return refusal(400, 50006, "Cannot send an empty message");
    }
    if text.chars().count() > 2000 {
        return refusal(400, 50035, "Invalid Form Body");
    }
    let (mut choices, mut menu) = (Vec::new(), false);
    let rows = arguments["components"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    for row in &rows {
        let parts = row["components"].as_array().cloned().unwrap_or_default();
        if rows.len() > 5 || parts.is_empty() || parts.len() > 5 || row["type"] != 1 {
            return refusal(400, 50035, "Invalid Form Body");
        }
        for part in &parts {
            let options = part["options"].as_array().cloned().unwrap_or_else(|| {
                vec![json!({"label": part["label"], "value": part["custom_id"]})]
            });
            menu |= part["type"] == 3;
            if options.len() > 25 {
                return refusal(400, 50035, "Invalid Form Body");
            }
            for option in options {
                let (label, value) = (
                    option["label"].as_str().unwrap_or_default(),
                    option["value"].as_str().unwrap_or_default(),
                );
                let longest = if menu { 100 } else { 80 };
                if !(1..=longest).contains(&label.chars().count())
                    || !(1..=100).contains(&value.chars().count())
                {
                    return refusal(400, 50035, "Invalid Form Body");
                }
                choices.push((label.to_owned(), value.to_owned()));
            }
        }
    }
    let nonce = arguments["nonce"].as_str().unwrap_or_default().to_owned();
    if nonce.len() > 25 {
        return refusal(400, 50035, "Invalid Form Body");
    }
    if arguments["enforce_nonce"] == true
        && let Some(id) = api.nonces.get(&(channel, nonce.clone()))
    {
        return done(json!({"id": id.to_string(), "channel_id": channel.to_string()}));
    }
    let now = crate::fakes::instant();
    let recent = api.recent.entry(channel).or_default();
    while recent
        .front()
        .is_some_and(|t| now - *t > Duration::from_secs(1))
    {
        recent.pop_front();
    }
    recent.push_back(now);
    if recent.len() > 10 {
        let body =
            json!({"message": "You are being rate limited.", "retry_after": 0.5, "global": false});
        return (
            StatusCode::TOO_MANY_REQUESTS,
            [("retry-after", "1")],
            axum::Json(body),
        )
            .into_response();
    }
    api.next_id += 1;
    let id = api.next_id;
    api.nonces.insert((channel, nonce), id);
    api.sent.push(Sent {
        id,
        channel,
        text: text.clone(),
        choices,
        menu,
        file,
    });
    // The bot hears its own words, as bots do.
    let mut own = json!({"id": id.to_string(), "channel_id": channel.to_string(), "author": {"id": BOT.to_string(), "username": "willowbrook", "bot": true}, "content": text, "type": 0, "attachments": []});
    if kind != 1 {
        own["guild_id"] = json!(GUILD.to_string());
    }
    api.dispatch("MESSAGE_CREATE", own);
    done(json!({"id": id.to_string(), "channel_id": channel.to_string()}))
}
