//! Help for the agent: replies to start from, and the coach.

use super::{
    App, Shared, auth::Caller, body::Body, conversations::load, error::ApiError,
    shapes::LONGEST_TEXT, talk, teams::language,
};
use crate::{
    assist::{self, Page, Review, Suggestion},
    domain::{Conversation, suggestion::Record},
    store::Entry,
    writer::{Judges, Moment},
};
use axum::{
    Json,
    extract::{Path, State},
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Replies to start from.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct SuggestionsOut {
    suggestions: Vec<Suggestion>,
    /// Whether an outside model can be asked for further ones.
    further: bool,
}

/// Three replies to start from, for the present moment.
#[utoipa::path(get, path = "/api/v1/conversations/{id}/suggestions", tag = "desk", params(("id" = String, Path, description = "The conversation"), ("accept-language" = Option<String>, Header, description = "In which language it is said why each is offered; else English")), responses((status = 200, description = "Suggestions", body = SuggestionsOut)))]
pub(super) async fn suggestions(
    State(app): Shared,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<SuggestionsOut>, ApiError> {
    let (conversation, entries, complaint) = load(&app, &id).await?;
    let reads = language(&headers, &app.service.runtime().rules.flows);
    let moment = talk::Moment {
        conversation: &conversation,
        entries: &entries,
        complaint: complaint.as_ref(),
        agent: caller.agent.first_name(),
        reads: &reads,
    };
    let mut suggestions = moment.suggestions(&app.service);
    assist::rank(
        &mut suggestions,
        &app.service.store.suggestion_records().await?,
    );
    Ok(Json(SuggestionsOut {
        suggestions,
        further: app.service.writer.is_some(),
    }))
}

/// What an outside model wrote.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct WrittenOut {
    /// `off` where the owner has none; `answer`, `late`, `failed`, `over_limit`, `busy`.
    state: &'static str,
    /// What passed the coach, privacy and danger.
    suggestions: Vec<Suggestion>,
    /// How many were dropped.
    dropped: usize,
}

/// What to write further.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub(super) struct FurtherIn {
    /// A draft to rewrite; without it, further suggestions.
    #[serde(default)]
    draft: Option<String>,
}

/// Further suggestions, or a rewrite of a draft, by the outside model that the owner has set up. Nothing waits for it,
/// and closing the request cancels it.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/suggestions/further", tag = "desk", params(("id" = String, Path, description = "The conversation")), request_body = FurtherIn, responses((status = 200, description = "What passed", body = WrittenOut)))]
pub(super) async fn further(
    State(app): Shared,
    _caller: Caller,
    Path(id): Path<String>,
    Body(body): Body<FurtherIn>,
) -> Result<Json<WrittenOut>, ApiError> {
    let service = &app.service;
    let (conversation, entries, _) = load(&app, &id).await?;
    let draft = body.draft.as_deref().filter(|d| !d.trim().is_empty());
    if draft.is_some_and(|d| d.chars().count() > LONGEST_TEXT) {
        return Err(ApiError::field(
            "draft",
            format!("'draft' has more than {LONGEST_TEXT} characters"),
        ));
    }
    let Some(writer) = &service.writer else {
        return Ok(Json(WrittenOut {
            state: "off",
            suggestions: Vec::new(),
            dropped: 0,
        }));
    };
    let words = talk::contact_words(&entries);
    let moment = Moment {
        conversation: &conversation,
        words: &words,
        draft,
        language: &conversation.language,
    };
    let book = service.runtime();
    let rules = &book.rules;
    let judges = Judges {
        coach: &book.coach,
        interpreter: &rules.interpreter,
        flows: &rules.flows,
        setting: rules.setting(service.clock.now()),
    };
    let written = writer.write(moment, judges, &service.clock).await;
    Ok(Json(WrittenOut {
        state: written.came.name(),
        suggestions: written.suggestions,
        dropped: written.dropped,
    }))
}

/// How often each kind of suggestion was taken up.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct UptakeOut {
    /// By kind.
    kinds: BTreeMap<String, Record>,
    /// Of all that were offered, the share that was taken or edited, from 0 to 1; none where none were offered.
    accepted: Option<f64>,
}

/// What agents did with the suggestions that they were offered.
#[utoipa::path(get, path = "/api/v1/suggestions/uptake", tag = "desk", responses((status = 200, description = "By kind", body = UptakeOut)))]
pub(super) async fn uptake(
    State(app): Shared,
    _caller: Caller,
) -> Result<Json<UptakeOut>, ApiError> {
    let kinds = app.service.store.suggestion_records().await?;
    let (mut used, mut offered) = (0, 0);
    for record in kinds.values() {
        used += record.taken + record.edited;
        offered += record.offered();
    }
    let accepted = (offered > 0).then(|| f64::from(used) / f64::from(offered));
    Ok(Json(UptakeOut { kinds, accepted }))
}

/// The coach's rules.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct PagesOut<'a> {
    rules: Vec<Page<'a>>,
}

/// Every rule of the coach: what it catches, why, from where it comes, and a better way.
#[utoipa::path(get, path = "/api/v1/coach/rules", tag = "desk", responses((status = 200, description = "The rules", body = PagesOut)))]
pub(super) async fn rules(State(app): Shared, _caller: Caller) -> Response {
    let book = app.service.runtime();
    let rules = book.coach.pages("en").collect();
    Json(PagesOut { rules }).into_response()
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
    Ok(Json(reviewed(&app, &conversation, &entries, &body.draft)))
}

/// What the coach finds in a draft of an answer in this conversation.
pub(super) fn reviewed(
    app: &App,
    conversation: &Conversation,
    entries: &[Entry],
    draft: &str,
) -> Review {
    let context = format!(
        "{} {}",
        conversation.relation.name(),
        talk::contact_words(entries)
    );
    let book = app.service.runtime();
    book.coach.review(&context, draft, &book.rules.interpreter)
}
