//! One file a subcommand.

mod agents;
mod audit;
mod backup;
mod chat;
mod check;
mod coach;
mod complaints;
mod coverage;
mod customers;
mod demo;
mod drill;
mod export;
mod faults;
mod flows;
mod keys;
mod lines;
mod log;
#[cfg(feature = "otlp")]
mod otlp;
mod page;
mod person;
mod plain;
mod rehearse;
mod retention;
mod said;
mod serve;
mod staffing;
mod stories;
mod strict;
mod tokens;
mod webhooks;

use crate::{
    clock::Clock,
    config::Settings,
    dialogue::Policy,
    domain::{AuditDetail, AuditNote, Deed, Timestamp},
    flow::{FlowError, Texts},
    service::{Actor, SecurityEvent, SecurityLog},
    store::{Opener, Store, StoreError, use_keys},
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
    /// Practise with made-up people.
    #[command(subcommand)]
    Drill(drill::Command),
    /// How many people a desk needs, from standard input: a JSON object a line.
    Staffing,
    /// The complaints on record.
    #[command(subcommand)]
    Complaints(complaints::Command),
    /// The directory of customers.
    #[command(subcommand)]
    Customers(customers::Command),
    /// The log of changes and looks.
    #[command(subcommand)]
    Audit(audit::Command),
    /// Try out a contingency on a throwaway copy: what people then see, what they are promised, who is told, and that
    /// nothing is lost. Exit 1 where something does not hold.
    Rehearse(rehearse::Options),
    /// Fill an empty database with made-up people, for trying and measuring.
    Demo(demo::Options),
    /// What is held on a person: give it out, or erase it.
    #[command(subcommand)]
    Person(person::Command),
    /// Show complaints that were closed so long ago that their words need not be kept.
    Retention {
        /// Erase them.
        #[arg(long)]
        apply: bool,
    },
    /// Write everything to a file, also while the program runs.
    Backup {
        /// The file.
        file: PathBuf,
    },
    /// Make the database from a backup, while no program runs on it.
    Restore {
        /// The file.
        file: PathBuf,
    },
    /// The accounts.
    #[command(subcommand)]
    Agents(agents::Command),
    /// The keys by which what people said is encrypted.
    #[command(subcommand)]
    Keys(keys::Command),
    /// What another program is told of complaints.
    #[command(subcommand)]
    Webhooks(webhooks::Command),
    /// Tokens for programs.
    #[command(subcommand)]
    Tokens(tokens::Command),
}

/// What a command fails with: said on standard error, exit 1.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Runs the command.
pub fn run(cli: Cli) -> ExitCode {
    let result = match cli.command.unwrap_or(Command::Serve) {
        Command::Check => check::run(cli.config.as_deref()),
        command => Settings::load(cli.config.as_deref())
            .map_err(Failure::from)
            .and_then(|settings| dispatch(command, settings)),
    };
    match result {
        Ok(code) => code,
        // Whoever pipes into `head` has what they wanted.
        Err(error) if said::nobody_reads_on(&*error) => ExitCode::SUCCESS,
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
        Command::Drill(command) => drill::run(&command, &settings),
        Command::Staffing => staffing::run(),
        Command::Complaints(command) => runtime(complaints::run(command, settings)),
        Command::Customers(command) => runtime(customers::run(command, settings)),
        Command::Audit(command) => runtime(audit::run(command, settings)),
        Command::Rehearse(options) => runtime(rehearse::run(options, settings)),
        Command::Demo(options) => runtime(demo::run(options, settings)),
        Command::Person(command) => runtime(person::run(command, settings)),
        Command::Retention { apply } => runtime(retention::run(settings, apply)),
        Command::Backup { file } => runtime(backup::back_up(settings, &file)),
        Command::Restore { file } => runtime(backup::restore(settings, &file)),
        Command::Agents(command) => runtime(agents::run(command, settings)),
        Command::Keys(command) => runtime(keys::run(command, settings)),
        Command::Webhooks(command) => runtime(webhooks::run(command, settings)),
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

/// What is said where erased words could not be taken out of the database's files.
#[expect(clippy::needless_pass_by_value, reason = "a function for map_err")]
fn left_over(error: StoreError) -> Failure {
    let text = "the words are erased, but remains of them are in the database's files still, which could not be written anew";
    format!("{text}: {error}; the next erasure takes them out, too").into()
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

/// Notes in the log of changes and looks what is done from the command line.
async fn noted(store: &Store, what: Deed, about: &str, detail: AuditDetail) -> Result<(), Failure> {
    let note = AuditNote {
        at: Clock::system().now(),
        who: "command line".to_owned(),
        what,
        about: about.to_owned(),
        place: 0,
        detail,
    };
    Ok(store.note(vec![note]).await?)
}

/// A moment for a table.
fn shown(at: Timestamp) -> String {
    at.rfc3339()
}
