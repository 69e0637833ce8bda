//! What can go wrong with the store.

use std::path::PathBuf;

/// Why the store could not be opened or asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address is of no database that we know.
    #[error("the database address must begin with sqlite:// or postgres://")]
    Address,
    /// Another server has the file.
    #[error(
        "another nohold server is running on {0}: stop it first, or give this one a database of its own (NOHOLD_DATABASE)"
    )]
    InUse(PathBuf),
    /// The folder of the database cannot be used.
    #[error("the folder of the database, {0}, cannot be used: {1}")]
    Folder(PathBuf, std::io::Error),
    /// The file is damaged.
    #[error(
        "the database is damaged ({0}); it was left as it is: restore it from a backup, or salvage it with `sqlite3 <file> .recover`"
    )]
    Damaged(String),
    /// The schema is from a later program.
    #[error(
        "the database was written by a newer nohold (schema {0}); it was left as it is: use that program, or a backup"
    )]
    Newer(i64),
    /// The schema could not be brought up to date.
    #[error("the database's schema could not be brought up to date: {0}")]
    Migration(String),
    /// The database is away, full, or too busy. Trying again later may help.
    #[error("the database cannot be reached or written: {0}")]
    Unavailable(String),
    /// The database refuses what was asked. Trying again does not help.
    #[error("the database refuses: {0}")]
    Refused(String),
    /// What is kept is encrypted by a key that we do not have.
    #[error(
        "the database is encrypted by the key {0}, which is not among the keys (NOHOLD_ENCRYPTION_KEYS); it was left \
         as it is"
    )]
    KeyMissing(String),
    /// A stored document is not what it should be.
    #[error("stored {what} cannot be read: {error}")]
    Document {
        /// Which.
        what: &'static str,
        /// Why.
        error: serde_json::Error,
    },
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        // The database's own message may quote what users wrote (Postgres does): it stays out of logs. The code says
        // enough.
        match &error {
            sqlx::Error::Database(database) => {
                let code = database
                    .code()
                    .map(std::borrow::Cow::into_owned)
                    .unwrap_or_default();
                if is_passing(&code) {
                    Self::Unavailable(describe(&code))
                } else {
                    Self::Refused(describe(&code))
                }
            }
            sqlx::Error::PoolTimedOut => {
                Self::Unavailable("no connection became free in time".to_owned())
            }
            sqlx::Error::Io(e) => Self::Unavailable(e.kind().to_string()),
            sqlx::Error::ColumnDecode { index, .. } => {
                Self::Refused(format!("column {index} has an unexpected type"))
            }
            sqlx::Error::RowNotFound => {
                Self::Refused("a row that must be there is missing".to_owned())
            }
            sqlx::Error::Configuration(_) => {
                Self::Refused("the address cannot be understood".to_owned())
            }
            _ => Self::Unavailable("the connection failed".to_owned()),
        }
    }
}

impl StoreError {
    pub(super) fn document(what: &'static str) -> impl FnOnce(serde_json::Error) -> Self {
        move |error| Self::Document { what, error }
    }
}

/// Codes of conditions that pass: `SQLite`'s busy, locked, full, I/O, read-only, cannot open; Postgres' classes of
/// connection, resources, operator's work, rollback.
fn is_passing(code: &str) -> bool {
    if code.len() == 5 {
        return matches!(&code[..2], "08" | "53" | "57" | "58" | "40" | "55" | "25");
    }
    code.parse::<u32>()
        .is_ok_and(|c| matches!(c & 0xff, 5 | 6 | 7 | 8 | 10 | 13 | 14))
}

fn describe(code: &str) -> String {
    let meaning = match code
        .parse::<u32>()
        .ok()
        .filter(|_| code.len() < 5)
        .map(|c| c & 0xff)
    {
        Some(5 | 6) => "busy",
        Some(8) => "read-only",
        Some(10) => "disk error",
        Some(11 | 26) => "damaged file",
        Some(13) => "disk full",
        Some(14) => "file cannot be opened",
        Some(19) => "constraint",
        _ => "error",
    };
    format!("{meaning} (code {code})")
}
