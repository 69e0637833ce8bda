//! How many people the desk needs, hour by hour, from what really came; and what waits in the register. For
//! supervisors.

use super::{
    App, Shared,
    auth::Caller,
    body::Params,
    error::{ApiError, ErrorBody},
    sight::viewer,
};
use crate::{
    domain::{ComplaintStatus, Role, Timestamp, measure::Milestone},
    staffing::{
        Arrivals, BUSY, Cell, Desk, FEW_PEOPLE, USUAL_CONCURRENCY, case_people, forecast, patience,
        will_miss,
    },
    store::{CountedBy, Measured, Selection, Sort},
};
use axum::{Json, extract::State};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// Weeks that are looked at.
const WEEKS: i64 = 13;
const DAY: i64 = 24 * 60 * 60 * 1_000_000;
/// Handling time where nothing was done yet, in seconds: that of a small hospital.
const USUAL_HANDLING: f64 = 720.0;
/// Open cases that are looked at, those first that are due first.
const MOST_CASES: i64 = 500;
/// What one person gives to cases, where nothing else is said.
const CASE_HOURS: f64 = 4.0;
const HOURS_A_DAY: f64 = 7.5;
const UTILISATION: f64 = 0.85;

/// What is supposed.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Supposed {
    /// People at the desk at a time, 1 to 1000; left out: 3.
    people: Option<String>,
    /// Seconds from taking a conversation to being done with it; left out: as it was.
    handling_seconds: Option<String>,
    /// Conversations that one person holds at a time; left out: 2.
    concurrency: Option<String>,
    /// Seconds within which somebody should be taken over; left out: the desk's own target.
    target_seconds: Option<String>,
    /// Share of people for whom that should be so, 0.01 to 0.9999; left out: 0.8.
    target_share: Option<String>,
    /// Share of paid time away from the desk, 0 to 0.95; left out: 0.3.
    shrinkage: Option<String>,
    /// Hours that one case takes; left out: 4.
    case_hours: Option<String>,
}

/// What waits in the register.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Casework {
    /// Cases that are not answered yet, at most 500.
    open: usize,
    /// How many of them have a clock that ran out.
    overdue: usize,
    /// New ones a day, of the last four weeks.
    new_a_day: f64,
    /// Answered a day, of those that came in the last thirteen weeks.
    answered_a_day: f64,
    /// People who would keep up with what is new.
    people: f64,
    /// References of those that will miss their date at this pace, the first ten.
    will_miss: Vec<String>,
    /// How many these are.
    will_miss_count: usize,
}

/// How many people, hour by hour.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct StaffingOut {
    /// Weeks of data.
    weeks: f64,
    /// Hours of the week in which anybody came; null with fewer than four weeks of data.
    cells: Option<Vec<Cell>>,
    /// The hour in which most people come, with one person fewer beside it: the sentence to say.
    busiest: Option<Cell>,
    /// People at the desk at a time, as supposed.
    people: u32,
    /// People to be employed for the busiest hour.
    roster: Option<u32>,
    /// Handling time in seconds.
    handling_seconds: f64,
    /// Whether it was measured here.
    handling_measured: bool,
    /// Mean patience in seconds, from those who left and those who were answered; null where nobody left.
    patience_seconds: Option<f64>,
    /// Conversations that one person holds at a time.
    concurrency: f64,
    /// Within which somebody should be taken over.
    target_seconds: f64,
    /// For which share of people.
    target_share: f64,
    /// Share of paid time away from the desk.
    shrinkage: f64,
    /// From this occupancy on there is a warning.
    busy_from: f64,
    /// With so many people or fewer the error is wide.
    few_people: u32,
    /// What waits in the register.
    casework: Casework,
}

fn number(
    field: &'static str,
    given: Option<&str>,
    (least, most): (f64, f64),
    usual: f64,
) -> Result<f64, ApiError> {
    let Some(text) = given else { return Ok(usual) };
    let value = text
        .trim()
        .parse()
        .ok()
        .filter(|v| (least..=most).contains(v));
    value.ok_or_else(|| {
        ApiError::field(
            field,
            format!("'{field}' is a number from {least} to {most}"),
        )
    })
}

/// Who waited for a person, by weekday and hour of their arrival, over whole days.
fn arrivals(measured: &[Measured], first: Timestamp, last: Timestamp, zone: &TimeZone) -> Arrivals {
    let mut all = Arrivals::default();
    let awaited = |m: &&Measured| matches!(m.what, Milestone::PickUp | Milestone::Abandoned);
    let began = |m: &Measured| Timestamp(m.at.0 - m.seconds * 1_000_000);
    let Some(oldest) = measured.iter().filter(awaited).map(began).min() else {
        return all;
    };
    let mut date = oldest.max(first).in_zone(zone).date();
    let today = last.in_zone(zone).date();
    let end = today;
    while date < end {
        all.days[date.weekday().to_monday_zero_offset() as usize] += 1;
        let Ok(next) = date.tomorrow() else { break };
        date = next;
    }
    for moment in measured.iter().filter(awaited).map(began) {
        let at = moment.in_zone(zone);
        if moment >= first && at.date() < today {
            let weekday = at.weekday().to_monday_zero_offset() as usize;
            all.counts[weekday][at.hour() as usize] += 1;
        }
    }
    all
}

fn seconds(measured: &[Measured], what: Milestone) -> Vec<i64> {
    let mut all: Vec<i64> = measured
        .iter()
        .filter(|m| m.what == what)
        .map(|m| m.seconds)
        .collect();
    all.sort_unstable();
    all
}

fn median(sorted: &[i64]) -> Option<f64> {
    sorted.get(sorted.len() / 2).map(|s| *s as f64)
}

