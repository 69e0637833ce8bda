//! A database from a backup. The file is read to its end before anything is touched.

use super::{
    Dialect, MIGRATIONS, StoreError,
    backup::{BackupError, Line, check, columns, parsed, tables},
    private_files,
    rows::json,
    sealing, upgrade,
};
use sqlx::{AnyConnection, AssertSqlSafe, Connection};
use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
};

/// How much is written in one statement: rows, and bytes of them.
const ROWS: usize = 500;
const BYTES: usize = 4 << 20;

/// What was restored.
#[derive(Debug)]
pub struct Restored {
    /// How many rows.
    pub rows: u64,
    /// Where the database is now that stood there before.
    pub before: Option<PathBuf>,
}

/// Makes the database at this address from a backup. A file that stands there is put aside, under a name with `mark` in
/// it; a database on a server must be empty.
///
/// # Errors
/// The backup is not whole, or cannot be restored there; what stood there stays as it was.
pub async fn restore(url: &str, backup: &Path, mark: &str) -> Result<Restored, BackupError> {
    sqlx::any::install_default_drivers();
    let (schema, rows) = check(&mut BufReader::new(File::open(backup)?))?;
    let newest = MIGRATIONS.iter().map(|m| m.version).max().unwrap_or(0);
    if schema > newest {
        return Err(StoreError::Newer(schema).into());
    }
    match Dialect::of(url).ok_or(StoreError::Address)? {
        Dialect::Sqlite => beside(url, backup, schema, rows, mark).await,
        Dialect::Postgres => {
            let mut db = AnyConnection::connect(url).await?;
            Dialect::Postgres.prepare(&mut db, true).await?;
            empty(&mut db, schema).await?;
            fill(Dialect::Postgres, &mut db, backup, schema, rows).await?;
            db.close().await?;
            Ok(Restored { rows, before: None })
        }
    }
}

/// Restores into a new file beside the one that stands there, and puts it into its place when it is whole.
async fn beside(
    url: &str,
    backup: &Path,
    schema: i64,
    rows: u64,
    mark: &str,
) -> Result<Restored, BackupError> {
    // Held until the end: no server may run on the file.
    let (path, _lock) = private_files::locked(url)?;
    let fresh = named(&path, "restoring");
    for end in ["", "-wal", "-shm"] {
        remove(&named_end(&fresh, end))?;
    }
    let filled = into_file(&fresh, backup, schema, rows).await;
    if let Err(error) = filled {
        for end in ["", "-wal", "-shm"] {
            remove(&named_end(&fresh, end))?;
        }
        return Err(error);
    }
    let before = path
        .exists()
        .then(|| named(&path, &format!("before-{mark}")));
    if let Some(before) = &before {
        // What was not yet moved into the file stands beside it, and goes along.
        for end in ["-wal", "-shm", ""] {
            let from = named_end(&path, end);
            if from.exists() {
                std::fs::rename(from, named_end(before, end))?;
            }
        }
    }
    std::fs::rename(&fresh, &path)?;
    Ok(Restored { rows, before })
}

async fn into_file(fresh: &Path, backup: &Path, schema: i64, rows: u64) -> Result<(), BackupError> {
    private_files::make(fresh)?;
    let url = format!("sqlite://{}?mode=rwc", fresh.display());
    let mut db = AnyConnection::connect(&url).await?;
    Dialect::Sqlite.prepare(&mut db, true).await?;
    fill(Dialect::Sqlite, &mut db, backup, schema, rows).await?;
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
        .execute(&mut db)
        .await?;
    Ok(db.close().await?)
}

fn named(path: &Path, what: &str) -> PathBuf {
    named_end(path, &format!(".{what}"))
}

fn named_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

