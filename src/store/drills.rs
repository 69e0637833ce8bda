//! Runs of practice, each its agent's own.

use super::{Store, StoreError, sealing};
use crate::domain::{AgentId, Timestamp};
use sqlx::{Row, any::AnyRow};

/// What a run is within an envelope.
const SEALED: &str = "drill";
/// The most runs that are listed, the latest.
const MOST: i64 = 500;

/// How a run stands, without its words.
#[derive(Clone, Debug, PartialEq)]
pub struct DrillRow {
    /// Its id.
    pub id: String,
    /// Whose.
    pub agent: AgentId,
    /// Which scenario.
    pub drill: String,
    /// The how-manieth of this agent with it, from 1.
    pub number: i64,
    /// When it was begun.
    pub begun_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// How many replies were taken.
    pub turns: i64,
    /// Whether it was passed.
    pub passed: bool,
    /// The rule score, once it has ended.
    pub score: Option<f64>,
}

/// What practice came to, over everybody.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct DrillFigures {
    /// How many people ended a run.
    pub people: i64,
    /// Runs that ended.
    pub ended: i64,
    /// Those that were passed.
    pub passed: i64,
    /// The mean of their rule scores.
    pub score: Option<f64>,
}

const ROW: &str = "id, agent, drill, number, begun_at, ended_at, turns, passed, score";

fn drill_row(row: &AnyRow) -> Result<DrillRow, StoreError> {
    let agent: String = row.try_get(1)?;
    Ok(DrillRow {
        id: row.try_get(0)?,
        agent: agent
            .parse()
            .map_err(|_| StoreError::Refused("an agent's id is no UUID".to_owned()))?,
        drill: row.try_get(2)?,
        number: row.try_get(3)?,
        begun_at: Timestamp(row.try_get(4)?),
        ended_at: row.try_get::<Option<i64>, _>(5)?.map(Timestamp),
        turns: row.try_get(6)?,
        passed: row.try_get::<i64, _>(7)? != 0,
        score: row.try_get::<Option<i64>, _>(8)?.map(share),
    })
}

/// A share is kept in thousandths: the driver binds no empty floating-point value on Postgres.
fn share(thousandths: i64) -> f64 {
    thousandths as f64 / 1000.0
}

impl Store {
    /// Keeps a new run.
    pub async fn begin_drill(&self, row: &DrillRow, body: &str) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO drill_runs (id, agent, drill, number, begun_at, turns, passed, body) VALUES ($1, $2, $3, $4, $5, 0, 0, $6)")
            .bind(&row.id)
            .bind(row.agent.to_string())
            .bind(&row.drill)
            .bind(row.number)
            .bind(row.begun_at.0)
            .bind(sealing::close(SEALED, &row.id, body.replace('\0', "\u{fffd}")))
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Keeps a run after a reply. False where another reply was taken since it was read.
    pub async fn go_on_with_drill(&self, row: &DrillRow, body: &str) -> Result<bool, StoreError> {
        let done = sqlx::query("UPDATE drill_runs SET ended_at = $1, turns = $2, passed = $3, score = $4, body = $5 WHERE id = $6 AND turns = $7")
            .bind(row.ended_at.map(|t| t.0))
            .bind(row.turns)
            .bind(i64::from(row.passed))
            .bind(row.score.map(|s| (s * 1000.0).round() as i64))
            .bind(sealing::close(SEALED, &row.id, body.replace('\0', "\u{fffd}")))
            .bind(&row.id)
            .bind(row.turns - 1)
            .execute(&self.writer)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// A run of this agent, with its words.
    pub async fn drill_run(
        &self,
        agent: AgentId,
        id: &str,
    ) -> Result<Option<(DrillRow, String)>, StoreError> {
        let row = sqlx::query("SELECT id, agent, drill, number, begun_at, ended_at, turns, passed, score, body FROM drill_runs WHERE id = $1 AND agent = $2")
            .bind(id)
            .bind(agent.to_string())
            .fetch_optional(&self.readers)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let body = sealing::open(SEALED, id, row.try_get(9)?)?.into_owned();
        Ok(Some((drill_row(&row)?, body)))
    }

    /// The runs of an agent, the latest first.
    pub async fn drill_runs(&self, agent: AgentId) -> Result<Vec<DrillRow>, StoreError> {
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
            "SELECT {ROW} FROM drill_runs WHERE agent = $1 ORDER BY begun_at DESC, id DESC LIMIT $2"
        )))
        .bind(agent.to_string())
        .bind(MOST)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(drill_row).collect()
    }

    /// What everybody's practice came to since a moment, without names.
    pub async fn drill_figures(&self, since: Timestamp) -> Result<DrillFigures, StoreError> {
        let row = sqlx::query("SELECT COUNT(DISTINCT agent), COUNT(*), CAST(COALESCE(SUM(passed), 0) AS BIGINT), CAST(ROUND(AVG(score)) AS BIGINT) FROM drill_runs WHERE ended_at >= $1")
            .bind(since.0)
            .fetch_one(&self.readers)
            .await?;
        Ok(DrillFigures {
            people: row.try_get(0)?,
            ended: row.try_get(1)?,
            passed: row.try_get(2)?,
            score: row.try_get::<Option<i64>, _>(3)?.map(share),
        })
    }
}
