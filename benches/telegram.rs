//! How fast Telegram is answered: a Bot API in this process gives updates of many chats and takes the answers, as fast
//! as the program asks.
//!
//! `cargo bench --bench telegram`. Each chat writes, waits for the answer, and writes again. The time counts from the
//! moment at which an update can be had to the moment at which its answer is sent. The fake shares the machine with the
//! program. Numbers are printed, nothing is judged.
//!
//! Settings by environment: `LOAD_SECONDS` (10) for each row, `LOAD_DATABASE` (a fresh `SQLite` file; or a
//! `postgres://…` database that is empty).

use axum::{
    Json, Router,
    extract::{Path, State},
    routing::post,
};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    process::{Command, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tokio::sync::Notify;

const CHATS: [i64; 3] = [1, 64, 1000];
/// What a person says, again and again.
const SCRIPT: [&str; 4] = [
    "hello",
    "when does visiting start?",
    "where can I park?",
    "thank you",
];

#[derive(Default)]
struct Bot {
    updates: Vec<Value>,
    next: i64,
    /// When each chat last wrote, and how often it did.
    wrote: HashMap<i64, (Instant, usize)>,
    times: Vec<Duration>,
}

#[derive(Default)]
struct Api {
    bot: Mutex<Bot>,
    more: Notify,
}

#[expect(clippy::disallowed_methods, reason = "a benchmark reads the time")]
fn now() -> Instant {
    Instant::now()
}

#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark reads its own settings"
)]
fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

impl Bot {
    fn write(&mut self, chat: i64) {
        let turn = self.wrote.get(&chat).map_or(0, |w| w.1);
        self.next += 1;
        self.updates.push(json!({"update_id": self.next, "message": {"message_id": self.next, "date": 1, "chat": {"id": chat, "type": "private", "first_name": "A"}, "from": {"id": chat, "is_bot": false, "first_name": "A"}, "text": SCRIPT[turn % SCRIPT.len()]}}));
        self.wrote.insert(chat, (now(), turn + 1));
    }
}

async fn call(
    State(api): State<Arc<Api>>,
    Path((_, method)): Path<(String, String)>,
    body: axum::body::Bytes,
) -> Json<Value> {
    let asked: Value = serde_json::from_slice(&body).unwrap_or_default();
    let result = match method.as_str() {
        "getMe" => json!({"id": 1, "is_bot": true, "first_name": "B", "username": "b_bot"}),
        "getUpdates" => {
            let offset = asked["offset"].as_i64().unwrap_or(0);
            loop {
                let more = api.more.notified();
                {
                    let mut bot = api.bot.lock().expect("no panic");
                    bot.updates
                        .retain(|u| u["update_id"].as_i64().is_some_and(|id| id >= offset));
                    if !bot.updates.is_empty() || asked["timeout"] == 0 {
                        break json!(bot.updates.iter().take(100).collect::<Vec<_>>());
                    }
                }
                more.await;
            }
        }
        "sendMessage" => {
            let chat = asked["chat_id"].as_i64().expect("a chat");
            let mut bot = api.bot.lock().expect("no panic");
            let since = bot.wrote[&chat].0;
            bot.times.push(now() - since);
            bot.write(chat);
            api.more.notify_waiters();
            json!({"message_id": 1})
        }
        _ => json!(true),
    };
    Json(json!({"ok": true, "result": result}))
}

fn main() {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(bench());
}

async fn bench() {
    let seconds = setting("LOAD_SECONDS").and_then(|s| s.parse().ok());
    let time = Duration::from_secs(seconds.unwrap_or(10));
    println!("| chats at once | answers/s | p50 ms | p99 ms |\n|---|---|---|---|");
    for chats in CHATS {
        let api = Arc::new(Api::default());
        let app = Router::new()
            .route("/{bot}/{method}", post(call))
            .with_state(Arc::clone(&api));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a free port");
        let address = listener.local_addr().expect("bound");
        let serving = tokio::spawn(async move { axum::serve(listener, app).await });
        let folder = tempfile::tempdir().expect("a folder");
        let database = setting("LOAD_DATABASE")
            .unwrap_or_else(|| format!("sqlite://{}/load.db", folder.path().display()));
        let mut program = Command::new(env!("CARGO_BIN_EXE_nohold"))
            .current_dir(folder.path())
            .env("NOHOLD_LISTEN", "127.0.0.1:0")
            .env("NOHOLD_DATABASE", database)
            .env("NOHOLD_TELEGRAM_TOKEN", "1:load")
            .env("NOHOLD_TELEGRAM_API", format!("http://{address}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        {
            let mut bot = api.bot.lock().expect("no panic");
            (1..=chats).for_each(|chat| bot.write(chat));
        }
        // A second to warm up, which does not count.
        tokio::time::sleep(Duration::from_secs(1)).await;
        api.bot.lock().expect("no panic").times.clear();
        tokio::time::sleep(time).await;
        let mut times = std::mem::take(&mut api.bot.lock().expect("no panic").times);
        program.kill().expect("stopped");
        program.wait().expect("gone");
        serving.abort();
        times.sort_unstable();
        let at = |share: f64| {
            let index = (times.len() as f64 * share) as usize;
            times
                .get(index.min(times.len().saturating_sub(1)))
                .map_or(0.0, |t| t.as_secs_f64() * 1000.0)
        };
        println!(
            "| {chats} | {:.0} | {:.1} | {:.1} |",
            times.len() as f64 / time.as_secs_f64(),
            at(0.5),
            at(0.99)
        );
    }
}
