//! Reports: how long people waited, by channel and team.

use super::days::day;
use super::{
    App, Shared,
    auth::Caller,
    body::Params,
    error::{ApiError, ErrorBody},
};
use crate::{
    domain::{Role, Timestamp, measure::Milestone},
    service::SecurityEvent,
    store::Measured,
};
use axum::{
    Json,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use jiff::{ToSpan, civil::Date};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The days of a report where nobody says which, and the most.
const USUAL_DAYS: i32 = 7;
const MOST_DAYS: i32 = 366;

/// Which days.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Days {
    /// The first day, ISO 8601, where the organisation is; left out, six days before the last.
    #[serde(default)]
    from: Option<String>,
    /// The last day; left out, today.
    #[serde(default)]
    to: Option<String>,
}

/// Waits of one kind.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct ReportRow {
    /// `first_reply`, `pick_up`, `first_human_reply`, `resolution`.
    measure: Milestone,
    /// `all`, `channel` or `team`.
    by: &'static str,
    /// Which channel or team.
    name: Option<String>,
    /// How many.
    count: usize,
    /// Half of them were no longer, in seconds.
    median: i64,
    /// Nine of ten were no longer, in seconds.
    p90: i64,
    /// The longest, in seconds.
    longest: i64,
}

/// How long people waited.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ReportOut {
    /// The first day.
    from: String,
    /// The last day.
    to: String,
    /// There were more than a report takes in: it is made of the latest.
    partial: bool,
    /// By measure: all, then by channel, then by team.
    rows: Vec<ReportRow>,
}

/// The value below which that many of a hundred lie, of values in order.
fn percentile(sorted: &[i64], hundredths: usize) -> i64 {
    let place = (sorted.len() * hundredths).div_ceil(100);
    sorted.get(place.saturating_sub(1)).copied().unwrap_or(0)
}

fn row(
    measure: Milestone,
    by: &'static str,
    name: Option<String>,
    mut seconds: Vec<i64>,
) -> ReportRow {
    seconds.sort_unstable();
    ReportRow {
        measure,
        by,
        name,
        count: seconds.len(),
        median: percentile(&seconds, 50),
        p90: percentile(&seconds, 90),
        longest: seconds.last().copied().unwrap_or(0),
    }
}

fn rows(measured: &[Measured]) -> Vec<ReportRow> {
    let mut rows = Vec::new();
    for what in Milestone::ALL {
        let these = || measured.iter().filter(|m| m.what == *what);
        rows.push(row(
            *what,
            "all",
            None,
            these().map(|m| m.seconds).collect(),
        ));
        let mut channels: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
        let mut teams: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
        for m in these() {
            channels.entry(&m.inbox).or_default().push(m.seconds);
            if let Some(team) = &m.team {
                teams.entry(team).or_default().push(m.seconds);
            }
        }
        for (by, all) in [("channel", channels), ("team", teams)] {
            let each = all.into_iter();
            rows.extend(each.map(|(name, s)| row(*what, by, Some(name.to_owned()), s)));
        }
    }
    rows
}

async fn made(app: &App, caller: &Caller, days: Days) -> Result<ReportOut, ApiError> {
    caller.at_least(Role::Supervisor)?;
    let zone = app.service.runtime().rules.flows.facts.zone.clone();
    let today = app.service.clock.now().in_zone(&zone).date();
    let to = days.to.as_deref().map_or(Ok(today), |t| day("to", t))?;
    let week = to.saturating_sub((USUAL_DAYS - 1).days());
    let from = days.from.as_deref().map_or(Ok(week), |t| day("from", t))?;
    if from > to {
        return Err(ApiError::field("to", "the last day is before the first"));
    }
    if from.saturating_add(MOST_DAYS.days()) <= to {
        let text = format!("a report has at most {MOST_DAYS} days");
        return Err(ApiError::field("from", text));
    }
    let midnight = |date: Date| {
        let outside = |_| ApiError::field("from", "there is no such day in the calendar");
        let start = date.to_zoned_datetime(zone.clone()).map_err(outside)?;
        Ok::<_, ApiError>(Timestamp(start.timestamp().as_microsecond()))
    };
    let (begin, end) = (midnight(from)?, midnight(to.saturating_add(1.day()))?);
    let (measured, partial) = app.service.store.measured(begin, end).await?;
    Ok(ReportOut {
        from: from.to_string(),
        to: to.to_string(),
        partial,
        rows: rows(&measured),
    })
}

/// How long people waited, in the days named: for the first answer, for a person, for a person's first words, and until it was done. For supervisors.
#[utoipa::path(get, path = "/api/v1/reports", tag = "desk", params(Days), responses(
    (status = 200, description = "The report", body = ReportOut),
    (status = 400, description = "A day is wrong", body = ErrorBody),
    (status = 403, description = "Not a supervisor", body = ErrorBody)))]
pub(super) async fn report(
    State(app): Shared,
    caller: Caller,
    Params(days): Params<Days>,
) -> Result<Json<ReportOut>, ApiError> {
    made(&app, &caller, days).await.map(Json)
}

/// A cell of a table: quoted, and never a formula.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = text.replace('"', "\"\"");
    format!("\"{}{text}\"", if formula { "'" } else { "" })
}

/// The same as a table for a spreadsheet.
#[utoipa::path(get, path = "/api/v1/reports.csv", tag = "desk", params(Days), responses(
    (status = 200, description = "The report as CSV", body = String, content_type = "text/csv"),
    (status = 400, description = "A day is wrong", body = ErrorBody),
    (status = 403, description = "Not a supervisor", body = ErrorBody)))]
pub(super) async fn csv(
    State(app): Shared,
    caller: Caller,
    Params(days): Params<Days>,
) -> Result<Response, ApiError> {
    let report = made(&app, &caller, days).await?;
    let exported = SecurityEvent::Export {
        what: "report",
        format: "csv",
        rows: report.rows.len(),
    };
    app.service.record(caller.actor(), &exported);
    let head = "measure,by,name,count,median_seconds,p90_seconds,longest_seconds\r\n";
    let line = |row: &ReportRow| {
        let name = cell(row.name.as_deref().unwrap_or_default());
        let (measure, by) = (row.measure.name(), row.by);
        let numbers = [row.median, row.p90, row.longest].map(|n| n.to_string());
        format!(
            "{measure},{by},{name},{},{}\r\n",
            row.count,
            numbers.join(",")
        )
    };
    let lines: String = report.rows.iter().map(line).collect();
    let text = format!("{head}{lines}");
    let mut response = text.into_response();
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static("text/csv; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, kind);
    let name = format!(
        "attachment; filename=\"nohold-{}-{}.csv\"",
        report.from, report.to
    );
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_waits_are_no_longer_than_the_median_and_nine_of_ten_than_p90() {
        let all: Vec<i64> = (1..=10).collect();
        assert_eq!((percentile(&all, 50), percentile(&all, 90)), (5, 9));
        assert_eq!((percentile(&[7], 50), percentile(&[7], 90)), (7, 7));
        assert_eq!(percentile(&[], 50), 0);
    }

    #[test]
    fn no_name_becomes_a_formula() {
        assert_eq!(cell("front \"desk\""), "\"front \"\"desk\"\"\"");
        assert_eq!(cell("=HYPERLINK(1)"), "\"'=HYPERLINK(1)\"");
    }
}
