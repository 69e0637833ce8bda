//! What is logged of a request: its route, never its path, which has ids of people in it; no header and no
//! body.

use axum::{
    extract::{MatchedPath, Request},
    http::Method,
    response::Response,
};
use std::time::Duration;
use tower_http::request_id::RequestId;
use tracing::Span;

/// The methods that are named. Any word may stand in the place of one.
const METHODS: [Method; 7] = [
    Method::GET,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::HEAD,
    Method::OPTIONS,
];

/// The span of a request. Its id is in the answer too (`x-request-id`), so that somebody who was refused can
/// be helped.
pub(super) fn span(request: &Request) -> Span {
    let route = request.extensions().get::<MatchedPath>();
    let id = request.extensions().get::<RequestId>();
    let method = METHODS.iter().find(|m| *m == request.method());
    tracing::info_span!(
        "request",
        id = id
            .and_then(|id| id.header_value().to_str().ok())
            .unwrap_or_default(),
        method = method.map_or("other", Method::as_str),
        route = route.map_or("none", MatchedPath::as_str),
    )
}

/// The line of the request log.
pub(super) fn answered(response: &Response, took: Duration, _span: &Span) {
    tracing::info!(
        target: "nohold::requests",
        status = response.status().as_u16(),
        ms = took.as_millis() as u64,
        "answered"
    );
}
