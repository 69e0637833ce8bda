//! The web chat's open line: what is said arrives as it is said, and a page that comes back sends the last place it saw
//! and misses nothing.

use super::{
    App, Shared,
    entry::EntryOut,
    error::ApiError,
    feed::same_origin,
    inbox_http::arrived,
    inbox_web::{INBOX, history_of, seen_outside, visitor_of},
    pace::Paced,
};
use crate::{
    domain::EventKind,
    service::Push,
    store::{Delivery, Entry, Job, Target},
};
use axum::{
    extract::{
        State, WebSocketUpgrade,
        ws::{Message, WebSocket},
    },
    http::{HeaderMap, header},
    response::Response,
};
use futures_util::{SinkExt, StreamExt, stream::SplitSink};
use serde::Deserialize;
use serde_json::json;
use std::{sync::Arc, time::Duration};
use tokio::sync::broadcast::error::RecvError;

/// Largest frame that a page may send.
const LARGEST_FRAME: usize = 4096;
/// How long a page may take to say who it is.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often the page is shown that the line stands, so that both sides notice a broken one.
const BEAT: Duration = Duration::from_secs(10);

/// What a page says.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Said {
    /// First: who it is, and the last place that it has.
    Hello {
        token: String,
        #[serde(default)]
        after: i64,
    },
    /// Everything up to this message has arrived.
    Received { message: String },
    /// The visitor is writing.
    Typing,
    /// The page asks whether the line stands.
    Beat,
}

