//! What waits to be sent, and what was given up.

use super::{Store, StoreError, jobs::STRIDE, rows, shapes};
use crate::domain::{Choice, Conversation, ConversationId, Message, MessageId, Timestamp};
use serde::Serialize;
use sqlx::Row;
use std::collections::HashMap;

/// A message that is to be sent.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// Its conversation, as it stands.
    pub conversation: Conversation,
    /// Its place in the log.
    pub position: i64,
    /// The message.
    pub message: Message,
    /// How many of its parts are out already.
    pub parts: usize,
    /// Whether it comes right after another message of the same turn.
    pub follows: bool,
    /// How often it was tried without success.
    pub attempts: u32,
    /// Since when it waits.
    pub since: Timestamp,
}

/// A message that was given up.
#[derive(Clone, Debug)]
pub struct GivenUp {
    /// Its conversation, as it stands.
    pub conversation: Conversation,
    /// The message.
    pub message: Message,
    /// Why, by its public name.
    pub reason: String,
}

const MESSAGE: &str = concat!(rows::columns!(), ", c.id AS held_in, c.state");

fn conversation(row: &sqlx::any::AnyRow) -> Result<Conversation, StoreError> {
    shapes::conversation(row.try_get("held_in")?, row.try_get("state")?, None)
}

impl Store {
    /// Whether something was said after that message that has reached the person.
    pub async fn is_answered(
        &self,
        conversation: ConversationId,
        message: MessageId,
    ) -> Result<bool, StoreError> {
        let answer: Option<String> = sqlx::query_scalar("SELECT m.id FROM messages m LEFT JOIN outbox o ON o.conversation = m.conversation AND o.position = m.position WHERE m.conversation = $1 AND m.author IN ('bot', 'agent') AND o.position IS NULL AND m.position > (SELECT t.position FROM messages t WHERE t.conversation = $1 AND t.id = $2) LIMIT 1")
            .bind(conversation.to_string())
            .bind(message.to_string())
            .fetch_optional(&self.readers)
            .await?;
        Ok(answer.is_some())
    }

    /// Takes the first waiting message of each conversation whose time has come, for as long as `lease`. Two workers
    /// never take the same one.
    pub async fn take_outgoing(
        &self,
        inbox: &str,
        now: Timestamp,
        lease: Timestamp,
        limit: i64,
    ) -> Result<Vec<Outgoing>, StoreError> {
        // The conditions stand twice: the outer ones are looked at again where another program was quicker.
        let taken = sqlx::query("UPDATE outbox SET lease = $1 WHERE given_up = 0 AND due <= $2 AND lease <= $3 AND (conversation, position) IN (SELECT o.conversation, o.position FROM outbox o WHERE o.inbox = $4 AND o.given_up = 0 AND o.due <= $5 AND o.lease <= $6 AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.conversation = o.conversation AND e.given_up = 0 AND e.position < o.position) ORDER BY o.due, o.position LIMIT $7) RETURNING conversation, position, attempts, parts, at")
            .bind(lease.0)
            .bind(now.0)
            .bind(now.0)
            .bind(inbox)
            .bind(now.0)
            .bind(now.0)
            .bind(limit)
            .fetch_all(&self.writer)
            .await?;
        if taken.is_empty() {
            return Ok(Vec::new());
        }
        let mut waiting = HashMap::with_capacity(taken.len());
        let mut places = Vec::with_capacity(taken.len());
        for row in taken {
            let position: i64 = row.try_get(1)?;
            places.push(Taken {
                c: row.try_get(0)?,
                p: position,
                f: position - (position - 1) % STRIDE,
            });
            let (attempts, parts, since): (i64, i64, i64) =
                (row.try_get(2)?, row.try_get(3)?, row.try_get(4)?);
            waiting.insert(position, (attempts, parts, since));
        }
        let sql = self.dialect.sql(&format!("SELECT {MESSAGE}, (SELECT CAST(count(*) AS BIGINT) FROM messages e WHERE e.conversation = m.conversation AND e.position >= CAST(j.value->>'f' AS BIGINT) AND e.position < m.position AND e.author IN ('bot', 'agent')) AS before FROM {{rows}} JOIN messages m ON m.conversation = j.value->>'c' AND m.position = CAST(j.value->>'p' AS BIGINT) JOIN conversations c ON c.id = m.conversation"));
        let found = sqlx::query(sql)
            .bind(rows::json(&places))
            .fetch_all(&self.readers)
            .await?;
        let mut all = Vec::with_capacity(found.len());
        for row in found {
            let rows::Read {
                position, message, ..
            } = rows::message(&row)?;
            let Some((attempts, parts, since)) = waiting.get(&position).copied() else {
                continue;
            };
            all.push(Outgoing {
                conversation: conversation(&row)?,
                position,
                message,
                follows: row.try_get::<i64, _>("before")? > 0,
                attempts: attempts as u32,
                parts: parts as usize,
                since: Timestamp(since),
            });
        }
        Ok(all)
    }

    /// When the next message of an inbox may be tried.
    pub async fn next_outgoing(&self, inbox: &str) -> Result<Option<Timestamp>, StoreError> {
        let due: Option<i64> = sqlx::query_scalar("SELECT CASE WHEN due > lease THEN due ELSE lease END FROM outbox WHERE inbox = $1 AND given_up = 0 ORDER BY 1 LIMIT 1").bind(inbox).fetch_optional(&self.readers).await?;
        Ok(due.map(Timestamp))
    }

