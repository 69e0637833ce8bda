//! `nohold customers`.

use super::{Failure, beside};
use crate::{complaint::directory, config::Settings};
use clap::Subcommand;
use std::{io::Write, path::PathBuf, process::ExitCode};

/// How many mistakes are told one by one.
const MOST_TOLD: usize = 1000;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a CSV file the directory of customers, in the place of the one before: all of it, or nothing where a line
    /// is wrong. Its columns: id, name; born (YYYY-MM-DD), phone, email, postcode where there are any.
    Import {
        /// The file.
        file: PathBuf,
        /// Say what is wrong, line by line, and what would change, and change nothing.
        #[arg(long)]
        dry_run: bool,
    },
}

pub(super) async fn run(command: Command, settings: Settings) -> Result<ExitCode, Failure> {
    let Command::Import { file, dry_run } = command;
    let shown = file.display();
    let opened = std::fs::File::open(&file).map_err(|e| format!("{shown}: {e}"))?;
    let read =
        directory::read(std::io::BufReader::new(opened)).map_err(|e| format!("{shown}: {e}"))?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for mistake in read.mistakes.iter().take(MOST_TOLD) {
        writeln!(out, "{mistake}")?;
    }
    let store = beside(&settings).await?;
    let change = store.compare_directory(&read.customers).await?;
    let wrong = read.mistakes.len();
    let imported = wrong == 0 && !dry_run;
    if imported {
        store.replace_directory(&read.customers).await?;
    }
    writeln!(
        out,
        "{} new, {} changed, {} as before, {} not in the file any more, {wrong} wrong{}",
        change.new,
        change.changed,
        change.same,
        change.gone,
        if imported {
            ""
        } else {
            "; nothing was changed"
        }
    )?;
    out.flush()?;
    Ok(if wrong == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
