//! Links by which somebody sets the password of an account: once, and for three days.

use super::{AgentRow, Store, StoreError, agents::hash_secret};
use crate::domain::{AgentId, Timestamp};
use sqlx::Connection;

/// Seconds for which such a link is good.
const GOOD_FOR: i64 = 3 * 86_400;

impl Store {
    /// The one link of an account; an earlier one is void.
    pub async fn invite(
        &self,
        id: AgentId,
        secret: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO account_invitations (hash, agent, created) VALUES ($1, $2, $3) ON CONFLICT (agent) DO UPDATE SET hash = excluded.hash, created = excluded.created")
            .bind(hash_secret(secret))
            .bind(id.to_string())
            .bind(now.0)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Whose link this is, if it is good and the account may be used.
    pub async fn invited(
        &self,
        secret: &str,
        now: Timestamp,
    ) -> Result<Option<AgentRow>, StoreError> {
        let id: Option<String> = sqlx::query_scalar(
            "SELECT agent FROM account_invitations WHERE hash = $1 AND created > $2",
        )
        .bind(hash_secret(secret))
        .bind(now.plus_seconds(-GOOD_FOR).0)
        .fetch_optional(&self.readers)
        .await?;
        match id.and_then(|id| id.parse().ok()) {
            Some(id) => Ok(self.agent(id).await?.filter(|row| !row.disabled)),
            None => Ok(None),
        }
    }

    /// Sets the password and uses the link up, both or neither. Whether the link was still good: of two who use it at
    /// once one does.
    pub async fn join(
        &self,
        secret: &str,
        id: AgentId,
        password: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = connection.begin().await?;
        let used = sqlx::query("DELETE FROM account_invitations WHERE hash = $1 AND created > $2")
            .bind(hash_secret(secret))
            .bind(now.plus_seconds(-GOOD_FOR).0)
            .execute(&mut *transaction)
            .await?;
        if used.rows_affected() == 0 {
            return Ok(false);
        }
        sqlx::query("UPDATE agents SET password = $2 WHERE id = $1 AND disabled = 0")
            .bind(id.to_string())
            .bind(password)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        drop(connection);
        self.end_sessions(id, None).await?;
        self.forget_devices(id).await?;
        self.end_invitation().await?;
        Ok(true)
    }

    /// An account's link is void.
    pub(super) async fn uninvite(&self, id: AgentId) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM account_invitations WHERE agent = $1")
            .bind(id.to_string())
            .execute(&self.writer)
            .await?;
        Ok(())
    }
}
