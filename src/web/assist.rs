//! Help for the agent: replies to start from, and the coach.

use super::{
    Shared,
    auth::Caller,
    body::Body,
    conversations::load,
    error::ApiError,
    shapes::{self, LONGEST_TEXT},
};
use crate::assist::{Review, Suggestion};
use axum::{
    Json,
    extract::{Path, State},
};
use serde::{Deserialize, Serialize};

/// Replies to start from.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct SuggestionsOut {
    suggestions: Vec<Suggestion>,
}

/// Three replies to start from, for the present moment.
#[utoipa::path(get, path = "/api/v1/conversations/{id}/suggestions", tag = "desk", params(("id" = String, Path, description = "The conversation")), responses((status = 200, description = "Suggestions", body = SuggestionsOut)))]
pub(super) async fn suggestions(
    State(app): Shared,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<SuggestionsOut>, ApiError> {
    let (conversation, entries, complaint) = load(&app, &id).await?;
    let suggestions = shapes::suggestions(
        &app.service,
        &conversation,
        &entries,
        complaint.as_ref(),
        caller.agent.first_name(),
    );
    Ok(Json(SuggestionsOut { suggestions }))
}

/// A draft.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub(super) struct DraftIn {
    /// The words so far.
    draft: String,
}

/// What the coach finds in a draft.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/coach", tag = "desk", params(("id" = String, Path, description = "The conversation")), request_body = DraftIn, responses((status = 200, description = "Findings; none on a good draft", body = Review)))]
pub(super) async fn coach(
    State(app): Shared,
    _caller: Caller,
    Path(id): Path<String>,
    Body(body): Body<DraftIn>,
) -> Result<Json<Review>, ApiError> {
    if body.draft.chars().count() > LONGEST_TEXT {
        return Err(ApiError::field(
            "draft",
            format!("'draft' has more than {LONGEST_TEXT} characters"),
        ));
    }
    let (conversation, entries, _) = load(&app, &id).await?;
    let context = format!(
        "{} {}",
        conversation.relation.name(),
        shapes::contact_words(&entries)
    );
    Ok(Json(app.service.coach.review(
        &context,
        &body.draft,
        &app.service.rules.understanding,
    )))
}
