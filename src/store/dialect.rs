//! What truly differs between the two databases. Everything else is one text for both.

use sqlx::{AnyConnection, AssertSqlSafe, Executor};

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// A file beside the program.
    Sqlite,
    /// A server.
    Postgres,
}

impl Dialect {
    /// By the address's scheme.
    pub(super) fn of(url: &str) -> Option<Self> {
        if url.starts_with("sqlite:") {
            Some(Self::Sqlite)
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            Some(Self::Postgres)
        } else {
            None
        }
    }

    /// A statement with `{rows}` written out: the rows of the JSON array that is its first parameter, as `j.value`.
    pub(super) fn sql(self, text: &str) -> AssertSqlSafe<String> {
        // Only texts of this program come here; what users write is bound, never spliced.
        AssertSqlSafe(text.replace(
            "{rows}",
            match self {
                Self::Sqlite => "json_each($1) AS j",
                Self::Postgres => "json_array_elements(CAST($1 AS json)) AS j(value)",
            },
        ))
    }

    /// What a new connection is told.
    pub(super) async fn prepare(
        self,
        connection: &mut AnyConnection,
        writes: bool,
    ) -> Result<(), sqlx::Error> {
        let text = match (self, writes) {
            // synchronous=FULL: a commit is on disk when it returns. The busy time-out lets the command-line tools in between.
            (Self::Sqlite, true) => {
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -16000;"
            }
            (Self::Sqlite, false) => "PRAGMA busy_timeout = 5000; PRAGMA query_only = ON;",
            (Self::Postgres, true) => {
                "SET synchronous_commit = on; SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '30s';"
            }
            (Self::Postgres, false) => "SET default_transaction_read_only = on;",
        };
        connection.execute(sqlx::raw_sql(text)).await.map(drop)
    }
}
