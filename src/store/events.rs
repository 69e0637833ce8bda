//! The log, as a feed and for a replay.

use super::jobs::STRIDE;
use super::{Store, StoreError, rows, shapes};
use crate::domain::{
    ConversationId, DeferredAct, DeskStatus, Effect, Event, EventKind, Message, MessageId,
    Snapshot, TimerKind, Timestamp, TransferTarget,
};
use serde::Serialize;
use sqlx::{Row, any::AnyRow};

/// One entry of the feed: what happened, to which conversation. Words and names are fetched from the conversation by
/// those who may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct FeedRow {
    /// The entry's id: rising; send the last one seen as `after`.
    pub id: i64,
    /// What happened, as in the log.
    #[serde(rename = "type")]
    pub kind: String,
    /// The conversation.
    #[schema(value_type = String)]
    pub conversation: ConversationId,
    /// Who has it now.
    pub status: String,
    /// When, RFC 3339.
    pub at: String,
}

/// An event and its place, the first two columns.
fn event(row: &AnyRow) -> Result<Event, StoreError> {
    shapes::event(row.try_get(1)?, row.try_get(0)?)
}

/// An entry of the feed, and the outcome that it was read from: position, kind, conversation, time and outcome are the
/// first five columns.
pub(super) fn feed_row(row: &AnyRow) -> Result<(FeedRow, serde_json::Value), StoreError> {
    let outcome: serde_json::Value = serde_json::from_str(&row.try_get::<String, _>(4)?)
        .map_err(StoreError::document("outcome"))?;
    let feed = FeedRow {
        id: row.try_get(0)?,
        kind: row.try_get(1)?,
        conversation: row
            .try_get::<String, _>(2)?
            .parse()
            .map_err(|_| StoreError::Refused("a conversation's id is no UUID".to_owned()))?,
        status: outcome["status"].as_str().unwrap_or_default().to_owned(),
        at: Timestamp(row.try_get(3)?).rfc3339(),
    };
    Ok((feed, outcome))
}

impl Store {
    /// What happened after that entry, at most so many.
    pub async fn feed_after(&self, after: i64, limit: i64) -> Result<Vec<FeedRow>, StoreError> {
        let rows = sqlx::query("SELECT position, kind, conversation, at, outcome FROM events WHERE position > $1 ORDER BY position LIMIT $2").bind(after).bind(limit).fetch_all(&self.readers).await?;
        rows.iter().map(|row| Ok(feed_row(row)?.0)).collect()
    }

    /// The newest entry's id; 0 where nothing has happened yet.
    pub async fn last_position(&self) -> Result<i64, StoreError> {
        let last: Option<i64> =
            sqlx::query_scalar("SELECT position FROM events ORDER BY position DESC LIMIT 1")
                .fetch_optional(&self.readers)
                .await?;
        Ok(last.unwrap_or(0))
    }

    /// The contact's message that came with that key, and its conversation.
    pub async fn message_of(
        &self,
        dedupe: &str,
    ) -> Result<Option<(ConversationId, MessageId)>, StoreError> {
        let row = sqlx::query(
            "SELECT conversation, body, position FROM events WHERE dedupe = $1 AND kind = 'message'",
        )
        .bind(dedupe)
        .fetch_optional(&self.readers)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let conversation: String = row.try_get(0)?;
        let event: Event = shapes::event(row.try_get(2)?, row.try_get(1)?)?;
        // The first message that an event gives rise to is the contact's own.
        Ok(conversation
            .parse()
            .ok()
            .map(|id| (id, event.id.message(0))))
    }

    /// Whether the contact's message that came with that key has neither files nor a word why they could not be kept.
    pub async fn has_words_alone(&self, dedupe: &str) -> Result<bool, StoreError> {
        let row =
            sqlx::query("SELECT body, position FROM events WHERE dedupe = $1 AND kind = 'message'")
                .bind(dedupe)
                .fetch_optional(&self.readers)
                .await?;
        let event = row.as_ref().map(event).transpose()?;
        let kind = event.map(|event| event.kind);
        Ok(
            matches!(kind, Some(EventKind::Message(m)) if m.attachments.is_empty() && m.unkept.is_empty()),
        )
    }

    /// A message's words as they stand.
    pub async fn text_of(
        &self,
        conversation: ConversationId,
        message: MessageId,
    ) -> Result<Option<String>, StoreError> {
        let kept: Option<String> =
            sqlx::query_scalar("SELECT text FROM messages WHERE conversation = $1 AND id = $2")
                .bind(conversation.to_string())
                .bind(message.to_string())
                .fetch_optional(&self.readers)
                .await?;
        let id = message.to_string();
        kept.map(|kept| rows::read_text(&id, &kept)).transpose()
    }

    /// Everything that happened to one conversation.
    pub async fn log_of(&self, id: ConversationId) -> Result<Vec<Event>, StoreError> {
        let rows =
            sqlx::query("SELECT body, position FROM events WHERE conversation = $1 AND kind <> 'forgotten' ORDER BY position")
                .bind(id.to_string())
                .fetch_all(&self.readers)
                .await?;
        rows.iter().map(event).collect()
    }
}

/// Seconds of quiet after which whoever is not seen at the desk has left the conversation alone.
const LEFT_ALONE: i64 = 60;

/// Whether the person writes to somebody who went away, or is handed on to somebody who is away.
pub(super) fn holder_away(
    desk: &DeskStatus,
    snapshot: &Snapshot,
    kind: &EventKind,
    now: Timestamp,
) -> bool {
    let state = &snapshot.conversation;
    match kind {
        EventKind::Message(_) => {
            let holder = state.holder.as_ref();
            holder.is_some_and(|h| desk.away.contains(&h.id))
                && now.seconds_since(state.changed) >= LEFT_ALONE
        }
        EventKind::Transferred {
            to: TransferTarget::Agent(agent),
            ..
        } => desk.away.contains(&agent.id),
        EventKind::Timer {
            timer: TimerKind::Unanswered,
        } => (state.holder.as_ref()).is_some_and(|h| desk.away.contains(&h.id)),
        EventKind::Timer {
            timer: TimerKind::UndoWindow,
        } => match state.deferred.as_ref().map(|d| &d.act) {
            Some(DeferredAct::Transfer {
                to: TransferTarget::Agent(agent),
                ..
            }) => desk.away.contains(&agent.id),
            _ => false,
        },
        _ => false,
    }
}

/// The messages, each at its place in the log; none where an event would write more than have a place.
pub(super) fn placed(position: i64, effects: &[Effect]) -> Option<Vec<(i64, Message)>> {
    let written = effects.iter().filter_map(|e| {
        if let Effect::Write(m) = e {
            Some(m.clone())
        } else {
            None
        }
    });
    let placed: Vec<(i64, Message)> = written
        .enumerate()
        .map(|(n, m)| (position + 1 + n as i64, m))
        .collect();
    (placed.len() < STRIDE as usize).then_some(placed)
}
