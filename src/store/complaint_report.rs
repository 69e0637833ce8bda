//! The register in figures, counted by the database.

use super::{Store, StoreError, statement::Statement, viewer::Viewer};
use crate::domain::Timestamp;
use sqlx::{Row, any::AnyRow};

/// Most places, and the like, that a report names: those with the most complaints.
const MOST: i64 = 50;

/// By what complaints are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountedBy {
    /// HCAT's category.
    Category,
    /// Where it happened.
    Place,
    /// What the complainant is to us.
    Relation,
    /// Whether they receive our care themselves: `1` or `0`.
    Customer,
    /// By which inbox it came.
    Channel,
    /// How far it is.
    Status,
    /// All of them together.
    All,
}

impl CountedBy {
    const fn column(self) -> &'static str {
        match self {
            Self::Category => "r.category",
            Self::Place => "r.place",
            Self::Relation => "r.relation",
            Self::Customer => "CAST(r.customer AS TEXT)",
            Self::Channel => "r.channel",
            Self::Status => "r.status",
            Self::All => "CAST('all' AS TEXT)",
        }
    }
}

/// Figures of complaints that are alike.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// What they have in common; none where that is not known.
    pub name: Option<String>,
    /// How many.
    pub count: i64,
    /// How many are not over.
    pub open: i64,
    /// How many have a clock that has run out.
    pub overdue: i64,
    /// How many were acknowledged, and how long that took in all, in seconds.
    pub acknowledged: (i64, i64),
    /// How many were answered, and how long that took in all, in seconds.
    pub responded: (i64, i64),
    /// How many say that it is settled for them, and how many that it is not.
    pub settled: (i64, i64),
}

impl Figures {
    /// Adds others.
    pub fn add(&mut self, other: &Self) {
        self.count += other.count;
        self.open += other.open;
        self.overdue += other.overdue;
        self.acknowledged.0 += other.acknowledged.0;
        self.acknowledged.1 += other.acknowledged.1;
        self.responded.0 += other.responded.0;
        self.responded.1 += other.responded.1;
        self.settled.0 += other.settled.0;
        self.settled.1 += other.settled.1;
    }
}

fn figures(row: &AnyRow) -> Result<Figures, StoreError> {
    Ok(Figures {
        name: row.try_get(0)?,
        count: row.try_get(1)?,
        open: row.try_get(2)?,
        overdue: row.try_get(3)?,
        acknowledged: (row.try_get(4)?, row.try_get(5)?),
        responded: (row.try_get(6)?, row.try_get(7)?),
        settled: (row.try_get(8)?, row.try_get(9)?),
    })
}

impl Store {
    /// What was received from one moment until another, counted as far as somebody may see it; the most first.
    pub async fn complaint_figures(
        &self,
        viewer: &Viewer,
        by: CountedBy,
        from: Timestamp,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<Figures>, StoreError> {
        let column = by.column();
        let mut sql = Statement::default();
        viewer.narrow(&mut sql);
        let [from, until] = [from, until].map(|t| sql.number(t.0));
        sql.conditions
            .push(format!("r.received >= {from} AND r.received < {until}"));
        let (conditions, now, most) = (sql.wherever(), sql.number(now.0), sql.number(MOST));
        let text = format!(
            "SELECT {column} AS name, \
             CAST(count(*) AS BIGINT) AS many, \
             CAST(sum(CASE WHEN r.status IN ('closed', 'withdrawn') THEN 0 ELSE 1 END) AS BIGINT), \
             CAST(sum(CASE WHEN r.due < {now} THEN 1 ELSE 0 END) AS BIGINT), \
             CAST(sum(CASE WHEN r.acknowledged > 0 THEN 1 ELSE 0 END) AS BIGINT), \
             CAST(sum(CASE WHEN r.acknowledged > 0 THEN (r.acknowledged - r.received) / 1000000 ELSE 0 END) AS BIGINT), \
             CAST(sum(CASE WHEN r.responded > 0 THEN 1 ELSE 0 END) AS BIGINT), \
             CAST(sum(CASE WHEN r.responded > 0 THEN (r.responded - r.received) / 1000000 ELSE 0 END) AS BIGINT), \
             CAST(sum(CASE WHEN r.settled = 1 THEN 1 ELSE 0 END) AS BIGINT), \
             CAST(sum(CASE WHEN r.settled = 2 THEN 1 ELSE 0 END) AS BIGINT) \
             FROM register r {conditions} GROUP BY 1 ORDER BY many DESC, 1 LIMIT {most}"
        );
        let rows = sql.query(text).fetch_all(&self.readers).await?;
        rows.iter().map(figures).collect()
    }
}
