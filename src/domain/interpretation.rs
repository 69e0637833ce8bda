//! What a message tells about itself: the border between `understand`, which makes these, and everything that decides by them.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

macro_rules! names {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant),+ }

        impl $name {
            /// Every value, in the order of the contract.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The public name.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The value of that public name.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}
pub(crate) use names;

pub use super::{
    clause::{Clause, Lead},
    cue::Cue,
};

names!(
    /// What the message is for.
    Intent {
        /// Something went wrong.
        Complaint = "complaint",
        /// Praise.
        Compliment = "compliment",
        /// To make, move or cancel a visit.
        Appointment = "appointment",
        /// Test results.
        Results = "results",
        /// Bills.
        Billing = "billing",
        /// Health records.
        Records = "records",
        /// Medicines on prescription.
        Prescription = "prescription",
        /// Hours, address, visiting and the like.
        Information = "information",
        /// Wants a person.
        SpeakToHuman = "speak_to_human",
        /// Wants to be rung.
        Callback = "callback",
        /// How a complaint stands.
        Status = "status",
        /// Hello.
        Greeting = "greeting",
        /// Thank you.
        Thanks = "thanks",
        /// Goodbye.
        Goodbye = "goodbye",
        /// None of these.
        Other = "other",
    }
);
names!(
    /// Who is writing, as seen from the organisation.
    Relation {
        /// Receives or received care.
        Patient = "patient",
        /// Family.
        Relative = "relative",
        /// Looks after the affected person and is not our staff.
        Carer = "carer",
        /// A friend.
        Friend = "friend",
        /// Lives nearby.
        Neighbour = "neighbour",
        /// Came to see somebody.
        Visitor = "visitor",
        /// Anyone else.
        Public = "public",
        /// Works for another organisation.
        Professional = "professional",
        /// Works for ours.
        Employee = "employee",
        /// Acts by law for someone.
        LegalRepresentative = "legal_representative",
        /// Not told.
        Unknown = "unknown",
    }
);
names!(
    /// The strongest feeling in the message.
    Emotion {
        /// Anger, annoyance, disgust.
        Upset = "upset",
        /// Fear, worry.
        Anxious = "anxious",
        /// Grief, disappointment.
        Sad = "sad",
        /// Lost, puzzled.
        Confused = "confused",
        /// Glad, grateful.
        Positive = "positive",
        /// None.
        Neutral = "neutral",
    }
);
names!(
    /// A danger that is answered before anything else.
    RedFlag {
        /// Suicide or self-harm.
        SelfHarm = "self_harm",
        /// Life or limb, now.
        MedicalEmergency = "medical_emergency",
        /// Abuse or neglect of someone vulnerable.
        Abuse = "abuse",
        /// Violence or a threat of it.
        Violence = "violence",
    }
);
names!(
    /// HCAT's three domains.
    Domain {
        /// Care itself.
        Clinical = "clinical",
        /// How the place is run.
        Management = "management",
        /// How people were treated.
        Relationships = "relationships",
    }
);
names!(
    /// HCAT's seven categories (Gillespie & Reader, BMJ Qual Saf 2016;25:937-946).
    Category {
        /// Care given badly or not at all.
        Quality = "quality",
        /// Errors, neglect, unsafe staff.
        Safety = "safety",
        /// Food, noise, dirt, parking.
        Environment = "environment",
        /// Delays, bookings, bills, rules.
        InstitutionalProcesses = "institutional_processes",
        /// What was said is ignored.
        Listening = "listening",
        /// Too little or wrong things are said.
        Communication = "communication",
        /// Rudeness, privacy, consent.
        RespectAndPatientRights = "respect_and_patient_rights",
    }
);

impl Intent {
    /// Whether it is something that a person must see to, whatever else is said.
    pub const fn is_wish(self) -> bool {
        matches!(
            self,
            Self::Appointment
                | Self::Results
                | Self::Billing
                | Self::Records
                | Self::Prescription
                | Self::Callback
        )
    }
}

impl Category {
    /// The domain that holds this category.
    pub const fn domain(self) -> Domain {
        match self {
            Self::Quality | Self::Safety => Domain::Clinical,
            Self::Environment | Self::InstitutionalProcesses => Domain::Management,
            Self::Listening | Self::Communication | Self::RespectAndPatientRights => {
                Domain::Relationships
            }
        }
    }
}

impl Relation {
    /// Whether such a person is a customer in the organisation's eyes. Decides nothing about how they are treated.
    pub const fn is_customer(self) -> bool {
        matches!(self, Self::Patient)
    }
}

/// Strength of a feeling in percent; written as 0 to 1. Whole percents, so that a state replays byte for byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Intensity(pub u8);

impl Serialize for Intensity {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_f64(f64::from(self.0) / 100.0)
    }
}

