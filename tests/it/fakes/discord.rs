//! Discord's HTTP API and gateway on a port of their own.

use super::{Fault, Faults, Watched, form};
use axum::{
    Router,
    body::Bytes,
    extract::{
        Path, Query, State,
        ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade},
    },
    http::{HeaderMap, Method, StatusCode},
    response::{IntoResponse, Response},
    routing::{any, get},
};
use serde_json::{Value, json};
use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::Arc,
    time::{Duration, Instant},
};

pub(crate) const TOKEN: &str = "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs";
pub(crate) const BOT: u64 = 198_622_483_471_925_248;
pub(crate) const GUILD: u64 = 500;
pub(crate) const SUPPORT: u64 = 600;
const MESSAGE_CONTENT_INTENT: u64 = 1 << 15;
const CONTENT_FLAG: u64 = 1 << 18;
/// View Channel, Send Messages, Manage Messages, Attach Files, Create Private Threads, Send Messages in Threads.
const RIGHTS: u64 = 1 << 10 | 1 << 11 | 1 << 13 | 1 << 15 | 1 << 36 | 1 << 38;

/// One message that the bot sent.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub id: u64,
    pub channel: u64,
    pub text: String,
    /// Title and value of buttons or of a menu's answers.
    pub choices: Vec<(String, String)>,
    pub menu: bool,
    pub file: Option<(String, Vec<u8>)>,
}

#[derive(Debug, Default)]
struct Session {
    id: String,
    events: Vec<(u64, String, Value)>,
    valid: bool,
}

#[derive(Debug)]
pub(crate) struct Api {
    pub sent: Vec<Sent>,
    next_id: u64,
    /// Channels that the bot knows, with the kind.
    pub channels: HashMap<u64, u64>,
    direct: HashMap<u64, u64>,
    pub members: HashMap<u64, HashSet<u64>>,
    pub closed_to_us: HashSet<u64>,
    pub deleted: Vec<u64>,
    pub typing: Vec<u64>,
    pub commands: Vec<Value>,
    interactions: HashMap<String, Instant>,
    /// What each interaction was answered with, and after what time.
    pub answered: HashMap<String, (Value, Duration)>,
    nonces: HashMap<(u64, String), u64>,
    /// What people wrote, by channel.
    history: HashMap<u64, Vec<Value>>,
    session: Session,
    sessions: usize,
    pub connections: usize,
    pub identified: usize,
    pub resumed: usize,
    /// Rises when all connections are to be broken.
    broken: usize,
    pub closing: Option<u16>,
    pub content_granted: bool,
    pub rights: u64,
    pub faults: Faults,
    pub held: bool,
    pub refused: Vec<(String, u64)>,
    recent: HashMap<u64, VecDeque<Instant>>,
    files: HashMap<String, Vec<u8>>,
    url: String,
}

/// The fake.
#[derive(Clone, Debug)]
pub(crate) struct Discord {
    pub url: String,
    pub api: Arc<Watched<Api>>,
}