    /// So many parts of a message are out.
    pub async fn parts_sent(
        &self,
        id: ConversationId,
        position: i64,
        parts: usize,
    ) -> Result<(), StoreError> {
        sqlx::query("UPDATE outbox SET parts = $1 WHERE conversation = $2 AND position = $3")
            .bind(parts as i64)
            .bind(id.to_string())
            .bind(position)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// It did not go out; it is tried again then.
    pub async fn postpone(
        &self,
        id: ConversationId,
        position: i64,
        attempts: u32,
        due: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query("UPDATE outbox SET attempts = $1, due = $2, lease = 0 WHERE conversation = $3 AND position = $4")
            .bind(i64::from(attempts))
            .bind(due.0)
            .bind(id.to_string())
            .bind(position)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Lets go of everything that a worker had taken: for whoever has the line of an inbox alone, and begins.
    pub async fn free_outgoing(&self, inbox: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE outbox SET lease = 0 WHERE inbox = $1 AND lease > 0")
            .bind(inbox)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// With whom the latest conversations of an inbox are, and where they take place.
    pub async fn places(
        &self,
        inbox: &str,
        limit: i64,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let rows = sqlx::query(
            "SELECT id AS held_in, state FROM conversations WHERE inbox = $1 ORDER BY changed DESC LIMIT $2",
        )
        .bind(inbox)
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        let mut places = Vec::new();
        for row in rows {
            let talk = conversation(&row)?;
            places.extend(talk.place.map(|place| (talk.sender, place)));
        }
        Ok(places)
    }

    /// Whether that message was given up.
    pub async fn is_given_up(
        &self,
        id: ConversationId,
        message: MessageId,
    ) -> Result<bool, StoreError> {
        let found: Option<i64> = sqlx::query_scalar(
            "SELECT position FROM outbox WHERE conversation = $1 AND message = $2 AND given_up = 1",
        )
        .bind(id.to_string())
        .bind(message.to_string())
        .fetch_optional(&self.readers)
        .await?;
        Ok(found.is_some())
    }

    /// What was given up, the latest first.
    pub async fn given_up(&self, limit: i64) -> Result<Vec<GivenUp>, StoreError> {
        let sql = format!(
            "SELECT {MESSAGE}, o.reason FROM outbox o JOIN messages m ON m.conversation = o.conversation AND m.position = o.position JOIN conversations c ON c.id = o.conversation WHERE o.given_up = 1 ORDER BY o.position DESC LIMIT $1"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(limit)
            .fetch_all(&self.readers)
            .await?;
        rows.iter()
            .map(|row| {
                Ok(GivenUp {
                    conversation: conversation(row)?,
                    message: rows::message(row)?.message,
                    reason: row
                        .try_get::<Option<String>, _>("reason")?
                        .unwrap_or_default(),
                })
            })
            .collect()
    }

    /// The channel's id of the last thing that the bot said before this place, where it offered answers to choose from.
    pub async fn last_offer(
        &self,
        id: ConversationId,
        before: i64,
    ) -> Result<Option<String>, StoreError> {
        let row = sqlx::query("SELECT extra, external FROM messages WHERE conversation = $1 AND position < $2 AND author = 'bot' ORDER BY position DESC LIMIT 1")
            .bind(id.to_string())
            .bind(before)
            .fetch_optional(&self.readers)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let (extra, external): (Option<String>, Option<String>) =
            (row.try_get(0)?, row.try_get(1)?);
        if extra.is_none_or(|e| !e.contains("\"choices\"")) {
            return Ok(None);
        }
        let ids: Vec<String> = external
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default();
        Ok(ids.into_iter().next_back())
    }

    /// Whether the channel's id is that of a message that we sent to that person.
    pub async fn is_ours(
        &self,
        inbox: &str,
        sender: &str,
        external: &str,
    ) -> Result<bool, StoreError> {
        let ids: Vec<String> = sqlx::query_scalar("SELECT m.external FROM messages m JOIN conversations c ON c.id = m.conversation WHERE c.inbox = $1 AND c.sender = $2 AND m.external IS NOT NULL")
            .bind(inbox)
            .bind(sender)
            .fetch_all(&self.readers)
            .await?;
        let is = |text: &String| {
            let ids: Vec<String> = serde_json::from_str(text).unwrap_or_default();
            ids.iter().any(|id| id == external)
        };
        Ok(ids.iter().any(is))
    }

    /// The title under which that answer was last offered in that person's conversation; under `title` alone, where one
    /// is told.
    pub async fn offered(
        &self,
        inbox: &str,
        sender: &str,
        value: &str,
        title: Option<&str>,
    ) -> Result<Option<String>, StoreError> {
        let offers: Vec<String> = sqlx::query_scalar("SELECT m.extra FROM messages m JOIN conversations c ON c.id = m.conversation WHERE c.inbox = $1 AND c.sender = $2 AND m.extra LIKE '%\"choices\"%' ORDER BY m.position DESC")
            .bind(inbox)
            .bind(sender)
            .fetch_all(&self.readers)
            .await?;
        for offer in &offers {
            let mut choices = rows::choices(offer)?.into_iter();
            let fits = |c: &Choice| c.value == value && title.is_none_or(|t| t == c.title);
            if let Some(choice) = choices.find(fits) {
                return Ok(Some(choice.title));
            }
        }
        Ok(None)
    }
}

/// A place in the outbox, and where its turn begins.
#[derive(Serialize)]
struct Taken {
    c: String,
    p: i64,
    f: i64,
}
