//! Conversations of one person by several channels.

use super::{Store, StoreError, shapes};
use crate::domain::{Conversation, ConversationId};
use sqlx::Row;
use std::collections::BTreeMap;

impl Store {
    /// Where an agent's words for this conversation go: to the one of the same person's conversations in which
    /// they wrote last.
    pub async fn writes_last(&self, id: ConversationId) -> Result<ConversationId, StoreError> {
        let Some(here) = self.conversation(id).await? else {
            return Ok(id);
        };
        let ids: Vec<_> = (here.linked.iter())
            .map(|l| BTreeMap::from([("i", l.conversation)]))
            .collect();
        if ids.is_empty() {
            return Ok(id);
        }
        let sql = self
            .dialect
            .sql("SELECT c.state, c.id FROM {rows} JOIN conversations c ON c.id = j.value->>'i'");
        let rows = sqlx::query(sql)
            .bind(super::rows::json(&ids))
            .fetch_all(&self.readers)
            .await?;
        let mut all: Vec<Conversation> = Vec::with_capacity(rows.len() + 1);
        for row in rows {
            all.push(shapes::conversation(
                row.try_get(1)?,
                row.try_get(0)?,
                None,
            )?);
        }
        // The last of several that are alike is taken.
        all.push(here);
        let last = all.iter().max_by_key(|c| c.last_wrote);
        Ok(last.map_or(id, |c| c.id))
    }
}
