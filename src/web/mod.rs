//! The JSON API with its `OpenAPI` description, sign-in, the chat widget, the agents' desk.

mod accounts;
mod acknowledgement;
mod acts;
mod assist;
mod auth;
mod body;
mod break_glass;
mod canned;
mod complaint_actions;
mod complaint_nested;
mod complaint_patch;
mod complaint_plots;
mod complaint_report;
mod complaints;
mod contact;
mod contingency;
mod conversations;
mod customers;
mod days;
mod description;
mod digest;
mod drills;
mod endangered;
mod entry;
mod error;
mod feed;
mod files;
mod inbox_http;
mod inbox_web;
mod join;
mod letters;
mod limits;
mod lines;
mod lists;
mod looks;
mod marks;
mod mentions;
#[cfg(feature = "oidc")]
mod oidc;
mod ops;
mod own_access;
mod pace;
mod pages;
mod receipts;
mod register;
mod related;
mod replies;
mod report_csv;
mod report_plots;
mod reports;
mod rows;
mod same_person;
mod second_factor;
mod server;
mod shapes;
mod sight;
mod sign_in;
mod socket;
mod staffing;
mod summary_links;
mod talk;
mod teams;
mod tokens;
mod trace;
mod vouched;
mod work;

pub use error::ApiError;
pub use server::Server;

use crate::{config::Settings, service::Service};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderValue, Method, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::get,
};
use std::sync::Arc;
use tower_http::{
    cors::{AllowOrigin, CorsLayer},
    csrf::{CsrfLayer, ProtectionError},
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
    set_header::SetResponseHeaderLayer,
    trace::TraceLayer,
};
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

/// What handlers share.
#[derive(Debug)]
pub struct App {
    /// The running program.
    pub service: Arc<Service>,
    limits: limits::Limits,
    room: body::Room,
    counted: ops::Counted,
    looks: looks::Looks,
    glass: sight::Glass,
}

type Shared = State<Arc<App>>;

#[derive(OpenApi)]
#[openapi(
    info(title = "nohold", description = "Chat support for healthcare that never keeps anyone on hold: the inbox for programs, the web chat, and the agents' desk.", license(name = "MIT OR Apache-2.0")),
    tags((name = "inbox", description = "Messages of people, from programs and from the web chat"), (name = "desk", description = "Agents at work"), (name = "complaints", description = "The register"), (name = "accounts", description = "Sign-in and accounts"))
)]
struct Description;

impl App {
    /// For what is served on one program.
    pub fn new(service: Arc<Service>) -> Arc<Self> {
        Arc::new(Self {
            limits: limits::Limits::new(&service.settings),
            service,
            room: body::Room::default(),
            counted: ops::Counted::default(),
            looks: looks::Looks::default(),
            glass: sight::Glass::default(),
        })
    }
}

/// What is served on the address for whoever counts.
pub fn metrics_router(app: Arc<App>) -> Router {
    Router::new()
        .route("/metrics", get(ops::metrics))
        .fallback(error::not_found)
        .with_state(app)
}

