//! The register.

use super::{
    Shared,
    auth::Caller,
    body::{Body, Params},
    error::{ApiError, ErrorBody},
};
use crate::{
    domain::{
        Complaint, ComplaintPatch, ComplaintStatus, EventKind,
        complaint::{Change, Reference, ReferenceError},
    },
    store::{Job, Target},
};
use axum::{
    Json,
    extract::{Path, State},
};
use serde::{Deserialize, Serialize};

/// Which part of the register.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Part {
    /// Only of this status.
    #[serde(default)]
    status: Option<String>,
    /// At most so many (100, at most 500).
    #[serde(default)]
    limit: Option<i64>,
    /// Leave out the first so many.
    #[serde(default)]
    offset: Option<i64>,
}

/// Complaints, the latest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ComplaintsOut {
    complaints: Vec<Complaint>,
}

/// The register, the latest first.
#[utoipa::path(get, path = "/api/v1/complaints", tag = "complaints", params(Part), responses((status = 200, description = "Complaints", body = ComplaintsOut)))]
pub(super) async fn list(
    State(app): Shared,
    _caller: Caller,
    Params(part): Params<Part>,
) -> Result<Json<ComplaintsOut>, ApiError> {
    let status = part
        .status
        .as_deref()
        .map(|s| {
            ComplaintStatus::from_name(s)
                .ok_or_else(|| ApiError::field("status", "there is no such status"))
        })
        .transpose()?;
    let complaints = app
        .service
        .store
        .complaints(
            status,
            part.limit.unwrap_or(100).clamp(1, 500),
            part.offset.unwrap_or(0).max(0),
        )
        .await?;
    Ok(Json(ComplaintsOut { complaints }))
}

fn reference(text: &str) -> Result<Reference, ApiError> {
    text.parse()
        .map_err(|e: ReferenceError| ApiError::field("reference", e.to_string()))
}

/// A complaint with its history.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ComplaintOut {
    #[serde(flatten)]
    complaint: Complaint,
    /// Who changed what and when.
    history: Vec<Change>,
}

/// A complaint, with every change of it and who made it.
#[utoipa::path(get, path = "/api/v1/complaints/{reference}", tag = "complaints", params(("reference" = String, Path, description = "The reference")), responses((status = 200, description = "The complaint", body = ComplaintOut), (status = 400, description = "The reference is mistyped", body = ErrorBody), (status = 404, description = "There is none", body = ErrorBody)))]
pub(super) async fn show(
    State(app): Shared,
    _caller: Caller,
    Path(text): Path<String>,
) -> Result<Json<ComplaintOut>, ApiError> {
    let reference = reference(&text)?;
    let complaint = app
        .service
        .store
        .complaint(&reference)
        .await?
        .ok_or_else(|| ApiError::missing("complaint"))?;
    let history = app.service.store.history(&reference).await?;
    Ok(Json(ComplaintOut { complaint, history }))
}

/// Changes the record; what is absent stays as it is.
#[utoipa::path(patch, path = "/api/v1/complaints/{reference}", tag = "complaints", params(("reference" = String, Path, description = "The reference")), request_body = ComplaintPatch, responses((status = 200, description = "The complaint as it is now", body = ComplaintOut), (status = 400, description = "A value is wrong", body = ErrorBody)))]
pub(super) async fn amend(
    State(app): Shared,
    caller: Caller,
    Path(text): Path<String>,
    Body(patch): Body<ComplaintPatch>,
) -> Result<Json<ComplaintOut>, ApiError> {
    let known = reference(&text)?;
    let complaint = app
        .service
        .store
        .complaint(&known)
        .await?
        .ok_or_else(|| ApiError::missing("complaint"))?;
    let kind = EventKind::ComplaintAmended {
        agent: caller.agent,
        patch: Box::new(patch),
        reference: known.clone(),
        older: None,
    };
    app.service
        .submit(Job {
            target: Target::Conversation(complaint.conversation),
            kind,
            dedupe: None,
        })
        .await?;
    let complaint = app
        .service
        .store
        .complaint(&known)
        .await?
        .ok_or_else(|| ApiError::missing("complaint"))?;
    let history = app.service.store.history(&known).await?;
    Ok(Json(ComplaintOut { complaint, history }))
}
