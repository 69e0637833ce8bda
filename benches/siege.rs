//! Honest conversations while the program is attacked: how late their answers are, whether any is lost, and
//! what memory it takes.
//!
//! `cargo bench --bench siege`. 500 people write to the inbox for programs, each a message every few
//! seconds, while others hold half heads open, guess at tokens and passwords from ever new addresses, send
//! bodies of 20 MB without a token, open lines of the web chat with ever new secrets, ask for senders that nobody
//! knows, and fill the web chat with pictures. Everything is on this machine, the attackers too: they take
//! processor time that the program would have elsewhere. Numbers are printed; it ends by itself, and with an
//! error where a message was lost.
//!
//! Settings by environment: `SIEGE_SECONDS` (60), `SIEGE_CONVERSATIONS` (500), `SIEGE_PAUSE_MS` between two
//! messages of one person (5000), `SIEGE_QUIET` set to anything: without the attacks, to compare.

use base64::{Engine, prelude::BASE64_STANDARD};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use std::{
    process::{Child, Command, ExitCode, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
    time::{sleep, timeout},
};

const TOKEN: &str = "siege";
/// What a person says, over and over; none of it may be answered later than a second.
const SCRIPT: [&str; 5] = [
    "hello",
    "when does visiting start?",
    "Your night carer shouted at my mother on Maple ward yesterday, she was in tears",
    "an apology, and that it does not happen again",
    "thank you",
];
const LATE: Duration = Duration::from_secs(1);
/// How often the memory is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(5);

#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark reads its own settings"
)]
fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

#[expect(clippy::disallowed_methods, reason = "a benchmark reads the time")]
fn now() -> Instant {
    Instant::now()
}

fn number(name: &str, usual: u64) -> u64 {
    setting(name).and_then(|s| s.parse().ok()).unwrap_or(usual)
}

/// The program, which is ended with this.
struct Program {
    child: Child,
    url: String,
    agent: String,
    _folder: tempfile::TempDir,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Program {
    async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = free.local_addr().expect("bound");
        drop(free);
        let command = |args: &[&str]| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_nohold"));
            command
                .args(args)
                .current_dir(folder.path())
                .env("NOHOLD_LISTEN", address.to_string())
                .env("NOHOLD_DATABASE", "sqlite://data/nohold.db")
                .env("NOHOLD_HTTP_TOKEN", TOKEN)
                .env("NOHOLD_BEHIND_PROXY", "true")
                .env("NOHOLD_SECURITY_LOG", "security.jsonl")
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            command
        };
        let added = command(&["agents", "add", "Priya Shah"]).status();
        assert!(added.expect("it runs").success());
        let made = command(&["tokens", "create", "--agent", "Priya Shah"])
            .stdout(Stdio::piped())
            .output()
            .expect("it runs");
        let made = String::from_utf8(made.stdout).expect("text");
        let agent = made.split_whitespace().last().expect("a token").to_owned();
        let child = command(&["serve"]).spawn().expect("it runs");
        let url = format!("http://{address}");
        while reqwest::get(format!("{url}/readyz")).await.is_err() {
            sleep(Duration::from_millis(50)).await;
        }
        Self {
            child,
            url,
            agent,
            _folder: folder,
        }
    }

    /// Megabytes that it has.
    fn memory(&self) -> u64 {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(path).unwrap_or_default();
        let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|l| l.split_whitespace().next()?.parse::<u64>().ok());
        kilobytes.unwrap_or(0) >> 10
    }
}

/// What the honest saw.
#[derive(Default)]
struct Seen {
    waits: Vec<Duration>,
    /// Answers that were not 200, and were asked for again.
    refused: u64,
    /// What each person has sent, in order.
    said: Vec<(String, Vec<String>)>,
}

