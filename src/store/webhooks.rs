//! What another program is to be told of complaints: written with the change, taken by the sender, and kept as a dead
//! letter where it was given up.

use super::{
    RungTurn, Store, StoreError,
    jobs::Worked,
    rows::{Writes, json},
};
use crate::domain::{Complaint, Effect, Timestamp, hexadecimal};
use serde::Serialize;
use serde_json::{Value, json as value};
use sha2::{Digest, Sha256};
use sqlx::{AnyConnection, Row};

/// A complaint is on record.
const CREATED: &str = "complaint.created";
/// A rung of the ladder of contingencies began or ended, and calls people in.
const CONTINGENCY: &str = "contingency.changed";
/// Its record changed.
const CHANGED: &str = "complaint.changed";

/// One that is to be sent.
#[derive(Clone, Debug)]
pub struct OutgoingWebhook {
    /// Its id: the same with every attempt, so that the receiver knows a repeat.
    pub id: String,
    /// What is sent.
    pub body: String,
    /// How often it was tried without success.
    pub attempts: u32,
}

/// One that was given up.
#[derive(Clone, Debug)]
pub struct DeadWebhook {
    /// Its id.
    pub id: String,
    /// What it tells.
    pub kind: String,
    /// Of which complaint.
    pub reference: String,
    /// Since when.
    pub at: Timestamp,
    /// How often it was tried.
    pub attempts: i64,
    /// What became of the last attempt.
    pub why: String,
}

#[derive(Serialize)]
struct WebhookRow {
    i: String,
    r: String,
    k: &'static str,
    b: String,
    t: i64,
    p: i64,
}

const INSERT: &str = "INSERT INTO webhooks (id, reference, kind, body, at, position, due) SELECT j.value->>'i', j.value->>'r', j.value->>'k', j.value->>'b', CAST(j.value->>'t' AS BIGINT), CAST(j.value->>'p' AS BIGINT), CAST(j.value->>'t' AS BIGINT) FROM {rows}";

fn body(kind: &str, at: Timestamp, data: &Value) -> String {
    value!({"type": kind, "timestamp": at.rfc3339(), "data": data}).to_string()
}

/// An id that tells nothing of what it is made of.
fn id(made_of: &str) -> String {
    let digest = Sha256::digest(format!("webhook|{made_of}").as_bytes());
    format!("msg_{}", &hexadecimal(&digest)[..32])
}

/// What a batch changed: which fields, and none of their values. Of protected complaints nothing is told, since nobody
/// can say who reads along at the receiver.
pub(super) fn changed(worked: &[Worked], writes: &mut Writes) {
    let told = |w: &Worked| {
        let record = w.record.as_ref().filter(|r| !r.case.protected)?;
        let change = w.effects.iter().find_map(|e| match e {
            Effect::Changed(change) => Some(change),
            _ => None,
        })?;
        let fields: Vec<&str> = change.fields.iter().map(|f| f.field.as_str()).collect();
        let created = fields.contains(&"reference");
        let kind = if created { CREATED } else { CHANGED };
        let mut data = value!({"reference": record.reference, "status": record.status});
        if !created {
            data["changed"] = value!(fields);
        }
        Some(WebhookRow {
            i: id(&w.event.id.to_string()),
            r: record.reference.to_string(),
            k: kind,
            b: body(kind, w.event.at, &data),
            t: w.event.at.0,
            p: w.position,
        })
    };
    let rows: Vec<WebhookRow> = worked.iter().filter_map(told).collect();
    writes.put(INSERT, &rows);
}

impl Store {
    /// Writes down that a clock runs out soon, or has run out.
    pub(super) async fn tell_of_clock(
        &self,
        db: &mut AnyConnection,
        record: &Complaint,
        (name, due): (&str, Timestamp),
        kind: &'static str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let reference = record.reference.to_string();
        let data = value!({"reference": reference, "status": record.status, "deadline": name, "due_at": due.rfc3339()});
        let row = WebhookRow {
            i: id(&format!("{kind}|{reference}|{}", due.0)),
            r: reference,
            k: kind,
            b: body(kind, now, &data),
            t: now.0,
            p: 0,
        };
        self.queue_webhook(db, row).await
    }

    /// Writes down that a rung of the ladder of contingencies began or ended: its name stands where a complaint's
    /// reference does, so that what is told of it arrives in order.
    pub(super) async fn tell_of_rung(
        &self,
        db: &mut AnyConnection,
        turn: &RungTurn<'_>,
        begins: bool,
    ) -> Result<(), StoreError> {
        let (rung, at) = (turn.rung, turn.at);
        let data = value!({"rung": rung, "begins": begins, "facts": turn.facts});
        let row = WebhookRow {
            i: id(&format!("{CONTINGENCY}|{rung}|{begins}|{}", at.0)),
            r: rung.to_owned(),
            k: CONTINGENCY,
            b: body(CONTINGENCY, at, &data),
            t: at.0,
            p: 0,
        };
        self.queue_webhook(db, row).await
    }

