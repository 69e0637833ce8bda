//! What agents do with a conversation: take it, hand it on, give it back, mark it as done, take it up again.
//!
//! With `?undo=true` those of which the person is told wait for some seconds in which they can be taken
//! back; that is kept with the conversation, so a page may be
//! closed meanwhile.

use super::{
    Shared,
    auth::Caller,
    body::{Body, Params},
    conversations::act,
    error::{ApiError, ErrorBody},
    shapes::Received,
    teams,
};
use crate::domain::{DeferredAct, EventKind, TransferTarget};
use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;

/// Longest reason that goes along with a conversation, in characters.
const LONGEST_REASON: usize = 2_000;

/// Whether it can be taken back.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Undo {
    /// `true`: it is carried out after eight seconds, and until then `POST …/undo` takes it back. The
    /// answer shows the conversation as it still is; its `deferred` says
    /// what is to come. Left out, it is carried out at once.
    #[serde(default)]
    undo: bool,
}

/// Takes back what was asked for with `?undo=true`, while it has not been carried out. The person has not
/// been told anything.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/undo", tag = "desk", params(("id" = String, Path, description = "The conversation")), responses((status = 200, description = "Taken back", body = Received), (status = 409, description = "It was carried out already, or a colleague asked for it", body = ErrorBody)))]
pub(super) async fn undo(
    State(app): Shared,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Received>, ApiError> {
    let agent = caller.agent;
    act(&app, &id, EventKind::Undone { agent }, None).await
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
    /// What whoever takes over should know: goes along as a note, at most 2,000 characters.
    #[serde(default)]
    reason: Option<String>,
}

/// Hands the conversation on, to a colleague or to a team's queue.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/transfer", tag = "desk", params(("id" = String, Path, description = "The conversation"), Undo), request_body = TransferIn, responses((status = 200, description = "Handed on", body = Received), (status = 400, description = "There is no such agent (`agent`) or no such team (`to.team`)", body = ErrorBody), (status = 409, description = "Someone else has it", body = ErrorBody)))]
pub(super) async fn transfer(
    State(app): Shared,
    caller: Caller,
    Path(id): Path<String>,
    Params(undo): Params<Undo>,
    Body(body): Body<TransferIn>,
) -> Result<Json<Received>, ApiError> {
    let reason = body.reason.map(|r| r.trim().replace('\0', "\u{fffd}"));
    if reason
        .as_ref()
        .is_some_and(|r| r.chars().count() > LONGEST_REASON)
    {
        return Err(ApiError::field(
            "reason",
            format!("'reason' has more than {LONGEST_REASON} characters"),
        ));
    }
    let reason = reason.filter(|r| !r.is_empty());
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
    let agent = caller.agent;
    let kind = if undo.undo {
        let act = DeferredAct::Transfer { to, reason };
        EventKind::Deferred { agent, act }
    } else {
        EventKind::Transferred { agent, to, reason }
    };
    act(&app, &id, kind, None).await
}

/// Gives the conversation back to the queue.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/release", tag = "desk", params(("id" = String, Path, description = "The conversation"), Undo), responses((status = 200, description = "Back in the queue", body = Received), (status = 409, description = "Someone else has it", body = ErrorBody)))]
pub(super) async fn release(
    State(app): Shared,
    caller: Caller,
    Path(id): Path<String>,
    Params(undo): Params<Undo>,
) -> Result<Json<Received>, ApiError> {
    let agent = caller.agent;
    let kind = if undo.undo {
        let act = DeferredAct::Release;
        EventKind::Deferred { agent, act }
    } else {
        EventKind::Released { agent }
    };
    act(&app, &id, kind, None).await
}

/// Says that it is done. The person may write again at any time.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/resolve", tag = "desk", params(("id" = String, Path, description = "The conversation"), Undo), responses((status = 200, description = "Done", body = Received), (status = 409, description = "Someone else has it", body = ErrorBody)))]
pub(super) async fn resolve(
    State(app): Shared,
    caller: Caller,
    Path(id): Path<String>,
    Params(undo): Params<Undo>,
) -> Result<Json<Received>, ApiError> {
    let agent = caller.agent;
    let kind = if undo.undo {
        let act = DeferredAct::Resolve;
        EventKind::Deferred { agent, act }
    } else {
        EventKind::Resolved { agent }
    };
    act(&app, &id, kind, None).await
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
