//! What the complainant says becomes the record.

use super::profile::Profile;
use crate::domain::{
    Complaint, ComplaintStatus, Conversation, Emotion, Interpretation, MessageId, RedFlag,
    Relation, Slot, Timestamp, Told,
    complaint::{
        AffectedPerson, Classification, Complainant, Consent, Fragment, Incident, PublicStatus,
        Reference, Subject,
    },
    conversation::Priority,
    interpretation::Category,
};
use crate::understand::{contact_in, described};

/// A new record, opened by somebody's first sentence.
pub fn open(
    reference: Reference,
    conversation: &Conversation,
    at: Timestamp,
    profile: &Profile,
) -> Complaint {
    Complaint {
        reference,
        received_at: at,
        channel: conversation.inbox.clone(),
        conversation: conversation.id,
        status: ComplaintStatus::Open,
        priority: Priority::Routine,
        complainant: Complainant {
            name: None,
            anonymous: false,
            relation: conversation.relation,
            is_customer: conversation.relation.is_customer(),
            contact: Vec::new(),
            authority: None,
            consent: Consent::NotAsked,
            vulnerable: false,
        },
        affected_person: None,
        subjects: Vec::new(),
        incident: Incident::default(),
        classification: Classification {
            domain: None,
            category: None,
            severity: 0,
            by: "machine".to_owned(),
        },
        desired_outcome: None,
        safeguarding: false,
        complete: false,
        deadlines: profile.deadlines(at),
        attachments: Vec::new(),
        fragments: Vec::new(),
    }
}

/// Adds words to the narrative, verbatim.
pub fn add_words(complaint: &mut Complaint, message: MessageId, text: &str) {
    if text.trim().is_empty() {
        return;
    }
    complaint.fragments.push(Fragment {
        message,
        text: text.to_owned(),
    });
    narrate(complaint);
}

/// The words of an edited message take the place of the old ones. Whether the message was part of the narrative.
pub fn reword(complaint: &mut Complaint, message: MessageId, text: &str) -> bool {
    let Some(fragment) = complaint
        .fragments
        .iter_mut()
        .find(|f| f.message == message)
    else {
        return false;
    };
    text.clone_into(&mut fragment.text);
    narrate(complaint);
    true
}

/// The words of a deleted message leave the narrative. Whether it was part of it.
pub fn drop_words(complaint: &mut Complaint, message: MessageId) -> bool {
    let before = complaint.fragments.len();
    complaint.fragments.retain(|f| f.message != message);
    narrate(complaint);
    complaint.fragments.len() != before
}

fn narrate(complaint: &mut Complaint) {
    let texts: Vec<&str> = complaint
        .fragments
        .iter()
        .map(|f| f.text.as_str())
        .collect();
    complaint.incident.narrative = texts.join("\n");
}

/// Brings the record up to what the conversation has learned.
///
/// `category` is what the whole narrative is about, as far as a machine can tell; it is only proposed, and never overrides a person.
pub fn learn(
    complaint: &mut Complaint,
    conversation: &Conversation,
    signals: &Interpretation,
    category: Option<Category>,
) {
    let told = |slot: Slot| conversation.told.get(&slot);
    let words = |slot: Slot| told(slot).filter(|t| !t.declined).map(|t| t.text.clone());

    let complainant = &mut complaint.complainant;
    complainant.relation = conversation.relation;
    complainant.is_customer = conversation.relation.is_customer();
    if let Some(name) = words(Slot::ComplainantName) {
        complainant.name = Some(name);
        complainant.anonymous = false;
    } else if told(Slot::ComplainantName).is_some_and(|t| t.declined) {
        complainant.anonymous = true;
    }
    if let Some(contact) = words(Slot::ContactMethod) {
        for found in contact_in(&signals.entities.emails, &signals.entities.phones, "") {
            if !complainant.contact.contains(&found) {
                complainant.contact.push(found);
            }
        }
        if complainant.contact.is_empty() {
            complainant.contact = contact_in(&[], &[], &contact);
        }
    }
    if let Some(consent) = told(Slot::Consent) {
        complainant.consent = if consent.declined {
            Consent::Refused
        } else {
            Consent::Given
        };
    }
    if conversation.relation == Relation::LegalRepresentative && complainant.authority.is_none() {
        complainant.authority = words(Slot::Relation);
    }
    let distressed =
        matches!(signals.emotion, Emotion::Sad | Emotion::Anxious) && signals.intensity.0 >= 70;
    complainant.vulnerable |= distressed || conversation.red_flag == Some(RedFlag::SelfHarm);

    if let Some(affected) = told(Slot::AffectedPerson) {
        complaint.affected_person =
            affected_person(affected, signals, complaint.affected_person.take());
    }
    for staff in &signals.entities.staff {
        add_subject(
            &mut complaint.subjects,
            Subject {
                name: staff.name.clone(),
                role: staff.role.clone(),
            },
        );
    }
    if let Some(text) = words(Slot::StaffInvolved) {
        let (name, role) = described(&text);
        // A description that only repeats the role that is known adds nothing.
        if name.is_some() || !complaint.subjects.iter().any(|s| s.name.is_some()) {
            add_subject(&mut complaint.subjects, Subject { name, role });
        }
    }

    let incident = &mut complaint.incident;
    if let Some(when) = words(Slot::IncidentWhen) {
        if incident.when_text.as_deref() != Some(&when) {
            let date = signals
                .entities
                .dates
                .iter()
                .find(|d| when.contains(&d.text))
                .or_else(|| signals.entities.dates.first());
            incident.from = date.map(|d| d.from.clone());
            incident.to = date.map(|d| d.to.clone());
        }
        incident.when_text = Some(when);
    }
    if let Some(place) = words(Slot::IncidentWhere) {
        incident.place = Some(place);
    }
    if let Some(outcome) = words(Slot::DesiredOutcome) {
        complaint.desired_outcome = Some(outcome);
    }

    complaint.safeguarding |= matches!(
        conversation.red_flag,
        Some(RedFlag::Abuse | RedFlag::SelfHarm | RedFlag::Violence)
    );
    if complaint.classification.by == "machine" {
        if let Some(category) = category {
            complaint.classification.category = Some(category);
            complaint.classification.domain = Some(category.domain());
        }
        complaint.classification.severity = severity(complaint, conversation);
    }
    complaint.priority = complaint.priority.max(priority(complaint, conversation));
}

