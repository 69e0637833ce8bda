//! `nohold tokens`.

use super::{Failure, Watched, beside, said::say, shown};
use crate::{
    clock::Clock,
    config::Settings,
    domain::{Scope, seen_name},
    service::SecurityEvent,
    store::{NewToken, hash_secret},
};
use clap::Subcommand;
use std::process::ExitCode;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a token with which a program acts for an agent. It is shown this once.
    Create {
        /// The agent's name.
        #[arg(long)]
        agent: String,
        /// What it is for, to know it by in the list.
        #[arg(long, default_value = "")]
        name: String,
        /// What it opens: read, write, accounts. May be given several times; without it, everything that the agent may
        /// do.
        #[arg(long)]
        scope: Vec<Scope>,
        /// Days after which it ends; without it, it does not.
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..=3660))]
        days: Option<u32>,
    },
    /// List the tokens: what they are for, and when each was last used. A token itself is never shown again.
    List,
    /// End a token.
    Revoke {
        /// Its id, from the list.
        id: String,
    },
}

pub(super) async fn run(command: Command, settings: Settings) -> Result<ExitCode, Failure> {
    let store = beside(&settings).await?;
    let watched = Watched::by(&settings)?;
    let clock = Clock::system();
    let now = clock.now();
    match command {
        Command::Create {
            agent,
            name,
            scope,
            days,
        } => {
            let row = store.agent_named(agent.trim()).await?.ok_or_else(|| {
                format!("there is no account named {agent}: see nohold agents list")
            })?;
            let mut scopes = scope;
            scopes.sort_unstable();
            scopes.dedup();
            if scopes.is_empty() {
                scopes = Scope::ALL.to_vec();
            }
            let token = clock.secret();
            let new = NewToken {
                secret: &token,
                agent: row.agent.id,
                name: &seen_name(&name, 200),
                scopes: &scopes,
                expires: days.map(|d| now.plus_seconds(i64::from(d) * 86_400)),
            };
            store.add_token(new, now).await?;
            watched.record(&SecurityEvent::TokenMade {
                agent: row.agent.id,
                token: hash_secret(&token)[..16].to_owned(),
                scopes,
                days,
            });
            say!("token for {}: {token}", row.agent.name);
        }
        Command::List => {
            for t in store.tokens(None).await? {
                let ends = match t.expires {
                    None => "does not end".to_owned(),
                    Some(at) if at <= now => format!("ended {}", shown(at)),
                    Some(at) => format!("ends {}", shown(at)),
                };
                let used = t
                    .used
                    .map_or("never used".to_owned(), |at| format!("used {}", shown(at)));
                say!(
                    "{}  {:<30} {:<20} made {}  {used}  {ends}  {}",
                    t.id,
                    t.agent_name,
                    Scope::join(&t.scopes),
                    shown(t.created),
                    t.name
                );
            }
        }
        Command::Revoke { id } => {
            if !store.revoke_token(&id, None).await? {
                return Err(format!("there is no token {id}: see nohold tokens list").into());
            }
            say!("revoked {id}");
            watched.record(&SecurityEvent::TokenRevoked { token: id });
        }
    }
    Ok(ExitCode::SUCCESS)
}
