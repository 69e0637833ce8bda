//! Who calls: a session's cookie or a program's token; and passwords.

use super::{App, error::ApiError};
use crate::{
    domain::{AgentRef, Role},
    store::hash_secret,
};
use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version,
    password_hash::phc::PasswordHash,
};
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, Method, header, request::Parts},
};
use std::sync::Arc;
use subtle::ConstantTimeEq;

/// The shortest password taken, in characters.
pub const MIN_PASSWORD: usize = 10;

pub(super) const COOKIE: &str = "nohold_session";
pub(super) const CSRF_HEADER: &str = "x-csrf-token";

/// The agent for whom a call is made.
#[derive(Debug)]
pub(super) struct Caller {
    pub(super) agent: AgentRef,
    pub(super) away: bool,
    /// The session's secret, where it is a session.
    pub(super) session: Option<String>,
}

impl Caller {
    /// Only for those who may.
    pub(super) fn at_least(&self, role: Role) -> Result<(), ApiError> {
        if self.agent.role >= role {
            Ok(())
        } else {
            Err(ApiError::forbidden(&format!(
                "only for the role {} or above",
                role.name()
            )))
        }
    }
}

pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .strip_prefix("Bearer ")
        .map(str::trim)
}

pub(super) fn cookie(headers: &HeaderMap) -> Option<&str> {
    let all = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok());
    all.flat_map(|v| v.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
}

/// What a page must show beside the cookie: made of the session's secret, so that nobody without the secret can make it.
pub(super) fn csrf_of(session: &str) -> String {
    hash_secret(&format!("csrf:{session}"))
}

/// Whether two secrets are the same, in a time that tells nothing of where they differ.
pub(super) fn same(a: &str, b: &str) -> bool {
    // Hashed first, so that neither the length nor the content of the secret shows.
    hash_secret(a)
        .as_bytes()
        .ct_eq(hash_secret(b).as_bytes())
        .into()
}

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &Arc<App>,
    ) -> Result<Self, Self::Rejection> {
        let store = &app.service.store;
        if let Some(token) = bearer(&parts.headers) {
            let row = store
                .token(token)
                .await?
                .ok_or_else(ApiError::unauthorized)?;
            return Ok(Self {
                agent: row.agent,
                away: row.away,
                session: None,
            });
        }
        let session = cookie(&parts.headers)
            .ok_or_else(ApiError::unauthorized)?
            .to_owned();
        let row = store
            .session(&session, app.service.clock.now())
            .await?
            .ok_or_else(ApiError::unauthorized)?;
        let safe = matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
        if !safe {
            let shown = parts
                .headers
                .get(CSRF_HEADER)
                .and_then(|v| v.to_str().ok())
                .unwrap_or_default();
            if !same(shown, &csrf_of(&session)) {
                return Err(ApiError::forbidden(
                    "the page's token is missing or old: reload the page",
                ));
            }
        }
        Ok(Self {
            agent: row.agent,
            away: row.away,
            session: Some(session),
        })
    }
}

/// OWASP's recommendation for argon2id: 19 MiB, two passes, one lane.
fn argon2() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).expect("these are within argon2's bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// The argon2id hash of a password. Slow on purpose: call it where blocking is allowed.
///
/// # Errors
/// A password that is too short, in words.
pub fn hash_password(password: &str) -> Result<String, String> {
    if password.chars().count() < MIN_PASSWORD {
        return Err(format!(
            "the password must have at least {MIN_PASSWORD} characters"
        ));
    }
    argon2()
        .hash_password(password.as_bytes())
        .map(|h| h.to_string())
        .map_err(|e| e.to_string())
}

/// Whether the password fits. Where there is no account, one hash is made all the same, so that the time tells nothing.
pub(super) fn verify_password(hash: Option<&str>, password: &str) -> bool {
    if let Some(Ok(hash)) = hash.map(PasswordHash::new) {
        argon2().verify_password(password.as_bytes(), &hash).is_ok()
    } else {
        let _ = argon2().hash_password(password.as_bytes());
        false
    }
}
