//! Files of messages that their writer took back. What is on a complaint's record stays, as the record does.

use super::{StoreError, jobs::Worked, rows::Extra};
use crate::domain::Effect;
use sqlx::AnyConnection;

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
            let extra: Extra =
                serde_json::from_str(&extra).map_err(StoreError::document("message"))?;
            for file in extra.attachments {
                let reference = w.after.complaint.as_ref();
                sqlx::query("DELETE FROM attachments WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM complaints WHERE (conversation = $2 OR reference = $3) AND body LIKE $4)")
                    .bind(file.id.to_string())
                    .bind(w.after.id.to_string())
                    .bind(reference.map(ToString::to_string).unwrap_or_default())
                    .bind(format!("%{}%", file.id))
                    .execute(&mut *db)
                    .await?;
            }
        }
    }
    Ok(())
}
