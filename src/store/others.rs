//! Other programs on the same Postgres: what they are told, and what they tell.
//!
//! A notice says where something is to be seen and of what kind it is, and never a word of anybody. That the log grew
//! is told by the statement that takes places in it (`dialect.rs`), so it is heard when, and only when, it was
//! committed.

use super::{Dialect, Store, StoreError, rows::json};
use crate::domain::{AgentId, ConversationId};
use serde::{Deserialize, Serialize};
use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use std::{collections::BTreeMap, fmt, str::FromStr, time::Duration};

/// The channel by which all programs hear each other.
pub(super) const CHANNEL: &str = "nohold";
/// How long a connection to listen by may take to come about.
const PATIENCE: Duration = Duration::from_secs(5);
/// By what the listening connection is known to whoever looks at the database's list of them.
const NAME: &str = "nohold listener";

/// What one program tells the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Notice {
    /// The log goes on to there.
    Log {
        /// The last place that is taken.
        position: i64,
    },
    /// A contact is writing.
    Writing {
        /// Where.
        conversation: ConversationId,
    },
    /// An agent is writing to the contact.
    Answering {
        /// Where.
        conversation: ConversationId,
    },
    /// A colleague looks at a conversation (none: at none any more), and writes there or not.
    Looking {
        /// Who.
        agent: AgentId,
        /// Where.
        conversation: Option<ConversationId>,
        /// They are writing.
        writing: bool,
    },
    /// A note is for these colleagues.
    Noted {
        /// For whom.
        to: Vec<AgentId>,
        /// Where it stands.
        conversation: ConversationId,
        /// Who wrote it.
        by: AgentId,
        /// It is advice to whoever has the conversation.
        whisper: bool,
    },
    /// The day's digest of complaints is written.
    Digest,
    /// Somebody has looked at a contingency that is over.
    Contingency,
    /// Somebody may look on no more, or may do other things than before.
    Access,
    /// Something came by that inbox's channel, and is on disk for whoever has its line.
    Arrived {
        /// The inbox.
        inbox: String,
    },
    /// The line of that inbox stands otherwise than before.
    Line {
        /// The inbox.
        inbox: String,
    },
    /// Somebody has let go of leases.
    LetGo,
}

/// What was heard, and from whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    /// The program that told it.
    pub from: String,
    /// What it told.
    #[serde(flatten)]
    pub notice: Notice,
}

/// What a program tells of the log's growth, before the place and after it: the database puts that in.
pub(super) fn log_notice(program: &str) -> (String, String) {
    let told = json(&Heard {
        from: program.to_owned(),
        notice: Notice::Log { position: 0 },
    });
    let (before, after) = told.rsplit_once('0').unwrap_or_default();
    (before.to_owned(), after.to_owned())
}

/// Where other programs may be at work on the same database. Never shows the address: a password is in it.
#[derive(Clone)]
pub(super) struct Others(PgConnectOptions);

impl fmt::Debug for Others {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Others")
    }
}

impl Others {
    /// Those on the database of that address; none where there can be none.
    pub(super) fn on(dialect: Dialect, address: &str) -> Result<Option<Self>, StoreError> {
        match dialect {
            Dialect::Sqlite => Ok(None),
            Dialect::Postgres => {
                let options = PgConnectOptions::from_str(address)?;
                Ok(Some(Self(options.application_name(NAME))))
            }
        }
    }
}

/// An open ear.
#[derive(Debug)]
pub struct Listener(PgListener);

impl Listener {
    /// The next that is told; what this program does not know is passed over. Cancel-safe.
    ///
    /// # Errors
    /// The connection is lost: what was told meanwhile is not heard any more.
    pub async fn next(&mut self) -> Result<Heard, StoreError> {
        loop {
            let told = self.0.try_recv().await?;
            let Some(told) = told else {
                return Err(StoreError::Unavailable(
                    "the connection was lost".to_owned(),
                ));
            };
            // A newer program may tell what an older one does not know.
            if let Ok(heard) = serde_json::from_str(told.payload()) {
                return Ok(heard);
            }
        }
    }
}

impl Store {
    /// The name of this program while it runs; random, so that no two have the same.
    pub fn program(&self) -> &str {
        &self.program
    }

    /// Whether other programs may be at work on this database.
    pub const fn may_be_shared(&self) -> bool {
        self.others.is_some()
    }

    /// Begins to listen; none where nobody else can be.
    ///
    /// # Errors
    /// The database does not let us.
    pub async fn listen(&self) -> Result<Option<Listener>, StoreError> {
        let Some(Others(options)) = &self.others else {
            return Ok(None);
        };
        // A pool of its own each time: a connection that is lost half-way keeps no place from the next.
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .acquire_timeout(PATIENCE)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_lazy_with(options.clone());
        let mut listener = PgListener::connect_with(&pool).await?;
        listener.ignore_pool_close_event(true);
        listener.eager_reconnect(false);
        listener.listen(CHANNEL).await?;
        Ok(Some(Listener(listener)))
    }

    /// Tells the other programs.
    ///
    /// # Errors
    /// They were not told.
    pub async fn tell_others(&self, notices: &[Notice]) -> Result<(), StoreError> {
        if self.others.is_none() || notices.is_empty() {
            return Ok(());
        }
        let told = |notice: &Notice| {
            let told = Heard {
                from: self.program().to_owned(),
                notice: notice.clone(),
            };
            BTreeMap::from([("told", json(&told))])
        };
        let rows: Vec<_> = notices.iter().map(told).collect();
        let all = self.tell_rows(&rows).await;
        if !matches!(all, Err(StoreError::Refused(_))) || rows.len() == 1 {
            return all;
        }
        // One of them cannot be told: the others are.
        let mut refused = Ok(());
        for row in rows {
            if let Err(error) = self.tell_rows(&[row]).await {
                refused = Err(error);
            }
        }
        refused
    }

    async fn tell_rows(&self, rows: &[BTreeMap<&str, String>]) -> Result<(), StoreError> {
        let sql = self
            .dialect
            .sql("SELECT CAST(count(pg_notify($2, j.value->>'told')) AS BIGINT) FROM {rows}");
        sqlx::query(sql)
            .bind(json(&rows))
            .bind(CHANNEL)
            .execute(&self.aside)
            .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_database_tells_with_a_commit_is_read_as_what_programs_tell() {
        let (before, after) = log_notice("p");
        let text = format!("{before}33{after}");
        let heard: Heard = serde_json::from_str(&text).expect("a notice");
        let told = Heard {
            from: "p".to_owned(),
            notice: Notice::Log { position: 33 },
        };
        assert_eq!(heard, told);
        assert_eq!(json(&told), text);
        let later = r#"{"from":"p","kind":"of_a_later_program"}"#;
        assert!(serde_json::from_str::<Heard>(later).is_err());
    }
}
