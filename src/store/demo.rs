//! Made-up conversations and complaints, written as the program writes real ones.

use super::{
    Store, StoreError, audit,
    jobs::STRIDE,
    register_rows::register,
    rows::{ConversationRow, Writes, json},
    saving::message_row,
    sealing,
};
use crate::domain::{
    AuditDetail, AuditNote, Complaint, Conversation, Deed, Message, complaint::Change,
    digest_of_change,
};
use serde::Serialize;
use sqlx::Connection;

/// A made-up conversation.
#[derive(Debug)]
pub struct MadeUp {
    /// Its state.
    pub conversation: Conversation,
    /// What was said.
    pub messages: Vec<Message>,
    /// What was complained of, with the change that put it on record.
    pub complaints: Vec<(Complaint, Change)>,
}

#[derive(Serialize)]
struct RecordRow<'a> {
    r: &'a str,
    c: String,
    t: i64,
    u: &'a str,
    d: u8,
    b: String,
}

#[derive(Serialize)]
struct ChangeRow<'a> {
    r: &'a str,
    p: i64,
    b: String,
    s: String,
}

impl Store {
    /// Whether nobody has written yet.
    pub async fn is_unused(&self) -> Result<bool, StoreError> {
        let n: i64 = sqlx::query_scalar(
            "SELECT CAST((SELECT count(*) FROM conversations) + (SELECT count(*) FROM complaints) AS BIGINT)",
        )
        .fetch_one(&self.readers)
        .await?;
        Ok(n == 0)
    }

    /// Writes made-up conversations with their complaints, all of them or none.
    pub async fn make_up(&self, all: &[MadeUp]) -> Result<(), StoreError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = connection.begin().await?;
        let db = &mut *transaction;
        let complaints = all.iter().map(|m| m.complaints.len().max(1)).sum::<usize>();
        let room = STRIDE * complaints as i64;
        let last: i64 = sqlx::query_scalar(
            "UPDATE counter SET value = value + $1 WHERE name = 'position' RETURNING value",
        )
        .bind(room)
        .fetch_one(&mut *db)
        .await?;
        let mut place = last - room + 1;
        let (mut messages, mut records, mut changes) = (Vec::new(), Vec::new(), Vec::new());
        let (mut notes, mut numbered) = (Vec::new(), Vec::new());
        for m in all {
            for (at, message) in (place + 1..).zip(&m.messages) {
                messages.push(message_row(m.conversation.id, at, message));
            }
            for (complaint, change) in &m.complaints {
                let (reference, body) = (complaint.reference.as_str(), json(change));
                let salt = m.conversation.id.to_string();
                notes.push(AuditNote {
                    at: change.at,
                    who: change.by.clone(),
                    what: Deed::Changed,
                    about: reference.to_owned(),
                    place,
                    detail: AuditDetail {
                        digest: Some(digest_of_change(&salt, &body)),
                        ..AuditDetail::default()
                    },
                });
                records.push(RecordRow {
                    r: reference,
                    c: complaint.conversation.to_string(),
                    t: complaint.received_at.0,
                    u: complaint.status.name(),
                    d: u8::from(complaint.complete),
                    b: json(complaint),
                });
                changes.push(ChangeRow {
                    r: reference,
                    p: place,
                    b: body,
                    s: salt,
                });
                numbered.push((complaint, place));
                place += STRIDE;
            }
            if m.complaints.is_empty() {
                place += STRIDE;
            }
        }
        let conversations: Vec<_> = (all.iter())
            .map(|m| ConversationRow::of(&m.conversation))
            .collect();
        let mut writes = Writes::default();
        writes.put("INSERT INTO conversations (id, inbox, sender, status, holder, complaint, team, who, state, changed) SELECT j.value->>'i', j.value->>'n', j.value->>'s', j.value->>'u', j.value->>'h', j.value->>'r', j.value->>'m', j.value->>'w', j.value->>'b', CAST(j.value->>'t' AS BIGINT) FROM {rows}", &conversations);
        writes.put("INSERT INTO messages (conversation, position, id, author, agent, text, extra, at) SELECT j.value->>'c', CAST(j.value->>'p' AS BIGINT), j.value->>'i', j.value->>'a', j.value->>'g', j.value->>'x', j.value->>'e', CAST(j.value->>'t' AS BIGINT) FROM {rows}", &messages);
        writes.put("INSERT INTO complaints (reference, conversation, received, status, complete, body) SELECT j.value->>'r', j.value->>'c', CAST(j.value->>'t' AS BIGINT), j.value->>'u', CAST(j.value->>'d' AS BIGINT), j.value->>'b' FROM {rows}", &records);
        writes.put("INSERT INTO complaint_changes (reference, position, body, salt) SELECT j.value->>'r', CAST(j.value->>'p' AS BIGINT), j.value->>'b', j.value->>'s' FROM {rows}", &changes);
        register(&numbered, &mut writes, sealing::is_on());
        audit::append(db, notes, &mut writes).await?;
        for (text, rows) in writes.0 {
            let sql = self.dialect.sql(text);
            sqlx::query(sql).bind(rows).execute(&mut *db).await?;
        }
        Ok(transaction.commit().await?)
    }
}
