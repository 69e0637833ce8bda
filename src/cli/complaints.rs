//! `nohold complaints`.

use super::{Failure, Watched, beside, plain::plain, shown};
use crate::{
    complaint::PublishedComplaint,
    config::Settings,
    domain::{Complaint, ComplaintStatus, complaint::Reference},
    service::SecurityEvent,
};
use clap::{Subcommand, ValueEnum};
use std::{io::Write, process::ExitCode};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List them, the latest first.
    List {
        /// Only of this status.
        #[arg(long)]
        status: Option<String>,
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
        format: Format,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Format {
    Jsonl,
    Csv,
}

impl Format {
    const fn name(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
        }
    }
}

/// How many are read at once.
const PAGE: i64 = 500;

pub(super) async fn run(command: Command, settings: Settings) -> Result<ExitCode, Failure> {
    let store = beside(&settings).await?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match command {
        Command::List { status } => {
            let status = status
                .map(|s| {
                    ComplaintStatus::from_name(&s).ok_or(format!(
                        "'{s}' is no status: {}",
                        ComplaintStatus::ALL
                            .iter()
                            .map(|s| s.name())
                            .collect::<Vec<_>>()
                            .join(", ")
                    ))
                })
                .transpose()?;
            let mut offset = 0;
            loop {
                let page = store.complaints(status, PAGE, offset).await?;
                for c in &page {
                    let category = c
                        .classification
                        .category
                        .map_or("-", crate::domain::Category::name);
                    let complete = if c.complete { "complete" } else { "incomplete" };
                    writeln!(
                        out,
                        "{}  {}  {:<13}  {:<10}  {:<27}  {}",
                        c.reference,
                        shown(c.received_at),
                        c.status.name(),
                        c.priority.name(),
                        category,
                        complete
                    )?;
                }
                if page.len() < PAGE as usize {
                    break;
                }
                offset += PAGE;
            }
        }
        Command::Show { reference } => {
            let reference: Reference = reference.parse()?;
            let complaint = store
                .complaint(&reference)
                .await?
                .ok_or(format!("there is no complaint {reference}"))?;
            let complaint = PublishedComplaint::from(complaint);
            writeln!(out, "{}", plain(&serde_json::to_string_pretty(&complaint)?))?;
            for change in store.history(&reference).await? {
                for field in change.fields {
                    writeln!(
                        out,
                        "{}  {}  {}: {} -> {}",
                        shown(change.at),
                        plain(&change.by),
                        field.field,
                        plain(&field.from.to_string()),
                        plain(&field.to.to_string())
                    )?;
                }
            }
        }
        Command::Export { format } => {
            let watched = Watched::by(&settings)?;
            let mut rows = 0;
            let mut csv =
                matches!(format, Format::Csv).then(|| csv::Writer::from_writer(Vec::new()));
            if let Some(csv) = &mut csv {
                csv.write_record(COLUMNS)?;
            }
            let mut offset = 0;
            loop {
                let page = store.complaints(None, PAGE, offset).await?;
                let last = page.len() < PAGE as usize;
                rows += page.len();
                for complaint in page {
                    match &mut csv {
                        Some(csv) => csv.write_record(row(&complaint))?,
                        None => writeln!(
                            out,
                            "{}",
                            plain(&serde_json::to_string(&PublishedComplaint::from(
                                complaint
                            ))?)
                        )?,
                    }
                }
                if last {
                    break;
                }
                offset += PAGE;
            }
            watched.record(&SecurityEvent::Export {
                what: "complaints",
                format: format.name(),
                rows,
            });
            if let Some(csv) = csv {
                out.write_all(&csv.into_inner()?)?;
            }
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

const COLUMNS: [&str; 22] = [
    "reference",
    "received_at",
    "channel",
    "status",
    "priority",
    "complainant_name",
    "anonymous",
    "relation",
    "is_customer",
    "contact",
    "consent",
    "affected_person",
    "subjects",
    "narrative",
    "when_text",
    "from",
    "to",
    "where",
    "domain",
    "category",
    "desired_outcome",
    "complete",
];

fn row(c: &Complaint) -> [String; 22] {
    let joined =
        |parts: Vec<Option<String>>| parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
    // A spreadsheet runs what begins like a formula; a leading apostrophe makes it text.
    let safe = |text: String| {
        let text = plain(&text);
        if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
            format!("'{text}")
        } else {
            text
        }
    };
    let affected = c
        .affected_person
        .as_ref()
        .map(|a| joined(vec![a.name.clone(), a.relation.clone()]))
        .unwrap_or_default();
    let subjects: Vec<String> = c
        .subjects
        .iter()
        .map(|s| joined(vec![s.role.clone(), s.name.clone()]))
        .collect();
    let contact: Vec<String> = c
        .complainant
        .contact
        .iter()
        .map(ToString::to_string)
        .collect();
    [
        c.reference.to_string(),
        c.received_at.rfc3339(),
        c.channel.clone(),
        c.status.name().to_owned(),
        c.priority.name().to_owned(),
        c.complainant.name.clone().unwrap_or_default(),
        c.complainant.anonymous.to_string(),
        c.complainant.relation.name().to_owned(),
        c.complainant.is_customer.to_string(),
        contact.join("; "),
        c.complainant.consent.name().to_owned(),
        affected,
        subjects.join("; "),
        c.incident.narrative.clone(),
        c.incident.when_text.clone().unwrap_or_default(),
        c.incident.from.clone().unwrap_or_default(),
        c.incident.to.clone().unwrap_or_default(),
        c.incident.place.clone().unwrap_or_default(),
        c.classification
            .domain
            .map_or("", crate::domain::Domain::name)
            .to_owned(),
        c.classification
            .category
            .map_or("", crate::domain::Category::name)
            .to_owned(),
        c.desired_outcome.clone().unwrap_or_default(),
        c.complete.to_string(),
    ]
    .map(safe)
}
