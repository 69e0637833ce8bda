//! Sign-in and accounts.

use super::{
    Shared,
    auth::{COOKIE, Caller, MIN_PASSWORD, cookie, csrf_of, hash_password, verify_password},
    body::Body,
    error::{ApiError, ErrorBody},
    shapes::LONGEST_NAME,
};
use crate::{
    domain::{AgentRef, Role},
    store::StoreError,
};
use axum::{
    Json,
    extract::{ConnectInfo, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// How long a session lasts, in seconds.
const SESSION: i64 = 12 * 3600;

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

/// An account.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct AgentOut {
    id: String,
    name: String,
    role: Role,
    /// Takes nothing new for now.
    away: bool,
    /// Whether they can sign in.
    disabled: bool,
}

impl AgentOut {
    fn of(agent: &AgentRef, away: bool, disabled: bool) -> Self {
        Self {
            id: agent.id.to_string(),
            name: agent.name.clone(),
            role: agent.role,
            away,
            disabled,
        }
    }
}

fn set_cookie(value: &str, age: i64, secure: bool) -> HeaderValue {
    let secure = if secure { "; Secure" } else { "" };
    HeaderValue::from_str(&format!(
        "{COOKIE}={value}; HttpOnly; SameSite=Strict; Path=/; Max-Age={age}{secure}"
    ))
    .unwrap_or(HeaderValue::from_static(""))
}

async fn begin(app: &super::App, agent: &AgentRef, away: bool) -> Result<Response, ApiError> {
    let secret = app.service.clock.secret();
    let now = app.service.clock.now();
    app.service
        .store
        .add_session(&secret, agent.id, now.plus_seconds(SESSION))
        .await?;
    app.service.store.seen(agent.id, now).await?;
    let organisation = app.service.organisation();
    let body = SessionOut {
        agent: AgentOut::of(agent, away, false),
        csrf: csrf_of(&secret),
        organisation,
    };
    let mut response = Json(body).into_response();
    response.headers_mut().insert(
        header::SET_COOKIE,
        set_cookie(&secret, SESSION, app.service.settings.secure()),
    );
    Ok(response)
}

/// Signs in: sets the session's cookie.
#[utoipa::path(post, path = "/api/v1/session", tag = "accounts", request_body = SignIn, responses((status = 200, description = "Signed in", body = SessionOut), (status = 401, description = "Name or password is wrong", body = ErrorBody), (status = 429, description = "Too many attempts; see Retry-After", body = ErrorBody)))]
pub(super) async fn sign_in(
    State(app): Shared,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Body(body): Body<SignIn>,
) -> Result<Response, ApiError> {
    app.limits
        .sign_in(app.limits.origin(&headers, Some(address)), &body.name)?;
    let row = app
        .service
        .store
        .agent_named(body.name.trim())
        .await?
        .filter(|r| !r.disabled);
    let hash = row.as_ref().and_then(|r| r.password.clone());
    let _turn = app
        .hashing
        .acquire()
        .await
        .map_err(|_| ApiError::unavailable("the program is stopping"))?;
    let fits =
        tokio::task::spawn_blocking(move || verify_password(hash.as_deref(), &body.password))
            .await
            .unwrap_or(false);
    match row.filter(|_| fits) {
        Some(row) => begin(&app, &row.agent, row.away).await,
        None => Err(ApiError::unauthorized()),
    }
}

/// Who is signed in.
#[utoipa::path(get, path = "/api/v1/session", tag = "accounts", responses((status = 200, description = "Signed in", body = SessionOut), (status = 401, description = "Not signed in", body = ErrorBody)))]
pub(super) async fn session(State(app): Shared, caller: Caller) -> Json<SessionOut> {
    let csrf = caller.session.as_deref().map(csrf_of).unwrap_or_default();
    let organisation = app.service.organisation();
    Json(SessionOut {
        agent: AgentOut::of(&caller.agent, caller.away, false),
        csrf,
        organisation,
    })
}

/// Signs out.
#[utoipa::path(delete, path = "/api/v1/session", tag = "accounts", responses((status = 204, description = "Signed out")))]
pub(super) async fn sign_out(
    State(app): Shared,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    if let Some(secret) = cookie(&headers) {
        app.service
            .store
            .end_session(secret, app.service.clock.now())
            .await?;
    }
    app.service
        .store
        .seen(caller.agent.id, crate::domain::Timestamp(0))
        .await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.headers_mut().insert(
        header::SET_COOKIE,
        set_cookie("", 0, app.service.settings.secure()),
    );
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

/// Makes the first administrator, with the one-time link that the program printed when it started.
#[utoipa::path(post, path = "/api/v1/setup", tag = "accounts", request_body = SetUp, responses((status = 200, description = "Made, and signed in", body = SessionOut), (status = 403, description = "The link was used, or is not one", body = ErrorBody)))]
pub(super) async fn set_up(
    State(app): Shared,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Body(body): Body<SetUp>,
) -> Result<Response, ApiError> {
    app.limits
        .sign_in(app.limits.origin(&headers, Some(address)), "setup")?;
    let name = checked_name(&body.name)?;
    let hash = hashed(&app, body.password).await?;
    let agent = AgentRef {
        id: app.service.clock.agent_id(),
        name,
        role: Role::Admin,
    };
    if app.service.store.agent_named(&agent.name).await?.is_some() {
        return Err(ApiError::conflict(
            "name_taken",
            "there is an account of that name",
        ));
    }
    if !app.service.store.take_invitation(&body.token).await? {
        return Err(ApiError::forbidden(
            "this link was used already, or is not the newest: start the program again for a new one",
        ));
    }
    app.service
        .store
        .add_agent(&agent, Some(&hash), app.service.clock.now())
        .await?;
    begin(&app, &agent, false).await
}

fn checked_name(name: &str) -> Result<String, ApiError> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let fits =
        (2..=LONGEST_NAME).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if fits {
        Ok(name)
    } else {
        Err(ApiError::field(
            "name",
            format!("a name has 2 to {LONGEST_NAME} characters"),
        ))
    }
}

async fn hashed(app: &super::App, password: String) -> Result<String, ApiError> {
    if password.chars().count() < MIN_PASSWORD {
        return Err(ApiError::field(
            "password",
            format!("a password has at least {MIN_PASSWORD} characters"),
        ));
    }
    let _turn = app
        .hashing
        .acquire()
        .await
        .map_err(|_| ApiError::unavailable("the program is stopping"))?;
    let hash = tokio::task::spawn_blocking(move || hash_password(&password)).await;
    hash.map_err(|_| ApiError::unavailable("the program is stopping"))?
        .map_err(|e| ApiError::field("password", e))
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

/// A colleague.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct ColleagueOut {
    #[serde(flatten)]
    account: AgentOut,
    /// At the desk now, and not away.
    present: bool,
    /// How many conversations they have.
    conversations: i64,
}

/// Accounts.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct AgentsOut {
    agents: Vec<ColleagueOut>,
}

