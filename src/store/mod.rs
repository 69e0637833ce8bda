//! Where everything is kept: `SQLite` or Postgres, by one schema and one set of statements.
//!
//! Only this room knows SQL. The [`Transactor`] is the one way by which conversations change; the other files are one
//! an aggregate.

mod access;
mod account_invitations;
mod agents;
mod arrivals;
mod attachments;
mod audit;
mod backup;
mod claims;
mod clock_notices;
mod complaint_report;
mod complaints;
mod contingencies;
mod conversations;
mod customers;
mod deciding;
mod delivery;
mod demo;
mod dialect;
mod drills;
mod erased_files;
mod error;
mod events;
mod guarded;
mod identities;
mod jobs;
mod labels;
mod late_files;
mod leases;
mod letters;
mod linked;
mod lists;
mod loading;
mod locked;
mod log_rows;
mod measures;
mod mentions;
mod others;
mod outbox;
mod person;
mod private_files;
mod register;
mod register_rows;
mod related;
mod resealing;
mod restore;
mod rows;
mod saving;
mod sealing;
mod second_factors;
mod secret_words;
mod setup;
pub mod shapes;
mod statement;
mod transactor;
mod upgrade;
mod verifying;
mod viewer;
mod waiting;
mod webhooks;
mod weighing;
mod words;
mod work;

pub use access::{Access, NewToken, SessionRow, TokenRow};
pub use agents::{AgentRow, hash_secret};
pub use arrivals::Arrival;
pub use attachments::StoredFile;
pub use backup::BackupError;
pub use clock_notices::Digest;
pub use complaint_report::{CountedBy, Figures};
pub use contingencies::{Contingency, RungTurn};
pub use conversations::{Delivery, Detail, Entry, Last, QueueRow};
pub use customers::DirectoryChange;
pub use demo::MadeUp;
pub use dialect::Dialect;
pub use drills::{DrillFigures, DrillRow};
pub use error::StoreError;
pub use events::FeedRow;
pub use jobs::{Committed, Done, Job, JobError, Outcome, Places, Target, Transactor};
pub use letters::Letter;
pub use lists::{Cursor, Which};
pub use locked::lock_out;
pub use log_rows::LogRow;
pub use measures::{Measured, Rated};
pub use mentions::Mention;
pub use others::{Heard, Listener, Notice};
pub use outbox::{GivenUp, Outgoing};
pub use person::{ErasedCount, Held, PersonKey};
pub use register::{Place, Selection, ShortRow, Sort};
pub use related::{Likeness, Related};
pub use restore::{Restored, restore};
pub use sealing::{is_on as is_sealed, use_keys};
pub use second_factors::SecondFactor;
pub use setup::FirstAdmin;
pub use verifying::Verdict;
pub use viewer::{Sight, Viewer};
pub use waiting::Waits;
pub use webhooks::{DeadWebhook, OutgoingWebhook};
pub use words::Words;
pub use work::Work;

use crate::{clock::random, domain::hexadecimal};
use guarded::Guarded;
use sqlx::{Any, AnyConnection, Connection, Pool, any::AnyPoolOptions, migrate::MigrateError};
use std::{fs::File, io::ErrorKind, sync::Arc, time::Duration};
use tokio::time::timeout;

/// How long a statement or a transaction that writes may take where the database is another machine: longer than it may
/// wait for a lock there. Whoever is cut off from the database in the middle of one hears nothing, for as long as the
/// system hopes.
const PATIENCE: Duration = Duration::from_secs(15);
/// The same for leases and notices: whoever waits longer for a lease has lost it.
const PATIENCE_ASIDE: Duration = Duration::from_secs(2);
/// How long a place in a pool may be waited for.
const WAIT: Duration = Duration::from_secs(10);
/// The last place in the log that is taken.
const END_OF_LOG: &str = "SELECT value FROM counter WHERE name = 'position'";

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");

/// The mark by which a database whose texts are encrypted is known: an envelope itself, so that a wrong key is
/// noticed at once.
const SEALED_MARK: &str = "sealed";

/// Whether the keys are those of this database. One that is encrypted is not opened without them: half of it would be.
async fn check_keys(db: &mut AnyConnection) -> Result<(), StoreError> {
    let mark: Option<String> = sqlx::query_scalar("SELECT value FROM marks WHERE name = $1")
        .bind(SEALED_MARK)
        .fetch_optional(&mut *db)
        .await?;
    match mark {
        Some(mark) => sealing::open("mark", SEALED_MARK, &mark).map(drop),
        None if sealing::is_on() => {
            sqlx::query(
                "INSERT INTO marks (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
            )
            .bind(SEALED_MARK)
            .bind(sealing::close("mark", SEALED_MARK, SEALED_MARK))
            .execute(&mut *db)
            .await?;
            Ok(())
        }
        None => Ok(()),
    }
}

