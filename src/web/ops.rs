//! For whoever runs it.

use super::{Shared, auth, error::ApiError};
use crate::{
    clock::Stopwatch,
    service::{Observed, Service},
};
use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use std::time::Duration;
use tokio::sync::Mutex;

/// How long the database may take to say that it is there.
const PATIENCE: Duration = Duration::from_secs(3);

/// The process lives.
pub(super) async fn healthz() -> &'static str {
    "ok\n"
}

/// Messages can be taken.
pub(super) async fn readyz(State(app): Shared) -> (StatusCode, String) {
    let away = StatusCode::SERVICE_UNAVAILABLE;
    if app.service.is_stopping() {
        return (away, "stopping\n".to_owned());
    }
    // Whoever is cut off from the database hears nothing for a long time.
    let (status, words) = match tokio::time::timeout(PATIENCE, app.service.store.ping()).await {
        Ok(Ok(())) => (StatusCode::OK, "ready"),
        Ok(Err(_)) | Err(_) => (away, "the database does not answer"),
    };
    (status, format!("{words}\n{}", among(&app.service)))
}

/// How it stands with the other programs on the same database, where there may be any.
fn among(service: &Service) -> String {
    let (Some(hears), Some(held)) = (service.hears_others(), service.held_leases()) else {
        return String::new();
    };
    let hears = if hears { "yes" } else { "no" };
    format!("hears others: {hears}\nleases: {}\n", held.join(" "))
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
    if last.is_none_or(|asked| asked.elapsed() >= GOOD_FOR) {
        let asked = async {
            Some((
                store.queue_length().await.ok()?,
                store.outbox_depth().await.ok()?,
                store.clocks(now, app.service.due_horizon()).await.ok()?,
                store.webhook_counts().await.ok()?,
            ))
        };
        // Where it does not answer, what was counted last is shown, with what this program knows by itself.
        let counted = tokio::time::timeout(PATIENCE, asked).await;
        if let Ok(Some(((queue, oldest), outbox, clocks, webhooks))) = counted {
            app.service.metrics.observe(&Observed {
                queue,
                oldest: oldest.map_or(0, |since| now.seconds_since(since)),
                outbox,
                online: app.service.desk().online,
                clocks: (clocks.due, clocks.overdue),
                webhooks,
            });
        }
        *last = Some(app.service.clock.stopwatch());
    }
    drop(last);
    app.service.count_leases();
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
