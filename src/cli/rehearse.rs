//! `nohold rehearse`: contingencies, each tried out on a throwaway copy, never on what people rely on.

mod endpoints;
mod looks;
mod outages;
mod power_cut;
mod report;
mod scenes;
mod stage;

use super::{Failure, knowledge, said::say};
use crate::{clock::Clock, config::Settings};
use clap::{Args, ValueEnum};
use report::Report;
use std::{path::PathBuf, process::ExitCode};

/// What is rehearsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Rehearsal {
    /// Somebody writes when the desk is closed.
    Night,
    /// The desk is open, and nobody is at it.
    NoAgents,
    /// Many write at once.
    Surge,
    /// The database does not answer.
    DatabaseAway,
    /// The outside model for suggestions does not answer.
    LlmAway,
    /// Telegram does not answer.
    TelegramDown,
    /// Discord does not answer.
    DiscordDown,
    /// Somebody writes on a holiday.
    Holiday,
    /// The power fails while people write.
    PowerCut,
}

/// What, and where to.
#[derive(Clone, Debug, Args)]
pub(super) struct Options {
    /// What is rehearsed.
    rehearsal: Rehearsal,
    /// Also writes the report there: JSON where the name ends in .json, else text.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

pub(super) async fn run(options: Options, own: Settings) -> Result<ExitCode, Failure> {
    let (texts, rules) = knowledge(&own)?;
    let now = Clock::system().now();
    let stage = match options.rehearsal {
        Rehearsal::Night => scenes::night(&own, &rules, now).await,
        Rehearsal::NoAgents => scenes::no_agents(&own, &rules, now).await,
        Rehearsal::Surge => scenes::surge(&own, &rules, now).await,
        Rehearsal::Holiday => scenes::holiday(&own, &rules, now).await,
        Rehearsal::DatabaseAway => outages::database_away(&own, &rules, now).await,
        Rehearsal::LlmAway => outages::llm_away(&own, &rules, now).await,
        Rehearsal::TelegramDown => outages::telegram_down(&own, &rules, now).await,
        Rehearsal::DiscordDown => outages::discord_down(&own, &rules, now).await,
        Rehearsal::PowerCut => {
            let report = power_cut::run(&own, &texts, now).await?;
            return told(&report, options.report);
        }
    };
    told(&stage?.close().await?, options.report)
}

/// Shows the report, and writes it down. 0 where all held, 1 where something did not.
fn told(report: &Report, file: Option<PathBuf>) -> Result<ExitCode, Failure> {
    let text = report.text();
    say!("{}", text.trim_end());
    if let Some(file) = file {
        let json = file.extension().is_some_and(|e| e == "json");
        let written = if json {
            serde_json::to_string_pretty(report)?
        } else {
            text
        };
        let shown = file.display().to_string();
        std::fs::write(&file, written).map_err(|e| format!("cannot write {shown}: {e}"))?;
    }
    Ok(if report.held {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