impl Discord {
    pub(crate) async fn open() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        let api = Arc::new(Watched::new(Api {
            sent: Vec::new(),
            next_id: 1 << 40,
            channels: HashMap::from([(SUPPORT, 0)]),
            direct: HashMap::new(),
            members: HashMap::new(),
            closed_to_us: HashSet::new(),
            deleted: Vec::new(),
            typing: Vec::new(),
            commands: Vec::new(),
            interactions: HashMap::new(),
            answered: HashMap::new(),
            nonces: HashMap::new(),
            history: HashMap::new(),
            session: Session::default(),
            sessions: 0,
            connections: 0,
            identified: 0,
            resumed: 0,
            broken: 0,
            closing: None,
            content_granted: true,
            rights: RIGHTS,
            faults: Faults::default(),
            held: false,
            refused: Vec::new(),
            recent: HashMap::new(),
            files: HashMap::new(),
            url: url.clone(),
        }));
        let app = Router::new()
            .route("/api/v10/{*path}", any(call))
            .route("/files/{id}/{name}", get(file))
            .route("/", get(gateway))
            .with_state(Arc::clone(&api));
        tokio::spawn(async move { axum::serve(listener, app).await.expect("it serves") });
        Self { url, api }
    }

    /// Settings of a program that uses it.
    pub(crate) fn settings(&self) -> Vec<(&str, &str)> {
        vec![
            ("NOHOLD_DISCORD_TOKEN", TOKEN),
            ("NOHOLD_DISCORD_API", &self.url),
            ("NOHOLD_DISCORD_CHANNEL", "600"),
            ("NOHOLD_PACE_MS", "0"),
        ]
    }

    fn id(&self) -> u64 {
        self.api.change(|api| {
            api.next_id += 1;
            api.next_id
        })
    }

    /// An event of the gateway.
    pub(crate) fn event(&self, kind: &str, content: Value) {
        self.api.change(|api| api.dispatch(kind, content));
    }

    /// The direct message with somebody.
    pub(crate) fn direct(&self, user: u64) -> u64 {
        self.api.change(|api| api.direct_with(user))
    }

    /// Somebody writes in a channel, with that much more; the message's id.
    pub(crate) fn writes(&self, user: u64, channel: u64, text: &str, more: Value) -> u64 {
        let id = self.id();
        let mut message = json!({"id": id.to_string(), "channel_id": channel.to_string(), "author": person(user), "content": text, "timestamp": "2026-11-24T10:00:00Z", "edited_timestamp": null,
            "tts": false, "mention_everyone": false, "mentions": [], "mention_roles": [], "attachments": [], "embeds": [], "pinned": false, "type": 0});
        if let Some(more) = more.as_object() {
            message
                .as_object_mut()
                .expect("an object")
                .extend(more.clone());
        }
        self.api.change(|api| {
            api.history
                .entry(channel)
                .or_default()
                .push(message.clone());
            if api.channels.get(&channel) != Some(&1) {
                message["guild_id"] = json!(GUILD.to_string());
            }
            api.dispatch("MESSAGE_CREATE", message);
        });
        id
    }

    /// Somebody writes to the bot directly.
    pub(crate) fn says(&self, user: u64, text: &str) -> u64 {
        let channel = self.direct(user);
        self.writes(user, channel, text, Value::Null)
    }

    /// A command, button, menu or form; what it is answered by.
    pub(crate) fn acts(&self, user: u64, channel: u64, kind: u64, data: Value) -> String {
        let id = self.id();
        let token = format!("token{id}");
        self.api.change(|api| {
            api.interactions.insert(token.clone(), crate::house::instant());
            let mut content = json!({"id": id.to_string(), "application_id": BOT.to_string(), "type": kind, "token": token, "version": 1, "channel_id": channel.to_string(), "locale": "en-GB", "data": data});
            if api.channels.get(&channel) == Some(&1) {
                content["user"] = person(user);
            } else {
                content["guild_id"] = json!(GUILD.to_string());
                content["member"] = json!({"user": person(user), "roles": [], "permissions": "0"});
            }
            api.dispatch("INTERACTION_CREATE", content);
        });
        token
    }

    /// What an interaction was answered with.
    pub(crate) async fn answer(&self, token: &str) -> Value {
        let (body, after) = self
            .api
            .until("an interaction acknowledged", |api| {
                api.answered.get(token).cloned()
            })
            .await;
        assert!(
            after < Duration::from_secs(3),
            "Discord gives three seconds"
        );
        body
    }

    /// What was sent to a channel, once there are so many.
    pub(crate) async fn sent(&self, channel: u64, count: usize) -> Vec<Sent> {
        self.api
            .until(&format!("{count} messages in {channel}"), |api| {
                let sent: Vec<Sent> = api
                    .sent
                    .iter()
                    .filter(|s| s.channel == channel)
                    .cloned()
                    .collect();
                (sent.len() >= count).then_some(sent)
            })
            .await
    }

    /// The last of so many.
    pub(crate) async fn last(&self, channel: u64, count: usize) -> Sent {
        self.sent(channel, count).await.pop().expect("some")
    }

    /// A file that somebody attaches.
    pub(crate) fn attachment(&self, name: &str, media_type: &str, content: &[u8]) -> Value {
        let id = self.id();
        self.api.change(|api| {
            api.files.insert(id.to_string(), content.to_vec());
            json!({"id": id.to_string(), "filename": name, "content_type": media_type, "size": content.len(), "url": format!("{}/files/{id}/{name}", api.url), "proxy_url": ""})
        })
    }

    /// Breaks every connection, as networks do.
    pub(crate) fn break_connections(&self) {
        self.api.change(|api| api.broken += 1);
    }

    /// The session is no longer known.
    pub(crate) fn forget_session(&self) {
        self.api.change(|api| api.session.valid = false);
    }

    /// The private thread of somebody, once there is one.
    pub(crate) async fn thread(&self, user: u64) -> u64 {
        self.api
            .until("a private thread", |api| {
                let of = |id: &u64| api.members.get(id).is_some_and(|m| m.contains(&user));
                api.channels
                    .iter()
                    .find(|(id, kind)| **kind == 12 && of(id))
                    .map(|(id, _)| *id)
            })
            .await
    }
}

impl Api {
    fn dispatch(&mut self, kind: &str, content: Value) {
        let sequence = self.session.events.last().map_or(1, |(s, ..)| s + 1);
        self.session
            .events
            .push((sequence, kind.to_owned(), content));
    }

    fn direct_with(&mut self, user: u64) -> u64 {
        if let Some(id) = self.direct.get(&user) {
            return *id;
        }
        self.next_id += 1;
        self.direct.insert(user, self.next_id);
        self.channels.insert(self.next_id, 1);
        self.next_id
    }
}

