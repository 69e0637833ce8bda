//! The shape in which a complaint is kept on disk: in the register and, where an event needs an older record, in the
//! log.
//!
//! It is a shape of its own, so that a field of [`Complaint`] can be renamed without a word of what is stored. Fields
//! are only ever added here, each with a default; `tests/samples/` has records of every older shape.

use super::{
    case::Case,
    clock_stop::{ClockStop, Extension},
    complaint::{
        Added, AffectedPerson, Complainant, Complaint, ComplaintStatus, Consent, Deadline,
        Fragment, Incident, Reading, Reference, Subject,
    },
    conversation::Priority,
    fingerprint::fingerprint,
    ids::{AttachmentId, ConversationId, MessageId},
    interpretation::Relation,
    kept_classification::KeptClassification,
    kept_contact::KeptContact,
    message::AttachmentRef,
    time::{Timestamp, as_rfc3339},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Who complains.
#[derive(Debug, Serialize, Deserialize)]
struct KeptComplainant {
    name: Option<String>,
    anonymous: bool,
    relation: Relation,
    is_customer: bool,
    contact: Vec<KeptContact>,
    authority: Option<String>,
    consent: Consent,
    vulnerable: bool,
}

impl From<Complainant> for KeptComplainant {
    fn from(from: Complainant) -> Self {
        Self {
            name: from.name,
            anonymous: from.anonymous,
            relation: from.relation,
            is_customer: from.is_customer,
            contact: all(from.contact),
            authority: from.authority,
            consent: from.consent,
            vulnerable: from.vulnerable,
        }
    }
}

impl From<KeptComplainant> for Complainant {
    fn from(from: KeptComplainant) -> Self {
        Self {
            name: from.name,
            anonymous: from.anonymous,
            relation: from.relation,
            is_customer: from.is_customer,
            contact: all(from.contact),
            authority: from.authority,
            consent: from.consent,
            vulnerable: from.vulnerable,
        }
    }
}

/// Whom it happened to, where that is not the complainant.
#[derive(Debug, Serialize, Deserialize)]
struct KeptAffectedPerson {
    name: Option<String>,
    relation: Option<String>,
}

impl From<AffectedPerson> for KeptAffectedPerson {
    fn from(from: AffectedPerson) -> Self {
        Self {
            name: from.name,
            relation: from.relation,
        }
    }
}

impl From<KeptAffectedPerson> for AffectedPerson {
    fn from(from: KeptAffectedPerson) -> Self {
        Self {
            name: from.name,
            relation: from.relation,
        }
    }
}

/// A member of staff whom it is about.
#[derive(Debug, Serialize, Deserialize)]
struct KeptSubject {
    name: Option<String>,
    role: Option<String>,
}

impl From<Subject> for KeptSubject {
    fn from(from: Subject) -> Self {
        Self {
            name: from.name,
            role: from.role,
        }
    }
}

impl From<KeptSubject> for Subject {
    fn from(from: KeptSubject) -> Self {
        Self {
            name: from.name,
            role: from.role,
        }
    }
}

/// Days that words may mean.
#[derive(Debug, Serialize, Deserialize)]
struct KeptReading {
    from: String,
    to: String,
}

impl From<Reading> for KeptReading {
    fn from(from: Reading) -> Self {
        Self {
            from: from.from,
            to: from.to,
        }
    }
}

impl From<KeptReading> for Reading {
    fn from(from: KeptReading) -> Self {
        Self {
            from: from.from,
            to: from.to,
        }
    }
}

/// What happened.
#[derive(Debug, Serialize, Deserialize)]
struct KeptIncident {
    narrative: String,
    when_text: Option<String>,
    from: Option<String>,
    to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    other_reading: Option<KeptReading>,
    #[serde(rename = "where")]
    place: Option<String>,
}

impl From<Incident> for KeptIncident {
    fn from(from: Incident) -> Self {
        Self {
            narrative: from.narrative,
            when_text: from.when_text,
            from: from.from,
            to: from.to,
            other_reading: from.other_reading.map(Into::into),
            place: from.place,
        }
    }
}

impl From<KeptIncident> for Incident {
    fn from(from: KeptIncident) -> Self {
        Self {
            narrative: from.narrative,
            when_text: from.when_text,
            from: from.from,
            to: from.to,
            other_reading: from.other_reading.map(Into::into),
            place: from.place,
        }
    }
}

/// A clock that runs on a complaint.
#[derive(Debug, Serialize, Deserialize)]
struct KeptDeadline {
    name: String,
    #[serde(with = "as_rfc3339")]
    due_at: Timestamp,
    source: String,
    #[serde(with = "as_rfc3339::option")]
    met_at: Option<Timestamp>,
    /// Left out where the name tells it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    stops: Option<ClockStop>,
    #[serde(
        with = "as_rfc3339::option",
        skip_serializing_if = "Option::is_none",
        default
    )]
    paused_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    extensions: Vec<Extension>,
}

