//! Waits that are over, for the reports.

use super::{Store, StoreError, jobs::Worked, rows::Writes};
use crate::domain::{Effect, Emotion, Timestamp, measure::Milestone};
use serde::Serialize;
use sqlx::{Row, any::AnyRow};

/// The most waits that one report is made of, the latest ones.
const MOST: i64 = 200_000;

#[derive(Serialize)]
struct MeasureRow<'a> {
    p: i64,
    k: &'static str,
    t: i64,
    s: i64,
    n: &'a str,
    m: Option<&'a str>,
    e: &'static str,
    u: Option<u8>,
}

#[derive(Serialize)]
struct RatingRow<'a> {
    p: i64,
    t: i64,
    r: u8,
    n: &'a str,
    m: Option<&'a str>,
}

/// A wait that is over.
#[derive(Clone, Debug)]
pub struct Measured {
    /// For what.
    pub what: Milestone,
    /// How long, in seconds.
    pub seconds: i64,
    /// By which inbox they wrote.
    pub inbox: String,
    /// For which team, where one was waited for.
    pub team: Option<String>,
    /// When it ended.
    pub at: Timestamp,
    /// The strongest feeling; none where an earlier version did not note it.
    pub emotion: Option<Emotion>,
    /// Whether we care for the person, where they said what they are to us.
    pub customer: Option<bool>,
}

/// How a talk was for somebody.
#[derive(Clone, Debug)]
pub struct Rated {
    /// From 1, very bad, to 5, very good.
    pub rating: i64,
    /// By which inbox they wrote.
    pub inbox: String,
    /// With which team they talked, where one was waited for.
    pub team: Option<String>,
}

/// Writes the waits that ended in a batch.
pub(super) fn measures(worked: &[Worked], writes: &mut Writes) {
    let rows: Vec<MeasureRow<'_>> = worked
        .iter()
        .flat_map(|w| {
            w.effects.iter().filter_map(|e| match e {
                Effect::Measured(m) => Some(MeasureRow {
                    p: w.position,
                    k: m.what.name(),
                    t: w.event.at.0,
                    s: m.seconds,
                    n: &w.after.inbox,
                    m: m.team.as_deref(),
                    e: m.emotion.name(),
                    u: m.customer.map(u8::from),
                }),
                _ => None,
            })
        })
        .collect();
    writes.put("INSERT INTO measures (position, what, at, seconds, inbox, team, emotion, customer) SELECT CAST(j.value->>'p' AS BIGINT), j.value->>'k', CAST(j.value->>'t' AS BIGINT), CAST(j.value->>'s' AS BIGINT), j.value->>'n', j.value->>'m', j.value->>'e', CAST(j.value->>'u' AS BIGINT) FROM {rows}", &rows);
    let rows: Vec<RatingRow<'_>> = worked
        .iter()
        .flat_map(|w| {
            w.effects.iter().filter_map(|e| match e {
                Effect::Rated(r) => Some(RatingRow {
                    p: w.position,
                    t: w.event.at.0,
                    r: r.rating,
                    n: &w.after.inbox,
                    m: r.team.as_deref(),
                }),
                _ => None,
            })
        })
        .collect();
    writes.put("INSERT INTO ratings (position, at, rating, inbox, team) SELECT CAST(j.value->>'p' AS BIGINT), CAST(j.value->>'t' AS BIGINT), CAST(j.value->>'r' AS BIGINT), j.value->>'n', j.value->>'m' FROM {rows}", &rows);
}

impl Store {
    /// The waits that ended from one moment to another, the latest first; and whether there were more.
    pub async fn measured(
        &self,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<(Vec<Measured>, bool), StoreError> {
        let rows = sqlx::query("SELECT what, seconds, inbox, team, at, emotion, customer FROM measures WHERE at >= $1 AND at < $2 ORDER BY at DESC LIMIT $3")
            .bind(from.0)
            .bind(to.0)
            .bind(MOST + 1)
            .fetch_all(&self.readers)
            .await?;
        let more = rows.len() as i64 > MOST;
        let mut all = Vec::with_capacity(rows.len());
        for row in rows.iter().take(rows.len() - usize::from(more)) {
            // One that a newer program has written is none of ours.
            let Some(what) = Milestone::from_name(row.try_get::<&str, _>(0)?) else {
                continue;
            };
            all.push(Measured {
                what,
                seconds: row.try_get(1)?,
                inbox: row.try_get(2)?,
                team: row.try_get(3)?,
                at: Timestamp(row.try_get(4)?),
                emotion: (row.try_get::<Option<&str>, _>(5)?).and_then(Emotion::from_name),
                customer: row.try_get::<Option<i64>, _>(6)?.map(|c| c != 0),
            });
        }
        Ok((all, more))
    }

    /// How talks were for people, as they said from one moment to another; the latest.
    pub async fn ratings(&self, from: Timestamp, to: Timestamp) -> Result<Vec<Rated>, StoreError> {
        let rows = sqlx::query("SELECT rating, inbox, team FROM ratings WHERE at >= $1 AND at < $2 ORDER BY at DESC LIMIT $3")
            .bind(from.0)
            .bind(to.0)
            .bind(MOST)
            .fetch_all(&self.readers)
            .await?;
        let rated = |row: &AnyRow| {
            Ok(Rated {
                rating: row.try_get(0)?,
                inbox: row.try_get(1)?,
                team: row.try_get(2)?,
            })
        };
        rows.iter().map(rated).collect()
    }

    /// What became of suggestions from one moment to another: kind, what became of it, how often.
    pub async fn suggestion_uses(
        &self,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<(String, String, i64)>, StoreError> {
        let rows = sqlx::query("SELECT kind, uptake, CAST(count(*) AS BIGINT) FROM suggestion_uses WHERE at >= $1 AND at < $2 GROUP BY kind, uptake ORDER BY kind, uptake")
            .bind(from.0)
            .bind(to.0)
            .fetch_all(&self.readers)
            .await?;
        let used = |row: &AnyRow| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?));
        rows.iter().map(used).collect()
    }
}
