//! The register.

use super::{
    App, Shared,
    auth::Caller,
    body::{Body, Params},
    complaint_patch::PatchIn,
    error::{ApiError, ErrorBody},
};
use crate::{
    complaint::PublishedComplaint,
    domain::{
        Complaint, ComplaintStatus, EventKind,
        complaint::{Change, FieldChange, Reference, ReferenceError},
        time::{Timestamp, as_rfc3339},
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
    complaints: Vec<PublishedComplaint>,
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
    let complaints = complaints.into_iter().map(Into::into).collect();
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
    complaint: PublishedComplaint,
    /// Who changed what and when.
    history: Vec<ChangeOut>,
}

/// One line of a complaint's history.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Change)]
struct ChangeOut {
    /// When.
    #[serde(with = "as_rfc3339")]
    #[schema(value_type = String)]
    at: Timestamp,
    /// `complainant`, or the agent's name.
    by: String,
    /// Why, where somebody said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    /// The fields that changed, each from what to what.
    fields: Vec<FieldChangeOut>,
}

/// One field's change.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = FieldChange)]
struct FieldChangeOut {
    /// Path of the field in the record, as in `incident.when_text`.
    field: String,
    /// What it was; `null` at first.
    from: serde_json::Value,
    /// What it is now.
    to: serde_json::Value,
}

impl From<Change> for ChangeOut {
    fn from(change: Change) -> Self {
        Self {
            at: change.at,
            by: change.by,
            why: change.why,
            fields: change.fields.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<FieldChange> for FieldChangeOut {
    fn from(change: FieldChange) -> Self {
        Self {
            field: change.field,
            from: change.from,
            to: change.to,
        }
    }
}

async fn whole(app: &App, reference: &Reference) -> Result<ComplaintOut, ApiError> {
    let complaint = known(app, reference).await?;
    let history = app.service.store.history(reference).await?;
    Ok(ComplaintOut {
        complaint: complaint.into(),
        history: history.into_iter().map(Into::into).collect(),
    })
}

async fn known(app: &App, reference: &Reference) -> Result<Complaint, ApiError> {
    let complaint = app.service.store.complaint(reference).await?;
    complaint.ok_or_else(|| ApiError::missing("complaint"))
}

/// A complaint, with every change of it and who made it.
#[utoipa::path(get, path = "/api/v1/complaints/{reference}", tag = "complaints", params(("reference" = String, Path, description = "The reference")), responses((status = 200, description = "The complaint", body = ComplaintOut), (status = 400, description = "The reference is mistyped", body = ErrorBody), (status = 404, description = "There is none", body = ErrorBody)))]
pub(super) async fn show(
    State(app): Shared,
    _caller: Caller,
    Path(text): Path<String>,
) -> Result<Json<ComplaintOut>, ApiError> {
    let reference = reference(&text)?;
    Ok(Json(whole(&app, &reference).await?))
}

/// A complaint's history.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct HistoryOut {
    /// Who changed what and when, in order.
    history: Vec<ChangeOut>,
}

/// Every change of a complaint: when, by whom, why, and each field from what to what.
#[utoipa::path(get, path = "/api/v1/complaints/{reference}/history", tag = "complaints", params(("reference" = String, Path, description = "The reference")), responses((status = 200, description = "The history", body = HistoryOut), (status = 400, description = "The reference is mistyped", body = ErrorBody), (status = 404, description = "There is none", body = ErrorBody)))]
pub(super) async fn history(
    State(app): Shared,
    _caller: Caller,
    Path(text): Path<String>,
) -> Result<Json<HistoryOut>, ApiError> {
    let reference = reference(&text)?;
    known(&app, &reference).await?;
    let history = app.service.store.history(&reference).await?;
    Ok(Json(HistoryOut {
        history: history.into_iter().map(Into::into).collect(),
    }))
}

/// Puts the record right; what is absent stays as it is. The complainant's own words (`incident.narrative`) stay as they said them.
#[utoipa::path(patch, path = "/api/v1/complaints/{reference}", tag = "complaints", params(("reference" = String, Path, description = "The reference")), request_body = PatchIn, responses((status = 200, description = "The complaint as it is now", body = ComplaintOut), (status = 400, description = "A value is wrong", body = ErrorBody)))]
pub(super) async fn amend(
    State(app): Shared,
    caller: Caller,
    Path(text): Path<String>,
    Body(patch): Body<PatchIn>,
) -> Result<Json<ComplaintOut>, ApiError> {
    let reference = reference(&text)?;
    let complaint = known(&app, &reference).await?;
    let kind = EventKind::ComplaintAmended {
        agent: caller.agent,
        patch: Box::new(patch.checked()?),
        reference: reference.clone(),
        older: None,
    };
    app.service
        .submit(Job {
            target: Target::Conversation(complaint.conversation),
            kind,
            dedupe: None,
        })
        .await?;
    Ok(Json(whole(&app, &reference).await?))
}
