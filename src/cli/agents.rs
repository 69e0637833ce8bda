//! `nohold agents`.

use super::{Failure, Watched, beside, said::say, texts};
use crate::{
    clock::Clock,
    config::Settings,
    domain::{AgentRef, LONGEST_ACCOUNT_NAME, Role, account_name},
    service::{MIN_PASSWORD, SecurityEvent, check_password, hash_password},
    store::{AgentRow, Store},
};
use clap::Subcommand;
use std::{io::Read, process::ExitCode};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the accounts.
    List {
        /// Also their ids, as the security log names them.
        #[arg(long)]
        ids: bool,
    },
    /// Add an account.
    Add {
        /// The name, as colleagues see it; the first word of it is what contacts see.
        name: String,
        /// agent, supervisor, `complaints_manager` or admin.
        #[arg(long, default_value = "agent")]
        role: Role,
        /// Read the password from standard input. Without it the account can only be used by tokens.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Let somebody sign in no more: their sessions and tokens end.
    Disable {
        /// The account's name.
        name: String,
    },
    /// Let somebody sign in again.
    Enable {
        /// The account's name.
        name: String,
    },
    /// Give somebody another role.
    Role {
        /// The account's name.
        name: String,
        /// agent, supervisor, `complaints_manager` or admin.
        role: Role,
    },
    /// Set somebody's password, from standard input: their sessions end.
    Password {
        /// The account's name.
        name: String,
        /// Read from standard input; it is always read from there, and this may be left out.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Take somebody's second factor off: they have lost their device and their recovery codes.
    SecondFactorOff {
        /// The account's name.
        name: String,
    },
}

/// The last administrator who can sign in stays one.
const LAST_ADMIN: &str = "this is the last administrator who can sign in: make another one first";

async fn found(store: &Store, name: &str) -> Result<AgentRow, Failure> {
    let given = account_name(name).unwrap_or_default();
    store
        .agent_named(&given)
        .await?
        .ok_or_else(|| format!("there is no account named {name}: see nohold agents list").into())
}

/// A password for that account, from standard input.
fn read_password(name: &str, settings: &Settings) -> Result<String, Failure> {
    let mut text = String::new();
    std::io::stdin().take(4096).read_to_string(&mut text)?;
    let password = text.trim_end_matches(['\n', '\r']);
    if password.is_empty() {
        return Err(format!(
            "no password came on standard input: it needs {MIN_PASSWORD} characters"
        )
        .into());
    }
    let organisation = texts(settings)?.organisation().unwrap_or_default();
    check_password(password, name, &organisation)?;
    Ok(hash_password(password))
}

pub(super) async fn run(command: Command, settings: Settings) -> Result<ExitCode, Failure> {
    let store = beside(&settings).await?;
    let watched = Watched::by(&settings)?;
    match command {
        Command::List { ids } => {
            for row in store.agents().await? {
                let state = if row.disabled {
                    "disabled"
                } else if row.password.is_none() {
                    "no password"
                } else {
                    ""
                };
                let id = if ids {
                    format!("{}  ", row.agent.id)
                } else {
                    String::new()
                };
                say!(
                    "{id}{:<30} {:<10} {state}",
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
            let name = account_name(&name).ok_or_else(|| {
                format!("a name has 2 to {LONGEST_ACCOUNT_NAME} characters, all of them visible")
            })?;
            if store.agent_named(&name).await?.is_some() {
                return Err(format!("there is an account named {name} already").into());
            }
            let password = password_stdin
                .then(|| read_password(&name, &settings))
                .transpose()?;
            let clock = Clock::system();
            let agent = AgentRef {
                id: clock.agent_id(),
                name,
                role,
            };
            store
                .add_agent(&agent, password.as_deref(), clock.now())
                .await?;
            watched.record(&SecurityEvent::AccountAdded {
                agent: agent.id,
                role,
            });
            say!("added {} as {}", agent.name, role.name());
        }
        Command::Disable { name } => {
            let row = found(&store, &name).await?;
            if !store.set_disabled(row.agent.id, true).await? {
                return Err(LAST_ADMIN.into());
            }
            watched.record(&SecurityEvent::AccountDisabled {
                agent: row.agent.id,
            });
            say!("disabled {}: sessions and tokens are ended", row.agent.name);
        }
        Command::Enable { name } => {
            let row = found(&store, &name).await?;
            store.set_disabled(row.agent.id, false).await?;
            watched.record(&SecurityEvent::AccountEnabled {
                agent: row.agent.id,
            });
            say!("enabled {}", row.agent.name);
        }
        Command::Role { name, role } => {
            let row = found(&store, &name).await?;
            if !store.set_role(row.agent.id, role).await? {
                return Err(LAST_ADMIN.into());
            }
            watched.record(&SecurityEvent::RoleChanged {
                agent: row.agent.id,
                before: row.agent.role,
                role,
            });
            say!("{} is {} now", row.agent.name, role.name());
        }
        Command::Password { name, .. } => {
            let row = found(&store, &name).await?;
            let hash = read_password(&row.agent.name, &settings)?;
            store.set_password(row.agent.id, &hash).await?;
            watched.record(&SecurityEvent::PasswordSet {
                agent: row.agent.id,
            });
            say!("set the password of {}: sessions are ended", row.agent.name);
        }
        Command::SecondFactorOff { name } => {
            let row = found(&store, &name).await?;
            if !store.remove_second_factor(row.agent.id).await? {
                return Err(format!("{} has no second factor", row.agent.name).into());
            }
            watched.record(&SecurityEvent::SecondFactorOff {
                agent: row.agent.id,
            });
            say!("{} signs in by the password alone now", row.agent.name);
        }
    }
    Ok(ExitCode::SUCCESS)
}
