//! Conversations, as they are read.

use super::{Store, StoreError, rows, shapes};
use crate::{
    domain::{
        AgentId, AgentRef, Conversation, ConversationId, Message, MessageId, Timestamp, Uptake,
        interpretation::names, suggestion::Record,
    },
    handoff,
};
use serde::{Deserialize, Serialize};
use sqlx::{Row, any::AnyRow};
use std::collections::{BTreeMap, HashMap};

names!(
    /// What became of what we said.
    Delivery {
        /// It is with the person, or will be when they look.
        Done = "done",
        /// It is on its way.
        Waiting = "waiting",
        /// It was given up.
        Failed = "failed",
    }
);

/// One entry of a conversation, with what became of it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its place in the log.
    pub position: i64,
    /// What was said.
    pub message: Message,
    /// The contact changed it later.
    pub edited: bool,
    /// The contact took it back; its words are gone.
    pub erased: bool,
    /// Somebody else took it away in the channel; its words stay for staff.
    pub removed: bool,
    /// What became of what we said.
    pub delivery: Delivery,
}

/// A conversation with all that was said in it.
#[derive(Clone, Debug)]
pub struct Detail {
    /// Its state.
    pub conversation: Conversation,
    /// What was said, in order.
    pub entries: Vec<Entry>,
}

/// One who waits.
#[derive(Clone, Debug)]
pub struct QueueRow {
    /// The conversation's state.
    pub conversation: Conversation,
    /// Why it is where it is.
    pub why: Vec<String>,
}

/// What a person wrote last in a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Last {
    /// The beginning of it; empty where it was a file, or was taken back.
    pub text: String,
    /// When.
    pub at: Timestamp,
    /// Its place in the log.
    pub position: i64,
    /// Whether an agent has written since.
    pub answered: bool,
    /// When they first wrote after an agent's last words; none where no agent has written yet, or they have not.
    pub unanswered_since: Option<Timestamp>,
}

#[derive(Serialize)]
struct IdRow {
    c: ConversationId,
}

/// A state and its id, the first two columns.
fn state(row: &AnyRow) -> Result<Conversation, StoreError> {
    shapes::conversation(row.try_get(1)?, row.try_get(0)?, None)
}

impl Store {
    /// A conversation's state.
    pub async fn conversation(
        &self,
        id: ConversationId,
    ) -> Result<Option<Conversation>, StoreError> {
        let row = sqlx::query("SELECT state, id FROM conversations WHERE id = $1")
            .bind(id.to_string())
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(state).transpose()
    }

    /// The conversation of a person in an inbox.
    pub async fn conversation_of(
        &self,
        inbox: &str,
        sender: &str,
    ) -> Result<Option<Conversation>, StoreError> {
        let row =
            sqlx::query("SELECT state, id FROM conversations WHERE inbox = $1 AND sender = $2")
                .bind(inbox)
                .bind(sender)
                .fetch_optional(&self.readers)
                .await?;
        row.as_ref().map(state).transpose()
    }

    /// A conversation with all that was said.
    pub async fn detail(&self, id: ConversationId) -> Result<Option<Detail>, StoreError> {
        let Some(conversation) = self.conversation(id).await? else {
            return Ok(None);
        };
        let entries = self.entries_after(id, 0).await?;
        Ok(Some(Detail {
            conversation,
            entries,
        }))
    }

    /// What was said after that place in the log.
    pub async fn entries_after(
        &self,
        id: ConversationId,
        after: i64,
    ) -> Result<Vec<Entry>, StoreError> {
        let rows = sqlx::query(concat!("SELECT ", rows::columns!(), ", CASE WHEN o.given_up = 1 THEN 'failed' WHEN o.given_up = 0 THEN 'waiting' ELSE 'done' END AS delivery FROM messages m LEFT JOIN outbox o ON o.conversation = m.conversation AND o.position = m.position WHERE m.conversation = $1 AND m.position > $2 ORDER BY m.position"))
            .bind(id.to_string())
            .bind(after)
            .fetch_all(&self.readers)
            .await?;
        let entry = |row| {
            let read = rows::message(row)?;
            let delivery: String = row.try_get("delivery")?;
            Ok(Entry {
                position: read.position,
                message: read.message,
                edited: read.edited,
                erased: read.erased,
                removed: read.removed,
                delivery: Delivery::from_name(&delivery).unwrap_or(Delivery::Done),
            })
        };
        rows.iter().map(entry).collect()
    }

