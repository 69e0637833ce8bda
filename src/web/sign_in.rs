//! Signing in and out, the first administrator, and one's own sessions and password.

use super::{
    Shared,
    accounts::{AgentOut, checked_name, hashed},
    auth::{self, Caller, DEVICE, SESSION, cookie, csrf_of, idle_since},
    body::{Body, read_json},
    error::{ApiError, ErrorBody},
};
use crate::{
    domain::{AgentRef, Role, account_key, account_name, seen_name},
    service::DeskPush,
    store::FirstAdmin,
};
use axum::{
    Json,
    extract::{Path, Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};

/// How long a session lasts at most, in seconds.
const LONGEST_SESSION: i64 = 12 * 3600;
/// How long a browser is known in which somebody has signed in, in seconds.
const KNOWN_FOR: i64 = 180 * 86_400;
/// Longest that is kept of what a browser says of itself, in characters.
const LONGEST_DEVICE: usize = 200;

/// Name and password.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignIn {
    name: String,
    password: String,
}

/// Who is signed in.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct SessionOut {
    /// Who.
    agent: AgentOut,
    /// To be sent back as `X-CSRF-Token` with every change.
    csrf: String,
    /// The organisation's name.
    organisation: String,
}

/// Other pages can send a form or plain text in a person's name without asking; JSON they cannot.
pub(super) fn only_json(headers: &HeaderMap) -> Result<(), ApiError> {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.split(';').next())
        .unwrap_or_default();
    if kind.trim().eq_ignore_ascii_case("application/json") {
        Ok(())
    } else {
        Err(ApiError::not_json())
    }
}

pub(super) async fn begin(
    app: &super::App,
    headers: &HeaderMap,
    agent: &AgentRef,
    away: bool,
) -> Result<Response, ApiError> {
    let (service, secret) = (&app.service, app.service.clock.secret());
    let (store, now) = (&service.store, service.clock.now());
    let secure = service.settings.secure();
    let device = headers
        .get(header::USER_AGENT)
        .and_then(|v| v.to_str().ok())
        .map(|text| seen_name(text, LONGEST_DEVICE))
        .unwrap_or_default();
    let ends = now.plus_seconds(LONGEST_SESSION);
    store
        .add_session(&secret, agent.id, now, ends, &device)
        .await?;
    store.seen(agent.id, now).await?;
    let body = SessionOut {
        agent: AgentOut::of(agent, away, false),
        csrf: csrf_of(&secret),
        organisation: service.organisation(),
    };
    let mut response = Json(body).into_response();
    let cookies = response.headers_mut();
    let session = auth::set_cookie(SESSION, &secret, LONGEST_SESSION, secure);
    cookies.append(header::SET_COOKIE, session);
    let known = match cookie(headers, DEVICE, secure) {
        Some(device) => store.knows_device(device, agent.id, now).await?,
        None => false,
    };
    if !known {
        let device = service.clock.secret();
        store
            .add_device(&device, agent.id, now, now.plus_seconds(KNOWN_FOR))
            .await?;
        let device = auth::set_cookie(DEVICE, &device, KNOWN_FOR, secure);
        cookies.append(header::SET_COOKIE, device);
    }
    Ok(response)
}

/// Signs in: sets the session's cookie.
#[utoipa::path(post, path = "/api/v1/session", tag = "accounts", request_body = SignIn, responses(
    (status = 200, description = "Signed in", body = SessionOut),
    (status = 401, description = "Name or password is wrong", body = ErrorBody),
    (status = 403, description = "Another site's page asks", body = ErrorBody),
    (status = 415, description = "Not sent as JSON", body = ErrorBody),
    (status = 429, description = "Too many attempts; see Retry-After", body = ErrorBody)))]
pub(super) async fn sign_in(State(app): Shared, request: Request) -> Result<Response, ApiError> {
    only_json(request.headers())?;
    let origin = app.limits.origin(request.headers(), request.extensions());
    let headers = request.headers().clone();
    let (body, _room) = read_json::<SignIn>(&app, request).await?;
    let (store, now) = (&app.service.store, app.service.clock.now());
    // What is no account's name is counted like one, all such names together.
    let name = account_name(&body.name).unwrap_or_default();
    let row = if name.is_empty() {
        None
    } else {
        store.agent_named(&name).await?.filter(|r| !r.disabled)
    };
    let device = cookie(&headers, DEVICE, app.service.settings.secure());
    let known = match (&row, device) {
        (Some(row), Some(device)) => store.knows_device(device, row.agent.id, now).await?,
        _ => false,
    };
    let admitted = match device.filter(|_| known) {
        Some(device) => app.limits.known_device(device),
        None => app.limits.sign_in(origin, &account_key(&name)),
    };
    admitted.inspect_err(|_| app.service.metrics.refused("sign_in_rate"))?;
    let hash = row.as_ref().and_then(|r| r.password.clone());
    let fits = app
        .service
        .passwords
        .verify(hash, body.password, known)
        .await?;
    match row.filter(|_| fits) {
        Some(row) => begin(&app, &headers, &row.agent, row.away).await,
        None => Err(ApiError::unauthorized()),
    }
}

