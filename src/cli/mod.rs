//! One file a subcommand.

mod agents;
mod chat;
mod check;
mod coach;
mod complaints;
mod coverage;
mod faults;
mod flows;
mod keys;
mod lines;
mod log;
#[cfg(feature = "otlp")]
mod otlp;
mod plain;
mod serve;
mod stories;
mod tokens;

use crate::{
    clock::Clock,
    config::Settings,
    dialogue::Policy,
    domain::Timestamp,
    flow::{FlowError, Texts},
    service::{Actor, SecurityEvent, SecurityLog},
    store::{Opener, Store, use_keys},
};
use clap::{Parser, Subcommand};
use std::{path::PathBuf, process::ExitCode};

/// Chat support for healthcare that never keeps anyone on hold.
#[derive(Debug, Parser)]
#[command(name = "nohold", version, about, long_about = None)]
pub struct Cli {
    /// The settings file (default: nohold.toml, where there is one).
    #[arg(long, global = true, value_name = "PATH")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the web chat, the desk and the API (the default).
    Serve,
    /// Check settings and flows.
    Check,
    /// Talk to the bot in the terminal.
    Chat,
    /// Look at the flows.
    #[command(subcommand)]
    Flows(flows::Command),
    /// Read messages from standard input: {"text"} a line.
    Understand {
        /// Show what weighed: for each answer the words without which it were less likely, and the cues of
        /// the rules.
        #[arg(long)]
        why: bool,
    },
    /// Review drafts from standard input: {"context","draft"} a line.
    Coach(coach::Options),
    /// Suggest replies for talks from standard input: {"messages":[{"from","text"}],"facts":{}} a line.
    Suggest,
    /// The complaints on record.
    #[command(subcommand)]
    Complaints(complaints::Command),
    /// The accounts.
    #[command(subcommand)]
    Agents(agents::Command),
    /// The keys by which what people said is encrypted.
    #[command(subcommand)]
    Keys(keys::Command),
    /// Tokens for programs.
    #[command(subcommand)]
    Tokens(tokens::Command),
}

/// What a command fails with: said on standard error, exit 1.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Runs the command.
pub fn run(cli: Cli) -> ExitCode {
    let result = match cli.command.unwrap_or(Command::Serve) {
        Command::Check => return check::run(cli.config.as_deref()),
        command => Settings::load(cli.config.as_deref())
            .map_err(Failure::from)
            .and_then(|settings| dispatch(command, settings)),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("nohold: {error}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: Command, settings: Settings) -> Result<ExitCode, Failure> {
    use_keys(&settings.encryption_keys);
    match command {
        Command::Serve => runtime(serve::run(settings)),
        Command::Check => Ok(ExitCode::SUCCESS),
        Command::Chat => chat::run(&settings),
        Command::Flows(command) => flows::run(&command, &settings),
        Command::Understand { why } => lines::understand(&settings, why),
        Command::Coach(options) => coach::run(&settings, &options),
        Command::Suggest => lines::suggest(&settings),
        Command::Complaints(command) => runtime(complaints::run(command, settings)),
        Command::Agents(command) => runtime(agents::run(command, settings)),
        Command::Keys(command) => runtime(keys::run(command, settings)),
        Command::Tokens(command) => runtime(tokens::run(command, settings)),
    }
}

fn runtime(work: impl Future<Output = Result<ExitCode, Failure>>) -> Result<ExitCode, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(work)
}

/// The files of flows that the settings name.
fn texts(settings: &Settings) -> Result<Texts, Failure> {
    Ok(match &settings.flows {
        Some(folder) => Texts::folder(folder).map_err(|errors| mistakes(&errors))?,
        None => Texts::built_in(),
    })
}

fn mistakes(errors: &[FlowError]) -> String {
    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
    format!(
        "the flows have {} mistake(s):\n{}",
        lines.len(),
        lines.join("\n")
    )
}

/// Flows, rules and the reader.
fn knowledge(settings: &Settings) -> Result<(Texts, Policy), Failure> {
    let texts = texts(settings)?;
    let mut rules = Policy::load(&texts, &settings.country, settings.profile.as_deref())
        .map_err(|errors| mistakes(&errors))?;
    rules.targets = settings.targets;
    if !settings.encoder {
        rules = rules.without_encoder();
    }
    Ok((texts, rules))
}

/// The database, beside a running server.
async fn beside(settings: &Settings) -> Result<Store, Failure> {
    Ok(Store::open(settings.database.reveal(), Opener::Tool).await?)
}

/// The security log, for a command that changes access or takes records along. Where it cannot be written
/// nothing is done.
struct Watched(SecurityLog);

impl Watched {
    fn by(settings: &Settings) -> Result<Self, Failure> {
        let log = SecurityLog::new(settings);
        log.check()
            .map_err(|e| format!("the security log cannot be written: {e} (security_log)"))?;
        Ok(Self(log))
    }

    fn record(&self, event: &SecurityEvent) {
        self.0
            .record(Clock::system().now(), Actor::command(), event);
    }
}

/// A moment for a table.
fn shown(at: Timestamp) -> String {
    at.rfc3339()
}
