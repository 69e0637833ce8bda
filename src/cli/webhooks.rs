//! `nohold webhooks`.

use super::{Failure, beside, shown};
use crate::{clock::Clock, config::Settings};
use clap::Subcommand;
use std::{io::Write, process::ExitCode};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Show what the receiver did not take, and how many still wait.
    List,
    /// Have what was given up sent again. A running program does so within seconds.
    Replay {
        /// Its id, as the list shows it.
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        id: Option<String>,
        /// All of them.
        #[arg(long)]
        all: bool,
    },
}

pub(super) async fn run(command: Command, settings: Settings) -> Result<ExitCode, Failure> {
    let store = beside(&settings).await?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match command {
        Command::List => {
            for dead in store.dead_webhooks().await? {
                writeln!(
                    out,
                    "{}  {}  {}  {}  {} attempts, {}",
                    dead.id,
                    dead.kind,
                    dead.reference,
                    shown(dead.at),
                    dead.attempts,
                    dead.why
                )?;
            }
            let (waiting, dead) = store.webhook_counts().await?;
            writeln!(out, "{dead} given up, {waiting} waiting")?;
        }
        Command::Replay { id, .. } => {
            let now = Clock::system().now();
            let count = store.replay_webhooks(id.as_deref(), now).await?;
            if let (0, Some(id)) = (count, id) {
                return Err(format!("no webhook {id} was given up").into());
            }
            writeln!(out, "{count} to be sent again")?;
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