/// Who opens the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opener {
    /// A server: the only one on a `SQLite` file.
    Server,
    /// A command-line tool, beside a running server.
    Tool,
}

/// An open database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    dialect: Dialect,
    writer: Guarded,
    readers: Pool<Any>,
    /// For what must not wait for the writer: leases, and what other programs are told.
    aside: Guarded,
    others: Option<others::Others>,
    /// Where the log ended when this was opened.
    opened_at: i64,
    /// The name of this program while it runs.
    program: Arc<str>,
    /// Held while a server runs on a `SQLite` file; the operating system lets go of it however the program ends.
    _lock: Option<Arc<File>>,
}

impl Store {
    /// Opens the database, checks it, and brings its schema up to date.
    ///
    /// # Errors
    /// See [`StoreError`]; a database that is damaged or newer than the program is left untouched.
    pub async fn open(url: &str, opener: Opener) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let dialect = Dialect::of(url).ok_or(StoreError::Address)?;
        let (address, lock) = match dialect {
            Dialect::Sqlite => private_files::sqlite_file(url, opener)?,
            Dialect::Postgres => (url.to_owned(), None),
        };
        let mut connection = AnyConnection::connect(&address).await?;
        dialect.prepare(&mut connection, true).await?;
        if dialect == Dialect::Sqlite && opener == Opener::Server {
            let verdict: String = sqlx::query_scalar("PRAGMA quick_check(1)")
                .fetch_one(&mut connection)
                .await
                .map_err(|e| match StoreError::from(e) {
                    StoreError::Refused(why) => StoreError::Damaged(why),
                    other => other,
                })?;
            if verdict != "ok" {
                return Err(StoreError::Damaged(verdict));
            }
        }
        MIGRATIONS.run(&mut connection).await.map_err(|e| match e {
            MigrateError::VersionMissing(version) => StoreError::Newer(version),
            MigrateError::Execute(e) | MigrateError::ExecuteMigration(e, _) => {
                match StoreError::from(e) {
                    StoreError::Refused(why) => StoreError::Migration(why),
                    other => other,
                }
            }
            other => StoreError::Migration(other.to_string()),
        })?;
        check_keys(&mut connection).await?;
        dialect
            .index_words(&mut connection, sealing::is_on())
            .await?;
        if opener == Opener::Server {
            upgrade::fill_in(dialect, &mut connection).await?;
        }
        upgrade::fill_in_register(dialect, &mut connection, sealing::is_on()).await?;
        let opened_at = sqlx::query_scalar(END_OF_LOG)
            .fetch_one(&mut connection)
            .await?;
        connection.close().await?;

        let others = others::Others::on(dialect, &address)?;
        let far = others.is_some();
        let pool = |max: u32, writes: bool, wait: Duration| {
            AnyPoolOptions::new()
                .max_connections(max)
                .acquire_timeout(wait)
                .idle_timeout(None)
                .max_lifetime(None)
                .after_connect(move |connection, _| {
                    Box::pin(async move { dialect.prepare(connection, writes).await })
                })
                .after_release(move |connection, _| {
                    Box::pin(async move {
                        // Whoever read may have stopped waiting. The pool itself would wait for ever.
                        if !far || writes {
                            return Ok(true);
                        }
                        let asked = timeout(PATIENCE, connection.ping()).await;
                        let silent = |_| Err(sqlx::Error::Io(ErrorKind::TimedOut.into()));
                        asked.unwrap_or_else(silent).map(|()| true)
                    })
                })
                .connect_lazy(&address)
        };
        Ok(Self {
            dialect,
            writer: Guarded::new(pool(1, true, WAIT)?, far.then_some(PATIENCE)),
            readers: pool(4, false, WAIT)?,
            aside: Guarded::new(
                pool(2, true, if far { PATIENCE_ASIDE } else { WAIT })?,
                far.then_some(PATIENCE_ASIDE),
            ),
            program: hexadecimal(&random::<12>()).into(),
            others,
            opened_at,
            _lock: lock,
        })
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// It does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query_scalar::<_, i64>(END_OF_LOG)
            .fetch_one(&self.readers)
            .await?;
        Ok(())
    }

    /// Lets go of the database.
    pub async fn close(&self) {
        self.readers.close().await;
        self.aside.close().await;
        self.writer.close().await;
    }
}
