//! The desk's feed: everything that changes, as it changes.

use super::{App, Shared, auth::Caller, body::Params, error::ApiError};
use crate::{
    domain::{Alert, ConversationId, Role},
    service::DeskPush,
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
use governor::{Quota, RateLimiter};
use serde::Deserialize;
use serde_json::json;
use std::{num::NonZeroU32, sync::Arc, time::Duration};
use tokio::sync::broadcast::error::RecvError;

/// More than this is not sent again entry by entry: the page reads everything anew.
const BACKLOG: i64 = 1000;
/// How often a page is shown that the line stands, and an agent is noted as being there.
const BEAT: Duration = Duration::from_secs(15);

/// Frames a second that are heard from one page, and how many at once.
const FRAMES: NonZeroU32 = NonZeroU32::new(5).expect("not zero");
const FRAMES_AT_ONCE: NonZeroU32 = NonZeroU32::new(20).expect("not zero");

/// What a page says; anything else asks whether the line stands.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Said {
    /// Somebody looks at a conversation, or at none any more.
    Looking {
        conversation: Option<ConversationId>,
        #[serde(default)]
        writing: bool,
    },
}

/// From where on.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct After {
    /// The last entry that the page has; without it, only what is new.
    #[serde(default)]
    after: Option<i64>,
}

/// Everything that changes, as it changes. Frames: `{"id","type","conversation","status","at"}` with a
/// rising id; `{"type":"alert",…}`, of danger for everybody, else for
/// supervisors; `{"type":"beat"}` every few seconds (`ready` says how many, as `beat`), and at once to
/// whoever sends a text; `{"type":"typing","conversation"}`; `{"type":"looking","agent","name","conversation","writing"}`
/// where a colleague opens a conversation (`null`: leaves it) or writes there, as their page says by a frame
/// `{"type":"looking","conversation","writing"}` of its own;
/// `{"type":"digest"}` for supervisors, where the day's digest of complaints is written;
/// `{"type":"mention","conversation","by","whisper"}` for whom a note is; `{"type":"inbox","inbox"}` where a line outside
/// went down or is back; `{"type":"resync"}` where too much was missed.
#[utoipa::path(get, path = "/api/v1/events", tag = "desk", params(After), responses((status = 101, description = "A WebSocket"), (status = 401, description = "Not signed in", body = super::error::ErrorBody)))]
pub(super) async fn open(
    State(app): Shared,
    caller: Caller,
    headers: HeaderMap,
    Params(query): Params<After>,
    upgrade: WebSocketUpgrade,
) -> Result<Response, ApiError> {
    // A cookie goes along from any page: the line opens for our own pages only.
    if caller.by.session().is_some() && !same_origin(&headers, &app.service.settings.address()) {
        return Err(ApiError::forbidden(
            "this page may not open the desk's feed",
        ));
    }
    Ok(upgrade
        .max_message_size(1024)
        .on_upgrade(move |socket| async move { serve(app, caller, query.after, socket).await }))
}

/// Whether a page of ours asks, or a program.
pub(super) fn same_origin(headers: &HeaderMap, address: &str) -> bool {
    let text = |name| headers.get(name).and_then(|v| v.to_str().ok());
    match (text(header::ORIGIN), text(header::HOST)) {
        (None, _) => true,
        (Some(origin), Some(host)) => {
            origin == address || origin.split_once("://").is_some_and(|(_, o)| o == host)
        }
        (Some(origin), None) => origin == address,
    }
}

type Out = SplitSink<WebSocket, Message>;

async fn send(out: &mut Out, value: &impl serde::Serialize) -> Result<(), ()> {
    let text = serde_json::to_string(value).map_err(drop)?;
    out.send(Message::Text(text.into())).await.map_err(drop)
}

