//! Who waits for a person, and the clock that runs for each.

use super::{Store, StoreError, shapes};
use crate::domain::{Conversation, Status, Timestamp, event::TimerKind};
use sqlx::Row;
use std::collections::HashMap;

/// Somebody who waits: in the queue, or for the answer of whoever has their conversation.
#[derive(Clone, Debug)]
pub struct Waits {
    /// Their conversation.
    pub conversation: Conversation,
    /// When their clock runs out, as the table of timers has it; none: none runs.
    pub clock: Option<Timestamp>,
}

/// The clock that has to run.
fn clock_of(conversation: &Conversation) -> Option<TimerKind> {
    match conversation.status {
        Status::Queued => Some(TimerKind::PickupTarget),
        Status::Assigned if conversation.owed.is_some() => Some(TimerKind::Unanswered),
        Status::Assigned | Status::Bot | Status::Resolved => None,
    }
}

impl Store {
    /// Everybody who waits.
    pub async fn waiting(&self) -> Result<Vec<Waits>, StoreError> {
        let clocks =
            sqlx::query("SELECT conversation, kind, due FROM timers WHERE kind = $1 OR kind = $2")
                .bind(TimerKind::PickupTarget.name())
                .bind(TimerKind::Unanswered.name())
                .fetch_all(&self.readers)
                .await?;
        let mut due = HashMap::with_capacity(clocks.len());
        for row in &clocks {
            let key: (String, String) = (row.try_get(0)?, row.try_get(1)?);
            due.insert(key, Timestamp(row.try_get(2)?));
        }
        let rows = sqlx::query(
            "SELECT state, id FROM conversations WHERE status = 'queued' OR status = 'assigned'",
        )
        .fetch_all(&self.readers)
        .await?;
        let mut waiting = Vec::new();
        for row in &rows {
            let conversation = shapes::conversation(row.try_get(1)?, row.try_get(0)?, None)?;
            if let Some(clock) = clock_of(&conversation) {
                let key = (conversation.id.to_string(), clock.name().to_owned());
                waiting.push(Waits {
                    clock: due.get(&key).copied(),
                    conversation,
                });
            }
        }
        Ok(waiting)
    }
}
