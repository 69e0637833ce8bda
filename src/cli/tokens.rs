//! `nohold tokens`.

use super::{Failure, beside};
use crate::{clock::Clock, config::Settings};
use clap::Subcommand;
use std::process::ExitCode;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a token with which a program acts for an agent. It is shown this once.
    Create {
        /// The agent's name.
        #[arg(long)]
        agent: String,
    },
}

pub(super) async fn run(command: Command, settings: Settings) -> Result<ExitCode, Failure> {
    let store = beside(&settings).await?;
    let Command::Create { agent } = command;
    let row = store
        .agent_named(agent.trim())
        .await?
        .ok_or_else(|| format!("there is no account named {agent}: see nohold agents list"))?;
    let clock = Clock::system();
    let token = clock.secret();
    store.add_token(&token, row.agent.id, clock.now()).await?;
    println!("token for {}: {token}", row.agent.name);
    Ok(ExitCode::SUCCESS)
}