    /// The place of a message of this conversation in the log.
    pub async fn place_of(
        &self,
        id: ConversationId,
        message: MessageId,
    ) -> Result<Option<i64>, StoreError> {
        let place =
            sqlx::query_scalar("SELECT position FROM messages WHERE conversation = $1 AND id = $2")
                .bind(id.to_string())
                .bind(message.to_string());
        Ok(place.fetch_optional(&self.readers).await?)
    }

    /// Who waits, most pressing first.
    pub async fn queue(&self, now: Timestamp) -> Result<Vec<QueueRow>, StoreError> {
        let rows = sqlx::query("SELECT state, id FROM conversations WHERE status = 'queued'")
            .fetch_all(&self.readers)
            .await?;
        let mut waiting = Vec::with_capacity(rows.len());
        for row in rows {
            let conversation = state(&row)?;
            if let Some(entry) = &conversation.queue {
                let place = handoff::order(&conversation, entry);
                let why = handoff::why(&conversation, entry, now);
                waiting.push((place, QueueRow { conversation, why }));
            }
        }
        waiting.sort_by_key(|(place, _)| *place);
        Ok(waiting.into_iter().map(|(_, row)| row).collect())
    }

    /// Conversations that somebody has, and in which danger was told of since anybody did something about it; the
    /// longest first.
    pub async fn unheard(&self) -> Result<Vec<Conversation>, StoreError> {
        let rows = sqlx::query("SELECT state, id FROM conversations WHERE status = 'assigned'")
            .fetch_all(&self.readers)
            .await?;
        let mut all = Vec::new();
        for row in rows {
            let conversation = state(&row)?;
            if conversation.unheard.is_some() {
                all.push(conversation);
            }
        }
        all.sort_by_key(|c| c.unheard.map(|u| u.since));
        Ok(all)
    }

    /// Conversations of agents who may not sign in any more, with who has them.
    pub async fn stranded(&self) -> Result<Vec<(ConversationId, AgentRef)>, StoreError> {
        let sql = "SELECT c.state, c.id FROM conversations c LEFT JOIN agents a ON a.id = c.holder WHERE c.status = 'assigned' AND (a.id IS NULL OR a.disabled = 1)";
        let rows = sqlx::query(sql).fetch_all(&self.readers).await?;
        let mut all = Vec::new();
        for row in rows {
            let conversation = state(&row)?;
            if let Some(holder) = conversation.holder {
                all.push((conversation.id, holder));
            }
        }
        Ok(all)
    }

    /// What was last written to us in each of these conversations.
    pub async fn last_words(
        &self,
        ids: &[ConversationId],
    ) -> Result<HashMap<ConversationId, Last>, StoreError> {
        let ids: Vec<IdRow> = ids.iter().map(|c| IdRow { c: *c }).collect();
        let sql = self.dialect.sql("SELECT m.conversation, m.position, m.id, m.text, m.at, CASE WHEN EXISTS (SELECT 1 FROM messages a WHERE a.conversation = m.conversation AND a.position > m.position AND a.author = 'agent') THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS answered, (SELECT MIN(u.at) FROM messages u WHERE u.conversation = m.conversation AND u.author = 'contact' AND u.position > (SELECT MAX(b.position) FROM messages b WHERE b.conversation = m.conversation AND b.author = 'agent')) AS unanswered FROM messages m JOIN (SELECT conversation, MAX(position) AS position FROM messages WHERE author = 'contact' AND conversation IN (SELECT j.value->>'c' FROM {rows}) GROUP BY conversation) l ON l.conversation = m.conversation AND l.position = m.position");
        let rows = sqlx::query(sql)
            .bind(rows::json(&ids))
            .fetch_all(&self.readers)
            .await?;
        let mut all = HashMap::with_capacity(rows.len());
        for row in rows {
            let id: String = row.try_get("conversation")?;
            let last = Last {
                text: rows::read_text(row.try_get("id")?, row.try_get("text")?)?
                    .chars()
                    .take(200)
                    .collect(),
                at: Timestamp(row.try_get("at")?),
                position: row.try_get("position")?,
                answered: row.try_get::<i64, _>("answered")? != 0,
                unanswered_since: row.try_get::<Option<i64>, _>("unanswered")?.map(Timestamp),
            };
            if let Ok(id) = id.parse() {
                all.insert(id, last);
            }
        }
        Ok(all)
    }

