//! The inbox for programs.

use super::{
    App, Shared, auth,
    body::{Params, read_json},
    error::{ApiError, ErrorBody},
    files,
    shapes::{LONGEST_TEXT, MessageIn, Received, ReplyOut, checked_id},
};
use crate::{
    domain::{Author, ConversationId, EventKind, MessageId, event::Inbound},
    service::{Push, owner_of},
    store::{Job, Target},
};
use axum::{
    Json,
    extract::{FromRequestParts, Path, Request, State},
    http::request::Parts,
    response::Response,
};
use serde::{Deserialize, Serialize};
use std::{sync::Arc, time::Duration};

const INBOX: &str = "http";
/// The longest that a caller may wait for something new, in seconds.
const LONGEST_WAIT: u64 = 60;

/// A program that shows the inbox's token. Looked at before anything else of a call, its body above all.
#[derive(Debug)]
pub(super) struct Program;

impl FromRequestParts<Arc<App>> for Program {
    type Rejection = ApiError;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &Arc<App>,
    ) -> Result<Self, Self::Rejection> {
        let token = app
            .service
            .settings
            .http_token
            .as_ref()
            .ok_or_else(|| ApiError::missing("inbox: set NOHOLD_HTTP_TOKEN to open it"))?;
        auth::admit(app, &parts.headers, &parts.extensions, token).map(|()| Self)
    }
}

/// Checks a message's fields and brings it in; both inboxes of ours do so.
pub(super) async fn take_in(
    app: &App,
    whose: &str,
    inbox: &str,
    sender: &str,
    sender_name: Option<String>,
    dedupe: String,
    message: MessageIn,
) -> Result<Received, ApiError> {
    checked_id("id", &message.id)?;
    let text = message.text.unwrap_or_default();
    if text.chars().count() > LONGEST_TEXT {
        return Err(ApiError::field(
            "text",
            format!("'text' has more than {LONGEST_TEXT} characters"),
        ));
    }
    if let Some(choice) = &message.choice {
        checked_id("choice", choice)?;
    }
    let locale = message.locale.filter(|l| l.len() <= 35);
    let mut kept = files::keep(app, whose, inbox, sender, &message.id, message.attachments).await?;
    let inbound = Inbound {
        external_id: message.id,
        sender_name,
        text,
        choice: message.choice,
        attachments: kept.all.clone(),
        borrowed: std::mem::take(&mut kept.heard),
        unkept: std::mem::take(&mut kept.unkept),
        ..Inbound::default()
    };
    let taken = app
        .service
        .receive(inbox, sender, dedupe, inbound, locale.as_deref())
        .await;
    let place = taken.as_ref().ok().map(|o| (o.conversation, o.position));
    files::settle(app, kept, place).await;
    Ok(taken?.into())
}

/// A person's message. The answer comes when, and only when, message and replies are on disk.
#[utoipa::path(post, path = "/api/v1/inboxes/http/messages", tag = "inbox", request_body = MessageIn, responses(
    (status = 200, description = "On disk, with the replies; the same id again gives the same answer", body = Received),
    (status = 400, description = "Something is wrong with it", body = ErrorBody),
    (status = 401, description = "The token is wrong", body = ErrorBody),
    (status = 408, description = "The body came too slowly", body = ErrorBody),
    (status = 413, description = "The body is larger than we take", body = ErrorBody),
    (status = 429, description = "Too fast; see Retry-After", body = ErrorBody),
    (status = 503, description = "Nothing can be taken right now; see Retry-After", body = ErrorBody),
    (status = 507, description = "There is no room for more files; words are taken", body = ErrorBody)))]
pub(super) async fn receive(
    State(app): Shared,
    _program: Program,
    request: Request,
) -> Result<Json<Received>, ApiError> {
    let (mut message, _room) = read_json::<MessageIn>(&app, request).await?;
    let sender = message
        .sender
        .take()
        .ok_or_else(|| ApiError::field("sender", "the field 'sender' is missing"))?;
    checked_id("sender.id", &sender.id)?;
    if message.text.is_none() && message.choice.is_none() && message.attachments.is_empty() {
        return Err(ApiError::field(
            "text",
            "the field 'text' is missing (or send 'choice' or 'attachments')",
        ));
    }
    app.limits
        .sender(&sender.id)
        .inspect_err(|_| app.service.metrics.refused("sender_rate"))?;
    // Programs make ids for many people: one person's message must not hide another's.
    let dedupe = format!("{INBOX}\u{1f}{}\u{1f}{}", sender.id, message.id);
    let whose = owner_of(INBOX, &sender.id);
    take_in(
        &app,
        &whose,
        INBOX,
        &sender.id,
        sender.name,
        dedupe,
        message,
    )
    .await
    .map(Json)
}

