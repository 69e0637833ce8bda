//! Calls of the Bot API: teloxide's payloads over our own client, which tells the error's code and never shows the
//! token.

use crate::{
    channel::bounded,
    config::{Secret, TelegramSettings},
    domain::event::Unkept,
};
use reqwest::{Client, Url, multipart::Form};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::time::Duration;
use teloxide::{
    payloads,
    requests::Payload,
    types::{FileId, True},
};
use tokio::sync::Semaphore;

const OFFICIAL: &str = "https://api.telegram.org/";
/// How long a connection and a whole call may take.
const CONNECT: Duration = Duration::from_secs(5);
const CALL: Duration = Duration::from_secs(20);
/// How long a call that carries a file may take: less than what the outbox gives one attempt.
const UPLOAD: Duration = Duration::from_secs(55);

/// How many files are fetched at once: after a night off there may be thousands, and each is held in memory. Those that
/// are asked for again have turns of their own, so that slow ones hold up no others.
const FILES: usize = 8;
const LATE_FILES: usize = 4;

/// How long a file may take to come: as long as something comes, and not slower than that in all.
#[derive(Clone, Copy, Debug)]
struct Pace {
    /// The longest time in which nothing comes.
    silence: Duration,
    /// What every file may take.
    least: Duration,
    /// The fewest bytes a second.
    slowest: u64,
}

const PACE: Pace = Pace {
    silence: Duration::from_secs(20),
    least: Duration::from_mins(1),
    slowest: 16 << 10,
};

impl Pace {
    /// The longest time for so many bytes.
    fn whole(&self, bytes: u64) -> Duration {
        self.least + Duration::from_secs(bytes / self.slowest.max(1))
    }
}

/// The API, for one bot.
#[derive(Debug)]
pub(super) struct Api {
    client: Client,
    /// Fetches files: its calls end when nothing comes any more.
    downloads: Client,
    pace: Pace,
    base: Url,
    token: Secret,
    /// Turns at fetching files, and at asking for them again.
    files: Semaphore,
    late_files: Semaphore,
}

/// Why a call did not work. Carries no address: it has the token in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CallError {
    /// Nothing answered, or not in time. The call may have had its effect all the same.
    Network,
    /// What answered does not speak the Bot API; the HTTP status.
    NotTheApi(u16),
    /// Telegram says no.
    Refused {
        /// As HTTP's.
        code: u16,
        /// In Telegram's words.
        description: String,
        /// Not before so many seconds.
        retry_after: Option<u64>,
    },
}

#[derive(Deserialize)]
struct Answer {
    ok: bool,
    #[serde(default)]
    result: serde_json::Value,
    #[serde(default)]
    error_code: u16,
    #[serde(default)]
    description: String,
    #[serde(default)]
    parameters: Parameters,
}

#[derive(Default, Deserialize)]
struct Parameters {
    retry_after: Option<u64>,
}

#[derive(Serialize)]
struct Direct<'a, P> {
    #[serde(flatten)]
    payload: &'a P,
    #[serde(skip_serializing_if = "Option::is_none")]
    direct_messages_topic_id: Option<i64>,
}

#[derive(Deserialize)]
struct Path {
    file_path: Option<String>,
    file_size: Option<u64>,
}

impl Api {
    pub(super) fn new(settings: &TelegramSettings) -> Result<Self, reqwest::Error> {
        Self::with(settings, CALL, PACE)
    }

    fn with(
        settings: &TelegramSettings,
        call: Duration,
        pace: Pace,
    ) -> Result<Self, reqwest::Error> {
        let base = settings
            .api
            .clone()
            .unwrap_or_else(|| Url::parse(OFFICIAL).expect("a written-out address"));
        Ok(Self {
            client: client().timeout(call).build()?,
            downloads: client().read_timeout(pace.silence).build()?,
            pace,
            base,
            token: settings.token.clone(),
            files: Semaphore::new(FILES),
            late_files: Semaphore::new(LATE_FILES),
        })
    }

    fn address(&self, head: &str, tail: &str) -> String {
        let base = self.base.as_str().trim_end_matches('/');
        format!("{base}{head}/bot{}/{tail}", self.token.reveal())
    }

    /// Calls a method with one of teloxide's payloads; its answer as we need it.
    pub(super) async fn call<P: Payload + Serialize, R: DeserializeOwned>(
        &self,
        payload: &P,
    ) -> Result<R, CallError> {
        self.call_direct(payload, None).await
    }

    /// The same for a topic of a channel's direct messages, which teloxide's payloads do not have yet.
    pub(super) async fn call_direct<P: Payload + Serialize, R: DeserializeOwned>(
        &self,
        payload: &P,
        direct_messages_topic_id: Option<i64>,
    ) -> Result<R, CallError> {
        let mut request = self.client.post(self.method(P::NAME)).json(&Direct {
            payload,
            direct_messages_topic_id,
        });
        if let Some(longer) = payload.timeout_hint() {
            request = request.timeout(CALL + longer);
        }
        Self::answer(request).await
    }

    /// Calls a method that carries a file.
    pub(super) async fn upload<R: DeserializeOwned>(
        &self,
        method: &str,
        form: Form,
    ) -> Result<R, CallError> {
        let request = self.client.post(self.method(method)).timeout(UPLOAD);
        Self::answer(request.multipart(form)).await
    }

