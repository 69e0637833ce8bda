//! A complaint on record, in the shape that the API and the export give it.

use super::{
    case::Case,
    clock_stop::{ClockStop, Extension},
    conversation::Priority,
    ids::{ConversationId, MessageId},
    interpretation::{Category, Domain, Relation, names},
    message::AttachmentRef,
    time::{Timestamp, as_rfc3339},
};
use serde::{Deserialize, Serialize};

pub use super::{
    contact::Contact,
    reference::{Reference, ReferenceError},
};

names!(
    /// How far a complaint has come.
    ComplaintStatus {
        /// Recorded.
        Open = "open",
        /// A named person has told the complainant that it is in hand.
        Acknowledged = "acknowledged",
        /// Being looked into.
        Investigating = "investigating",
        /// Answered.
        Responded = "responded",
        /// Done.
        Closed = "closed",
        /// Taken back by the complainant.
        Withdrawn = "withdrawn",
    }
);
names!(
    /// Whether the affected person agrees that we talk to the complainant.
    Consent {
        /// They do, or the complainant has authority.
        Given = "given",
        /// They do not, or it is not known.
        Refused = "refused",
        /// Not asked yet.
        NotAsked = "not_asked",
    }
);

names!(
    /// HCAT's stages of care.
    Stage {
        /// Coming in.
        Admission = "admission",
        /// Finding out what it is.
        Examination = "examination",
        /// Care on the ward, or at home.
        Care = "care",
        /// An operation or another procedure.
        Operation = "operation",
        /// Leaving, or going elsewhere.
        Discharge = "discharge",
        /// None of these, or not known.
        Other = "other",
    }
);

/// Who complains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complainant {
    /// The name, where it was told.
    pub name: Option<String>,
    /// They chose not to tell it.
    pub anonymous: bool,
    /// What they are to us.
    pub relation: Relation,
    /// Whether they receive our care themselves, by their own word.
    pub is_customer: bool,
    /// How to reach them.
    pub contact: Vec<Contact>,
    /// By what right they act for someone, where they told it.
    pub authority: Option<String>,
    /// Whether the affected person agrees.
    pub consent: Consent,
    /// They may need more help to be heard: distress, or danger spoken of.
    pub vulnerable: bool,
}

/// Whom it happened to, where that is not the complainant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AffectedPerson {
    /// The name.
    pub name: Option<String>,
    /// What they are to the complainant.
    pub relation: Option<String>,
}

/// A member of staff whom it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The name, where it was told.
    pub name: Option<String>,
    /// What they do, or how they were described.
    pub role: Option<String>,
}

/// Days that words may mean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// First day, ISO 8601.
    pub from: String,
    /// Last day.
    pub to: String,
}

/// What happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Incident {
    /// The complainant's own words, verbatim.
    pub narrative: String,
    /// When, in their words.
    pub when_text: Option<String>,
    /// First day, ISO 8601, where it could be worked out.
    pub from: Option<String>,
    /// Last day.
    pub to: Option<String>,
    /// A second honest reading of the words, where there is one: a person settles it.
    pub other_reading: Option<Reading>,
    /// Where, in their words.
    pub place: Option<String>,
}

/// What kind of complaint it is (HCAT).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Classification {
    /// The domain.
    pub domain: Option<Domain>,
    /// The category.
    pub category: Option<Category>,
    /// 0 to 3. A machine proposes where it is sure; a person confirms. 0 where neither has said anything.
    pub severity: u8,
    /// The things that went wrong, one by one: as a machine proposes them, and as persons see them.
    pub problems: Vec<Problem>,
    /// `machine` until a person has confirmed or changed it.
    pub by: String,
    /// What the machine had proposed, once a person has confirmed or changed it.
    pub proposed: Option<Proposal>,
    /// HCAT's harm, 0 (none) to 5 (catastrophic): only ever a person's judgement.
    pub harm: Option<u8>,
}

