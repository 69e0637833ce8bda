//! `nohold complaints`.

use super::{Failure, Watched, beside, export, noted, plain::plain, shown, texts};
use crate::{
    complaint::PublishedComplaint,
    config::Settings,
    domain::{AuditDetail, Category, ComplaintStatus, Deed, Timestamp, complaint::Reference},
    flow::Flows,
    service::SecurityEvent,
    store::{Selection, Words},
};
use clap::{Args, Subcommand};
use jiff::{ToSpan, civil::Date};
use std::{io::Write, process::ExitCode};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List them, the latest first.
    List {
        /// Only of this status.
        #[arg(long)]
        status: Option<String>,
        /// Only those of which a clock has run out.
        #[arg(long)]
        overdue: bool,
        /// Only those in whose record these words stand.
        #[arg(long)]
        words: Option<String>,
        #[command(flatten)]
        days: Days,
    },
    /// Show one, with its history.
    Show {
        /// The reference.
        reference: String,
    },
    /// Write all of them to standard output.
    Export {
        /// The format.
        #[arg(long, value_enum, default_value = "jsonl")]
        format: export::Format,
        /// What stands between the columns of a table.
        #[arg(long, value_enum, default_value = "comma")]
        separator: export::Separator,
        #[command(flatten)]
        days: Days,
    },
}

/// Days on which complaints were received, where the organisation is.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct Days {
    /// Received on this day or later, as in 2026-11-24.
    #[arg(long, value_name = "DAY")]
    from: Option<Date>,
    /// Received on this day or before.
    #[arg(long, value_name = "DAY")]
    to: Option<Date>,
}

impl Days {
    /// Whether days are named; then the flows say where the organisation is.
    const fn named(self) -> bool {
        self.from.is_some() || self.to.is_some()
    }

    /// The moments at which they begin and end.
    pub(super) fn moments(
        self,
        settings: &Settings,
    ) -> Result<(Option<Timestamp>, Option<Timestamp>), Failure> {
        if self.from.zip(self.to).is_some_and(|(from, to)| from > to) {
            return Err("--to is before --from".into());
        }
        if !self.named() {
            return Ok((None, None));
        }
        let flows = Flows::load(&texts(settings)?, &settings.country)
            .map_err(|errors| super::mistakes(&errors))?;
        let midnight = |day: Date| {
            let start = day.to_zoned_datetime(flows.facts.zone.clone())?;
            Ok::<_, Failure>(Timestamp::from(start.timestamp()))
        };
        let until = self.to.map(|d| midnight(d.saturating_add(1.day())));
        Ok((self.from.map(midnight).transpose()?, until.transpose()?))
    }
}

/// How many are read at once.
const PAGE: i64 = 500;

fn status_of(name: &str) -> Result<ComplaintStatus, Failure> {
    let names = || {
        ComplaintStatus::ALL
            .iter()
            .map(|s| s.name())
            .collect::<Vec<_>>()
    };
    let wrong = || format!("'{name}' is no status: {}", names().join(", "));
    Ok(ComplaintStatus::from_name(name).ok_or_else(wrong)?)
}

pub(super) async fn run(command: Command, settings: Settings) -> Result<ExitCode, Failure> {
    let store = beside(&settings).await?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let now = crate::clock::Clock::system().now();
    match command {
        Command::List {
            status,
            overdue,
            words,
            days,
        } => {
            let (from, until) = days.moments(&settings)?;
            let looked_for = words.as_deref().map(Words::of);
            let mut which = Selection {
                status: status.as_deref().map(status_of).transpose()?,
                from,
                until,
                overdue: overdue.then_some((true, now)),
                words: looked_for.clone().flatten(),
                ..Selection::default()
            };
            let mut count = 0;
            // Signs alone stand nowhere.
            while looked_for != Some(None) {
                let page = store.register(&which, PAGE).await?;
                count += page.len() as u64;
                for c in &page {
                    let complete = if c.complete { "complete" } else { "incomplete" };
                    let late = if c.is_overdue(now) { "  overdue" } else { "" };
                    writeln!(
                        out,
                        "{}  {}  {:<13}  {:<10}  {:<27}  {complete}{late}",
                        c.reference,
                        shown(c.received_at),
                        c.status.name(),
                        c.priority.name(),
                        c.category.map_or("-", Category::name),
                    )?;
                }
                let Some(last) = page.last().filter(|_| page.len() >= PAGE as usize) else {
                    break;
                };
                which.after = Some(last.place_in(which.sort));
            }
            let detail = AuditDetail {
                count: Some(count),
                ..AuditDetail::default()
            };
            noted(&store, Deed::Listed, "", detail).await?;
        }
        Command::Show { reference } => {
            let reference: Reference = reference.parse()?;
            let complaint = store
                .complaint(&reference)
                .await?
                .ok_or(format!("there is no complaint {reference}"))?;
            let complaint = PublishedComplaint::from(complaint);
            let detail = AuditDetail::default();
            noted(&store, Deed::Looked, reference.as_str(), detail).await?;
            writeln!(out, "{}", plain(&serde_json::to_string_pretty(&complaint)?))?;
            for change in store.history(&reference).await? {
                let why = change.why.as_deref();
                let why = why.map(|w| format!("  ({})", plain(w))).unwrap_or_default();
                for field in change.fields {
                    writeln!(
                        out,
                        "{}  {}  {}: {} -> {}{why}",
                        shown(change.at),
                        plain(&change.by),
                        field.field,
                        plain(&field.from.to_string()),
                        plain(&field.to.to_string())
                    )?;
                }
            }
        }
        Command::Export {
            format,
            separator,
            days,
        } => {
            let watched = Watched::by(&settings)?;
            let (from, until) = days.moments(&settings)?;
            let which = Selection {
                from,
                until,
                ..Selection::default()
            };
            let rows = export::write(&mut out, &store, &settings, which, format, separator).await?;
            watched.record(&SecurityEvent::Export {
                what: "complaints",
                format: format.name(),
                rows,
            });
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