fn remove(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Whether nothing that anybody said or did is in the database.
async fn empty(db: &mut AnyConnection, schema: i64) -> Result<(), BackupError> {
    let there = tables(Dialect::Postgres, db).await?;
    let refused = |why: &str| Err(BackupError::Target(why.to_owned()));
    if there.is_empty() {
        return Ok(());
    }
    if !there.iter().any(|t| t == "conversations") {
        return refused("the database has tables that are none of ours: give an empty one");
    }
    for table in ["conversations", "agents", "complaints"] {
        let sql = format!("SELECT CAST(count(*) AS BIGINT) FROM {table}");
        let n: i64 = sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_one(&mut *db)
            .await?;
        if n > 0 {
            return refused("the database is in use: make an empty one, and restore into that");
        }
    }
    let version: i64 = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations")
        .fetch_one(db)
        .await?;
    if version > schema {
        return refused(
            "the database has a newer schema than the backup: make an empty one, and restore into that",
        );
    }
    Ok(())
}

/// Brings the schema to that of the backup, writes its rows in one transaction, and brings all of it up to date.
async fn fill(
    dialect: Dialect,
    db: &mut AnyConnection,
    backup: &Path,
    schema: i64,
    rows: u64,
) -> Result<(), BackupError> {
    let migration = |e: sqlx::migrate::MigrateError| StoreError::Migration(e.to_string());
    MIGRATIONS
        .run_to(schema, &mut *db)
        .await
        .map_err(migration)?;
    let mut all = db.begin().await?;
    for table in tables(dialect, &mut all).await? {
        sqlx::query(AssertSqlSafe(format!("DELETE FROM {table}")))
            .execute(&mut *all)
            .await?;
    }
    let written = write_rows(dialect, &mut all, backup).await?;
    if written != rows {
        let why = format!("{written} rows were written, and the backup has {rows}");
        return Err(BackupError::Target(why));
    }
    all.commit().await?;
    MIGRATIONS.run(&mut *db).await.map_err(migration)?;
    dialect.index_words(db, sealing::is_on()).await?;
    upgrade::fill_in(dialect, db).await?;
    Ok(upgrade::fill_in_register(dialect, db, sealing::is_on()).await?)
}

async fn write_rows(
    dialect: Dialect,
    db: &mut AnyConnection,
    backup: &Path,
) -> Result<u64, BackupError> {
    let known = tables(dialect, db).await?;
    let mut file = BufReader::new(File::open(backup)?);
    let (mut text, mut number, mut written) = (String::new(), 0_u64, 0_u64);
    let mut statement = String::new();
    let mut rows: Vec<Vec<serde_json::Value>> = Vec::new();
    let mut bytes = 0;
    loop {
        text.clear();
        number += 1;
        file.read_line(&mut text)?;
        let line = parsed(number, &text)?;
        let full = rows.len() >= ROWS || bytes >= BYTES;
        if !rows.is_empty() && (full || !matches!(line, Line::Row(_))) {
            written += rows.len() as u64;
            sqlx::query(AssertSqlSafe(statement.clone()))
                .bind(json(&rows))
                .execute(&mut *db)
                .await?;
            rows.clear();
            bytes = 0;
        }
        match line {
            Line::Head(_) => {}
            Line::Foot(_) => return Ok(written),
            Line::Row(row) => {
                bytes += text.len();
                rows.push(row);
            }
            Line::Table(table) => {
                let wrong = |what: String| BackupError::Content(number, what);
                if !known.contains(&table.table) {
                    return Err(wrong(format!("there is no table {}", table.table)));
                }
                let types = columns(dialect, db, &table.table).await?;
                let types: BTreeMap<String, String> = types.into_iter().collect();
                let mut values = Vec::with_capacity(table.columns.len());
                for (at, column) in table.columns.iter().enumerate() {
                    let kind = types.get(column);
                    let kind = kind.ok_or_else(|| wrong(format!("there is no column {column}")))?;
                    values.push(format!("CAST(j.value->>{at} AS {})", cast(kind)));
                }
                let (into, values) = (table.columns.join(", "), values.join(", "));
                statement = dialect.text(&format!(
                    "INSERT INTO {} ({into}) SELECT {values} FROM {{rows}}",
                    table.table
                ));
            }
        }
    }
}

/// The type that a value is read as.
fn cast(kind: &str) -> &'static str {
    match kind {
        "bigint" => "BIGINT",
        "double precision" => "DOUBLE PRECISION",
        _ => "TEXT",
    }
}