    /// How many conversations each agent has; those who have none are left out.
    pub async fn held_counts(&self) -> Result<HashMap<AgentId, i64>, StoreError> {
        let sql = "SELECT holder, CAST(count(*) AS BIGINT) FROM conversations WHERE holder IS NOT NULL GROUP BY holder";
        let rows = sqlx::query(sql).fetch_all(&self.readers).await?;
        let mut counts = HashMap::with_capacity(rows.len());
        for row in rows {
            if let Ok(id) = row.try_get::<String, _>(0)?.parse() {
                counts.insert(id, row.try_get(1)?);
            }
        }
        Ok(counts)
    }

    /// How long the last fifty pick-ups took, in seconds.
    pub async fn recent_waits(&self) -> Result<Vec<i64>, StoreError> {
        Ok(
            sqlx::query_scalar("SELECT waited FROM pickups ORDER BY position DESC LIMIT 50")
                .fetch_all(&self.readers)
                .await?,
        )
    }

    /// How often each kind of suggestion was taken, edited or left, by kind.
    pub async fn suggestion_records(&self) -> Result<BTreeMap<String, Record>, StoreError> {
        let rows =
            sqlx::query("SELECT kind, uptake, COUNT(*) FROM suggestion_uses GROUP BY kind, uptake")
                .fetch_all(&self.readers)
                .await?;
        let mut records: BTreeMap<String, Record> = BTreeMap::new();
        for row in &rows {
            let count = u32::try_from(row.try_get::<i64, _>(2)?).unwrap_or(u32::MAX);
            let record = records.entry(row.try_get(0)?).or_default();
            match Uptake::from_name(row.try_get::<&str, _>(1)?) {
                Some(Uptake::Taken) => record.taken = count,
                Some(Uptake::Edited) => record.edited = count,
                Some(Uptake::Ignored) => record.ignored = count,
                None => {}
            }
        }
        Ok(records)
    }

    /// How many wait, and since when the longest.
    pub async fn queue_length(&self) -> Result<(i64, Option<Timestamp>), StoreError> {
        let rows = sqlx::query("SELECT state, id FROM conversations WHERE status = 'queued'")
            .fetch_all(&self.readers)
            .await?;
        let mut oldest: Option<Timestamp> = None;
        for row in &rows {
            let since = state(row)?.queue.map(|q| q.since);
            oldest = match (oldest, since) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
        }
        Ok((rows.len() as i64, oldest))
    }

    /// How much was said of its own accord and has not been seen to arrive.
    pub async fn outbox_depth(&self) -> Result<i64, StoreError> {
        Ok(
            sqlx::query_scalar("SELECT CAST(count(*) AS BIGINT) FROM outbox WHERE given_up = 0")
                .fetch_one(&self.readers)
                .await?,
        )
    }

    /// Whether something said to this person of its own accord has not been seen to arrive.
    pub async fn undelivered(&self, id: ConversationId) -> Result<bool, StoreError> {
        let one: Option<i64> =
            sqlx::query_scalar("SELECT position FROM outbox WHERE conversation = $1 LIMIT 1")
                .bind(id.to_string())
                .fetch_optional(&self.readers)
                .await?;
        Ok(one.is_some())
    }

    /// Timers that are due.
    pub async fn due_timers(
        &self,
        now: Timestamp,
        limit: i64,
    ) -> Result<Vec<(ConversationId, crate::domain::event::TimerKind)>, StoreError> {
        let rows = sqlx::query(
            "SELECT conversation, kind FROM timers WHERE due <= $1 ORDER BY due LIMIT $2",
        )
        .bind(now.0)
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        let mut due = Vec::new();
        for row in rows {
            let conversation: String = row.try_get(0)?;
            let kind: String = row.try_get(1)?;
            if let (Ok(id), Some(kind)) = (
                conversation.parse(),
                crate::domain::event::TimerKind::from_name(&kind),
            ) {
                due.push((id, kind));
            }
        }
        Ok(due)
    }

    /// When the next timer is due.
    pub async fn next_timer(&self) -> Result<Option<Timestamp>, StoreError> {
        let due: Option<i64> = sqlx::query_scalar("SELECT due FROM timers ORDER BY due LIMIT 1")
            .fetch_optional(&self.readers)
            .await?;
        Ok(due.map(Timestamp))
    }
}
