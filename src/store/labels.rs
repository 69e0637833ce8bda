//! Labels, to find conversations by. They are kept in the state; here they stand once more.

use super::{
    Store, StoreError,
    jobs::Worked,
    rows::{OutRow, Writes},
    statement::Statement,
    viewer::Viewer,
};
use crate::domain::{ConversationId, Effect, EventKind};
use serde::Serialize;
use sqlx::Row;

/// The most labels that are listed.
const MOST: i64 = 200;

#[derive(Serialize)]
struct LabelRow<'a> {
    c: ConversationId,
    l: &'a str,
}

/// Writes the labels of the conversations whose labels an event of the batch has changed, as the last one left them.
pub(super) fn labels(worked: &[Worked], writes: &mut Writes) {
    let changes = |w: &&Worked| {
        matches!(w.event.kind, EventKind::Labelled { .. }) || w.effects.contains(&Effect::Forget)
    };
    let (mut gone, mut there) = (Vec::new(), Vec::new());
    for w in worked.iter().filter(changes) {
        let id = w.after.id;
        let Some(last) = worked.iter().rfind(|o| o.after.id == id) else {
            continue;
        };
        if gone.iter().any(|g: &OutRow<'_>| g.c == id) {
            continue;
        }
        gone.push(OutRow {
            c: id,
            p: 0,
            m: String::new(),
            n: "",
            t: 0,
        });
        let labels = last.after.labels.iter();
        there.extend(labels.map(|l| LabelRow { c: id, l }));
    }
    writes.put(
        "DELETE FROM conversation_labels WHERE conversation IN (SELECT j.value->>'c' FROM {rows})",
        &gone,
    );
    writes.put("INSERT INTO conversation_labels (label, conversation) SELECT j.value->>'l', j.value->>'c' FROM {rows}", &there);
}

impl Store {
    /// The labels of the conversations that somebody may see, the most used first, each with the number of those.
    pub async fn labels(&self, viewer: &Viewer) -> Result<Vec<(String, i64)>, StoreError> {
        let mut sql = Statement::default();
        viewer.narrow_conversations(&mut sql);
        let (conditions, most) = (sql.wherever(), sql.number(MOST));
        let text = format!(
            "SELECT l.label, CAST(count(*) AS BIGINT) FROM conversation_labels l JOIN conversations c ON c.id = l.conversation {conditions} GROUP BY l.label ORDER BY count(*) DESC, l.label LIMIT {most}"
        );
        let rows = sql.query(text).fetch_all(&self.readers).await?;
        rows.iter()
            .map(|r| Ok((r.try_get(0)?, r.try_get(1)?)))
            .collect()
    }
}
