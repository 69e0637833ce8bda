//! The desk's feed: everything that changes, as it changes.

use super::{
    App, Shared,
    auth::Caller,
    body::Params,
    error::ApiError,
    pace::Paced,
    sight::{hidden, sees},
};
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
use serde::Deserialize;
use serde_json::json;
use std::{sync::Arc, time::Duration};
use tokio::sync::broadcast::error::RecvError;

/// More than this is not sent again entry by entry: the page reads everything anew.
const BACKLOG: i64 = 1000;
/// How often a page is shown that the line stands, and an agent is noted as being there.
const BEAT: Duration = Duration::from_secs(15);

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

/// Everything that changes, as it changes, in conversations that are there for the caller. Frames:
/// `{"id","type","conversation","status","at"}` with a rising id; `{"type":"alert",…}`, of danger for everybody, else
/// for supervisors; `{"type":"beat"}` every few seconds (`ready` says how many, as `beat`), and at once to whoever
/// sends a text; `{"type":"typing","conversation"}`; `{"type":"looking","agent","name","conversation","writing"}` where
/// a colleague opens a conversation (`null`: leaves it) or writes there, as their page says by a frame
/// `{"type":"looking","conversation","writing"}` of its own; `{"type":"digest"}` for supervisors, where the day's
/// digest of complaints is written; `{"type":"mention","conversation","by","whisper"}` for whom a note is;
/// `{"type":"contingency"}` where a rung of the ladder began, ended or was looked at, `{"type":"called_in","rung"}`
/// for those whom it calls in; `{"type":"inbox","inbox"}` where a line outside went down or is back;
/// `{"type":"resync"}` where too much was missed.
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
    let (mut out, inward) = socket.split();
    let mut inward = Paced::new(inward);
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
    if catch_up(&app, &caller, &mut seen, &mut out).await.is_err()
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
    let mut looking = None;
    loop {
        let going_on = tokio::select! {
            push = pushes.recv() => match push {
                Ok(DeskPush::Access) => still(&app, &mut caller).await,
                Ok(push) => told(&app, &caller, push, &mut seen, &mut out).await,
                Err(RecvError::Lagged(_)) => catch_up(&app, &caller, &mut seen, &mut out).await,
                Err(RecvError::Closed) => Err(()),
            },
            said = inward.next() => match said {
                Some(Ok(Message::Close(_)) | Err(_)) | None => Err(()),
                Some(Ok(Message::Text(text))) => match serde_json::from_str(&text) {
                    Ok(Said::Looking { conversation, writing }) => {
                        // Where nothing is for them, they look at nothing.
                        let there = match conversation {
                            Some(id) => sees(&app, &caller.agent, id).await.unwrap_or(false),
                            None => true,
                        };
                        if there {
                            looking = conversation;
                            looks(&app, &caller, conversation, writing);
                        }
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

/// Passes on what the desk is told, where it is for them: of a conversation that is not there for them they hear
/// nothing.
async fn told(
    app: &App,
    caller: &Caller,
    push: DeskPush,
    seen: &mut i64,
    out: &mut Out,
) -> Result<(), ()> {
    let agent = &caller.agent;
    let wanted = match &push {
        DeskPush::Event(row) => row.id > *seen,
        DeskPush::Alert(_, alert) => {
            agent.role >= Role::Supervisor || matches!(alert, Alert::Danger { .. })
        }
        DeskPush::Noted { to, .. } => to.contains(&agent.id),
        DeskPush::Digest => agent.role >= Role::Supervisor,
        DeskPush::CalledIn { role, .. } => agent.role >= *role,
        DeskPush::Typing(_)
        | DeskPush::Looking { .. }
        | DeskPush::Contingency
        | DeskPush::Line(_) => true,
        DeskPush::Access => false,
    };
    if !wanted {
        return Ok(());
    }
    if let DeskPush::Event(row) = &push {
        *seen = row.id;
    }
    let there = match push.conversation() {
        Some(id) => match sees(app, agent, id).await {
            Ok(there) => there,
            // Nobody can say whether it is for them: the page reads anew what it may.
            Err(_) => return send(out, &json!({"type": "resync"})).await,
        },
        None => true,
    };
    let frame = match push {
        // Whoever goes where one cannot follow has left where they were.
        DeskPush::Looking {
            agent,
            name,
            conversation,
            writing,
        } => {
            let conversation = conversation.filter(|_| there).map(|c| c.to_string());
            json!({"type": "looking", "agent": agent.to_string(), "name": name, "conversation": conversation, "writing": writing && there})
        }
        _ if !there => return Ok(()),
        DeskPush::Event(row) => return send(out, &row).await,
        DeskPush::Alert(conversation, alert) => {
            json!({"type": "alert", "conversation": conversation.to_string(), "alert": alert})
        }
        DeskPush::Noted {
            conversation,
            by,
            whisper,
            ..
        } => {
            json!({"type": "mention", "conversation": conversation.to_string(), "by": by, "whisper": whisper})
        }
        DeskPush::Typing(conversation) => {
            json!({"type": "typing", "conversation": conversation.to_string()})
        }
        DeskPush::Line(inbox) => json!({"type": "inbox", "inbox": inbox}),
        DeskPush::Digest => json!({"type": "digest"}),
        DeskPush::Contingency => json!({"type": "contingency"}),
        DeskPush::CalledIn { rung, .. } => json!({"type": "called_in", "rung": rung}),
        DeskPush::Access => return Ok(()),
    };
    send(out, &frame).await
}

/// Colleagues see who looks where.
fn looks(app: &App, caller: &Caller, conversation: Option<ConversationId>, writing: bool) {
    app.service
        .agent_looks(&caller.agent, conversation, writing);
}

/// Whether they may still look on, and as whom. Looking on is no use of a session: a desk that everybody has left falls
/// shut.
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

async fn catch_up(app: &App, caller: &Caller, seen: &mut i64, out: &mut Out) -> Result<(), ()> {
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
    let of: Vec<ConversationId> = rows.iter().map(|r| r.conversation).collect();
    let hidden = hidden(app, &caller.agent, &of).await.map_err(drop)?;
    for row in rows {
        *seen = row.id;
        if !hidden.contains(&row.conversation) {
            send(out, &row).await?;
        }
    }
    Ok(())
}
