//! The named actions by which a complaint's status moves.

use super::{
    Shared,
    auth::Caller,
    body::Body,
    complaint_patch::{LONGEST_TEXT, text},
    complaints::{ComplaintOut, known, reference, submitted, whole},
    days::day,
    error::{ApiError, ErrorBody},
};
use crate::domain::{
    ActionName, ClockAct, ClockChange, ComplaintAction, ComplaintPatch, ComplaintStatus, Timestamp,
};
use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;

/// What an action needs.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ComplaintAct)]
pub(super) struct ActIn {
    /// Why: stands in the history. `close` before an answer and `correct` need it.
    why: Option<String>,
    /// To which status `correct` goes back.
    to: Option<ComplaintStatus>,
}

/// Moves a complaint: `acknowledge`, `investigate`, `respond`, `close`, `withdraw`, `reopen`; or `correct`, which takes
/// a slip back to the status in `to`, with the marks of the clocks that it had stopped.
#[utoipa::path(post, path = "/api/v1/complaints/{reference}/{action}", tag = "complaints", params(("reference" = String, Path, description = "The reference"), ("action" = inline(ActionName), Path, description = "What is done")), request_body = ActIn, responses(
    (status = 200, description = "The complaint as it is now", body = ComplaintOut),
    (status = 400, description = "A value is wrong", body = ErrorBody),
    (status = 404, description = "There is no such complaint or action", body = ErrorBody),
    (status = 409, description = "The action may not follow the status that the complaint has", body = ErrorBody)))]
pub(super) async fn act(
    State(app): Shared,
    caller: Caller,
    Path((text_of_reference, action)): Path<(String, String)>,
    Body(asked): Body<ActIn>,
) -> Result<Json<ComplaintOut>, ApiError> {
    let name = ActionName::from_name(&action).ok_or_else(|| ApiError::missing("action"))?;
    let reference = reference(&text_of_reference)?;
    let complaint = known(&app, &reference).await?;
    let why = asked.why.map(|w| text("why", LONGEST_TEXT, w.trim()));
    if name == ActionName::Correct && asked.to.is_none() {
        let message = "'to' is the status that the correction goes back to";
        return Err(ApiError::field("to", message));
    }
    let patch = ComplaintPatch {
        action: Some(ComplaintAction { name, to: asked.to }),
        why: why.transpose()?.filter(|w| !w.is_empty()),
        ..ComplaintPatch::default()
    };
    submitted(&app, caller.agent.clone(), &complaint, patch).await?;
    Ok(Json(whole(&app, &caller.agent, &reference).await?))
}

/// What is done with a clock.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClockAct)]
pub(super) struct ClockIn {
    /// `start`, `extend`, `pause` or `resume`.
    act: ClockAct,
    /// The last day, ISO 8601, where it is extended.
    until: Option<String>,
    /// Why: stands in the history.
    why: String,
}

/// Starts a clock that does not run by itself, extends one, lets it stand still (while somebody waits for the
/// complainant, say) or run on.
#[utoipa::path(post, path = "/api/v1/complaints/{reference}/clocks/{clock}", tag = "complaints", params(("reference" = String, Path, description = "The reference"), ("clock" = String, Path, description = "The clock's name")), request_body = ClockIn, responses(
    (status = 200, description = "The complaint as it is now", body = ComplaintOut),
    (status = 400, description = "A value is wrong", body = ErrorBody),
    (status = 404, description = "There is no such complaint", body = ErrorBody),
    (status = 409, description = "That cannot be done with the clock as it stands", body = ErrorBody)))]
pub(super) async fn clock(
    State(app): Shared,
    caller: Caller,
    Path((text_of_reference, clock)): Path<(String, String)>,
    Body(asked): Body<ClockIn>,
) -> Result<Json<ComplaintOut>, ApiError> {
    let reference = reference(&text_of_reference)?;
    let complaint = known(&app, &reference).await?;
    let until = match asked.until.as_deref() {
        None if asked.act == ClockAct::Extend => {
            return Err(ApiError::field(
                "until",
                "'until' is the day to which it is extended",
            ));
        }
        None => None,
        Some(text) => {
            let end = day("until", text)?.at(23, 59, 59, 0);
            let zone = app.service.runtime().rules.profile.zone.clone();
            let outside = |_| ApiError::field("until", "there is no such day in the calendar");
            let end = end.to_zoned_datetime(zone).map_err(outside)?;
            Some(Timestamp::from(end.timestamp()))
        }
    };
    let why = text("why", LONGEST_TEXT, asked.why.trim())?;
    if why.is_empty() {
        return Err(ApiError::field("why", "a reason is missing"));
    }
    let patch = ComplaintPatch {
        clock: Some(ClockChange {
            clock: text("clock", 100, &clock)?,
            act: asked.act,
            until,
        }),
        why: Some(why),
        ..ComplaintPatch::default()
    };
    submitted(&app, caller.agent.clone(), &complaint, patch).await?;
    Ok(Json(whole(&app, &caller.agent, &reference).await?))
}
