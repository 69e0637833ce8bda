//! For whoever runs it.

use super::{Shared, auth, error::ApiError};
use crate::{clock::Stopwatch, service::Observed};
use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use std::time::Duration;
use tokio::sync::Mutex;

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

/// When the database was last asked for what is counted.
#[derive(Debug, Default)]
pub(super) struct Counted(Mutex<Option<Stopwatch>>);

/// How long what the database said is good for: whoever looks more often costs it nothing.
const GOOD_FOR: Duration = Duration::from_secs(5);

/// Prometheus' text format. No personal data.
pub(super) async fn metrics(State(app): Shared) -> Response {
    let (store, now) = (&app.service.store, app.service.clock.now());
    // Who comes while the database is asked waits for that answer.
    let mut last = app.counted.0.lock().await;
    if last.is_none_or(|asked| asked.elapsed() >= GOOD_FOR)
        && let (Ok((queue, oldest)), Ok(outbox), Ok(clocks), Ok(webhooks)) = (
            store.queue_length().await,
            store.outbox_depth().await,
            store.clocks(now, app.service.due_horizon()).await,
            store.webhook_counts().await,
        )
    {
        app.service.metrics.observe(&Observed {
            queue,
            oldest: oldest.map_or(0, |since| now.seconds_since(since)),
            outbox,
            online: app.service.desk().online,
            clocks: (clocks.due, clocks.overdue),
            webhooks,
        });
        *last = Some(app.service.clock.stopwatch());
    }
    drop(last);
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], app.service.metrics.text()).into_response()
}

/// The same, on the address that everybody reaches.
pub(super) async fn metrics_for_whom_shows_the_token(
    State(app): Shared,
    request: Request,
) -> Result<Response, ApiError> {
    let token = app.service.settings.guard.metrics_token.as_ref();
    let token =
        token.ok_or_else(|| ApiError::missing("page: set NOHOLD_METRICS_TOKEN to open it"))?;
    auth::admit(&app, request.headers(), request.extensions(), token)?;
    Ok(metrics(State(app)).await)
}