impl<'de> Deserialize<'de> for Intensity {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let share = f64::deserialize(d)?;
        Ok(Self((share.clamp(0.0, 1.0) * 100.0).round() as u8))
    }
}

/// A stretch of the message, in bytes of the text as it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The words, or the value made of them.
    pub text: String,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// A date or a stretch of days, with the words that told it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundDate {
    /// The words.
    pub text: String,
    /// First day, ISO 8601.
    pub from: String,
    /// Last day, ISO 8601.
    pub to: String,
    /// A second honest reading (first and last day), where the words allow two: "last Tuesday", said on a Thursday.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<(String, String)>,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// A member of staff as described.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundStaff {
    /// The name, where one was given.
    pub name: Option<String>,
    /// What they do, where it was said.
    pub role: Option<String>,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// Whom it happened to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundAffected {
    /// The name, where one was given.
    pub name: Option<String>,
    /// What they are to the writer ("mother"), or `self`.
    pub relation: Option<String>,
    /// First byte of the words that say so; none where it follows from the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<usize>,
    /// One past the last byte.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<usize>,
}

/// What can be pointed at in a message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Entities {
    /// The writer's own name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub self_name: Option<Found>,
    /// E-mail addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<Found>,
    /// Telephone numbers, in international form.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<Found>,
    /// When.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dates: Vec<FoundDate>,
    /// Where.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<Found>,
    /// Which staff.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub staff: Vec<FoundStaff>,
    /// Whom it happened to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub affected: Option<FoundAffected>,
    /// Well-formed complaint references.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<Found>,
    /// What looks like a reference but fails its check character.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub broken_references: Vec<Found>,
    /// Sums of money.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub amounts: Vec<Found>,
    /// Numbers of other people's making: cases, invoices, policies, patients.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub numbers: Vec<Found>,
    /// What the writer wants done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub desired_outcome: Option<Found>,
    /// What is said to be right, in a correction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meant: Option<Found>,
    /// The subject of a question for the facts file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
}

impl Entities {
    /// Stretches that belong together, whatever stands in them: addresses, numbers, days.
    pub fn fixed(&self) -> Vec<(usize, usize)> {
        let found = (self.emails.iter())
            .chain(&self.phones)
            .chain(&self.references)
            .chain(&self.broken_references)
            .chain(&self.amounts)
            .chain(&self.numbers)
            .map(|f| (f.start, f.end));
        found
            .chain(self.dates.iter().map(|d| (d.start, d.end)))
            .collect()
    }
}

/// What one message tells. Made by [`crate::understand`]; kept in the event log, so that a replay needs no second reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interpretation {
    /// ISO 639-1 code of the language.
    pub language: String,
    /// What it is for.
    pub intent: Intent,
    /// Who writes.
    pub relation: Relation,
    /// The strongest feeling.
    pub emotion: Emotion,
    /// How strong.
    pub intensity: Intensity,
    /// Danger, if any.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub red_flag: Option<RedFlag>,
    /// HCAT category, where the message complains.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub category: Option<Category>,
    /// What it may be for, where the reading cannot tell: complaint, praise, question. Empty where it can.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub unsure: Vec<Intent>,
    /// The parts of the message.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub clauses: Vec<Clause>,
    /// Stretches that are named only to say that they are not meant: first byte, and one past the last.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub excluded: Vec<(usize, usize)>,
    /// What it is for besides, where it says two things.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub also: Vec<Intent>,
    /// What can be pointed at.
    #[serde(skip_serializing_if = "is_default", default)]
    pub entities: Entities,
    /// It says nothing beside what its entities hold ("oh, and my e-mail is …").
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub bare: bool,
    /// What the message does in the talk.
    #[serde(skip_serializing_if = "BTreeSet::is_empty", default)]
    pub cues: BTreeSet<Cue>,
}

fn is_default(e: &Entities) -> bool {
    *e == Entities::default()
}

impl Interpretation {
    /// Whether the message does this.
    pub fn has(&self, cue: Cue) -> bool {
        self.cues.contains(&cue)
    }

    /// Whether what begins there is named only to say that it is not meant.
    pub fn is_excluded(&self, start: usize) -> bool {
        self.excluded
            .iter()
            .any(|(from, to)| (*from..*to).contains(&start))
    }
}

impl Default for Interpretation {
    fn default() -> Self {
        Self {
            language: "en".to_owned(),
            intent: Intent::Other,
            relation: Relation::Unknown,
            emotion: Emotion::Neutral,
            intensity: Intensity(0),
            red_flag: None,
            category: None,
            unsure: Vec::new(),
            clauses: Vec::new(),
            excluded: Vec::new(),
            also: Vec::new(),
            bare: false,
            entities: Entities::default(),
            cues: BTreeSet::new(),
        }
    }
}
