//! Tokens by which programs act for an agent.

use super::{
    Shared,
    auth::Caller,
    body::Body,
    error::{ApiError, ErrorBody},
    shapes::LONGEST_NAME,
};
use crate::{
    domain::{Role, Scope, Timestamp, seen_name},
    service::SecurityEvent,
    store::{NewToken, TokenRow},
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};

/// The longest that a token may be good for, in days.
const MOST_DAYS: u32 = 3660;

/// A token, without its secret.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct TokenOut {
    /// Its id; not its secret.
    id: String,
    /// For whom it acts.
    agent: String,
    /// What it is for.
    name: String,
    /// What it opens; never more than the agent's role does.
    scopes: Vec<Scope>,
    /// When it was made, RFC 3339.
    created: String,
    /// When it ends, RFC 3339; `null` where it does not.
    expires: Option<String>,
    /// When it was last used, to the minute, RFC 3339; `null` where it never was.
    used: Option<String>,
}

impl From<TokenRow> for TokenOut {
    fn from(row: TokenRow) -> Self {
        Self {
            id: row.id,
            agent: row.agent_name,
            name: row.name,
            scopes: row.scopes,
            created: row.created.rfc3339(),
            expires: row.expires.map(Timestamp::rfc3339),
            used: row.used.map(Timestamp::rfc3339),
        }
    }
}

/// Tokens.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct TokensOut {
    tokens: Vec<TokenOut>,
}

/// Administrators see and end everybody's, others their own.
fn whose(caller: &Caller) -> Option<crate::domain::AgentId> {
    (caller.agent.role < Role::Admin).then_some(caller.agent.id)
}

/// Tokens, the latest first: everybody's for administrators, else one's own.
#[utoipa::path(get, path = "/api/v1/tokens", tag = "accounts", responses((status = 200, description = "The tokens", body = TokensOut)))]
pub(super) async fn list(State(app): Shared, caller: Caller) -> Result<Json<TokensOut>, ApiError> {
    let rows = app.service.store.tokens(whose(&caller)).await?;
    Ok(Json(TokensOut {
        tokens: rows.into_iter().map(TokenOut::from).collect(),
    }))
}

/// A token to be made.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TokenIn {
    /// What it is for.
    name: String,
    /// What it is to open; without it, everything that the agent may.
    #[serde(default)]
    scopes: Option<Vec<Scope>>,
    /// Days after which it ends; without it, it does not.
    #[serde(default)]
    days: Option<u32>,
}

/// A token that was made.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct TokenMade {
    /// Its id.
    id: String,
    /// The secret. It is shown this once.
    token: String,
}

/// Makes a token for oneself; it opens nothing that its agent may not do. It takes a session: a token makes no tokens.
#[utoipa::path(post, path = "/api/v1/tokens", tag = "accounts", request_body = TokenIn, responses(
    (status = 200, description = "Made", body = TokenMade),
    (status = 400, description = "Something is wrong with it", body = ErrorBody),
    (status = 403, description = "Not by a token", body = ErrorBody)))]
pub(super) async fn create(
    State(app): Shared,
    caller: Caller,
    Body(body): Body<TokenIn>,
) -> Result<Json<TokenMade>, ApiError> {
    // Else one that has leaked could make others that outlive it.
    if caller.by.session().is_none() {
        return Err(ApiError::forbidden("sign in to make a token"));
    }
    if body.name.chars().count() > LONGEST_NAME {
        let text = format!("'name' has more than {LONGEST_NAME} characters");
        return Err(ApiError::field("name", text));
    }
    let name = seen_name(&body.name, LONGEST_NAME);
    if name.is_empty() {
        return Err(ApiError::field("name", "say what the token is for"));
    }
    let mut scopes = body.scopes.unwrap_or(Scope::ALL.to_vec());
    scopes.sort_unstable();
    scopes.dedup();
    if scopes.is_empty() {
        return Err(ApiError::field("scopes", "a token opens something"));
    }
    let (service, now) = (&app.service, app.service.clock.now());
    let expires = match body.days {
        None => None,
        Some(days) if (1..=MOST_DAYS).contains(&days) => {
            Some(now.plus_seconds(i64::from(days) * 86_400))
        }
        Some(_) => {
            return Err(ApiError::field(
                "days",
                format!("a token is good for 1 to {MOST_DAYS} days"),
            ));
        }
    };
    let token = service.clock.secret();
    let new = NewToken {
        secret: &token,
        agent: caller.agent.id,
        name: &name,
        scopes: &scopes,
        expires,
    };
    service.store.add_token(new, now).await?;
    let id = crate::store::hash_secret(&token)[..16].to_owned();
    let made = SecurityEvent::TokenMade {
        agent: caller.agent.id,
        token: id.clone(),
        scopes,
        days: body.days,
    };
    service.record(caller.actor(), &made);
    Ok(Json(TokenMade { id, token }))
}

/// Ends a token: one's own, or anybody's for administrators.
#[utoipa::path(delete, path = "/api/v1/tokens/{id}", tag = "accounts", params(("id" = String, Path, description = "The token's id")), responses((status = 204, description = "Ended"), (status = 404, description = "There is no such token", body = ErrorBody)))]
pub(super) async fn revoke(
    State(app): Shared,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let public = id.len() == 16 && id.bytes().all(|b| b.is_ascii_hexdigit());
    if !public || !app.service.store.revoke_token(&id, whose(&caller)).await? {
        return Err(ApiError::missing("token"));
    }
    let revoked = SecurityEvent::TokenRevoked { token: id };
    app.service.record(caller.actor(), &revoked);
    app.service.access_changed();
    Ok(StatusCode::NO_CONTENT)
}
