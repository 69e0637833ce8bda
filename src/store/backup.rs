//! A copy of everything, taken while the program runs: one text file that either database is restored from.
//!
//! A line is a JSON document: the head, then for each table its columns and its rows, and at the end how many rows
//! there are and the SHA-256 of all lines before. What the database keeps by itself (indexes of words) is made anew.

use super::{Dialect, Store, StoreError};
use crate::domain::hexadecimal;
use futures_util::TryStreamExt;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Row};
use std::io::{BufRead, Write};

/// The form of the file.
pub(super) const FORM: u32 = 1;

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Head {
    /// The form of the file.
    pub(super) nohold_backup: u32,
    /// The schema that the rows are of.
    pub(super) schema: i64,
    /// When it was taken, RFC 3339.
    pub(super) taken_at: String,
}

/// The line before a table's rows.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Table {
    /// Its name.
    pub(super) table: String,
    /// Its columns, in the order of the rows' values.
    pub(super) columns: Vec<String>,
}

/// The last line.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Foot {
    /// How many rows.
    pub(super) rows: u64,
    /// SHA-256 of all lines before.
    pub(super) sha256: String,
}

/// What a line of a backup says.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Line {
    /// A row.
    Row(Vec<serde_json::Value>),
    /// A table begins.
    Table(Table),
    /// The end.
    Foot(Foot),
    /// The beginning.
    Head(Head),
}

/// Why a backup was not made or not restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file.
    #[error("the file cannot be read or written: {0}")]
    File(#[from] std::io::Error),
    /// The file is no backup, or not a whole one.
    #[error("line {0} of the backup: {1}; nothing was restored")]
    Content(u64, String),
    /// It cannot be restored there.
    #[error("{0}; nothing was restored")]
    Target(String),
}

impl From<sqlx::Error> for BackupError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// Writes lines, and knows their digest.
struct Lines<'a, W> {
    out: &'a mut W,
    digest: Sha256,
}

impl<W: Write> Lines<'_, W> {
    fn line(&mut self, text: &str) -> std::io::Result<()> {
        for part in [text.as_bytes(), b"\n"] {
            self.digest.update(part);
            self.out.write_all(part)?;
        }
        Ok(())
    }
}

/// JSON of our own plain data.
fn json<T: Serialize>(value: &T) -> String {
    super::rows::json(value)
}

impl Store {
    /// Writes everything to a file, as it stands at one moment; how many rows.
    pub async fn back_up(
        &self,
        out: &mut impl Write,
        taken_at: String,
    ) -> Result<u64, BackupError> {
        let mut connection = self.readers.acquire().await?;
        let mut db = connection.begin_with(self.dialect.snapshot()).await?;
        let schema: i64 = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations")
            .fetch_one(&mut *db)
            .await?;
        let mut lines = Lines {
            out,
            digest: Sha256::new(),
        };
        let head = Head {
            nohold_backup: FORM,
            schema,
            taken_at,
        };
        lines.line(&json(&head))?;
        let mut count = 0;
        for table in tables(self.dialect, &mut db).await? {
            let columns = columns(self.dialect, &mut db, &table).await?;
            let names: Vec<String> = columns.into_iter().map(|(name, _)| name).collect();
            let sql = self.dialect.rows_as_json(&table, &names);
            let begun = Table {
                table,
                columns: names,
            };
            lines.line(&json(&begun))?;
            let mut rows = sqlx::query(AssertSqlSafe(sql)).fetch(&mut *db);
            while let Some(row) = rows.try_next().await? {
                let text: String = row.try_get(0)?;
                lines.line(&text)?;
                count += 1;
            }
        }
        let foot = Foot {
            rows: count,
            sha256: hexadecimal(&lines.digest.finalize()),
        };
        writeln!(lines.out, "{}", json(&foot))?;
        lines.out.flush()?;
        Ok(count)
    }
}

/// The tables that the program keeps, by name.
pub(super) async fn tables(
    dialect: Dialect,
    db: &mut AnyConnection,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(dialect.tables()).fetch_all(db).await
}

/// The columns of a table with their types, in order.
pub(super) async fn columns(
    dialect: Dialect,
    db: &mut AnyConnection,
    table: &str,
) -> Result<Vec<(String, String)>, sqlx::Error> {
    let rows = sqlx::query(dialect.columns())
        .bind(table)
        .fetch_all(db)
        .await?;
    rows.iter()
        .map(|row| Ok((row.try_get(0)?, row.try_get::<String, _>(1)?.to_lowercase())))
        .collect()
}

/// Reads a backup to its end, without a database: whether it is whole. Its schema, and how many rows.
pub(super) fn check(file: &mut impl BufRead) -> Result<(i64, u64), BackupError> {
    let (mut digest, mut number, mut rows) = (Sha256::new(), 0_u64, 0_u64);
    let mut text = String::new();
    let mut schema = None;
    let mut width = None;
    loop {
        text.clear();
        number += 1;
        if file.read_line(&mut text)? == 0 {
            return Err(BackupError::Content(
                number,
                "the end is missing".to_owned(),
            ));
        }
        let line = parsed(number, &text)?;
        let wrong = |why: &str| BackupError::Content(number, why.to_owned());
        match line {
            Line::Head(head) if number == 1 && head.nohold_backup == FORM => {
                schema = Some(head.schema);
            }
            Line::Head(_) => return Err(wrong("it is of another form")),
            Line::Table(table) if schema.is_some() => width = Some(table.columns.len()),
            Line::Row(row) if Some(row.len()) == width => rows += 1,
            Line::Foot(foot) => {
                let mut after = String::new();
                if foot.rows != rows || foot.sha256 != hexadecimal(&digest.clone().finalize()) {
                    return Err(wrong("it is not as it was written"));
                }
                if file.read_line(&mut after)? != 0 {
                    return Err(wrong("something stands behind the end"));
                }
                let schema = schema.ok_or_else(|| wrong("the beginning is missing"))?;
                return Ok((schema, rows));
            }
            _ => return Err(wrong("it stands where it does not belong")),
        }
        digest.update(text.as_bytes());
    }
}

/// What a line says.
pub(super) fn parsed(number: u64, text: &str) -> Result<Line, BackupError> {
    // The reader's own message may quote what people wrote.
    serde_json::from_str(text.trim_end_matches('\n'))
        .map_err(|_| BackupError::Content(number, "it is no line of a backup".to_owned()))
}
