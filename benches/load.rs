//! Drives many conversations at once against the running program, and against a floor in the same run.
//!
//! `cargo bench --bench load` (a bench and not a subcommand: a driver and a floor are nothing that the shipped program
//! should carry). The floor is a bare axum handler that durably writes the same two messages a turn through the same
//! kind of database, in group commits. The driver shares the machine with what it drives. Numbers are printed, nothing
//! is judged.
//!
//! Settings by environment: `LOAD_SECONDS` (10) for each row, `LOAD_CONVERSATIONS` for one row only, `LOAD_DATABASE` (a
//! fresh `SQLite` file; or a `postgres://…` database that is empty).

use axum::{Json, Router, extract::State, routing::post};
use http_body_util::{BodyExt, Full};
use hyper::{Request, body::Bytes, client::conn::http1::SendRequest};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use sqlx::{Connection, Executor};
use std::{
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{mpsc, oneshot},
};

const TOKEN: &str = "load";
/// What a person says, turn by turn; then somebody new begins.
const SCRIPT: [&str; 10] = [
    "hello",
    "when does visiting start?",
    "Your night carer shouted at my mother on Maple ward yesterday, she was in tears",
    "Denise Hartley, I think",
    "Ann Oduya",
    "ann.oduya@example.org",
    "an apology, and that it does not happen again",
    "yes, she asked me to write",
    "no, that's all",
    "thank you",
];
const CONVERSATIONS: [usize; 4] = [1, 64, 256, 1000];
const OPEN: usize = 10_000;

#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark reads its own settings and the time"
)]
fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

#[expect(clippy::disallowed_methods, reason = "a benchmark reads the time")]
fn now() -> Instant {
    Instant::now()
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    match args.iter().position(|a| a == "--floor") {
        Some(at) => runtime.block_on(floor(&args[at + 1], &args[at + 2])),
        None => runtime.block_on(bench()),
    }
}

struct Row {
    turns: f64,
    p50: Duration,
    p99: Duration,
    p999: Duration,
    cpu: f64,
}

async fn bench() {
    let seconds: u64 = setting("LOAD_SECONDS")
        .and_then(|s| s.parse().ok())
        .unwrap_or(10);
    println!(
        "| conversations at once | | turns/s | p50 ms | p99 ms | p99.9 ms | CPU s per 1,000 turns |"
    );
    println!("|---|---|---|---|---|---|---|");
    let mut rss = 0;
    let mut ready = Duration::ZERO;
    let only = setting("LOAD_CONVERSATIONS").and_then(|n| n.parse().ok());
    for n in CONVERSATIONS
        .into_iter()
        .filter(|n| only.is_none_or(|o: usize| o == *n))
    {
        let mut rows = Vec::new();
        for name in ["nohold", "floor"] {
            let mut server = Server::start(name).await;
            if name == "nohold" {
                ready = server.ready;
            }
            let row = drive(&server, n, Duration::from_secs(seconds)).await;
            println!(
                "| {n} | {name} | {:.0} | {:.2} | {:.2} | {:.2} | {:.3} |",
                row.turns,
                ms(row.p50),
                ms(row.p99),
                ms(row.p999),
                row.cpu * 1000.0 / (row.turns * seconds as f64)
            );
            rows.push(row);
            if name == "nohold" && n == CONVERSATIONS[CONVERSATIONS.len() - 1] {
                server.stop();
                server = Server::start(name).await;
                open_many(&server).await;
                rss = server.rss_kb();
            }
            server.stop();
        }
        println!(
            "| {n} | ratio | {:.2} | | {:.2} | | |",
            rows[0].turns / rows[1].turns,
            ms(rows[0].p99) / ms(rows[1].p99)
        );
    }
    println!(
        "\nready after {:.0} ms; resident memory with {OPEN} open conversations: {:.0} MB",
        ms(ready),
        rss as f64 / 1024.0
    );
}

fn ms(d: Duration) -> f64 {
    d.as_secs_f64() * 1000.0
}

struct Server {
    child: Child,
    address: String,
    ready: Duration,
    _folder: tempfile::TempDir,
}

