//! What each agent takes: how much, for which teams, in which languages.

use super::{Store, StoreError};
use crate::domain::AgentId;
use sqlx::Row;
use std::collections::HashMap;

/// What an agent takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// How many open conversations at most; none: as many as is usual.
    pub capacity: Option<i64>,
    /// For which teams; none: for all.
    pub teams: Vec<String>,
    /// In which languages, as codes; none: in all.
    pub languages: Vec<String>,
}

fn list(text: &str) -> Result<Vec<String>, StoreError> {
    serde_json::from_str(text).map_err(StoreError::document("an agent's work"))
}

impl Store {
    /// What is set, by agent.
    pub async fn work(&self) -> Result<HashMap<AgentId, Work>, StoreError> {
        let rows = sqlx::query("SELECT agent, capacity, teams, languages FROM agent_work")
            .fetch_all(&self.readers)
            .await?;
        let mut all = HashMap::with_capacity(rows.len());
        for row in rows {
            let work = Work {
                capacity: row.try_get(1)?,
                teams: list(row.try_get(2)?)?,
                languages: list(row.try_get(3)?)?,
            };
            if let Ok(id) = row.try_get::<&str, _>(0)?.parse() {
                all.insert(id, work);
            }
        }
        Ok(all)
    }

    /// Sets what an agent takes.
    pub async fn set_work(&self, id: AgentId, work: &Work) -> Result<(), StoreError> {
        let json = |list: &[String]| serde_json::json!(list).to_string();
        sqlx::query("INSERT INTO agent_work (agent, capacity, teams, languages) VALUES ($1, $2, $3, $4) ON CONFLICT (agent) DO UPDATE SET capacity = excluded.capacity, teams = excluded.teams, languages = excluded.languages")
            .bind(id.to_string())
            .bind(work.capacity)
            .bind(json(&work.teams))
            .bind(json(&work.languages))
            .execute(&self.writer)
            .await?;
        Ok(())
    }
}
