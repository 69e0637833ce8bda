//! `nohold audit`.

use super::{Failure, beside, plain::plain, shown};
use crate::{config::Settings, domain::complaint::Reference, store::Verdict};
use clap::Subcommand;
use std::{io::Write, process::ExitCode};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Go through the log of changes and looks: is every entry there, in its place, as it was written?
    Verify,
    /// Show what was done with a complaint, and by whom.
    Show {
        /// The reference.
        reference: String,
    },
}

pub(super) async fn run(command: Command, settings: Settings) -> Result<ExitCode, Failure> {
    let store = beside(&settings).await?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let code = match command {
        Command::Verify => match store.verify_audit().await? {
            Verdict::Whole(count, hash) => {
                if count > 0 {
                    writeln!(out, "the last entry's hash is {hash}")?;
                }
                writeln!(out, "{count} entries, chain whole")?;
                ExitCode::SUCCESS
            }
            Verdict::Broken(number, why) => {
                writeln!(out, "entry {number}: {why}")?;
                ExitCode::FAILURE
            }
        },
        Command::Show { reference } => {
            let reference: Reference = reference.parse()?;
            let entries = store.audit_of(&reference).await?;
            if entries.is_empty() {
                return Err(format!("nothing was noted of {reference}").into());
            }
            for e in entries {
                writeln!(
                    out,
                    "{}  {}  {}  {}  {}",
                    e.number,
                    shown(e.at),
                    plain(&e.who),
                    e.what,
                    plain(&e.detail)
                )?;
            }
            ExitCode::SUCCESS
        }
    };
    out.flush()?;
    Ok(code)
}
