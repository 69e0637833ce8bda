//! The register's figures as pictures, and how a theme rises. The tables of the report say the same in words.

use super::{
    App, Shared,
    auth::Caller,
    body::Params,
    complaint_report::{ReportDays, ReportSpan, months, span},
    days::midnight,
    error::{ApiError, ErrorBody},
    report_plots::{Bar, Theme, picture},
    sight,
};
use crate::{
    domain::Category,
    store::{CountedBy, Figures, Viewer},
};
use axum::{extract::State, response::Response};
use futures_util::future::try_join_all;
use jiff::{ToSpan, civil::Date};
use serde::Deserialize;

/// How many weeks of a theme are shown.
const WEEKS: i64 = 12;
const DAY: f64 = 86_400.0;

/// What is shown.
#[derive(Clone, Copy, Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
enum ComplaintPlot {
    /// By month: how many were received.
    Received,
    /// By month of receipt: days until they were answered, on average.
    Answered,
    /// By week, the last twelve: how many of one category.
    Theme,
}

/// Which picture.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    /// The first day, as with the report.
    from: Option<String>,
    /// The last day.
    to: Option<String>,
    /// `received`, `answered` or `theme`.
    #[param(inline)]
    plot: ComplaintPlot,
    /// HCAT's category, for `theme`.
    category: Option<Category>,
    /// `light`, the usual one, or `dark`.
    #[serde(default)]
    theme: Theme,
}

type Days = (Date, Date);

/// The figures of each of these days, the first and the one after the last.
async fn counted(
    app: &App,
    viewer: &Viewer,
    span: &ReportSpan,
    by: CountedBy,
    days: &[Days],
) -> Result<Vec<Vec<Figures>>, ApiError> {
    let one = async |(first, after): &Days| {
        let begin = midnight("from", *first, &span.zone)?;
        let end = midnight("to", *after, &span.zone)?;
        let store = &app.service.store;
        Ok::<_, ApiError>(
            store
                .complaint_figures(viewer, by, begin, end, span.now)
                .await?,
        )
    };
    try_join_all(days.iter().map(one)).await
}

/// The weeks that end with a day, each with the day after its last.
fn weeks(to: Date) -> Vec<Days> {
    let after = to.saturating_add(1.day());
    let begin = |n: i64| after.saturating_sub((7 * n).days());
    (1..=WEEKS)
        .rev()
        .map(|n| (begin(n), begin(n - 1)))
        .collect()
}

fn named(days: &[Days], form: &str, values: Vec<f64>) -> Vec<Bar> {
    let name = |(first, _): &Days| first.strftime(form).to_string();
    days.iter().map(name).zip(values).collect()
}

/// The figures of the register as a picture. For supervisors.
#[utoipa::path(get, path = "/api/v1/complaint-reports.svg", tag = "complaints", params(Asked), responses(
    (status = 200, description = "The picture", body = String, content_type = "image/svg+xml"),
    (status = 400, description = "A day, the plot, the category or the theme is wrong", body = ErrorBody),
    (status = 403, description = "Not a supervisor", body = ErrorBody)))]
pub(super) async fn plot(
    State(app): Shared,
    caller: Caller,
    Params(asked): Params<Asked>,
) -> Result<Response, ApiError> {
    let days = ReportDays {
        from: asked.from,
        to: asked.to,
    };
    let span = span(&app, &caller, &days)?;
    let viewer = sight::viewer(&app, &caller.agent);
    let all = |figures: &Vec<Figures>| figures.first().cloned().unwrap_or_default();
    let bars = match asked.plot {
        ComplaintPlot::Theme => {
            let missing = || ApiError::field("category", "'category' says which theme is shown");
            let category = asked.category.ok_or_else(missing)?.name();
            let days = weeks(span.to);
            let counted = counted(&app, &viewer, &span, CountedBy::Category, &days).await?;
            let of = |week: &Vec<Figures>| {
                let mut theme = week.iter().filter(|f| f.name.as_deref() == Some(category));
                theme.next().map_or(0.0, |f| f.count as f64)
            };
            named(&days, "%d.%m", counted.iter().map(of).collect())
        }
        plot => {
            let days = months(span.from, span.to);
            let counted = counted(&app, &viewer, &span, CountedBy::All, &days).await?;
            let value = |month: &Vec<Figures>| {
                let figures = all(month);
                match (plot, figures.responded) {
                    (ComplaintPlot::Answered, (0, _)) => 0.0,
                    (ComplaintPlot::Answered, (many, seconds)) => {
                        (seconds as f64 / many as f64 / DAY).round()
                    }
                    _ => figures.count as f64,
                }
            };
            named(&days, "%m.%y", counted.iter().map(value).collect())
        }
    };
    picture(&bars, asked.theme)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn weeks_follow_each_other_and_end_with_the_day() {
        let all = weeks(date(2026, 3, 1));
        assert_eq!(all.len() as i64, WEEKS);
        assert!(all.windows(2).all(|w| w[0].1 == w[1].0));
        assert_eq!(all.last(), Some(&(date(2026, 2, 23), date(2026, 3, 2))));
    }
}
