//! The register in figures: by month, kind, place and relation, and what rises.

use super::{
    App, Shared,
    auth::Caller,
    body::Params,
    days::{day, midnight},
    error::{ApiError, ErrorBody},
    looks::noted,
    sight::viewer,
};
use crate::{
    complaint::sheet,
    domain::{AuditDetail, Category, Deed, Role, Timestamp},
    store::{CountedBy, Figures, Viewer},
};
use axum::{
    Json,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use futures_util::future::try_join_all;
use jiff::{ToSpan, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt::Write};

/// The days of a report where nobody says which, and the most.
const USUAL_DAYS: i32 = 365;
const MOST_DAYS: i32 = 366 * 3;
/// A kind of complaint rises where there are so many in the last 30 days of a report, and half as many again as in the
/// 30 before.
const RISING_DAYS: i64 = 30;
const RISING_LEAST: i64 = 5;

/// Which days.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct ReportDays {
    /// The first day of receipt, ISO 8601, where the organisation is; left out, a year before the last.
    pub(super) from: Option<String>,
    /// The last day; left out, today.
    pub(super) to: Option<String>,
}

/// Complaints that are alike.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ComplaintReportRow)]
struct RowOut {
    /// `month`, `domain`, `category`, `place`, `relation`, `customer`, `channel` or `status`.
    by: &'static str,
    /// What they have in common; `null` where that is not known.
    name: Option<String>,
    /// How many.
    count: i64,
    /// How many are not over.
    open: i64,
    /// How many have a clock that has run out.
    overdue: i64,
    /// Days until they were acknowledged, on average; `null` where none was.
    days_to_acknowledge: Option<f64>,
    /// Days until they were answered, on average; `null` where none was.
    days_to_respond: Option<f64>,
    /// How many say that it is settled for them.
    settled: i64,
    /// How many say that it is not.
    not_settled: i64,
}

/// A kind of which there are more than there were.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = RisingTheme)]
struct RisingOut {
    /// Which.
    category: Category,
    /// How many in the last 30 days of the report.
    now: i64,
    /// How many in the 30 days before.
    before: i64,
}

/// The register in figures.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ComplaintReport)]
pub(super) struct ReportOut {
    /// The first day.
    from: String,
    /// The last day.
    to: String,
    /// All of them, by one thing after the other.
    rows: Vec<RowOut>,
    /// Kinds of which there are more than there were.
    rising: Vec<RisingOut>,
}

/// What a row of the report is called by which complaints are counted.
const fn named(by: CountedBy) -> &'static str {
    match by {
        CountedBy::Category => "category",
        CountedBy::Place => "place",
        CountedBy::Relation => "relation",
        CountedBy::Customer => "customer",
        CountedBy::Channel => "channel",
        CountedBy::Status => "status",
        CountedBy::All => "all",
    }
}

fn row(by: &'static str, f: Figures) -> RowOut {
    let days = |(many, seconds): (i64, i64)| {
        (many > 0).then(|| (seconds as f64 / many as f64 / 864.0).round() / 100.0)
    };
    RowOut {
        by,
        name: f.name,
        count: f.count,
        open: f.open,
        overdue: f.overdue,
        days_to_acknowledge: days(f.acknowledged),
        days_to_respond: days(f.responded),
        settled: f.settled.0,
        not_settled: f.settled.1,
    }
}

/// Figures under another name, added up.
fn gathered(all: &[Figures], name: impl Fn(&Figures) -> Option<String>) -> Vec<Figures> {
    let mut groups: BTreeMap<Option<String>, Figures> = BTreeMap::new();
    for figures in all {
        let name = name(figures);
        let group = groups.entry(name.clone()).or_insert_with(|| Figures {
            name,
            ..Figures::default()
        });
        group.add(figures);
    }
    groups.into_values().collect()
}

/// Whole months from one day to another, cut at both ends: the first day of each, and the day after its last.
pub(super) fn months(from: Date, to: Date) -> Vec<(Date, Date)> {
    let after = to.saturating_add(1.day());
    let mut months = Vec::new();
    let mut begin = from;
    while begin < after {
        let next = begin.first_of_month().saturating_add(1.month());
        let end = next.min(after);
        months.push((begin, end));
        begin = end;
    }
    months
}

/// Complaints by month of receipt.
async fn by_month(
    app: &App,
    viewer: &Viewer,
    from: Date,
    to: Date,
    zone: &TimeZone,
    now: Timestamp,
) -> Result<Vec<RowOut>, ApiError> {
    let store = &app.service.store;
    let one = async |(first, after): (Date, Date)| {
        let begin = midnight("from", first, zone)?;
        let end = midnight("to", after, zone)?;
        let mut all = store
            .complaint_figures(viewer, CountedBy::All, begin, end, now)
            .await?;
        for figures in &mut all {
            figures.name = Some(format!("{:04}-{:02}", first.year(), first.month()));
        }
        Ok::<_, ApiError>(all)
    };
    let all = try_join_all(months(from, to).into_iter().map(one)).await?;
    Ok(all.into_iter().flatten().map(|f| row("month", f)).collect())
}

fn domain(category: &Figures) -> Option<String> {
    let category = Category::from_name(category.name.as_deref()?)?;
    Some(category.domain().name().to_owned())
}

async fn rising(app: &App, viewer: &Viewer, until: Timestamp) -> Result<Vec<RisingOut>, ApiError> {
    let days = |n: i64| until.plus_seconds(-n * RISING_DAYS * 86_400);
    let store = &app.service.store;
    let by = CountedBy::Category;
    let now = store
        .complaint_figures(viewer, by, days(1), until, until)
        .await?;
    let before = store
        .complaint_figures(viewer, by, days(2), days(1), until)
        .await?;
    let was = |name: &Option<String>| {
        let mut same = before.iter().filter(|f| f.name == *name);
        same.next().map_or(0, |f| f.count)
    };
    let risen = now.iter().filter_map(|f| {
        let category = Category::from_name(f.name.as_deref()?)?;
        let before = was(&f.name);
        let rises = f.count >= RISING_LEAST && f.count * 2 >= before * 3;
        rises.then_some(RisingOut {
            category,
            now: f.count,
            before,
        })
    });
    Ok(risen.collect())
}

