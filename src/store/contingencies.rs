//! Rungs of the ladder of contingencies that began and ended: what is shown at the desk, and looked at afterwards.

use super::{Store, StoreError};
use crate::domain::{AgentId, QueueFacts, Timestamp};
use sqlx::{Connection, Row, any::AnyRow};

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
    /// Who did, where their account is there yet.
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

const COLUMNS: &str = "c.id, c.rung, c.began, c.ended, c.why, c.over, c.review, a.name, c.reviewed";

/// A rung begins or ends.
#[derive(Clone, Copy, Debug)]
pub struct RungTurn<'a> {
    /// Which.
    pub rung: &'a str,
    /// When.
    pub at: Timestamp,
    /// The facts by which.
    pub facts: &'a QueueFacts,
    /// The webhook is told of it.
    pub told: bool,
}

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
    /// A rung begins. Whether it was not open already: of two programs on one database one writes it, and with it what
    /// the webhook is told.
    pub async fn rung_began(
        &self,
        id: &str,
        turn: &RungTurn<'_>,
        review: bool,
    ) -> Result<bool, StoreError> {
        let mut connection = self.writer.acquire().await?;
        let mut all = connection.begin().await?;
        let done = sqlx::query("INSERT INTO contingencies (id, rung, began, why, review) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING")
            .bind(id)
            .bind(turn.rung)
            .bind(turn.at.0)
            .bind(text(turn.facts))
            .bind(i64::from(review))
            .execute(&mut *all)
            .await?;
        let began = done.rows_affected() > 0;
        if began && turn.told {
            self.tell_of_rung(&mut all, turn, true).await?;
        }
        all.commit().await?;
        Ok(began)
    }

    /// A rung ends. Whether it was open.
    pub async fn rung_ended(&self, turn: &RungTurn<'_>) -> Result<bool, StoreError> {
        let mut connection = self.writer.acquire().await?;
        let mut all = connection.begin().await?;
        let done = sqlx::query(
            "UPDATE contingencies SET ended = $2, over = $3 WHERE rung = $1 AND ended IS NULL",
        )
        .bind(turn.rung)
        .bind(turn.at.0)
        .bind(text(turn.facts))
        .execute(&mut *all)
        .await?;
        let ended = done.rows_affected() > 0;
        if ended && turn.told {
            self.tell_of_rung(&mut all, turn, false).await?;
        }
        all.commit().await?;
        Ok(ended)
    }

    /// Rungs that hold, and of which nobody has said yet that what is done once was done.
    pub async fn rungs_to_carry_out(&self) -> Result<Vec<String>, StoreError> {
        let rows = sqlx::query_scalar(
            "SELECT rung FROM contingencies WHERE ended IS NULL AND carried_out = 0 ORDER BY began, id",
        );
        Ok(rows.fetch_all(&self.readers).await?)
    }

    /// What is done once when this rung begins was done.
    pub async fn rung_carried_out(&self, rung: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE contingencies SET carried_out = 1 WHERE rung = $1 AND ended IS NULL")
            .bind(rung)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Those that hold, and the latest that are over; the latest first.
    pub async fn contingencies(&self) -> Result<Vec<Contingency>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!(
            "SELECT {COLUMNS} FROM contingencies c LEFT JOIN agents a ON a.id = c.reviewed_by ORDER BY CASE WHEN c.ended IS NULL THEN 0 ELSE 1 END, c.began DESC, c.id LIMIT $1"
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
        by: AgentId,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query("UPDATE contingencies SET reviewed_by = $2, reviewed = $3 WHERE id = $1 AND review = 1 AND ended IS NOT NULL AND reviewed IS NULL")
            .bind(id)
            .bind(by.to_string())
            .bind(at.0)
            .execute(&self.writer)
            .await?;
        Ok(done.rows_affected() > 0)
    }
}
