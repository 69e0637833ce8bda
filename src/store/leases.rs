//! Leases: work that one program does at a time. They are kept in the database and end by its clock, so that programs
//! whose own clocks differ agree.

use super::{Store, StoreError, rows::json};
use std::{collections::BTreeMap, time::Duration};

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
             ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until, \
             note = CASE WHEN leases.holder = excluded.holder THEN leases.note END \
             WHERE leases.holder = excluded.holder OR leases.until <= {now} RETURNING name"
        );
        let held = sqlx::query_scalar(self.dialect.sql(&sql))
            .bind(named(names))
            .bind(self.program())
            .bind(time.as_micros() as i64)
            .fetch_all(&self.aside)
            .await?;
        Ok(held)
    }

    /// Lets go of all leases that this program has.
    ///
    /// # Errors
    /// They end by themselves.
    pub async fn let_go(&self) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM leases WHERE holder = $1")
            .bind(self.program())
            .execute(&self.aside)
            .await?;
        Ok(())
    }

    /// Notes what the others show of a lease that this program has.
    ///
    /// # Errors
    /// It may not have been noted.
    pub async fn note_lease(&self, name: &str, note: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE leases SET note = $1 WHERE name = $2 AND holder = $3")
            .bind(note)
            .bind(name)
            .bind(self.program())
            .execute(&self.aside)
            .await?;
        Ok(())
    }

    /// What its holder has noted of a lease that has not ended.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn lease_note(&self, name: &str) -> Result<Option<String>, StoreError> {
        let now = self.dialect.clock();
        let sql = format!("SELECT note FROM leases WHERE name = $1 AND until > {now}");
        let note: Option<Option<String>> = sqlx::query_scalar(self.dialect.sql(&sql))
            .bind(name)
            .fetch_optional(&self.readers)
            .await?;
        Ok(note.flatten())
    }
}
