//! Once a day: how many complaints have a clock that runs out, or has run out.

use super::{
    Shared,
    auth::Caller,
    error::{ApiError, ErrorBody},
};
use crate::domain::Role;
use axum::{Json, extract::State};
use serde::Serialize;

/// The last digest.
#[derive(Debug, Default, Serialize, utoipa::ToSchema)]
pub(super) struct DigestOut {
    /// The day on which it was written, ISO 8601; `null` where none was written yet.
    day: Option<String>,
    /// Complaints whose next clock ran out within a day from then on.
    due: i64,
    /// Complaints with a clock that had run out.
    overdue: i64,
}

/// The last digest of complaints, of those that the caller's role sees.
#[utoipa::path(get, path = "/api/v1/complaints/digest", tag = "complaints", responses((status = 200, description = "The digest", body = DigestOut), (status = 403, description = "It is for supervisors", body = ErrorBody)))]
pub(super) async fn show(State(app): Shared, caller: Caller) -> Result<Json<DigestOut>, ApiError> {
    let role = caller.agent.role;
    if role < Role::Supervisor {
        return Err(ApiError::forbidden("the digest is for supervisors"));
    }
    let Some(digest) = app.service.store.digest().await? else {
        return Ok(Json(DigestOut::default()));
    };
    let sees = role >= app.service.settings.guard.protected_role;
    let hidden = |count: i64| if sees { 0 } else { count };
    Ok(Json(DigestOut {
        day: Some(digest.day),
        due: digest.due - hidden(digest.protected_due),
        overdue: digest.overdue - hidden(digest.protected_overdue),
    }))
}
