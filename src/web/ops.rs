//! For whoever runs it.

use super::Shared;
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};

/// The process lives.
pub(super) async fn healthz() -> &'static str {
    "ok\n"
}

/// Messages can be taken.
pub(super) async fn readyz(State(app): Shared) -> (StatusCode, &'static str) {
    if app.service.is_stopping() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    match app.service.store.ping().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "the database does not answer\n",
        ),
    }
}

/// Prometheus' text format. No personal data.
pub(super) async fn metrics(State(app): Shared) -> impl IntoResponse {
    let store = &app.service.store;
    if let (Ok((queue, oldest)), Ok(outbox)) =
        (store.queue_length().await, store.outbox_depth().await)
    {
        let waited = oldest.map_or(0, |since| app.service.clock.now().seconds_since(since));
        app.service
            .metrics
            .observe(queue, waited, outbox, app.service.desk().online);
    }
    (
        [(
            header::CONTENT_TYPE,
            "application/openmetrics-text; version=1.0.0; charset=utf-8",
        )],
        app.service.metrics.text(),
    )
}
