//! One complaint of the register: shown, put right, with its history.

use super::{
    App, Shared,
    auth::Caller,
    body::Body,
    complaint_patch::PatchIn,
    error::{ApiError, ErrorBody},
    looks::noted,
    sight,
};
use crate::{
    complaint::PublishedComplaint,
    domain::{
        AgentRef, AuditDetail, Complaint, ComplaintPatch, Deed, EventKind, Role,
        complaint::{Change, FieldChange, Reference, ReferenceError},
        time::{Timestamp, as_rfc3339},
    },
    store::{Job, Target},
};
use axum::{
    Json,
    extract::{Path, State},
};
use serde::Serialize;

pub(super) fn reference(text: &str) -> Result<Reference, ApiError> {
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

/// A complaint with its history, as far as it is there for that agent.
pub(super) async fn whole(
    app: &App,
    agent: &AgentRef,
    reference: &Reference,
) -> Result<ComplaintOut, ApiError> {
    let mut complaint = known(app, reference).await?;
    sight::without_hidden(app, agent, &mut complaint).await?;
    let history = app.service.store.history(reference).await?;
    let history = sight::history_without_hidden(app, agent, history).await?;
    Ok(ComplaintOut {
        complaint: complaint.into(),
        history: history.into_iter().map(Into::into).collect(),
    })
}

pub(super) async fn known(app: &App, reference: &Reference) -> Result<Complaint, ApiError> {
    let complaint = app.service.store.complaint(reference).await?;
    complaint.ok_or_else(|| ApiError::missing("complaint"))
}

/// A complaint, with every change of it and who made it.
#[utoipa::path(get, path = "/api/v1/complaints/{reference}", tag = "complaints", params(("reference" = String, Path, description = "The reference")), responses((status = 200, description = "The complaint", body = ComplaintOut), (status = 400, description = "The reference is mistyped", body = ErrorBody), (status = 404, description = "There is none", body = ErrorBody)))]
pub(super) async fn show(
    State(app): Shared,
    caller: Caller,
    Path(text): Path<String>,
) -> Result<Json<ComplaintOut>, ApiError> {
    let reference = reference(&text)?;
    let shown = whole(&app, &caller.agent, &reference).await?;
    let detail = AuditDetail::default();
    noted(&app, &caller, Deed::Looked, Some(&reference), detail).await?;
    Ok(Json(shown))
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
    caller: Caller,
    Path(text): Path<String>,
) -> Result<Json<HistoryOut>, ApiError> {
    let reference = reference(&text)?;
    known(&app, &reference).await?;
    let (what, detail) = (Deed::LookedAtHistory, AuditDetail::default());
    noted(&app, &caller, what, Some(&reference), detail).await?;
    let history = app.service.store.history(&reference).await?;
    let history = sight::history_without_hidden(&app, &caller.agent, history).await?;
    Ok(Json(HistoryOut {
        history: history.into_iter().map(Into::into).collect(),
    }))
}

/// Brings a change of a record to its conversation.
pub(super) async fn submitted(
    app: &App,
    agent: AgentRef,
    complaint: &Complaint,
    patch: ComplaintPatch,
) -> Result<(), ApiError> {
    let kind = EventKind::ComplaintAmended {
        agent,
        patch: Box::new(patch),
        reference: complaint.reference.clone(),
        older: None,
    };
    let job = Job {
        target: Target::Conversation(complaint.conversation),
        kind,
        dedupe: None,
    };
    app.service.submit(job).await?;
    Ok(())
}

/// What moves the clocks of the law, opens a record to others or lets it be erased is changed by whoever has the
/// conversation, or a supervisor, and with a reason.
async fn weighty(
    app: &App,
    caller: &Caller,
    complaint: &Complaint,
    patch: &ComplaintPatch,
) -> Result<(), ApiError> {
    let received = patch
        .received_at
        .is_some_and(|r| r != complaint.received_at);
    let protected = patch
        .protected
        .is_some_and(|p| p != complaint.case.protected);
    let held = complaint.case.legal_hold.is_some();
    let let_go = held
        && patch
            .legal_hold
            .as_ref()
            .is_some_and(|why| why.trim().is_empty());
    if !(received || protected || let_go) {
        return Ok(());
    }
    if caller.agent.role < Role::Supervisor {
        let state = app
            .service
            .store
            .conversation(complaint.conversation)
            .await?;
        let holder = state.and_then(|s| s.holder);
        if holder.is_none_or(|h| h.id != caller.agent.id) {
            let text = "when it was received, its protection and its hold are changed by whoever has the conversation, or by a supervisor";
            return Err(ApiError::forbidden(text));
        }
    }
    if patch.why.is_none() {
        return Err(ApiError::field("why", "say in 'why' why that changes"));
    }
    Ok(())
}

/// Puts the record right; what is absent stays as it is. Fields may be given flat, or nested as the record has them.
/// The complainant's own words (`incident.narrative`) stay as they said them. `received_at`, `protected` and the end of
/// `legal_hold` are for whoever has the conversation, and supervisors, and need a `why`. `status` moves it by the
/// action that leads there, where that may follow.
#[utoipa::path(patch, path = "/api/v1/complaints/{reference}", tag = "complaints", params(("reference" = String, Path, description = "The reference")), request_body = PatchIn, responses((status = 200, description = "The complaint as it is now", body = ComplaintOut), (status = 400, description = "A value is wrong", body = ErrorBody), (status = 403, description = "Not for them", body = ErrorBody), (status = 409, description = "That status may not follow the one that the complaint has", body = ErrorBody)))]
pub(super) async fn amend(
    State(app): Shared,
    caller: Caller,
    Path(text): Path<String>,
    Body(patch): Body<PatchIn>,
) -> Result<Json<ComplaintOut>, ApiError> {
    let reference = reference(&text)?;
    let complaint = known(&app, &reference).await?;
    let mut patch = patch.checked(&complaint, app.service.clock.now())?;
    weighty(&app, &caller, &complaint, &patch).await?;
    if let Some(linked) = &mut patch.linked {
        let hidden = sight::hidden_complaints(&app, &caller.agent, linked).await?;
        for (at, other) in linked.iter().enumerate() {
            let there = app.service.store.complaint(other).await?.is_some();
            if hidden.contains(other) || !there {
                let message = "there is no such complaint";
                return Err(ApiError::field(&format!("linked[{at}]"), message));
            }
        }
        // What they cannot see they do not take away either.
        let before = &complaint.case.linked;
        linked.extend(sight::hidden_complaints(&app, &caller.agent, before).await?);
    }
    submitted(&app, caller.agent.clone(), &complaint, patch).await?;
    Ok(Json(whole(&app, &caller.agent, &reference).await?))
}