/// The days of a report, and the moments at which they begin and end.
pub(super) struct ReportSpan {
    pub(super) from: Date,
    pub(super) to: Date,
    pub(super) zone: TimeZone,
    pub(super) begin: Timestamp,
    pub(super) end: Timestamp,
    pub(super) now: Timestamp,
}

/// Which days are meant. For supervisors.
pub(super) fn span(app: &App, caller: &Caller, days: &ReportDays) -> Result<ReportSpan, ApiError> {
    caller.at_least(Role::Supervisor)?;
    let zone = app.service.runtime().rules.flows.facts.zone.clone();
    let now = app.service.clock.now();
    let today = now.in_zone(&zone).date();
    let to = days.to.as_deref().map_or(Ok(today), |t| day("to", t))?;
    let usual = to.saturating_sub((USUAL_DAYS - 1).days());
    let from = days.from.as_deref().map_or(Ok(usual), |t| day("from", t))?;
    if from > to {
        return Err(ApiError::field("to", "the last day is before the first"));
    }
    if from.saturating_add(MOST_DAYS.days()) <= to {
        let text = format!("a report has at most {MOST_DAYS} days");
        return Err(ApiError::field("from", text));
    }
    let begin = midnight("from", from, &zone)?;
    let end = midnight("to", to.saturating_add(1.day()), &zone)?;
    Ok(ReportSpan {
        from,
        to,
        zone,
        begin,
        end,
        now,
    })
}

async fn made(app: &App, caller: &Caller, days: &ReportDays) -> Result<ReportOut, ApiError> {
    let ReportSpan {
        from,
        to,
        zone,
        begin,
        end,
        now,
    } = span(app, caller, days)?;
    noted(app, caller, Deed::Reported, None, AuditDetail::default()).await?;
    let store = &app.service.store;
    let viewer = &viewer(app, &caller.agent);
    let count = |by| store.complaint_figures(viewer, by, begin, end, now);
    let kinds = [
        CountedBy::Category,
        CountedBy::Place,
        CountedBy::Relation,
        CountedBy::Customer,
        CountedBy::Channel,
        CountedBy::Status,
    ];
    let counted = try_join_all(kinds.map(count));
    let (months, counted) = tokio::join!(by_month(app, viewer, from, to, &zone, now), counted);
    let mut rows = months?;
    for (by, mut all) in kinds.into_iter().zip(counted?) {
        if by == CountedBy::Category {
            let domains = gathered(&all, domain);
            rows.extend(domains.into_iter().map(|f| row("domain", f)));
        }
        if by == CountedBy::Customer {
            for figures in &mut all {
                let ours = figures.name.as_deref() == Some("1");
                figures.name = Some(if ours { "customer" } else { "not_customer" }.to_owned());
            }
        }
        rows.extend(all.into_iter().map(|f| row(named(by), f)));
    }
    Ok(ReportOut {
        from: from.to_string(),
        to: to.to_string(),
        rising: rising(app, viewer, end.min(now)).await?,
        rows,
    })
}

/// Complaints that were received in the days named, counted by month, domain, category, place, relation and more, with
/// how long they took; and kinds of which there are more than there were. For supervisors; as far as the caller may see
/// them.
#[utoipa::path(get, path = "/api/v1/complaint-reports", tag = "complaints", params(ReportDays), responses(
    (status = 200, description = "The report", body = ReportOut),
    (status = 400, description = "A day is wrong", body = ErrorBody),
    (status = 403, description = "Not a supervisor", body = ErrorBody)))]
pub(super) async fn report(
    State(app): Shared,
    caller: Caller,
    Params(days): Params<ReportDays>,
) -> Result<Json<ReportOut>, ApiError> {
    made(&app, &caller, &days).await.map(Json)
}

/// The same as a table for a spreadsheet.
#[utoipa::path(get, path = "/api/v1/complaint-reports.csv", tag = "complaints", params(ReportDays), responses(
    (status = 200, description = "The report as CSV", body = String, content_type = "text/csv"),
    (status = 400, description = "A day is wrong", body = ErrorBody),
    (status = 403, description = "Not a supervisor", body = ErrorBody)))]
pub(super) async fn csv(
    State(app): Shared,
    caller: Caller,
    Params(days): Params<ReportDays>,
) -> Result<Response, ApiError> {
    let report = made(&app, &caller, &days).await?;
    let mut text =
        "by,name,count,open,overdue,days_to_acknowledge,days_to_respond,settled,not_settled\r\n"
            .to_owned();
    for r in &report.rows {
        let name = sheet::safe(r.name.as_deref().unwrap_or_default()).replace('"', "\"\"");
        let days = [r.days_to_acknowledge, r.days_to_respond];
        let days = days
            .map(|d| d.map(|d| d.to_string()).unwrap_or_default())
            .join(",");
        let numbers = [r.count, r.open, r.overdue]
            .map(|n| n.to_string())
            .join(",");
        let _ = write!(
            text,
            "{},\"{name}\",{numbers},{days},{},{}\r\n",
            r.by, r.settled, r.not_settled
        );
    }
    let mut response = text.into_response();
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static("text/csv; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, kind);
    let name = format!(
        "attachment; filename=\"nohold-complaints-{}-{}.csv\"",
        report.from, report.to
    );
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}
