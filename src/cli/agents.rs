//! `nohold agents`.

use super::{Failure, beside};
use crate::{
    clock::Clock,
    config::Settings,
    domain::{AgentRef, Role},
    web::{MIN_PASSWORD, hash_password},
};
use clap::Subcommand;
use std::{io::Read, process::ExitCode};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the accounts.
    List,
    /// Add an account.
    Add {
        /// The name, as colleagues see it; the first word of it is what contacts see.
        name: String,
        /// agent, supervisor or admin.
        #[arg(long, default_value = "agent")]
        role: Role,
        /// Read the password from standard input. Without it the account can only be used by tokens.
        #[arg(long)]
        password_stdin: bool,
    },
}

pub(super) async fn run(command: Command, settings: Settings) -> Result<ExitCode, Failure> {
    let store = beside(&settings).await?;
    match command {
        Command::List => {
            for row in store.agents().await? {
                let state = if row.disabled {
                    "disabled"
                } else if row.password.is_none() {
                    "no password"
                } else {
                    ""
                };
                println!(
                    "{:<30} {:<10} {state}",
                    row.agent.name,
                    row.agent.role.name()
                );
            }
        }
        Command::Add {
            name,
            role,
            password_stdin,
        } => {
            let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
            if name.is_empty() {
                return Err("the name is empty".into());
            }
            if store.agent_named(&name).await?.is_some() {
                return Err(format!("there is an account named {name} already").into());
            }
            let password = if password_stdin {
                let mut text = String::new();
                std::io::stdin().read_to_string(&mut text)?;
                let password = text.trim_end_matches(['\n', '\r']).to_owned();
                if password.is_empty() {
                    return Err(format!(
                        "no password came on standard input: it needs {MIN_PASSWORD} characters"
                    )
                    .into());
                }
                Some(hash_password(&password)?)
            } else {
                None
            };
            let clock = Clock::system();
            let agent = AgentRef {
                id: clock.agent_id(),
                name,
                role,
            };
            store
                .add_agent(&agent, password.as_deref(), clock.now())
                .await?;
            println!("added {} as {}", agent.name, role.name());
        }
    }
    Ok(ExitCode::SUCCESS)
}
