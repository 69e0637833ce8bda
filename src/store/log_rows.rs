//! The log as other programs follow it: what they must tell their own pages.

use super::{END_OF_LOG, FeedRow, Store, StoreError, events::feed_row, jobs::STRIDE};
use crate::domain::{Alert, ConversationId, Message};
use sqlx::Row;

/// One entry of the log, with what whoever looks on is told of it.
#[derive(Clone, Debug)]
pub struct LogRow {
    /// What the desk's feed shows.
    pub feed: FeedRow,
    /// The conversation's inbox.
    pub inbox: String,
    /// Whose it is there.
    pub sender: String,
    /// What supervisors should know.
    pub alerts: Vec<Alert>,
}

impl Store {
    /// The last place in the log that is taken. All that stands before it is committed: whoever takes places waits for
    /// those before.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn end_of_log(&self) -> Result<i64, StoreError> {
        let end = sqlx::query_scalar(END_OF_LOG)
            .fetch_one(&self.readers)
            .await?;
        Ok(end)
    }

    /// Where the log ended when the store was opened.
    pub const fn opened_at(&self) -> i64 {
        self.opened_at
    }

    /// What happened behind one place and up to another, at most so many.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn log_between(
        &self,
        after: i64,
        upto: i64,
        limit: i64,
    ) -> Result<Vec<LogRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT e.position, e.kind, e.conversation, e.at, e.outcome, c.inbox, c.sender FROM events e \
             JOIN conversations c ON c.id = e.conversation \
             WHERE e.position > $1 AND e.position <= $2 ORDER BY e.position LIMIT $3",
        )
        .bind(after)
        .bind(upto)
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        let read = |row| {
            let (feed, outcome) = feed_row(row)?;
            let alerts = outcome.get("alerts").cloned().unwrap_or_default();
            Ok(LogRow {
                feed,
                inbox: row.try_get(5)?,
                sender: row.try_get(6)?,
                // An alert that only a newer program knows is passed over.
                alerts: serde_json::from_value(alerts).unwrap_or_default(),
            })
        };
        rows.iter().map(read).collect()
    }

    /// What was said in a conversation because of its events from that one on to that other, with places.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn said_between(
        &self,
        conversation: ConversationId,
        (first, last): (i64, i64),
    ) -> Result<Vec<(i64, Message)>, StoreError> {
        let entries = self.entries_after(conversation, first).await?;
        let said = entries.into_iter().filter(|e| e.position < last + STRIDE);
        Ok(said.map(|e| (e.position, e.message)).collect())
    }
}
