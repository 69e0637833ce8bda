//! Reports: how long people waited, by channel, team, hour, feeling and what they are to us; how it was for them.

use super::days::day;
use super::{
    App, Shared,
    auth::Caller,
    body::Params,
    error::{ApiError, ErrorBody},
};
use crate::{
    domain::{Role, Timestamp, measure::Milestone, suggestion::Uptake},
    store::{Measured, Rated},
};
use axum::{Json, extract::State};
use jiff::{ToSpan, civil::Date, tz::TimeZone};
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
    pub(super) from: Option<String>,
    /// The last day; left out, today.
    #[serde(default)]
    pub(super) to: Option<String>,
}

/// Waits of one kind.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ReportRow {
    /// `first_reply`, `pick_up`, `first_human_reply`, `resolution`, `abandoned`, `recontact`.
    pub(super) measure: Milestone,
    /// `all`, `channel`, `team`, `feeling`, `customer` (`yes`, `no`: people whom the organisation does not care
    /// for), `hour` (of the day on which
    /// the wait ended, `00` to `23`).
    pub(super) by: &'static str,
    /// Which channel, team and so on.
    pub(super) name: Option<String>,
    /// How many.
    pub(super) count: usize,
    /// Half of them were no longer, in seconds.
    pub(super) median: i64,
    /// Nine of ten were no longer, in seconds.
    pub(super) p90: i64,
    /// The longest, in seconds.
    pub(super) longest: i64,
}

/// How talks were for people, by their own word.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct RatingRow {
    /// `all`, `channel` or `team`.
    pub(super) by: &'static str,
    /// Which channel or team.
    pub(super) name: Option<String>,
    /// How many answered.
    pub(super) count: usize,
    /// Their mean, from 1, very bad, to 5, very good; none where nobody answered.
    pub(super) mean: Option<f64>,
    /// How many gave each answer, from 1 to 5.
    pub(super) answers: [usize; 5],
}

/// What agents did with suggestions of one kind.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct SuggestionRow {
    /// Which kind.
    pub(super) kind: String,
    /// Sent as it was.
    pub(super) taken: i64,
    /// Sent, and changed before.
    pub(super) edited: i64,
    /// Left.
    pub(super) ignored: i64,
}

/// How long people waited, and how it was for them.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ReportOut {
    /// The first day.
    pub(super) from: String,
    /// The last day.
    pub(super) to: String,
    /// There were more than a report takes in: it is made of the latest.
    pub(super) partial: bool,
    /// By measure: all, then by what they have in common.
    pub(super) rows: Vec<ReportRow>,
    /// How it was for people: all, by channel, by team.
    pub(super) satisfaction: Vec<RatingRow>,
    /// What became of suggestions, by kind.
    pub(super) suggestions: Vec<SuggestionRow>,
}

