//! Lists of conversations: everything that one may see, the newest change first.

use super::{Store, StoreError, sealing, shapes, words::Words};
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
    /// Only what comes behind this.
    pub after: Option<Cursor>,
}

/// A statement that is put together from texts of this program; what users write is bound.
#[derive(Default)]
struct Statement {
    conditions: Vec<String>,
    values: Vec<Value>,
}

enum Value {
    Text(String),
    Number(i64),
}

impl Statement {
    /// The name of a parameter with this value.
    fn bind(&mut self, value: Value) -> String {
        self.values.push(value);
        format!("${}", self.values.len())
    }

    fn is(&mut self, column: &str, value: impl Into<String>) {
        let name = self.bind(Value::Text(value.into()));
        self.conditions.push(format!("{column} = {name}"));
    }
}

impl Store {
    /// At most `limit` conversations, the newest change first.
    ///
    /// A search looks through the latest 2,000 messages that have all the words, and through all names and references.
    pub async fn list(&self, which: &Which, limit: i64) -> Result<Vec<Conversation>, StoreError> {
        let mut sql = Statement::default();
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
            let label = sql.bind(Value::Text(label.clone()));
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
                let query = sql.bind(Value::Text(self.dialect.word_query(words)));
                self.dialect.said(&query)
            };
            let mut names = Vec::new();
            for pattern in words.patterns() {
                let pattern = sql.bind(Value::Text(pattern));
                names.push(format!("c.who LIKE {pattern}"));
            }
            let names = names.join(" AND ");
            let found = format!("(c.id IN ({said}) OR ({names}))");
            sql.conditions.push(found);
        }
        if let Some(after) = which.after {
            let changed = sql.bind(Value::Number(after.changed.0));
            let id = sql.bind(Value::Text(after.id.to_string()));
            let behind = format!("(c.changed, c.id) < ({changed}, {id})");
            sql.conditions.push(behind);
        }
        let conditions = if sql.conditions.is_empty() {
            String::new()
        } else {
            format!("WHERE {}", sql.conditions.join(" AND "))
        };
        let limit = sql.bind(Value::Number(limit));
        let text = sqlx::AssertSqlSafe(format!(
            "SELECT c.state FROM conversations c {conditions} ORDER BY c.changed DESC, c.id DESC LIMIT {limit}"
        ));
        let query = sqlx::query(text);
        let query = sql.values.into_iter().fold(query, |q, value| match value {
            Value::Text(text) => q.bind(text),
            Value::Number(number) => q.bind(number),
        });
        let rows = query.fetch_all(&self.readers).await?;
        rows.iter()
            .map(|r| shapes::conversation(&r.try_get::<String, _>(0)?, None))
            .collect()
    }
}
