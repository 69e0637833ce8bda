//! An endpoint that speaks `OpenAI`'s chat completions, streaming, and misbehaves on command.

use super::Watched;
use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::post,
};
use serde_json::{Value, json};
use std::sync::Arc;

/// What it does with the next requests.
#[derive(Clone, Debug)]
pub(crate) enum Manner {
    /// Writes these texts.
    Writes(Vec<String>),
    /// Writes this, which is no list of texts.
    Rambles(String),
    /// Begins to write, and goes on for ever.
    Hangs,
    /// Stops in the middle.
    CutOff,
    /// Says that its own limit is reached.
    TooMuch,
    /// Answers with a page.
    Broken,
}

#[derive(Debug)]
pub(crate) struct Asked {
    pub manner: Manner,
    pub bodies: Vec<Value>,
    pub keys: Vec<String>,
    /// How many requests were let go by whoever asked before they were answered.
    pub cancelled: usize,
}

/// The fake.
#[derive(Clone, Debug)]
pub(crate) struct Llm {
    pub url: String,
    pub asked: Arc<Watched<Asked>>,
}

impl Llm {
    pub(crate) async fn open() -> Self {
        let asked = Arc::new(Watched::new(Asked {
            manner: Manner::Writes(Vec::new()),
            bodies: Vec::new(),
            keys: Vec::new(),
            cancelled: 0,
        }));
        let app = Router::new()
            .route("/v1/chat/completions", post(complete))
            .with_state(Arc::clone(&asked));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a free port");
        let url = format!("http://{}/v1", listener.local_addr().expect("bound"));
        tokio::spawn(async move { axum::serve(listener, app).await.expect("it serves") });
        Self { url, asked }
    }

    pub(crate) fn will(&self, manner: Manner) {
        self.asked.change(|a| a.manner = manner);
    }
}

/// Counts a request that nobody waits for any more.
struct Watch(Arc<Watched<Asked>>);

impl Drop for Watch {
    fn drop(&mut self) {
        self.0.change(|a| a.cancelled += 1);
    }
}

fn piece(text: &str) -> String {
    format!(
        "data: {}\n\n",
        json!({"choices": [{"delta": {"content": text}}]})
    )
}

async fn complete(
    State(asked): State<Arc<Watched<Asked>>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let key = headers
        .get("authorization")
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    let body: Value = serde_json::from_slice(&body).expect("JSON");
    assert_eq!(body["stream"], true);
    let manner = asked.change(|a| {
        a.bodies.push(body);
        a.keys.push(key.to_owned());
        a.manner.clone()
    });
    let stream = |text: String| ([("content-type", "text/event-stream")], text).into_response();
    match manner {
        Manner::Writes(texts) => {
            let list = json!(texts).to_string();
            // In pieces that respect no word.
            let (a, b) = list.split_at(list.floor_char_boundary(list.len() / 2));
            let usage = json!({"choices": [], "usage": {"total_tokens": 150}});
            stream(format!(
                "{}{}data: {usage}\n\ndata: [DONE]\n\n",
                piece(a),
                piece(b)
            ))
        }
        Manner::Rambles(text) => stream(format!("{}data: [DONE]\n\n", piece(&text))),
        Manner::CutOff => stream(piece("[\"I'm sorry you were")),
        Manner::TooMuch => StatusCode::TOO_MANY_REQUESTS.into_response(),
        Manner::Broken => "<html>gateway</html>".into_response(),
        Manner::Hangs => {
            let watch = Watch(asked);
            let first = futures_util::stream::once(async { Ok::<_, std::io::Error>(piece("[")) });
            let rest = futures_util::stream::once(async move {
                std::future::pending::<()>().await;
                drop(watch);
                Ok(String::new())
            });
            let body = Body::from_stream(futures_util::StreamExt::chain(first, rest));
            ([("content-type", "text/event-stream")], body).into_response()
        }
    }
}
