//! What people at the desk change.

use super::{
    amending::{AmendError, Amending},
    clocks,
    judged::judge,
    profile::Profile,
    steps,
};
use crate::domain::{
    Complaint, ComplaintPatch, ComplaintStatus, Question, Timestamp,
    complaint::{AffectedPerson, Incident},
};

/// Applies a person's change, all of it or nothing.
///
/// # Errors
/// A value outside its range; nothing is changed then.
pub fn amend(
    complaint: &mut Complaint,
    patch: &ComplaintPatch,
    with: &Amending<'_>,
) -> Result<(), AmendError> {
    if patch.harm.is_some_and(|h| h > 5) {
        return Err(AmendError::Harm);
    }
    if patch.severity.is_some_and(|s| s > 3) {
        return Err(AmendError::Severity);
    }
    if let Some(action) = &patch.action {
        steps::act(complaint, action, patch.why.as_deref(), with)?;
    }
    if let Some(change) = &patch.clock {
        clocks::turn(complaint, change, patch.why.as_deref(), with)?;
    }
    if let Some(status) = patch.status {
        set_status(complaint, status, with.at);
    }
    if let Some(received) = patch.received_at {
        receive(complaint, received, with.profile);
    }
    judge(complaint, patch, with);
    values(complaint, patch);
    if let Some(question) = &patch.question {
        complaint.case.question = told(question).map(|text| Question {
            text,
            by: with.by.name.clone(),
            asked_at: with.at,
            answered_at: None,
            answer: None,
        });
    }
    people(complaint, patch);
    incident(&mut complaint.incident, patch);
    Ok(())
}

/// A status as it was set before there were actions: one that says that something was done stops the clock that runs
/// on it; one that says that it was not done yet lets that clock run again.
fn set_status(complaint: &mut Complaint, status: ComplaintStatus, at: Timestamp) {
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

/// It was received at another time: its clocks start then. What was done stays done.
fn receive(complaint: &mut Complaint, received: Timestamp, profile: &Profile) {
    complaint.received_at = received;
    let anew = profile.deadlines(received);
    for deadline in &mut complaint.deadlines {
        if let Some(again) = anew.iter().find(|d| d.name == deadline.name) {
            deadline.due_at = again.due_at;
            deadline.extensions.clear();
        }
    }
    profile.follow(received, &complaint.case, &mut complaint.deadlines);
}

fn values(complaint: &mut Complaint, patch: &ComplaintPatch) {
    if let Some(priority) = patch.priority {
        complaint.priority = priority;
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
    if let Some(complete) = patch.complete {
        complaint.complete = complete;
    }
    if let Some(conclusion) = patch.conclusion {
        complaint.case.conclusion = Some(conclusion);
    }
    if let Some(protected) = patch.protected {
        complaint.case.protected = protected;
    }
    if let Some(linked) = &patch.linked {
        complaint.case.linked.clone_from(linked);
    }
    if let Some(learning) = &patch.learning {
        complaint.case.learning = told(learning);
    }
    if let Some(hold) = &patch.legal_hold {
        complaint.case.legal_hold = told(hold);
    }
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
    if let Some(anonymous) = patch.anonymous {
        complainant.anonymous = anonymous;
    }
    if let Some(customer) = patch.is_customer {
        complainant.is_customer = customer;
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