fn person(id: u64) -> Value {
    json!({"id": id.to_string(), "username": "ann", "global_name": "Ann Smith", "discriminator": "0", "avatar": null, "bot": false})
}

fn refusal(status: u16, code: u64, message: &str) -> Response {
    let status = StatusCode::from_u16(status).expect("a status");
    (
        status,
        axum::Json(json!({"code": code, "message": message})),
    )
        .into_response()
}

async fn file(
    State(api): State<Arc<Watched<Api>>>,
    Path((id, _)): Path<(String, String)>,
) -> Response {
    match api.look().files.get(&id) {
        Some(content) => content.clone().into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn call(
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
                .push((path.clone(), u64::from(response.status().as_u16())))
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
            let after = crate::house::instant() - since;
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
    let now = crate::house::instant();
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

async fn gateway(State(api): State<Arc<Watched<Api>>>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(move |socket| serve(api, socket))
}

async fn say(socket: &mut WebSocket, value: Value) -> bool {
    socket
        .send(Message::Text(value.to_string().into()))
        .await
        .is_ok()
}

async fn close(mut socket: WebSocket, code: u16) {
    let frame = CloseFrame {
        code,
        reason: "".into(),
    };
    let _ = socket.send(Message::Close(Some(frame))).await;
}

async fn serve(api: Arc<Watched<Api>>, mut socket: WebSocket) {
    let broken = api.change(|a| {
        a.connections += 1;
        a.broken
    });
    if !say(
        &mut socket,
        json!({"op": 10, "d": {"heartbeat_interval": 41_250}, "s": null, "t": null}),
    )
    .await
    {
        return;
    }
    let mut told = None;
    loop {
        // The next event of the session, or that the line is to break; none before the bot has said who it is.
        let next = api.whenever(|a| {
            if a.broken > broken {
                return Some(Err(None));
            }
            if let Some(code) = a.closing.take() {
                return Some(Err(Some(code)));
            }
            let told = told?;
            a.session
                .events
                .iter()
                .find(|(s, ..)| *s > told)
                .cloned()
                .map(Ok)
        });
        tokio::select! {
            heard = socket.recv() => {
                let Some(Ok(Message::Text(text))) = heard else { return };
                let said: Value = serde_json::from_str(&text).expect("JSON");
                match said["op"].as_u64() {
                    Some(1) => { if !say(&mut socket, json!({"op": 11, "d": null, "s": null, "t": null})).await { return } }
                    Some(2) => {
                        if said["d"]["token"].as_str().map(|t| t.trim_start_matches("Bot ")) != Some(TOKEN) { return close(socket, 4004).await }
                        let wants_content = said["d"]["intents"].as_u64().unwrap_or(0) & MESSAGE_CONTENT_INTENT != 0;
                        if wants_content && !api.look().content_granted { return close(socket, 4014).await }
                        let ready = api.change(|a| {
                            a.sessions += 1;
                            a.identified += 1;
                            a.session = Session { id: format!("session{}", a.sessions), events: Vec::new(), valid: true };
                            let ready = json!({"v": 10, "user": {"id": BOT.to_string(), "username": "willowbrook", "discriminator": "0", "bot": true}, "guilds": [], "session_id": a.session.id, "resume_gateway_url": a.url.replace("http", "ws"), "application": {"id": BOT.to_string(), "flags": 0}, "shard": [0, 1]});
                            a.session.events.push((1, "READY".to_owned(), ready.clone()));
                            ready
                        });
                        if !say(&mut socket, json!({"op": 0, "t": "READY", "s": 1, "d": ready})).await { return }
                        told = Some(1);
                    }
                    Some(6) => {
                        let known = { let a = api.look(); a.session.valid && said["d"]["session_id"] == a.session.id.as_str() };
                        if !known {
                            if !say(&mut socket, json!({"op": 9, "d": false, "s": null, "t": null})).await { return }
                            continue;
                        }
                        let from = said["d"]["seq"].as_u64().unwrap_or(0);
                        let missed: Vec<_> = api.change(|a| { a.resumed += 1; a.session.events.iter().filter(|(s, ..)| *s > from).cloned().collect() });
                        let mut last = from;
                        for (s, t, d) in missed {
                            last = s;
                            if !say(&mut socket, json!({"op": 0, "t": t, "s": s, "d": d})).await { return }
                        }
                        if !say(&mut socket, json!({"op": 0, "t": "RESUMED", "s": last, "d": {}})).await { return }
                        told = Some(last);
                    }
                    _ => {}
                }
            }
            next = next => match next {
                Ok((s, t, d)) => {
                    if !say(&mut socket, json!({"op": 0, "t": t, "s": s, "d": d})).await { return }
                    told = Some(s);
                }
                // A broken line says no goodbye.
                Err(None) => return,
                Err(Some(code)) => return close(socket, code).await,
            }
        }
    }
}
