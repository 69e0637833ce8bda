//! What people at the desk change.

use crate::domain::{
    Complaint, ComplaintPatch, ComplaintStatus, Timestamp,
    complaint::{AffectedPerson, Incident},
};

/// Why a change is refused.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmendError {
    /// Severity is 0 to 3.
    #[error("severity is 0, 1, 2 or 3 (HCAT)")]
    Severity,
}

/// Applies a person's change. A status that says that something was done stops the clock that runs on it;
/// one that says that it was not
/// done yet lets that clock run again, so that a slip that is put right leaves no deadline met.
///
/// # Errors
/// A value outside its range; nothing is changed then.
pub fn amend(
    complaint: &mut Complaint,
    patch: &ComplaintPatch,
    at: Timestamp,
) -> Result<(), AmendError> {
    if patch.severity.is_some_and(|s| s > 3) {
        return Err(AmendError::Severity);
    }
    if let Some(status) = patch.status {
        complaint.status = status;
        let by_status = ["acknowledge", "respond"];
        let stopped: &[&str] = match status {
            ComplaintStatus::Open => &[],
            ComplaintStatus::Acknowledged | ComplaintStatus::Investigating => &["acknowledge"],
            ComplaintStatus::Responded | ComplaintStatus::Closed | ComplaintStatus::Withdrawn => {
                &["acknowledge", "respond"]
            }
        };
        let deadlines = complaint.deadlines.iter_mut();
        for deadline in deadlines.filter(|d| by_status.contains(&d.name.as_str())) {
            let met = stopped.contains(&deadline.name.as_str());
            deadline.met_at = met.then(|| deadline.met_at.unwrap_or(at));
        }
    }
    if let Some(priority) = patch.priority {
        complaint.priority = priority;
    }
    if let Some(category) = patch.category {
        complaint.classification.category = Some(category);
        complaint.classification.domain = Some(category.domain());
        "person".clone_into(&mut complaint.classification.by);
    }
    if let Some(severity) = patch.severity {
        complaint.classification.severity = severity;
        "person".clone_into(&mut complaint.classification.by);
    }
    if let Some(name) = &patch.complainant_name {
        complaint.complainant.name = (!name.trim().is_empty()).then(|| name.trim().to_owned());
        complaint.complainant.anonymous = complaint.complainant.name.is_none();
    }
    if let Some(relation) = patch.relation {
        complaint.complainant.relation = relation;
        complaint.complainant.is_customer = relation.is_customer();
    }
    if let Some(consent) = patch.consent {
        complaint.complainant.consent = consent;
    }
    if let Some(outcome) = &patch.desired_outcome {
        complaint.desired_outcome = told(outcome);
    }
    if let Some(safeguarding) = patch.safeguarding {
        complaint.safeguarding = safeguarding;
    }
    people(complaint, patch);
    incident(&mut complaint.incident, patch);
    Ok(())
}

/// Text without blanks around it; none where nothing is left.
fn told(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn some(text: Option<&String>) -> Option<String> {
    text.and_then(|t| told(t))
}

fn people(complaint: &mut Complaint, patch: &ComplaintPatch) {
    let complainant = &mut complaint.complainant;
    if let Some(contact) = &patch.contact {
        complainant.contact.clone_from(contact);
    }
    if let Some(authority) = &patch.authority {
        complainant.authority = told(authority);
    }
    if let Some(vulnerable) = patch.vulnerable {
        complainant.vulnerable = vulnerable;
    }
    if let Some(affected) = &patch.affected_person {
        let (name, relation) = (
            some(affected.name.as_ref()),
            some(affected.relation.as_ref()),
        );
        let somebody = name.is_some() || relation.is_some();
        complaint.affected_person = somebody.then_some(AffectedPerson { name, relation });
    }
    if let Some(subjects) = &patch.subjects {
        complaint.subjects.clone_from(subjects);
    }
}

fn incident(incident: &mut Incident, patch: &ComplaintPatch) {
    if let Some(when) = &patch.when_text {
        incident.when_text = told(when);
    }
    if let Some(days) = &patch.days {
        incident.from.clone_from(&days.from);
        incident.to.clone_from(&days.to);
        // Of two honest readings a person has settled on one.
        incident.other_reading = None;
    }
    if let Some(place) = &patch.place {
        incident.place = told(place);
    }
}