/// From where on, and how long to wait.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Later {
    /// The last message that the caller has; without it, all replies.
    #[serde(default)]
    after: Option<String>,
    /// Seconds to wait for something new, at most 60.
    #[serde(default)]
    wait: Option<u64>,
}

/// What came later.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct LaterOut {
    conversation: String,
    status: String,
    /// What the bot or an agent said after that message, in order.
    messages: Vec<ReplyOut>,
}

/// What came later than a message: at once, or as soon as there is something.
#[utoipa::path(get, path = "/api/v1/inboxes/http/conversations/{sender}/messages", tag = "inbox", params(("sender" = String, Path, description = "The person's id there"), Later), responses(
    (status = 200, description = "What came later; empty where nothing came in time", body = LaterOut),
    (status = 401, description = "The token is wrong", body = ErrorBody),
    (status = 404, description = "This person has never written", body = ErrorBody)))]
pub(super) async fn later(
    State(app): Shared,
    _program: Program,
    Path(sender): Path<String>,
    Params(query): Params<Later>,
) -> Result<Json<LaterOut>, ApiError> {
    checked_id("sender", &sender)?;
    let service = &app.service;
    // Look on first, then read: nothing falls in between.
    let mut pushes = service.hub.watch_person(INBOX, &sender);
    let conversation = service
        .store
        .conversation_of(INBOX, &sender)
        .await?
        .ok_or_else(|| ApiError::missing("conversation"))?;
    let after = match &query.after {
        None => 0,
        Some(id) => {
            let message: MessageId = id
                .parse()
                .map_err(|_| ApiError::field("after", "'after' is the id of a message"))?;
            let place = service
                .store
                .place_of(conversation.id, message)
                .await?
                .ok_or_else(|| ApiError::field("after", "this conversation has no such message"))?;
            arrived(&app, conversation.id, message).await?;
            place
        }
    };
    let wait = Duration::from_secs(query.wait.unwrap_or(0).min(LONGEST_WAIT));
    let found = replies(&app, conversation.id, after).await?;
    if found.is_empty() && !wait.is_zero() {
        let something = async {
            while let Ok(push) = pushes.recv().await {
                if matches!(&push, Push::Message(position, m) if *position > after && m.from != Author::Contact)
                {
                    break;
                }
            }
        };
        tokio::select! {
            () = something => {}
            () = tokio::time::sleep(wait) => {}
            () = service.stopped() => {}
        }
    }
    let messages = if found.is_empty() {
        replies(&app, conversation.id, after).await?
    } else {
        found
    };
    let status = service
        .store
        .conversation(conversation.id)
        .await?
        .map_or(conversation.status, |c| c.status);
    Ok(Json(LaterOut {
        conversation: conversation.id.to_string(),
        status: status.name().to_owned(),
        messages,
    }))
}

/// A file that an agent sent with a reply, or that one of this inbox's people sent.
#[utoipa::path(get, path = "/api/v1/inboxes/http/attachments/{id}", tag = "inbox", params(("id" = String, Path, description = "The file's id")), responses(
    (status = 200, description = "The file, as a download", content_type = "*/*"),
    (status = 401, description = "The token is wrong", body = ErrorBody),
    (status = 404, description = "This inbox has no such file", body = ErrorBody)))]
pub(super) async fn file(
    State(app): Shared,
    _program: Program,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    let id = id.parse().map_err(|_| ApiError::missing("file"))?;
    let file = app.service.store.file(id).await?;
    file.filter(|f| f.inbox == INBOX)
        .map(files::download)
        .ok_or_else(|| ApiError::missing("file"))
}

async fn replies(app: &App, id: ConversationId, after: i64) -> Result<Vec<ReplyOut>, ApiError> {
    let mut entries = app.service.store.entries_after(id, after).await?;
    for entry in &mut entries {
        app.service.store.reveal(&mut entry.message).await?;
    }
    Ok(entries
        .iter()
        .filter(|e| matches!(e.message.from, Author::Bot | Author::Agent))
        .map(|e| ReplyOut::of(e.position, &e.message))
        .collect())
}

/// Whoever asks for what came after a message has that message.
pub(super) async fn arrived(
    app: &App,
    conversation: ConversationId,
    upto: MessageId,
) -> Result<(), ApiError> {
    if app.service.store.undelivered(conversation).await? {
        app.service
            .submit(Job {
                target: Target::Conversation(conversation),
                kind: EventKind::Delivered {
                    upto,
                    external: Vec::new(),
                },
                dedupe: None,
            })
            .await?;
    }
    Ok(())
}
