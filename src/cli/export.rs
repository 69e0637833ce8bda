//! The register for other programs: JSON lines, tables, FHIR, England's return.

use super::{Failure, noted, plain::plain, texts};
use crate::{
    complaint::{PublishedComplaint, fhir, ko41a, sheet},
    config::Settings,
    domain::{AuditDetail, Complaint, ComplaintStatus, Deed, Timestamp},
    store::{Place, Selection, Store},
};
use clap::ValueEnum;
use std::io::Write;

/// In which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// A record a line.
    Jsonl,
    /// A table.
    Csv,
    /// One bundle of FHIR R4 resources.
    Fhir,
    /// Counts for England's return of written complaints, as a table.
    Ko41a,
}

impl Format {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Fhir => "fhir",
            Self::Ko41a => "ko41a",
        }
    }
}

/// What stands between the columns of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Separator {
    /// As programs expect it where numbers have decimal points.
    Comma,
    /// As programs expect it where numbers have decimal commas.
    Semicolon,
}

impl Separator {
    const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
        }
    }
}

/// How many records are read at once.
const PAGE: i64 = 200;

pub(super) async fn write(
    out: &mut impl Write,
    store: &Store,
    settings: &Settings,
    which: Selection,
    format: Format,
    separator: Separator,
) -> Result<usize, Failure> {
    // What is given out is noted before it is: nothing leaves unnoted.
    let detail = AuditDetail {
        format: Some(format.name().to_owned()),
        ..AuditDetail::default()
    };
    noted(store, Deed::Exported, "", detail).await?;
    let mut table = csv::WriterBuilder::new();
    table.delimiter(separator.byte());
    match format {
        Format::Jsonl => {
            each(store, which, |c| {
                let record = PublishedComplaint::from(c);
                writeln!(out, "{}", plain(&serde_json::to_string(&record)?))?;
                Ok(())
            })
            .await
        }
        Format::Csv => {
            let mut csv = table.from_writer(out);
            csv.write_record(sheet::COLUMNS)?;
            let rows = each(store, which, |c| {
                csv.write_record(sheet::row(&c).map(|cell| plain(&cell)))?;
                Ok(())
            })
            .await?;
            csv.flush()?;
            Ok(rows)
        }
        Format::Fhir => {
            write!(out, "{{\"resourceType\":\"Bundle\",\"type\":\"collection\"")?;
            // FHIR knows no empty lists: where there is no complaint, there is no list.
            let mut before = ",\"entry\":[";
            let rows = each(store, which, |c| {
                for entry in fhir::entries(&c) {
                    write!(out, "{before}{}", plain(&serde_json::to_string(&entry)?))?;
                    before = ",";
                }
                Ok(())
            })
            .await?;
            let end = if before == "," { "]}" } else { "}" };
            writeln!(out, "{end}")?;
            Ok(rows)
        }
        Format::Ko41a => {
            let texts = texts(settings)?;
            let wording = texts.get("exports/ko41a.yaml").map_err(|e| e.to_string())?;
            let wording = ko41a::Wording::parse(wording)?;
            let from = which.from.unwrap_or(Timestamp(i64::MIN));
            let until = which.until.unwrap_or(Timestamp(i64::MAX));
            let counted = counted(store, &wording, from, until).await?;
            let mut csv = table.from_writer(out);
            csv.write_record(["part", "item", "count"])?;
            let mut rows = 0;
            for (part, item, count) in counted.rows() {
                csv.write_record([part, &sheet::safe(&item), &count.to_string()])?;
                rows += 1;
            }
            csv.flush()?;
            Ok(rows)
        }
    }
}

async fn each(
    store: &Store,
    mut which: Selection,
    mut one: impl FnMut(Complaint) -> Result<(), Failure>,
) -> Result<usize, Failure> {
    let mut rows = 0;
    loop {
        let page = store.records(&which, PAGE).await?;
        // Exports are in the order in which complaints were received.
        which.after = page.last().map(|c| Place {
            key: c.received_at.0,
            received: c.received_at,
            reference: c.reference.clone(),
        });
        let more = page.len() >= PAGE as usize;
        for complaint in page {
            one(complaint)?;
            rows += 1;
        }
        if !more {
            return Ok(rows);
        }
    }
}

/// The return of everything that was received before the end.
async fn counted<'a>(
    store: &Store,
    wording: &'a ko41a::Wording,
    from: Timestamp,
    until: Timestamp,
) -> Result<ko41a::Return<'a>, Failure> {
    let mut counted = ko41a::Return::new(wording, from, until);
    let mut which = Selection {
        until: Some(until),
        ..Selection::default()
    };
    loop {
        let page = store.register(&which, PAGE).await?;
        for row in &page {
            counted.count(&ko41a::Counted {
                received_at: row.received_at,
                relation: row.relation,
                category: row.category,
                case: row.case.clone(),
                withdrawn: row.status == ComplaintStatus::Withdrawn,
            });
        }
        let Some(last) = page.last().filter(|_| page.len() >= PAGE as usize) else {
            return Ok(counted);
        };
        which.after = Some(last.place_in(which.sort));
    }
}
