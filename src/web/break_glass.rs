//! Opening a protected complaint that one may not usually see, with a reason that is noted.

use super::{
    Shared,
    auth::Caller,
    body::Body,
    complaint_patch::text,
    complaints::{ComplaintOut, known, reference, whole},
    error::{ApiError, ErrorBody},
    looks::noted,
};
use crate::domain::{AuditDetail, Deed, Role};
use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;

/// Shortest and longest reason, in characters.
const SHORTEST: usize = 10;
const LONGEST: usize = 300;

/// Why.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BreakGlass)]
pub(super) struct GlassIn {
    /// Why it cannot wait for those who may see it: at least 10 characters, without names. It stands in the log for
    /// good.
    why: String,
}

/// Opens a protected complaint for an hour, for a supervisor whose role does not see it and whom it does not name. The
/// reason is noted for good.
#[utoipa::path(post, path = "/api/v1/complaints/{reference}/break-glass", tag = "complaints", params(("reference" = String, Path, description = "The reference")), request_body = GlassIn, responses(
    (status = 200, description = "The complaint", body = ComplaintOut),
    (status = 400, description = "The reason is missing", body = ErrorBody),
    (status = 404, description = "There is no such complaint, for them", body = ErrorBody)))]
pub(super) async fn open(
    State(app): Shared,
    caller: Caller,
    Path(text_of_reference): Path<String>,
    Body(asked): Body<GlassIn>,
) -> Result<Json<ComplaintOut>, ApiError> {
    if caller.agent.role < Role::Supervisor {
        return Err(ApiError::missing("complaint"));
    }
    let reference = reference(&text_of_reference)?;
    let why = text("why", LONGEST, asked.why.trim())?;
    if why.chars().count() < SHORTEST {
        let message = format!("'why' says in at least {SHORTEST} characters why it cannot wait");
        return Err(ApiError::field("why", message));
    }
    known(&app, &reference).await?;
    let detail = AuditDetail {
        why: Some(why),
        ..AuditDetail::default()
    };
    noted(&app, &caller, Deed::BrokeGlass, Some(&reference), detail).await?;
    let now = app.service.clock.now();
    app.glass.broken(caller.agent.id, &reference, now);
    Ok(Json(whole(&app, &caller.agent, &reference).await?))
}
