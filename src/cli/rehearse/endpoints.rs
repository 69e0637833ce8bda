//! Endpoints of others that fail: at 127.0.0.1, in the place of Telegram, of Discord, of a language model.

use serde_json::{Value, json};
use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::sleep,
};

/// For how long it is held that there is nothing new.
const HOLD: Duration = Duration::from_millis(300);
/// More than this nobody sends here.
const MOST: usize = 1 << 20;

/// What it has been told, and what it tells.
#[derive(Debug, Default)]
struct Kept {
    updates: Vec<Value>,
    sent: Vec<String>,
}

/// An endpoint that works like the Bot API of Telegram, as far as a rehearsal needs it, or fails.
#[derive(Debug)]
pub(super) struct Endpoint {
    address: SocketAddr,
    broken: Arc<AtomicBool>,
    kept: Arc<Mutex<Kept>>,
    task: JoinHandle<()>,
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Endpoint {
    /// Opens it; broken, it answers 502 to everything.
    pub(super) async fn open(broken: bool) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let broken = Arc::new(AtomicBool::new(broken));
        let kept: Arc<Mutex<Kept>> = Arc::default();
        let (fails, keeps) = (Arc::clone(&broken), Arc::clone(&kept));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (fails, keeps) = (Arc::clone(&fails), Arc::clone(&keeps));
                // Whoever hangs up is served no further.
                tokio::spawn(async move { drop(serve(stream, &fails, &keeps).await) });
            }
        });
        Ok(Self {
            address,
            broken,
            kept,
            task,
        })
    }

    /// One that takes connections and never says a word.
    pub(super) async fn that_hangs() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let task = tokio::spawn(async move {
            let mut held = Vec::new();
            while let Ok((stream, _)) = listener.accept().await {
                held.push(stream);
            }
        });
        Ok(Self {
            address,
            broken: Arc::default(),
            kept: Arc::default(),
            task,
        })
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on it fails, or works.
    pub(super) fn is_broken(&self, broken: bool) {
        self.broken.store(broken, Ordering::SeqCst);
    }

    fn look(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A person writes there: it is kept until it is fetched.
    pub(super) fn writes(&self, text: &str, seconds: i64) {
        let mut kept = self.look();
        let number = kept.updates.len() as i64 + 1;
        let person = json!({"id": 7, "is_bot": false, "first_name": "Tess"});
        kept.updates.push(json!({"update_id": number, "message": {
            "message_id": number, "date": seconds, "text": text, "from": person,
            "chat": {"id": 7, "type": "private", "first_name": "Tess"},
        }}));
    }

    /// What was delivered to people.
    pub(super) fn delivered(&self) -> Vec<String> {
        self.look().sent.clone()
    }
}

/// Reads a request; its path and body.
async fn request(stream: &mut TcpStream) -> io::Result<(String, Value)> {
    let mut read = Vec::new();
    let head = loop {
        if let Some(end) = read.windows(4).position(|w| w == b"\r\n\r\n") {
            break end + 4;
        }
        if read.len() > MOST || stream.read_buf(&mut read).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    };
    let text = String::from_utf8_lossy(&read[..head]).into_owned();
    let path = text
        .split_whitespace()
        .nth(1)
        .unwrap_or_default()
        .to_owned();
    let length = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is = name.eq_ignore_ascii_case("content-length");
        is.then(|| value.trim().parse::<usize>().ok()).flatten()
    });
    let whole = head + length.unwrap_or(0).min(MOST);
    while read.len() < whole {
        if stream.read_buf(&mut read).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    let body = serde_json::from_slice(&read[head..]).unwrap_or(Value::Null);
    Ok((path, body))
}

async fn serve(mut stream: TcpStream, broken: &AtomicBool, kept: &Mutex<Kept>) -> io::Result<()> {
    let (path, body) = request(&mut stream).await?;
    let (status, answer) = if broken.load(Ordering::SeqCst) {
        ("502 Bad Gateway", json!({"ok": false, "error_code": 502}))
    } else {
        let method = path.rsplit('/').next().unwrap_or_default();
        let result = obey(&method.to_lowercase(), &body, kept).await;
        ("200 OK", json!({"ok": true, "result": result}))
    };
    let body = answer.to_string();
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body.as_bytes()).await?;
    stream.shutdown().await
}

async fn obey(method: &str, asked: &Value, kept: &Mutex<Kept>) -> Value {
    let look = || kept.lock().unwrap_or_else(PoisonError::into_inner);
    match method {
        "getme" => json!({
            "id": 42, "is_bot": true, "first_name": "Rehearsal", "username": "rehearsal_bot",
            "can_join_groups": true, "can_read_all_group_messages": false, "supports_inline_queries": false,
        }),
        "getwebhookinfo" => {
            json!({"url": "", "has_custom_certificate": false, "pending_update_count": 0})
        }
        "getupdates" => {
            let from = asked["offset"].as_i64().unwrap_or(0);
            let new = |u: &&Value| u["update_id"].as_i64() >= Some(from);
            let found: Vec<Value> = look().updates.iter().filter(new).cloned().collect();
            if found.is_empty() {
                sleep(HOLD).await;
            }
            json!(found)
        }
        "sendmessage" => {
            let mut kept = look();
            let text = asked["text"].as_str().unwrap_or_default().to_owned();
            kept.sent.push(text.clone());
            json!({
                "message_id": 1_000 + kept.sent.len(), "date": 0, "text": text,
                "chat": {"id": 7, "type": "private", "first_name": "Tess"},
            })
        }
        _ => json!(true),
    }
}
