//! Whether a receipt is one of ours: asked by whoever holds it, or is shown it.

use super::{
    App, Shared,
    complaints::reference,
    error::{ApiError, ErrorBody},
};
use crate::{
    complaint::{is_receipt_code, receipt_code},
    domain::{Complaint, Timestamp},
};
use axum::{
    Json,
    extract::{Path, State},
};
use jiff::civil::Date;
use serde::Serialize;

/// What a receipt proves.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ReceiptOut {
    /// The reference on it.
    reference: String,
    /// The day on which it was filed, ISO 8601, where the organisation is.
    filed_on: String,
    /// With whom.
    organisation: String,
}

/// Whether a receipt is ours. Of what it is about nothing is told, and a code that is wrong is told from no other.
#[utoipa::path(get, path = "/api/v1/receipts/{reference}/{code}", tag = "inbox", params(("reference" = String, Path, description = "The reference on the receipt"), ("code" = String, Path, description = "The code on it")), responses(
    (status = 200, description = "It is ours", body = ReceiptOut),
    (status = 400, description = "The reference is mistyped", body = ErrorBody),
    (status = 404, description = "It is none of ours", body = ErrorBody)))]
pub(super) async fn check(
    State(app): Shared,
    Path((text, code)): Path<(String, String)>,
) -> Result<Json<ReceiptOut>, ApiError> {
    let reference = reference(&text)?;
    let known = app.service.store.complaint(&reference).await?;
    let complaint = known.ok_or_else(|| ApiError::missing("receipt"))?;
    let right = |day: &Date| {
        let ours = receipt_code(&reference, complaint.conversation, *day);
        is_receipt_code(&ours, &code)
    };
    let days = days(&app, &complaint).await?;
    let filed = days.into_iter().find(right);
    let filed = filed.ok_or_else(|| ApiError::missing("receipt"))?;
    Ok(Json(ReceiptOut {
        reference: reference.to_string(),
        filed_on: filed.to_string(),
        organisation: app.service.organisation(),
    }))
}

/// The days on which it was filed: today's word for it, and what the record said before somebody put that right.
async fn days(app: &App, complaint: &Complaint) -> Result<Vec<Date>, ApiError> {
    let runtime = app.service.runtime();
    let zone = &runtime.rules.profile.zone;
    let history = app.service.store.history(&complaint.reference).await?;
    let fields = history.iter().flat_map(|change| &change.fields);
    let before = fields
        .filter(|f| f.field == "received_at")
        .filter_map(|f| f.from.as_str()?.parse::<jiff::Timestamp>().ok())
        .map(Timestamp::from);
    let all = std::iter::once(complaint.received_at).chain(before);
    Ok(all.map(|at| at.in_zone(zone).date()).collect())
}