    /// One more that waits to be sent.
    async fn queue_webhook(
        &self,
        db: &mut AnyConnection,
        row: WebhookRow,
    ) -> Result<(), StoreError> {
        sqlx::query(self.dialect.sql(INSERT))
            .bind(json(&[row]))
            .execute(db)
            .await?;
        Ok(())
    }

    /// Takes the first that waits of each complaint, where its time has come, for as long as `lease`. Two programs
    /// never take the same one.
    pub async fn take_webhooks(
        &self,
        now: Timestamp,
        lease: Timestamp,
        limit: i64,
    ) -> Result<Vec<OutgoingWebhook>, StoreError> {
        let rows = sqlx::query("UPDATE webhooks SET lease = $1 WHERE dead = 0 AND due <= $2 AND lease <= $2 AND id IN (SELECT o.id FROM webhooks o WHERE o.dead = 0 AND o.due <= $2 AND o.lease <= $2 AND NOT EXISTS (SELECT 1 FROM webhooks e WHERE e.reference = o.reference AND e.dead = 0 AND (e.at < o.at OR (e.at = o.at AND e.position < o.position))) ORDER BY o.due LIMIT $3) RETURNING id, body, attempts")
            .bind(lease.0)
            .bind(now.0)
            .bind(limit)
            .fetch_all(&self.writer)
            .await?;
        rows.iter()
            .map(|row| {
                Ok(OutgoingWebhook {
                    id: row.try_get(0)?,
                    body: row.try_get(1)?,
                    attempts: row.try_get::<i64, _>(2)? as u32,
                })
            })
            .collect()
    }

    /// What another program had taken is taken anew: it sends no more.
    pub async fn free_webhooks(&self) -> Result<(), StoreError> {
        sqlx::query("UPDATE webhooks SET lease = 0 WHERE dead = 0 AND lease > 0")
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// It was taken there.
    pub async fn webhook_taken(&self, id: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM webhooks WHERE id = $1")
            .bind(id)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// It was not taken: it is tried again then, or given up (none), for that reason.
    pub async fn webhook_failed(
        &self,
        id: &str,
        again: Option<Timestamp>,
        why: &str,
    ) -> Result<(), StoreError> {
        sqlx::query("UPDATE webhooks SET lease = 0, attempts = attempts + 1, due = $1, dead = $2, why = $3 WHERE id = $4")
            .bind(again.map_or(0, |at| at.0))
            .bind(i64::from(again.is_none()))
            .bind(why)
            .bind(id)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// How many wait, and how many were given up.
    pub async fn webhook_counts(&self) -> Result<(i64, i64), StoreError> {
        let row = sqlx::query("SELECT CAST(COALESCE(SUM(1 - dead), 0) AS BIGINT), CAST(COALESCE(SUM(dead), 0) AS BIGINT) FROM webhooks")
            .fetch_one(&self.readers)
            .await?;
        Ok((row.try_get(0)?, row.try_get(1)?))
    }

    /// What was given up, the oldest first.
    pub async fn dead_webhooks(&self) -> Result<Vec<DeadWebhook>, StoreError> {
        let rows = sqlx::query("SELECT id, kind, reference, at, attempts, why FROM webhooks WHERE dead = 1 ORDER BY at, position, id")
            .fetch_all(&self.readers)
            .await?;
        rows.iter()
            .map(|row| {
                Ok(DeadWebhook {
                    id: row.try_get(0)?,
                    kind: row.try_get(1)?,
                    reference: row.try_get(2)?,
                    at: Timestamp(row.try_get(3)?),
                    attempts: row.try_get(4)?,
                    why: row.try_get::<Option<String>, _>(5)?.unwrap_or_default(),
                })
            })
            .collect()
    }

    /// Has what was given up sent again: one, or all of them. How many.
    pub async fn replay_webhooks(
        &self,
        one: Option<&str>,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let done = sqlx::query("UPDATE webhooks SET dead = 0, attempts = 0, lease = 0, why = NULL, due = $1 WHERE dead = 1 AND (id = $2 OR $2 = '')")
            .bind(now.0)
            .bind(one.unwrap_or_default())
            .execute(&self.writer)
            .await?;
        Ok(done.rows_affected())
    }
}
