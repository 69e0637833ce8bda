//! The line: Discord's gateway, its session taken up where what is on disk ends.

use super::{
    Discord, INBOX,
    arrivals::{Gap, Kept, arrivals},
    events::{Heard, hear},
    interactions, missed,
    raw::Snowflake,
    trouble::{CallError, bad_token, disk, down},
};
use crate::{
    domain::Timestamp,
    service::{Channel, Down, DownReason, Service},
    store::{Arrival, StoreError},
};
use futures_util::{StreamExt, stream::FuturesUnordered};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    pin::pin,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};
use tokio::sync::{Notify, mpsc};
use twilight_gateway::{
    ConfigBuilder, Intents, Message, Session, Shard, ShardId, error::ReceiveMessageErrorType,
    queue::InMemoryQueue,
};

/// How many events may wait for the disk before the gateway is no longer read.
const WAITING: usize = 4096;
/// Marks of sessions: after this, the shard and how many there are; the value says where the session stands.
const SESSIONS: &str = "discord.session.";
/// The first pause where nothing can be written, and the longest; it doubles.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// Gateway close codes that a person must do something about.
const AUTHENTICATION_FAILED: u16 = 4004;
const INVALID_INTENTS: u16 = 4013;
const DISALLOWED_INTENTS: u16 = 4014;
/// Flags of an application: it may read what is written in channels.
const MESSAGE_CONTENT: u64 = 1 << 18 | 1 << 19;

#[derive(Deserialize)]
struct Entrance {
    url: String,
    #[serde(default)]
    shards: Option<u32>,
    #[serde(default)]
    session_start_limit: Option<StartLimit>,
}

/// How often sessions may be begun: so many at once, so many more until the day's count begins anew.
#[derive(Clone, Copy, Deserialize)]
struct StartLimit {
    total: u32,
    remaining: u32,
    /// Milliseconds.
    reset_after: u64,
    max_concurrency: u16,
}

impl StartLimit {
    fn queue(self) -> InMemoryQueue {
        let reset = Duration::from_millis(self.reset_after);
        InMemoryQueue::new(self.max_concurrency, self.remaining, reset, self.total)
    }
}

#[derive(Deserialize)]
struct Myself {
    id: Snowflake,
}

#[derive(Deserialize)]
struct Application {
    #[serde(default)]
    flags: u64,
}

#[derive(Deserialize)]
struct Event {
    #[serde(default)]
    t: Option<String>,
    /// Its place in the session.
    #[serde(default)]
    s: Option<u64>,
    #[serde(default)]
    d: Value,
}

/// Where a session stands.
#[derive(Serialize, Deserialize)]
struct Standing {
    id: String,
    sequence: u64,
    resume: Option<String>,
    /// When this was written down.
    #[serde(default)]
    at: Timestamp,
}

pub(super) async fn listen(
    discord: &Discord,
    service: &Arc<Service>,
    line: &Arc<dyn Channel>,
) -> Down {
    match open(discord, service, line).await {
        Ok(never) => match never {},
        Err(down) => down,
    }
}