impl Server {
    async fn start(name: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .and_then(|l| l.local_addr())
            .expect("a free port")
            .port();
        let address = format!("127.0.0.1:{port}");
        let database = setting("LOAD_DATABASE")
            .unwrap_or_else(|| format!("sqlite://{}/load.db", folder.path().display()));
        let mut command = if name == "floor" {
            let mut command = Command::new(std::env::current_exe().expect("this program"));
            command.args(["--floor", &address, &database]);
            command
        } else {
            let mut command = Command::new(env!("CARGO_BIN_EXE_nohold"));
            command
                .env("NOHOLD_LISTEN", &address)
                .env("NOHOLD_DATABASE", &database)
                .env("NOHOLD_HTTP_TOKEN", TOKEN)
                .env("RUST_LOG", "warn");
            command
        };
        let began = now();
        let child = command
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("it starts");
        loop {
            if let Ok(mut connection) = connect(&address).await
                && request(&mut connection, "GET", "/readyz", String::new())
                    .await
                    .is_some()
            {
                break;
            }
            assert!(
                began.elapsed() < Duration::from_secs(20),
                "{name} does not come up"
            );
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Self {
            child,
            address,
            ready: began.elapsed(),
            _folder: folder,
        }
    }

    /// Processor seconds used so far, by the kernel's count.
    fn cpu(&self) -> f64 {
        let stat =
            std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        let fields: Vec<&str> = stat
            .rsplit(')')
            .next()
            .unwrap_or_default()
            .split_whitespace()
            .collect();
        let ticks = |n: usize| {
            fields
                .get(n)
                .and_then(|f| f.parse::<f64>().ok())
                .unwrap_or(0.0)
        };
        (ticks(11) + ticks(12)) / 100.0
    }

    fn rss_kb(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))
            .unwrap_or_default();
        let line = status
            .lines()
            .find(|l| l.starts_with("VmRSS:"))
            .unwrap_or_default();
        line.split_whitespace()
            .nth(1)
            .and_then(|n| n.parse().ok())
            .unwrap_or(0)
    }

    fn stop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

type Wire = SendRequest<Full<Bytes>>;

async fn connect(address: &str) -> Result<Wire, hyper::Error> {
    let stream = loop {
        match TcpStream::connect(address).await {
            Ok(stream) => break stream,
            Err(_) => tokio::time::sleep(Duration::from_millis(2)).await,
        }
    };
    stream.set_nodelay(true).expect("a socket option");
    let (sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(sender)
}

async fn request(wire: &mut Wire, method: &str, path: &str, body: String) -> Option<Bytes> {
    wire.ready().await.ok()?;
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "load")
        .header("authorization", format!("Bearer {TOKEN}"))
        .header("content-type", "application/json");
    let response = wire
        .send_request(request.body(Full::from(body)).expect("a request"))
        .await
        .ok()?;
    let good = response.status().is_success();
    let bytes = response.into_body().collect().await.ok()?.to_bytes();
    good.then_some(bytes)
}

/// So many conversations at once, each waiting for its answer before it goes on.
async fn drive(server: &Server, n: usize, time: Duration) -> Row {
    let stop = Arc::new(AtomicBool::new(false));
    let failed = Arc::new(AtomicU64::new(0));
    let mut tasks = Vec::new();
    let cpu = server.cpu();
    let began = now();
    for c in 0..n {
        let (address, stop, failed) = (
            server.address.clone(),
            Arc::clone(&stop),
            Arc::clone(&failed),
        );
        tasks.push(tokio::spawn(async move {
            let mut wire = connect(&address).await.expect("a connection");
            let mut times = Vec::with_capacity(1024);
            let mut turn = 0_usize;
            while !stop.load(Ordering::Relaxed) {
                let (round, step) = (turn / SCRIPT.len(), turn % SCRIPT.len());
                let body = format!(
                    r#"{{"id":"{c}-{turn}","sender":{{"id":"{c}-{round}"}},"text":"{}"}}"#,
                    SCRIPT[step]
                );
                let sent = now();
                if request(&mut wire, "POST", "/api/v1/inboxes/http/messages", body)
                    .await
                    .is_some()
                {
                    times.push(sent.elapsed());
                    turn += 1;
                } else {
                    failed.fetch_add(1, Ordering::Relaxed);
                    wire = connect(&address).await.expect("a connection");
                }
            }
            times
        }));
    }
    tokio::time::sleep(time).await;
    stop.store(true, Ordering::Relaxed);
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await.expect("a conversation ends"));
    }
    let elapsed = began.elapsed();
    let failed = failed.load(Ordering::Relaxed);
    if failed > 0 {
        println!("({failed} requests were sent back)");
    }
    times.sort_unstable();
    let at = |share: f64| times[((times.len() as f64 * share) as usize).min(times.len() - 1)];
    Row {
        turns: times.len() as f64 / elapsed.as_secs_f64(),
        p50: at(0.5),
        p99: at(0.99),
        p999: at(0.999),
        cpu: server.cpu() - cpu,
    }
}

