//! What the one lock of all writers costs: one to four programs on one Postgres, driven all at once.
//!
//! `PROGRAMS_DATABASE=postgres://user@host:port/postgres cargo bench --bench programs` (a cluster on which databases
//! may be made; each row gets a fresh one). The programs, the driver and mostly the database share the machine, so that
//! more programs than processors can be no faster; what is looked at is what the lock adds. Numbers are printed,
//! nothing is judged.
//!
//! "waiting" is how many of the programs' writers, on average, waited for another's lock when the database was asked,
//! 20 times a second. Settings by environment: `PROGRAMS_SECONDS` (10) for each row, `PROGRAMS_CONVERSATIONS` (64) in
//! all at once.

use serde_json::json;
use sqlx::{AnyConnection, AssertSqlSafe, Connection};
use std::{
    net::TcpListener,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

const TOKEN: &str = "programs";
/// What a person says, turn by turn; then somebody new begins.
const SCRIPT: [&str; 6] = [
    "hello",
    "when does visiting start?",
    "Your night carer shouted at my mother on Maple ward yesterday, she was in tears",
    "Denise Hartley, I think",
    "no, that's all",
    "thank you",
];

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

struct Program {
    process: Child,
    url: String,
    _folder: tempfile::TempDir,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Program {
    async fn start(database: &str) -> Self {
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|l| l.local_addr())
            .expect("a free port")
            .port();
        let folder = tempfile::tempdir().expect("a folder");
        let process = Command::new(env!("CARGO_BIN_EXE_nohold"))
            .arg("serve")
            .current_dir(folder.path())
            .env("NOHOLD_DATABASE", database)
            .env("NOHOLD_LISTEN", format!("127.0.0.1:{port}"))
            .env("NOHOLD_HTTP_TOKEN", TOKEN)
            .env("RUST_LOG", "error")
            .stdout(Stdio::null())
            .spawn()
            .expect("the program starts");
        let url = format!("http://127.0.0.1:{port}");
        let program = Self {
            process,
            url,
            _folder: folder,
        };
        let ready = format!("{}/readyz", program.url);
        while !reqwest::get(&ready)
            .await
            .is_ok_and(|a| a.status().is_success())
        {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        program
    }
}

async fn connect(address: &str) -> AnyConnection {
    AnyConnection::connect(address)
        .await
        .expect("the cluster runs")
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(bench());
}

async fn bench() {
    let Some(cluster) = setting("PROGRAMS_DATABASE") else {
        println!("PROGRAMS_DATABASE is not set: nothing is measured");
        return;
    };
    let number = |name, usual| setting(name).and_then(|n| n.parse().ok()).unwrap_or(usual);
    let (seconds, conversations) = (
        number("PROGRAMS_SECONDS", 10),
        number("PROGRAMS_CONVERSATIONS", 64),
    );
    sqlx::any::install_default_drivers();
    println!(
        "| programs | conversations at once | turns/s | p50 ms | p99 ms | transactions/s | turns a transaction | waiting |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for count in 1..=4 {
        let name = format!("nohold_programs_{}_{count}", std::process::id());
        let mut admin = connect(&cluster).await;
        let make = AssertSqlSafe(format!("CREATE DATABASE {name}"));
        sqlx::query(make)
            .execute(&mut admin)
            .await
            .expect("a database");
        let (base, _) = cluster.rsplit_once('/').expect("an address");
        row(
            &format!("{base}/{name}"),
            count,
            conversations,
            Duration::from_secs(seconds),
        )
        .await;
        let drop = AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"));
        sqlx::query(drop).execute(&mut admin).await.expect("gone");
    }
}

async fn row(database: &str, count: usize, conversations: u64, time: Duration) {
    let mut programs = Vec::new();
    for _ in 0..count {
        programs.push(Program::start(database).await);
    }
    let (over, turns) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicU64::new(0)),
    );
    let people: Vec<_> = (0..conversations)
        .map(|n| {
            let url = programs[n as usize % count].url.clone();
            tokio::spawn(talk(url, n, Arc::clone(&over), Arc::clone(&turns)))
        })
        .collect();
    // The first second is not counted: connections are made, statements are prepared.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut look = connect(database).await;
    let before = (turns.load(Ordering::SeqCst), transactions(&mut look).await);
    let (begun, mut looks, mut waiting) = (now(), 0_u32, 0);
    while begun.elapsed() < time {
        let sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        let found: i64 = sqlx::query_scalar(sql)
            .fetch_one(&mut look)
            .await
            .expect("an answer");
        waiting += found;
        looks += 1;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let spent = begun.elapsed().as_secs_f64();
    let after = (turns.load(Ordering::SeqCst), transactions(&mut look).await);
    over.store(true, Ordering::SeqCst);
    let mut times: Vec<Duration> = Vec::new();
    for person in people {
        times.extend(person.await.expect("they end"));
    }
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1000.0;
    let (turned, written) = ((after.0 - before.0) as f64, (after.1 - before.1) as f64);
    println!(
        "| {count} | {conversations} | {:.0} | {:.1} | {:.1} | {:.0} | {:.1} | {:.2} |",
        turned / spent,
        at(0.5),
        at(0.99),
        written / spent,
        turned / written,
        waiting as f64 / f64::from(looks),
    );
}

/// How many transactions have taken the counter's row.
async fn transactions(db: &mut AnyConnection) -> i64 {
    let sql = "SELECT CAST(n_tup_upd AS BIGINT) FROM pg_stat_user_tables WHERE relname = 'counter'";
    sqlx::query_scalar(sql)
        .fetch_one(db)
        .await
        .expect("an answer")
}

/// One person after the other, until it is over; how long each answer took.
async fn talk(url: String, n: u64, over: Arc<AtomicBool>, turns: Arc<AtomicU64>) -> Vec<Duration> {
    let client = reqwest::Client::new();
    let mut times = Vec::new();
    for person in 0_u64.. {
        for (turn, text) in SCRIPT.iter().enumerate() {
            if over.load(Ordering::SeqCst) {
                return times;
            }
            let body = json!({"id": turn.to_string(), "sender": {"id": format!("{n}-{person}")}, "text": text});
            let begun = now();
            let sent = client
                .post(format!("{url}/api/v1/inboxes/http/messages"))
                .bearer_auth(TOKEN)
                .json(&body);
            let answer = sent.send().await.expect("an answer");
            if answer.status().is_success() {
                times.push(begun.elapsed());
                turns.fetch_add(1, Ordering::SeqCst);
            }
        }
    }
    times
}