async fn open(
    discord: &Discord,
    service: &Arc<Service>,
    line: &Arc<dyn Channel>,
) -> Result<std::convert::Infallible, Down> {
    let api = &discord.api;
    match api.get::<Myself>("users/@me").await {
        Ok(me) => discord.me.set(me.id.0).unwrap_or_default(),
        // The gateway says it too; without it only the rights in the support channel are not known.
        Err(CallError::Refused { status: 404, .. }) => {}
        Err(error) => return Err(down(error)),
    }
    // The advice on shards needs a bot's rights; the address alone needs none.
    let entrance: Entrance = match api.get("gateway/bot").await {
        Ok(entrance) => entrance,
        Err(CallError::Refused { status: 404, .. }) => api.get("gateway").await.map_err(down)?,
        Err(error) => return Err(down(error)),
    };
    let application = api.get::<Application>("applications/@me").await;

    let mut warnings = Vec::new();
    let mut intents = Intents::DIRECT_MESSAGES | Intents::DIRECT_MESSAGE_REACTIONS;
    if discord.support.is_some() {
        if application.is_ok_and(|a| a.flags & MESSAGE_CONTENT == 0) {
            discord.blind.store(true, Ordering::SeqCst);
        }
        // Threads of people's own, and what becomes of ours.
        intents |= Intents::GUILDS | Intents::GUILD_MESSAGE_REACTIONS;
        if discord.blind.load(Ordering::SeqCst) {
            warnings.push("what is written in the support channel cannot be read: switch on \"Message Content Intent\" at discord.com/developers, under Bot, then start nohold again; direct messages and commands work".to_owned());
        } else {
            intents |= Intents::GUILD_MESSAGES | Intents::MESSAGE_CONTENT;
        }
    }
    discord.rights.look(discord, warnings).await;
    discord.load(service).await.map_err(|_| disk())?;
    // Before the first event: a session that is taken up does not tell of threads that stood before.
    let closed = match missed::threads(discord, None).await {
        Ok(closed) => closed,
        Err(CallError::Refused { .. }) => Vec::new(),
        Err(error) => return Err(down(error)),
    };
    let closed = service.arrive(line, closed, None).await;
    closed.map_err(|_| disk())?;

    let (kept, waiting) = mpsc::channel(WAITING);
    let gaps = Notify::new();
    let seen = last_seen(service).await.map_err(|_| disk())?;
    let total = entrance.shards.unwrap_or(1).max(1);
    let queue = entrance
        .session_start_limit
        .map_or_else(InMemoryQueue::default, StartLimit::queue);
    let mut shards = FuturesUnordered::new();
    for number in 0..total {
        let name = format!("{SESSIONS}{number}/{total}");
        let mut config = ConfigBuilder::new(discord.token.reveal().to_owned(), intents)
            .proxy_url(entrance.url.trim_end_matches('/').to_owned())
            .queue(queue.clone());
        let standing = service.store.mark(&name).await.map_err(|_| disk())?;
        // With another number of shards, no session can be taken up.
        let mut left = seen;
        if let Some(standing) = standing.and_then(|s| serde_json::from_str::<Standing>(&s).ok()) {
            left = Some(standing.at);
            config = config.session(Session::new(standing.sequence, standing.id));
            if let Some(url) = standing.resume {
                config = config.resume_url(url);
            }
        }
        let shard = Shard::with_config(ShardId::new(number, total), config.build());
        let line = Shown {
            discord,
            service,
            left,
        };
        shards.push(follow(shard, name, line, kept.clone()));
    }
    let filling = pin!(missed::fill(discord, service, &gaps, kept));
    let keeping = pin!(keep(service, line, waiting, &gaps));
    let held = pin!(limits(discord, service));
    let watching = pin!(discord.rights.watch(discord, service));
    tokio::select! {
        ended = shards.next() => Err(ended.unwrap_or_else(disk)),
        down = keeping => Err(down),
        () = filling => Err(disk()),
        () = held => Err(disk()),
        () = watching => Err(disk()),
    }
}

/// While Discord holds everything back, the line is shown as down; when its time is over, one request finds out whether
/// it is up again. Never ends by itself.
async fn limits(discord: &Discord, service: &Arc<Service>) {
    let limits = discord.api.limits();
    let mut shut = limits.watch();
    while shut.wait_for(|shut| *shut).await.is_ok() {
        service.line_down(INBOX, down(CallError::TooFast(limits.left())));
        let mut pause = Duration::from_secs(1);
        while *limits.watch().borrow() {
            tokio::time::sleep(limits.left().max(pause)).await;
            let _ = discord.api.get::<Value>("users/@me").await;
            pause = (pause * 2).min(Duration::from_mins(1));
        }
        service.line_up(INBOX, discord.rights.warnings());
    }
}

struct Shown<'a> {
    discord: &'a Discord,
    service: &'a Arc<Service>,
    /// When something last came, in this session or the one before.
    left: Option<Timestamp>,
}

/// When something last came, in any session.
async fn last_seen(service: &Service) -> Result<Option<Timestamp>, StoreError> {
    let sessions = service.store.marks(SESSIONS).await?;
    let standings = sessions
        .iter()
        .map(|(_, s)| serde_json::from_str::<Standing>(s));
    Ok(standings.filter_map(Result::ok).map(|s| s.at).max())
}

