//! Accounts, sessions, tokens, invitations. Secrets are stored as their SHA-256 only: they are random and long, so that is enough.

use super::{Store, StoreError};
use crate::domain::{AgentId, AgentRef, Role, Timestamp};
use sha2::{Digest, Sha256};
use sqlx::{Row, any::AnyRow};

/// An account.
#[derive(Clone, Debug)]
pub struct AgentRow {
    /// Who.
    pub agent: AgentRef,
    /// The argon2id hash of the password; none where no password was set.
    pub password: Option<String>,
    /// May not sign in.
    pub disabled: bool,
    /// Has said that they take nothing new for now.
    pub away: bool,
    /// When they were last at the desk.
    pub seen: Timestamp,
}

const COLUMNS: &str = "a.id, a.name, a.role, a.password, a.disabled, a.away, a.seen";

fn agent(row: &AnyRow) -> Result<AgentRow, StoreError> {
    let id: String = row.try_get(0)?;
    let role: String = row.try_get(2)?;
    Ok(AgentRow {
        agent: AgentRef {
            id: id
                .parse()
                .map_err(|_| StoreError::Refused("an agent's id is no UUID".to_owned()))?,
            name: row.try_get(1)?,
            role: role.parse().map_err(StoreError::Refused)?,
        },
        password: row.try_get(3)?,
        disabled: row.try_get::<i64, _>(4)? != 0,
        away: row.try_get::<i64, _>(5)? != 0,
        seen: Timestamp(row.try_get(6)?),
    })
}

/// A secret as it is stored.
pub fn hash_secret(secret: &str) -> String {
    Sha256::digest(secret.as_bytes())
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            use std::fmt::Write;
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

impl Store {
    /// Adds an account.
    ///
    /// # Errors
    /// [`StoreError::Refused`] where the name is taken.
    pub async fn add_agent(
        &self,
        agent: &AgentRef,
        password: Option<&str>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO agents (id, name, role, password, created) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(agent.id.to_string())
        .bind(&agent.name)
        .bind(agent.role.name())
        .bind(password)
        .bind(now.0)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// All accounts, by name.
    pub async fn agents(&self) -> Result<Vec<AgentRow>, StoreError> {
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
            "SELECT {COLUMNS} FROM agents a ORDER BY a.name"
        )))
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(agent).collect()
    }

    /// The account of that name, whatever its case.
    pub async fn agent_named(&self, name: &str) -> Result<Option<AgentRow>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!(
            "SELECT {COLUMNS} FROM agents a WHERE lower(a.name) = lower($1)"
        ));
        let row = sqlx::query(sql)
            .bind(name)
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(agent).transpose()
    }

    /// The account of that id.
    pub async fn agent(&self, id: AgentId) -> Result<Option<AgentRow>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM agents a WHERE a.id = $1"));
        let row = sqlx::query(sql)
            .bind(id.to_string())
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(agent).transpose()
    }

    /// How many agents are at the desk: seen since `since`, and not away.
    pub async fn online(&self, since: Timestamp) -> Result<i64, StoreError> {
        let sql = "SELECT CAST(count(*) AS BIGINT) FROM agents WHERE seen >= $1 AND away = 0 AND disabled = 0";
        Ok(sqlx::query_scalar(sql)
            .bind(since.0)
            .fetch_one(&self.readers)
            .await?)
    }

    /// Agents who are not at the desk: not seen since then, or away by their own word.
    pub async fn away(&self, since: Timestamp) -> Result<Vec<AgentId>, StoreError> {
        let sql = "SELECT id FROM agents WHERE seen < $1 OR away = 1 OR disabled = 1";
        let ids: Vec<String> = sqlx::query_scalar(sql)
            .bind(since.0)
            .fetch_all(&self.readers)
            .await?;
        Ok(ids.iter().filter_map(|id| id.parse().ok()).collect())
    }

    /// An agent is at the desk.
    pub async fn seen(&self, id: AgentId, at: Timestamp) -> Result<(), StoreError> {
        sqlx::query("UPDATE agents SET seen = $2 WHERE id = $1")
            .bind(id.to_string())
            .bind(at.0)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// An agent takes nothing new for now, or does again.
    pub async fn set_away(&self, id: AgentId, away: bool) -> Result<(), StoreError> {
        sqlx::query("UPDATE agents SET away = $2 WHERE id = $1")
            .bind(id.to_string())
            .bind(i64::from(away))
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Begins a session.
    pub async fn add_session(
        &self,
        secret: &str,
        id: AgentId,
        expires: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO sessions (hash, agent, expires) VALUES ($1, $2, $3)")
            .bind(hash_secret(secret))
            .bind(id.to_string())
            .bind(expires.0)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Whose session this is, if it is one and has not expired.
    pub async fn session(
        &self,
        secret: &str,
        now: Timestamp,
    ) -> Result<Option<AgentRow>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!(
            "SELECT {COLUMNS} FROM sessions s JOIN agents a ON a.id = s.agent WHERE s.hash = $1 AND s.expires > $2 AND a.disabled = 0"
        ));
        let row = sqlx::query(sql)
            .bind(hash_secret(secret))
            .bind(now.0)
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(agent).transpose()
    }

    /// Ends a session, and clears away those that have expired.
    pub async fn end_session(&self, secret: &str, now: Timestamp) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM sessions WHERE hash = $1 OR expires <= $2")
            .bind(hash_secret(secret))
            .bind(now.0)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Keeps a program's token.
    pub async fn add_token(
        &self,
        secret: &str,
        id: AgentId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO tokens (hash, agent, created) VALUES ($1, $2, $3)")
            .bind(hash_secret(secret))
            .bind(id.to_string())
            .bind(now.0)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// For whom a program with this token acts.
    pub async fn token(&self, secret: &str) -> Result<Option<AgentRow>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!(
            "SELECT {COLUMNS} FROM tokens t JOIN agents a ON a.id = t.agent WHERE t.hash = $1 AND a.disabled = 0"
        ));
        let row = sqlx::query(sql)
            .bind(hash_secret(secret))
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(agent).transpose()
    }

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

    /// Uses the invitation up. Whether it was one.
    pub async fn take_invitation(&self, secret: &str) -> Result<bool, StoreError> {
        let done = sqlx::query("DELETE FROM invitations WHERE hash = $1")
            .bind(hash_secret(secret))
            .execute(&self.writer)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Whether there is an administrator who can sign in.
    pub async fn has_admin(&self) -> Result<bool, StoreError> {
        let sql = "SELECT CAST(count(*) AS BIGINT) FROM agents WHERE role = $1 AND password IS NOT NULL AND disabled = 0";
        let n: i64 = sqlx::query_scalar(sql)
            .bind(Role::Admin.name())
            .fetch_one(&self.readers)
            .await?;
        Ok(n > 0)
    }
}
