//! A receiver of webhooks, after Standard Webhooks 1.0.0, that fails, hangs and wants no more on command.

use super::Watched;
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use ring::hmac;
use serde_json::Value;
use std::{collections::VecDeque, sync::Arc};

/// The secret, and the bytes in it.
pub(crate) const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// What it answers.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Manner {
    /// A status.
    Says(u16),
    /// Nothing, for ever.
    Hangs,
}

/// A webhook that came, by whatever it was answered.
#[derive(Clone, Debug)]
pub(crate) struct Came {
    pub id: String,
    pub at: i64,
    pub body: Value,
}

#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// What it does with the next ones; then it says 204.
    pub next: VecDeque<Manner>,
    pub came: Vec<Came>,
}

/// The fake.
#[derive(Clone, Debug)]
pub(crate) struct Receiver {
    pub url: String,
    pub seen: Arc<Watched<Seen>>,
}

impl Receiver {
    pub(crate) async fn open() -> Self {
        let seen = Arc::new(Watched::new(Seen::default()));
        let app = Router::new()
            .route("/hook", post(take))
            .with_state(Arc::clone(&seen));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a free port");
        let url = format!("http://{}/hook", listener.local_addr().expect("bound"));
        tokio::spawn(async move { axum::serve(listener, app).await.expect("it serves") });
        Self { url, seen }
    }

    pub(crate) fn will(&self, manners: &[Manner]) {
        self.seen.change(|s| s.next.extend(manners));
    }

    /// Waits until so many have come; all of them.
    pub(crate) async fn came(&self, count: usize) -> Vec<Came> {
        self.seen
            .whenever(|s| (s.came.len() >= count).then(|| s.came.clone()))
            .await
    }
}

/// Whether the sender has our secret, by the specification's own recipe.
fn is_signed(headers: &HeaderMap, body: &[u8]) -> bool {
    let header = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    let (Some(id), Some(at), Some(signed)) = (
        header("webhook-id"),
        header("webhook-timestamp"),
        header("webhook-signature"),
    ) else {
        return false;
    };
    let bytes = BASE64_STANDARD.decode(&SECRET["whsec_".len()..]);
    let key = hmac::Key::new(hmac::HMAC_SHA256, &bytes.expect("base64"));
    let mut content = format!("{id}.{at}.").into_bytes();
    content.extend_from_slice(body);
    let one = |s: &str| {
        let signature = s.strip_prefix("v1,").map(|s| BASE64_STANDARD.decode(s));
        matches!(signature, Some(Ok(tag)) if hmac::verify(&key, &content, &tag).is_ok())
    };
    signed.split(' ').any(one)
}

async fn take(
    State(seen): State<Arc<Watched<Seen>>>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    assert!(is_signed(&headers, &body), "{headers:?}");
    let text = |name: &str| headers[name].to_str().expect("text").to_owned();
    let came = Came {
        id: text("webhook-id"),
        at: text("webhook-timestamp").parse().expect("seconds"),
        body: serde_json::from_slice(&body).expect("JSON"),
    };
    let manner = seen.change(|s| {
        s.came.push(came);
        s.next.pop_front().unwrap_or(Manner::Says(204))
    });
    match manner {
        Manner::Says(status) => StatusCode::from_u16(status).expect("a status"),
        Manner::Hangs => std::future::pending().await,
    }
}