/// Who is signed in.
#[utoipa::path(get, path = "/api/v1/session", tag = "accounts", responses((status = 200, description = "Signed in", body = SessionOut), (status = 401, description = "Not signed in", body = ErrorBody)))]
pub(super) async fn session(State(app): Shared, caller: Caller) -> Json<SessionOut> {
    let csrf = caller.by.session().map(csrf_of).unwrap_or_default();
    let organisation = app.service.organisation();
    Json(SessionOut {
        agent: AgentOut::of(&caller.agent, caller.away, false),
        csrf,
        organisation,
    })
}

/// Signs out.
#[utoipa::path(delete, path = "/api/v1/session", tag = "accounts", responses((status = 204, description = "Signed out")))]
pub(super) async fn sign_out(State(app): Shared, caller: Caller) -> Result<Response, ApiError> {
    if let Some(secret) = caller.by.session() {
        app.service.store.end_session(secret).await?;
    }
    app.service
        .store
        .seen(caller.agent.id, crate::domain::Timestamp(0))
        .await?;
    app.service.hub.tell_desk(DeskPush::Access);
    let mut response = StatusCode::NO_CONTENT.into_response();
    let gone = auth::set_cookie(SESSION, "", 0, app.service.settings.secure());
    response.headers_mut().insert(header::SET_COOKIE, gone);
    Ok(response)
}

/// The first administrator.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SetUp {
    /// From the one-time link.
    token: String,
    name: String,
    password: String,
}

/// Makes the first administrator, with the one-time link that the program printed when it started. The link is good for a day, and void as soon as
/// there is an administrator.
#[utoipa::path(post, path = "/api/v1/setup", tag = "accounts", request_body = SetUp, responses(
    (status = 200, description = "Made, and signed in", body = SessionOut),
    (status = 400, description = "The name or the password will not do", body = ErrorBody),
    (status = 403, description = "The link was used, or is not one", body = ErrorBody),
    (status = 415, description = "Not sent as JSON", body = ErrorBody),
    (status = 429, description = "Too many attempts; see Retry-After", body = ErrorBody)))]
pub(super) async fn set_up(State(app): Shared, request: Request) -> Result<Response, ApiError> {
    only_json(request.headers())?;
    let origin = app.limits.origin(request.headers(), request.extensions());
    app.limits.sign_in(origin, "\0setup")?;
    let headers = request.headers().clone();
    let (body, _room) = read_json::<SetUp>(&app, request).await?;
    let (store, now) = (&app.service.store, app.service.clock.now());
    let refused = || {
        ApiError::forbidden(
            "this link was used already, or is not the newest: start the program again for a new one",
        )
    };
    // First of all: whoever has no link learns nothing of who has an account.
    if !store.is_invitation(&body.token, now).await? {
        return Err(refused());
    }
    let name = checked_name(&body.name)?;
    let hash = hashed(&app, body.password, &name).await?;
    let agent = AgentRef {
        id: app.service.clock.agent_id(),
        name,
        role: Role::Admin,
    };
    match store.first_admin(&body.token, &agent, &hash, now).await? {
        FirstAdmin::Made => begin(&app, &headers, &agent, false).await,
        FirstAdmin::NotInvited => Err(refused()),
        FirstAdmin::NameTaken => Err(ApiError::name_taken()),
    }
}

/// Whether one takes something new.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AwayIn {
    away: bool,
}

/// Takes nothing new for now, or does again.
#[utoipa::path(put, path = "/api/v1/session/away", tag = "accounts", request_body = AwayIn, responses((status = 204, description = "Noted")))]
pub(super) async fn set_away(
    State(app): Shared,
    caller: Caller,
    Body(body): Body<AwayIn>,
) -> Result<StatusCode, ApiError> {
    app.service
        .store
        .set_away(caller.agent.id, body.away)
        .await?;
    app.service.look_at_agents().await;
    Ok(StatusCode::NO_CONTENT)
}

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
    app.service.hub.tell_desk(DeskPush::Access);
    begin(&app, &headers, &caller.agent, caller.away).await
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
    app.service.hub.tell_desk(DeskPush::Access);
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
    app.service.hub.tell_desk(DeskPush::Access);
    Ok(StatusCode::NO_CONTENT)
}
