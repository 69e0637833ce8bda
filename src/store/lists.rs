//! Lists of conversations: everything that one may see, the newest change first.

use super::{
    Store, StoreError, sealing, shapes, statement::Statement, viewer::Viewer, words::Words,
};
use crate::domain::{AgentId, Conversation, ConversationId, Status, Timestamp};
use sqlx::Row;

/// From where a list goes on: behind this conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// When something last happened in it.
    pub changed: Timestamp,
    /// Which it is.
    pub id: ConversationId,
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.changed.0, self.id)
    }
}

impl std::str::FromStr for Cursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (changed, id) = text.split_once('.').ok_or(())?;
        Ok(Self {
            changed: Timestamp(changed.parse().map_err(drop)?),
            id: id.parse().map_err(drop)?,
        })
    }
}

/// Which conversations: those that fit everything that is named.
#[derive(Clone, Debug, Default)]
pub struct Which {
    /// Who has it.
    pub status: Option<Status>,
    /// The agent who has it.
    pub holder: Option<AgentId>,
    /// The team in whose queue it is.
    pub team: Option<String>,
    /// By which inbox they write.
    pub inbox: Option<String>,
    /// What it is marked as.
    pub label: Option<String>,
    /// Words in one of its messages (not the bot's), or in the person's name and the reference.
    pub words: Option<Words>,
    /// Who looks: what they may not see is left out.
    pub viewer: Option<Viewer>,
    /// Only what comes behind this.
    pub after: Option<Cursor>,
}

impl Store {
    /// At most `limit` conversations, the newest change first.
    ///
    /// A search looks through the latest 2,000 messages that have all the words, and through all names and references.
    pub async fn list(&self, which: &Which, limit: i64) -> Result<Vec<Conversation>, StoreError> {
        let mut sql = Statement::default();
        if let Some(viewer) = &which.viewer {
            viewer.narrow_conversations(&mut sql);
        }
        if let Some(status) = which.status {
            sql.is("c.status", status.name());
        }
        if let Some(holder) = which.holder {
            sql.is("c.holder", holder.to_string());
        }
        if let Some(inbox) = &which.inbox {
            sql.is("c.inbox", inbox);
        }
        if let Some(team) = &which.team {
            sql.is("c.team", team);
        }
        if let Some(label) = &which.label {
            let label = sql.text(label);
            let marked = format!(
                "c.id IN (SELECT l.conversation FROM conversation_labels l WHERE l.label = {label})"
            );
            sql.conditions.push(marked);
        }
        if let Some(words) = &which.words {
            let said = if sealing::is_on() {
                // There is no index of words: they are encrypted.
                "''".to_owned()
            } else {
                let query = sql.text(self.dialect.word_query(words));
                self.dialect.said(&query)
            };
            let mut names = Vec::new();
            for pattern in words.patterns() {
                let pattern = sql.text(pattern);
                names.push(format!("c.who LIKE {pattern}"));
            }
            let names = names.join(" AND ");
            let found = format!("(c.id IN ({said}) OR ({names}))");
            sql.conditions.push(found);
        }
        if let Some(after) = which.after {
            let changed = sql.number(after.changed.0);
            let id = sql.text(after.id.to_string());
            let behind = format!("(c.changed, c.id) < ({changed}, {id})");
            sql.conditions.push(behind);
        }
        let conditions = sql.wherever();
        let limit = sql.number(limit);
        let query = sql.query(format!(
            "SELECT c.state, c.id FROM conversations c {conditions} ORDER BY c.changed DESC, c.id DESC LIMIT {limit}"
        ));
        let rows = query.fetch_all(&self.readers).await?;
        rows.iter()
            .map(|r| shapes::conversation(r.try_get(1)?, r.try_get(0)?, None))
            .collect()
    }
}
