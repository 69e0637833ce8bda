//! What channels gave us: on disk before it is confirmed to them, gone once it has had its effect.

use super::{Store, StoreError, rows::json, sealing};
use serde::Serialize;
use sqlx::{AnyConnection, Connection, Row, any::AnyRow};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// One thing that a channel gave us, as it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Arrival {
    /// The channel's own id: the same one again is the same thing.
    pub id: String,
    /// What of the same lane came first is handled first; lanes do not wait for each other.
    pub lane: String,
    /// As it came.
    pub body: String,
    /// What was already done about it, so that a second attempt does not do it again.
    #[serde(skip)]
    pub note: Option<String>,
}

/// What stands before the id in the lane of an arrival whose files are asked for again. No channel's lane begins so.
const LATE: &str = "\u{1f}late\u{1f}";

impl Arrival {
    /// The same once more, in a lane of its own: its files are asked for until they come, while the others of its lane
    /// go on.
    #[must_use]
    pub fn late(&self) -> Self {
        Self {
            id: format!("{}{LATE}", self.id),
            lane: format!("{LATE}{}", self.id),
            ..self.clone()
        }
    }

    /// Whether only its files are still asked for.
    pub fn is_late(&self) -> bool {
        self.lane.starts_with(LATE)
    }
}

impl Store {
    /// Keeps what came, and where the line stands after it, in one transaction. Returns what was not known yet. Their
    /// places are behind all that waits: by what is in the database, since clocks of several programs differ.
    pub async fn keep_arrivals(
        &self,
        inbox: &str,
        arrivals: &[Arrival],
        mark: Option<(&str, &str)>,
    ) -> Result<Vec<Arrival>, StoreError> {
        let mut connection = self.writer.lend().await?;
        let kept = async move {
            let mut transaction = connection.begin().await?;
            let fresh = self.keep_within(&mut transaction, inbox, arrivals).await?;
            if let Some((name, value)) = mark {
                sqlx::query("INSERT INTO marks (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value").bind(name).bind(value).execute(&mut *transaction).await?;
            }
            transaction.commit().await?;
            connection.give_back();
            Ok::<_, StoreError>(fresh)
        };
        let fresh = self.writer.in_time(kept).await?;
        let arrivals = arrivals.iter().filter(|a| fresh.contains(&a.id));
        Ok(arrivals.cloned().collect())
    }

    async fn keep_within(
        &self,
        db: &mut AnyConnection,
        inbox: &str,
        arrivals: &[Arrival],
    ) -> Result<HashSet<String>, StoreError> {
        if arrivals.is_empty() {
            return Ok(HashSet::new());
        }
        let rows: Vec<_> = (1..)
            .zip(arrivals)
            .map(|(s, a)| Kept {
                i: &a.id,
                l: &a.lane,
                s,
                b: sealing::close("arrival", &sealing::row(inbox, &a.id), a.body.as_str()),
            })
            .collect();
        let sql = self.dialect.sql("INSERT INTO arrivals (inbox, id, lane, seq, body, state) SELECT $2, j.value->>'i', j.value->>'l', (SELECT COALESCE(MAX(a.seq), 0) FROM arrivals a WHERE a.inbox = $2 AND a.state = 'new') + CAST(j.value->>'s' AS BIGINT), j.value->>'b', 'new' FROM {rows} WHERE true ON CONFLICT (inbox, id) DO NOTHING RETURNING id");
        let ids: Vec<String> = sqlx::query_scalar(sql)
            .bind(json(&rows))
            .bind(inbox)
            .fetch_all(db)
            .await?;
        Ok(ids.into_iter().collect())
    }

    /// What has not had its effect yet, in the order in which it came.
    pub async fn arrivals(&self, inbox: &str) -> Result<Vec<Arrival>, StoreError> {
        let rows = sqlx::query("SELECT id, lane, body, note FROM arrivals WHERE inbox = $1 AND state = 'new' ORDER BY seq").bind(inbox).fetch_all(&self.readers).await?;
        rows.iter().map(|row| arrival(inbox, row)).collect()
    }