async fn casework(
    app: &App,
    caller: &Caller,
    hours: f64,
    shrinkage: f64,
) -> Result<Casework, ApiError> {
    let (store, now) = (&app.service.store, app.service.clock.now());
    let mut open = Vec::new();
    for status in [
        ComplaintStatus::Open,
        ComplaintStatus::Acknowledged,
        ComplaintStatus::Investigating,
    ] {
        let which = Selection {
            status: Some(status),
            viewer: Some(viewer(app, &caller.agent)),
            sort: Sort::Due,
            descending: false,
            ..Selection::default()
        };
        open.extend(store.register(&which, MOST_CASES).await?);
    }
    open.sort_by_key(|row| row.due_at.unwrap_or(Timestamp(i64::MAX)));
    open.truncate(MOST_CASES as usize);
    let counted = async |days: i64| -> Result<(i64, i64), ApiError> {
        let from = Timestamp(now.0 - days * DAY);
        let found = store
            .complaint_figures(&viewer(app, &caller.agent), CountedBy::All, from, now, now)
            .await?;
        Ok(found.first().map_or((0, 0), |f| (f.count, f.responded.0)))
    };
    let new_a_day = counted(28).await?.0 as f64 / 28.0;
    let answered_a_day = counted(WEEKS * 7).await?.1 as f64 / (WEEKS * 7) as f64;
    let dated: Vec<_> = open
        .iter()
        .filter_map(|row| Some((row, row.due_at?)))
        .collect();
    let due: Vec<f64> = dated
        .iter()
        .map(|(_, due)| (due.0 - now.0) as f64 / DAY as f64)
        .collect();
    let missed = will_miss(&due, answered_a_day);
    Ok(Casework {
        open: open.len(),
        overdue: due.iter().filter(|d| **d < 0.0).count(),
        new_a_day,
        answered_a_day,
        people: case_people(new_a_day, hours, HOURS_A_DAY, shrinkage, UTILISATION),
        will_miss: missed
            .iter()
            .take(10)
            .map(|place| dated[*place].0.reference.to_string())
            .collect(),
        will_miss_count: missed.len(),
    })
}

/// How many people the desk needs by hour and weekday, from the last thirteen weeks: Erlang C and A as a band. No
/// forecast is made from fewer than four weeks. For supervisors.
#[utoipa::path(get, path = "/api/v1/staffing", tag = "desk", params(Supposed), responses(
    (status = 200, description = "The forecast", body = StaffingOut),
    (status = 400, description = "A number is wrong", body = ErrorBody),
    (status = 403, description = "Not a supervisor", body = ErrorBody)))]
pub(super) async fn show(
    State(app): Shared,
    caller: Caller,
    Params(asked): Params<Supposed>,
) -> Result<Json<StaffingOut>, ApiError> {
    caller.at_least(Role::Supervisor)?;
    let people = number("people", asked.people.as_deref(), (1.0, 1000.0), 3.0)?.round() as u32;
    let own_target = app.service.settings.targets.others as f64;
    let shrinkage = number("shrinkage", asked.shrinkage.as_deref(), (0.0, 0.95), 0.3)?;
    let hours = number(
        "case_hours",
        asked.case_hours.as_deref(),
        (0.1, 1000.0),
        CASE_HOURS,
    )?;
    let now = app.service.clock.now();
    let first = Timestamp(now.0 - WEEKS * 7 * DAY);
    let (measured, _) = app.service.store.measured(first, now).await?;
    let picked_up = seconds(&measured, Milestone::PickUp);
    let measured_handling = median(&seconds(&measured, Milestone::Resolution))
        .zip(median(&picked_up))
        .map(|(whole, waited)| (whole - waited).clamp(60.0, 86_400.0));
    let handling = number(
        "handling_seconds",
        asked.handling_seconds.as_deref(),
        (1.0, 86_400.0),
        measured_handling.unwrap_or(USUAL_HANDLING),
    )?;
    let desk = Desk {
        handling,
        concurrency: number(
            "concurrency",
            asked.concurrency.as_deref(),
            (1.0, 20.0),
            USUAL_CONCURRENCY,
        )?,
        patience: patience(&seconds(&measured, Milestone::Abandoned), &picked_up),
        target: number(
            "target_seconds",
            asked.target_seconds.as_deref(),
            (0.0, 86_400.0),
            own_target,
        )?,
        target_share: number(
            "target_share",
            asked.target_share.as_deref(),
            (0.01, 0.9999),
            0.8,
        )?,
        shrinkage,
    };
    let zone = app.service.runtime().rules.flows.facts.zone.clone();
    let arrivals = arrivals(&measured, first, now, &zone);
    let cells = forecast(&arrivals, &desk, people);
    let busiest = cells
        .iter()
        .flatten()
        .copied()
        .max_by(|a, b| a.arrivals.total_cmp(&b.arrivals));
    Ok(Json(StaffingOut {
        weeks: (arrivals.weeks() * 10.0).round() / 10.0,
        roster: busiest
            .map(|cell| (f64::from(cell.needed) / (1.0 - shrinkage) - 1e-9).ceil() as u32),
        busiest,
        cells,
        people,
        handling_seconds: desk.handling,
        handling_measured: asked.handling_seconds.is_none() && measured_handling.is_some(),
        patience_seconds: desk.patience,
        concurrency: desk.concurrency,
        target_seconds: desk.target,
        target_share: desk.target_share,
        shrinkage,
        busy_from: BUSY,
        few_people: FEW_PEOPLE,
        casework: casework(&app, &caller, hours, shrinkage).await?,
    }))
}
