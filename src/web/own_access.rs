//! One's own password and sessions.

use super::{
    Shared,
    accounts::hashed,
    auth::{Caller, idle_since},
    body::Body,
    error::{ApiError, ErrorBody},
    sign_in::{SessionOut, begin},
};
use crate::service::SecurityEvent;
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use serde::{Deserialize, Serialize};

/// A new password of one's own.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OwnPasswordIn {
    /// The password of now.
    current: String,
    /// The one to be.
    password: String,
}

/// Changes one's own password: all sessions end but a new one, which this answers with.
#[utoipa::path(put, path = "/api/v1/session/password", tag = "accounts", request_body = OwnPasswordIn, responses(
    (status = 200, description = "Changed, and signed in anew", body = SessionOut),
    (status = 400, description = "The new password will not do", body = ErrorBody),
    (status = 403, description = "The password of now is wrong", body = ErrorBody),
    (status = 429, description = "Too many attempts; see Retry-After", body = ErrorBody)))]
pub(super) async fn own_password(
    State(app): Shared,
    caller: Caller,
    headers: HeaderMap,
    Body(body): Body<OwnPasswordIn>,
) -> Result<Response, ApiError> {
    if caller.by.session().is_none() {
        return Err(ApiError::forbidden("sign in to change your password"));
    }
    app.limits.known_device(&caller.agent.id.to_string())?;
    let row = app.service.store.agent(caller.agent.id).await?;
    let hash = row.and_then(|r| r.password);
    if !app
        .service
        .passwords
        .verify(hash, body.current, true)
        .await?
    {
        return Err(ApiError::forbidden("that is not your password of now"));
    }
    let hash = hashed(&app, body.password, &caller.agent.name).await?;
    app.service
        .store
        .set_password(caller.agent.id, &hash)
        .await?;
    app.service.access_changed();
    let actor = caller.actor();
    let set = SecurityEvent::PasswordSet {
        agent: caller.agent.id,
    };
    app.service.record(actor, &set);
    begin(
        &app,
        &headers,
        &caller.agent,
        caller.away,
        "password",
        actor,
    )
    .await
}

/// A session of one's own.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct OwnSessionOut {
    /// Its id; not its secret.
    id: String,
    /// When it began, RFC 3339.
    created: String,
    /// When it was last used, to the minute, RFC 3339.
    used: String,
    /// When it ends at the latest, RFC 3339.
    expires: String,
    /// What the browser says that it is.
    device: String,
    /// It is the one by which this call is made.
    current: bool,
}

/// One's own sessions.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct OwnSessionsOut {
    sessions: Vec<OwnSessionOut>,
}

/// One's own sessions that are open, the latest first.
#[utoipa::path(get, path = "/api/v1/sessions", tag = "accounts", responses((status = 200, description = "The sessions", body = OwnSessionsOut)))]
pub(super) async fn own_sessions(
    State(app): Shared,
    caller: Caller,
) -> Result<Json<OwnSessionsOut>, ApiError> {
    let now = app.service.clock.now();
    let here = caller.by.session().map(crate::store::hash_secret);
    let rows = app
        .service
        .store
        .sessions(caller.agent.id, now, idle_since(&app, now))
        .await?;
    let sessions = rows
        .into_iter()
        .map(|s| OwnSessionOut {
            current: here.as_deref().is_some_and(|h| h.starts_with(&s.id)),
            id: s.id,
            created: s.created.rfc3339(),
            used: s.used.rfc3339(),
            expires: s.expires.rfc3339(),
            device: s.device,
        })
        .collect();
    Ok(Json(OwnSessionsOut { sessions }))
}

/// Ends all of one's own sessions but this one.
#[utoipa::path(delete, path = "/api/v1/sessions", tag = "accounts", responses((status = 204, description = "Ended")))]
pub(super) async fn end_others(State(app): Shared, caller: Caller) -> Result<StatusCode, ApiError> {
    app.service
        .store
        .end_sessions(caller.agent.id, caller.by.session())
        .await?;
    let ended = SecurityEvent::SessionsEnded {
        agent: caller.agent.id,
        session: None,
    };
    app.service.record(caller.actor(), &ended);
    app.service.access_changed();
    Ok(StatusCode::NO_CONTENT)
}

/// Ends one of one's own sessions.
#[utoipa::path(delete, path = "/api/v1/sessions/{id}", tag = "accounts", params(("id" = String, Path, description = "The session")), responses((status = 204, description = "Ended"), (status = 404, description = "You have no such session", body = ErrorBody)))]
pub(super) async fn end_one(
    State(app): Shared,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let public = id.len() == 16 && id.bytes().all(|b| b.is_ascii_hexdigit());
    if !public
        || !app
            .service
            .store
            .end_session_of(caller.agent.id, &id)
            .await?
    {
        return Err(ApiError::missing("session"));
    }
    let ended = SecurityEvent::SessionsEnded {
        agent: caller.agent.id,
        session: Some(id),
    };
    app.service.record(caller.actor(), &ended);
    app.service.access_changed();
    Ok(StatusCode::NO_CONTENT)
}