async fn serve(app: Arc<App>, mut caller: Caller, after: Option<i64>, socket: WebSocket) {
    let (mut out, mut inward) = socket.split();
    let mut pushes = app.service.hub.watch_desk();
    let mut seen = match after {
        Some(after) => after,
        None => app.service.store.last_position().await.unwrap_or(0),
    };
    let _ = app
        .service
        .store
        .seen(caller.agent.id, app.service.clock.now())
        .await;
    app.service.look_at_agents().await;
    if catch_up(&app, &mut seen, &mut out).await.is_err()
        || send(
            &mut out,
            &json!({"type": "ready", "id": seen, "beat": BEAT.as_secs()}),
        )
        .await
        .is_err()
    {
        return;
    }
    let mut there = tokio::time::interval(BEAT);
    there.reset();
    let pace = RateLimiter::direct(Quota::per_second(FRAMES).allow_burst(FRAMES_AT_ONCE));
    let mut looking = None;
    loop {
        let going_on = tokio::select! {
            push = pushes.recv() => match push {
                Ok(DeskPush::Event(row)) if row.id <= seen => Ok(()),
                Ok(DeskPush::Event(row)) => { seen = row.id; send(&mut out, &row).await }
                Ok(DeskPush::Alert(conversation, alert)) if caller.agent.role >= Role::Supervisor || matches!(alert, Alert::Danger { .. }) => send(&mut out, &json!({"type": "alert", "conversation": conversation, "alert": alert})).await,
                Ok(DeskPush::Digest) if caller.agent.role >= Role::Supervisor => send(&mut out, &json!({"type": "digest"})).await,
                Ok(DeskPush::Access) => still(&app, &mut caller).await,
                Ok(DeskPush::Line(inbox)) => send(&mut out, &json!({"type": "inbox", "inbox": inbox})).await,
                Ok(DeskPush::Looking { agent, name, conversation, writing }) => send(&mut out, &json!({"type": "looking", "agent": agent.to_string(), "name": name, "conversation": conversation.map(|c| c.to_string()), "writing": writing})).await,
                Ok(DeskPush::Noted { to, conversation, by, whisper }) if to.contains(&caller.agent.id) => send(&mut out, &json!({"type": "mention", "conversation": conversation.to_string(), "by": by, "whisper": whisper})).await,
                Ok(DeskPush::Alert(..) | DeskPush::Noted { .. } | DeskPush::Digest) => Ok(()),
                Ok(DeskPush::Typing(conversation)) => send(&mut out, &json!({"type": "typing", "conversation": conversation})).await,
                Err(RecvError::Lagged(_)) => catch_up(&app, &mut seen, &mut out).await,
                Err(RecvError::Closed) => Err(()),
            },
            said = inward.next() => match said {
                Some(Ok(Message::Close(_)) | Err(_)) | None => Err(()),
                Some(Ok(Message::Text(text))) => match serde_json::from_str(&text) {
                    // What comes too fast is passed over: the next one says the same.
                    Ok(Said::Looking { .. }) if pace.check().is_err() => Ok(()),
                    Ok(Said::Looking { conversation, writing }) => {
                        looking = conversation;
                        looks(&app, &caller, conversation, writing);
                        Ok(())
                    }
                    Err(_) => send(&mut out, &json!({"type": "beat"})).await,
                },
                Some(Ok(_)) => Ok(()),
            },
            _ = there.tick() => {
                // What another program changed, or a command, is seen here.
                match still(&app, &mut caller).await {
                    Ok(()) => {
                        // The database may be away for a while; the line stays.
                        let _ = app.service.store.seen(caller.agent.id, app.service.clock.now()).await;
                        send(&mut out, &json!({"type": "beat"})).await
                    }
                    Err(()) => Err(()),
                }
            }
            () = app.service.stopped() => Err(()),
        };
        if going_on.is_err() {
            break;
        }
    }
    if looking.is_some() {
        looks(&app, &caller, None, false);
    }
    let _ = out.send(Message::Close(None)).await;
}

/// Colleagues see who looks where.
fn looks(app: &App, caller: &Caller, conversation: Option<ConversationId>, writing: bool) {
    app.service.hub.tell_desk(DeskPush::Looking {
        agent: caller.agent.id,
        name: caller.agent.name.clone(),
        conversation,
        writing,
    });
}

/// Whether they may still look on, and as whom. Looking on is no use of a session: a desk that everybody has left falls shut.
async fn still(app: &App, caller: &mut Caller) -> Result<(), ()> {
    match caller.by.opens(app).await {
        Ok(Some(access)) => {
            caller.agent = access.row.agent;
            Ok(())
        }
        Ok(None) => Err(()),
        // The database is away: what was known stays.
        Err(_) => Ok(()),
    }
}

async fn catch_up(app: &App, seen: &mut i64, out: &mut Out) -> Result<(), ()> {
    let rows = app
        .service
        .store
        .feed_after(*seen, BACKLOG + 1)
        .await
        .map_err(drop)?;
    if rows.len() as i64 > BACKLOG {
        *seen = app.service.store.last_position().await.map_err(drop)?;
        return send(out, &json!({"type": "resync"})).await;
    }
    for row in rows {
        *seen = row.id;
        send(out, &row).await?;
    }
    Ok(())
}
