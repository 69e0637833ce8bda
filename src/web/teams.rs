//! The names of teams and reasons, as the flows have them.

use super::{
    App, Shared,
    auth::Caller,
    error::{ApiError, ErrorBody},
};
use crate::flow::Flows;
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, header},
};
use serde::Serialize;
use std::collections::BTreeMap;

/// The teams.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct TeamsOut {
    /// In order of name.
    teams: Vec<String>,
    /// How many people wait for each; those for which nobody waits are left out.
    waiting: BTreeMap<String, u32>,
}

/// Every team to which a conversation can be handed on: those that the flows name.
#[utoipa::path(get, path = "/api/v1/teams", tag = "desk", responses((status = 200, description = "The teams", body = TeamsOut), (status = 401, description = "Not signed in", body = ErrorBody)))]
pub(super) async fn list(State(app): Shared, _caller: Caller) -> Result<Json<TeamsOut>, ApiError> {
    let mut waiting = BTreeMap::new();
    for row in app.service.store.queue(app.service.clock.now()).await? {
        if let Some(entry) = row.conversation.queue {
            *waiting.entry(entry.team).or_default() += 1;
        }
    }
    let book = app.service.runtime();
    let teams = book.rules.flows.teams();
    Ok(Json(TeamsOut {
        teams: teams.into_iter().map(str::to_owned).collect(),
        waiting,
    }))
}

/// The team of that name, as far as the flows know it.
pub(super) fn known(app: &App, name: &str) -> Result<String, ApiError> {
    let name = name.trim();
    let book = app.service.runtime();
    if book.rules.flows.teams().contains(&name) {
        return Ok(name.to_owned());
    }
    Err(ApiError::field(
        "to.team",
        "there is no such team; GET /api/v1/teams lists them",
    ))
}

/// Words reasons and dangers in the first language that the caller accepts and the flows converse in; else in English.
pub(super) fn titles(headers: &HeaderMap, flows: &Flows) -> impl Fn(&str) -> String {
    let language = language(headers, flows);
    move |name| flows.reason_title(name, &language)
}

/// The first language that the caller accepts and the flows converse in; else English.
pub(super) fn language(headers: &HeaderMap, flows: &Flows) -> String {
    let accepted = headers.get(header::ACCEPT_LANGUAGE);
    let accepted = accepted.and_then(|v| v.to_str().ok()).unwrap_or_default();
    let codes = accepted
        .split(',')
        .filter_map(|tag| tag.split(['-', ';']).next());
    codes
        .map(|code| code.trim().to_ascii_lowercase())
        .find(|code| flows.phrases.conversed().any(|l| l == code))
        .unwrap_or_else(|| "en".to_owned())
}