/// One person, until the time is over.
async fn person(
    client: Client,
    url: String,
    n: u64,
    pause: Duration,
    over: Arc<AtomicBool>,
) -> Seen {
    let (mut seen, mut said) = (Seen::default(), Vec::new());
    let mut conversation = String::new();
    // Not all at once.
    sleep(pause.mul_f64((n % 100) as f64 / 100.0)).await;
    for turn in 0.. {
        if over.load(Ordering::Relaxed) {
            break;
        }
        let text = format!("{} ({turn})", SCRIPT[turn % SCRIPT.len()]);
        let body = json!({"id": format!("m{turn}"), "sender": {"id": format!("person-{n}")}, "text": text});
        let before = now();
        loop {
            let request = client.post(format!("{url}/api/v1/inboxes/http/messages"));
            let sent = request.bearer_auth(TOKEN).json(&body).send().await;
            match sent {
                Ok(answer) if answer.status() == StatusCode::OK => {
                    let answer: Value = answer.json().await.unwrap_or_default();
                    answer["conversation"]
                        .as_str()
                        .unwrap_or_default()
                        .clone_into(&mut conversation);
                    break;
                }
                _ => {
                    seen.refused += 1;
                    sleep(Duration::from_millis(100)).await;
                }
            }
        }
        seen.waits.push(before.elapsed());
        said.push(text);
        sleep(pause).await;
    }
    seen.said.push((conversation, said));
    seen
}

fn somewhere(n: u64) -> String {
    let [_, a, b, c] = (n as u32).to_be_bytes();
    format!("10.{a}.{b}.{c}")
}

