//! Who calls: a session's cookie or a program's token; and passwords.

use super::{App, error::ApiError, sight};
use crate::{
    config::Secret,
    domain::{AgentRef, Role, Scope, Timestamp},
    service::{Actor, SecurityEvent},
    store::{Access, StoreError, hash_secret},
};
use axum::{
    extract::FromRequestParts,
    http::{Extensions, HeaderMap, HeaderValue, Method, header, request::Parts},
};
use std::{net::IpAddr, sync::Arc};
use subtle::ConstantTimeEq;

/// The cookie of a session, and of a browser in which somebody has signed in before.
pub(super) const SESSION: &str = "nohold_session";
pub(super) const DEVICE: &str = "nohold_device";
/// Seconds after which the use of a session or a token is noted again: not every look writes.
const NOTED_EVERY: i64 = 60;

pub(super) const CSRF_HEADER: &str = "x-csrf-token";

/// The agent for whom a call is made.
#[derive(Debug)]
pub(super) struct Caller {
    pub(super) agent: AgentRef,
    pub(super) away: bool,
    pub(super) by: Credential,
    address: IpAddr,
}

/// By what a call is made.
#[derive(Debug)]
pub(super) enum Credential {
    /// A session's secret.
    Session(String),
    /// A program's token.
    Token(String),
}

impl Credential {
    /// The session's secret, where it is a session.
    pub(super) fn session(&self) -> Option<&str> {
        match self {
            Self::Session(secret) => Some(secret),
            Self::Token(_) => None,
        }
    }

    /// What it opens now. Looking does not count as use.
    pub(super) async fn opens(&self, app: &App) -> Result<Option<Access>, StoreError> {
        let (store, now) = (&app.service.store, app.service.clock.now());
        match self {
            Self::Token(token) => store.token(token, now).await,
            Self::Session(secret) => store.session(secret, now, idle_since(app, now)).await,
        }
    }
}

/// A session that was not used since then has ended.
pub(super) fn idle_since(app: &App, now: Timestamp) -> Timestamp {
    now.plus_seconds(-app.service.settings.guard.session_idle)
}

impl Caller {
    /// As the security log names them.
    pub(super) fn actor(&self) -> Actor {
        Actor::Account {
            account: self.agent.id,
            by_token: matches!(self.by, Credential::Token(_)),
            address: self.address,
        }
    }

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

/// A cookie's name as browsers keep it. Behind TLS nobody else, no neighbouring host and no unprotected page, can set
/// one of that name.
fn cookie_name(name: &str, secure: bool) -> String {
    let prefix = if secure { "__Host-" } else { "" };
    format!("{prefix}{name}")
}

pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str, secure: bool) -> Option<&'a str> {
    let name = cookie_name(name, secure);
    let all = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok());
    all.flat_map(|v| v.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(&*name)?.strip_prefix('='))
}

/// A cookie for our pages alone, for so many seconds.
pub(super) fn set_cookie(name: &str, value: &str, age: i64, secure: bool) -> HeaderValue {
    set_cookie_for("Strict", name, value, age, secure)
}

/// The same, sent along as strictly as `site` says.
pub(super) fn set_cookie_for(
    site: &str,
    name: &str,
    value: &str,
    age: i64,
    secure: bool,
) -> HeaderValue {
    let (name, protected) = (
        cookie_name(name, secure),
        if secure { "; Secure" } else { "" },
    );
    HeaderValue::from_str(&format!(
        "{name}={value}; HttpOnly; SameSite={site}; Path=/; Max-Age={age}{protected}"
    ))
    .unwrap_or(HeaderValue::from_static(""))
}

/// What a page must show beside the cookie: made of the session's secret, so that nobody without the secret can make
/// it.
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

/// Lets a program in that shows this token. Before its body is read: whoever has no token learns nothing, and costs
/// nothing.
pub(super) fn admit(
    app: &App,
    headers: &HeaderMap,
    extensions: &Extensions,
    token: &Secret,
) -> Result<(), ApiError> {
    let shown = bearer(headers).ok_or_else(ApiError::unauthorized)?;
    admit_secret(app, headers, extensions, shown, token)
}

/// The same for a secret that is shown in another header.
pub(super) fn admit_secret(
    app: &App,
    headers: &HeaderMap,
    extensions: &Extensions,
    shown: &str,
    secret: &Secret,
) -> Result<(), ApiError> {
    app.limits
        .token(headers, extensions, shown)
        .inspect_err(|_| too_many_tokens(app, headers, extensions))?;
    if !same(shown, secret.reveal()) {
        let stranger = stranger(app, headers, extensions);
        app.service.record(stranger, &SecurityEvent::TokenRefused);
        return Err(ApiError::unauthorized());
    }
    app.limits.good_token(shown);
    Ok(())
}

/// Whoever calls, before it is known who they are.
pub(super) fn stranger(app: &App, headers: &HeaderMap, extensions: &Extensions) -> Actor {
    Actor::Stranger {
        address: app.limits.caller(headers, extensions),
    }
}

