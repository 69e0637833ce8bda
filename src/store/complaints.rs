//! The register, as it is read.

use super::{Store, StoreError, rows, sealing, shapes};
use crate::domain::{
    Complaint, ConversationId, Timestamp,
    complaint::{Change, Reference},
};
use sqlx::{Row, any::AnyRow};

/// A record and its reference, the first two columns.
fn record(row: &AnyRow) -> Result<Complaint, StoreError> {
    shapes::complaint(row.try_get(1)?, row.try_get(0)?)
}

impl Store {
    /// A complaint.
    pub async fn complaint(&self, reference: &Reference) -> Result<Option<Complaint>, StoreError> {
        let body: Option<String> =
            sqlx::query_scalar("SELECT body FROM complaints WHERE reference = $1")
                .bind(reference.as_str())
                .fetch_optional(&self.readers)
                .await?;
        body.map(|b| shapes::complaint(reference.as_str(), &b))
            .transpose()
    }

    /// What was complained of in these conversations, the latest first; at most 50.
    pub async fn complaints_of(
        &self,
        conversations: &[ConversationId],
    ) -> Result<Vec<Complaint>, StoreError> {
        let sql = self.dialect.sql("SELECT body, reference FROM complaints WHERE conversation IN (SELECT CAST(j.value->>'c' AS TEXT) FROM {rows}) ORDER BY received DESC, reference LIMIT 50");
        let rows: Vec<_> = conversations
            .iter()
            .map(|c| std::collections::BTreeMap::from([("c", c)]))
            .collect();
        let rows = sqlx::query(sql)
            .bind(rows::json(&rows))
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(record).collect()
    }

    /// Complaints that were closed before a moment, the first closed first.
    pub async fn closed_before(&self, at: Timestamp) -> Result<Vec<Complaint>, StoreError> {
        let rows = sqlx::query("SELECT k.body, k.reference FROM register r JOIN complaints k ON k.reference = r.reference WHERE r.closed > 0 AND r.closed < $1 ORDER BY r.closed, r.reference")
            .bind(at.0)
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(record).collect()
    }

    /// Who changed what and when, in order.
    pub async fn history(&self, reference: &Reference) -> Result<Vec<Change>, StoreError> {
        let rows = sqlx::query(
            "SELECT body, position FROM complaint_changes WHERE reference = $1 ORDER BY position",
        )
        .bind(reference.as_str())
        .fetch_all(&self.readers)
        .await?;
        rows.iter()
            .map(|row| {
                let name = sealing::row(reference, row.try_get::<i64, _>(1)?);
                let text = sealing::open("change", &name, row.try_get(0)?)?;
                serde_json::from_str(&text).map_err(StoreError::document("history"))
            })
            .collect()
    }
}
