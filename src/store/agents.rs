//! Accounts. Secrets are stored as their SHA-256 only: they are random and long, so that is enough.

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

pub(super) const COLUMNS: &str = "a.id, a.name, a.role, a.password, a.disabled, a.away, a.seen";

/// There is another administrator who can sign in.
const OTHER_ADMIN: &str = "EXISTS (SELECT 1 FROM agents o WHERE o.id <> $1 AND o.role = 'admin' AND o.password IS NOT NULL AND o.disabled = 0)";

pub(super) fn agent(row: &AnyRow) -> Result<AgentRow, StoreError> {
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
        self.end_invitation().await
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

    /// Whether there is an administrator who can sign in.
    pub async fn has_admin(&self) -> Result<bool, StoreError> {
        let sql = "SELECT CAST(count(*) AS BIGINT) FROM agents WHERE role = $1 AND password IS NOT NULL AND disabled = 0";
        let n: i64 = sqlx::query_scalar(sql)
            .bind(Role::Admin.name())
            .fetch_one(&self.readers)
            .await?;
        Ok(n > 0)
    }

    /// Lets an account sign in no more, and ends its sessions and tokens; or lets it again. Whether that was done: the
    /// last administrator who can sign in stays.
    pub async fn set_disabled(&self, id: AgentId, disabled: bool) -> Result<bool, StoreError> {
        let sql = if disabled {
            sqlx::AssertSqlSafe(format!(
                "UPDATE agents SET disabled = 1 WHERE id = $1 AND ({OTHER_ADMIN} OR role <> 'admin' OR password IS NULL)"
            ))
        } else {
            sqlx::AssertSqlSafe("UPDATE agents SET disabled = 0 WHERE id = $1".to_owned())
        };
        let done = sqlx::query(sql)
            .bind(id.to_string())
            .execute(&self.writer)
            .await?;
        if disabled && done.rows_affected() > 0 {
            self.end_access(id).await?;
        }
        self.end_invitation().await?;
        Ok(done.rows_affected() > 0)
    }

    /// Gives an account another role. Whether that was done: the last administrator who can sign in stays one.
    pub async fn set_role(&self, id: AgentId, role: Role) -> Result<bool, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!(
            "UPDATE agents SET role = $2 WHERE id = $1 AND ({OTHER_ADMIN} OR role <> 'admin' OR password IS NULL OR disabled = 1 OR CAST($2 AS TEXT) = 'admin')"
        ));
        let done = sqlx::query(sql)
            .bind(id.to_string())
            .bind(role.name())
            .execute(&self.writer)
            .await?;
        self.end_invitation().await?;
        Ok(done.rows_affected() > 0)
    }

    /// Sets another password, by its hash, and ends the account's sessions: whoever knew the old one is out.
    pub async fn set_password(&self, id: AgentId, hash: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE agents SET password = $2 WHERE id = $1")
            .bind(id.to_string())
            .bind(hash)
            .execute(&self.writer)
            .await?;
        self.end_sessions(id, None).await?;
        self.forget_devices(id).await?;
        self.uninvite(id).await?;
        self.end_invitation().await
    }
}
