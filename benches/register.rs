//! How long the register's pages take: lists, searches and reports, on made-up complaints. `cargo bench --bench
//! register`; with `NOHOLD_BENCH_COMPLAINTS=100000` on more of them, and with `NOHOLD_BENCH_DATABASE=postgres://…` (an
//! empty database) on Postgres.

use reqwest::Client;
use std::{
    net::TcpListener,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

const BIN: &str = env!("CARGO_BIN_EXE_nohold");
const TIMES: usize = 30;
const PAGES: [(&str, &str); 10] = [
    ("first page", "complaints"),
    (
        "overdue, the first due first",
        "complaints?overdue=true&sort=due_at",
    ),
    ("most pressing first", "complaints?sort=-priority"),
    (
        "one status and category",
        "complaints?status=closed&category=safety",
    ),
    ("a place", "complaints?place=maple"),
    ("a rare word", "complaints?q=interpreter"),
    ("a common word", "complaints?q=ward"),
    ("a name", "complaints?q=oduya%20ann"),
    ("report of a year", "complaint-reports"),
    (
        "report of two years",
        "complaint-reports?from=2025-01-01&to=2026-12-31",
    ),
];

#[expect(clippy::disallowed_methods, reason = "a benchmark reads the time")]
fn now() -> Instant {
    Instant::now()
}

#[expect(clippy::disallowed_methods, reason = "whoever measures says on what")]
fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let number = setting("NOHOLD_BENCH_COMPLAINTS").unwrap_or_else(|| "20000".to_owned());
    let file = format!("sqlite://{}/nohold.db", folder.path().display());
    let database = setting("NOHOLD_BENCH_DATABASE").unwrap_or(file);
    let port = TcpListener::bind("127.0.0.1:0")
        .expect("a port")
        .local_addr()
        .expect("bound")
        .port();
    let command = |args: &[&str]| {
        let mut command = Command::new(BIN);
        let listen = format!("127.0.0.1:{port}");
        command
            .args(args)
            .current_dir(folder.path())
            .env("NOHOLD_DATABASE", &database)
            .env("NOHOLD_LISTEN", listen)
            .env("NOHOLD_ENCODER", "false");
        command
    };
    let run = |args: &[&str]| {
        let output = command(args).output().expect("runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{args:?}: {said}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let watch = now();
    run(&["demo", "--conversations", &number, "--complaints", &number]);
    println!(
        "{number} complaints made up in {:.1} s",
        watch.elapsed().as_secs_f64()
    );
    run(&["agents", "add", "Mo Bell", "--role", "supervisor"]);
    let made = run(&["tokens", "create", "--agent", "Mo Bell"]);
    let token = made.split_whitespace().last().expect("a token").to_owned();
    let mut server = command(&["serve"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("starts");
    let client = Client::new();
    let base = format!("http://127.0.0.1:{port}");
    while client.get(format!("{base}/readyz")).send().await.is_err() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    for (name, path) in PAGES {
        let mut took = Vec::with_capacity(TIMES);
        for _ in 0..TIMES {
            let watch = now();
            let answer = client
                .get(format!("{base}/api/v1/{path}"))
                .bearer_auth(&token)
                .send()
                .await
                .expect("an answer");
            assert!(answer.status().is_success(), "{path}: {}", answer.status());
            answer.bytes().await.expect("read");
            took.push(watch.elapsed());
        }
        took.sort();
        let of = |share: usize| took[(TIMES * share / 100).min(TIMES - 1)].as_secs_f64() * 1000.0;
        println!(
            "{name:<32} median {:7.1} ms   p95 {:7.1} ms",
            of(50),
            of(95)
        );
    }
    server.kill().expect("stopped");
    server.wait().expect("gone");
}