/// The value below which that many of a hundred lie, of values in order.
pub(super) fn percentile(sorted: &[i64], hundredths: usize) -> i64 {
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

/// What a wait has in common with others, each with its value.
fn common(m: &Measured, zone: &TimeZone) -> [(&'static str, Option<String>); 5] {
    let customer = m.customer.map(|c| if c { "yes" } else { "no" });
    [
        ("channel", Some(m.inbox.clone())),
        ("team", m.team.clone()),
        ("feeling", m.emotion.map(|e| e.name().to_owned())),
        ("customer", customer.map(str::to_owned)),
        ("hour", Some(format!("{:02}", m.at.in_zone(zone).hour()))),
    ]
}

fn rows(measured: &[Measured], zone: &TimeZone) -> Vec<ReportRow> {
    let mut rows = Vec::new();
    for what in Milestone::ALL {
        let mut all = Vec::new();
        let mut groups: BTreeMap<(usize, &'static str, String), Vec<i64>> = BTreeMap::new();
        for m in measured.iter().filter(|m| m.what == *what) {
            all.push(m.seconds);
            for (place, (by, name)) in common(m, zone).into_iter().enumerate() {
                if let Some(name) = name {
                    groups.entry((place, by, name)).or_default().push(m.seconds);
                }
            }
        }
        rows.push(row(*what, "all", None, all));
        let each = groups.into_iter();
        rows.extend(each.map(|((_, by, name), s)| row(*what, by, Some(name), s)));
    }
    rows
}

fn rating_row(by: &'static str, name: Option<String>, ratings: &[i64]) -> RatingRow {
    let answers = [1, 2, 3, 4, 5].map(|n| ratings.iter().filter(|r| **r == n).count());
    let sum: i64 = ratings.iter().sum();
    let count = ratings.len();
    RatingRow {
        by,
        name,
        count,
        mean: (count > 0).then(|| (sum as f64 / count as f64 * 100.0).round() / 100.0),
        answers,
    }
}

fn satisfaction(rated: &[Rated]) -> Vec<RatingRow> {
    let all: Vec<i64> = rated.iter().map(|r| r.rating).collect();
    let mut groups: BTreeMap<(&'static str, &str), Vec<i64>> = BTreeMap::new();
    for r in rated {
        groups
            .entry(("channel", &r.inbox))
            .or_default()
            .push(r.rating);
        if let Some(team) = &r.team {
            groups.entry(("team", team)).or_default().push(r.rating);
        }
    }
    let mut rows = vec![rating_row("all", None, &all)];
    let each = groups.into_iter();
    rows.extend(each.map(|((by, name), r)| rating_row(by, Some(name.to_owned()), &r)));
    rows
}

fn suggestions(uses: Vec<(String, String, i64)>) -> Vec<SuggestionRow> {
    let mut kinds: BTreeMap<String, [i64; 3]> = BTreeMap::new();
    for (kind, uptake, count) in uses {
        let became = Uptake::from_name(&uptake);
        let counts = kinds.entry(kind).or_default();
        match became {
            Some(Uptake::Taken) => counts[0] += count,
            Some(Uptake::Edited) => counts[1] += count,
            Some(Uptake::Ignored) => counts[2] += count,
            // One that a newer program has written is none of ours.
            None => {}
        }
    }
    let out = |(kind, [taken, edited, ignored]): (String, [i64; 3])| SuggestionRow {
        kind,
        taken,
        edited,
        ignored,
    };
    kinds.into_iter().map(out).collect()
}

/// The days of a report, from the first moment to the last, for supervisors.
pub(super) struct Span {
    pub(super) first: Date,
    pub(super) last: Date,
    pub(super) begin: Timestamp,
    pub(super) end: Timestamp,
    pub(super) zone: TimeZone,
}

impl Span {
    pub(super) fn of(app: &App, caller: &Caller, days: &Days) -> Result<Self, ApiError> {
        caller.at_least(Role::Supervisor)?;
        let zone = app.service.runtime().rules.flows.facts.zone.clone();
        let today = app.service.clock.now().in_zone(&zone).date();
        let last = days.to.as_deref().map_or(Ok(today), |t| day("to", t))?;
        let week = last.saturating_sub((USUAL_DAYS - 1).days());
        let first = days.from.as_deref().map_or(Ok(week), |t| day("from", t))?;
        if first > last {
            return Err(ApiError::field("to", "the last day is before the first"));
        }
        if first.saturating_add(MOST_DAYS.days()) <= last {
            let text = format!("a report has at most {MOST_DAYS} days");
            return Err(ApiError::field("from", text));
        }
        let midnight = |date: Date| {
            let outside = |_| ApiError::field("from", "there is no such day in the calendar");
            let start = date.to_zoned_datetime(zone.clone()).map_err(outside)?;
            Ok::<_, ApiError>(Timestamp(start.timestamp().as_microsecond()))
        };
        let (begin, end) = (midnight(first)?, midnight(last.saturating_add(1.day()))?);
        Ok(Self {
            first,
            last,
            begin,
            end,
            zone,
        })
    }
}

pub(super) async fn made(app: &App, caller: &Caller, days: Days) -> Result<ReportOut, ApiError> {
    let span = Span::of(app, caller, &days)?;
    let store = &app.service.store;
    let (measured, partial) = store.measured(span.begin, span.end).await?;
    let rated = store.ratings(span.begin, span.end).await?;
    let uses = store.suggestion_uses(span.begin, span.end).await?;
    Ok(ReportOut {
        from: span.first.to_string(),
        to: span.last.to_string(),
        partial,
        rows: rows(&measured, &span.zone),
        satisfaction: satisfaction(&rated),
        suggestions: suggestions(uses),
    })
}

/// How long people waited, in the days named: for the first answer, for a person, for a person's first words, and
/// until it was done; how many gave up
/// while they waited, and how many wrote again soon; how it was for them; what agents did with suggestions. For
/// supervisors.
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
}