/// What a machine proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Proposal {
    /// The category.
    pub category: Option<Category>,
    /// 1 to 3; none where it was not sure enough.
    pub severity: Option<u8>,
}

/// One of the things that went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The complainant's words for it, as they stand in the narrative.
    pub words: String,
    /// What kind it is (HCAT).
    pub category: Category,
    /// 1 to 3, where a machine is sure enough of the kind to propose it.
    pub severity: Option<u8>,
    /// At which stage of care, as a person sees it.
    pub stage: Option<Stage>,
    /// Who confirmed or added it; none where it is a machine's proposal.
    pub by: Option<String>,
    /// What a machine had proposed, where a person has confirmed or changed it.
    pub proposed: Option<Proposal>,
}

/// A clock that runs on a complaint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// `acknowledge`, `respond`, …
    pub name: String,
    /// When it must be done.
    pub due_at: Timestamp,
    /// The rule it comes from.
    pub source: String,
    /// When it was done.
    pub met_at: Option<Timestamp>,
    /// What it runs for.
    pub stops: ClockStop,
    /// Since when it stands still.
    pub paused_at: Option<Timestamp>,
    /// How it was put off, in order.
    pub extensions: Vec<Extension>,
}

/// Where a part of the narrative came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment {
    /// The message.
    pub message: MessageId,
    /// Its words.
    pub text: String,
    /// When and by which channel they were added, once several conversations add to the record.
    pub added: Option<Added>,
}

/// When and how words were added to a record that several conversations add to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Added {
    /// The day, ISO 8601, where the organisation is.
    pub day: String,
    /// By which inbox.
    pub channel: String,
}

/// A complaint on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// Its reference.
    pub reference: Reference,
    /// When the first sentence came in.
    pub received_at: Timestamp,
    /// Which inbox it came by.
    pub channel: String,
    /// The conversation it was told in.
    pub conversation: ConversationId,
    /// How far it has come.
    pub status: ComplaintStatus,
    /// How pressing it is.
    pub priority: Priority,
    /// Who complains.
    pub complainant: Complainant,
    /// Whom it happened to, where that is somebody else.
    pub affected_person: Option<AffectedPerson>,
    /// Whom it is about.
    pub subjects: Vec<Subject>,
    /// What happened.
    pub incident: Incident,
    /// What kind it is.
    pub classification: Classification,
    /// What should come of it, in the complainant's words.
    pub desired_outcome: Option<String>,
    /// Somebody may need protection.
    pub safeguarding: bool,
    /// Everything that the flow asks for was told or declined.
    pub complete: bool,
    /// The clocks that run.
    pub deadlines: Vec<Deadline>,
    /// Files that came with it.
    pub attachments: Vec<AttachmentRef>,
    /// The messages that the narrative is made of.
    pub fragments: Vec<Fragment>,
    /// What the desk added.
    pub case: Case,
}

/// One line of a complaint's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Change {
    /// When.
    #[serde(with = "as_rfc3339")]
    #[schema(value_type = String)]
    pub at: Timestamp,
    /// `complainant`, or the agent's name.
    pub by: String,
    /// Why, where somebody said so.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub why: Option<String>,
    /// The fields that changed, each from what to what.
    pub fields: Vec<FieldChange>,
}

/// One field's change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FieldChange {
    /// Path of the field in the record, as in `incident.when_text`.
    pub field: String,
    /// What it was; `null` at first.
    pub from: serde_json::Value,
    /// What it is now.
    pub to: serde_json::Value,
}

/// What may be told to anyone who has the reference: how it stands, nothing of what it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicStatus {
    /// The reference.
    pub reference: Reference,
    /// How far it has come; none where there is no such complaint.
    pub status: Option<ComplaintStatus>,
    /// When it was received.
    pub received_at: Timestamp,
    /// The next thing due, and when.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub next: Option<(String, Timestamp)>,
}