/// The open line. First frame from the page: `{"type":"hello","token":"…","after":0}`. Frames to the page:
/// `message`, `status`, `changed`, `typing`, and `beat` every few
/// seconds (`ready` says how many) or at once when the page sends `{"type":"beat"}`: where none comes, the
/// line is dead.
#[utoipa::path(get, path = "/api/v1/inboxes/web/socket", tag = "inbox", responses((status = 101, description = "A WebSocket")))]
pub(super) async fn open(
    State(app): Shared,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Result<Response, ApiError> {
    // What browsers ask before other calls they do not ask before a line.
    let origin = headers.get(header::ORIGIN).and_then(|o| o.to_str().ok());
    let settings = &app.service.settings;
    let ours = same_origin(&headers, &settings.address());
    if !ours && origin.is_some_and(|o| !may_stand(&settings.widget.sites, o)) {
        return Err(ApiError::forbidden("the chat may not stand on this page"));
    }
    Ok(upgrade
        .max_message_size(LARGEST_FRAME)
        .on_upgrade(move |socket| async move { serve(app, socket).await }))
}

/// Whether the chat may stand on pages of that origin.
pub(super) fn may_stand(sites: &[String], origin: &str) -> bool {
    sites.is_empty() || sites.iter().any(|site| site == origin)
}

fn frame(value: &serde_json::Value) -> Message {
    Message::Text(value.to_string().into())
}

fn entry_frame(entry: EntryOut) -> Message {
    let mut value = serde_json::to_value(seen_outside(entry)).unwrap_or_default();
    value["type"] = json!("message");
    frame(&value)
}

async fn serve(app: Arc<App>, socket: WebSocket) {
    let (mut out, inward) = socket.split();
    let mut inward = Paced::new(inward);
    let hello = tokio::time::timeout(PATIENCE, inward.next()).await;
    let Ok(Some(Ok(Message::Text(text)))) = hello else {
        return;
    };
    let Ok(Said::Hello { token, after }) = serde_json::from_str(&text) else {
        return;
    };
    let Some(visitor) = visitor_of(&app, &token) else {
        return;
    };

    // Look on first, then read: nothing falls in between. Places only rise, so what is seen twice is known.
    let mut pushes = app.service.hub.watch_person(INBOX, &visitor);
    let mut seen = after;
    if catch_up(&app, &visitor, &mut seen, &mut out).await.is_err() {
        return;
    }
    let mut announced = presence(&app, &visitor, true).await;
    let mut beats = tokio::time::interval(BEAT);
    beats.reset();
    loop {
        let going_on = tokio::select! {
            push = pushes.recv() => match push {
                Ok(mut push) => {
                    if let Push::Message(_, message) = &mut push {
                        // Where it cannot be read now, the page that asks again gets it.
                        let _ = app.service.store.reveal(message).await;
                    }
                    // The first word makes the conversation that can know that they are here.
                    if !announced && matches!(push, Push::Message(..)) {
                        announced = presence(&app, &visitor, true).await;
                    }
                    send(push, &mut seen, &mut out).await
                }
                // The page was too slow: read what it missed from disk.
                Err(RecvError::Lagged(_)) => catch_up(&app, &visitor, &mut seen, &mut out).await,
                Err(RecvError::Closed) => Err(()),
            },
            said = inward.next() => match said {
                Some(Ok(Message::Text(text))) => hear(&app, &visitor, &text, &mut out).await,
                Some(Ok(Message::Close(_)) | Err(_)) | None => Err(()),
                Some(Ok(_)) => Ok(()),
            },
            _ = beats.tick() => beat(&mut out).await,
            () = app.service.stopped() => Err(()),
        };
        if going_on.is_err() {
            break;
        }
    }
    let _ = out.send(Message::Close(None)).await;
    drop(pushes);
    if !app.service.hub.is_watched(INBOX, &visitor) {
        presence(&app, &visitor, false).await;
    }
}

type Out = SplitSink<WebSocket, Message>;

async fn catch_up(app: &App, visitor: &str, seen: &mut i64, out: &mut Out) -> Result<(), ()> {
    let history = history_of(app, visitor, *seen).await.map_err(drop)?;
    let status = json!({"type": "status", "status": history.status, "agent": history.agent, "organisation": history.organisation, "complaint": history.complaint, "rate": history.rate});
    out.send(frame(&status)).await.map_err(drop)?;
    for entry in history.messages {
        *seen = (*seen).max(entry.position);
        out.send(entry_frame(entry)).await.map_err(drop)?;
    }
    out.send(frame(&json!({"type": "ready", "beat": BEAT.as_secs()})))
        .await
        .map_err(drop)
}

async fn beat(out: &mut Out) -> Result<(), ()> {
    let beat = frame(&json!({"type": "beat"}));
    out.send(beat).await.map_err(drop)
}

async fn send(push: Push, seen: &mut i64, out: &mut Out) -> Result<(), ()> {
    let message = match push {
        Push::Message(position, message) => {
            if position <= *seen {
                return Ok(());
            }
            *seen = position;
            entry_frame(EntryOut::of(&Entry {
                position,
                message,
                edited: false,
                erased: false,
                removed: false,
                delivery: Delivery::Done,
            }))
        }
        Push::Status(s) => frame(
            &json!({"type": "status", "status": s.status, "agent": s.agent, "complaint": s.complaint, "rate": s.rate}),
        ),
        Push::Changed => frame(&json!({"type": "changed"})),
        Push::Typing => frame(&json!({"type": "typing"})),
    };
    out.send(message).await.map_err(drop)
}

async fn hear(app: &App, visitor: &str, text: &str, out: &mut Out) -> Result<(), ()> {
    // What cannot be read is passed over: the line carries nothing that is not kept elsewhere.
    match serde_json::from_str(text) {
        Ok(Said::Received { message }) => {
            if let (Ok(message), Ok(Some(conversation))) = (
                message.parse(),
                app.service.store.conversation_of(INBOX, visitor).await,
            ) {
                let _ = arrived(app, conversation.id, message).await;
            }
        }
        Ok(Said::Typing) => {
            if let Ok(Some(conversation)) = app.service.store.conversation_of(INBOX, visitor).await
            {
                app.service.contact_writes(conversation.id);
            }
        }
        Ok(Said::Beat) => return beat(out).await,
        Ok(Said::Hello { .. }) | Err(_) => {}
    }
    Ok(())
}

/// The visitor came or left; worth an event only where there is a conversation that does not know it yet.
/// Whether there is a conversation.
async fn presence(app: &App, visitor: &str, online: bool) -> bool {
    let Ok(Some(conversation)) = app.service.store.conversation_of(INBOX, visitor).await else {
        return false;
    };
    if conversation.present != online {
        let target = Target::Conversation(conversation.id);
        let kind = EventKind::Presence { online };
        let _ = app
            .service
            .submit(Job {
                target,
                kind,
                dedupe: None,
            })
            .await;
    }
    true
}