/// Reads one shard until it is down. Reading goes on while the disk is slow, so that the gateway's heartbeat does.
async fn follow(
    mut shard: Shard,
    name: String,
    mut line: Shown<'_>,
    kept: mpsc::Sender<Kept>,
) -> Down {
    while let Some(message) = shard.next().await {
        let text = match message {
            Ok(Message::Text(text)) => text,
            Ok(Message::Close(frame)) => match frame.map(|f| f.code) {
                Some(AUTHENTICATION_FAILED) => return bad_token(),
                Some(DISALLOWED_INTENTS | INVALID_INTENTS) => {
                    line.discord.blind.store(true, Ordering::SeqCst);
                    return Down {
                        after: Some(Duration::from_secs(1)),
                        ..Down::new(
                            DownReason::Permission,
                            "Discord does not grant \"Message Content Intent\": switch it on at discord.com/developers, under Bot; meanwhile it is opened without",
                        )
                    };
                }
                // It connects again by itself, and takes the session up.
                _ => continue,
            },
            Err(error) if matches!(error.kind(), ReceiveMessageErrorType::Reconnect) => {
                return Down::new(
                    DownReason::Network,
                    "Discord's gateway cannot be reached: look at the network, or at NOHOLD_DISCORD_API",
                );
            }
            Err(_) => continue,
        };
        let Ok(event) = serde_json::from_str::<Event>(&text) else {
            continue;
        };
        let Some(kind) = event.t else { continue };
        if matches!(kind.as_str(), "READY" | "RESUMED") {
            // While Discord holds everything back, the line is down, whatever the gateway says.
            if !*line.discord.api.limits().watch().borrow() {
                line.service.line_up(INBOX, line.discord.rights.warnings());
            }
            let application = event.d["application"]["id"].as_str();
            if let Some(id) = application.and_then(|id| id.parse().ok()) {
                interactions::name_commands(line.discord, line.service, id);
            }
        }
        line.discord.rights.see(line.discord, &kind, &event.d);
        let now = line.service.clock.now();
        // The old session is gone, and with it what came meanwhile.
        let gap = line.left.filter(|_| kind == "READY");
        let gap = gap.map(|since| missed::gap(&name, now, since));
        line.left = Some(now);
        let session = shard.session().map(Session::id).unwrap_or_default();
        let place = format!("{session}:{}", event.s.unwrap_or_default());
        let arrivals = arrivals(line.discord, &kind, &event.d, &place);
        if let Heard::Acted(acted) = hear(&kind, &event.d) {
            // At once, and beside everything else: Discord gives three seconds.
            interactions::acknowledge(line.discord, line.service, &acted);
        }
        if arrivals.is_empty() && kind != "READY" {
            continue;
        }
        let standing = shard.session().map(|session| Standing {
            id: session.id().to_owned(),
            sequence: session.sequence(),
            resume: shard.resume_url().map(str::to_owned),
            at: now,
        });
        let item = Kept {
            arrivals,
            name: name.clone(),
            standing: standing.and_then(|s| serde_json::to_string(&s).ok()),
            gap,
        };
        if kept.send(item).await.is_err() {
            return disk();
        }
    }
    Down::new(
        DownReason::Trouble,
        "Discord closed the line and does not want this session again",
    )
}

/// Writes down what came, everything that waits at once, and again until it is written.
async fn keep(
    service: &Arc<Service>,
    line: &Arc<dyn Channel>,
    mut waiting: mpsc::Receiver<Kept>,
    gaps: &Notify,
) -> Down {
    let mut items = Vec::new();
    while waiting.recv_many(&mut items, 256).await > 0 {
        // One session a write: what of it is on disk and where it stands are written together.
        while let Some(name) = items.first().map(|k| k.name.clone()) {
            let (mine, others): (Vec<Kept>, Vec<Kept>) =
                items.drain(..).partition(|k| k.name == name);
            items = others;
            let standing = mine.iter().rev().find_map(|k| k.standing.clone());
            let mark = standing.as_deref().map(|s| (name.as_str(), s));
            let noted = mine.iter().filter_map(|k| k.gap.clone());
            let (opened, filled): (Vec<Gap>, Vec<Gap>) =
                noted.partition(|g| matches!(g, Gap::Open { .. }));
            let arrivals: Vec<Arrival> = mine.into_iter().flat_map(|k| k.arrivals).collect();
            // A gap is noted before the new session takes the old one's place, and taken away after what was found in
            // it is written.
            let found = !opened.is_empty();
            note(service, opened).await;
            let mut pause = FIRST_PAUSE;
            while service.arrive(line, arrivals.clone(), mark).await.is_err() {
                wait(&mut pause).await;
            }
            note(service, filled).await;
            if found {
                gaps.notify_one();
            }
        }
    }
    disk()
}

async fn note(service: &Service, gaps: Vec<Gap>) {
    for gap in gaps {
        let mut pause = FIRST_PAUSE;
        while missed::note(service, &gap).await.is_err() {
            wait(&mut pause).await;
        }
    }
}

async fn wait(pause: &mut Duration) {
    tokio::time::sleep(*pause).await;
    *pause = (*pause * 2).min(LONGEST_PAUSE);
}
