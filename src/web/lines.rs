//! The channels outside: how their lines stand, what could not be delivered, and Telegram's webhook.

use super::{
    Shared,
    auth::Caller,
    body::read,
    contact::ContactOut,
    error::{ApiError, ErrorBody},
    shapes::Received,
    sight,
};
use crate::{
    domain::{ConversationId, EventKind, MessageId, Role},
    service::WebhookRefused,
    store::{Job, Target},
};
use axum::{
    Json,
    extract::{Path, Request, State},
    http::StatusCode,
};
use serde::Serialize;

/// The inbox whose webhook is served.
const TELEGRAM: &str = "telegram";

/// An inbox outside.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct LineOut {
    /// Its name.
    inbox: String,
    /// `opening`, `up` or `down`; `elsewhere` where another program on the same database has the line and has not said
    /// yet how it stands.
    state: String,
    /// Why it is down: `token`, `network`, `address`, `conflict`, `permission`, `trouble`.
    reason: Option<String>,
    /// The same in words, with what to do.
    words: Option<String>,
    /// What works less well than it could, and what to switch on.
    warnings: Vec<String>,
    /// Since when, RFC 3339.
    since: String,
    /// How much came in that could not be understood; it is kept raw.
    unread: i64,
}

/// The inboxes outside.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct LinesOut {
    inboxes: Vec<LineOut>,
}

/// How the lines of Telegram and Discord stand, where they are set up. The web chat and the inbox for programs are
/// always open.
#[utoipa::path(get, path = "/api/v1/inboxes", tag = "desk", responses((status = 200, description = "The inboxes", body = LinesOut)))]
pub(super) async fn list(State(app): Shared, _caller: Caller) -> Result<Json<LinesOut>, ApiError> {
    let mut inboxes = Vec::new();
    for (inbox, line) in app.service.lines_anywhere().await {
        inboxes.push(LineOut {
            inbox: inbox.to_owned(),
            state: line.state.name().to_owned(),
            reason: line.down.as_ref().map(|d| d.reason.name().to_owned()),
            words: line.down.map(|d| d.words),
            warnings: line.warnings,
            since: line.since.rfc3339(),
            unread: app.service.store.unread(inbox).await?,
        });
    }
    Ok(Json(LinesOut { inboxes }))
}

/// A message that was given up.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct GivenUpOut {
    /// The conversation.
    conversation: String,
    /// The message's id.
    message: String,
    /// To whom.
    contact: ContactOut,
    /// The words.
    text: String,
    /// When it was said, RFC 3339.
    at: String,
    /// `blocked`, `refused` or `expired`.
    reason: String,
}

/// What was given up.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct UndeliveredOut {
    messages: Vec<GivenUpOut>,
}

fn supervises(caller: &Caller) -> Result<(), ApiError> {
    if caller.agent.role >= Role::Supervisor {
        Ok(())
    } else {
        Err(ApiError::forbidden("this is for supervisors"))
    }
}

/// Messages that could not be delivered and were given up, the latest first; at most 200.
#[utoipa::path(get, path = "/api/v1/undelivered", tag = "desk", responses((status = 200, description = "What was given up", body = UndeliveredOut), (status = 403, description = "For supervisors", body = ErrorBody)))]
pub(super) async fn undelivered(
    State(app): Shared,
    caller: Caller,
) -> Result<Json<UndeliveredOut>, ApiError> {
    supervises(&caller)?;
    let given_up = app.service.store.given_up(200).await?;
    let of: Vec<ConversationId> = given_up.iter().map(|g| g.conversation.id).collect();
    let hidden = sight::hidden(&app, &caller.agent, &of).await?;
    let messages = given_up
        .into_iter()
        .filter(|g| !hidden.contains(&g.conversation.id))
        .map(|g| GivenUpOut {
            conversation: g.conversation.id.to_string(),
            message: g.message.id.to_string(),
            contact: ContactOut::of(&g.conversation),
            text: g.message.text,
            at: g.message.at.rfc3339(),
            reason: g.reason,
        })
        .collect();
    Ok(Json(UndeliveredOut { messages }))
}

/// Has a message that was given up sent again.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/messages/{message}/retry", tag = "desk", params(("id" = String, Path, description = "The conversation"), ("message" = String, Path, description = "The message")), responses((status = 200, description = "It is on its way again", body = Received), (status = 403, description = "For supervisors", body = ErrorBody), (status = 404, description = "No such message was given up", body = ErrorBody)))]
pub(super) async fn retry(
    State(app): Shared,
    caller: Caller,
    Path((id, message)): Path<(String, String)>,
) -> Result<Json<Received>, ApiError> {
    supervises(&caller)?;
    let missing = || ApiError::missing("message that was given up");
    let conversation: ConversationId = id.parse().map_err(|_| missing())?;
    let message: MessageId = message.parse().map_err(|_| missing())?;
    if !app.service.store.is_given_up(conversation, message).await? {
        return Err(missing());
    }
    let kind = EventKind::DeliveryRetried {
        agent: caller.agent,
        message,
    };
    let job = Job {
        target: Target::Conversation(conversation),
        kind,
        dedupe: None,
    };
    Ok(Json(app.service.submit(job).await?.into()))
}

/// Where Telegram brings updates, where a webhook is set. The secret that was agreed is in the header; 200 means that
/// the update is on disk.
#[utoipa::path(post, path = "/api/v1/inboxes/telegram/webhook", tag = "inbox", request_body = String, responses((status = 200, description = "On disk"), (status = 401, description = "The secret is wrong", body = ErrorBody), (status = 404, description = "No webhook is set", body = ErrorBody), (status = 503, description = "Nothing can be written right now", body = ErrorBody)))]
pub(super) async fn telegram(State(app): Shared, request: Request) -> Result<StatusCode, ApiError> {
    let (headers, extensions) = (request.headers(), request.extensions());
    let secret = headers
        .get("x-telegram-bot-api-secret-token")
        .and_then(|v| v.to_str().ok())
        .map(str::to_owned);
    let shown = secret.as_deref();
    app.limits
        .token(headers, extensions, shown.unwrap_or_default())?;
    let channel = app
        .service
        .channel(TELEGRAM)
        .ok_or_else(|| ApiError::missing("webhook"))?;
    channel.admits(shown).map_err(refused)?;
    app.limits.good_token(shown.unwrap_or_default());
    let (bytes, _room) = read(&app, request).await?;
    let body = std::str::from_utf8(&bytes).map_err(|_| refused(WebhookRefused::Body))?;
    let arrivals = channel.webhook(shown, body).map_err(refused)?;
    app.service.arrive(channel, arrivals, None).await?;
    Ok(StatusCode::OK)
}

fn refused(why: WebhookRefused) -> ApiError {
    match why {
        WebhookRefused::NotOpen => ApiError::missing("webhook"),
        WebhookRefused::Secret => ApiError::unauthorized(),
        WebhookRefused::Body => ApiError::bad("this is no update"),
    }
}
