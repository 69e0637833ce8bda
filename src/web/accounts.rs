//! Accounts: for colleagues to see, for administrators to change.

use super::{
    Shared,
    auth::Caller,
    body::Body,
    error::{ApiError, ErrorBody},
};
use crate::{
    domain::{AgentId, AgentRef, LONGEST_ACCOUNT_NAME, Role, account_name},
    service::{SecurityEvent, check_password},
    store::{AgentRow, StoreError, Work},
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};

/// An account.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct AgentOut {
    id: String,
    name: String,
    role: Role,
    /// Takes nothing new for now.
    away: bool,
    /// May not sign in.
    disabled: bool,
}

impl AgentOut {
    pub(super) fn of(agent: &AgentRef, away: bool, disabled: bool) -> Self {
        Self {
            id: agent.id.to_string(),
            name: agent.name.clone(),
            role: agent.role,
            away,
            disabled,
        }
    }

    fn row(row: &AgentRow) -> Self {
        Self::of(&row.agent, row.away, row.disabled)
    }
}

pub(super) fn checked_name(name: &str) -> Result<String, ApiError> {
    account_name(name).ok_or_else(|| {
        ApiError::field(
            "name",
            format!("a name has 2 to {LONGEST_ACCOUNT_NAME} characters, all of them visible"),
        )
    })
}

/// The hash of a password that may be set for the account of that name.
pub(super) async fn hashed(
    app: &super::App,
    password: String,
    name: &str,
) -> Result<String, ApiError> {
    let organisation = app.service.organisation();
    check_password(&password, name, &organisation).map_err(|e| ApiError::field("password", e))?;
    Ok(app.service.passwords.hash(password).await?)
}

/// What an agent takes.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct WorkOut {
    /// How many open conversations at most; `null`: as many as is usual, five.
    capacity: Option<i64>,
    /// For which teams; none: for all.
    teams: Vec<String>,
    /// In which languages, as ISO 639-1 codes; none: in all.
    languages: Vec<String>,
}

impl WorkOut {
    pub(super) fn of(work: Option<&Work>) -> Self {
        let work = work.cloned().unwrap_or_default();
        Self {
            capacity: work.capacity,
            teams: work.teams,
            languages: work.languages,
        }
    }
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
    /// When they were last at the desk, RFC 3339; `null` where they never were.
    seen: Option<String>,
    /// They have a password, and may sign in unless they are disabled.
    joined: bool,
    /// They are asked for a second factor; only administrators are told.
    #[serde(skip_serializing_if = "Option::is_none")]
    second_factor: Option<bool>,
    /// What they take where the desk gives out the work.
    #[serde(flatten)]
    work: WorkOut,
}

/// Accounts.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct AgentsOut {
    agents: Vec<ColleagueOut>,
}

/// All accounts: colleagues to hand on to, who of them is there, and how many conversations each has.
#[utoipa::path(get, path = "/api/v1/agents", tag = "accounts", responses((status = 200, description = "Accounts", body = AgentsOut)))]
pub(super) async fn list(State(app): Shared, caller: Caller) -> Result<Json<AgentsOut>, ApiError> {
    let rows = app.service.store.agents().await?;
    let counts = app.service.store.held_counts().await?;
    let work = app.service.store.work().await?;
    let since = app.service.seen_since();
    let factors = if caller.agent.role >= Role::Admin {
        Some(app.service.store.with_second_factor().await?)
    } else {
        None
    };
    let colleague = |r: &AgentRow| ColleagueOut {
        account: AgentOut::row(r),
        present: r.seen >= since && !r.away && !r.disabled,
        conversations: counts.get(&r.agent.id).copied().unwrap_or(0),
        seen: (r.seen.0 > 0).then(|| r.seen.rfc3339()),
        joined: r.password.is_some(),
        second_factor: factors.as_ref().map(|all| all.contains(&r.agent.id)),
        work: WorkOut::of(work.get(&r.agent.id)),
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
    /// Left out: the account has none yet, and the answer has a link by which its owner sets one.
    #[serde(default)]
    password: Option<String>,
}

/// An account that was added.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct AddedOut {
    #[serde(flatten)]
    account: AgentOut,
    /// Where no password was given: a link by which its owner sets one. It works once, for three days, and is shown now
    /// and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    invitation: Option<String>,
}

/// Adds an account. For administrators.
#[utoipa::path(post, path = "/api/v1/agents", tag = "accounts", request_body = AgentIn, responses(
    (status = 200, description = "Added", body = AddedOut),
    (status = 400, description = "The name or the password will not do", body = ErrorBody),
    (status = 403, description = "Not an administrator", body = ErrorBody),
    (status = 409, description = "The name is taken", body = ErrorBody)))]
pub(super) async fn add(
    State(app): Shared,
    caller: Caller,
    Body(body): Body<AgentIn>,
) -> Result<Json<AddedOut>, ApiError> {
    caller.at_least(Role::Admin)?;
    let name = checked_name(&body.name)?;
    let hash = match body.password {
        Some(password) => Some(hashed(&app, password, &name).await?),
        None => None,
    };
    let agent = AgentRef {
        id: app.service.clock.agent_id(),
        name,
        role: body.role,
    };
    if app.service.store.agent_named(&agent.name).await?.is_some() {
        return Err(ApiError::name_taken());
    }
    match app
        .service
        .store
        .add_agent(&agent, hash.as_deref(), app.service.clock.now())
        .await
    {
        Err(StoreError::Refused(_)) => return Err(ApiError::name_taken()),
        other => other?,
    }
    let added = SecurityEvent::AccountAdded {
        agent: agent.id,
        role: agent.role,
    };
    app.service.record(caller.actor(), &added);
    let invitation = match hash {
        Some(_) => None,
        None => Some(link(&app, &caller, agent.id).await?),
    };
    Ok(Json(AddedOut {
        account: AgentOut::of(&agent, false, false),
        invitation,
    }))
}

