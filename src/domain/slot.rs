//! The things that a conversation may find out.

use serde::{Deserialize, Serialize};

macro_rules! slots {
    ($($(#[$doc:meta])* $variant:ident = $text:literal),+ $(,)?) => {
        /// One thing to find out.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Slot {
            $($(#[$doc])* $variant,)+
            /// One that a flow defines for itself.
            Own(SlotName),
        }

        impl Slot {
            /// Those that the program knows by name.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant),+];

            /// The public name.
            pub fn name(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Own(name) => name.as_str(),
                }
            }

            /// The slot of that name; none where it is no name: lower-case letters, digits and underscores, at most 32.
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($text => Some(Self::$variant),)+
                    _ => {
                        let fits = name.starts_with(|c: char| c.is_ascii_lowercase())
                            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
                        SlotName::from(name).ok().filter(|_| fits).map(Self::Own)
                    }
                }
            }
        }
    };
}

/// The name of a slot that a flow defines.
pub type SlotName = arrayvec::ArrayString<32>;

slots!(
    /// Who is writing.
    Relation = "relation",
    /// The story.
    WhatHappened = "what_happened",
    /// When it happened.
    IncidentWhen = "incident_when",
    /// Where it happened.
    IncidentWhere = "incident_where",
    /// Which staff.
    StaffInvolved = "staff_involved",
    /// Whom it happened to.
    AffectedPerson = "affected_person",
    /// The writer's name.
    ComplainantName = "complainant_name",
    /// How to reach the writer.
    ContactMethod = "contact_method",
    /// What should come of it.
    DesiredOutcome = "desired_outcome",
    /// Whether the affected person agrees that we talk to the writer.
    Consent = "consent",
    /// Anything not asked for.
    AnythingElse = "anything_else",
    /// When to ring.
    CallbackWhen = "callback_when",
    /// A complaint's reference.
    Reference = "reference",
);

impl Serialize for Slot {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Slot {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let name = std::borrow::Cow::<'de, str>::deserialize(d)?;
        Self::from_name(&name)
            .ok_or_else(|| serde::de::Error::custom("no name of a thing to find out"))
    }
}
