//! What a person puts right in a complaint's record.

use super::{
    case::Conclusion,
    clock_stop::ClockChange,
    complaint::{ComplaintStatus, Consent, Stage, Subject},
    complaint_action::ComplaintAction,
    contact::Contact,
    conversation::Priority,
    interpretation::{Category, Relation},
    reference::Reference,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// A change that a person makes to the record; what is absent stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ComplaintPatch {
    /// How far it has come, in events from before there were actions; kept for the replay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<ComplaintStatus>,
    /// What is done about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<ComplaintAction>,
    /// What is done with one of its clocks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock: Option<ClockChange>,
    /// When it was received: the clocks start anew.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received_at: Option<Timestamp>,
    /// Whether they chose not to tell their name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anonymous: Option<bool>,
    /// Whether they receive our care themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_customer: Option<bool>,
    /// Whether everything that must be known is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complete: Option<bool>,
    /// What the investigation came to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conclusion: Option<Conclusion>,
    /// Why it must not be erased; empty lifts that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub legal_hold: Option<String>,
    /// Whether it is seen by certain roles only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protected: Option<bool>,
    /// The complaints that belong to it, all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub linked: Option<Vec<Reference>>,
    /// Words that are sent to the complainant with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tell: Option<String>,
    /// What was changed because of it; empty takes it away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub learning: Option<String>,
    /// What the desk would like to know of the complainant; empty takes the question back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// How pressing it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// The category; the domain follows from it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<Category>,
    /// 0 to 3.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<u8>,
    /// 0 to 5: a person's judgement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub harm: Option<u8>,
    /// The things that went wrong, all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problems: Option<Vec<ProblemPatch>>,
    /// The complainant's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complainant_name: Option<String>,
    /// What they are to us.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relation: Option<Relation>,
    /// Whether the affected person agrees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consent: Option<Consent>,
    /// What should come of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub desired_outcome: Option<String>,
    /// Somebody may need protection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub safeguarding: Option<bool>,
    /// How to reach the complainant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<Vec<Contact>>,
    /// By what right they act for someone; empty takes it away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,
    /// Whether they may need more help to be heard.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vulnerable: Option<bool>,
    /// Whom it happened to; with nothing in it, the complainant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub affected_person: Option<AffectedPatch>,
    /// Whom it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subjects: Option<Vec<Subject>>,
    /// When it happened, in words; empty takes it away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when_text: Option<String>,
    /// The first day and the last; none takes them away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<DaysPatch>,
    /// Where it happened; empty takes it away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Why it is changed: stands in the history.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// One of the things that went wrong, as a person sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemPatch {
    /// The complainant's words for it, or else the person's own.
    pub words: String,
    /// What kind it is (HCAT).
    pub category: Category,
    /// 1 to 3.
    pub severity: Option<u8>,
    /// At which stage of care.
    pub stage: Option<Stage>,
}

/// Whom it happened to, as a person puts it right.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AffectedPatch {
    /// The name.
    pub name: Option<String>,
    /// What they are to the complainant.
    pub relation: Option<String>,
}

/// On which days it happened, as a person puts it right.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DaysPatch {
    /// The first day, ISO 8601.
    pub from: Option<String>,
    /// The last day.
    pub to: Option<String>,
}
