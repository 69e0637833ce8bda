//! What rows from before a step of the schema lack, filled in when the program starts.

use super::{
    Dialect, StoreError,
    register_rows::register,
    rows::{Writes, json, team},
    sealing, shapes,
    words::who,
};
use crate::domain::Complaint;
use serde::Serialize;
use sqlx::{AnyConnection, Connection, Row};

/// How many rows are filled in at a time.
const AT_A_TIME: i64 = 100;

#[derive(Serialize)]
struct Found {
    i: String,
    m: Option<String>,
    w: String,
}

/// By what conversations are found that were written before lists had it.
pub(super) async fn fill_in(dialect: Dialect, db: &mut AnyConnection) -> Result<(), StoreError> {
    loop {
        let states = sqlx::query("SELECT state, id FROM conversations WHERE who = '' LIMIT $1")
            .bind(AT_A_TIME)
            .fetch_all(&mut *db)
            .await?;
        if states.is_empty() {
            return Ok(());
        }
        let found = |row: &sqlx::any::AnyRow| {
            let c = shapes::conversation(row.try_get(1)?, row.try_get(0)?, None)?;
            Ok(Found {
                i: c.id.to_string(),
                m: team(&c).map(str::to_owned),
                w: who(&c, sealing::is_on()),
            })
        };
        let rows: Vec<Found> = states
            .iter()
            .map(found)
            .collect::<Result<_, StoreError>>()?;
        // Where another program has written a row meanwhile, that is the newer.
        let sql = dialect.sql("UPDATE conversations SET team = (SELECT j.value->>'m' FROM {rows} WHERE j.value->>'i' = conversations.id), who = (SELECT j.value->>'w' FROM {rows} WHERE j.value->>'i' = conversations.id) WHERE who = '' AND id IN (SELECT j.value->>'i' FROM {rows})");
        sqlx::query(sql).bind(json(&rows)).execute(&mut *db).await?;
    }
}

/// The short rows of complaints that were on record before there were any. A record's number is the place in the log at
/// which it began.
pub(super) async fn fill_in_register(
    dialect: Dialect,
    db: &mut AnyConnection,
    sealed: bool,
) -> Result<(), StoreError> {
    let missing: Option<i64> =
        sqlx::query_scalar("SELECT value FROM counter WHERE name = 'register_missing'")
            .fetch_optional(&mut *db)
            .await?;
    if missing.unwrap_or(0) == 0 {
        return Ok(());
    }
    loop {
        let mut all = db.begin().await?;
        // The lock of all writers, so that nobody changes a record meanwhile.
        sqlx::query("UPDATE counter SET value = value WHERE name = 'position'")
            .execute(&mut *all)
            .await?;
        let rows = sqlx::query("SELECT k.body, (SELECT min(h.position) FROM complaint_changes h WHERE h.reference = k.reference), k.reference FROM complaints k WHERE NOT EXISTS (SELECT 1 FROM register r WHERE r.reference = k.reference) LIMIT $1")
            .bind(AT_A_TIME)
            .fetch_all(&mut *all)
            .await?;
        if rows.is_empty() {
            sqlx::query("UPDATE counter SET value = 0 WHERE name = 'register_missing'")
                .execute(&mut *all)
                .await?;
            return Ok(all.commit().await?);
        }
        let read = |row: &sqlx::any::AnyRow| {
            let number: Option<i64> = row.try_get(1)?;
            Ok((
                shapes::complaint(row.try_get(2)?, row.try_get(0)?)?,
                number.unwrap_or(0),
            ))
        };
        let records: Vec<(Complaint, i64)> =
            rows.iter().map(read).collect::<Result<_, StoreError>>()?;
        let borrowed: Vec<(&Complaint, i64)> = records.iter().map(|(k, n)| (k, *n)).collect();
        let mut writes = Writes::default();
        register(&borrowed, &mut writes, sealed);
        for (text, rows) in writes.0 {
            let sql = dialect.sql(text);
            sqlx::query(sql).bind(rows).execute(&mut *all).await?;
        }
        all.commit().await?;
    }
}
