//! Clocks that run out soon, or have run out: each is told of once.

use super::{Store, StoreError, rows::json, shapes};
use crate::domain::{
    Timestamp,
    complaint::{Deadline, Reference},
};
use serde::{Deserialize, Serialize};
use sqlx::{Connection, Row};

/// A clock runs out soon.
const DUE: &str = "complaint.due";
/// A clock has run out.
const OVERDUE: &str = "complaint.overdue";
/// How many are looked at in one go.
const AT_ONCE: i64 = 200;

/// How many complaints have a clock that runs out soon, and how many one that has run out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// The day, ISO 8601, where the organisation is.
    pub day: String,
    /// Within the horizon.
    pub due: i64,
    /// Over.
    pub overdue: i64,
    /// Of those the protected ones, which are not for everybody.
    pub protected_due: i64,
    /// See there.
    pub protected_overdue: i64,
}

/// The mark under which the day's digest is kept.
const MARK: &str = "digest";

impl Store {
    /// Complaints that were received since then and told to their end, and that nobody has acknowledged; not the
    /// protected ones.
    pub async fn unacknowledged(&self, since: Timestamp) -> Result<Vec<Reference>, StoreError> {
        let found: Vec<String> = sqlx::query_scalar("SELECT reference FROM register WHERE status = 'open' AND received >= $1 AND complete = 1 AND acknowledged = 0 AND protected = 0 ORDER BY received LIMIT $2")
            .bind(since.0)
            .bind(AT_ONCE)
            .fetch_all(&self.readers)
            .await?;
        Ok(found.iter().filter_map(|r| r.parse().ok()).collect())
    }

    /// How many clocks run out before `horizon`, and how many have run out. Each complaint counts once, by the next
    /// clock that runs.
    pub async fn clocks(&self, now: Timestamp, horizon: Timestamp) -> Result<Digest, StoreError> {
        let row = sqlx::query("SELECT CAST(COALESCE(SUM(CASE WHEN due > $1 THEN 1 ELSE 0 END), 0) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN due <= $1 THEN 1 ELSE 0 END), 0) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN due > $1 THEN protected ELSE 0 END), 0) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN due <= $1 THEN protected ELSE 0 END), 0) AS BIGINT) FROM register WHERE due <= $2")
            .bind(now.0)
            .bind(horizon.0)
            .fetch_one(&self.readers)
            .await?;
        Ok(Digest {
            day: String::new(),
            due: row.try_get(0)?,
            overdue: row.try_get(1)?,
            protected_due: row.try_get(2)?,
            protected_overdue: row.try_get(3)?,
        })
    }

    /// Writes the day's digest, where it was not written yet. The digest, and whether it is new.
    pub async fn write_digest(
        &self,
        day: &str,
        now: Timestamp,
        horizon: Timestamp,
    ) -> Result<(Digest, bool), StoreError> {
        if let Some(known) = self.digest().await?.filter(|d| d.day == day) {
            return Ok((known, false));
        }
        let digest = Digest {
            day: day.to_owned(),
            ..self.clocks(now, horizon).await?
        };
        sqlx::query("INSERT INTO marks (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
            .bind(MARK)
            .bind(json(&digest))
            .execute(&self.writer)
            .await?;
        Ok((digest, true))
    }

    /// The last digest that was written.
    pub async fn digest(&self) -> Result<Option<Digest>, StoreError> {
        let text: Option<String> = sqlx::query_scalar("SELECT value FROM marks WHERE name = $1")
            .bind(MARK)
            .fetch_optional(&self.readers)
            .await?;
        let read = |text: String| serde_json::from_str(&text);
        text.map(read)
            .transpose()
            .map_err(StoreError::document("the day's digest"))
    }

    /// Notes the clocks of which nothing was told yet, and with `webhooks` tells a receiver of them. How many; where
    /// there are as many as are looked at in one go, there may be more.
    pub async fn note_clocks(
        &self,
        now: Timestamp,
        horizon: Timestamp,
        webhooks: bool,
    ) -> Result<i64, StoreError> {
        let mut noted = self
            .note_kind(OVERDUE, (i64::MIN, now.0), now, webhooks)
            .await?;
        noted += self
            .note_kind(DUE, (now.0, horizon.0), now, webhooks)
            .await?;
        Ok(noted)
    }

    async fn note_kind(
        &self,
        kind: &'static str,
        (after, until): (i64, i64),
        now: Timestamp,
        webhooks: bool,
    ) -> Result<i64, StoreError> {
        let found = sqlx::query("SELECT r.reference, r.due, r.protected, c.body FROM register r JOIN complaints c ON c.reference = r.reference WHERE r.due > $1 AND r.due <= $2 AND NOT EXISTS (SELECT 1 FROM clock_notices n WHERE n.reference = r.reference AND n.due = r.due AND n.kind = $3) ORDER BY r.due LIMIT $4")
            .bind(after)
            .bind(until)
            .bind(kind)
            .bind(AT_ONCE)
            .fetch_all(&self.readers)
            .await?;
        if found.is_empty() {
            return Ok(0);
        }
        let mut connection = self.writer.lend().await?;
        let noting = async move {
            let mut transaction = connection.begin().await?;
            let mut noted = 0;
            for row in &found {
                let (reference, due): (String, i64) = (row.try_get(0)?, row.try_get(1)?);
                let new = sqlx::query("INSERT INTO clock_notices (reference, due, kind, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING")
                    .bind(&reference)
                    .bind(due)
                    .bind(kind)
                    .bind(now.0)
                    .execute(&mut *transaction)
                    .await?
                    .rows_affected();
                noted += 1;
                let protected: i64 = row.try_get(2)?;
                if new == 0 || protected == 1 || !webhooks {
                    continue;
                }
                let record = shapes::complaint(&reference, &row.try_get::<String, _>(3)?)?;
                let runs = |d: &&Deadline| d.due_at.0 == due && d.met_at.is_none();
                if let Some(clock) = record.deadlines.iter().find(runs) {
                    let told = (clock.name.as_str(), clock.due_at);
                    self.tell_of_clock(&mut transaction, &record, told, kind, now)
                        .await?;
                }
            }
            transaction.commit().await?;
            connection.give_back();
            Ok(noted)
        };
        self.writer.in_time(noting).await
    }
}
