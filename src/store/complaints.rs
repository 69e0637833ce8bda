//! The register, as it is read.

use super::{Store, StoreError, rows, sealing, shapes};
use crate::domain::{
    Complaint, ConversationId, Timestamp,
    complaint::{Change, Reference},
};

impl Store {
    /// A complaint.
    pub async fn complaint(&self, reference: &Reference) -> Result<Option<Complaint>, StoreError> {
        let body: Option<String> =
            sqlx::query_scalar("SELECT body FROM complaints WHERE reference = $1")
                .bind(reference.as_str())
                .fetch_optional(&self.readers)
                .await?;
        body.map(|b| shapes::complaint(&b)).transpose()
    }

    /// What was complained of in these conversations, the latest first; at most 50.
    pub async fn complaints_of(
        &self,
        conversations: &[ConversationId],
    ) -> Result<Vec<Complaint>, StoreError> {
        let sql = self.dialect.sql("SELECT body FROM complaints WHERE conversation IN (SELECT CAST(j.value->>'c' AS TEXT) FROM {rows}) ORDER BY received DESC, reference LIMIT 50");
        let rows: Vec<_> = conversations
            .iter()
            .map(|c| std::collections::BTreeMap::from([("c", c)]))
            .collect();
        let bodies: Vec<String> = sqlx::query_scalar(sql)
            .bind(rows::json(&rows))
            .fetch_all(&self.readers)
            .await?;
        bodies.iter().map(|b| shapes::complaint(b)).collect()
    }

    /// Complaints that were closed before a moment, the first closed first.
    pub async fn closed_before(&self, at: Timestamp) -> Result<Vec<Complaint>, StoreError> {
        let bodies: Vec<String> = sqlx::query_scalar("SELECT k.body FROM register r JOIN complaints k ON k.reference = r.reference WHERE r.closed > 0 AND r.closed < $1 ORDER BY r.closed, r.reference")
            .bind(at.0)
            .fetch_all(&self.readers)
            .await?;
        bodies.iter().map(|b| shapes::complaint(b)).collect()
    }

    /// Who changed what and when, in order.
    pub async fn history(&self, reference: &Reference) -> Result<Vec<Change>, StoreError> {
        let bodies: Vec<String> = sqlx::query_scalar(
            "SELECT body FROM complaint_changes WHERE reference = $1 ORDER BY position",
        )
        .bind(reference.as_str())
        .fetch_all(&self.readers)
        .await?;
        bodies
            .iter()
            .map(|b| {
                let text = sealing::open("change", b)?;
                serde_json::from_str(&text).map_err(StoreError::document("history"))
            })
            .collect()
    }
}
