//! Signing in by an identity provider (`OpenID` Connect): authorization code with PKCE.
//!
//! An account is made by an administrator first. Its owner's first sign-in binds it to the identity whose
//! claim is its name; from then on the provider's own subject alone counts. Whoever comes by this way has
//! whatever second factor the provider asks for.

use super::{
    App, Shared,
    auth::{set_cookie_for, stranger},
    body::Params,
    error::ApiError,
    sign_in::{begin, locked_out},
};
use crate::{
    config::{OidcClaim, OidcSettings},
    domain::account_name,
    service::{Actor, SecurityEvent},
    store::AgentRow,
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet,
    EndpointSet, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    TokenResponse,
    core::{CoreAuthenticationFlow, CoreClient, CoreIdTokenClaims, CoreProviderMetadata},
};
use serde::Deserialize;
use std::time::Duration;

/// What the browser keeps while it is away at the provider, and for how long, in seconds.
const UNDERWAY: &str = "nohold_oidc";
const AWAY_FOR: i64 = 600;
/// How long the provider may take for an answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Where the provider sends people back to.
pub(super) const CALLBACK: &str = "/api/v1/oidc/callback";

type Provider = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Why somebody did not come in; what is told of it is the same for all.
#[derive(Debug)]
struct Refused;

impl<E: std::error::Error> From<E> for Refused {
    fn from(_: E) -> Self {
        Self
    }
}

struct Line {
    client: Provider,
    http: reqwest::Client,
}

impl Line {
    /// Asks the provider who it is, anew at each sign-in: keys that it has changed are known at once.
    async fn open(app: &App, settings: &OidcSettings) -> Result<Self, Refused> {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .build()?;
        let issuer = settings.issuer.as_str().trim_end_matches('/').to_owned();
        let metadata = CoreProviderMetadata::discover_async(IssuerUrl::new(issuer)?, &http).await?;
        let secret = ClientSecret::new(settings.client_secret.reveal().to_owned());
        let back = format!("{}{CALLBACK}", app.service.settings.address());
        let id = ClientId::new(settings.client_id.clone());
        let client = CoreClient::from_provider_metadata(metadata, id, Some(secret))
            .set_redirect_uri(RedirectUrl::new(back)?);
        Ok(Self { client, http })
    }

    /// Exchanges the code for an identity, and checks that it was made for us, now, and for this very
    /// sign-in.
    async fn identity(
        &self,
        code: String,
        underway: &Underway,
    ) -> Result<CoreIdTokenClaims, Refused> {
        let answer = self
            .client
            .exchange_code(AuthorizationCode::new(code))?
            .set_pkce_verifier(PkceCodeVerifier::new(underway.verifier.clone()))
            .request_async(&self.http)
            .await?;
        let token = answer.id_token().ok_or(Refused)?;
        let nonce = Nonce::new(underway.nonce.clone());
        let claims = token.claims(&self.client.id_token_verifier(), &nonce)?;
        Ok(claims.clone())
    }
}

/// What a sign-in that is under way must come back with.
struct Underway {
    state: String,
    nonce: String,
    verifier: String,
}

impl Underway {
    fn of(headers: &HeaderMap, secure: bool) -> Option<Self> {
        let text = super::auth::cookie(headers, UNDERWAY, secure)?;
        let mut parts = text.split('.').map(str::to_owned);
        Some(Self {
            state: parts.next()?,
            nonce: parts.next()?,
            verifier: parts.next()?,
        })
    }
}

fn to(address: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, address)]).into_response()
}

/// Back at the door, which says that it did not work.
fn refused() -> Response {
    to("/desk#refused")
}

