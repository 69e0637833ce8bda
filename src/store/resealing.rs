//! Everything that is kept, written anew: by the first key, or without any.

use super::{Dialect, Store, StoreError, sealing, shapes, upgrade, words::who};
use base64::{Engine, prelude::BASE64_STANDARD};
use sqlx::{AssertSqlSafe, Row};

/// How many rows are looked up at a time. Their texts are read one by one: a file has megabytes.
const AT_A_TIME: i64 = 5000;

/// A column whose texts are within envelopes.
struct Column {
    table: &'static str,
    name: &'static str,
    /// What tells one row from another: one column, and a second one where it takes two.
    key: (Key, Option<Key>),
    kind: &'static str,
    /// What its envelope is bound to: the row, as the program names it.
    row: &'static str,
    /// Which rows.
    condition: &'static str,
}

#[derive(Clone, Copy)]
enum Key {
    Text(&'static str),
    Number(&'static str),
}

impl Key {
    const fn name(self) -> &'static str {
        match self {
            Self::Text(name) | Self::Number(name) => name,
        }
    }

    /// The condition by which a row is found whose key is that parameter, a text.
    fn is(self, parameter: &str) -> String {
        match self {
            Self::Text(name) => format!("{name} = {parameter}"),
            Self::Number(name) => format!("{name} = CAST({parameter} AS BIGINT)"),
        }
    }
}

const POSITION: Key = Key::Number("position");

const fn column(
    table: &'static str,
    name: &'static str,
    key: (Key, Option<Key>),
    kind: &'static str,
    row: &'static str,
) -> Column {
    Column {
        table,
        name,
        key,
        kind,
        row,
        condition: "1 = 1",
    }
}

const MESSAGE: (Key, Option<Key>) = (Key::Text("conversation"), Some(POSITION));
const ID: (Key, Option<Key>) = (Key::Text("id"), None);

/// All of them. What is added to the schema and holds what people said belongs here.
const COLUMNS: [Column; 14] = [
    column("messages", "text", MESSAGE, "message", "id"),
    Column {
        condition: "author <> 'bot' AND extra IS NOT NULL",
        ..column("messages", "extra", MESSAGE, "extra", "id")
    },
    Column {
        condition: "kind <> 'forgotten'",
        ..column(
            "events",
            "body",
            (POSITION, None),
            "event",
            "CAST(position AS TEXT)",
        )
    },
    column("conversations", "state", ID, "conversation", "id"),
    column(
        "complaints",
        "body",
        (Key::Text("reference"), None),
        "complaint",
        "reference",
    ),
    column(
        "complaint_changes",
        "body",
        (Key::Text("reference"), Some(POSITION)),
        "change",
        "reference || '/' || CAST(position AS TEXT)",
    ),
    column("letters", "text", ID, "letter", "id"),
    column("customers", "body", ID, "customer", "id"),
    column(
        "secret_words",
        "word",
        (Key::Text("message"), None),
        "secret_word",
        "message",
    ),
    column("drill_runs", "body", ID, "drill", "id"),
    column("attachments", "name", ID, "name", "id"),
    column("attachments", "content", ID, "file", "id"),
    column(
        "arrivals",
        "body",
        (Key::Text("inbox"), Some(Key::Text("id"))),
        "arrival",
        "inbox || '/' || id",
    ),
    column(
        "second_factors",
        "secret",
        (Key::Text("agent"), None),
        "second_factor",
        "agent",
    ),
];

impl Store {
    /// Writes everything anew that is not within an envelope of the first key; `off`: everything that is
    /// within one at all. How many texts were written. May be stopped and begun again, and runs beside a
    /// program with the same keys.
    pub async fn reseal(&self, off: bool) -> Result<usize, StoreError> {
        let mut written = 0;
        for column in &COLUMNS {
            written += self.reseal_column(column, off).await?;
        }
        self.rewrite_names(off).await?;
        self.rewrite_register(off).await?;
        if off {
            self.drop_mark(super::SEALED_MARK).await?;
        } else {
            let mark = sealing::close("mark", super::SEALED_MARK, super::SEALED_MARK);
            self.set_mark(super::SEALED_MARK, &mark).await?;
        }
        if self.dialect == Dialect::Sqlite {
            // What was overwritten still stands in pages that are free, and in the log.
            for statement in ["VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"] {
                sqlx::query(statement).execute(&self.writer).await?;
            }
        }
        Ok(written)
    }

