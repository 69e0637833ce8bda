//! Agents at work.

use super::{
    App, Shared,
    auth::Caller,
    body::{Body, Params},
    error::{ApiError, ErrorBody},
    shapes::{self, ConversationBrief, ConversationOut, Received},
    teams,
};
use crate::{
    domain::{Complaint, Conversation, ConversationId, EventKind, Status, event::TransferTarget},
    store::{Entry, Job, Target},
};
use axum::{
    Json,
    extract::{Path, State},
    http::HeaderMap,
};
use serde::{Deserialize, Serialize};

/// One who waits.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct QueueItem {
    id: String,
    /// `routine`, `soon`, `urgent`, `emergency`.
    priority: String,
    red_flag: Option<String>,
    /// The same for people.
    red_flag_title: Option<String>,
    emotion: String,
    /// Since when, RFC 3339.
    since: String,
    /// Why they are where they are, most weighty first.
    why: Vec<String>,
    /// Why a person is wanted, by its name.
    reason: String,
    /// The same for people.
    reason_title: String,
    /// Their name, where told.
    name: Option<String>,
    /// Which inbox.
    inbox: String,
    /// For which team.
    team: String,
    /// How they would like to hear from us: `stay`, `later`, `callback`.
    waiting: String,
    complaint: Option<String>,
}

/// Who waits, most pressing first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct QueueOut {
    conversations: Vec<QueueItem>,
}

/// Who waits for a person, most pressing first: danger, then priority, then distress, then waiting time.
#[utoipa::path(get, path = "/api/v1/queue", tag = "desk", params(("accept-language" = Option<String>, Header, description = "In which language titles are wanted; else English")), responses((status = 200, description = "The queue", body = QueueOut), (status = 401, description = "Not signed in", body = ErrorBody)))]
pub(super) async fn queue(
    State(app): Shared,
    _caller: Caller,
    headers: HeaderMap,
) -> Result<Json<QueueOut>, ApiError> {
    let book = app.service.runtime();
    let flows = &book.rules.flows;
    let title = teams::titles(&headers, flows);
    let rows = app.service.store.queue(app.service.clock.now()).await?;
    let item = |row: crate::store::QueueRow| {
        let c = &row.conversation;
        let entry = c.queue.as_ref()?;
        Some(QueueItem {
            id: c.id.to_string(),
            priority: entry.priority.name().to_owned(),
            red_flag: c.red_flag.map(|f| f.name().to_owned()),
            red_flag_title: c.red_flag.map(|f| title(f.name())),
            emotion: c.emotion.name().to_owned(),
            since: entry.since.rfc3339(),
            name: shapes::ContactOut::of(c).name,
            inbox: c.inbox.clone(),
            team: entry.team.clone(),
            waiting: entry.waiting.name().to_owned(),
            complaint: c.complaint.as_ref().map(ToString::to_string),
            reason: entry.reason.clone(),
            reason_title: title(&entry.reason),
            why: row.why,
        })
    };
    Ok(Json(QueueOut {
        conversations: rows.into_iter().filter_map(item).collect(),
    }))
}

/// Which conversations.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// `mine` (the default), `bot` or `resolved`.
    #[serde(default)]
    of: Option<String>,
}

/// Conversations.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ConversationsOut {
    conversations: Vec<ConversationBrief>,
}

/// One's own conversations, or those with the bot, or those that are done.
#[utoipa::path(get, path = "/api/v1/conversations", tag = "desk", params(Which), responses((status = 200, description = "Conversations", body = ConversationsOut)))]
pub(super) async fn list(
    State(app): Shared,
    caller: Caller,
    Params(which): Params<Which>,
) -> Result<Json<ConversationsOut>, ApiError> {
    let found = match which.of.as_deref() {
        None | Some("mine") => app.service.store.held_by(caller.agent.id).await?,
        Some("bot") => app.service.store.recent(Status::Bot, 50).await?,
        Some("resolved") => app.service.store.recent(Status::Resolved, 50).await?,
        Some(_) => return Err(ApiError::field("of", "'of' is mine, bot or resolved")),
    };
    Ok(Json(ConversationsOut {
        conversations: found.iter().map(ConversationBrief::of).collect(),
    }))
}

pub(super) fn id_of(text: &str) -> Result<ConversationId, ApiError> {
    text.parse().map_err(|_| ApiError::missing("conversation"))
}

pub(super) async fn load(
    app: &App,
    id: &str,
) -> Result<(Conversation, Vec<Entry>, Option<Complaint>), ApiError> {
    let detail = app
        .service
        .store
        .detail(id_of(id)?)
        .await?
        .ok_or_else(|| ApiError::missing("conversation"))?;
    let complaint = match &detail.conversation.complaint {
        Some(reference) => app.service.store.complaint(reference).await?,
        None => None,
    };
    Ok((detail.conversation, detail.entries, complaint))
}

