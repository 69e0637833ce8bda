//! Who may see which complaints: a protected one only those of certain roles, and none anybody whom it is about.

use super::{
    Store, StoreError, register_rows::named_as, rows::json, statement::Statement, words::folded,
};
use crate::domain::{AgentRef, ConversationId, Role, complaint::Reference};
use sqlx::Row;
use std::collections::BTreeMap;

/// Shorter words of a name are too common to tell anybody by.
const SHORTEST_NAME: usize = 3;

/// Somebody who looks at the register.
#[derive(Clone, Debug)]
pub struct Viewer {
    protected: bool,
    name: String,
}

/// Whether somebody may see something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sight {
    /// They may.
    Open,
    /// It is protected, and their role does not see that.
    Protected,
    /// It is about them.
    AboutThem,
}

impl Viewer {
    /// An agent; protected complaints are seen from the role `least` on.
    pub fn of(agent: &AgentRef, least: Role) -> Self {
        Self {
            protected: agent.role >= least,
            name: folded(&agent.name),
        }
    }

    /// Conditions on a row `r` of the register: that it is about them, and that it is protected from them. A complaint
    /// is about somebody who is named in it in full; in a protected one a part of the name is enough.
    fn conditions(&self, sql: &mut Statement) -> (String, String) {
        let words: Vec<&str> = self.name.split(' ').collect();
        let mut named = Vec::new();
        if words.len() > 1 {
            for whole in named_as(&self.name, false) {
                let whole = sql.text(whole);
                named.push(format!("r.named LIKE {whole}"));
            }
        }
        let telling = words.iter().filter(|w| w.chars().count() >= SHORTEST_NAME);
        for word in telling {
            for part in named_as(word, true) {
                let part = sql.text(part);
                named.push(format!("(r.protected = 1 AND r.named LIKE {part})"));
            }
        }
        let about = if named.is_empty() {
            "1 = 0".to_owned()
        } else {
            format!("({})", named.join(" OR "))
        };
        let protected = if self.protected {
            "1 = 0"
        } else {
            "r.protected = 1"
        };
        (about, protected.to_owned())
    }

    /// Leaves out of a list what they may not see.
    pub(super) fn narrow(&self, sql: &mut Statement) {
        let (about, protected) = self.conditions(sql);
        sql.conditions.push(format!("NOT ({about} OR {protected})"));
    }

    /// Leaves out of a list of conversations `c` those in which such a complaint was told.
    pub(super) fn narrow_conversations(&self, sql: &mut Statement) {
        let (about, protected) = self.conditions(sql);
        sql.conditions.push(format!(
            "NOT EXISTS (SELECT 1 FROM register r WHERE r.conversation = c.id AND ({about} OR {protected}))"
        ));
    }
}

impl Store {
    /// Whether somebody may see a complaint. One that is not there is open to all: they are told that there is none.
    pub async fn sight_of(
        &self,
        viewer: &Viewer,
        reference: &Reference,
    ) -> Result<Sight, StoreError> {
        let mut sql = Statement::default();
        let value = sql.text(reference.as_str());
        let (about, protected) = viewer.conditions(&mut sql);
        let text = format!(
            "SELECT CAST(coalesce(max(CASE WHEN {about} THEN 2 WHEN {protected} THEN 1 ELSE 0 END), 0) AS BIGINT) FROM register r WHERE r.reference = {value}"
        );
        let row = sql.query(text).fetch_one(&self.readers).await?;
        Ok(match row.try_get::<i64, _>(0)? {
            0 => Sight::Open,
            1 => Sight::Protected,
            _ => Sight::AboutThem,
        })
    }

    /// Those of the conversations that somebody may not see, and why.
    pub async fn hidden_from(
        &self,
        viewer: &Viewer,
        of: &[ConversationId],
    ) -> Result<Vec<(ConversationId, Sight)>, StoreError> {
        let mut sql = Statement::default();
        let (about, protected) = viewer.conditions(&mut sql);
        let ids: Vec<_> = of.iter().map(|c| BTreeMap::from([("c", c)])).collect();
        let ids = sql.text(json(&ids));
        let rows = self.dialect.rows_of(&ids);
        let text = format!(
            "SELECT r.conversation, CAST(max(CASE WHEN {about} THEN 2 ELSE 1 END) AS BIGINT) FROM register r WHERE r.conversation IN (SELECT CAST(j.value->>'c' AS TEXT) FROM {rows}) AND ({about} OR {protected}) GROUP BY r.conversation"
        );
        let rows = sql.query(text).fetch_all(&self.readers).await?;
        let mut hidden = Vec::with_capacity(rows.len());
        for row in rows {
            if let Ok(id) = row.try_get::<String, _>(0)?.parse() {
                hidden.push((
                    id,
                    match row.try_get::<i64, _>(1)? {
                        1 => Sight::Protected,
                        _ => Sight::AboutThem,
                    },
                ));
            }
        }
        Ok(hidden)
    }

    /// The conversation that a file came or went with.
    pub async fn conversation_of_file(
        &self,
        file: &str,
    ) -> Result<Option<ConversationId>, StoreError> {
        let id: Option<String> = sqlx::query_scalar("SELECT c.id FROM attachments a JOIN conversations c ON c.inbox = a.inbox AND c.sender = a.sender WHERE a.id = $1")
            .bind(file)
            .fetch_optional(&self.readers)
            .await?;
        Ok(id.and_then(|id| id.parse().ok()))
    }
}
