//! Flows as they are used: checked, joined where one calls another, compiled.

use super::schema::{Kind, Matters, Questions, Team};
use crate::domain::Slot;
use serde_saphyr::Location;

/// What an answer must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Check {
    /// An e-mail address or a telephone number.
    EmailOrPhone,
    /// A telephone number.
    Phone,
    /// An expression over the answer.
    Holds(String),
}

/// Where something stands in the folder of flows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: String,
    /// Line and column.
    pub at: Location,
}

/// One thing to find out, and how.
#[derive(Clone, Debug)]
pub struct Ask {
    /// What.
    pub slot: Slot,
    /// What kind of answer.
    pub kind: Kind,
    /// The phrase that asks.
    pub phrase: String,
    /// The group of choices that is offered with it: phrases `choice.<group>.<value>`.
    pub choices: Option<String>,
    /// The condition under which it is not asked.
    pub skip_if: Option<String>,
    /// Whether the person may leave it out (they always may say that they do not know).
    pub optional: bool,
    /// What an answer must have.
    pub check: Option<Check>,
    /// The message that opens the flow counts as the answer, where it says more than a few words.
    pub from_opening: bool,
    /// How much it matters where few questions are left.
    pub matters: Matters,
    /// Where it is written.
    pub place: Place,
}

/// What happens when everything is found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Say a phrase.
    Say(String),
    /// Hand over to a team; the person waits for a person.
    Handoff(Team),
    /// Pass on to a team; the person waits for nobody.
    PassOn(Team),
    /// A team is to ring the person.
    CallBack(Team),
    /// Answer from the facts file.
    AnswerFacts,
    /// Answer how the complaint stands.
    AnswerStatus,
    /// Say what the facts file has under a topic, if anything.
    Tell(String),
    /// Go on with another flow.
    Call(String),
}

/// One step, and when it is taken.
#[derive(Clone, Debug)]
pub struct Step {
    /// What happens.
    pub action: Action,
    /// The condition under which it does.
    pub condition: Option<String>,
    /// Where it is written.
    pub place: Place,
}

/// What happens when nothing happens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timers {
    /// Seconds of silence in the middle of the flow, and what is said then.
    pub silence: Option<(i64, String)>,
    /// Seconds after which somebody who waits is asked after.
    pub check_in: Option<i64>,
    /// The clock of the complaint profile by which a person was promised, and what is said when it ran out.
    pub promise: Option<(String, String)>,
}

/// One flow.
#[derive(Clone, Debug)]
pub struct Flow {
    /// Its name.
    pub name: String,
    /// What it is for, for people who edit it.
    pub about: String,
    /// When a message opens it; none where only other flows do.
    pub when: Option<String>,
    /// Higher is tried first.
    pub priority: i32,
    /// Why a person is wanted whom it brings in, as the desk sorts and words it.
    pub reason: String,
    /// Whether what is told goes on record as a complaint.
    pub records_complaint: bool,
    /// Whether what it puts on record is protected.
    pub protects: bool,
    /// The phrase that opens it.
    pub opening: Option<String>,
    /// How much may be asked.
    pub questions: Option<Questions>,
    /// What to find out, in order.
    pub collect: Vec<Ask>,
    /// What happens then.
    pub then: Vec<Step>,
    /// What happens when nothing happens.
    pub timers: Timers,
    /// The flows that it calls.
    pub calls: Vec<String>,
    /// Where its condition is written, or else its name.
    pub place: Place,
}

/// Files at the top of the folder that are no flows.
pub(super) const NO_FLOWS: [&str; 6] = [
    "contingency.yaml",
    "facts.yaml",
    "countries.yaml",
    "danger.yaml",
    "desk.yaml",
    "languages.yaml",
];

/// Whether flows and reasons may be named so: lower-case letters, digits and underscores, at most 32.
pub(super) fn is_name(name: &str) -> bool {
    Slot::from_name(name).is_some()
}

/// One file, checked by itself.
pub(super) struct Part {
    pub(super) flow: Flow,
    /// What it asks for and calls, in order.
    pub(super) items: Vec<PartItem>,
}

pub(super) enum PartItem {
    Ask(Ask),
    Call(String, Place),
}
