//! What truly differs between the two databases. Everything else is one text for both.

use super::words::Words;
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor, Row};
use std::time::Duration;

/// How many messages a search looks through, the latest of those that have the words.
const MOST_FOUND: u32 = 2000;

/// How often the file's log is tried to be emptied, and the pause between.
const CHECKPOINTS: u32 = 100;
const PAUSE: Duration = Duration::from_millis(100);

/// How many complaints a search looks through, the latest of those that have the words.
const MOST_RECORDS: u32 = 5000;

/// The words of a message as Postgres indexes them: small, without accents, with nothing between them but blanks.
const VECTOR: &str = "to_tsvector('simple', translate(lower(m.text), 'áàâäãåāéèêëēíìîïīóòôöõōúùûüūñçýÿÁÀÂÄÃÅĀÉÈÊËĒÍÌÎÏĪÓÒÔÖÕŌÚÙÛÜŪÑÇÝŸ.@_-/:,;''\"’', 'aaaaaaaeeeeeiiiiioooooouuuuuncyyaaaaaaaeeeeeiiiiioooooouuuuuncyy           '))";

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
        self.rows_of(&format!("${n}"))
    }

    /// The same of the parameter of that name.
    pub(super) fn rows_of(self, parameter: &str) -> String {
        match self {
            Self::Sqlite => format!("json_each({parameter}) AS j"),
            Self::Postgres => {
                format!("json_array_elements(CAST({parameter} AS json)) AS j(value)")
            }
        }
    }

    /// How a look at everything as it stands at one moment begins.
    pub(super) const fn snapshot(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN",
            Self::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        }
    }

    /// From here on this connection overwrites what it frees, where the database would leave it lying about.
    pub(super) async fn overwrite_what_is_freed(
        self,
        connection: &mut AnyConnection,
        sealed: bool,
    ) -> Result<(), sqlx::Error> {
        match self {
            // Where what is kept is sealed there are no indexes of words.
            Self::Sqlite if sealed => connection
                .execute("PRAGMA secure_delete = ON")
                .await
                .map(drop),
            Self::Sqlite => {
                let text = "PRAGMA secure_delete = ON; INSERT INTO message_words (message_words, rank) VALUES ('secure-delete', 1); INSERT INTO complaint_index (complaint_index, rank) VALUES ('secure-delete', 1);";
                connection.execute(sqlx::raw_sql(text)).await.map(drop)
            }
            Self::Postgres => Ok(()),
        }
    }

    /// Takes what was erased out of the indexes of words and of what the database keeps beside its tables. Rows move
    /// from page to page as a table grows, and leave their words where they were: a file is rid of those only by being
    /// written anew.
    pub(super) async fn forget_what_was_freed(
        self,
        connection: &mut AnyConnection,
        sealed: bool,
    ) -> Result<(), sqlx::Error> {
        let texts: &[&'static str] = match self {
            Self::Sqlite if sealed => &["VACUUM"],
            Self::Sqlite => &[
                "INSERT INTO message_words (message_words) VALUES ('optimize')",
                "INSERT INTO complaint_index (complaint_index) VALUES ('optimize')",
                "VACUUM",
            ],
            Self::Postgres => &[
                "VACUUM messages",
                "VACUUM events",
                "VACUUM conversations",
                "VACUUM complaints",
                "VACUUM complaint_changes",
                "VACUUM complaint_words",
                "VACUUM register",
                "VACUUM attachments",
                "VACUUM letters",
            ],
        };
        for text in texts {
            connection.execute(sqlx::raw_sql(*text)).await?;
        }
        match self {
            Self::Sqlite => self.empty_the_log(connection).await,
            Self::Postgres => Ok(()),
        }
    }

    /// Takes everything out of the file's log. Whoever reads meanwhile keeps their part of it for a moment.
    async fn empty_the_log(self, connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
        let mut busy = true;
        for _ in 0..CHECKPOINTS {
            let done = connection
                .fetch_one("PRAGMA wal_checkpoint(TRUNCATE)")
                .await?;
            busy = done.try_get::<i64, _>(0)? != 0;
            if !busy {
                break;
            }
            tokio::time::sleep(PAUSE).await;
        }
        if busy {
            return Err(sqlx::Error::Protocol(
                "somebody reads all the time: the log of the file could not be emptied".to_owned(),
            ));
        }
        Ok(())
    }

    /// The tables that the program keeps, by name; what the database keeps by itself is left out.
    pub(super) const fn tables(self) -> &'static str {
        match self {
            Self::Sqlite => {
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'message_words%' AND name NOT LIKE 'complaint_index%' AND name <> '_sqlx_migrations' ORDER BY name"
            }
            Self::Postgres => {
                "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' AND table_name <> '_sqlx_migrations' ORDER BY 1"
            }
        }
    }

    /// The columns of the table that is the first parameter, with their types, in order.
    pub(super) const fn columns(self) -> &'static str {
        match self {
            Self::Sqlite => "SELECT name, type FROM pragma_table_info($1) ORDER BY cid",
            Self::Postgres => {
                "SELECT CAST(column_name AS TEXT), CAST(data_type AS TEXT) FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position"
            }
        }
    }

    /// All rows of a table, each as a JSON array.
    pub(super) fn rows_as_json(self, table: &str, columns: &[String]) -> String {
        let columns = columns.join(", ");
        match self {
            Self::Sqlite => format!("SELECT json_array({columns}) FROM {table}"),
            Self::Postgres => {
                format!("SELECT CAST(json_build_array({columns}) AS TEXT) FROM {table}")
            }
        }
    }

    /// A text with `{rows}` written out.
    pub(super) fn text(self, text: &str) -> String {
        text.replace("{rows}", &self.rows(1))
    }

    /// A statement with `{rows}` (the first parameter's) or `{rows2}`, `{rows3}` written out.
    pub(super) fn sql(self, text: &str) -> AssertSqlSafe<String> {
        // Only texts of this program come here; what users write is bound, never spliced.
        let text = text.replace("{rows}", &self.rows(1));
        AssertSqlSafe((2..=3).fold(text, |t, n| {
            t.replace(&format!("{{rows{n}}}"), &self.rows(n))
        }))
    }

    /// Several writing statements in one trip, the `n`-th with the `n`-th parameter as its `{rows}`. They must not
    /// depend on each other.
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

    /// Takes so many places in the log. Where other programs may follow it they hear how far it goes, once this is
    /// committed.
    pub(super) fn take_places(
        self,
        channel: &str,
        (before, after): (&str, &str),
    ) -> AssertSqlSafe<String> {
        let take = "UPDATE counter SET value = value + $1 WHERE name = 'position' RETURNING value";
        AssertSqlSafe(match self {
            Self::Sqlite => take.to_owned(),
            Self::Postgres => format!(
                "{take}, CAST(pg_notify('{channel}', '{before}' || value || '{after}') AS TEXT)"
            ),
        })
    }

    /// The database's own clock, in microseconds.
    pub(super) const fn clock(self) -> &'static str {
        match self {
            Self::Sqlite => "CAST(unixepoch('subsec') * 1000000 AS BIGINT)",
            Self::Postgres => "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)",
        }
    }

    /// What a new connection is told.
    pub(super) async fn prepare(
        self,
        connection: &mut AnyConnection,
        writes: bool,
    ) -> Result<(), sqlx::Error> {
        let text = match (self, writes) {
            // synchronous=FULL: a commit is on disk when it returns. The busy time-out lets the command-line tools in
            // between.
            (Self::Sqlite, true) => {
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -16000;"
            }
            (Self::Sqlite, false) => "PRAGMA busy_timeout = 5000; PRAGMA query_only = ON;",
            (Self::Postgres, true) => {
                "SET synchronous_commit = on; SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '8s';"
            }
            (Self::Postgres, false) => "SET default_transaction_read_only = on;",
        };
        connection.execute(sqlx::raw_sql(text)).await.map(drop)
    }

    /// Words as the index of messages is asked for them.
    pub(super) fn word_query(self, words: &Words) -> String {
        match self {
            Self::Sqlite => words.fts5(),
            Self::Postgres => words.tsquery(),
        }
    }

    /// The conversations in which the words of the parameter `query` were said in one message; the bot's do not count.
    pub(super) fn said(self, query: &str) -> String {
        match self {
            Self::Sqlite => format!(
                "SELECT m.conversation FROM messages m WHERE m.position IN (SELECT rowid FROM message_words WHERE message_words MATCH {query} ORDER BY rowid DESC LIMIT {MOST_FOUND})"
            ),
            Self::Postgres => format!(
                "SELECT m.conversation FROM (SELECT m.conversation FROM messages m WHERE m.author <> 'bot' AND {VECTOR} @@ to_tsquery('simple', {query}) ORDER BY m.position DESC LIMIT {MOST_FOUND}) m"
            ),
        }
    }

    /// The references of complaints in whose record all words of the parameter `query` stand.
    pub(super) fn recorded(self, query: &str) -> String {
        match self {
            Self::Sqlite => format!(
                "SELECT w.reference FROM complaint_words w WHERE w.number IN (SELECT rowid FROM complaint_index WHERE complaint_index MATCH {query} ORDER BY rowid DESC LIMIT {MOST_RECORDS})"
            ),
            Self::Postgres => format!(
                "SELECT w.reference FROM (SELECT w.reference FROM complaint_words w WHERE to_tsvector('simple', w.words) @@ to_tsquery('simple', {query}) ORDER BY w.number DESC LIMIT {MOST_RECORDS}) w"
            ),
        }
    }

    /// Makes the indexes of the words that were said and recorded, where there is none yet, and fills it. From then on
    /// the database itself keeps it: what is rewritten, erased or forgotten is out of it at once.
    pub(super) async fn index_words(
        self,
        connection: &mut AnyConnection,
        sealed: bool,
    ) -> Result<(), sqlx::Error> {
        match self {
            // An index of words would hold in clear what is encrypted beside it.
            Self::Postgres if sealed => connection
                .execute(sqlx::raw_sql(
                    "DROP INDEX IF EXISTS messages_words; DROP INDEX IF EXISTS complaint_words_words",
                ))
                .await
                .map(drop),
            Self::Sqlite if sealed => connection
                .execute(sqlx::raw_sql(NO_WORDS_OF_SQLITE))
                .await
                .map(drop),
            Self::Postgres => {
                let vector = VECTOR.replace("m.text", "text");
                let text = format!(
                    "CREATE INDEX IF NOT EXISTS messages_words ON messages USING gin ({vector}) WHERE author <> 'bot'"
                );
                connection.execute(AssertSqlSafe(text)).await?;
                let text = "CREATE INDEX IF NOT EXISTS complaint_words_words ON complaint_words USING gin (to_tsvector('simple', words))";
                connection.execute(text).await.map(drop)
            }
            Self::Sqlite => {
                let mut all = connection.begin_with("BEGIN IMMEDIATE").await?;
                for (name, made_by) in [
                    ("message_words", WORDS_OF_SQLITE),
                    ("complaint_index", COMPLAINTS_OF_SQLITE),
                ] {
                    let there: i64 =
                        sqlx::query_scalar("SELECT count(*) FROM sqlite_master WHERE name = $1")
                            .bind(name)
                            .fetch_one(&mut *all)
                            .await?;
                    if there == 0 {
                        all.execute(sqlx::raw_sql(made_by)).await?;
                    }
                }
                all.commit().await
            }
        }
    }
}