/// Everything that is served to everybody.
pub fn router(app: Arc<App>) -> Router {
    let settings = &app.service.settings;
    // Base64 takes four bytes for three; four files and some words.
    let body_limit = settings.attachment_bytes * 4 * 4 / 3 + (256 << 10);
    // Browsers that came by TLS once never come without it again.
    let stays_secure = settings
        .secure()
        .then_some(HeaderValue::from_static("max-age=31536000"));
    let our_pages = our_pages(settings);
    let sites = settings.widget.sites.clone();

    let inbox = OpenApiRouter::new()
        .routes(routes!(inbox_http::receive))
        .routes(routes!(inbox_http::later))
        .routes(routes!(inbox_http::file))
        .layer(DefaultBodyLimit::max(body_limit));
    let web = OpenApiRouter::new()
        .routes(routes!(inbox_web::receive, inbox_web::history))
        .routes(routes!(inbox_web::edit, inbox_web::delete))
        .routes(routes!(inbox_web::file))
        .routes(routes!(inbox_web::rate))
        .routes(routes!(receipts::check))
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
            sign_in::sign_in,
            sign_in::session,
            sign_in::sign_out
        ))
        .routes(routes!(sign_in::set_up))
        .routes(routes!(sign_in::set_away))
        .routes(routes!(own_access::own_password))
        .routes(routes!(own_access::own_sessions, own_access::end_others))
        .routes(routes!(own_access::end_one))
        .routes(routes!(
            second_factor::show,
            second_factor::offer,
            second_factor::confirm
        ))
        .routes(routes!(second_factor::take_off))
        .routes(routes!(second_factor::remove))
        .routes(routes!(accounts::list, accounts::add))
        .routes(routes!(accounts::change))
        .routes(routes!(join::invite))
        .routes(routes!(join::join))
        .routes(routes!(work::set))
        .routes(routes!(accounts::set_password))
        .routes(routes!(accounts::end_sessions))
        .routes(routes!(tokens::list, tokens::create))
        .routes(routes!(tokens::revoke))
        .routes(routes!(conversations::queue))
        .routes(routes!(lists::list))
        .routes(routes!(conversations::show))
        .routes(routes!(acts::claim))
        .routes(routes!(replies::note))
        .routes(routes!(teams::list))
        .routes(routes!(acts::transfer))
        .routes(routes!(acts::release))
        .routes(routes!(acts::resolve))
        .routes(routes!(acts::reopen))
        .routes(routes!(acts::undo))
        .routes(routes!(marks::labels))
        .routes(routes!(marks::label))
        .routes(routes!(marks::snooze, marks::wake))
        .routes(routes!(mentions::list))
        .routes(routes!(mentions::seen))
        .routes(routes!(canned::list))
        .routes(routes!(contingency::show))
        .routes(routes!(contingency::reviewed))
        .routes(routes!(staffing::show))
        .routes(routes!(drills::list))
        .routes(routes!(drills::begin))
        .routes(routes!(drills::show))
        .routes(routes!(drills::reply))
        .routes(routes!(drills::rewrite))
        .routes(routes!(reports::report))
        .routes(routes!(report_csv::csv))
        .routes(routes!(report_plots::plot))
        .routes(routes!(replies::typing))
        .routes(routes!(lines::list))
        .routes(routes!(lines::undelivered))
        .routes(routes!(lines::retry))
        .routes(routes!(assist::suggestions))
        .routes(routes!(assist::uptake))
        .routes(routes!(assist::further))
        .routes(routes!(assist::rules))
        .routes(routes!(assist::coach))
        .routes(routes!(register::list))
        .routes(routes!(complaints::show, complaints::amend))
        .routes(routes!(complaints::history))
        .routes(routes!(digest::show))
        .routes(routes!(complaint_report::report))
        .routes(routes!(complaint_report::csv))
        .routes(routes!(complaint_plots::plot))
        .routes(routes!(related::list))
        .routes(routes!(customers::list))
        .routes(routes!(letters::write, letters::list))
        .routes(routes!(letters::as_pdf))
        .routes(routes!(acknowledgement::draft, acknowledgement::send))
        .routes(routes!(break_glass::open))
        .routes(routes!(complaint_actions::act))
        .routes(routes!(complaint_actions::clock))
        .routes(routes!(files::fetch))
        .routes(routes!(feed::open))
        .layer(DefaultBodyLimit::max(256 << 10));

    let (api, mut description) = OpenApiRouter::with_openapi(Description::openapi())
        .merge(inbox)
        .merge(web)
        .merge(outside)
        .merge(talk.layer(our_pages.clone()))
        .merge(desk.layer(our_pages))
        .split_for_parts();
    description::complete(&mut description);
    #[cfg(feature = "oidc")]
    let api = api
        .route("/api/v1/oidc", get(oidc::leave))
        .route(oidc::CALLBACK, get(oidc::back));
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
    .route("/metrics", get(ops::metrics_for_whom_shows_the_token))
    .merge(pages::router())
    .fallback(error::not_found)
    .method_not_allowed_fallback(error::not_allowed)
    .layer(from_fn_with_state(Arc::clone(&app), guard))
    .layer(cross_origin(sites))
    .layer(SetResponseHeaderLayer::if_not_present(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
    ))
    .layer(SetResponseHeaderLayer::overriding(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ))
    .layer(SetResponseHeaderLayer::overriding(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    ))
    .layer(SetResponseHeaderLayer::overriding(
        header::STRICT_TRANSPORT_SECURITY,
        stays_secure,
    ))
    .layer(
        TraceLayer::new_for_http()
            .make_span_with(trace::span)
            .on_request(())
            .on_response(trace::answered)
            .on_body_chunk(())
            .on_eos(())
            .on_failure(()),
    )
    .layer(PropagateRequestIdLayer::x_request_id())
    .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
    .with_state(app)
}

/// What signed-in people and the sign-in itself are asked by: pages of ours, or programs, which send no origin.
fn our_pages(settings: &Settings) -> CsrfLayer<fn(ProtectionError) -> Response> {
    let refused: fn(ProtectionError) -> Response =
        |_| ApiError::forbidden("another site's page may not ask this").into_response();
    let layer = CsrfLayer::new();
    // A proxy may give us another host's name than the one that people see.
    let layer = layer
        .clone()
        .add_trusted_origin(settings.address())
        .unwrap_or(layer);
    layer.with_rejection_response(refused)
}

/// The widget runs on other people's pages. It shows its secret in a header and no cookie is involved, so any page
/// may call its part of the API, or those that
/// are named, and no other part.
fn cross_origin(sites: Vec<String>) -> CorsLayer {
    let widget = AllowOrigin::predicate(move |origin: &HeaderValue, request| {
        request.uri.path().starts_with("/api/v1/inboxes/web/")
            && origin.to_str().is_ok_and(|o| socket::may_stand(&sites, o))
    });
    CorsLayer::new()
        .allow_origin(widget)
        .allow_methods([Method::GET, Method::POST, Method::PATCH, Method::DELETE])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE])
        .max_age(std::time::Duration::from_hours(1))
}

/// Limits by address; what the API answers is kept by nobody on the way.
async fn guard(State(app): Shared, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    // Programs with a token are trusted by the owner; everybody else is limited by where they call from.
    let trusted = path.starts_with("/api/v1/inboxes/http/")
        || path == "/api/v1/inboxes/telegram/webhook"
        || matches!(path.as_str(), "/healthz" | "/readyz" | "/metrics");
    if !trusted && let Err(refused) = app.limits.address(&request) {
        app.service.metrics.refused("address_rate");
        return refused.into_response();
    }
    let mut response = next.run(request).await;
    if path.starts_with("/api/") {
        response
            .headers_mut()
            .entry(header::CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("no-store"));
    }
    response
}
