//! What each agent takes, where the desk gives out the work: how much, for which teams, in which languages.

use super::{
    Shared,
    accounts::{self, WorkOut},
    auth::Caller,
    body::Body,
    error::{ApiError, ErrorBody},
    teams,
};
use crate::{domain::Role, store::Work};
use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;

/// The most open conversations of one agent.
const MOST_OPEN: i64 = 200;
/// The most languages that are named.
const MOST_LANGUAGES: usize = 20;

/// What an agent is to take.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WorkIn {
    /// How many open conversations at most, 1 to 200; `null`: as many as is usual.
    #[serde(default)]
    capacity: Option<i64>,
    /// For which teams, of `GET /api/v1/teams`; none: for all.
    #[serde(default)]
    teams: Vec<String>,
    /// In which languages, as ISO 639-1 codes; none: in all.
    #[serde(default)]
    languages: Vec<String>,
}

/// Sets what an agent takes where the desk gives out the work. For administrators and supervisors.
#[utoipa::path(put, path = "/api/v1/agents/{id}/work", tag = "accounts", params(("id" = String, Path, description = "The account")), request_body = WorkIn, responses(
    (status = 200, description = "Set", body = WorkOut),
    (status = 400, description = "Something is wrong with it", body = ErrorBody),
    (status = 403, description = "Not a supervisor", body = ErrorBody),
    (status = 404, description = "There is no such account", body = ErrorBody)))]
pub(super) async fn set(
    State(app): Shared,
    caller: Caller,
    Path(id): Path<String>,
    Body(body): Body<WorkIn>,
) -> Result<Json<WorkOut>, ApiError> {
    caller.at_least(Role::Supervisor)?;
    let account = accounts::found(&app, &id).await?.agent.id;
    if body.capacity.is_some_and(|c| !(1..=MOST_OPEN).contains(&c)) {
        let text = format!("'capacity' is a number from 1 to {MOST_OPEN}, or null");
        return Err(ApiError::field("capacity", text));
    }
    let mut known = Vec::new();
    for team in &body.teams {
        let wrong = |_| ApiError::field("teams", format!("there is no team '{}'", team.trim()));
        let team = teams::known(&app, team).map_err(wrong)?;
        if !known.contains(&team) {
            known.push(team);
        }
    }
    let mut languages: Vec<String> = body
        .languages
        .iter()
        .map(|l| l.trim().to_lowercase())
        .collect();
    languages.sort();
    languages.dedup();
    let code = |l: &String| (2..=3).contains(&l.len()) && l.bytes().all(|b| b.is_ascii_lowercase());
    if languages.len() > MOST_LANGUAGES || !languages.iter().all(code) {
        let text = "'languages' are codes of two or three letters, like en";
        return Err(ApiError::field("languages", text));
    }
    let work = Work {
        capacity: body.capacity,
        teams: known,
        languages,
    };
    app.service.store.set_work(account, &work).await?;
    Ok(Json(WorkOut::of(Some(&work))))
}
