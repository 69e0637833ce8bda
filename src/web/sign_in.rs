//! Signing in and out, the first administrator, and one's own sessions and password.

use super::{
    Shared,
    accounts::{AgentOut, checked_name, hashed},
    auth::{self, Caller, DEVICE, SESSION, cookie, csrf_of, stranger},
    body::{Body, read_json},
    error::{ApiError, ErrorBody},
    second_factor,
};
use crate::{
    domain::{AgentRef, Role, account_key, account_name, seen_name},
    service::{Actor, SecurityEvent},
    store::FirstAdmin,
};
use axum::{
    Json,
    extract::{Request, State},
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
    /// A code of the authenticator app, or a recovery code, where the account has a second factor.
    #[serde(default)]
    code: Option<String>,
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

/// Begins a session. `with` says by what somebody came in, and `from` from where.
pub(super) async fn begin(
    app: &super::App,
    headers: &HeaderMap,
    agent: &AgentRef,
    away: bool,
    with: &'static str,
    from: Actor,
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
    let session = crate::store::hash_secret(&secret)[..16].to_owned();
    let signed_in = SecurityEvent::SignIn {
        session,
        known_browser: known,
        with,
    };
    service.record(Actor::signed_in(agent.id, from), &signed_in);
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
    (status = 401, description = "Name or password is wrong, or (with the code `second_factor`) a code is asked for", body = ErrorBody),
    (status = 403, description = "Another site's page asks", body = ErrorBody),
    (status = 415, description = "Not sent as JSON", body = ErrorBody),
    (status = 429, description = "Too many attempts; see Retry-After", body = ErrorBody)))]
pub(super) async fn sign_in(State(app): Shared, request: Request) -> Result<Response, ApiError> {
    only_json(request.headers())?;
    let origin = app.limits.origin(request.headers(), request.extensions());
    let from = stranger(&app, request.headers(), request.extensions());
    let headers = request.headers().clone();
    let (body, _room) = read_json::<SignIn>(&app, request).await?;
    let (store, now) = (&app.service.store, app.service.clock.now());
    // What is no account's name is counted like one, all such names together.
    let name = account_name(&body.name).unwrap_or_default();
    let named = if name.is_empty() {
        None
    } else {
        store.agent_named(&name).await?
    };
    let agent = named.as_ref().map(|r| r.agent.id);
    let disabled = named.as_ref().is_some_and(|r| r.disabled);
    let row = named.filter(|r| !r.disabled);
    let device = cookie(&headers, DEVICE, app.service.settings.secure());
    let known = match (&row, device) {
        (Some(row), Some(device)) => store.knows_device(device, row.agent.id, now).await?,
        _ => false,
    };
    let admitted = match device.filter(|_| known) {
        Some(device) => app.limits.known_device(device),
        None => app.limits.sign_in(origin, &account_key(&name)),
    };
    let at = if known { "browser" } else { "sign_in" };
    admitted.inspect_err(|_| locked_out(&app, from, agent, at))?;
    let hash = row.as_ref().and_then(|r| r.password.clone());
    let fits = app
        .service
        .passwords
        .verify(hash, body.password, known)
        .await?;
    if let Some(row) = row.filter(|_| fits) {
        let code = body.code.as_deref();
        let second = second_factor::ask(&app, row.agent.id, code, from).await?;
        let with = second.unwrap_or("password");
        begin(&app, &headers, &row.agent, row.away, with, from).await
    } else {
        let reason = match agent {
            None => "unknown",
            Some(_) if disabled => "disabled",
            Some(_) => "password",
        };
        let failed = SecurityEvent::SignInFailed { agent, reason };
        app.service.record(from, &failed);
        Err(ApiError::unauthorized())
    }
}

/// Counts and writes down that somebody is kept waiting.
pub(super) fn locked_out(
    app: &super::App,
    from: Actor,
    agent: Option<crate::domain::AgentId>,
    at: &'static str,
) {
    app.service.metrics.refused("sign_in_rate");
    let locked_out = SecurityEvent::LockedOut { agent, at };
    app.service.record(from, &locked_out);
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
        let actor = caller.actor();
        app.service.record(actor, &SecurityEvent::SignOut);
    }
    app.service
        .store
        .seen(caller.agent.id, crate::domain::Timestamp(0))
        .await?;
    app.service.access_changed();
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

/// Makes the first administrator, with the one-time link that the program printed when it started. The link is good for
/// a day, and void as soon as there is an administrator.
#[utoipa::path(post, path = "/api/v1/setup", tag = "accounts", request_body = SetUp, responses(
    (status = 200, description = "Made, and signed in", body = SessionOut),
    (status = 400, description = "The name or the password will not do", body = ErrorBody),
    (status = 403, description = "The link was used, or is not one", body = ErrorBody),
    (status = 415, description = "Not sent as JSON", body = ErrorBody),
    (status = 429, description = "Too many attempts; see Retry-After", body = ErrorBody)))]
pub(super) async fn set_up(State(app): Shared, request: Request) -> Result<Response, ApiError> {
    only_json(request.headers())?;
    let origin = app.limits.origin(request.headers(), request.extensions());
    let from = stranger(&app, request.headers(), request.extensions());
    let admitted = app.limits.sign_in(origin, "\0setup");
    admitted.inspect_err(|_| locked_out(&app, from, None, "setup"))?;
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
        FirstAdmin::Made => {
            let made = SecurityEvent::FirstAdmin { agent: agent.id };
            app.service.record(from, &made);
            begin(&app, &headers, &agent, false, "setup", from).await
        }
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
