//! Calls of the Bot API: teloxide's payloads over our own client, which tells the error's code and never shows the token.

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

/// How many files are fetched at once: after a night off there may be thousands, and each is held in memory.
const FILES: usize = 8;

/// The API, for one bot.
#[derive(Debug)]
pub(super) struct Api {
    client: Client,
    base: Url,
    token: Secret,
    /// Turns at fetching files.
    files: Semaphore,
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
        let base = settings
            .api
            .clone()
            .unwrap_or_else(|| Url::parse(OFFICIAL).expect("a written-out address"));
        Ok(Self {
            client: Client::builder()
                .connect_timeout(CONNECT)
                .timeout(CALL)
                .redirect(reqwest::redirect::Policy::none())
                .build()?,
            base,
            token: settings.token.clone(),
            files: Semaphore::new(FILES),
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
        let longer = payload.timeout_hint().unwrap_or_default();
        let request = self
            .client
            .post(self.method(P::NAME))
            .timeout(CALL + longer)
            .json(&Direct {
                payload,
                direct_messages_topic_id,
            });
        Self::answer(request).await
    }

    /// Calls a method that carries a file.
    pub(super) async fn upload<R: DeserializeOwned>(
        &self,
        method: &str,
        form: Form,
    ) -> Result<R, CallError> {
        Self::answer(self.client.post(self.method(method)).multipart(form)).await
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

    /// A file's bytes, at most so many.
    pub(super) async fn file(&self, id: &str, most: usize) -> Result<Vec<u8>, Unkept> {
        let payload = payloads::GetFile {
            file_id: FileId(id.to_owned()),
        };
        let _turn = (self.files.acquire().await).map_err(|_| Unkept::Unavailable)?;
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
        let path = path.file_path.ok_or(Unkept::Unavailable)?;
        let address = self.address("/file", &path);
        let response = self.client.get(address).send().await;
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
