//! Sessions, tokens, and browsers that are known. The public id of a session or a token is the beginning of its
//! secret's hash.

use super::{
    AgentRow, Store, StoreError,
    agents::{COLUMNS, agent, hash_secret},
};
use crate::domain::{AgentId, Scope, Timestamp};
use sqlx::{Row, any::AnyRow};

/// The most sessions that an account has; the oldest end first.
const MOST_SESSIONS: i64 = 50;

/// An account, as a session or a token opens it.
#[derive(Clone, Debug)]
pub struct Access {
    /// The account.
    pub row: AgentRow,
    /// When the session or token was last noted as used.
    pub used: Timestamp,
    /// What it opens.
    pub scopes: Vec<Scope>,
}

/// A session, as its owner sees it.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// Its public id.
    pub id: String,
    /// When it began.
    pub created: Timestamp,
    /// When it was last used, to the minute.
    pub used: Timestamp,
    /// When it ends at the latest.
    pub expires: Timestamp,
    /// What the browser says that it is.
    pub device: String,
}

/// A token, as administrators see it.
#[derive(Clone, Debug)]
pub struct TokenRow {
    /// Its public id.
    pub id: String,
    /// For whom it acts.
    pub agent: AgentId,
    /// That account's name.
    pub agent_name: String,
    /// What it is for.
    pub name: String,
    /// What it opens.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created: Timestamp,
    /// When it ends, where it does.
    pub expires: Option<Timestamp>,
    /// When it was last used, to the minute; none where it never was.
    pub used: Option<Timestamp>,
}

/// A token that is to be kept.
#[derive(Clone, Debug)]
pub struct NewToken<'a> {
    /// The secret itself; only its hash is kept.
    pub secret: &'a str,
    /// For whom it acts.
    pub agent: AgentId,
    /// What it is for.
    pub name: &'a str,
    /// What it opens.
    pub scopes: &'a [Scope],
    /// When it ends, where it does.
    pub expires: Option<Timestamp>,
}

fn some_time(row: &AnyRow, column: usize) -> Result<Option<Timestamp>, StoreError> {
    let at: i64 = row.try_get(column)?;
    Ok((at > 0).then_some(Timestamp(at)))
}