fn too_many_tokens(app: &App, headers: &HeaderMap, extensions: &Extensions) {
    app.service.metrics.refused("token_rate");
    let locked_out = SecurityEvent::LockedOut {
        agent: None,
        at: "token",
    };
    let stranger = stranger(app, headers, extensions);
    app.service.record(stranger, &locked_out);
}

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &Arc<App>,
    ) -> Result<Self, Self::Rejection> {
        let by = if let Some(token) = bearer(&parts.headers) {
            app.limits
                .token(&parts.headers, &parts.extensions, token)
                .inspect_err(|_| too_many_tokens(app, &parts.headers, &parts.extensions))?;
            Credential::Token(token.to_owned())
        } else {
            let secure = app.service.settings.secure();
            let secret =
                cookie(&parts.headers, SESSION, secure).ok_or_else(ApiError::unauthorized)?;
            Credential::Session(secret.to_owned())
        };
        let Some(Access { row, used, scopes }) = by.opens(app).await? else {
            if matches!(by, Credential::Token(_)) {
                let stranger = stranger(app, &parts.headers, &parts.extensions);
                app.service.record(stranger, &SecurityEvent::TokenRefused);
            }
            return Err(ApiError::unauthorized());
        };
        let safe = matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
        let (store, now) = (&app.service.store, app.service.clock.now());
        // Where nothing can be written, one may look all the same.
        let stale = now.seconds_since(used) >= NOTED_EVERY;
        match &by {
            Credential::Token(token) => {
                app.limits.good_token(token);
                let needed = needed(parts.uri.path(), safe);
                if !scopes.contains(&needed) {
                    return Err(ApiError::forbidden(&format!(
                        "this token lacks the scope {}",
                        needed.name()
                    )));
                }
                if stale {
                    let _ = store.token_used(token, now).await;
                }
            }
            Credential::Session(secret) => {
                let shown = parts.headers.get(CSRF_HEADER).and_then(|v| v.to_str().ok());
                if !safe && !same(shown.unwrap_or_default(), &csrf_of(secret)) {
                    return Err(ApiError::forbidden(
                        "the page's token is missing or old: reload the page",
                    ));
                }
                if stale && by_hand(parts.uri.path(), safe) {
                    let _ = store.session_used(secret, now).await;
                }
            }
        }
        sight::pass(app, &row.agent, parts.uri.path()).await?;
        let caller = Self {
            agent: row.agent,
            away: row.away,
            by,
            address: app.limits.caller(&parts.headers, &parts.extensions),
        };
        if safe && let Some(record) = record_of(parts.uri.path()) {
            let account = caller.agent.id;
            app.service.record_opened(caller.actor(), account, record);
        }
        Ok(caller)
    }
}

/// Whether somebody must have done something for a page to make this call: what pages look at by themselves, because
/// something changed, keeps no session alive.
fn by_hand(path: &str, safe: bool) -> bool {
    let looked_at = [
        "queue",
        "conversations",
        "inboxes",
        "undelivered",
        "events",
        "agents",
        "teams",
    ];
    let rest = path.strip_prefix("/api/v1/").unwrap_or(path);
    !safe || !looked_at.iter().any(|p| rest.starts_with(p))
}

/// The record that a look at that path opens: a conversation, a complaint, a file.
fn record_of(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("/api/v1/")?;
    let (kind, rest) = rest.split_once('/')?;
    let record = rest.split('/').next().filter(|id| !id.is_empty())?;
    matches!(kind, "conversations" | "complaints" | "attachments").then_some(record)
}

/// What a token must open for a call.
fn needed(path: &str, safe: bool) -> Scope {
    let accounts = ["/api/v1/agents", "/api/v1/sessions", "/api/v1/tokens"]
        .iter()
        .any(|p| path.starts_with(p));
    let colleagues = safe && path == "/api/v1/agents";
    if accounts && !colleagues {
        Scope::Accounts
    } else if safe {
        Scope::Read
    } else {
        Scope::Write
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_opens_what_its_scopes_say() {
        assert_eq!(needed("/api/v1/queue", true), Scope::Read);
        assert_eq!(needed("/api/v1/agents", true), Scope::Read);
        assert_eq!(needed("/api/v1/agents", false), Scope::Accounts);
        assert_eq!(needed("/api/v1/tokens", true), Scope::Accounts);
        assert_eq!(needed("/api/v1/conversations/x/claim", false), Scope::Write);
    }

    #[test]
    fn what_opens_a_record_is_told_from_a_list() {
        assert_eq!(record_of("/api/v1/conversations/x/suggestions"), Some("x"));
        assert_eq!(record_of("/api/v1/complaints/NH-1"), Some("NH-1"));
        assert_eq!(record_of("/api/v1/attachments/y"), Some("y"));
        assert_eq!(record_of("/api/v1/conversations"), None);
        assert_eq!(record_of("/api/v1/queue"), None);
    }

    #[test]
    fn behind_tls_only_the_protected_cookie_counts() {
        let mut headers = HeaderMap::new();
        let text = "nohold_session=planted; __Host-nohold_session=ours";
        headers.insert(header::COOKIE, text.parse().expect("a header"));
        assert_eq!(cookie(&headers, SESSION, true), Some("ours"));
        assert_eq!(cookie(&headers, SESSION, false), Some("planted"));
    }
}
