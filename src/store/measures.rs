//! Waits that are over, for the reports.

use super::{Store, StoreError, jobs::Worked, rows::Writes};
use crate::domain::{Effect, Timestamp, measure::Milestone};
use serde::Serialize;
use sqlx::Row;

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
                }),
                _ => None,
            })
        })
        .collect();
    writes.put("INSERT INTO measures (position, what, at, seconds, inbox, team) SELECT CAST(j.value->>'p' AS BIGINT), j.value->>'k', CAST(j.value->>'t' AS BIGINT), CAST(j.value->>'s' AS BIGINT), j.value->>'n', j.value->>'m' FROM {rows}", &rows);
}

impl Store {
    /// The waits that ended from one moment to another, the latest first; and whether there were more.
    pub async fn measured(
        &self,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<(Vec<Measured>, bool), StoreError> {
        let rows = sqlx::query("SELECT what, seconds, inbox, team FROM measures WHERE at >= $1 AND at < $2 ORDER BY at DESC LIMIT $3")
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
            });
        }
        Ok((all, more))
    }
}