impl From<Deadline> for KeptDeadline {
    fn from(from: Deadline) -> Self {
        Self {
            stops: (from.stops != ClockStop::usual(&from.name)).then_some(from.stops),
            name: from.name,
            due_at: from.due_at,
            source: from.source,
            met_at: from.met_at,
            paused_at: from.paused_at,
            extensions: from.extensions,
        }
    }
}

impl From<KeptDeadline> for Deadline {
    fn from(from: KeptDeadline) -> Self {
        Self {
            stops: (from.stops).unwrap_or_else(|| ClockStop::usual(&from.name)),
            name: from.name,
            due_at: from.due_at,
            source: from.source,
            met_at: from.met_at,
            paused_at: from.paused_at,
            extensions: from.extensions,
        }
    }
}

/// Where a part of the narrative came from.
#[derive(Debug, Serialize, Deserialize)]
struct KeptFragment {
    message: MessageId,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    added: Option<Added>,
}

impl From<Fragment> for KeptFragment {
    fn from(from: Fragment) -> Self {
        Self {
            message: from.message,
            text: from.text,
            added: from.added,
        }
    }
}

impl From<KeptFragment> for Fragment {
    fn from(from: KeptFragment) -> Self {
        Self {
            message: from.message,
            text: from.text,
            added: from.added,
        }
    }
}

/// A file that came with it.
#[derive(Debug, Serialize, Deserialize)]
struct KeptAttachment {
    id: AttachmentId,
    name: String,
    media_type: String,
    size: u64,
}

impl From<AttachmentRef> for KeptAttachment {
    fn from(from: AttachmentRef) -> Self {
        Self {
            id: from.id,
            name: from.name,
            media_type: from.media_type,
            size: from.size,
        }
    }
}

impl From<KeptAttachment> for AttachmentRef {
    fn from(from: KeptAttachment) -> Self {
        Self {
            id: from.id,
            name: from.name,
            media_type: from.media_type,
            size: from.size,
        }
    }
}

/// A complaint on record.
#[derive(Debug, Serialize, Deserialize)]
struct KeptComplaint {
    reference: Reference,
    #[serde(with = "as_rfc3339")]
    received_at: Timestamp,
    channel: String,
    conversation: ConversationId,
    status: ComplaintStatus,
    priority: Priority,
    complainant: KeptComplainant,
    affected_person: Option<KeptAffectedPerson>,
    subjects: Vec<KeptSubject>,
    incident: KeptIncident,
    classification: KeptClassification,
    desired_outcome: Option<String>,
    safeguarding: bool,
    complete: bool,
    deadlines: Vec<KeptDeadline>,
    attachments: Vec<KeptAttachment>,
    fragments: Vec<KeptFragment>,
    #[serde(default, skip_serializing_if = "Case::is_empty")]
    case: Case,
}

impl From<Complaint> for KeptComplaint {
    fn from(from: Complaint) -> Self {
        Self {
            reference: from.reference,
            received_at: from.received_at,
            channel: from.channel,
            conversation: from.conversation,
            status: from.status,
            priority: from.priority,
            complainant: from.complainant.into(),
            affected_person: from.affected_person.map(Into::into),
            subjects: all(from.subjects),
            incident: from.incident.into(),
            classification: from.classification.into(),
            desired_outcome: from.desired_outcome,
            safeguarding: from.safeguarding,
            complete: from.complete,
            deadlines: all(from.deadlines),
            attachments: all(from.attachments),
            fragments: all(from.fragments),
            case: from.case,
        }
    }
}

impl From<KeptComplaint> for Complaint {
    fn from(from: KeptComplaint) -> Self {
        Self {
            reference: from.reference,
            received_at: from.received_at,
            channel: from.channel,
            conversation: from.conversation,
            status: from.status,
            priority: from.priority,
            complainant: from.complainant.into(),
            affected_person: from.affected_person.map(Into::into),
            subjects: all(from.subjects),
            incident: from.incident.into(),
            classification: from.classification.into(),
            desired_outcome: from.desired_outcome,
            safeguarding: from.safeguarding,
            complete: from.complete,
            deadlines: all(from.deadlines),
            attachments: all(from.attachments),
            fragments: all(from.fragments),
            case: from.case,
        }
    }
}

fn all<A, B: From<A>>(list: Vec<A>) -> Vec<B> {
    list.into_iter().map(Into::into).collect()
}

impl Complaint {
    /// A short mark by which the same record is known again.
    #[expect(
        clippy::missing_panics_doc,
        reason = "plain data always has a JSON form"
    )]
    pub fn mark(&self) -> u64 {
        let text = serde_json::to_vec(self).expect("plain data always has a JSON form");
        fingerprint([text.as_slice()])
    }
}

impl Serialize for Complaint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        KeptComplaint::from(self.clone()).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Complaint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        KeptComplaint::deserialize(deserializer).map(Self::from)
    }
}
