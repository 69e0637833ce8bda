//! Discord's HTTP API and gateway on a port of their own.

use super::{Faults, Watched};
use axum::{
    Router,
    routing::{any, get},
};
use serde_json::{Value, json};
use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::Arc,
    time::{Duration, Instant},
};

mod gateway;
mod http;
mod messages;
mod people;

pub(crate) const TOKEN: &str = "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs";
pub(crate) const BOT: u64 = 198_622_483_471_925_248;
pub(crate) const GUILD: u64 = 500;
pub(crate) const SUPPORT: u64 = 600;
const MESSAGE_CONTENT_INTENT: u64 = 1 << 15;
const CONTENT_FLAG: u64 = 1 << 18;
/// View Channel, Send Messages, Manage Messages, Attach Files, Read Message History, Create Private Threads, Send
/// Messages in Threads.
const RIGHTS: u64 = 1 << 10 | 1 << 11 | 1 << 13 | 1 << 15 | 1 << 16 | 1 << 36 | 1 << 38;
/// What everybody may: View Channel, Send Messages, Send Messages in Threads.
const EVERYBODY: u64 = 1 << 10 | 1 << 11 | 1 << 38;

/// How the edge in front of Discord, or Discord itself, turns every call away.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Edge {
    /// A page, and in its header after how many seconds to come back, if it says so.
    Page(Option<u64>),
    /// JSON without any of Discord's headers.
    Json(f64),
    /// Discord's own limit on the whole bot.
    Global(f64),
}

/// How the fake gives files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gives {
    AtOnce,
    /// Whoever asks for one waits.
    Held,
    /// There is none for the moment.
    Nothing,
}

/// An answer to an interaction that only one person sees.
#[derive(Clone, Debug)]
pub(crate) struct Whisper {
    pub token: String,
    pub text: String,
    pub choices: Vec<(String, String)>,
}

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
    /// Who could read it there when it was sent, where that is a thread.
    pub readers: Vec<u64>,
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
    last_id: u64,
    /// Channels that the bot knows, with the kind.
    pub channels: HashMap<u64, u64>,
    direct: HashMap<u64, u64>,
    /// Who opened each thread under the support channel.
    pub owners: HashMap<u64, u64>,
    pub members: HashMap<u64, HashSet<u64>>,
    pub closed_to_us: HashSet<u64>,
    /// With whom no direct message can be opened, and what is said then: HTTP's status and Discord's code.
    pub no_direct: HashMap<u64, (u16, u64)>,
    /// No thread can be opened, and what is said then.
    pub no_thread: Option<(u16, u64)>,
    /// Whom no thread takes in.
    pub no_member: HashSet<u64>,
    /// Threads from which the bot was taken out.
    pub unseen: HashSet<u64>,
    /// Threads that a moderator locked, and that were put away.
    pub locked: HashSet<u64>,
    pub put_away: HashSet<u64>,
    /// What was answered to interactions later on.
    pub whispers: Vec<Whisper>,
    /// Every call is turned away so, and how many were.
    pub edge: Option<Edge>,
    pub turned_away: usize,
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
    pub everybody: u64,
    /// Of what kind the support channel is.
    pub support_kind: u64,
    pub faults: Faults,
    pub held: bool,
    /// How files are given.
    pub gives: Gives,
    /// Threads in which the server's own rules take no such words.
    pub moderated: HashSet<u64>,
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
            last_id: 0,
            channels: HashMap::from([(SUPPORT, 0)]),
            direct: HashMap::new(),
            owners: HashMap::new(),
            members: HashMap::new(),
            closed_to_us: HashSet::new(),
            no_direct: HashMap::new(),
            no_thread: None,
            no_member: HashSet::new(),
            unseen: HashSet::new(),
            locked: HashSet::new(),
            put_away: HashSet::new(),
            whispers: Vec::new(),
            edge: None,
            turned_away: 0,
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
            everybody: EVERYBODY,
            support_kind: 0,
            faults: Faults::default(),
            held: false,
            gives: Gives::AtOnce,
            moderated: HashSet::new(),
            refused: Vec::new(),
            recent: HashMap::new(),
            files: HashMap::new(),
            url: url.clone(),
        }));
        let app = Router::new()
            .route("/api/v10/{*path}", any(http::call))
            .route("/files/{id}/{name}", get(http::file))
            .route("/", get(gateway::open))
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

    /// What was answered to an interaction later on, once there is so much.
    pub(crate) async fn whispered(&self, token: &str, count: usize) -> Vec<Whisper> {
        self.api
            .until(&format!("{count} answers to {token}"), |api| {
                let all = api.whispers.iter().filter(|w| w.token == token);
                let all: Vec<Whisper> = all.cloned().collect();
                (all.len() >= count).then_some(all)
            })
            .await
    }

    /// Nothing was ever said where everybody reads along.
    pub(crate) fn never_in_public(&self) {
        let api = self.api.look();
        let public = api.sent.iter().filter(|s| api.is_public(s.channel));
        let public: Vec<&Sent> = public.collect();
        assert!(public.is_empty(), "said in public: {public:?}");
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
    /// Ids rise, and hold the time at which they were made.
    fn next_id(&mut self) -> u64 {
        self.last_id = (self.last_id + 1).max(snowflake());
        self.last_id
    }

    /// A thread under the support channel, as Discord describes it.
    fn thread(&self, id: u64) -> Value {
        let owner = self.owners.get(&id).map(ToString::to_string);
        json!({"id": id.to_string(), "type": self.channels.get(&id), "guild_id": GUILD.to_string(), "parent_id": SUPPORT.to_string(), "owner_id": owner, "name": "a thread",
            "thread_metadata": {"archived": self.put_away.contains(&id), "locked": self.locked.contains(&id), "archive_timestamp": moment(0), "auto_archive_duration": 60}})
    }

    /// The threads that the bot sees: put away, or not.
    fn threads(&self, put_away: bool) -> Vec<Value> {
        let all = self
            .owners
            .keys()
            .filter(|id| self.channels.contains_key(id));
        let of = all.filter(|id| self.put_away.contains(id) == put_away);
        of.map(|id| self.thread(*id)).collect()
    }

    fn dispatch(&mut self, kind: &str, content: Value) {
        let sequence = self.session.events.last().map_or(1, |(s, ..)| s + 1);
        self.session
            .events
            .push((sequence, kind.to_owned(), content));
    }

    /// Whether a channel is neither a direct message nor a private thread, now or before it was deleted.
    fn is_public(&self, channel: u64) -> bool {
        !matches!(self.channels.get(&channel), None | Some(1 | 12))
    }

    fn direct_with(&mut self, user: u64) -> u64 {
        if let Some(id) = self.direct.get(&user) {
            return *id;
        }
        let channel = self.next_id();
        self.direct.insert(user, channel);
        self.channels.insert(channel, 1);
        channel
    }
}

/// The smallest id of this moment.
#[expect(clippy::disallowed_methods, reason = "the fakes are the outside")]
fn snowflake() -> u64 {
    const EPOCH: i64 = 1_420_070_400_000;
    let since = jiff::Timestamp::now().as_millisecond() - EPOCH;
    u64::try_from(since).expect("later than 2015") << 22
}

/// That many seconds from now, as Discord writes it.
#[expect(clippy::disallowed_methods, reason = "the fakes are the outside")]
pub(crate) fn moment(seconds: i64) -> String {
    let at = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(seconds);
    at.to_string()
}

fn person(id: u64) -> Value {
    json!({"id": id.to_string(), "username": "ann", "global_name": "Ann Smith", "discriminator": "0", "avatar": null, "bot": false})
}
