//! The invitation by which the first administrator comes in.

use super::{Store, StoreError, agents::hash_secret};
use crate::domain::{AgentRef, Timestamp};
use sqlx::Connection;

/// Seconds for which an invitation is good.
const GOOD_FOR: i64 = 24 * 3600;

const NO_ADMIN: &str = "NOT EXISTS (SELECT 1 FROM agents WHERE role = 'admin' AND password IS NOT NULL AND disabled = 0)";

/// What became of the first administrator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstAdmin {
    /// The account stands, and the invitation is used up.
    Made,
    /// That was no invitation, or it is one no more.
    NotInvited,
    /// There is an account of that name; the invitation stands.
    NameTaken,
}

impl Store {
    /// The one invitation for the first administrator; an earlier one is void.
    pub async fn set_invitation(&self, secret: &str, now: Timestamp) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM invitations")
            .execute(&self.writer)
            .await?;
        sqlx::query("INSERT INTO invitations (hash, created) VALUES ($1, $2)")
            .bind(hash_secret(secret))
            .bind(now.0)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Whether this is the invitation, and nobody came in by another way since.
    pub async fn is_invitation(&self, secret: &str, now: Timestamp) -> Result<bool, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!(
            "SELECT CAST(count(*) AS BIGINT) FROM invitations WHERE hash = $1 AND created > $2 AND {NO_ADMIN}"
        ));
        let n: i64 = sqlx::query_scalar(sql)
            .bind(hash_secret(secret))
            .bind(now.plus_seconds(-GOOD_FOR).0)
            .fetch_one(&self.readers)
            .await?;
        Ok(n > 0)
    }

    /// Makes the first administrator and uses the invitation up, both or neither.
    pub async fn first_admin(
        &self,
        secret: &str,
        agent: &AgentRef,
        password: &str,
        now: Timestamp,
    ) -> Result<FirstAdmin, StoreError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = connection.begin().await?;
        let take = sqlx::AssertSqlSafe(format!(
            "DELETE FROM invitations WHERE hash = $1 AND created > $2 AND {NO_ADMIN}"
        ));
        let taken = sqlx::query(take)
            .bind(hash_secret(secret))
            .bind(now.plus_seconds(-GOOD_FOR).0)
            .execute(&mut *transaction)
            .await?;
        if taken.rows_affected() == 0 {
            return Ok(FirstAdmin::NotInvited);
        }
        let named: i64 = sqlx::query_scalar(
            "SELECT CAST(count(*) AS BIGINT) FROM agents WHERE lower(name) = lower($1)",
        )
        .bind(&agent.name)
        .fetch_one(&mut *transaction)
        .await?;
        if named > 0 {
            return Ok(FirstAdmin::NameTaken);
        }
        sqlx::query(
            "INSERT INTO agents (id, name, role, password, created) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(agent.id.to_string())
        .bind(&agent.name)
        .bind(agent.role.name())
        .bind(password)
        .bind(now.0)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(FirstAdmin::Made)
    }

    /// An invitation is void as soon as there is an administrator who can sign in.
    pub async fn end_invitation(&self) -> Result<(), StoreError> {
        let sql = sqlx::AssertSqlSafe(format!("DELETE FROM invitations WHERE NOT {NO_ADMIN}"));
        sqlx::query(sql).execute(&self.writer).await?;
        Ok(())
    }
}
