//! Reports as tables for a spreadsheet.

use super::{
    Shared,
    auth::Caller,
    body::Params,
    error::{ApiError, ErrorBody},
    reports::{Days, ReportOut, made},
};
use crate::service::SecurityEvent;
use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;

/// Which table.
#[derive(Clone, Copy, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
enum Table {
    /// How long people waited.
    #[default]
    Waits,
    /// How it was for them.
    Satisfaction,
    /// What agents did with suggestions.
    Suggestions,
}

impl Table {
    const fn name(self) -> &'static str {
        match self {
            Self::Waits => "waits",
            Self::Satisfaction => "satisfaction",
            Self::Suggestions => "suggestions",
        }
    }
}

/// Which table.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// The first day, as with the report.
    #[serde(default)]
    from: Option<String>,
    /// The last day.
    #[serde(default)]
    to: Option<String>,
    /// `waits`, the usual one, `satisfaction` or `suggestions`.
    #[serde(default)]
    table: Table,
}

/// A cell of a table: quoted, and never a formula.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = text.replace('"', "\"\"");
    format!("\"{}{text}\"", if formula { "'" } else { "" })
}

fn name_cell(name: Option<&String>) -> String {
    cell(name.map(String::as_str).unwrap_or_default())
}

fn lines(report: &ReportOut, table: Table) -> String {
    let joined = |numbers: &[String]| numbers.join(",");
    let mut text = String::new();
    let mut line = |cells: &[String]| {
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    };
    let head = |names: &str| [names.to_owned()];
    match table {
        Table::Waits => {
            line(&head(
                "measure,by,name,count,median_seconds,p90_seconds,longest_seconds",
            ));
            for row in &report.rows {
                let numbers = [row.median, row.p90, row.longest].map(|n| n.to_string());
                let (measure, by) = (row.measure.name().to_owned(), row.by.to_owned());
                let count = row.count.to_string();
                line(&[
                    measure,
                    by,
                    name_cell(row.name.as_ref()),
                    count,
                    joined(&numbers),
                ]);
            }
        }
        Table::Satisfaction => {
            line(&head(
                "by,name,count,mean,answered_1,answered_2,answered_3,answered_4,answered_5",
            ));
            for row in &report.satisfaction {
                let answers = row.answers.map(|n| n.to_string());
                let mean = row.mean.map(|m| m.to_string()).unwrap_or_default();
                let (by, count) = (row.by.to_owned(), row.count.to_string());
                line(&[
                    by,
                    name_cell(row.name.as_ref()),
                    count,
                    mean,
                    joined(&answers),
                ]);
            }
        }
        Table::Suggestions => {
            line(&head("kind,taken,edited,ignored"));
            for row in &report.suggestions {
                let numbers = [row.taken, row.edited, row.ignored].map(|n| n.to_string());
                line(&[cell(&row.kind), joined(&numbers)]);
            }
        }
    }
    text
}

/// The report as a table for a spreadsheet.
#[utoipa::path(get, path = "/api/v1/reports.csv", tag = "desk", params(Asked), responses(
    (status = 200, description = "The report as CSV", body = String, content_type = "text/csv"),
    (status = 400, description = "A day or the table is wrong", body = ErrorBody),
    (status = 403, description = "Not a supervisor", body = ErrorBody)))]
pub(super) async fn csv(
    State(app): Shared,
    caller: Caller,
    Params(asked): Params<Asked>,
) -> Result<Response, ApiError> {
    let days = Days {
        from: asked.from,
        to: asked.to,
    };
    let report = made(&app, &caller, days).await?;
    let text = lines(&report, asked.table);
    let exported = SecurityEvent::Export {
        what: asked.table.name(),
        format: "csv",
        // The first line is the head.
        rows: text.lines().count().saturating_sub(1),
    };
    app.service.record(caller.actor(), &exported);
    let mut response = text.into_response();
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static("text/csv; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, kind);
    let name = format!(
        "attachment; filename=\"nohold-{}-{}-{}.csv\"",
        asked.table.name(),
        report.from,
        report.to
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
    fn no_name_becomes_a_formula() {
        assert_eq!(cell("front \"desk\""), "\"front \"\"desk\"\"\"");
        assert_eq!(cell("=HYPERLINK(1)"), "\"'=HYPERLINK(1)\"");
    }
}
