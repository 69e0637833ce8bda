//! Files that come to a message after it was written down.

use super::{
    StoreError,
    jobs::Worked,
    rows::{json, read_extra, read_text},
    sealing,
};
use crate::domain::Effect;
use sqlx::{AnyConnection, Row};

/// Puts them beside the contact's messages that they belong to. One that was taken back meanwhile gets none.
pub(super) async fn attach(db: &mut AnyConnection, worked: &[Worked]) -> Result<(), StoreError> {
    for w in worked {
        for effect in &w.effects {
            let Effect::Attach {
                target,
                files,
                borrowed,
                trace: [stood, stands],
            } = effect
            else {
                continue;
            };
            let (conversation, id) = (w.after.id.to_string(), target.to_string());
            let row = sqlx::query("SELECT text, extra FROM messages WHERE conversation = $1 AND id = $2 AND author = 'contact' AND erased = 0")
                .bind(&conversation)
                .bind(&id)
                .fetch_optional(&mut *db)
                .await?;
            let Some(row) = row else { continue };
            let (text, extra): (String, Option<String>) = (row.try_get(0)?, row.try_get(1)?);
            let text = read_text(&id, &text)?;
            let extra = extra.as_deref().map(|e| read_extra(&id, e)).transpose()?;
            let mut extra = extra.unwrap_or_default();
            for file in files {
                if !extra.attachments.contains(file) {
                    extra.attachments.push(file.clone());
                }
            }
            for words in borrowed {
                if !extra.borrowed.contains(words) {
                    extra.borrowed.push(words.clone());
                }
            }
            let text = if text == *stood { stands } else { &text };
            sqlx::query(
                "UPDATE messages SET text = $1, extra = $2 WHERE conversation = $3 AND id = $4",
            )
            .bind(sealing::close("message", &id, text.as_str()))
            .bind(sealing::close("extra", &id, json(&extra)))
            .bind(&conversation)
            .bind(&id)
            .execute(&mut *db)
            .await?;
        }
    }
    Ok(())
}