/// One attack, again and again with a new number.
async fn attack(kind: usize, client: Client, url: String, count: Arc<AtomicU64>) {
    let host = url.trim_start_matches("http://").to_owned();
    let picture = {
        let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
        bytes.resize(900 << 10, 0);
        BASE64_STANDARD.encode(bytes)
    };
    loop {
        let n = count.fetch_add(1, Ordering::Relaxed);
        let from = somewhere(n);
        let visitor = format!("{n:064}");
        let api = format!("{url}/api/v1");
        match kind {
            0 => {
                // Half a head, held until we are hung up on.
                if let Ok(mut stream) = TcpStream::connect(&host).await {
                    let _ = stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nX-").await;
                    let _ = stream.read(&mut [0; 64]).await;
                }
            }
            1 => {
                let request = client
                    .get(format!("{api}/queue"))
                    .bearer_auth(format!("guess-{n}"));
                let _ = request.header("x-forwarded-for", from).send().await;
            }
            2 => {
                let body = json!({"name": "Priya Shah", "password": format!("a guess {n}")});
                let request = client.post(format!("{api}/session")).json(&body);
                let _ = request.header("x-forwarded-for", from).send().await;
            }
            3 => {
                if let Ok(mut stream) = TcpStream::connect(&host).await {
                    let head = "POST /api/v1/inboxes/http/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer no\r\nContent-Length: 20000000\r\n\r\n";
                    let _ = stream.write_all(head.as_bytes()).await;
                    let megabyte = vec![b'x'; 1 << 20];
                    for _ in 0..20 {
                        if stream.write_all(&megabyte).await.is_err() {
                            break;
                        }
                    }
                }
            }
            4 => {
                let line = url.replace("http", "ws") + "/api/v1/inboxes/web/socket";
                if let Ok((mut socket, _)) = tokio_tungstenite::connect_async(line).await {
                    let hello = json!({"type": "hello", "token": visitor, "after": 0}).to_string();
                    let hello = tokio_tungstenite::tungstenite::Message::text(hello);
                    let _ = futures_util::SinkExt::send(&mut socket, hello).await;
                }
            }
            5 => {
                let path = format!("{api}/inboxes/http/conversations/nobody-{n}/messages");
                let _ = client.get(path).bearer_auth(TOKEN).send().await;
            }
            _ => {
                let file =
                    json!({"name": "leg.png", "media_type": "image/png", "content": picture});
                let body = json!({"id": "1", "text": "hello", "attachments": [file]});
                let request = client.post(format!("{api}/inboxes/web/messages"));
                let request = request
                    .bearer_auth(visitor)
                    .header("x-forwarded-for", "192.0.2.7");
                let _ = request.json(&body).send().await;
                sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

/// How many of each attack run at once.
const ATTACKERS: [(&str, usize); 7] = [
    ("half heads", 1000),
    ("guessed tokens", 4),
    ("guessed passwords", 8),
    ("bodies of 20 MB", 4),
    ("WebSockets", 4),
    ("unknown senders", 4),
    ("pictures", 2),
];

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(siege())
}

async fn siege() -> ExitCode {
    let seconds = number("SIEGE_SECONDS", 60);
    let people = number("SIEGE_CONVERSATIONS", 500);
    let pause = Duration::from_millis(number("SIEGE_PAUSE_MS", 5000));
    let program = Program::start().await;
    let client = Client::builder()
        .timeout(Duration::from_mins(1))
        .build()
        .expect("a client");
    // A token that was good before is not kept waiting by those who guess from the same address.
    let queue = client.get(format!("{}/api/v1/queue", program.url));
    let first = queue.bearer_auth(&program.agent).send().await;
    assert!(first.is_ok_and(|a| a.status() == StatusCode::OK));
    let over = Arc::new(AtomicBool::new(false));
    let mut honest = JoinSet::new();
    for n in 0..people {
        let (client, url, over) = (client.clone(), program.url.clone(), Arc::clone(&over));
        honest.spawn(person(client, url, n, pause, over));
    }
    let mut attackers = JoinSet::new();
    let counts: Vec<Arc<AtomicU64>> = ATTACKERS.iter().map(|_| Arc::default()).collect();
    if setting("SIEGE_QUIET").is_none() {
        for (kind, (_, many)) in ATTACKERS.iter().enumerate() {
            for _ in 0..*many {
                let (client, count) = (client.clone(), Arc::clone(&counts[kind]));
                attackers.spawn(attack(kind, client, program.url.clone(), count));
            }
        }
    }
    let begun = now();
    let mut memory = vec![program.memory()];
    while begun.elapsed() < Duration::from_secs(seconds) {
        sleep(LOOK_EVERY.min(Duration::from_secs(seconds))).await;
        memory.push(program.memory());
    }
    over.store(true, Ordering::Relaxed);
    let mut seen = Seen::default();
    while let Some(one) = honest.join_next().await {
        let one = one.expect("no panic");
        seen.waits.extend(one.waits);
        seen.refused += one.refused;
        seen.said.extend(one.said);
    }
    attackers.shutdown().await;
    let lost = lost(&client, &program, &seen.said).await;
    report(&mut seen, &memory, &counts, lost);
    if lost == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Messages that were answered with 200 and are not in their conversation, in their order.
async fn lost(client: &Client, program: &Program, said: &[(String, Vec<String>)]) -> u64 {
    let mut lost = 0;
    for (conversation, texts) in said.iter().filter(|(_, texts)| !texts.is_empty()) {
        let path = format!("{}/api/v1/conversations/{conversation}", program.url);
        let asked = client.get(path).bearer_auth(&program.agent).send();
        let answer = timeout(Duration::from_secs(30), asked).await;
        let detail: Value = match answer {
            Ok(Ok(answer)) => answer.json().await.unwrap_or_default(),
            _ => Value::Null,
        };
        let empty = Vec::new();
        let kept: Vec<&str> = detail["messages"]
            .as_array()
            .unwrap_or(&empty)
            .iter()
            .filter(|m| m["from"] == "contact")
            .filter_map(|m| m["text"].as_str())
            .collect();
        if kept != texts.iter().map(String::as_str).collect::<Vec<_>>() {
            lost += texts
                .iter()
                .filter(|t| !kept.contains(&t.as_str()))
                .count()
                .max(1) as u64;
        }
    }
    lost
}

fn report(seen: &mut Seen, memory: &[u64], counts: &[Arc<AtomicU64>], lost: u64) {
    seen.waits.sort();
    let at = |share: f64| {
        let index = (seen.waits.len() as f64 * share) as usize;
        seen.waits
            .get(index.min(seen.waits.len().saturating_sub(1)))
    };
    let late = seen.waits.iter().filter(|w| **w > LATE).count();
    println!(
        "messages {}  lost {lost}  refused and sent again {}",
        seen.waits.len(),
        seen.refused
    );
    for (name, share) in [
        ("half", 0.5),
        ("99 of 100", 0.99),
        ("999 of 1000", 0.999),
        ("all", 1.0),
    ] {
        println!("{name} within {:?}", at(share).copied().unwrap_or_default());
    }
    println!("later than {LATE:?}: {late}");
    for ((name, _), count) in ATTACKERS.iter().zip(counts) {
        println!("{name}: {}", count.load(Ordering::Relaxed));
    }
    let shown: Vec<String> = memory.iter().map(u64::to_string).collect();
    println!("memory, MB, every {LOOK_EVERY:?}: {}", shown.join(" "));
}