    /// The same of these lanes.
    pub async fn arrivals_in(
        &self,
        inbox: &str,
        lanes: &BTreeSet<&str>,
    ) -> Result<Vec<Arrival>, StoreError> {
        let lanes: Vec<_> = lanes.iter().map(|l| BTreeMap::from([("l", l)])).collect();
        let sql = self.dialect.sql("SELECT id, lane, body, note FROM arrivals WHERE inbox = $2 AND state = 'new' AND lane IN (SELECT j.value->>'l' FROM {rows}) ORDER BY seq");
        let rows = sqlx::query(sql)
            .bind(json(&lanes))
            .bind(inbox)
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(|row| arrival(inbox, row)).collect()
    }

    /// Whether that one is still to have its effect.
    pub async fn has_arrival(&self, inbox: &str, id: &str) -> Result<bool, StoreError> {
        let found: Option<String> = sqlx::query_scalar(
            "SELECT id FROM arrivals WHERE inbox = $1 AND id = $2 AND state = 'new'",
        )
        .bind(inbox)
        .bind(id)
        .fetch_optional(&self.readers)
        .await?;
        Ok(found.is_some())
    }

    /// They have had their effect, or need none.
    pub async fn drop_arrivals(&self, inbox: &str, ids: &[String]) -> Result<(), StoreError> {
        let rows: Vec<_> = ids.iter().map(|id| BTreeMap::from([("i", id)])).collect();
        let sql = self.dialect.sql(
            "DELETE FROM arrivals WHERE inbox = $2 AND id IN (SELECT j.value->>'i' FROM {rows})",
        );
        sqlx::query(sql)
            .bind(json(&rows))
            .bind(inbox)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// It cannot be understood: it stays as it came, and is not tried again.
    pub async fn set_arrival_aside(&self, inbox: &str, id: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE arrivals SET state = 'unread' WHERE inbox = $1 AND id = $2")
            .bind(inbox)
            .bind(id)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Notes what was done about it already.
    pub async fn note_arrival(&self, inbox: &str, id: &str, note: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE arrivals SET note = $1 WHERE inbox = $2 AND id = $3")
            .bind(note)
            .bind(inbox)
            .bind(id)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// How much of an inbox could not be understood.
    pub async fn unread(&self, inbox: &str) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar(
            "SELECT CAST(count(*) AS BIGINT) FROM arrivals WHERE inbox = $1 AND state = 'unread'",
        )
        .bind(inbox)
        .fetch_one(&self.readers)
        .await?)
    }

    /// Writes a mark down.
    pub async fn set_mark(&self, name: &str, value: &str) -> Result<(), StoreError> {
        self.keep_arrivals("", &[], Some((name, value)))
            .await
            .map(drop)
    }

    /// Takes a mark away.
    pub async fn drop_mark(&self, name: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM marks WHERE name = $1")
            .bind(name)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// The marks whose names begin so. (Not by their order: databases sort text by their own languages.)
    pub async fn marks(&self, prefix: &str) -> Result<Vec<(String, String)>, StoreError> {
        let rows = sqlx::query("SELECT name, value FROM marks WHERE name LIKE $1")
            .bind(format!("{prefix}%"))
            .fetch_all(&self.readers)
            .await?;
        rows.iter()
            .map(|r| Ok((r.try_get(0)?, r.try_get(1)?)))
            .collect()
    }

    /// Where a line stood.
    pub async fn mark(&self, name: &str) -> Result<Option<String>, StoreError> {
        Ok(
            sqlx::query_scalar("SELECT value FROM marks WHERE name = $1")
                .bind(name)
                .fetch_optional(&self.readers)
                .await?,
        )
    }
}

fn arrival(inbox: &str, row: &AnyRow) -> Result<Arrival, StoreError> {
    let id: String = row.try_get(0)?;
    let name = sealing::row(inbox, &id);
    Ok(Arrival {
        id,
        lane: row.try_get(1)?,
        body: sealing::open("arrival", &name, row.try_get(2)?)?.into_owned(),
        note: row.try_get(3)?,
    })
}

#[derive(Serialize)]
struct Kept<'a> {
    i: &'a str,
    l: &'a str,
    s: i64,
    b: String,
}
