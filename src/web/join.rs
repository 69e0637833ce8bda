//! Coming in by a link: a colleague's first password, or a new one where it was forgotten.

use super::{
    Shared,
    accounts::{found, hashed, link},
    auth::{Caller, stranger},
    body::read_json,
    error::{ApiError, ErrorBody},
    second_factor,
    sign_in::{SessionOut, begin, locked_out, only_json},
};
use crate::{domain::Role, service::SecurityEvent};
use axum::{
    Json,
    extract::{Path, Request, State},
    response::Response,
};
use serde::{Deserialize, Serialize};

/// A link by which a password is set.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct InvitationOut {
    /// It works once, for three days. It is shown now and never again: pass it on by a way that you trust.
    link: String,
}

/// Makes a link by which the account's owner sets a password. The old one works until then. For administrators.
#[utoipa::path(post, path = "/api/v1/agents/{id}/invitation", tag = "accounts", params(("id" = String, Path, description = "The account")), responses(
    (status = 200, description = "The link", body = InvitationOut),
    (status = 403, description = "Not an administrator", body = ErrorBody),
    (status = 404, description = "There is no such account", body = ErrorBody),
    (status = 409, description = "The account is disabled", body = ErrorBody)))]
pub(super) async fn invite(
    State(app): Shared,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<InvitationOut>, ApiError> {
    caller.at_least(Role::Admin)?;
    let account = found(&app, &id).await?;
    if account.disabled {
        let text = "this account is disabled: enable it first";
        return Err(ApiError::conflict("disabled", text));
    }
    let link = link(&app, &caller, account.agent.id).await?;
    Ok(Json(InvitationOut { link }))
}

/// A password, by a link.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct JoinIn {
    /// From the link.
    token: String,
    password: String,
    /// A code of the authenticator app, or a recovery code, where the account has a second factor.
    #[serde(default)]
    code: Option<String>,
}

/// Sets the password of the account for which the link was made, ends its other sessions, and signs in.
#[utoipa::path(post, path = "/api/v1/join", tag = "accounts", request_body = JoinIn, responses(
    (status = 200, description = "Set, and signed in", body = SessionOut),
    (status = 400, description = "The password will not do; the link still works", body = ErrorBody),
    (status = 401, description = "The account has a second factor, and a code is asked for; the link still works", body = ErrorBody),
    (status = 403, description = "The link was used, is over, or is not one", body = ErrorBody),
    (status = 415, description = "Not sent as JSON", body = ErrorBody),
    (status = 429, description = "Too many attempts; see Retry-After", body = ErrorBody)))]
pub(super) async fn join(State(app): Shared, request: Request) -> Result<Response, ApiError> {
    only_json(request.headers())?;
    let origin = app.limits.origin(request.headers(), request.extensions());
    let from = stranger(&app, request.headers(), request.extensions());
    let admitted = app.limits.sign_in(origin, "\0join");
    admitted.inspect_err(|_| locked_out(&app, from, None, "join"))?;
    let headers = request.headers().clone();
    let (body, _room) = read_json::<JoinIn>(&app, request).await?;
    let (store, now) = (&app.service.store, app.service.clock.now());
    let over = || {
        ApiError::forbidden(
            "this link was used already, or is over: ask an administrator for a new one",
        )
    };
    let row = store.invited(&body.token, now).await?.ok_or_else(over)?;
    let hash = hashed(&app, body.password, &row.agent.name).await?;
    // A link is in place of the password, and of nothing else.
    let code = body.code.as_deref();
    second_factor::ask(&app, row.agent.id, code, from).await?;
    if !store.join(&body.token, row.agent.id, &hash, now).await? {
        return Err(over());
    }
    app.service.access_changed();
    let set = SecurityEvent::PasswordSet {
        agent: row.agent.id,
    };
    app.service.record(from, &set);
    begin(&app, &headers, &row.agent, row.away, "invitation", from).await
}
