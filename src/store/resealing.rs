//! Everything that is kept, written anew: by the first key, or without any.

use super::{Dialect, Store, StoreError, sealing, shapes, words::who};
use base64::{Engine, prelude::BASE64_STANDARD};
use sqlx::{AssertSqlSafe, Row};

/// How many rows are read at a time.
const AT_A_TIME: i64 = 100;

/// A column whose texts are within envelopes.
struct Column {
    table: &'static str,
    name: &'static str,
    /// What tells one row from another, as text.
    key: &'static str,
    kind: &'static str,
    /// Which rows.
    condition: &'static str,
}

const fn column(
    table: &'static str,
    name: &'static str,
    key: &'static str,
    kind: &'static str,
) -> Column {
    Column {
        table,
        name,
        key,
        kind,
        condition: "1 = 1",
    }
}

/// All of them. What is added to the schema and holds what people said belongs here.
const COLUMNS: [Column; 10] = [
    column("messages", "text", "CAST(position AS TEXT)", "message"),
    Column {
        condition: "author <> 'bot' AND extra IS NOT NULL",
        ..column("messages", "extra", "CAST(position AS TEXT)", "extra")
    },
    Column {
        condition: "kind <> 'forgotten'",
        ..column("events", "body", "CAST(position AS TEXT)", "event")
    },
    column("conversations", "state", "id", "conversation"),
    column("complaints", "body", "reference", "complaint"),
    column(
        "complaint_changes",
        "body",
        "reference || '/' || CAST(position AS TEXT)",
        "change",
    ),
    column("attachments", "name", "id", "name"),
    column("attachments", "content", "id", "file"),
    column("arrivals", "body", "inbox || '/' || id", "arrival"),
    column("second_factors", "secret", "agent", "second_factor"),
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
        if off {
            self.drop_mark(super::SEALED_MARK).await?;
        } else {
            let mark = sealing::close("mark", super::SEALED_MARK);
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

    async fn reseal_column(&self, c: &Column, off: bool) -> Result<usize, StoreError> {
        let Column {
            table,
            name: column,
            key,
            kind,
            condition,
        } = c;
        let (mut after, mut written) = (String::new(), 0);
        loop {
            let sql = AssertSqlSafe(format!(
                "SELECT {key} AS k, {column} AS v FROM {table} WHERE {key} > $1 AND {condition} ORDER BY {key} LIMIT {AT_A_TIME}"
            ));
            let rows = sqlx::query(sql)
                .bind(&after)
                .fetch_all(&self.readers)
                .await?;
            let Some(last) = rows.last() else {
                return Ok(written);
            };
            after = last.try_get(0)?;
            for row in &rows {
                let (id, kept): (String, String) = (row.try_get(0)?, row.try_get(1)?);
                let anew = match *kind {
                    "file" => file_anew(&kept, off)?,
                    kind => sealing::anew(kind, &kept, off)?,
                };
                let Some(anew) = anew else { continue };
                // Where somebody has written it meanwhile, that is by the first key already.
                let sql = AssertSqlSafe(format!(
                    "UPDATE {table} SET {column} = $1 WHERE {key} = $2 AND {column} = $3"
                ));
                let done = sqlx::query(sql)
                    .bind(anew)
                    .bind(id)
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
                let found_by = who(&shapes::conversation(&state, None)?, !off);
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
fn file_anew(kept: &str, off: bool) -> Result<Option<String>, StoreError> {
    match sealing::open_bytes("file", kept)? {
        Some(bytes) if off => Ok(Some(BASE64_STANDARD.encode(bytes))),
        Some(bytes) => {
            let stands = sealing::anew("file", kept, false)?.is_none();
            Ok(sealing::close_bytes("file", &bytes).filter(|_| !stands))
        }
        None if off => Ok(None),
        None => {
            let damaged = |_| StoreError::Refused("a stored file is damaged".to_owned());
            let bytes = BASE64_STANDARD.decode(kept).map_err(damaged)?;
            Ok(sealing::close_bytes("file", &bytes))
        }
    }
}