/// A conversation, whole: what was said, the summary, the complaint, what was noticed.
#[utoipa::path(get, path = "/api/v1/conversations/{id}", tag = "desk", params(("id" = String, Path, description = "The conversation"), ("accept-language" = Option<String>, Header, description = "In which language titles are wanted; else English")), responses((status = 200, description = "The conversation", body = ConversationOut), (status = 404, description = "There is none", body = ErrorBody)))]
pub(super) async fn show(
    State(app): Shared,
    _caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<ConversationOut>, ApiError> {
    let (conversation, entries, complaint) = load(&app, &id).await?;
    Ok(Json(shapes::whole(
        &app.service,
        &conversation,
        &entries,
        complaint,
        &headers,
    )))
}

pub(super) async fn act(
    app: &App,
    id: &str,
    kind: EventKind,
    dedupe: Option<String>,
) -> Result<Json<Received>, ApiError> {
    let job = Job {
        target: Target::Conversation(id_of(id)?),
        kind,
        dedupe,
    };
    Ok(Json(app.service.submit(job).await?.into()))
}

/// Takes the conversation.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/claim", tag = "desk", params(("id" = String, Path, description = "The conversation")), responses((status = 200, description = "It is yours", body = Received), (status = 409, description = "Someone else has it; `error.holder` says who", body = ErrorBody)))]
pub(super) async fn claim(
    State(app): Shared,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Received>, ApiError> {
    act(
        &app,
        &id,
        EventKind::Claimed {
            agent: caller.agent,
        },
        None,
    )
    .await
}

/// To whom.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TransferIn {
    /// A colleague's name.
    #[serde(default)]
    agent: Option<String>,
    /// Or a team, one of `GET /api/v1/teams`.
    #[serde(default)]
    team: Option<String>,
}

/// Hands the conversation on, to a colleague or to a team's queue.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/transfer", tag = "desk", params(("id" = String, Path, description = "The conversation")), request_body = TransferIn, responses((status = 200, description = "Handed on", body = Received), (status = 400, description = "There is no such agent (`agent`) or no such team (`to.team`)", body = ErrorBody), (status = 409, description = "Someone else has it", body = ErrorBody)))]
pub(super) async fn transfer(
    State(app): Shared,
    caller: Caller,
    Path(id): Path<String>,
    Body(body): Body<TransferIn>,
) -> Result<Json<Received>, ApiError> {
    let to = match (body.agent, body.team) {
        (Some(name), None) => {
            let row = app
                .service
                .store
                .agent_named(name.trim())
                .await?
                .filter(|r| !r.disabled);
            TransferTarget::Agent(
                row.ok_or_else(|| ApiError::field("agent", "there is no such agent"))?
                    .agent,
            )
        }
        (None, Some(team)) => TransferTarget::Team(teams::known(&app, &team)?),
        _ => {
            return Err(ApiError::field(
                "agent",
                "say to whom: either 'agent' or 'team'",
            ));
        }
    };
    act(
        &app,
        &id,
        EventKind::Transferred {
            agent: caller.agent,
            to,
        },
        None,
    )
    .await
}

/// Gives the conversation back to the queue.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/release", tag = "desk", params(("id" = String, Path, description = "The conversation")), responses((status = 200, description = "Back in the queue", body = Received), (status = 409, description = "Someone else has it", body = ErrorBody)))]
pub(super) async fn release(
    State(app): Shared,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Received>, ApiError> {
    act(
        &app,
        &id,
        EventKind::Released {
            agent: caller.agent,
        },
        None,
    )
    .await
}

/// Says that it is done. The person may write again at any time.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/resolve", tag = "desk", params(("id" = String, Path, description = "The conversation")), responses((status = 200, description = "Done", body = Received), (status = 409, description = "Someone else has it", body = ErrorBody)))]
pub(super) async fn resolve(
    State(app): Shared,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Received>, ApiError> {
    act(
        &app,
        &id,
        EventKind::Resolved {
            agent: caller.agent,
        },
        None,
    )
    .await
}

/// Takes it up again.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/reopen", tag = "desk", params(("id" = String, Path, description = "The conversation")), responses((status = 200, description = "It is yours again", body = Received), (status = 409, description = "It is not resolved", body = ErrorBody)))]
pub(super) async fn reopen(
    State(app): Shared,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Received>, ApiError> {
    act(
        &app,
        &id,
        EventKind::Reopened {
            agent: caller.agent,
        },
        None,
    )
    .await
}
