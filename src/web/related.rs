//! Complaints that may belong together, suggested and never merged.

use super::{
    Shared,
    auth::Caller,
    complaints::{known, reference},
    error::{ApiError, ErrorBody},
    looks::noted,
    sight::viewer,
};
use crate::{
    domain::{AuditDetail, Category, ComplaintStatus, Deed},
    store::{Likeness, Related},
};
use axum::{
    Json,
    extract::{Path, State},
};
use serde::Serialize;

/// A complaint that may belong to another.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = RelatedComplaint)]
struct RelatedOut {
    /// Its reference.
    reference: String,
    /// When it was received, RFC 3339.
    received_at: String,
    /// How far it is.
    status: ComplaintStatus,
    /// What kind it is.
    category: Option<Category>,
    /// Why it may belong there.
    likeness: Likeness,
    /// A person has said that it does.
    linked: bool,
}

/// Complaints that may belong together.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct RelatedListOut {
    /// The latest first, at most 20.
    related: Vec<RelatedOut>,
}

/// Complaints that may belong to this one: about the same member of staff, from the same person, of the same place and
/// kind within seven days. `linked` by `PATCH` says that they do.
#[utoipa::path(get, path = "/api/v1/complaints/{reference}/related", tag = "complaints", params(("reference" = String, Path, description = "The reference")), responses(
    (status = 200, description = "Suggestions", body = RelatedListOut),
    (status = 404, description = "There is no such complaint", body = ErrorBody)))]
pub(super) async fn list(
    State(app): Shared,
    caller: Caller,
    Path(text): Path<String>,
) -> Result<Json<RelatedListOut>, ApiError> {
    let reference = reference(&text)?;
    let complaint = known(&app, &reference).await?;
    let viewer = viewer(&app, &caller.agent);
    let related = app.service.store.related(&complaint, &viewer).await?;
    let detail = AuditDetail {
        count: Some(related.len() as u64),
        ..AuditDetail::default()
    };
    noted(&app, &caller, Deed::Listed, Some(&reference), detail).await?;
    let linked = &complaint.case.linked;
    let shown = |r: Related| RelatedOut {
        linked: linked.contains(&r.complaint.reference),
        reference: r.complaint.reference.to_string(),
        received_at: r.complaint.received_at.rfc3339(),
        status: r.complaint.status,
        category: r.complaint.classification.category,
        likeness: r.likeness,
    };
    Ok(Json(RelatedListOut {
        related: related.into_iter().map(shown).collect(),
    }))
}
