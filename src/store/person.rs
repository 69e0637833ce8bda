//! All that is held on a person: found, given out, erased.

use super::{
    Store, StoreError, audit,
    register_rows::{ON_RECORD, register},
    rows::{Writes, json},
    sealing, shapes,
};
use crate::{
    complaint::{emptied, erased},
    domain::{
        AuditDetail, AuditNote, Complaint, Conversation, ConversationId, Deed, Status, Timestamp,
        complaint::{Change, Reference},
        digest_of_change,
    },
};
use serde::Serialize;
use sqlx::{AnyConnection, Connection, Row};
use std::collections::{BTreeMap, BTreeSet};

/// Whom it is about, by what is known of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PersonKey {
    /// A complaint of theirs.
    Complaint(Reference),
    /// A conversation of theirs.
    Conversation(ConversationId),
}

/// All that is held on a person.
#[derive(Clone, Debug, Default)]
pub struct Held {
    /// Their conversations, by every channel that they have proven to be theirs.
    pub conversations: Vec<Conversation>,
    /// What they complained of.
    pub complaints: Vec<Complaint>,
}

/// What was erased.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ErasedCount {
    /// Conversations.
    pub conversations: usize,
    /// Complaints, of which their part in statistics is left.
    pub complaints: usize,
    /// Files.
    pub files: u64,
}

#[derive(Serialize)]
struct StateRow<'a> {
    i: String,
    s: &'a str,
    w: String,
    b: String,
}

impl Store {
    /// All that is held on a person; none where there is nobody like that.
    pub async fn held_on(&self, key: &PersonKey) -> Result<Option<Held>, StoreError> {
        let mut connection = self.readers.acquire().await?;
        let mut db = connection.begin_with(self.dialect.snapshot()).await?;
        held(&mut db, key).await
    }

    /// Takes everything that was said by or about a person out of all tables: words, names, files, the log, the index
    /// of words. What statistics count stays, and a note of the erasure behind the log of changes. After the last one
    /// [`Store::forget_what_was_erased`] takes it out of the database's files.
    pub async fn erase(
        &self,
        key: &PersonKey,
        at: Timestamp,
        who: &str,
    ) -> Result<Option<ErasedCount>, StoreError> {
        let mut connection = self.writer.acquire().await?;
        self.dialect
            .overwrite_what_is_freed(&mut connection, sealing::is_on())
            .await?;
        let mut all = connection.begin().await?;
        // The lock of all writers: nothing is added to what is being taken away.
        sqlx::query("UPDATE counter SET value = value WHERE name = 'position'")
            .execute(&mut *all)
            .await?;
        let Some(held) = held(&mut all, key).await? else {
            return Ok(None);
        };
        let mut count = ErasedCount {
            conversations: held.conversations.len(),
            complaints: held.complaints.len(),
            files: 0,
        };
        for conversation in &held.conversations {
            count.files += self.erase_conversation(&mut all, conversation, at).await?;
        }
        let mut notes = Vec::new();
        for complaint in &held.complaints {
            let left = self.erase_complaint(&mut all, complaint, at).await?;
            notes.push(AuditNote {
                at,
                who: who.to_owned(),
                what: Deed::Erased,
                about: complaint.reference.to_string(),
                place: 0,
                detail: AuditDetail {
                    // There is no word in it that a salt would have to hide.
                    record: Some(digest_of_change("", &left)),
                    ..AuditDetail::default()
                },
            });
        }
        let mut writes = Writes::default();
        audit::append(&mut all, notes, &mut writes).await?;
        self.write_each(&mut all, writes).await?;
        all.commit().await?;
        Ok(Some(count))
    }

    /// Takes what was erased out of the database's files. On `SQLite` the file is written anew: that needs as much room
    /// again, and nobody else writes meanwhile.
    pub async fn forget_what_was_erased(&self) -> Result<(), StoreError> {
        let mut connection = self.writer.acquire().await?;
        let sealed = sealing::is_on();
        self.dialect
            .overwrite_what_is_freed(&mut connection, sealed)
            .await?;
        let done = self.dialect.forget_what_was_freed(&mut connection, sealed);
        Ok(done.await?)
    }

    async fn write_each(&self, db: &mut AnyConnection, writes: Writes) -> Result<(), StoreError> {
        for (text, rows) in writes.0 {
            let sql = self.dialect.sql(text);
            sqlx::query(sql).bind(rows).execute(&mut *db).await?;
        }
        Ok(())
    }