/// A new link for an account; an earlier one is void.
pub(super) async fn link(
    app: &super::App,
    caller: &Caller,
    id: AgentId,
) -> Result<String, ApiError> {
    let secret = app.service.clock.secret();
    let now = app.service.clock.now();
    app.service.store.invite(id, &secret, now).await?;
    let made = SecurityEvent::InvitationMade { agent: id };
    app.service.record(caller.actor(), &made);
    let address = app.service.settings.address();
    Ok(format!("{address}/desk#join={secret}"))
}

pub(super) async fn found(app: &super::App, id: &str) -> Result<AgentRow, ApiError> {
    let missing = || ApiError::missing("account");
    let id: AgentId = id.parse().map_err(|_| missing())?;
    app.service.store.agent(id).await?.ok_or_else(missing)
}

/// What may be changed of an account.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AgentPatch {
    /// Another role.
    #[serde(default)]
    role: Option<Role>,
    /// `true`: may sign in no more; sessions and tokens end.
    #[serde(default)]
    disabled: Option<bool>,
}

/// Changes an account: its role, or whether it may be used. For administrators. The last one who can sign in stays one.
#[utoipa::path(patch, path = "/api/v1/agents/{id}", tag = "accounts", params(("id" = String, Path, description = "The account")), request_body = AgentPatch, responses(
    (status = 200, description = "Changed", body = AgentOut),
    (status = 403, description = "Not an administrator", body = ErrorBody),
    (status = 404, description = "There is no such account", body = ErrorBody),
    (status = 409, description = "This is the last administrator", body = ErrorBody)))]
pub(super) async fn change(
    State(app): Shared,
    caller: Caller,
    Path(id): Path<String>,
    Body(body): Body<AgentPatch>,
) -> Result<Json<AgentOut>, ApiError> {
    caller.at_least(Role::Admin)?;
    let before = found(&app, &id).await?.agent;
    let (account, actor) = (before.id, caller.actor());
    let store = &app.service.store;
    let mut done = true;
    if let Some(role) = body.role {
        done = store.set_role(account, role).await?;
        if done && role != before.role {
            let changed = SecurityEvent::RoleChanged {
                agent: account,
                before: before.role,
                role,
            };
            app.service.record(actor, &changed);
        }
    }
    if let Some(disabled) = body.disabled.filter(|_| done) {
        done = store.set_disabled(account, disabled).await?;
        if done {
            let changed = if disabled {
                SecurityEvent::AccountDisabled { agent: account }
            } else {
                SecurityEvent::AccountEnabled { agent: account }
            };
            app.service.record(actor, &changed);
        }
        if done && disabled {
            app.service.give_back_stranded(Some(&caller.agent)).await;
        }
    }
    app.service.access_changed();
    app.service.look_at_agents().await;
    if done {
        Ok(Json(AgentOut::row(&found(&app, &id).await?)))
    } else {
        Err(ApiError::conflict(
            "last_admin",
            "this is the last administrator who can sign in: make another one first",
        ))
    }
}

/// A new password.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PasswordIn {
    password: String,
}

/// Sets an account's password, and ends its sessions. For administrators.
#[utoipa::path(put, path = "/api/v1/agents/{id}/password", tag = "accounts", params(("id" = String, Path, description = "The account")), request_body = PasswordIn, responses(
    (status = 204, description = "Set"),
    (status = 400, description = "The password will not do", body = ErrorBody),
    (status = 403, description = "Not an administrator", body = ErrorBody),
    (status = 404, description = "There is no such account", body = ErrorBody)))]
pub(super) async fn set_password(
    State(app): Shared,
    caller: Caller,
    Path(id): Path<String>,
    Body(body): Body<PasswordIn>,
) -> Result<StatusCode, ApiError> {
    caller.at_least(Role::Admin)?;
    let account = found(&app, &id).await?.agent;
    let hash = hashed(&app, body.password, &account.name).await?;
    app.service.store.set_password(account.id, &hash).await?;
    let set = SecurityEvent::PasswordSet { agent: account.id };
    app.service.record(caller.actor(), &set);
    app.service.access_changed();
    Ok(StatusCode::NO_CONTENT)
}

/// Ends an account's sessions. For administrators.
#[utoipa::path(delete, path = "/api/v1/agents/{id}/sessions", tag = "accounts", params(("id" = String, Path, description = "The account")), responses(
    (status = 204, description = "Ended"),
    (status = 403, description = "Not an administrator", body = ErrorBody),
    (status = 404, description = "There is no such account", body = ErrorBody)))]
pub(super) async fn end_sessions(
    State(app): Shared,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    caller.at_least(Role::Admin)?;
    let account = found(&app, &id).await?.agent.id;
    app.service.store.end_sessions(account, None).await?;
    let ended = SecurityEvent::SessionsEnded {
        agent: account,
        session: None,
    };
    app.service.record(caller.actor(), &ended);
    app.service.access_changed();
    Ok(StatusCode::NO_CONTENT)
}
