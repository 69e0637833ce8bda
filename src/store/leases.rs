//! Leases: work that one program does at a time. They are kept in the database and end by its clock, so that programs
//! whose own clocks differ agree.

use super::{Store, StoreError, rows::json};
use sqlx::{Any, Row, pool::PoolConnection};
use std::{collections::BTreeMap, time::Duration};
use tokio::time::timeout;

/// How long the database may take: whoever waits longer for a lease has lost it.
const PATIENCE: Duration = Duration::from_secs(2);

/// Who has a lease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// What it is about.
    pub name: String,
    /// The program that has it.
    pub holder: String,
}

fn named(names: &[&str]) -> String {
    // In one order for all: two programs that ask for the same ones never wait for each other in a circle.
    let names: std::collections::BTreeSet<&str> = names.iter().copied().collect();
    let rows: Vec<_> = names
        .iter()
        .map(|n| BTreeMap::from([("name", n)]))
        .collect();
    json(&rows)
}

impl Store {
    async fn beside(&self) -> Result<PoolConnection<Any>, StoreError> {
        match timeout(PATIENCE, self.aside.acquire()).await {
            Ok(connection) => Ok(connection?),
            Err(_) => Err(StoreError::Unavailable("no answer in time".to_owned())),
        }
    }

    /// Takes those leases of these that are free, and keeps those that this program has; each for so long from now on.
    /// The names of all that it has now.
    ///
    /// # Errors
    /// Nobody knows whether it has them.
    pub async fn hold(&self, names: &[&str], time: Duration) -> Result<Vec<String>, StoreError> {
        let now = self.dialect.clock();
        // What another has is not even touched; the condition stands twice, since somebody else may be quicker.
        let sql = format!(
            "INSERT INTO leases (name, holder, until) SELECT j.value->>'name', $2, {now} + $3 FROM {{rows}} \
             WHERE NOT EXISTS (SELECT 1 FROM leases l WHERE l.name = j.value->>'name' AND l.holder <> $2 AND l.until > {now}) \
             ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until \
             WHERE leases.holder = excluded.holder OR leases.until <= {now} RETURNING name"
        );
        let mut connection = self.beside().await?;
        let held = sqlx::query_scalar(self.dialect.sql(&sql))
            .bind(named(names))
            .bind(self.program())
            .bind(time.as_micros() as i64)
            .fetch_all(&mut *connection);
        let Ok(held) = timeout(PATIENCE, held).await else {
            // It keeps no place from the next.
            drop(connection.detach());
            return Err(StoreError::Unavailable("no answer in time".to_owned()));
        };
        Ok(held?)
    }

    /// Lets go of all leases that this program has.
    ///
    /// # Errors
    /// They end by themselves.
    pub async fn let_go(&self) -> Result<(), StoreError> {
        let mut connection = self.beside().await?;
        sqlx::query("DELETE FROM leases WHERE holder = $1")
            .bind(self.program())
            .execute(&mut *connection)
            .await?;
        Ok(())
    }

    /// All leases that have not ended, by name.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn leases(&self) -> Result<Vec<Lease>, StoreError> {
        let now = self.dialect.clock();
        let sql = format!("SELECT name, holder FROM leases WHERE until > {now} ORDER BY name");
        let rows = sqlx::query(self.dialect.sql(&sql))
            .fetch_all(&self.readers)
            .await?;
        let read = |row: &sqlx::any::AnyRow| {
            Ok(Lease {
                name: row.try_get(0)?,
                holder: row.try_get(1)?,
            })
        };
        rows.iter().map(read).collect()
    }
}