/// Sends somebody to the identity provider.
pub(super) async fn leave(State(app): Shared, request: Request) -> Result<Response, ApiError> {
    let settings = &app.service.settings;
    let oidc = settings.oidc.as_ref();
    let oidc = oidc.ok_or_else(|| ApiError::missing("identity provider"))?;
    let origin = app.limits.origin(request.headers(), request.extensions());
    let from = stranger(&app, request.headers(), request.extensions());
    let admitted = app.limits.sign_in(origin, "\0oidc");
    admitted.inspect_err(|_| locked_out(&app, from, None, "oidc"))?;
    let Ok(line) = Line::open(&app, oidc).await else {
        tracing::warn!("the identity provider does not answer as it should (NOHOLD_OIDC_ISSUER)");
        return Ok(refused());
    };
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (url, state, nonce) = line
        .client
        .authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            CsrfToken::new_random,
            Nonce::new_random,
        )
        .add_scope(Scope::new("profile".to_owned()))
        .add_scope(Scope::new("email".to_owned()))
        .set_pkce_challenge(challenge)
        .url();
    let kept = format!(
        "{}.{}.{}",
        state.secret(),
        nonce.secret(),
        verifier.secret()
    );
    let mut response = to(url.as_str());
    // The provider's page leads back here: a stricter cookie would not come along.
    let cookie = set_cookie_for("Lax", UNDERWAY, &kept, AWAY_FOR, settings.secure());
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(response)
}

/// What the provider sends somebody back with.
#[derive(Debug, Deserialize)]
pub(super) struct Back {
    #[serde(default)]
    code: String,
    #[serde(default)]
    state: String,
}

/// Somebody comes back from the identity provider.
pub(super) async fn back(
    State(app): Shared,
    Params(back): Params<Back>,
    request: Request,
) -> Result<Response, ApiError> {
    let settings = &app.service.settings;
    let oidc = settings.oidc.as_ref();
    let oidc = oidc.ok_or_else(|| ApiError::missing("identity provider"))?;
    let from = stranger(&app, request.headers(), request.extensions());
    let headers = request.headers();
    let mut response = if let Some(entered) = enter(&app, oidc, headers, back, from).await? {
        let mut response = to("/desk");
        for cookie in entered.headers().get_all(header::SET_COOKIE) {
            response
                .headers_mut()
                .append(header::SET_COOKIE, cookie.clone());
        }
        response
    } else {
        let failed = SecurityEvent::SignInFailed {
            agent: None,
            reason: "oidc",
        };
        app.service.record(from, &failed);
        refused()
    };
    let gone = set_cookie_for("Lax", UNDERWAY, "", 0, settings.secure());
    response.headers_mut().append(header::SET_COOKIE, gone);
    Ok(response)
}

async fn enter(
    app: &App,
    oidc: &OidcSettings,
    headers: &HeaderMap,
    back: Back,
    from: Actor,
) -> Result<Option<Response>, ApiError> {
    let underway = Underway::of(headers, app.service.settings.secure());
    // Without the cookie, or with another one's state, somebody else began this.
    let Some(underway) = underway.filter(|u| super::auth::same(&u.state, &back.state)) else {
        return Ok(None);
    };
    let identity = match Line::open(app, oidc).await {
        Ok(line) => line.identity(back.code, &underway).await,
        Err(refused) => Err(refused),
    };
    let Ok(identity) = identity else {
        return Ok(None);
    };
    match account(app, oidc, &identity).await? {
        Some(row) => begin(app, headers, &row.agent, row.away, "oidc", from)
            .await
            .map(Some),
        None => Ok(None),
    }
}

/// The account of an identity. Nobody gets one by signing in.
async fn account(
    app: &App,
    oidc: &OidcSettings,
    identity: &CoreIdTokenClaims,
) -> Result<Option<AgentRow>, ApiError> {
    let (store, issuer) = (&app.service.store, identity.issuer().as_str());
    let subject = identity.subject().as_str();
    if let Some(row) = store.identified(issuer, subject).await? {
        return Ok(Some(row).filter(|r| !r.disabled));
    }
    let claimed = match oidc.claim {
        OidcClaim::PreferredUsername => identity.preferred_username().map(|n| n.to_string()),
        OidcClaim::Email => identity
            .email()
            .filter(|_| identity.email_verified() == Some(true))
            .map(|e| e.to_string()),
        OidcClaim::Name => identity
            .name()
            .and_then(|n| n.get(None))
            .map(|n| n.to_string()),
    };
    let Some(name) = claimed.and_then(|n| account_name(&n)) else {
        return Ok(None);
    };
    let Some(row) = store.agent_named(&name).await?.filter(|r| !r.disabled) else {
        return Ok(None);
    };
    let bound = store.bind_identity(issuer, subject, row.agent.id).await?;
    Ok(Some(row).filter(|_| bound))
}
