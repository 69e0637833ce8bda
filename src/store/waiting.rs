//! Who waits for a person, and the clock that runs for each.

use super::{Store, StoreError, shapes};
use crate::domain::{Conversation, Status, Timestamp, event::TimerKind};
use sqlx::Row;

/// Somebody who waits: in the queue, or for the answer of whoever has their conversation.
#[derive(Clone, Debug)]
pub struct Waits {
    /// Their conversation.
    pub conversation: Conversation,
    /// When their clock runs out, as the table of timers has it; none: none runs.
    pub clock: Option<Timestamp>,
}

fn waits(conversation: &Conversation) -> bool {
    match conversation.status {
        Status::Queued => true,
        Status::Assigned => conversation.owed.is_some(),
        Status::Bot | Status::Resolved => false,
    }
}

impl Store {
    /// Everybody who waits. One statement, so that nobody seems to be without a clock who is taken over meanwhile.
    pub async fn waiting(&self) -> Result<Vec<Waits>, StoreError> {
        let rows = sqlx::query("SELECT c.state, c.id, t.due FROM conversations c LEFT JOIN timers t ON t.conversation = c.id AND t.kind = CASE c.status WHEN 'queued' THEN $1 ELSE $2 END WHERE c.status = 'queued' OR c.status = 'assigned'")
            .bind(TimerKind::PickupTarget.name())
            .bind(TimerKind::Unanswered.name())
            .fetch_all(&self.readers)
            .await?;
        let mut waiting = Vec::new();
        for row in &rows {
            let conversation = shapes::conversation(row.try_get(1)?, row.try_get(0)?, None)?;
            if waits(&conversation) {
                let clock = row.try_get::<Option<i64>, _>(2)?.map(Timestamp);
                waiting.push(Waits {
                    conversation,
                    clock,
                });
            }
        }
        Ok(waiting)
    }
}