/// All accounts: colleagues to hand on to, who of them is there, and how many conversations each has.
#[utoipa::path(get, path = "/api/v1/agents", tag = "accounts", responses((status = 200, description = "Accounts", body = AgentsOut)))]
pub(super) async fn list(State(app): Shared, _caller: Caller) -> Result<Json<AgentsOut>, ApiError> {
    let rows = app.service.store.agents().await?;
    let counts = app.service.store.held_counts().await?;
    let since = app.service.seen_since();
    let colleague = |r: &crate::store::AgentRow| ColleagueOut {
        account: AgentOut::of(&r.agent, r.away, r.disabled),
        present: r.seen >= since && !r.away && !r.disabled,
        conversations: counts.get(&r.agent.id).copied().unwrap_or(0),
    };
    Ok(Json(AgentsOut {
        agents: rows.iter().map(colleague).collect(),
    }))
}

/// A new account.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AgentIn {
    name: String,
    role: Role,
    password: String,
}

/// Adds an account. For administrators.
#[utoipa::path(post, path = "/api/v1/agents", tag = "accounts", request_body = AgentIn, responses((status = 200, description = "Added", body = AgentOut), (status = 403, description = "Not an administrator", body = ErrorBody), (status = 409, description = "The name is taken", body = ErrorBody)))]
pub(super) async fn add(
    State(app): Shared,
    caller: Caller,
    Body(body): Body<AgentIn>,
) -> Result<Json<AgentOut>, ApiError> {
    caller.at_least(Role::Admin)?;
    let name = checked_name(&body.name)?;
    let hash = hashed(&app, body.password).await?;
    let agent = AgentRef {
        id: app.service.clock.agent_id(),
        name,
        role: body.role,
    };
    if app.service.store.agent_named(&agent.name).await?.is_some() {
        return Err(ApiError::conflict(
            "name_taken",
            "there is an account of that name",
        ));
    }
    match app
        .service
        .store
        .add_agent(&agent, Some(&hash), app.service.clock.now())
        .await
    {
        Err(StoreError::Refused(_)) => Err(ApiError::conflict(
            "name_taken",
            "there is an account of that name",
        )),
        other => Ok(other.map(|()| Json(AgentOut::of(&agent, false, false)))?),
    }
}
