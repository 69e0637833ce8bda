//! Calls of Discord's HTTP API, by twilight: it keeps to the limits that Discord tells, and says what went wrong.

use crate::config::DiscordSettings;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{sync::Arc, time::Duration};
use twilight_http::{
    Client,
    error::ErrorType,
    request::{Form, Request},
    routing::Route,
};

/// How long a connection and a whole call may take.
pub(super) const CONNECT: Duration = Duration::from_secs(5);
pub(super) const CALL: Duration = Duration::from_secs(20);

/// The API, for one bot.
#[derive(Clone, Debug)]
pub(super) struct Api {
    client: Arc<Client>,
}

/// Why a call did not work.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum CallError {
    /// Nothing answered, or not in time. The call may have had its effect all the same.
    Network,
    /// What answered does not speak the API.
    NotTheApi,
    /// Not before so many seconds.
    TooFast(f64),
    /// Discord says no.
    Refused {
        /// HTTP's.
        status: u16,
        /// Discord's own, where it tells one.
        code: u64,
    },
}

#[derive(Deserialize)]
struct Limit {
    retry_after: f64,
}

#[derive(Deserialize)]
struct Refusal {
    #[serde(default)]
    code: u64,
}

impl Api {
    pub(super) fn new(settings: &DiscordSettings) -> Self {
        let builder = Client::builder()
            .token(settings.token.reveal().to_owned())
            .timeout(CALL)
            .remember_invalid_token(false);
        let builder = match &settings.api {
            None => builder,
            Some(url) => {
                let host = url.host_str().unwrap_or_default();
                let port = url.port().map(|p| format!(":{p}")).unwrap_or_default();
                let path = url.path().trim_end_matches('/');
                let path = path.trim_end_matches("/v10").trim_end_matches("/api");
                builder.proxy(format!("{host}{port}{path}"), url.scheme() == "http")
            }
        };
        Self {
            client: Arc::new(builder.build()),
        }
    }

    /// Asks for something.
    pub(super) async fn get<R: DeserializeOwned>(&self, route: &Route<'_>) -> Result<R, CallError> {
        self.answer(Request::from_route(route)).await
    }

    /// Sends something; its answer.
    pub(super) async fn send<R: DeserializeOwned>(
        &self,
        route: &Route<'_>,
        body: &impl Serialize,
    ) -> Result<R, CallError> {
        self.answer(build(Request::builder(route).json(body))?)
            .await
    }

    /// Sends something with files; its answer.
    pub(super) async fn upload<R: DeserializeOwned>(
        &self,
        route: &Route<'_>,
        form: Form,
    ) -> Result<R, CallError> {
        self.answer(build(Request::builder(route).form(form))?)
            .await
    }

    /// Does something whose answer says nothing more.
    pub(super) async fn tell(
        &self,
        route: &Route<'_>,
        body: Option<&serde_json::Value>,
    ) -> Result<(), CallError> {
        let builder = Request::builder(route);
        let builder = match body {
            Some(body) => builder.json(body),
            None => builder,
        };
        self.bytes(build(builder)?).await.map(drop)
    }

    async fn answer<R: DeserializeOwned>(&self, request: Request) -> Result<R, CallError> {
        let body = self.bytes(request).await?;
        serde_json::from_slice(&body).map_err(|_| CallError::NotTheApi)
    }

    async fn bytes(&self, request: Request) -> Result<Vec<u8>, CallError> {
        let response = self
            .client
            .request::<serde_json::Value>(request)
            .await
            .map_err(|e| failed(e.kind()))?;
        response.bytes().await.map_err(|_| CallError::Network)
    }
}

fn build(builder: twilight_http::request::RequestBuilder) -> Result<Request, CallError> {
    builder.build().map_err(|_| CallError::NotTheApi)
}

fn failed(kind: &ErrorType) -> CallError {
    match kind {
        ErrorType::Unauthorized => CallError::Refused {
            status: 401,
            code: 0,
        },
        ErrorType::Response { body, status, .. } => refused(status.get(), body),
        // An error whose body is no JSON of Discord's: a proxy's page, mostly.
        ErrorType::Parsing { .. } => CallError::NotTheApi,
        _ => CallError::Network,
    }
}

fn refused(status: u16, body: &[u8]) -> CallError {
    if status == 429 {
        let limit = serde_json::from_slice::<Limit>(body);
        return CallError::TooFast(limit.map_or(1.0, |l| l.retry_after));
    }
    if status >= 500 {
        return CallError::Network;
    }
    let code = serde_json::from_slice::<Refusal>(body).map_or(0, |r| r.code);
    CallError::Refused { status, code }
}
