//! Files.

use super::{Store, StoreError, jobs::STRIDE, rows::read_extra, sealing};
use crate::domain::{AttachmentId, AttachmentRef, ConversationId, MessageId, Timestamp};
use base64::{Engine, prelude::BASE64_STANDARD};
use sqlx::Row;

/// A file as it is read back.
#[derive(Clone, Debug)]
pub struct StoredFile {
    /// Name, type and size.
    pub about: AttachmentRef,
    /// Which inbox it came by.
    pub inbox: String,
    /// Who sent it.
    pub sender: String,
    /// Its bytes.
    pub content: Vec<u8>,
}

impl Store {
    /// Keeps a file. It is on disk before the message that brings it; the same id again changes nothing. Whether it is
    /// new.
    pub async fn add_file(
        &self,
        about: &AttachmentRef,
        inbox: &str,
        sender: &str,
        content: &[u8],
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let id = about.id.to_string();
        let kept = sealing::close_bytes("file", &id, content)
            .unwrap_or_else(|| BASE64_STANDARD.encode(content));
        let done = sqlx::query("INSERT INTO attachments (id, inbox, sender, name, media_type, size, content, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING")
            .bind(&id)
            .bind(inbox)
            .bind(sender)
            .bind(sealing::close("name", &id, about.name.as_str()))
            .bind(&about.media_type)
            .bind(about.size as i64)
            .bind(kept)
            .bind(now.0)
            .execute(&self.writer)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Removes a file that nothing refers to.
    pub async fn remove_file(&self, id: AttachmentId) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM attachments WHERE id = $1")
            .bind(id.to_string())
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// The files that came with a message.
    pub async fn files_of(
        &self,
        id: ConversationId,
        message: MessageId,
    ) -> Result<Vec<AttachmentRef>, StoreError> {
        let extra: Option<Option<String>> =
            sqlx::query_scalar("SELECT extra FROM messages WHERE conversation = $1 AND id = $2")
                .bind(id.to_string())
                .bind(message.to_string())
                .fetch_optional(&self.readers)
                .await?;
        let Some(extra) = extra.flatten() else {
            return Ok(Vec::new());
        };
        Ok(read_extra(&message.to_string(), &extra)?.attachments)
    }

    /// The files of the messages that the event at that place in the log brought.
    pub async fn files_at(
        &self,
        conversation: ConversationId,
        position: i64,
    ) -> Result<Vec<AttachmentId>, StoreError> {
        let extras = sqlx::query("SELECT id, extra FROM messages WHERE conversation = $1 AND position >= $2 AND position < $3 AND extra IS NOT NULL")
            .bind(conversation.to_string())
            .bind(position)
            .bind(position + STRIDE)
            .fetch_all(&self.readers)
            .await?;
        let mut files = Vec::new();
        for row in extras {
            let extra = read_extra(row.try_get(0)?, row.try_get(1)?)?;
            files.extend(extra.attachments.iter().map(|a| a.id));
        }
        Ok(files)
    }

    /// Bytes of all files that are kept.
    pub async fn file_bytes(&self) -> Result<u64, StoreError> {
        let sum: i64 =
            sqlx::query_scalar("SELECT CAST(coalesce(sum(size), 0) AS BIGINT) FROM attachments")
                .fetch_one(&self.readers)
                .await?;
        Ok(sum as u64)
    }

    /// A file.
    pub async fn file(&self, id: AttachmentId) -> Result<Option<StoredFile>, StoreError> {
        let row = sqlx::query(
            "SELECT name, media_type, size, content, inbox, sender FROM attachments WHERE id = $1",
        )
        .bind(id.to_string())
        .fetch_optional(&self.readers)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let content: String = row.try_get(3)?;
        let content = match sealing::open_bytes("file", &id.to_string(), &content)? {
            Some(bytes) => bytes,
            None => BASE64_STANDARD
                .decode(content)
                .map_err(|_| StoreError::Refused("a stored file is damaged".to_owned()))?,
        };
        let name: String = row.try_get(0)?;
        let size: i64 = row.try_get(2)?;
        let about = AttachmentRef {
            id,
            name: sealing::open("name", &id.to_string(), &name)?.into_owned(),
            media_type: row.try_get(1)?,
            size: size as u64,
        };
        Ok(Some(StoredFile {
            about,
            inbox: row.try_get(4)?,
            sender: row.try_get(5)?,
            content,
        }))
    }
}
