//! Reports as pictures: bars, in SVG, for light and dark pages. The tables of the report say the same in words.

use super::{
    Shared,
    auth::Caller,
    body::Params,
    error::{ApiError, ErrorBody},
    reports::{Days, Span, percentile},
};
use crate::{
    domain::{RATINGS, measure::Milestone},
    store::Measured,
};
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use jiff::ToSpan;
use plotters::prelude::{
    ChartBuilder, IntoDrawingArea, IntoSegmentedCoord, RGBColor, Rectangle, SVGBackend,
    SegmentValue, Text,
};
use plotters::style::{Color, IntoFont, TextStyle};
use serde::Deserialize;

/// The picture's size, in its own units; pages scale it.
const SIZE: (u32, u32) = (720, 260);
/// The height of letters, in the same units: pages show the picture at half its size.
const LETTERS: u32 = 22;
/// So many bars have a name each.
const FEW: usize = 12;
const MINUTE: f64 = 60.0;

/// What is shown.
#[derive(Clone, Copy, Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
enum Plot {
    /// By day: within how many minutes half of the people had a person's first words.
    Waits,
    /// By day: how many were resolved.
    Volume,
    /// By hour of the day: how many were picked up.
    Hours,
    /// How many gave each answer to how it was.
    Satisfaction,
}

/// For which background.
#[derive(Clone, Copy, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Theme {
    /// A light one.
    #[default]
    Light,
    /// A dark one.
    Dark,
}

/// The colours of words and bars.
const fn colours(theme: Theme) -> (RGBColor, RGBColor) {
    match theme {
        Theme::Light => (RGBColor(75, 91, 88), RGBColor(11, 92, 86)),
        Theme::Dark => (RGBColor(169, 186, 182), RGBColor(111, 208, 196)),
    }
}

/// Which picture.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// The first day, as with the report.
    #[serde(default)]
    from: Option<String>,
    /// The last day.
    #[serde(default)]
    to: Option<String>,
    /// `waits`, `volume`, `hours` or `satisfaction`.
    #[param(inline)]
    plot: Plot,
    /// `light`, the usual one, or `dark`.
    #[serde(default)]
    theme: Theme,
}

/// One bar: what it stands for, and how high it is.
pub(super) type Bar = (String, f64);

fn by_day(span: &Span, measured: &[Measured], what: Milestone) -> Vec<(String, Vec<i64>)> {
    let mut days: Vec<_> = Vec::new();
    let mut day = span.first;
    while day <= span.last {
        days.push((day, Vec::new()));
        day = day.saturating_add(1.day());
    }
    for m in measured.iter().filter(|m| m.what == what) {
        let at = m.at.in_zone(&span.zone).date();
        if let Some((_, all)) = days.iter_mut().find(|(d, _)| *d == at) {
            all.push(m.seconds);
        }
    }
    let named =
        |(day, all): (jiff::civil::Date, Vec<i64>)| (day.strftime("%d.%m").to_string(), all);
    days.into_iter().map(named).collect()
}

fn waits(span: &Span, measured: &[Measured]) -> Vec<Bar> {
    let half = |(day, mut all): (String, Vec<i64>)| {
        all.sort_unstable();
        (day, percentile(&all, 50) as f64 / MINUTE)
    };
    let days = by_day(span, measured, Milestone::FirstHumanReply);
    days.into_iter().map(half).collect()
}

fn volume(span: &Span, measured: &[Measured]) -> Vec<Bar> {
    let days = by_day(span, measured, Milestone::Resolution).into_iter();
    days.map(|(day, all)| (day, all.len() as f64)).collect()
}

fn hours(span: &Span, measured: &[Measured]) -> Vec<Bar> {
    let mut bars: Vec<Bar> = (0..24).map(|hour| (format!("{hour:02}"), 0.0)).collect();
    for m in measured.iter().filter(|m| m.what == Milestone::PickUp) {
        let hour = m.at.in_zone(&span.zone).hour();
        if let Some(bar) = usize::try_from(hour).ok().and_then(|h| bars.get_mut(h)) {
            bar.1 += 1.0;
        }
    }
    bars
}

/// What stands beside a line: whole numbers alone, since nobody is counted by halves, nor waits by them.
fn ticked(y: f64) -> String {
    if (y - y.round()).abs() < 0.01 {
        format!("{y:.0}")
    } else {
        String::new()
    }
}

