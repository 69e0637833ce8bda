//! Second factors: the secret that an authenticator app shares, and recovery codes by their hashes.

use super::{Store, StoreError, agents::hash_secret, sealing};
use crate::domain::{AgentId, Timestamp};
use sqlx::{Connection, Row};
use std::collections::HashSet;

/// The second factor of an account.
#[derive(Clone)]
pub struct SecondFactor {
    /// What the authenticator app knows, in base32.
    pub secret: String,
    /// A first code has proved that the app has it: from then on it is asked for.
    pub on: bool,
}

impl Store {
    /// Keeps a secret that is still to be confirmed; an earlier one of that kind is void. Whether that was
    /// done: one that is confirmed stays.
    pub async fn offer_second_factor(&self, id: AgentId, secret: &str) -> Result<bool, StoreError> {
        let done = sqlx::query("INSERT INTO second_factors (agent, secret) VALUES ($1, $2) ON CONFLICT (agent) DO UPDATE SET secret = excluded.secret WHERE second_factors.confirmed = 0")
            .bind(id.to_string())
            .bind(sealing::close("second_factor", &id.to_string(), secret))
            .execute(&self.writer)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// The second factor of an account, where it has one or is about to.
    pub async fn second_factor(&self, id: AgentId) -> Result<Option<SecondFactor>, StoreError> {
        let row = sqlx::query("SELECT secret, confirmed FROM second_factors WHERE agent = $1")
            .bind(id.to_string())
            .fetch_optional(&self.readers)
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(SecondFactor {
            secret: sealing::open("second_factor", &id.to_string(), row.try_get(0)?)?.into_owned(),
            on: row.try_get::<i64, _>(1)? > 0,
        }))
    }

    /// The accounts that are asked for a second factor.
    pub async fn with_second_factor(&self) -> Result<HashSet<AgentId>, StoreError> {
        let ids: Vec<String> =
            sqlx::query_scalar("SELECT agent FROM second_factors WHERE confirmed > 0")
                .fetch_all(&self.readers)
                .await?;
        Ok(ids.iter().filter_map(|id| id.parse().ok()).collect())
    }

    /// From now on the account is asked for it. Takes the step of the code that proved it, and the recovery
    /// codes, by their hashes. Whether it was still to be confirmed.
    pub async fn confirm_second_factor(
        &self,
        id: AgentId,
        step: i64,
        recovery_codes: &[String],
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = connection.begin().await?;
        let confirmed = sqlx::query(
            "UPDATE second_factors SET confirmed = $2, step = $3 WHERE agent = $1 AND confirmed = 0",
        )
        .bind(id.to_string())
        .bind(now.0)
        .bind(step)
        .execute(&mut *transaction)
        .await?;
        if confirmed.rows_affected() == 0 {
            return Ok(false);
        }
        for code in recovery_codes {
            sqlx::query("INSERT INTO recovery_codes (agent, hash) VALUES ($1, $2)")
                .bind(id.to_string())
                .bind(hash_secret(code))
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// Uses up a code, by its time step. Whether it is newer than the last one: of two calls with one code,
    /// one gets in.
    pub async fn use_step(&self, id: AgentId, step: i64) -> Result<bool, StoreError> {
        let used = sqlx::query(
            "UPDATE second_factors SET step = $2 WHERE agent = $1 AND confirmed > 0 AND step < $2",
        )
        .bind(id.to_string())
        .bind(step)
        .execute(&self.writer)
        .await?;
        Ok(used.rows_affected() > 0)
    }

    /// Uses up a recovery code. Whether it was one.
    pub async fn use_recovery_code(&self, id: AgentId, code: &str) -> Result<bool, StoreError> {
        let used = sqlx::query("DELETE FROM recovery_codes WHERE agent = $1 AND hash = $2")
            .bind(id.to_string())
            .bind(hash_secret(code))
            .execute(&self.writer)
            .await?;
        Ok(used.rows_affected() > 0)
    }

    /// How many recovery codes an account has left.
    pub async fn recovery_codes_left(&self, id: AgentId) -> Result<i64, StoreError> {
        let left = sqlx::query_scalar(
            "SELECT CAST(count(*) AS BIGINT) FROM recovery_codes WHERE agent = $1",
        );
        Ok(left.bind(id.to_string()).fetch_one(&self.readers).await?)
    }

    /// Asks for it no more. Whether it was asked for.
    pub async fn remove_second_factor(&self, id: AgentId) -> Result<bool, StoreError> {
        sqlx::query("DELETE FROM recovery_codes WHERE agent = $1")
            .bind(id.to_string())
            .execute(&self.writer)
            .await?;
        let removed = sqlx::query("DELETE FROM second_factors WHERE agent = $1 AND confirmed > 0")
            .bind(id.to_string())
            .execute(&self.writer)
            .await?;
        Ok(removed.rows_affected() > 0)
    }
}
