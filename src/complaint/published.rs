//! The record as it is published: by the API, by the export and in a complaint's history.
//!
//! It is a shape of its own: what clients read stays as it is when a field of [`Complaint`] is renamed. The contract
//! with clients is the `OpenAPI` document.

use super::{published_case::PublishedCase, published_classification::PublishedClassification};
use crate::domain::{
    AttachmentId, AttachmentRef, Complaint, ComplaintStatus, ConversationId, Extension, MessageId,
    Relation, Timestamp,
    complaint::{
        AffectedPerson, Complainant, Consent, Contact, Deadline, Fragment, Incident, Reading,
        Reference, Subject,
    },
    conversation::Priority,
    time::as_rfc3339,
};
use serde::Serialize;

/// One way to reach somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = Contact)]
pub(super) struct PublishedContact {
    /// `email`, `phone`, or `other` for words that are neither.
    kind: String,
    /// The address or number.
    value: String,
    /// What they said beside it of how and when ("text only", "evenings"); left out where they said nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

impl From<Contact> for PublishedContact {
    fn from(from: Contact) -> Self {
        Self {
            kind: from.kind,
            value: from.value,
            note: from.note,
        }
    }
}

/// Who complains.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = Complainant)]
pub(super) struct PublishedComplainant {
    /// The name, where it was told.
    name: Option<String>,
    /// They chose not to tell it.
    anonymous: bool,
    /// What they are to us.
    relation: Relation,
    /// Whether they receive our care themselves, by their own word.
    is_customer: bool,
    /// How to reach them.
    contact: Vec<PublishedContact>,
    /// By what right they act for someone, where they told it.
    authority: Option<String>,
    /// Whether the affected person agrees.
    consent: Consent,
    /// They may need more help to be heard: distress, or danger spoken of.
    vulnerable: bool,
}

impl From<Complainant> for PublishedComplainant {
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

/// Whom it happened to, where that is not the complainant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = AffectedPerson)]
pub(super) struct PublishedAffectedPerson {
    /// The name.
    name: Option<String>,
    /// What they are to the complainant.
    relation: Option<String>,
}

impl From<AffectedPerson> for PublishedAffectedPerson {
    fn from(from: AffectedPerson) -> Self {
        Self {
            name: from.name,
            relation: from.relation,
        }
    }
}

/// A member of staff whom it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = Subject)]
pub(super) struct PublishedSubject {
    /// The name, where it was told.
    name: Option<String>,
    /// What they do, or how they were described.
    role: Option<String>,
}

impl From<Subject> for PublishedSubject {
    fn from(from: Subject) -> Self {
        Self {
            name: from.name,
            role: from.role,
        }
    }
}

/// Days that words may mean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = Reading)]
pub(super) struct PublishedReading {
    /// First day, ISO 8601.
    from: String,
    /// Last day.
    to: String,
}

impl From<Reading> for PublishedReading {
    fn from(from: Reading) -> Self {
        Self {
            from: from.from,
            to: from.to,
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = Incident)]
pub(super) struct PublishedIncident {
    /// The complainant's own words, verbatim.
    narrative: String,
    /// When, in their words.
    when_text: Option<String>,
    /// First day, ISO 8601, where it could be worked out.
    from: Option<String>,
    /// Last day.
    to: Option<String>,
    /// A second honest reading of the words, where there is one: a person settles it.
    #[serde(skip_serializing_if = "Option::is_none")]
    other_reading: Option<PublishedReading>,
    /// Where, in their words.
    #[serde(rename = "where")]
    place: Option<String>,
}

impl From<Incident> for PublishedIncident {
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

/// A clock that runs on a complaint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = Deadline)]
pub(super) struct PublishedDeadline {
    /// `acknowledge`, `respond`, …
    name: String,
    /// When it must be done.
    #[serde(with = "as_rfc3339")]
    #[schema(value_type = String)]
    due_at: Timestamp,
    /// The rule it comes from.
    source: String,
    /// When it was done.
    #[serde(with = "as_rfc3339::option")]
    #[schema(value_type = Option<String>)]
    met_at: Option<Timestamp>,
    /// Since when it stands still; left out where it runs.
    #[serde(with = "as_rfc3339::option", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    paused_at: Option<Timestamp>,
    /// How it was put off; left out where it was not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    extensions: Vec<Extension>,
}

impl From<Deadline> for PublishedDeadline {
    fn from(from: Deadline) -> Self {
        Self {
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = Fragment)]
pub(super) struct PublishedFragment {
    /// The message.
    #[schema(value_type = String)]
    message: MessageId,
    /// Its words.
    text: String,
    /// When and by which channel they were added, once several conversations add to the record.
    #[serde(skip_serializing_if = "Option::is_none")]
    added: Option<PublishedAdded>,
}

impl From<Fragment> for PublishedFragment {
    fn from(from: Fragment) -> Self {
        Self {
            message: from.message,
            text: from.text,
            added: from.added.map(|added| PublishedAdded {
                day: added.day,
                channel: added.channel,
            }),
        }
    }
}

/// When and how words were added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = Added)]
pub(super) struct PublishedAdded {
    /// The day, ISO 8601.
    day: String,
    /// By which inbox.
    channel: String,
}

/// A file that came with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = AttachmentRef)]
pub(super) struct PublishedAttachment {
    /// Where to fetch it: `/api/v1/attachments/{id}`.
    #[schema(value_type = String)]
    id: AttachmentId,
    /// The file's name, as given, without any path.
    name: String,
    /// The checked media type.
    media_type: String,
    /// Size in bytes.
    size: u64,
}

impl From<AttachmentRef> for PublishedAttachment {
    fn from(from: AttachmentRef) -> Self {
        Self {
            id: from.id,
            name: from.name,
            media_type: from.media_type,
            size: from.size,
        }
    }
}

/// A complaint on record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = Complaint)]
pub struct PublishedComplaint {
    /// Its reference.
    #[schema(value_type = String)]
    pub(super) reference: Reference,
    /// When the first sentence came in.
    #[serde(with = "as_rfc3339")]
    #[schema(value_type = String)]
    pub(super) received_at: Timestamp,
    /// Which inbox it came by.
    pub(super) channel: String,
    /// The conversation it was told in.
    #[schema(value_type = String)]
    pub(super) conversation: ConversationId,
    /// How far it has come.
    pub(super) status: ComplaintStatus,
    /// How pressing it is.
    pub(super) priority: Priority,
    /// Who complains.
    pub(super) complainant: PublishedComplainant,
    /// Whom it happened to, where that is somebody else.
    pub(super) affected_person: Option<PublishedAffectedPerson>,
    /// Whom it is about.
    pub(super) subjects: Vec<PublishedSubject>,
    /// What happened.
    pub(super) incident: PublishedIncident,
    /// What kind it is.
    pub(super) classification: PublishedClassification,
    /// What should come of it, in the complainant's words.
    pub(super) desired_outcome: Option<String>,
    /// Somebody may need protection.
    pub(super) safeguarding: bool,
    /// Everything that the flow asks for was told or declined.
    pub(super) complete: bool,
    /// The clocks that run.
    pub(super) deadlines: Vec<PublishedDeadline>,
    /// Files that came with it.
    pub(super) attachments: Vec<PublishedAttachment>,
    /// The messages that the narrative is made of.
    pub(super) fragments: Vec<PublishedFragment>,
    /// What the desk added.
    #[serde(flatten)]
    pub(super) case: PublishedCase,
}

impl From<Complaint> for PublishedComplaint {
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
            case: PublishedCase::of(from.case, &from.fragments),
            fragments: all(from.fragments),
        }
    }
}

fn all<A, B: From<A>>(list: Vec<A>) -> Vec<B> {
    list.into_iter().map(Into::into).collect()
}
