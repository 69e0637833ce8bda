//! The throwaway Postgres cluster, and databases on it.

use std::sync::atomic::{AtomicU32, Ordering};

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// The address of the throwaway Postgres cluster, without a database's name.
#[expect(
    clippy::disallowed_methods,
    reason = "the test command says where its cluster is"
)]
pub(crate) fn cluster() -> String {
    std::env::var("NOHOLD_TEST_POSTGRES").expect("NOHOLD_TEST_POSTGRES is set by ./scripts/test")
}

/// The address of a new database on it.
pub(crate) async fn fresh_postgres() -> String {
    let base = cluster();
    let name = format!(
        "nohold_{}_{}",
        std::process::id(),
        NUMBER.fetch_add(1, Ordering::SeqCst)
    );
    sqlx::any::install_default_drivers();
    let mut connection =
        <sqlx::AnyConnection as sqlx::Connection>::connect(&format!("{base}/postgres"))
            .await
            .expect("the cluster runs");
    sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}")))
        .execute(&mut connection)
        .await
        .expect("a new database");
    format!("{base}/{name}")
}