/// The bars as a picture.
fn drawn(bars: &[Bar], theme: Theme) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    let (words, fill) = colours(theme);
    let mut svg = String::new();
    let highest = bars.iter().map(|b| b.1).fold(1.0, f64::max) * 1.2;
    let style =
        |size: u32| -> TextStyle<'static> { ("sans-serif", size).into_font().color(&words) };
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        let last = bars.len().saturating_sub(1) as u32;
        let mut chart = ChartBuilder::on(&area)
            .margin(12)
            .x_label_area_size(40)
            .y_label_area_size(60)
            .build_cartesian_2d((0..last).into_segmented(), 0.0..highest)
            .map_err(|e| e.to_string())?;
        let label = |at: &SegmentValue<u32>| match at {
            SegmentValue::CenterOf(n) | SegmentValue::Exact(n) => {
                let bar = bars.get(*n as usize);
                bar.map(|(name, _)| name.clone()).unwrap_or_default()
            }
            SegmentValue::Last => String::new(),
        };
        chart
            .configure_mesh()
            .disable_x_mesh()
            .light_line_style(words.mix(0.0))
            .bold_line_style(words.mix(0.25))
            .axis_style(words)
            .x_labels(if bars.len() > FEW { FEW } else { bars.len() })
            .x_label_formatter(&label)
            .y_labels(5)
            .y_label_formatter(&|y| ticked(*y))
            .label_style(style(LETTERS))
            .draw()
            .map_err(|e| e.to_string())?;
        let bar = |(at, (_, value)): (usize, &Bar)| {
            let at = at as u32;
            let corners = [
                (SegmentValue::Exact(at), 0.0),
                (SegmentValue::Exact(at + 1), *value),
            ];
            let mut bar = Rectangle::new(corners, fill.filled());
            bar.set_margin(0, 0, 3, 3);
            bar
        };
        let each = bars.iter().enumerate();
        chart
            .draw_series(each.map(bar))
            .map_err(|e| e.to_string())?;
        // A bar of many needs no number; one of few says how high it is.
        if bars.len() <= FEW {
            let number = |(at, (_, value)): (usize, &Bar)| {
                let place = (SegmentValue::CenterOf(at as u32), value + highest * 0.1);
                let text = format!("{value:.1}");
                Text::new(
                    text.trim_end_matches(".0").to_owned(),
                    place,
                    style(LETTERS),
                )
            };
            let shown = bars.iter().enumerate().filter(|(_, bar)| bar.1 > 0.0);
            chart
                .draw_series(shown.map(number))
                .map_err(|e| e.to_string())?;
        }
        area.present().map_err(|e| e.to_string())?;
    }
    Ok(svg)
}

/// A report as a picture. For supervisors.
#[utoipa::path(get, path = "/api/v1/reports.svg", tag = "desk", params(Asked), responses(
    (status = 200, description = "The picture", body = String, content_type = "image/svg+xml"),
    (status = 400, description = "A day, the plot or the theme is wrong", body = ErrorBody),
    (status = 403, description = "Not a supervisor", body = ErrorBody)))]
pub(super) async fn plot(
    State(app): Shared,
    caller: Caller,
    Params(asked): Params<Asked>,
) -> Result<Response, ApiError> {
    let days = Days {
        from: asked.from,
        to: asked.to,
    };
    let span = Span::of(&app, &caller, &days)?;
    let store = &app.service.store;
    let bars = if matches!(asked.plot, Plot::Satisfaction) {
        let rated = store.ratings(span.begin, span.end).await?;
        let answer = |n: u8| {
            let given = rated.iter().filter(|r| r.rating == i64::from(n)).count();
            (n.to_string(), given as f64)
        };
        RATINGS.map(answer).collect()
    } else {
        let (measured, _) = store.measured(span.begin, span.end).await?;
        match asked.plot {
            Plot::Waits => waits(&span, &measured),
            Plot::Volume => volume(&span, &measured),
            Plot::Hours | Plot::Satisfaction => hours(&span, &measured),
        }
    };
    picture(&bars, asked.theme)
}

/// The bars as a picture that is given out.
pub(super) fn picture(bars: &[Bar], theme: Theme) -> Result<Response, ApiError> {
    let svg = drawn(bars, theme).map_err(|why| {
        tracing::error!(why, "a plot could not be drawn");
        ApiError::unavailable("the plot could not be drawn; the tables have the same figures")
    })?;
    Ok(([(header::CONTENT_TYPE, "image/svg+xml")], svg).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bar_is_drawn_and_named() {
        let bars = [("01.11".to_owned(), 2.0), ("02.11".to_owned(), 0.0)];
        let svg = drawn(&bars, Theme::Light).expect("it can be drawn");
        for text in ["<svg", "01.11", "02.11", "#0B5C56"] {
            assert!(svg.contains(text), "{text}: {svg}");
        }
    }

    #[test]
    fn nobody_is_counted_by_halves() {
        assert_eq!((ticked(1.5), ticked(2.0)), (String::new(), "2".to_owned()));
    }

    #[test]
    fn nothing_at_all_can_be_drawn() {
        assert!(drawn(&[], Theme::Dark).is_ok());
    }
}
