//! The JSON API with its `OpenAPI` description, sign-in, the chat widget, the agents' desk.

mod accounts;
mod acts;
mod assist;
mod auth;
mod body;
mod complaints;
mod conversations;
mod entry;
mod error;
mod feed;
mod files;
mod inbox_http;
mod inbox_web;
mod limits;
mod lines;
mod ops;
mod pages;
mod replies;
mod rows;
mod shapes;
mod socket;
mod summary_links;
mod teams;

pub use auth::{MIN_PASSWORD, hash_password};
pub use error::ApiError;

use crate::service::Service;
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderValue, Method, header},
    middleware::{Next, from_fn_with_state},
    response::Response,
    routing::get,
};
use std::sync::Arc;
use tower_http::cors::{AllowOrigin, CorsLayer};
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

/// What handlers share.
#[derive(Debug)]
pub struct App {
    /// The running program.
    pub service: Arc<Service>,
    limits: limits::Limits,
    /// Password hashing is slow on purpose: no more than this many at once.
    hashing: tokio::sync::Semaphore,
}

type Shared = State<Arc<App>>;

#[derive(OpenApi)]
#[openapi(
    info(title = "nohold", description = "Chat support for healthcare that never keeps anyone on hold: the inbox for programs, the web chat, and the agents' desk.", license(name = "MIT OR Apache-2.0")),
    tags((name = "inbox", description = "Messages of people, from programs and from the web chat"), (name = "desk", description = "Agents at work"), (name = "complaints", description = "The register"), (name = "accounts", description = "Sign-in and accounts"))
)]
struct Description;

/// Everything that is served.
pub fn router(service: Arc<Service>) -> Router {
    let settings = &service.settings;
    // Base64 takes four bytes for three; four files and some words.
    let body_limit = settings.attachment_bytes * 4 * 4 / 3 + (256 << 10);
    let app = Arc::new(App {
        limits: limits::Limits::new(settings),
        service,
        hashing: tokio::sync::Semaphore::new(2),
    });

    let inbox = OpenApiRouter::new()
        .routes(routes!(inbox_http::receive))
        .routes(routes!(inbox_http::later))
        .routes(routes!(inbox_http::file))
        .layer(DefaultBodyLimit::max(body_limit));
    let web = OpenApiRouter::new()
        .routes(routes!(inbox_web::receive, inbox_web::history))
        .routes(routes!(inbox_web::edit, inbox_web::delete))
        .routes(routes!(inbox_web::file))
        .routes(routes!(socket::open))
        .layer(DefaultBodyLimit::max(body_limit));
    let outside = OpenApiRouter::new()
        .routes(routes!(lines::telegram))
        .layer(DefaultBodyLimit::max(1 << 20));
    let talk = OpenApiRouter::new()
        .routes(routes!(replies::reply))
        .layer(DefaultBodyLimit::max(body_limit));
    let desk = OpenApiRouter::new()
        .routes(routes!(
            accounts::sign_in,
            accounts::session,
            accounts::sign_out
        ))
        .routes(routes!(accounts::set_up))
        .routes(routes!(accounts::set_away))
        .routes(routes!(accounts::list, accounts::add))
        .routes(routes!(conversations::queue))
        .routes(routes!(conversations::list))
        .routes(routes!(conversations::show))
        .routes(routes!(acts::claim))
        .routes(routes!(replies::note))
        .routes(routes!(teams::list))
        .routes(routes!(acts::transfer))
        .routes(routes!(acts::release))
        .routes(routes!(acts::resolve))
        .routes(routes!(acts::reopen))
        .routes(routes!(acts::undo))
        .routes(routes!(replies::typing))
        .routes(routes!(lines::list))
        .routes(routes!(lines::undelivered))
        .routes(routes!(lines::retry))
        .routes(routes!(assist::suggestions))
        .routes(routes!(assist::uptake))
        .routes(routes!(assist::further))
        .routes(routes!(assist::rules))
        .routes(routes!(assist::coach))
        .routes(routes!(complaints::list))
        .routes(routes!(complaints::show, complaints::amend))
        .routes(routes!(files::fetch))
        .routes(routes!(feed::open))
        .layer(DefaultBodyLimit::max(256 << 10));

    let (api, description) = OpenApiRouter::with_openapi(Description::openapi())
        .merge(inbox)
        .merge(web)
        .merge(outside)
        .merge(talk)
        .merge(desk)
        .split_for_parts();
    let description = Arc::new(description.to_pretty_json().unwrap_or_default());
    api.route(
        "/api/v1/openapi.json",
        get(move || async move {
            (
                [(header::CONTENT_TYPE, "application/json")],
                description.as_str().to_owned(),
            )
        }),
    )
    .route("/healthz", get(ops::healthz))
    .route("/readyz", get(ops::readyz))
    .route("/metrics", get(ops::metrics))
    .merge(pages::router())
    .fallback(error::not_found)
    .method_not_allowed_fallback(error::not_allowed)
    .layer(from_fn_with_state(Arc::clone(&app), guard))
    .layer(cross_origin())
    .with_state(app)
}

/// The widget runs on other people's pages. It shows its secret in a header and no cookie is involved, so any page may call its part of the API, and no other.
fn cross_origin() -> CorsLayer {
    let widget =
        AllowOrigin::predicate(|_, request| request.uri.path().starts_with("/api/v1/inboxes/web/"));
    CorsLayer::new()
        .allow_origin(widget)
        .allow_methods([Method::GET, Method::POST, Method::PATCH, Method::DELETE])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE])
        .max_age(std::time::Duration::from_hours(1))
}

/// Limits by address, and the headers that every answer carries.
async fn guard(State(app): Shared, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    // Programs with a token are trusted by the owner; everybody else is limited by where they call from.
    let trusted = path.starts_with("/api/v1/inboxes/http/")
        || path == "/api/v1/inboxes/telegram/webhook"
        || matches!(path.as_str(), "/healthz" | "/readyz" | "/metrics");
    if !trusted && let Err(refused) = app.limits.address(&request) {
        app.service.metrics.refused("address_rate");
        return axum::response::IntoResponse::into_response(refused);
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(
            "default-src 'none'; frame-ancestors 'none'",
        ));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    if path.starts_with("/api/") {
        headers
            .entry(header::CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("no-store"));
    }
    response
}
