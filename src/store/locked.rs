//! The database made unreachable for everybody who writes, for rehearsals: the lock of all writers, taken by somebody
//! who does not let go of it.

use super::StoreError;
use sqlx::{AnyConnection, Connection};

/// The lock, until it is released.
#[derive(Debug)]
pub struct Locked(AnyConnection);

/// Takes the lock of a database of `SQLite`.
///
/// # Errors
/// It cannot be had.
pub async fn lock_out(database: &str) -> Result<Locked, StoreError> {
    let mut connection = AnyConnection::connect(database).await?;
    sqlx::raw_sql("PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE")
        .execute(&mut connection)
        .await?;
    Ok(Locked(connection))
}

impl Locked {
    /// Lets go of it.
    ///
    /// # Errors
    /// The database.
    pub async fn release(mut self) -> Result<(), StoreError> {
        sqlx::raw_sql("ROLLBACK").execute(&mut self.0).await?;
        Ok(self.0.close().await?)
    }
}
