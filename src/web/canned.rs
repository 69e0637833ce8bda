//! Replies that stand ready, filled in for a conversation.

use super::{
    Shared,
    auth::Caller,
    conversations::load,
    error::{ApiError, ErrorBody},
    talk::Moment,
};
use crate::assist::Canned;
use axum::{
    Json,
    extract::{Path, State},
};
use serde::Serialize;

/// Replies that stand ready.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct CannedOut {
    /// In the person's language, where the texts have it; else in English.
    replies: Vec<Canned>,
    /// ISO 639-1 code of that language.
    language: String,
}

/// The replies that stand ready, with the person's name, the agent's, the reference and the like in their places.
#[utoipa::path(get, path = "/api/v1/conversations/{id}/replies", tag = "desk", params(("id" = String, Path, description = "The conversation")), responses((status = 200, description = "Replies", body = CannedOut), (status = 404, description = "There is no such conversation", body = ErrorBody)))]
pub(super) async fn list(
    State(app): Shared,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<CannedOut>, ApiError> {
    let (conversation, entries, complaint) = load(&app, &id).await?;
    let agent = caller.agent.first_name();
    let moment = Moment {
        conversation: &conversation,
        entries: &entries,
        complaint: complaint.as_ref(),
        agent,
        reads: "en",
    };
    let (replies, language) = moment.canned(&app.service);
    Ok(Json(CannedOut { replies, language }))
}