    async fn erase_conversation(
        &self,
        db: &mut AnyConnection,
        conversation: &Conversation,
        at: Timestamp,
    ) -> Result<u64, StoreError> {
        let id = conversation.id.to_string();
        for text in [
            "UPDATE messages SET text = '', extra = NULL, agent = NULL, external = NULL, erased = 1 WHERE conversation = $1",
            "UPDATE events SET kind = 'forgotten', body = '{}', dedupe = NULL WHERE conversation = $1",
            "DELETE FROM outbox WHERE conversation = $1",
            "DELETE FROM timers WHERE conversation = $1",
            "DELETE FROM secret_words WHERE conversation = $1",
            "DELETE FROM conversation_labels WHERE conversation = $1",
        ] {
            sqlx::query(text).bind(&id).execute(&mut *db).await?;
        }
        let (inbox, sender) = (&conversation.inbox, &conversation.sender);
        sqlx::query("DELETE FROM arrivals WHERE inbox = $1 AND lane = $2")
            .bind(inbox)
            .bind(sender)
            .execute(&mut *db)
            .await?;
        let files = sqlx::query("DELETE FROM attachments WHERE inbox = $1 AND sender = $2")
            .bind(inbox)
            .bind(sender)
            .execute(&mut *db)
            .await?
            .rows_affected();
        // Whoever writes again begins anew: nothing says any more that they are the same.
        let sender = format!("erased:{id}");
        let mut state = Conversation::new(conversation.id, inbox, &sender, conversation.changed);
        state.status = Status::Resolved;
        state.closed_by_agent = true;
        state.changed = at;
        let row = StateRow {
            i: id,
            s: &sender,
            w: super::words::who(&state, sealing::is_on()),
            b: sealing::close("conversation", &state.id.to_string(), json(&state)),
        };
        let mut writes = Writes::default();
        writes.put("UPDATE conversations SET sender = (SELECT j.value->>'s' FROM {rows}), status = 'resolved', holder = NULL, complaint = NULL, team = NULL, who = (SELECT j.value->>'w' FROM {rows}), state = (SELECT j.value->>'b' FROM {rows}) WHERE id = (SELECT j.value->>'i' FROM {rows})", &[row]);
        self.write_each(db, writes).await?;
        Ok(files)
    }

    async fn erase_complaint(
        &self,
        db: &mut AnyConnection,
        complaint: &Complaint,
        at: Timestamp,
    ) -> Result<String, StoreError> {
        let left = erased(complaint, at);
        let (reference, body) = (left.reference.as_str(), json(&left));
        sqlx::query("UPDATE complaints SET body = $2 WHERE reference = $1")
            .bind(reference)
            .bind(sealing::close("complaint", reference, body.as_str()))
            .execute(&mut *db)
            .await?;
        let changes =
            sqlx::query("SELECT position, body FROM complaint_changes WHERE reference = $1")
                .bind(reference)
                .fetch_all(&mut *db)
                .await?;
        for row in changes {
            let (position, body): (i64, String) = (row.try_get(0)?, row.try_get(1)?);
            let name = sealing::row(reference, position);
            let body = sealing::open("change", &name, &body)?;
            let change: Change =
                serde_json::from_str(&body).map_err(StoreError::document("history"))?;
            sqlx::query("UPDATE complaint_changes SET body = $3, salt = NULL WHERE reference = $1 AND position = $2")
                .bind(reference)
                .bind(position)
                .bind(sealing::close("change", &name, json(&emptied(&change))))
                .execute(&mut *db)
                .await?;
        }
        sqlx::query("DELETE FROM letters WHERE reference = $1")
            .bind(reference)
            .execute(&mut *db)
            .await?;
        sqlx::query("DELETE FROM proof_tries WHERE reference = $1")
            .bind(reference)
            .execute(&mut *db)
            .await?;
        let mut writes = Writes::default();
        // Its number stays: it is on record already.
        register(&[(&left, ON_RECORD)], &mut writes, sealing::is_on());
        self.write_each(db, writes).await?;
        Ok(body)
    }
}

/// The conversations and complaints of a person: those that are named, what was proven to be theirs, and what was
/// complained of there.
async fn held(db: &mut AnyConnection, key: &PersonKey) -> Result<Option<Held>, StoreError> {
    let mut wanted: Vec<ConversationId> = Vec::new();
    let mut references: BTreeSet<String> = BTreeSet::new();
    match key {
        PersonKey::Conversation(id) => wanted.push(*id),
        PersonKey::Complaint(reference) => {
            let told: Option<String> =
                sqlx::query_scalar("SELECT conversation FROM complaints WHERE reference = $1")
                    .bind(reference.as_str())
                    .fetch_optional(&mut *db)
                    .await?;
            let Some(told) = told else { return Ok(None) };
            references.insert(reference.to_string());
            wanted.extend(told.parse::<ConversationId>());
        }
    }
    let mut found: BTreeMap<ConversationId, Conversation> = BTreeMap::new();
    while let Some(id) = wanted.pop() {
        if found.contains_key(&id) {
            continue;
        }
        let state: Option<String> =
            sqlx::query_scalar("SELECT state FROM conversations WHERE id = $1")
                .bind(id.to_string())
                .fetch_optional(&mut *db)
                .await?;
        let Some(state) = state else { continue };
        let conversation = shapes::conversation(&id.to_string(), &state, None)?;
        wanted.extend(conversation.linked.iter().map(|l| l.conversation));
        let theirs: Vec<String> =
            sqlx::query_scalar("SELECT reference FROM complaints WHERE conversation = $1")
                .bind(id.to_string())
                .fetch_all(&mut *db)
                .await?;
        references.extend(theirs);
        found.insert(id, conversation);
    }
    let mut complaints = Vec::new();
    for reference in references {
        let body: Option<String> =
            sqlx::query_scalar("SELECT body FROM complaints WHERE reference = $1")
                .bind(&reference)
                .fetch_optional(&mut *db)
                .await?;
        complaints.extend(
            body.map(|b| shapes::complaint(&reference, &b))
                .transpose()?,
        );
    }
    let nobody = found.is_empty() && complaints.is_empty();
    Ok((!nobody).then(|| Held {
        conversations: found.into_values().collect(),
        complaints,
    }))
}
