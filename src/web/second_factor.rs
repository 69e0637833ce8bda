//! The second factor: asked for at sign-in, set up and taken off by its owner, taken off by an administrator.

use super::{
    App, Shared,
    accounts::found,
    auth::Caller,
    body::Body,
    error::{ApiError, ErrorBody},
    sign_in::locked_out,
};
use crate::{
    domain::{AgentId, Role},
    service::{Actor, Enrolment, SecurityEvent, check_code, recovery_code, recovery_codes},
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};

/// Uses up a code of the app, or a recovery code. By which of them, where it was one.
async fn used(
    app: &App,
    id: AgentId,
    secret: &str,
    code: &str,
) -> Result<Option<&'static str>, ApiError> {
    let (store, now) = (&app.service.store, app.service.clock.now());
    if let Some(step) = check_code(secret, code, now) {
        return Ok(store.use_step(id, step).await?.then_some("totp"));
    }
    if let Some(code) = recovery_code(code) {
        let used = store.use_recovery_code(id, &code).await?;
        return Ok(used.then_some("recovery_code"));
    }
    Ok(None)
}

/// At sign-in, after the password was right. None where the account has no second factor; else by what it
/// was shown.
pub(super) async fn ask(
    app: &App,
    id: AgentId,
    code: Option<&str>,
    from: Actor,
) -> Result<Option<&'static str>, ApiError> {
    let factor = app.service.store.second_factor(id).await?;
    let Some(factor) = factor.filter(|f| f.on) else {
        return Ok(None);
    };
    let code = code.map(str::trim).filter(|c| !c.is_empty());
    let code =
        code.ok_or_else(|| ApiError::second_factor("a code of your authenticator app is needed"))?;
    let admitted = app.limits.second_factor(&id.to_string());
    admitted.inspect_err(|_| locked_out(app, from, Some(id), "second_factor"))?;
    if let Some(with) = used(app, id, &factor.secret, code).await? {
        return Ok(Some(with));
    }
    let failed = SecurityEvent::SignInFailed {
        agent: Some(id),
        reason: "second_factor",
    };
    app.service.record(from, &failed);
    Err(ApiError::second_factor(
        "that code is wrong, or was used already: wait for the next one",
    ))
}

/// How one's own second factor stands.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct SecondFactorOut {
    /// A code is asked for at sign-in.
    on: bool,
    /// Recovery codes that were not used yet.
    recovery_codes_left: i64,
}

/// How one's own second factor stands.
#[utoipa::path(get, path = "/api/v1/session/second-factor", tag = "accounts", responses((status = 200, description = "How it stands", body = SecondFactorOut)))]
pub(super) async fn show(
    State(app): Shared,
    caller: Caller,
) -> Result<Json<SecondFactorOut>, ApiError> {
    let store = &app.service.store;
    let factor = store.second_factor(caller.agent.id).await?;
    Ok(Json(SecondFactorOut {
        on: factor.is_some_and(|f| f.on),
        recovery_codes_left: store.recovery_codes_left(caller.agent.id).await?,
    }))
}

/// One's own password, again.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PasswordAgain {
    /// The password of now.
    password: String,
}

/// What an authenticator app is told.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct EnrolmentOut {
    /// The secret in base32, to be typed.
    secret: String,
    /// The address that apps read.
    uri: String,
    /// The address as a QR code: modules along a side.
    qr_size: i32,
    /// And its dark modules, as the `d` of an SVG's path.
    qr_path: String,
}

/// Whoever stands at an open desk does not know the password.
async fn by_password(app: &App, caller: &Caller, password: String) -> Result<(), ApiError> {
    if caller.by.session().is_none() {
        return Err(ApiError::forbidden("sign in to change your second factor"));
    }
    let id = caller.agent.id;
    let admitted = app.limits.known_device(&id.to_string());
    admitted.inspect_err(|_| locked_out(app, caller.actor(), Some(id), "second_factor"))?;
    let row = app.service.store.agent(id).await?;
    let hash = row.and_then(|r| r.password);
    if app.service.passwords.verify(hash, password, true).await? {
        Ok(())
    } else {
        Err(ApiError::forbidden("that is not your password of now"))
    }
}

/// Makes a secret for an authenticator app. Nothing is asked for at sign-in until a first code has proved
/// that the app has it.
#[utoipa::path(post, path = "/api/v1/session/second-factor", tag = "accounts", request_body = PasswordAgain, responses(
    (status = 200, description = "What to tell the app", body = EnrolmentOut),
    (status = 403, description = "The password is wrong, or the call is made by a token", body = ErrorBody),
    (status = 409, description = "There is one already", body = ErrorBody),
    (status = 429, description = "Too many attempts; see Retry-After", body = ErrorBody)))]
