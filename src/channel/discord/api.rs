//! Calls of Discord's HTTP API. Nothing is tried again here: whoever asks knows what else waits.

use super::{limits::Limits, trouble::CallError};
use crate::{channel::bounded, config::DiscordSettings};
use reqwest::{
    Client, Method,
    header::{AUTHORIZATION, HeaderMap, HeaderValue},
    multipart::{Form, Part},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::{sync::Arc, time::Duration};

/// How long a connection and a whole call may take.
pub(super) const CONNECT: Duration = Duration::from_secs(5);
pub(super) const CALL: Duration = Duration::from_secs(20);
/// Discord's own address, and the version that is spoken.
const ADDRESS: &str = "https://discord.com";
const VERSION: &str = "/api/v10/";
/// Largest answer that is read, in bytes: a hundred messages are less.
const LARGEST: usize = 8 << 20;
/// As Discord wants bots to name themselves.
const NAME: &str = concat!("DiscordBot (nohold, ", env!("CARGO_PKG_VERSION"), ")");

/// The API, for one bot. Clones share the limits.
#[derive(Clone, Debug)]
pub(super) struct Api {
    client: Client,
    base: Arc<str>,
    limits: Arc<Limits>,
}

/// A file to be sent: its name, type and bytes.
pub(super) type Upload<'a> = (&'a str, &'a str, &'a [u8]);

#[derive(Deserialize)]
struct Refusal {
    #[serde(default)]
    code: u64,
}

impl Api {
    pub(super) fn new(settings: &DiscordSettings) -> Result<Self, reqwest::Error> {
        let token = settings.token.reveal();
        let token = token.strip_prefix("Bot ").unwrap_or(token);
        let mut headers = HeaderMap::new();
        // The settings take graphic characters only, which every header may have.
        if let Ok(mut value) = HeaderValue::from_str(&format!("Bot {token}")) {
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        let client = Client::builder()
            .user_agent(NAME)
            .default_headers(headers)
            .connect_timeout(CONNECT)
            .timeout(CALL)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        let address = settings.api.as_ref().map_or(ADDRESS, |url| url.as_str());
        let address = address.trim_end_matches('/');
        let address = address.trim_end_matches("/v10").trim_end_matches("/api");
        Ok(Self {
            client,
            base: format!("{address}{VERSION}").into(),
            limits: Arc::new(Limits::new()),
        })
    }

    /// What may be asked at this moment.
    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Asks for something.
    pub(super) async fn get<R: DeserializeOwned>(&self, path: &str) -> Result<R, CallError> {
        let request = self.client.get(format!("{}{path}", self.base));
        answer(&self.send(&Method::GET, path, request).await?)
    }

    /// Makes something; what it became.
    pub(super) async fn post<R: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<R, CallError> {
        let request = self.client.post(format!("{}{path}", self.base)).json(body);
        answer(&self.send(&Method::POST, path, request).await?)
    }

    /// The same with files.
    pub(super) async fn upload<R: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
        files: &[Upload<'_>],
    ) -> Result<R, CallError> {
        let body = serde_json::to_string(body).map_err(|_| CallError::NotTheApi)?;
        let mut form = Form::new().text("payload_json", body);
        for (number, (name, media_type, content)) in files.iter().enumerate() {
            let part = Part::bytes(content.to_vec()).file_name((*name).to_owned());
            // A type that is none is left to Discord to find out.
            let part = match part.mime_str(media_type) {
                Ok(part) => part,
                Err(_) => Part::bytes(content.to_vec()).file_name((*name).to_owned()),
            };
            form = form.part(format!("files[{number}]"), part);
        }
        let request = self
            .client
            .post(format!("{}{path}", self.base))
            .multipart(form);
        answer(&self.send(&Method::POST, path, request).await?)
    }

    /// Does something whose answer says nothing more.
    pub(super) async fn tell(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<(), CallError> {
        let request = self
            .client
            .request(method.clone(), format!("{}{path}", self.base));
        let request = match body {
            Some(body) => request.json(body),
            // An empty body has a length, which some servers insist on.
            None => request.body(""),
        };
        self.send(&method, path, request).await.map(drop)
    }

    /// One request, where the limits let it leave; the answer's body.
    async fn send(
        &self,
        method: &Method,
        path: &str,
        request: reqwest::RequestBuilder,
    ) -> Result<Vec<u8>, CallError> {
        let pass = self.limits.admit(route(method, path))?;
        // An error of the client's may have the address in it, and in that a token: it is never kept.
        let response = request.send().await.map_err(|_| CallError::Network)?;
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let body = bounded(response, LARGEST).await;
        if status == 429 {
            let body = body.ok().flatten().unwrap_or_default();
            return Err(CallError::TooFast(pass.limited(&headers, &body)));
        }
        pass.answered(status, &headers);
        if status >= 500 {
            return Err(CallError::Network);
        }
        let body = body
            .map_err(|_| CallError::Network)?
            .ok_or(CallError::NotTheApi)?;
        if (200..300).contains(&status) {
            return Ok(body);
        }
        match serde_json::from_slice::<Refusal>(&body) {
            Ok(Refusal { code }) => Err(CallError::Refused { status, code }),
            Err(_) if status == 401 => Err(CallError::Refused { status, code: 0 }),
            // An error whose body is no JSON of Discord's: a proxy's page, mostly.
            Err(_) => Err(CallError::NotTheApi),
        }
    }
}

fn answer<R: DeserializeOwned>(body: &[u8]) -> Result<R, CallError> {
    serde_json::from_slice(body).map_err(|_| CallError::NotTheApi)
}

/// What Discord counts together: the method and the path with its first id, without those of single messages or people.
fn route(method: &Method, path: &str) -> String {
    let path = path.split('?').next().unwrap_or(path);
    let parts: Vec<&str> = path.splitn(4, '/').take(3).collect();
    format!("{method} {}", parts.join("/"))
}
