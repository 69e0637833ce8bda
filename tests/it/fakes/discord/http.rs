//! The HTTP API.

use super::{
    Api, BOT, CONTENT_FLAG, Edge, GUILD, Gives, SUPPORT, TOKEN,
    messages::{send, whisper},
    person,
};
use crate::fakes::{Fault, Watched, form};
use axum::{
    body::Bytes,
    extract::{Path, Query, State},
    http::{HeaderMap, Method, StatusCode},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use std::{collections::HashMap, sync::Arc, time::Duration};

pub(super) fn refusal(status: u16, code: u64, message: &str) -> Response {
    let status = StatusCode::from_u16(status).expect("a status");
    (
        status,
        axum::Json(json!({"code": code, "message": message})),
    )
        .into_response()
}

/// A limit of one route, told as Discord tells it.
pub(super) fn limited(seconds: f64) -> Response {
    let body =
        json!({"message": "You are being rate limited.", "retry_after": seconds, "global": false});
    let headers = [
        ("retry-after", seconds.ceil().to_string()),
        (
            "x-ratelimit-bucket",
            "80c17d2f203122d936070c88c8d10f33".to_owned(),
        ),
        ("x-ratelimit-scope", "user".to_owned()),
    ];
    (StatusCode::TOO_MANY_REQUESTS, headers, axum::Json(body)).into_response()
}

/// Turned away at the edge, or by the limit on the whole bot.
fn turned_away(edge: Edge) -> Response {
    let status = StatusCode::TOO_MANY_REQUESTS;
    match edge {
        Edge::Page(None) => (status, "<html>error code: 1015</html>").into_response(),
        Edge::Page(Some(seconds)) => {
            let after = [("retry-after", seconds.to_string())];
            (status, after, "<html>error code: 1015</html>").into_response()
        }
        Edge::Json(seconds) => {
            let body = json!({"message": "You are being blocked from accessing our API temporarily.", "retry_after": seconds});
            (status, axum::Json(body)).into_response()
        }
        Edge::Global(seconds) => {
            let body = json!({"message": "You are being rate limited.", "retry_after": seconds, "global": true});
            let headers = [
                ("retry-after", seconds.ceil().to_string()),
                ("x-ratelimit-global", "true".to_owned()),
                ("x-ratelimit-scope", "global".to_owned()),
            ];
            (status, headers, axum::Json(body)).into_response()
        }
    }
}

pub(super) async fn file(
    State(api): State<Arc<Watched<Api>>>,
    Path((id, _)): Path<(String, String)>,
) -> Response {
    if api.look().gives == Gives::Held {
        api.change(|a| a.held = true);
        api.whenever(|a| (a.gives != Gives::Held).then_some(()))
            .await;
    }
    if api.look().gives == Gives::Nothing {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
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
    let edge = api.change(|a| {
        a.turned_away += usize::from(a.edge.is_some());
        a.edge
    });
    if let Some(edge) = edge {
        return turned_away(edge);
    }
    let interaction = matches!(parts.first(), Some(&"interactions" | &"webhooks"));
    if !interaction && header("authorization") != format!("Bot {TOKEN}") {
        return refusal(401, 0, "401: Unauthorized");
    }
    let name = match parts.as_slice() {
        ["channels", _, "messages"] if method == Method::POST => "send",
        ["channels", _, "messages"] => "history",
        ["channels", _, "messages", _] if method == Method::PATCH => "buttons",
        ["channels", _, "threads"] => "thread",
        ["channels", _, "thread-members", _] => "join",
        ["gateway", ..] => "gateway",
        ["users", "@me"] => "me",
        _ => "other",
    };
    let fault = api.change(|a| a.faults.next(name));
    match fault {
        Some(Fault::TooFast(seconds)) => {
            return limited(seconds as f64);
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

pub(super) fn done(value: Value) -> Response {
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
    if let ["channels", id, ..] = path
        && api.unseen.contains(&number(id))
    {
        return refusal(403, 50001, "Missing Access");
    }
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
            if let Some((status, code)) = api.no_direct.get(&user) {
                return refusal(*status, *code, "Cannot open a direct message");
            }
            let id = api.direct_with(user);
            done(json!({"id": id.to_string(), "type": 1, "recipients": [person(user)]}))
        }
        ("GET", ["channels", id]) => match api.channels.get(&number(id)) {
            Some(0 | 12) if api.rights & (1 << 10) == 0 => refusal(403, 50001, "Missing Access"),
            Some(1) => done(json!({"id": id, "type": 1})),
            Some(0) => done(
                json!({"id": id, "type": if number(id) == SUPPORT { api.support_kind } else { 0 }, "guild_id": GUILD.to_string(), "permission_overwrites": []}),
            ),
            Some(kind) => done(
                json!({"id": id, "type": kind, "guild_id": GUILD.to_string(), "permission_overwrites": []}),
            ),
            None => refusal(404, 10003, "Unknown Channel"),
        },
        ("GET", ["guilds", _, "members", _]) => done(json!({"user": person(BOT), "roles": ["77"]})),
        ("GET", ["guilds", _, "roles"]) => done(
            json!([{"id": GUILD.to_string(), "name": "@everyone", "permissions": api.everybody.to_string()}, {"id": "77", "name": "bot", "permissions": api.rights.to_string()}]),
        ),
        ("GET", ["channels", id, "messages"]) => {
            let after = query.get("after").map_or(0, |a| number(a));
            if api.rights & (1 << 16) == 0 {
                return refusal(403, 50013, "Missing Permissions");
            }
            let mut found: Vec<Value> = api
                .history
                .get(&number(id))
                .into_iter()
                .flatten()
                .filter(|m| m["id"].as_str().map_or(0, number) > after)
                .cloned()
                .collect();
            // Those that follow, the newest of them first.
            found.truncate(query.get("limit").map_or(50, |l| number(l) as usize));
            found.reverse();
            done(json!(found))
        }
        ("GET", ["guilds", _, "threads", "active"]) => {
            done(json!({"threads": api.threads(false), "members": []}))
        }
        ("GET", ["channels", _, "threads", "archived", "public"]) => {
            done(json!({"threads": api.threads(true), "members": [], "has_more": false}))
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
            api.drop_files(number(channel), message);
            api.dispatch(
                "MESSAGE_DELETE",
                json!({"id": message, "channel_id": channel, "guild_id": GUILD.to_string()}),
            );
            StatusCode::NO_CONTENT.into_response()
        }
        ("POST", ["channels", id, "threads"]) => {
            if let Some((status, code)) = api.no_thread {
                return refusal(status, code, "Cannot open a thread");
            }
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
            let thread = api.next_id();
            api.channels
                .insert(thread, arguments["type"].as_u64().unwrap_or(12));
            api.owners.insert(thread, BOT);
            let opened = api.thread(thread);
            api.dispatch("THREAD_CREATE", opened.clone());
            done(opened)
        }
        ("PUT", ["channels", id, "thread-members", user]) => {
            if !api.channels.contains_key(&number(id)) {
                return refusal(404, 10003, "Unknown Channel");
            }
            if api.put_away.contains(&number(id)) {
                return refusal(400, 50083, "Thread is archived");
            }
            if api.no_member.contains(&number(user)) {
                return refusal(403, 50001, "Missing Access");
            }
            api.members
                .entry(number(id))
                .or_default()
                .insert(number(user));
            StatusCode::NO_CONTENT.into_response()
        }
        ("PATCH", ["channels", id]) => {
            let id = number(id);
            if api.locked.contains(&id) {
                return refusal(403, 50013, "Missing Permissions");
            }
            if arguments["archived"] == false {
                api.put_away.remove(&id);
            }
            done(json!({"id": id.to_string(), "type": 12}))
        }
        ("POST", ["webhooks", _, token]) => whisper(api, token, arguments, file.is_some()),
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
