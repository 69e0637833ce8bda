//! Who an account is to an identity provider.

use super::{AgentRow, Store, StoreError};
use crate::domain::AgentId;

impl Store {
    /// The account that is bound to that identity.
    pub async fn identified(
        &self,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<AgentRow>, StoreError> {
        let id: Option<String> =
            sqlx::query_scalar("SELECT agent FROM identities WHERE issuer = $1 AND subject = $2")
                .bind(issuer)
                .bind(subject)
                .fetch_optional(&self.readers)
                .await?;
        match id.and_then(|id| id.parse().ok()) {
            Some(id) => self.agent(id).await,
            None => Ok(None),
        }
    }

    /// Binds an account to an identity. Whether that was done: neither was bound before.
    pub async fn bind_identity(
        &self,
        issuer: &str,
        subject: &str,
        agent: AgentId,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query("INSERT INTO identities (issuer, subject, agent) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
            .bind(issuer)
            .bind(subject)
            .bind(agent.to_string())
            .execute(&self.writer)
            .await?;
        Ok(done.rows_affected() > 0)
    }
}
