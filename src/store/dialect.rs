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

    /// The rows of the JSON array that is the `n`-th parameter, as `j.value`.
    fn rows(self, n: usize) -> String {
        match self {
            Self::Sqlite => format!("json_each(${n}) AS j"),
            Self::Postgres => format!("json_array_elements(CAST(${n} AS json)) AS j(value)"),
        }
    }

    /// A statement with `{rows}` (the first parameter's) or `{rows2}`, `{rows3}` written out.
    pub(super) fn sql(self, text: &str) -> AssertSqlSafe<String> {
        // Only texts of this program come here; what users write is bound, never spliced.
        let text = text.replace("{rows}", &self.rows(1));
        AssertSqlSafe((2..=3).fold(text, |t, n| {
            t.replace(&format!("{{rows{n}}}"), &self.rows(n))
        }))
    }

    /// Several writing statements in one trip, the `n`-th with the `n`-th parameter as its `{rows}`. They must not depend on each other.
    pub(super) fn together(self, texts: &[&str]) -> AssertSqlSafe<String> {
        let mut texts: Vec<String> = texts
            .iter()
            .enumerate()
            .map(|(n, t)| t.replace("{rows}", &self.rows(n + 1)))
            .collect();
        AssertSqlSafe(match (self, texts.pop()) {
            (_, None) => String::new(),
            (Self::Sqlite, Some(last)) => texts
                .into_iter()
                .chain([last])
                .collect::<Vec<_>>()
                .join("; "),
            // Postgres takes one statement at a time where there are parameters, but one may hold many.
            (Self::Postgres, Some(last)) if texts.is_empty() => last,
            (Self::Postgres, Some(last)) => {
                let parts: Vec<String> = texts
                    .into_iter()
                    .enumerate()
                    .map(|(n, t)| format!("w{n} AS ({t})"))
                    .collect();
                format!("WITH {} {last}", parts.join(", "))
            }
        })
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
