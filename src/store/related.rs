//! Complaints that may belong together: about the same people, from the same person, or of the same place in the same
//! days.

use super::{
    Store, StoreError, register_rows::named_as, shapes, statement::Statement, viewer::Viewer,
    words::folded,
};
use crate::domain::{Complaint, interpretation::names};
use serde::{Deserialize, Serialize};
use sqlx::Row;

/// Most that are suggested.
const MOST: i64 = 20;
/// Days between two complaints of the same place that may be of one incident.
const NEAR_DAYS: i64 = 7;

names!(
    /// Why two complaints may belong together.
    Likeness {
        /// They are about the same member of staff.
        SameSubject = "same_subject",
        /// The same person complains.
        SamePerson = "same_person",
        /// The same place, the same kind, in the same days: perhaps one incident.
        SameIncident = "same_incident",
    }
);

/// A complaint that may belong to another.
#[derive(Clone, Debug)]
pub struct Related {
    /// Which.
    pub complaint: Complaint,
    /// Why it may.
    pub likeness: Likeness,
}

impl Store {
    /// Complaints that may belong to this one, the latest first. Nobody is asked and nothing is merged: a person
    /// decides.
    pub async fn related(
        &self,
        to: &Complaint,
        viewer: &Viewer,
    ) -> Result<Vec<Related>, StoreError> {
        let mut sql = Statement::default();
        let mut likenesses = Vec::new();
        let subjects = to.subjects.iter().filter_map(|s| s.name.as_deref());
        for name in subjects.map(folded).filter(|n| n.contains(' ')) {
            for whole in named_as(&name, false) {
                let named = sql.text(whole);
                likenesses.push(format!("WHEN r.named LIKE {named} THEN 'same_subject'"));
            }
        }
        let conversation = sql.text(to.conversation.to_string());
        likenesses.push(format!(
            "WHEN r.conversation = {conversation} THEN 'same_person'"
        ));
        if let Some(name) = to.complainant.name.as_deref().filter(|n| n.contains(' ')) {
            let name = sql.text(name);
            likenesses.push(format!(
                "WHEN lower(r.complainant) = lower({name}) THEN 'same_person'"
            ));
        }
        let place = folded(to.incident.place.as_deref().unwrap_or_default());
        if let Some(category) = to.classification.category.filter(|_| !place.is_empty()) {
            let place = sql.text(format!(" {place}"));
            let category = sql.text(category.name());
            let near = NEAR_DAYS * 86_400;
            let from = sql.number(to.received_at.plus_seconds(-near).0);
            let until = sql.number(to.received_at.plus_seconds(near).0);
            likenesses.push(format!(
                "WHEN r.place_words = {place} AND r.category = {category} AND r.received BETWEEN {from} AND {until} THEN 'same_incident'"
            ));
        }
        let itself = sql.text(to.reference.as_str());
        sql.conditions.push(format!("r.reference <> {itself}"));
        viewer.narrow(&mut sql);
        let (cases, conditions) = (likenesses.join(" "), sql.wherever());
        let text = format!(
            "SELECT k.body, x.likeness, k.reference FROM (SELECT r.reference, r.received, CASE {cases} END AS likeness FROM register r {conditions}) x JOIN complaints k ON k.reference = x.reference WHERE x.likeness IS NOT NULL ORDER BY x.received DESC, x.reference LIMIT {MOST}"
        );
        let rows = sql.query(text).fetch_all(&self.readers).await?;
        rows.iter()
            .map(|row| {
                let likeness: String = row.try_get(1)?;
                Ok(Related {
                    complaint: shapes::complaint(row.try_get(2)?, row.try_get(0)?)?,
                    likeness: Likeness::from_name(&likeness).unwrap_or(Likeness::SameIncident),
                })
            })
            .collect()
    }
}