pub(super) async fn offer(
    State(app): Shared,
    caller: Caller,
    Body(body): Body<PasswordAgain>,
) -> Result<Json<EnrolmentOut>, ApiError> {
    by_password(&app, &caller, body.password).await?;
    let service = &app.service;
    let made = Enrolment::new(&service.clock, &service.organisation(), &caller.agent.name);
    let store = &service.store;
    if !store
        .offer_second_factor(caller.agent.id, &made.secret)
        .await?
    {
        let text = "there is a second factor already: take it off first";
        return Err(ApiError::conflict("second_factor", text));
    }
    Ok(Json(EnrolmentOut {
        secret: made.secret,
        uri: made.uri,
        qr_size: made.qr.size,
        qr_path: made.qr.path,
    }))
}

/// A code.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CodeIn {
    /// Six digits of the authenticator app.
    code: String,
}

/// Recovery codes.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct RecoveryOut {
    /// Each opens the account once in place of the app. They are shown now and never again.
    recovery_codes: Vec<String>,
}

/// Proves that the app has the secret: from now on a code is asked for at sign-in.
#[utoipa::path(put, path = "/api/v1/session/second-factor", tag = "accounts", request_body = CodeIn, responses(
    (status = 200, description = "It is on", body = RecoveryOut),
    (status = 400, description = "The code is wrong", body = ErrorBody),
    (status = 403, description = "By a token", body = ErrorBody),
    (status = 409, description = "Nothing is to be confirmed", body = ErrorBody),
    (status = 429, description = "Too many attempts; see Retry-After", body = ErrorBody)))]
pub(super) async fn confirm(
    State(app): Shared,
    caller: Caller,
    Body(body): Body<CodeIn>,
) -> Result<Json<RecoveryOut>, ApiError> {
    if caller.by.session().is_none() {
        return Err(ApiError::forbidden("sign in to change your second factor"));
    }
    let (service, id) = (&app.service, caller.agent.id);
    let nothing = || ApiError::conflict("second_factor", "nothing is to be confirmed: begin again");
    let offered = service.store.second_factor(id).await?;
    let offered = offered.filter(|f| !f.on).ok_or_else(nothing)?;
    app.limits.known_device(&id.to_string())?;
    let now = service.clock.now();
    let step = check_code(&offered.secret, &body.code, now).ok_or_else(|| {
        ApiError::field(
            "code",
            "that code is wrong: take the one that the app shows now",
        )
    })?;
    let codes = recovery_codes(&service.clock);
    let confirmed = service.store.confirm_second_factor(id, step, &codes, now);
    if !confirmed.await? {
        return Err(nothing());
    }
    let on = SecurityEvent::SecondFactorOn { agent: id };
    service.record(caller.actor(), &on);
    Ok(Json(RecoveryOut {
        recovery_codes: codes,
    }))
}

/// What it takes to take one's own second factor off.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SecondFactorOffIn {
    /// The password of now.
    password: String,
    /// A code of the app, or a recovery code.
    code: String,
}

/// Takes one's own second factor off.
#[utoipa::path(post, path = "/api/v1/session/second-factor/off", tag = "accounts", request_body = SecondFactorOffIn, responses(
    (status = 204, description = "It is off"),
    (status = 400, description = "The code is wrong", body = ErrorBody),
    (status = 403, description = "The password is wrong, or the call is made by a token", body = ErrorBody),
    (status = 409, description = "There is none", body = ErrorBody),
    (status = 429, description = "Too many attempts; see Retry-After", body = ErrorBody)))]
pub(super) async fn take_off(
    State(app): Shared,
    caller: Caller,
    Body(body): Body<SecondFactorOffIn>,
) -> Result<StatusCode, ApiError> {
    by_password(&app, &caller, body.password).await?;
    let (store, id) = (&app.service.store, caller.agent.id);
    let factor = store.second_factor(id).await?.filter(|f| f.on);
    let factor = factor.ok_or_else(|| ApiError::conflict("second_factor", "there is none"))?;
    let admitted = app.limits.second_factor(&id.to_string());
    admitted.inspect_err(|_| locked_out(&app, caller.actor(), Some(id), "second_factor"))?;
    if used(&app, id, &factor.secret, &body.code).await?.is_none() {
        let text = "that code is wrong, or was used already: wait for the next one";
        return Err(ApiError::field("code", text));
    }
    store.remove_second_factor(id).await?;
    let off = SecurityEvent::SecondFactorOff { agent: id };
    app.service.record(caller.actor(), &off);
    Ok(StatusCode::NO_CONTENT)
}

/// Takes an account's second factor off, for somebody who has lost their device and their recovery codes.
/// For administrators.
#[utoipa::path(delete, path = "/api/v1/agents/{id}/second-factor", tag = "accounts", params(("id" = String, Path, description = "The account")), responses(
    (status = 204, description = "It is off"),
    (status = 403, description = "Not an administrator", body = ErrorBody),
    (status = 404, description = "There is no such account, or it has none", body = ErrorBody)))]
pub(super) async fn remove(
    State(app): Shared,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    caller.at_least(Role::Admin)?;
    let account = found(&app, &id).await?.agent.id;
    if !app.service.store.remove_second_factor(account).await? {
        return Err(ApiError::missing("second factor"));
    }
    let off = SecurityEvent::SecondFactorOff { agent: account };
    app.service.record(caller.actor(), &off);
    Ok(StatusCode::NO_CONTENT)
}
