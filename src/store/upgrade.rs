//! What rows from before a step of the schema lack, filled in when the program starts.

use super::{
    Dialect, StoreError,
    rows::{json, team},
    sealing, shapes,
    words::who,
};
use serde::Serialize;
use sqlx::AnyConnection;

/// How many rows are filled in at a time.
const AT_A_TIME: i64 = 100;

#[derive(Serialize)]
struct Found {
    i: String,
    m: Option<String>,
    w: String,
}

/// By what conversations are found that were written before lists had it.
pub(super) async fn fill_in(dialect: Dialect, db: &mut AnyConnection) -> Result<(), StoreError> {
    loop {
        let states: Vec<String> =
            sqlx::query_scalar("SELECT state FROM conversations WHERE who = '' LIMIT $1")
                .bind(AT_A_TIME)
                .fetch_all(&mut *db)
                .await?;
        if states.is_empty() {
            return Ok(());
        }
        let found = |text: &String| {
            let c = shapes::conversation(text, None)?;
            Ok(Found {
                i: c.id.to_string(),
                m: team(&c).map(str::to_owned),
                w: who(&c, sealing::is_on()),
            })
        };
        let rows: Vec<Found> = states
            .iter()
            .map(found)
            .collect::<Result<_, StoreError>>()?;
        // Where another program has written a row meanwhile, that is the newer.
        let sql = dialect.sql("UPDATE conversations SET team = (SELECT j.value->>'m' FROM {rows} WHERE j.value->>'i' = conversations.id), who = (SELECT j.value->>'w' FROM {rows} WHERE j.value->>'i' = conversations.id) WHERE who = '' AND id IN (SELECT j.value->>'i' FROM {rows})");
        sqlx::query(sql).bind(json(&rows)).execute(&mut *db).await?;
    }
}