    fn method(&self, name: &str) -> String {
        let mut letters = name.chars();
        let first = letters.next().map(|c| c.to_ascii_lowercase());
        let name: String = first.into_iter().chain(letters).collect();
        self.address("", &name)
    }

    async fn answer<R: DeserializeOwned>(request: reqwest::RequestBuilder) -> Result<R, CallError> {
        let response = request.send().await.map_err(|_| CallError::Network)?;
        let status = response.status().as_u16();
        let body = response.bytes().await.map_err(|_| CallError::Network)?;
        let answer: Answer =
            serde_json::from_slice(&body).map_err(|_| CallError::NotTheApi(status))?;
        if answer.ok {
            return serde_json::from_value(answer.result).map_err(|_| CallError::NotTheApi(status));
        }
        Err(CallError::Refused {
            code: answer.error_code,
            description: answer.description,
            retry_after: answer.parameters.retry_after,
        })
    }

    /// A file's bytes, at most so many; `late` where it is asked for again.
    pub(super) async fn file(&self, id: &str, most: usize, late: bool) -> Result<Vec<u8>, Unkept> {
        let payload = payloads::GetFile {
            file_id: FileId(id.to_owned()),
        };
        let turns = if late { &self.late_files } else { &self.files };
        let _turn = (turns.acquire().await).map_err(|_| Unkept::Unavailable)?;
        let path: Path = self.call(&payload).await.map_err(|e| match e {
            // Telegram gives bots files of at most 20 MB.
            CallError::Refused {
                code: 400,
                description,
                ..
            } if description.contains("file is too big") => Unkept::TooLarge,
            // "wrong file_id or the file is temporarily unavailable": it may be there in a moment.
            _ => Unkept::Unavailable,
        })?;
        if path.file_size.is_some_and(|size| size > most as u64) {
            return Err(Unkept::TooLarge);
        }
        let size = path.file_size.unwrap_or(most as u64);
        let path = path.file_path.ok_or(Unkept::Unavailable)?;
        let address = self.address("/file", &path);
        let request = self.downloads.get(address).timeout(self.pace.whole(size));
        let response = request.send().await;
        let response = response.and_then(reqwest::Response::error_for_status);
        let content = bounded(response.map_err(|_| Unkept::Unavailable)?, most).await;
        content
            .map_err(|_| Unkept::Unavailable)?
            .ok_or(Unkept::TooLarge)
    }

    /// Calls a method whose answer says nothing more.
    pub(super) async fn tell<P: Payload + Serialize>(&self, payload: &P) -> Result<(), CallError> {
        self.call::<P, True>(payload).await.map(drop)
    }
}

fn client() -> reqwest::ClientBuilder {
    Client::builder()
        .connect_timeout(CONNECT)
        .redirect(reqwest::redirect::Policy::none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };

    /// A server that tells of a file of ten bytes and then gives so many of them, one at a time, that far apart.
    async fn api(bytes: usize, apart: Duration) -> Api {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        tokio::spawn(async move {
            while let Ok((mut wire, _)) = listener.accept().await {
                let mut asked = String::new();
                // A call ends with its JSON, a download with its head.
                let whole = |asked: &str| {
                    asked.ends_with('}') || asked.starts_with("GET") && asked.ends_with("\r\n\r\n")
                };
                while !whole(&asked) {
                    let mut piece = [0_u8; 4096];
                    let length = wire.read(&mut piece).await.expect("a call");
                    asked += &String::from_utf8_lossy(&piece[..length]);
                }
                let told = r#"{"ok":true,"result":{"file_path":"a","file_size":10}}"#;
                let head = |length: usize| {
                    format!(
                        "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
                    )
                };
                if asked.starts_with("POST") {
                    let answer = head(told.len()) + told;
                    let _ = wire.write_all(answer.as_bytes()).await;
                    continue;
                }
                let _ = wire.write_all(head(10).as_bytes()).await;
                for _ in 0..bytes {
                    tokio::time::sleep(apart).await;
                    let _ = wire.write_all(b"x").await;
                }
                if bytes < 10 {
                    std::future::pending::<()>().await;
                }
            }
        });
        let settings = TelegramSettings {
            token: Secret::new("1:a"),
            api: Some(Url::parse(&url).expect("an address")),
            webhook: None,
        };
        let pace = Pace {
            silence: Duration::from_millis(400),
            least: Duration::from_mins(1),
            slowest: 10,
        };
        Api::with(&settings, Duration::from_millis(200), pace).expect("a client")
    }

    #[tokio::test]
    async fn a_file_may_take_longer_than_a_call_as_long_as_something_comes() {
        let api = api(10, Duration::from_millis(50)).await;
        assert_eq!(api.file("f", 100, false).await, Ok(b"xxxxxxxxxx".to_vec()));
    }

    #[tokio::test]
    async fn a_file_of_which_nothing_comes_any_more_is_let_go() {
        let api = api(3, Duration::from_millis(10)).await;
        assert_eq!(api.file("f", 100, true).await, Err(Unkept::Unavailable));
    }

    #[test]
    fn the_larger_a_file_the_longer_it_may_take() {
        assert_eq!(PACE.whole(0), Duration::from_mins(1));
        assert_eq!(PACE.whole(20 << 20), Duration::from_secs(60 + 1280));
    }
}
