//! A record without a word that anybody said: what is left is what statistics count.

use crate::domain::{
    Complaint, Timestamp,
    complaint::{Change, Incident},
};
use serde_json::Value;

/// The record without its people and its words. When it came, by which channel, what kind it was, how it went and what
/// it came to stay.
pub fn erased(complaint: &Complaint, at: Timestamp) -> Complaint {
    let mut left = complaint.clone();
    let complainant = &mut left.complainant;
    complainant.name = None;
    complainant.contact.clear();
    complainant.authority = None;
    left.affected_person = None;
    left.subjects.clear();
    left.incident = Incident::default();
    left.classification.problems.clear();
    left.desired_outcome = None;
    left.attachments.clear();
    left.fragments.clear();
    left.case.question = None;
    left.case.learning = None;
    left.case.secret = None;
    left.case.erased_at = Some(at);
    left
}

/// A change without what was there before and after: when, by whom, and which fields.
pub fn emptied(change: &Change) -> Change {
    let mut left = change.clone();
    left.why = None;
    for field in &mut left.fields {
        field.from = Value::Null;
        field.to = Value::Null;
    }
    left
}