fn affected_person(
    told: &Told,
    signals: &Interpretation,
    before: Option<AffectedPerson>,
) -> Option<AffectedPerson> {
    if told.declined || told.text == "self" {
        return None;
    }
    let known = before.is_some();
    let mut person = before.unwrap_or_default();
    let found = signals.entities.affected.as_ref();
    // "Her mum knows", said later, does not make it happen to the mum.
    if !known
        && let Some(relation) = found
            .and_then(|a| a.relation.clone())
            .filter(|r| r != "self")
    {
        person.relation = Some(relation);
    }
    if let Some(name) = found.and_then(|a| a.name.clone()) {
        person.name = Some(name);
    }
    if person.relation.is_none() && person.name.is_none() {
        // Their words: a name where they look like one, else what the person is to them.
        let looks_named =
            told.text.split_whitespace().count() <= 3 && told.text.starts_with(char::is_uppercase);
        if looks_named {
            person.name = Some(told.text.clone());
        } else {
            person.relation = Some(told.text.clone());
        }
    }
    Some(person)
}

/// One subject a person: a name completes the role that was told before.
fn add_subject(subjects: &mut Vec<Subject>, new: Subject) {
    let same_role = |a: &Subject, b: &Subject| match (&a.role, &b.role) {
        (Some(a), Some(b)) => a.ends_with(b.as_str()) || b.ends_with(a.as_str()),
        _ => false,
    };
    if let Some(name) = &new.name {
        if let Some(known) = subjects.iter_mut().find(|s| {
            s.name
                .as_deref()
                .is_some_and(|n| n.contains(name.as_str()) || name.contains(n))
        }) {
            if known.name.as_ref().is_some_and(|n| n.len() < name.len()) {
                known.name = Some(name.clone());
            }
            if known.role.is_none() {
                known.role = new.role;
            }
            return;
        }
        let unnamed: Vec<usize> = subjects
            .iter()
            .enumerate()
            .filter(|(_, s)| s.name.is_none())
            .map(|(i, _)| i)
            .collect();
        let slot = unnamed
            .iter()
            .copied()
            .find(|i| same_role(&subjects[*i], &new))
            .or(if unnamed.len() == 1 && new.role.is_none() {
                Some(unnamed[0])
            } else {
                None
            });
        if let Some(index) = slot {
            subjects[index].name = Some(name.clone());
            return;
        }
        subjects.push(new);
    } else if !subjects.iter().any(|s| same_role(s, &new)) {
        subjects.push(new);
    }
}

/// HCAT's 0 to 3, as a proposal: danger is high, care comes before comfort, strong feeling weighs.
fn severity(complaint: &Complaint, conversation: &Conversation) -> u8 {
    if conversation.red_flag.is_some() || complaint.safeguarding {
        return 3;
    }
    match complaint.classification.category {
        Some(Category::Safety | Category::Quality | Category::RespectAndPatientRights) => 2,
        Some(_) if conversation.intensity.0 >= 70 => 2,
        Some(_) => 1,
        None => 0,
    }
}

fn priority(complaint: &Complaint, conversation: &Conversation) -> Priority {
    match conversation.red_flag {
        Some(RedFlag::MedicalEmergency | RedFlag::SelfHarm | RedFlag::Violence) => {
            Priority::Emergency
        }
        Some(RedFlag::Abuse) => Priority::Urgent,
        None if complaint.safeguarding => Priority::Urgent,
        None if complaint.classification.category == Some(Category::Safety)
            || conversation.intensity.0 >= 85
            || complaint.complainant.vulnerable =>
        {
            Priority::Soon
        }
        None => Priority::Routine,
    }
}

/// How it stands, without a word of what it is about.
pub fn public_status(complaint: &Complaint) -> PublicStatus {
    let next = complaint
        .deadlines
        .iter()
        .filter(|d| d.met_at.is_none())
        .min_by_key(|d| d.due_at)
        .map(|d| (d.name.clone(), d.due_at));
    let next = next.filter(|_| {
        !matches!(
            complaint.status,
            ComplaintStatus::Closed | ComplaintStatus::Withdrawn | ComplaintStatus::Responded
        )
    });
    PublicStatus {
        reference: complaint.reference.clone(),
        status: Some(complaint.status),
        received_at: complaint.received_at,
        next,
    }
}
