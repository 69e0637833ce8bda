//! The ladder of contingencies, at the desk: which rungs hold, since when, why and what they do; and what is to be
//! looked at afterwards.

use super::{
    Shared,
    auth::Caller,
    error::{ApiError, ErrorBody},
    teams::language,
};
use crate::{
    domain::{QueueFacts, Role},
    flow::{Ladder, RungStep},
    store::Contingency,
};
use axum::{
    Json,
    extract::{Path, State},
    http::HeaderMap,
};
use serde::Serialize;

/// One step of a rung.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct StepOut {
    /// `notice`, `offer_call_backs`, `intake_only`, `apart`, `call_in` or `review`.
    step: &'static str,
    /// The role that is called in, or what to look at.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

/// A rung of the ladder.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct RungOut {
    /// Its name.
    rung: String,
    /// What it is for, in the caller's language.
    about: String,
    /// When it holds, as the flows have it.
    when: String,
    /// What is done as long as it holds.
    steps: Vec<StepOut>,
}

/// A rung that began.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct ContingencyOut {
    /// Its id.
    id: String,
    /// Which rung; the ladder may have lost it since.
    rung: String,
    /// What it is for.
    about: String,
    /// When it began, RFC 3339.
    began: String,
    /// When it ended; `null`: it holds.
    ended: Option<String>,
    /// The facts by which it began.
    why: QueueFacts,
    /// The facts by which it ended.
    over: Option<QueueFacts>,
    /// What to look at, where nobody has yet.
    review: Vec<String>,
    /// Who looked at it.
    reviewed_by: Option<String>,
}

/// How the ladder stands.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct LadderOut {
    /// The ladder, from the mildest rung to the gravest.
    ladder: Vec<RungOut>,
    /// Those rungs that hold, by name.
    holding: Vec<String>,
    /// The facts of now.
    facts: QueueFacts,
    /// What holds, and the latest that is over.
    contingencies: Vec<ContingencyOut>,
}

fn steps(ladder: &Ladder, language: &str, name: &str) -> Vec<StepOut> {
    let rung = ladder.rung(name);
    let steps = rung.map_or(&[][..], |r| &r.steps).iter();
    let out = steps.map(|step| StepOut {
        step: step.name(),
        text: match step {
            RungStep::CallIn(role) => Some(role.name().to_owned()),
            RungStep::Review(what) => Some(what.in_language(language).to_owned()),
            _ => None,
        },
    });
    out.collect()
}

fn out(ladder: &Ladder, language: &str, row: Contingency) -> ContingencyOut {
    let about = ladder
        .rung(&row.rung)
        .map(|r| r.about.in_language(language));
    let asks = row.review && row.ended.is_some() && row.reviewed.is_none();
    let review = steps(ladder, language, &row.rung).into_iter();
    let review = review.filter(|s| asks && s.step == "review");
    ContingencyOut {
        about: about.unwrap_or(&row.rung).to_owned(),
        id: row.id,
        began: row.began.rfc3339(),
        ended: row.ended.map(crate::domain::Timestamp::rfc3339),
        why: row.why,
        over: row.over,
        review: review.filter_map(|s| s.text).collect(),
        reviewed_by: row.reviewed_by,
        rung: row.rung,
    }
}

/// The ladder of contingencies: which rungs hold, since when, why, and what they do.
#[utoipa::path(get, path = "/api/v1/contingency", tag = "desk", responses((status = 200, description = "How it stands", body = LadderOut), (status = 401, description = "Not signed in", body = ErrorBody)))]
pub(super) async fn show(
    State(app): Shared,
    _caller: Caller,
    headers: HeaderMap,
) -> Result<Json<LadderOut>, ApiError> {
    let book = app.service.runtime();
    let ladder = &book.rules.flows.ladder;
    let language = language(&headers, &book.rules.flows);
    let known = app.service.store.contingencies().await?.into_iter();
    let rungs = ladder.rungs.iter().map(|rung| RungOut {
        rung: rung.name.clone(),
        about: rung.about.in_language(&language).to_owned(),
        when: rung.when.clone(),
        steps: steps(ladder, &language, &rung.name),
    });
    Ok(Json(LadderOut {
        ladder: rungs.collect(),
        holding: app.service.desk().rungs,
        facts: app.service.queue_facts(),
        contingencies: known.map(|row| out(ladder, &language, row)).collect(),
    }))
}

/// Says that somebody has looked at a contingency that is over. For supervisors.
#[utoipa::path(post, path = "/api/v1/contingency/{id}/reviewed", tag = "desk", params(("id" = String, Path, description = "The contingency")), responses((status = 204, description = "Noted"), (status = 403, description = "Not a supervisor", body = ErrorBody), (status = 404, description = "There is none to look at", body = ErrorBody)))]
pub(super) async fn reviewed(
    State(app): Shared,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<axum::http::StatusCode, ApiError> {
    caller.at_least(Role::Supervisor)?;
    if app.service.review_contingency(&id, &caller.agent).await? {
        Ok(axum::http::StatusCode::NO_CONTENT)
    } else {
        Err(ApiError::missing(
            "contingency that is over and was not looked at yet",
        ))
    }
}
