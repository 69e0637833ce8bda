//! How agents keep order: labels, and what is put off.

use super::{
    Shared,
    auth::Caller,
    body::Body,
    conversations::act,
    error::{ApiError, ErrorBody},
    shapes::Received,
    sight::viewer,
};
use crate::domain::{EventKind, Timestamp};
use axum::{
    Json,
    extract::{Path, State},
};
use serde::{Deserialize, Serialize};

/// Longest label, in characters.
const LONGEST_LABEL: usize = 40;
/// Most labels in one call.
const MOST: usize = 20;

/// A label in use.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct LabelOut {
    name: String,
    /// How many conversations have it.
    conversations: i64,
}

/// Labels in use.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct LabelsOut {
    /// The most used first; at most 200.
    labels: Vec<LabelOut>,
}

/// The labels of the conversations that the caller may see.
#[utoipa::path(get, path = "/api/v1/labels", tag = "desk", responses((status = 200, description = "Labels", body = LabelsOut), (status = 401, description = "Not signed in", body = ErrorBody)))]
pub(super) async fn labels(
    State(app): Shared,
    caller: Caller,
) -> Result<Json<LabelsOut>, ApiError> {
    let labels = app
        .service
        .store
        .labels(&viewer(&app, &caller.agent))
        .await?
        .into_iter();
    let out = |(name, conversations)| LabelOut {
        name,
        conversations,
    };
    Ok(Json(LabelsOut {
        labels: labels.map(out).collect(),
    }))
}

/// Which labels.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LabelsIn {
    /// To be put on; 1 to 40 characters each. Letters become small ones, so that one label has one name.
    #[serde(default)]
    add: Vec<String>,
    /// To be taken off.
    #[serde(default)]
    remove: Vec<String>,
}

fn checked(field: &str, labels: Vec<String>) -> Result<Vec<String>, ApiError> {
    if labels.len() > MOST {
        let text = format!("'{field}' has more than {MOST} labels");
        return Err(ApiError::field(field, text));
    }
    let one = |(at, label): (usize, String)| {
        let label = label.split_whitespace().collect::<Vec<_>>().join(" ");
        let label = label.to_lowercase();
        let length = label.chars().count();
        if (1..=LONGEST_LABEL).contains(&length) && !label.chars().any(crate::domain::is_unseen) {
            return Ok(label);
        }
        let text = format!("a label has 1 to {LONGEST_LABEL} characters, all of them visible");
        Err(ApiError::field(&format!("{field}[{at}]"), text))
    };
    labels.into_iter().enumerate().map(one).collect()
}

/// Puts labels on a conversation or takes them off, whoever has it. At most 20 stay on it.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/labels", tag = "desk", params(("id" = String, Path, description = "The conversation")), request_body = LabelsIn, responses((status = 200, description = "Done", body = Received), (status = 400, description = "A label will not do, or there would be too many", body = ErrorBody), (status = 404, description = "There is no such conversation", body = ErrorBody)))]
pub(super) async fn label(
    State(app): Shared,
    caller: Caller,
    Path(id): Path<String>,
    Body(body): Body<LabelsIn>,
) -> Result<Json<Received>, ApiError> {
    let kind = EventKind::Labelled {
        agent: caller.agent,
        add: checked("add", body.add)?,
        remove: checked("remove", body.remove)?,
    };
    act(&app, &id, kind, None).await
}

/// Until when.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SnoozeIn {
    /// RFC 3339, within a year; left out or `null`: until the person writes.
    #[serde(default)]
    until: Option<String>,
}

/// Puts a conversation off, until a time or until the person writes, whichever is first. Whoever may be in danger is
/// not put off.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/snooze", tag = "desk", params(("id" = String, Path, description = "The conversation")), request_body = SnoozeIn, responses((status = 200, description = "Put off", body = Received), (status = 400, description = "Nobody has it, somebody may be in danger, or that is no time to come", body = ErrorBody), (status = 409, description = "Someone else has it", body = ErrorBody)))]
pub(super) async fn snooze(
    State(app): Shared,
    caller: Caller,
    Path(id): Path<String>,
    Body(body): Body<SnoozeIn>,
) -> Result<Json<Received>, ApiError> {
    let wrong = |_| ApiError::field("until", "'until' is a time as in 2026-11-24T10:00:00Z");
    let time = |text: String| text.trim().parse::<jiff::Timestamp>().map_err(wrong);
    let until = body.until.map(time).transpose()?;
    let kind = EventKind::Snoozed {
        agent: caller.agent,
        until: until.map(|t| Timestamp(t.as_microsecond())),
    };
    act(&app, &id, kind, None).await
}

/// Takes up again at once what was put off.
#[utoipa::path(delete, path = "/api/v1/conversations/{id}/snooze", tag = "desk", params(("id" = String, Path, description = "The conversation")), responses((status = 200, description = "It is back", body = Received), (status = 409, description = "Someone else has it", body = ErrorBody)))]
pub(super) async fn wake(
    State(app): Shared,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Received>, ApiError> {
    let agent = caller.agent;
    act(&app, &id, EventKind::Woken { agent }, None).await
}