impl Store {
    /// Begins a session. Those that have expired are cleared away, and the oldest of too many.
    pub async fn add_session(
        &self,
        secret: &str,
        id: AgentId,
        now: Timestamp,
        expires: Timestamp,
        device: &str,
    ) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM sessions WHERE expires <= $1")
            .bind(now.0)
            .execute(&self.writer)
            .await?;
        sqlx::query("INSERT INTO sessions (hash, agent, created, used, expires, device) VALUES ($1, $2, $3, $3, $4, $5)")
            .bind(hash_secret(secret))
            .bind(id.to_string())
            .bind(now.0)
            .bind(expires.0)
            .bind(device)
            .execute(&self.writer)
            .await?;
        sqlx::query("DELETE FROM sessions WHERE agent = $1 AND hash NOT IN (SELECT hash FROM sessions WHERE agent = $1 ORDER BY created DESC, hash LIMIT $2)")
            .bind(id.to_string())
            .bind(MOST_SESSIONS)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Whose session this is, if it is one that has neither expired nor been left alone since `idle`.
    pub async fn session(
        &self,
        secret: &str,
        now: Timestamp,
        idle: Timestamp,
    ) -> Result<Option<Access>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!(
            "SELECT {COLUMNS}, s.used FROM sessions s JOIN agents a ON a.id = s.agent WHERE s.hash = $1 AND s.expires > $2 AND s.used > $3 AND a.disabled = 0"
        ));
        let row = sqlx::query(sql)
            .bind(hash_secret(secret))
            .bind(now.0)
            .bind(idle.0)
            .fetch_optional(&self.readers)
            .await?;
        let read = |row: &AnyRow| {
            Ok(Access {
                row: agent(row)?,
                used: Timestamp(row.try_get(7)?),
                scopes: Scope::ALL.to_vec(),
            })
        };
        row.as_ref().map(read).transpose()
    }

    /// Notes that a session is used.
    pub async fn session_used(&self, secret: &str, now: Timestamp) -> Result<(), StoreError> {
        sqlx::query("UPDATE sessions SET used = $2 WHERE hash = $1")
            .bind(hash_secret(secret))
            .bind(now.0)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Notes that a token is used.
    pub async fn token_used(&self, secret: &str, now: Timestamp) -> Result<(), StoreError> {
        sqlx::query("UPDATE tokens SET used = $2 WHERE hash = $1")
            .bind(hash_secret(secret))
            .bind(now.0)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// The sessions of an account that are still open, the latest first.
    pub async fn sessions(
        &self,
        id: AgentId,
        now: Timestamp,
        idle: Timestamp,
    ) -> Result<Vec<SessionRow>, StoreError> {
        let rows = sqlx::query("SELECT substr(hash, 1, 16), created, used, expires, device FROM sessions WHERE agent = $1 AND expires > $2 AND used > $3 ORDER BY created DESC, hash")
            .bind(id.to_string())
            .bind(now.0)
            .bind(idle.0)
            .fetch_all(&self.readers)
            .await?;
        let read = |row: &AnyRow| {
            Ok(SessionRow {
                id: row.try_get(0)?,
                created: Timestamp(row.try_get(1)?),
                used: Timestamp(row.try_get(2)?),
                expires: Timestamp(row.try_get(3)?),
                device: row.try_get(4)?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// Ends a session, by its secret.
    pub async fn end_session(&self, secret: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM sessions WHERE hash = $1")
            .bind(hash_secret(secret))
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Ends one session of an account, by its public id. Whether there was one.
    pub async fn end_session_of(&self, agent: AgentId, id: &str) -> Result<bool, StoreError> {
        let done =
            sqlx::query("DELETE FROM sessions WHERE agent = $1 AND substr(hash, 1, 16) = $2")
                .bind(agent.to_string())
                .bind(id)
                .execute(&self.writer)
                .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Ends all sessions of an account, but for the one with this secret.
    pub async fn end_sessions(&self, id: AgentId, but: Option<&str>) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM sessions WHERE agent = $1 AND hash <> $2")
            .bind(id.to_string())
            .bind(but.map(hash_secret).unwrap_or_default())
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Ends everything by which an account is used.
    pub(super) async fn end_access(&self, id: AgentId) -> Result<(), StoreError> {
        self.end_sessions(id, None).await?;
        self.forget_devices(id).await?;
        self.uninvite(id).await?;
        sqlx::query("DELETE FROM tokens WHERE agent = $1")
            .bind(id.to_string())
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Keeps a program's token.
    pub async fn add_token(&self, token: NewToken<'_>, now: Timestamp) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO tokens (hash, agent, name, scopes, expires, created) VALUES ($1, $2, $3, $4, $5, $6)")
            .bind(hash_secret(token.secret))
            .bind(token.agent.to_string())
            .bind(token.name)
            .bind(Scope::join(token.scopes))
            .bind(token.expires.map_or(0, |t| t.0))
            .bind(now.0)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// For whom a program with this token acts, and what the token opens.
    pub async fn token(&self, secret: &str, now: Timestamp) -> Result<Option<Access>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!(
            "SELECT {COLUMNS}, t.used, t.scopes FROM tokens t JOIN agents a ON a.id = t.agent WHERE t.hash = $1 AND (t.expires = 0 OR t.expires > $2) AND a.disabled = 0"
        ));
        let row = sqlx::query(sql)
            .bind(hash_secret(secret))
            .bind(now.0)
            .fetch_optional(&self.readers)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let scopes: String = row.try_get(8)?;
        Ok(Some(Access {
            row: agent(&row)?,
            used: Timestamp(row.try_get(7)?),
            scopes: Scope::split(&scopes),
        }))
    }

    /// The tokens of an account, or of all; the latest first. Those that have expired are among them.
    pub async fn tokens(&self, of: Option<AgentId>) -> Result<Vec<TokenRow>, StoreError> {
        let rows = sqlx::query("SELECT substr(t.hash, 1, 16), a.id, a.name, t.name, t.scopes, t.created, t.expires, t.used FROM tokens t JOIN agents a ON a.id = t.agent WHERE CAST($1 AS TEXT) = '' OR a.id = $1 ORDER BY t.created DESC, t.hash")
            .bind(of.map(|id| id.to_string()).unwrap_or_default())
            .fetch_all(&self.readers)
            .await?;
        let read = |row: &AnyRow| {
            let agent: String = row.try_get(1)?;
            let scopes: String = row.try_get(4)?;
            Ok(TokenRow {
                id: row.try_get(0)?,
                agent: agent
                    .parse()
                    .map_err(|_| StoreError::Refused("an agent's id is no UUID".to_owned()))?,
                agent_name: row.try_get(2)?,
                name: row.try_get(3)?,
                scopes: Scope::split(&scopes),
                created: Timestamp(row.try_get(5)?),
                expires: some_time(row, 6)?,
                used: some_time(row, 7)?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// Ends a token, by its public id; only one of that account, where one is named. Whether there was one.
    pub async fn revoke_token(&self, id: &str, of: Option<AgentId>) -> Result<bool, StoreError> {
        let done = sqlx::query("DELETE FROM tokens WHERE substr(hash, 1, 16) = $1 AND (CAST($2 AS TEXT) = '' OR agent = $2)")
            .bind(id)
            .bind(of.map(|id| id.to_string()).unwrap_or_default())
            .execute(&self.writer)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Remembers a browser in which an account has signed in, and forgets those that were not seen for long.
    pub async fn add_device(
        &self,
        secret: &str,
        id: AgentId,
        now: Timestamp,
        expires: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM devices WHERE expires <= $1")
            .bind(now.0)
            .execute(&self.writer)
            .await?;
        sqlx::query("INSERT INTO devices (hash, agent, expires) VALUES ($1, $2, $3)")
            .bind(hash_secret(secret))
            .bind(id.to_string())
            .bind(expires.0)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Whether that account has signed in in this browser before.
    pub async fn knows_device(
        &self,
        secret: &str,
        id: AgentId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let n: i64 = sqlx::query_scalar("SELECT CAST(count(*) AS BIGINT) FROM devices WHERE hash = $1 AND agent = $2 AND expires > $3")
            .bind(hash_secret(secret))
            .bind(id.to_string())
            .bind(now.0)
            .fetch_one(&self.readers)
            .await?;
        Ok(n > 0)
    }

    pub(super) async fn forget_devices(&self, id: AgentId) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM devices WHERE agent = $1")
            .bind(id.to_string())
            .execute(&self.writer)
            .await?;
        Ok(())
    }
}