    /// The short rows and the words of complaints are made anew from the records. Where this is broken off, they are
    /// made at the next start.
    async fn rewrite_register(&self, off: bool) -> Result<(), StoreError> {
        let mut all = self.writer.begin().await?;
        for statement in [
            "DELETE FROM register",
            "DELETE FROM complaint_words",
            "UPDATE counter SET value = 1 WHERE name = 'register_missing'",
        ] {
            sqlx::query(statement).execute(&mut *all).await?;
        }
        all.commit().await?;
        let mut db = self.writer.acquire().await?;
        upgrade::fill_in_register(self.dialect, &mut db, !off).await
    }

    async fn reseal_column(&self, c: &Column, off: bool) -> Result<usize, StoreError> {
        let Column {
            table,
            name,
            key: (first, second),
            kind,
            row: named,
            condition,
        } = c;
        let second_name = second.map_or("''".to_owned(), |k| format!("CAST({} AS TEXT)", k.name()));
        let here = match second {
            Some(second) => format!("{} AND {}", first.is("$1"), second.is("$2")),
            None => format!("{} AND CAST($2 AS TEXT) = ''", first.is("$1")),
        };
        let prefixes = sealing::prefixes(off);
        let compared: Vec<String> = (1..)
            .zip(&prefixes)
            .map(|(n, p)| {
                let compared = if off { "=" } else { "<>" };
                format!("substr({name}, 1, {}) {compared} ${n}", p.chars().count())
            })
            .collect();
        let compared = compared.join(" OR ");
        let mut written = 0;
        loop {
            let sql = AssertSqlSafe(format!(
                "SELECT CAST({} AS TEXT), {second_name} FROM {table} \
                 WHERE {condition} AND {name} <> '' AND ({compared}) LIMIT {AT_A_TIME}",
                first.name()
            ));
            let mut query = sqlx::query(sql);
            for prefix in &prefixes {
                query = query.bind(prefix);
            }
            let rows = query.fetch_all(&self.readers).await?;
            if rows.is_empty() {
                return Ok(written);
            }
            for row in &rows {
                let (one, two): (String, String) = (row.try_get(0)?, row.try_get(1)?);
                let sql =
                    AssertSqlSafe(format!("SELECT {name}, {named} FROM {table} WHERE {here}"));
                let row = sqlx::query(sql)
                    .bind(&one)
                    .bind(&two)
                    .fetch_optional(&self.readers)
                    .await?;
                let Some(row) = row else { continue };
                let (kept, named): (String, String) = (row.try_get(0)?, row.try_get(1)?);
                let anew = match *kind {
                    "file" => file_anew(&named, &kept, off)?,
                    kind => sealing::anew(kind, &named, &kept, off)?,
                };
                let Some(anew) = anew else { continue };
                // Where somebody has written it meanwhile, that is by the first key already.
                let sql = AssertSqlSafe(format!(
                    "UPDATE {table} SET {name} = $3 WHERE {here} AND {name} = $4"
                ));
                let done = sqlx::query(sql)
                    .bind(one)
                    .bind(two)
                    .bind(anew)
                    .bind(kept)
                    .execute(&self.writer)
                    .await?;
                written += done.rows_affected() as usize;
            }
        }
    }

    /// By what conversations are found: without names where they are encrypted.
    async fn rewrite_names(&self, off: bool) -> Result<(), StoreError> {
        let mut after = String::new();
        loop {
            let rows = sqlx::query(
                "SELECT id, state FROM conversations WHERE id > $1 ORDER BY id LIMIT 100",
            )
            .bind(&after)
            .fetch_all(&self.readers)
            .await?;
            let Some(last) = rows.last() else {
                return Ok(());
            };
            after = last.try_get(0)?;
            for row in &rows {
                let (id, state): (String, String) = (row.try_get(0)?, row.try_get(1)?);
                let found_by = who(&shapes::conversation(&id, &state, None)?, !off);
                sqlx::query("UPDATE conversations SET who = $1 WHERE id = $2 AND state = $3")
                    .bind(found_by)
                    .bind(id)
                    .bind(state)
                    .execute(&self.writer)
                    .await?;
            }
        }
    }
}

/// A file's bytes are within the envelope themselves; outside they are base64.
fn file_anew(id: &str, kept: &str, off: bool) -> Result<Option<String>, StoreError> {
    match sealing::open_bytes("file", id, kept)? {
        Some(bytes) if off => Ok(Some(BASE64_STANDARD.encode(bytes))),
        Some(bytes) => {
            let stands = sealing::anew("file", id, kept, false)?.is_none();
            Ok(sealing::close_bytes("file", id, &bytes).filter(|_| !stands))
        }
        None if off => Ok(None),
        None => {
            let damaged = |_| StoreError::Refused("a stored file is damaged".to_owned());
            let bytes = BASE64_STANDARD.decode(kept).map_err(damaged)?;
            Ok(sealing::close_bytes("file", id, &bytes))
        }
    }
}
