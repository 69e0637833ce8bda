//! What a message tells about itself: the border between `nlu`, which makes these, and everything that decides by them.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

macro_rules! names {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
        // A name that a macro passes on is not seen by utoipa: it takes the rule, and `tests/it/agents.rs` looks
        // whether both say the same.
        #[schema(rename_all = "snake_case")]
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
pub use super::entities::{Entities, Found, FoundAffected, FoundDate, FoundStaff};
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
        /// Care given badly or not at all: not washed, pain ignored, a dressing not changed.
        Quality = "quality",
        /// Errors, neglect, unsafe staff, wrong drugs, falls.
        Safety = "safety",
        /// Facilities, services, equipment and staffing levels: food, noise, dirt, parking, too few on the ward.
        Environment = "environment",
        /// Bureaucracy, waiting and access: delays, bookings, discharge, lost papers, bills, visiting rules.
        InstitutionalProcesses = "institutional_processes",
        /// Staff ignore or dismiss what they are told.
        Listening = "listening",
        /// Nothing, too little or wrong things are said.
        Communication = "communication",
        /// Rudeness, humiliation, discrimination, privacy, consent.
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

/// One of the things that went wrong, as a message tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundProblem {
    /// The words, as they came.
    pub words: String,
    /// What kind it is.
    pub category: Category,
    /// Whether the models are sure of the kind.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub sure: bool,
}

/// What one message tells. Made by [`crate::nlu`]; kept in the event log, so that a replay needs no second reading.
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
    /// The things that went wrong, one by one, where the message complains.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub problems: Vec<FoundProblem>,
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
            problems: Vec::new(),
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
