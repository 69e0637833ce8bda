//! Files of messages that their writer took back. What is on a complaint's record stays, as the record does.

use super::{StoreError, jobs::Worked, rows::read_extra, shapes};
use crate::domain::Effect;
use sqlx::{AnyConnection, Row};

/// Removes them. To be done while the messages still name them.
pub(super) async fn remove(db: &mut AnyConnection, worked: &[Worked]) -> Result<(), StoreError> {
    for w in worked {
        for effect in &w.effects {
            let Effect::Erase { target } = effect else {
                continue;
            };
            let extra: Option<Option<String>> = sqlx::query_scalar("SELECT extra FROM messages WHERE conversation = $1 AND id = $2 AND author = 'contact'")
                .bind(w.after.id.to_string())
                .bind(target.to_string())
                .fetch_optional(&mut *db)
                .await?;
            let Some(extra) = extra.flatten() else {
                continue;
            };
            let extra = read_extra(&target.to_string(), &extra)?;
            if extra.attachments.is_empty() {
                continue;
            }
            let reference = w.after.complaint.as_ref();
            let records = sqlx::query(
                "SELECT body, reference FROM complaints WHERE conversation = $1 OR reference = $2",
            )
            .bind(w.after.id.to_string())
            .bind(reference.map(ToString::to_string).unwrap_or_default())
            .fetch_all(&mut *db)
            .await?;
            let mut on_record = Vec::new();
            for row in records {
                let record = shapes::complaint(row.try_get(1)?, row.try_get(0)?)?;
                on_record.extend(record.attachments);
            }
            for file in extra.attachments {
                if on_record.iter().any(|kept| kept.id == file.id) {
                    continue;
                }
                sqlx::query("DELETE FROM attachments WHERE id = $1")
                    .bind(file.id.to_string())
                    .execute(&mut *db)
                    .await?;
            }
        }
    }
    Ok(())
}
