//! The acknowledgement: drafted in the person's language, looked at, and sent by their channel.

use super::{
    Shared,
    auth::Caller,
    body::Body,
    complaint_patch::text,
    complaints::{ComplaintOut, known, reference, whole},
    error::{ApiError, ErrorBody},
    looks::{note, noted},
};
use crate::{
    complaint::LetterKind,
    domain::{AuditDetail, Deed},
    service::{Draft, NoDraft},
    store::Letter,
};
use axum::{
    Json,
    extract::{Path, State},
};
use serde::{Deserialize, Serialize};

/// Longest acknowledgement, in characters.
const LONGEST: usize = 8_000;

/// An acknowledgement that somebody has looked at.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Acknowledgement)]
pub(super) struct AcknowledgementIn {
    /// Its words.
    text: String,
}

/// A draft of an acknowledgement.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = AcknowledgementDraft)]
pub(super) struct DraftOut {
    /// Its words.
    text: String,
    /// In which language, ISO 639-1.
    language: String,
    /// By which inbox it would be sent.
    inbox: String,
}

fn refused(why: NoDraft) -> ApiError {
    match why {
        NoDraft::Store(error) => error.into(),
        NoDraft::Conversation => ApiError::missing("conversation"),
        NoDraft::Template => {
            ApiError::unavailable("the template of this letter is wrong; it has been logged")
        }
    }
}

/// Drafts the acknowledgement of a complaint, in the language in which they wrote. Nothing is sent.
#[utoipa::path(get, path = "/api/v1/complaints/{reference}/acknowledgement", tag = "complaints", params(("reference" = String, Path, description = "The reference")), responses(
    (status = 200, description = "A draft", body = DraftOut),
    (status = 404, description = "There is no such complaint", body = ErrorBody)))]
pub(super) async fn draft(
    State(app): Shared,
    caller: Caller,
    Path(text): Path<String>,
) -> Result<Json<DraftOut>, ApiError> {
    let reference = reference(&text)?;
    let complaint = known(&app, &reference).await?;
    let detail = AuditDetail::default();
    noted(&app, &caller, Deed::Looked, Some(&reference), detail).await?;
    let drafted = app
        .service
        .draft_acknowledgement(&complaint, &caller.agent.name);
    let draft: Draft = drafted.await.map_err(refused)?;
    Ok(Json(DraftOut {
        text: draft.text,
        language: draft.language,
        inbox: draft.conversation.inbox,
    }))
}

/// Sends the acknowledgement by the person's channel: to where they wrote last. The complaint is acknowledged by that,
/// its clock met; the record keeps which message it was and when, and the letters keep its words.
#[utoipa::path(post, path = "/api/v1/complaints/{reference}/acknowledgement", tag = "complaints", params(("reference" = String, Path, description = "The reference")), request_body = AcknowledgementIn, responses(
    (status = 200, description = "Sent; the complaint as it is now", body = ComplaintOut),
    (status = 400, description = "A value is wrong", body = ErrorBody),
    (status = 404, description = "There is no such complaint", body = ErrorBody),
    (status = 409, description = "It was acknowledged already, or nobody can tell who would read it", body = ErrorBody)))]
pub(super) async fn send(
    State(app): Shared,
    caller: Caller,
    Path(text_of_reference): Path<String>,
    Body(asked): Body<AcknowledgementIn>,
) -> Result<Json<ComplaintOut>, ApiError> {
    let reference = reference(&text_of_reference)?;
    let complaint = known(&app, &reference).await?;
    let words = text("text", LONGEST, asked.text.trim())?;
    if words.is_empty() {
        return Err(ApiError::field("text", "the acknowledgement is empty"));
    }
    if words.contains('[') && words.contains(']') {
        let message = "something is still in brackets: put words in its place";
        return Err(ApiError::field("text", message));
    }
    let service = &app.service;
    let drafted = service.draft_acknowledgement(&complaint, &caller.agent.name);
    let draft: Draft = drafted.await.map_err(refused)?;
    let by = caller.agent.name.clone();
    let place = draft.conversation.id;
    service
        .send_acknowledgement(&reference, place, caller.agent.clone(), words.clone())
        .await?;
    let letter = Letter {
        id: service.clock.attachment_id().to_string(),
        kind: LetterKind::Acknowledgement.name().to_owned(),
        language: draft.language,
        text: words,
        by,
        at: service.clock.now(),
    };
    let detail = AuditDetail {
        format: Some(letter.kind.clone()),
        ..AuditDetail::default()
    };
    let note = note(&app, &caller, Deed::Wrote, Some(&reference), detail);
    let store = &service.store;
    store.keep_letter(&reference, &letter, note).await?;
    Ok(Json(whole(&app, &caller.agent, &reference).await?))
}
