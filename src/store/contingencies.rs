//! Rungs of the ladder of contingencies that began and ended: what is shown at the desk, and looked at afterwards.

use super::{Store, StoreError};
use crate::domain::{QueueFacts, Timestamp};
use sqlx::{Row, any::AnyRow};

/// How many of the latest are shown.
const SHOWN: i64 = 50;

/// A rung that began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contingency {
    /// Its id.
    pub id: String,
    /// Which rung.
    pub rung: String,
    /// When it began.
    pub began: Timestamp,
    /// When it ended; none: it holds.
    pub ended: Option<Timestamp>,
    /// The facts by which it began.
    pub why: QueueFacts,
    /// The facts by which it ended.
    pub over: Option<QueueFacts>,
    /// Somebody is to look at it afterwards.
    pub review: bool,
    /// Who did.
    pub reviewed_by: Option<String>,
    /// When.
    pub reviewed: Option<Timestamp>,
}

fn facts(text: &str) -> Result<QueueFacts, StoreError> {
    serde_json::from_str(text).map_err(StoreError::document("a contingency"))
}

fn text(facts: &QueueFacts) -> String {
    serde_json::json!(facts).to_string()
}

const COLUMNS: &str = "id, rung, began, ended, why, over, review, reviewed_by, reviewed";

fn contingency(row: &AnyRow) -> Result<Contingency, StoreError> {
    let over: Option<String> = row.try_get(5)?;
    Ok(Contingency {
        id: row.try_get(0)?,
        rung: row.try_get(1)?,
        began: Timestamp(row.try_get(2)?),
        ended: row.try_get::<Option<i64>, _>(3)?.map(Timestamp),
        why: facts(row.try_get(4)?)?,
        over: over.as_deref().map(facts).transpose()?,
        review: row.try_get::<i64, _>(6)? != 0,
        reviewed_by: row.try_get(7)?,
        reviewed: row.try_get::<Option<i64>, _>(8)?.map(Timestamp),
    })
}

impl Store {
    /// A rung begins. Whether it was not open already: of two programs on one database one writes it.
    pub async fn rung_began(
        &self,
        id: &str,
        rung: &str,
        at: Timestamp,
        why: &QueueFacts,
        review: bool,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query("INSERT INTO contingencies (id, rung, began, why, review) SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS BIGINT), CAST($4 AS TEXT), CAST($5 AS BIGINT) WHERE NOT EXISTS (SELECT 1 FROM contingencies c WHERE c.rung = $2 AND c.ended IS NULL)")
            .bind(id)
            .bind(rung)
            .bind(at.0)
            .bind(text(why))
            .bind(i64::from(review))
            .execute(&self.writer)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// A rung ends.
    pub async fn rung_ended(
        &self,
        rung: &str,
        at: Timestamp,
        over: &QueueFacts,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "UPDATE contingencies SET ended = $2, over = $3 WHERE rung = $1 AND ended IS NULL",
        )
        .bind(rung)
        .bind(at.0)
        .bind(text(over))
        .execute(&self.writer)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Those that hold, and the latest that are over; the latest first.
    pub async fn contingencies(&self) -> Result<Vec<Contingency>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!(
            "SELECT {COLUMNS} FROM contingencies ORDER BY CASE WHEN ended IS NULL THEN 0 ELSE 1 END, began DESC, id LIMIT $1"
        ));
        let rows = sqlx::query(sql)
            .bind(SHOWN)
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(contingency).collect()
    }

    /// Somebody has looked at one that is over. Whether there was one to look at.
    pub async fn contingency_reviewed(
        &self,
        id: &str,
        by: &str,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query("UPDATE contingencies SET reviewed_by = $2, reviewed = $3 WHERE id = $1 AND review = 1 AND ended IS NOT NULL AND reviewed IS NULL")
            .bind(id)
            .bind(by)
            .bind(at.0)
            .execute(&self.writer)
            .await?;
        Ok(done.rows_affected() > 0)
    }
}
