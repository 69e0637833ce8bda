//! Notes in which a colleague is named, for them to find.

use super::{
    Store, StoreError,
    jobs::Worked,
    rows::{OutRow, Writes, read_text},
};
use crate::domain::{AgentId, ConversationId, Effect, EventKind, Timestamp};
use serde::Serialize;
use sqlx::{Row, any::AnyRow};

/// The most that are listed, the latest.
const MOST: i64 = 100;

#[derive(Serialize)]
struct MentionRow {
    a: AgentId,
    p: i64,
    c: ConversationId,
    t: i64,
}

/// A note in which somebody is named.
#[derive(Clone, Debug)]
pub struct Mention {
    /// Its place in the log.
    pub position: i64,
    /// In which conversation.
    pub conversation: ConversationId,
    /// Who wrote it.
    pub by: Option<String>,
    /// The words.
    pub text: String,
    /// When.
    pub at: Timestamp,
    /// Whoever is named has seen it.
    pub seen: bool,
}

/// Writes the mentions of a batch; those of a conversation that is forgotten go.
pub(super) fn mentions(worked: &[Worked], writes: &mut Writes) {
    let mut rows = Vec::new();
    for w in worked {
        if let EventKind::Noted { mentions, .. } = &w.event.kind
            && let Some((position, _)) = w.messages.first()
        {
            rows.extend(mentions.iter().map(|m| MentionRow {
                a: m.id,
                p: *position,
                c: w.after.id,
                t: w.event.at.0,
            }));
        }
    }
    writes.put("INSERT INTO mentions (agent, position, conversation, at) SELECT j.value->>'a', CAST(j.value->>'p' AS BIGINT), j.value->>'c', CAST(j.value->>'t' AS BIGINT) FROM {rows}", &rows);
    let gone: Vec<OutRow<'_>> = worked
        .iter()
        .filter(|w| w.effects.contains(&Effect::Forget))
        .map(|w| OutRow {
            c: w.after.id,
            p: w.position,
            m: String::new(),
            n: "",
            t: 0,
        })
        .collect();
    writes.put("DELETE FROM mentions WHERE EXISTS (SELECT 1 FROM {rows} WHERE j.value->>'c' = mentions.conversation AND mentions.position < CAST(j.value->>'p' AS BIGINT))", &gone);
}

impl Store {
    /// The notes in which somebody is named, the latest first.
    pub async fn mentions(&self, agent: AgentId) -> Result<Vec<Mention>, StoreError> {
        let rows = sqlx::query("SELECT n.position, n.conversation, m.agent, m.text, n.at, n.seen, m.id FROM mentions n JOIN messages m ON m.conversation = n.conversation AND m.position = n.position WHERE n.agent = $1 ORDER BY n.position DESC LIMIT $2")
            .bind(agent.to_string())
            .bind(MOST)
            .fetch_all(&self.readers)
            .await?;
        let mention = |row: &AnyRow| {
            let conversation: String = row.try_get(1)?;
            Ok(Mention {
                position: row.try_get(0)?,
                conversation: conversation.parse().map_err(|_| {
                    StoreError::Refused("a conversation's id is no UUID".to_owned())
                })?,
                by: row.try_get(2)?,
                text: read_text(row.try_get(6)?, row.try_get(3)?)?,
                at: Timestamp(row.try_get(4)?),
                seen: row.try_get::<i64, _>(5)? != 0,
            })
        };
        rows.iter().map(mention).collect()
    }

    /// They have seen those in a conversation.
    pub async fn mentions_seen(
        &self,
        agent: AgentId,
        conversation: ConversationId,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE mentions SET seen = 1 WHERE agent = $1 AND conversation = $2 AND seen = 0",
        )
        .bind(agent.to_string())
        .bind(conversation.to_string())
        .execute(&self.writer)
        .await?;
        Ok(())
    }
}