/// No index of words.
const NO_WORDS_OF_SQLITE: &str = "
DROP TRIGGER IF EXISTS message_words_said;
DROP TRIGGER IF EXISTS message_words_changed;
DROP TRIGGER IF EXISTS message_words_gone;
DROP TABLE IF EXISTS message_words;
DROP TRIGGER IF EXISTS complaint_words_said;
DROP TRIGGER IF EXISTS complaint_words_changed;
DROP TRIGGER IF EXISTS complaint_words_gone;
DROP TABLE IF EXISTS complaint_index;";

/// What is said and is no bot's goes into the index, and out of it, by triggers.
const WORDS_OF_SQLITE: &str = "
CREATE VIRTUAL TABLE message_words USING fts5(text, content = 'messages', content_rowid = 'position', tokenize = 'unicode61 remove_diacritics 2');
INSERT INTO message_words (rowid, text) SELECT position, text FROM messages WHERE author <> 'bot';
CREATE TRIGGER message_words_said AFTER INSERT ON messages WHEN new.author <> 'bot' BEGIN
    INSERT INTO message_words (rowid, text) VALUES (new.position, new.text);
END;
CREATE TRIGGER message_words_changed AFTER UPDATE OF text ON messages WHEN new.author <> 'bot' BEGIN
    INSERT INTO message_words (message_words, rowid, text) VALUES ('delete', old.position, old.text);
    INSERT INTO message_words (rowid, text) VALUES (new.position, new.text);
END;
CREATE TRIGGER message_words_gone AFTER DELETE ON messages WHEN old.author <> 'bot' BEGIN
    INSERT INTO message_words (message_words, rowid, text) VALUES ('delete', old.position, old.text);
END;";

/// The same for what stands on record. The words are folded already.
const COMPLAINTS_OF_SQLITE: &str = "
CREATE VIRTUAL TABLE complaint_index USING fts5(words, content = 'complaint_words', content_rowid = 'number');
INSERT INTO complaint_index (rowid, words) SELECT number, words FROM complaint_words;
CREATE TRIGGER complaint_words_said AFTER INSERT ON complaint_words BEGIN
    INSERT INTO complaint_index (rowid, words) VALUES (new.number, new.words);
END;
CREATE TRIGGER complaint_words_changed AFTER UPDATE OF words ON complaint_words BEGIN
    INSERT INTO complaint_index (complaint_index, rowid, words) VALUES ('delete', old.number, old.words);
    INSERT INTO complaint_index (rowid, words) VALUES (new.number, new.words);
END;
CREATE TRIGGER complaint_words_gone AFTER DELETE ON complaint_words BEGIN
    INSERT INTO complaint_index (complaint_index, rowid, words) VALUES ('delete', old.number, old.words);
END;";
