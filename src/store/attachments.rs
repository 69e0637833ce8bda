//! Files.

use super::rows::Extra;
use super::{Store, StoreError};
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
    /// Keeps a file. It is on disk before the message that brings it; the same id again changes nothing.
    pub async fn add_file(
        &self,
        about: &AttachmentRef,
        inbox: &str,
        sender: &str,
        content: &[u8],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO attachments (id, inbox, sender, name, media_type, size, content, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING")
            .bind(about.id.to_string())
            .bind(inbox)
            .bind(sender)
            .bind(&about.name)
            .bind(&about.media_type)
            .bind(about.size as i64)
            .bind(BASE64_STANDARD.encode(content))
            .bind(now.0)
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
        let extra: Extra = serde_json::from_str(&extra).map_err(StoreError::document("message"))?;
        Ok(extra.attachments)
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
        let content = BASE64_STANDARD
            .decode(content)
            .map_err(|_| StoreError::Refused("a stored file is damaged".to_owned()))?;
        let size: i64 = row.try_get(2)?;
        let about = AttachmentRef {
            id,
            name: row.try_get(0)?,
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