/// Ten thousand people have each begun a complaint and are expected to go on.
async fn open_many(server: &Server) {
    let mut tasks = Vec::new();
    for lane in 0..100 {
        let address = server.address.clone();
        tasks.push(tokio::spawn(async move {
            let mut wire = connect(&address).await.expect("a connection");
            for n in 0..OPEN / 100 {
                let body = format!(
                    r#"{{"id":"o{lane}-{n}","sender":{{"id":"o{lane}-{n}"}},"text":"{}"}}"#,
                    SCRIPT[2]
                );
                request(&mut wire, "POST", "/api/v1/inboxes/http/messages", body)
                    .await
                    .expect("taken");
            }
        }));
    }
    for task in tasks {
        task.await.expect("a lane ends");
    }
}

/// One turn of the floor, on its way to the disk.
type Turn = (String, String, oneshot::Sender<()>);

/// The floor: two messages a turn, durable before the answer, whatever waits in one commit.
async fn floor(address: &str, database: &str) {
    sqlx::any::install_default_drivers();
    let sqlite = database.starts_with("sqlite");
    let url = if sqlite {
        format!("{database}?mode=rwc")
    } else {
        database.to_owned()
    };
    let mut db = sqlx::AnyConnection::connect(&url)
        .await
        .expect("a database");
    if sqlite {
        db.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")
            .await
            .expect("pragmas");
    }
    db.execute("CREATE TABLE IF NOT EXISTS floor (conversation TEXT NOT NULL, position BIGINT NOT NULL, author TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (conversation, position))").await.expect("a table");
    db.execute("DELETE FROM floor").await.expect("empty");
    let rows = if sqlite {
        "json_each($1) AS j"
    } else {
        "json_array_elements(CAST($1 AS json)) AS j(value)"
    };
    let sql = format!(
        "INSERT INTO floor SELECT j.value->>'c', CAST(j.value->>'p' AS BIGINT), j.value->>'a', j.value->>'x' FROM {rows}"
    );
    let (queue, mut waiting) = mpsc::channel::<Turn>(4096);
    tokio::spawn(async move {
        let mut position = 0_i64;
        while let Some(first) = waiting.recv().await {
            let mut batch = vec![first];
            while batch.len() < 256
                && let Ok(next) = waiting.try_recv()
            {
                batch.push(next);
            }
            let reply =
                "Thank you for telling us. I'm writing it down as we speak, so nothing gets lost. "
                    .repeat(3);
            let mut rows = Vec::with_capacity(batch.len() * 2);
            for (conversation, text, _) in &batch {
                rows.push(json!({"c": conversation, "p": position, "a": "contact", "x": text}));
                rows.push(json!({"c": conversation, "p": position + 1, "a": "bot", "x": reply}));
                position += 2;
            }
            let mut transaction = db.begin().await.expect("begins");
            sqlx::query(sqlx::AssertSqlSafe(sql.clone()))
                .bind(serde_json::to_string(&rows).expect("JSON"))
                .execute(&mut *transaction)
                .await
                .expect("written");
            transaction.commit().await.expect("durable");
            for (_, _, done) in batch {
                let _ = done.send(());
            }
        }
    });
    let take = async |State(queue): State<mpsc::Sender<Turn>>, Json(body): Json<Value>| {
        let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        let (done, written) = oneshot::channel();
        let _ = queue
            .send((text(&body["sender"]["id"]), text(&body["text"]), done))
            .await;
        let _ = written.await;
        Json(json!({"status": "bot", "replies": [{"text": "Thank you for telling us."}]}))
    };
    let app = Router::new()
        .route("/api/v1/inboxes/http/messages", post(take))
        .route("/readyz", axum::routing::get(async || "ready"))
        .with_state(queue);
    axum::serve(TcpListener::bind(address).await.expect("an address"), app)
        .await
        .expect("it serves");
}
