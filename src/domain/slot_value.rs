//! What a slot holds: typed once, when it is understood, and never parsed again.

use super::{contact::Contact, ids::MessageId};
use serde::{Deserialize, Serialize};

/// Days as they were told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dates {
    /// The person's words.
    pub said: String,
    /// First day, ISO 8601, where the words name one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub from: Option<String>,
    /// Last day.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub to: Option<String>,
    /// A second honest reading, first and last day: "last Tuesday", said on a Wednesday.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub other: Option<(String, String)>,
}

/// Somebody who is spoken of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub name: Option<String>,
    /// What they do, or what they are to the writer ("nurse", "mother").
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub role: Option<String>,
    /// How they were described ("tall, with a beard").
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub description: Option<String>,
}

/// The value of a slot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlotValue {
    /// Words as they came.
    Text(String),
    /// An offered answer, or words that mean one of a fixed set.
    Choice {
        /// Its public name.
        value: String,
        /// What the person said or pressed.
        said: String,
    },
    /// Days.
    Dates(Dates),
    /// Addresses and numbers.
    Contacts(Vec<Contact>),
    /// Members of staff.
    People(Vec<Person>),
    /// One person: whom it happened to.
    Person(Person),
    /// The writer themselves.
    Oneself,
    /// A place.
    Place(String),
    /// Yes or no.
    YesNo {
        /// Which.
        yes: bool,
        /// In which words.
        said: String,
    },
    /// A number, in plain figures.
    Number(String),
    /// They were asked and would rather not say.
    Declined(String),
    /// They were asked and do not know.
    Unknown(String),
}

impl SlotValue {
    /// Whether the person was asked and gave nothing.
    pub const fn is_missing(&self) -> bool {
        matches!(self, Self::Declined(_) | Self::Unknown(_))
    }

    /// The value as a person would read it; empty where nothing was told.
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) | Self::Place(text) | Self::Number(text) => text.clone(),
            Self::Choice { said, .. } | Self::YesNo { said, .. } => said.clone(),
            Self::Dates(dates) => dates.said.clone(),
            Self::Contacts(all) => join(all.iter().map(|c| c.value.clone())),
            Self::People(all) => join(all.iter().map(Person::text)),
            Self::Person(person) => person.text(),
            Self::Oneself => "self".to_owned(),
            Self::Declined(_) | Self::Unknown(_) => String::new(),
        }
    }
}

fn join(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

impl Person {
    /// "nurse Denise Hartley", "the one with the beard".
    pub fn text(&self) -> String {
        let parts = [&self.role, &self.name, &self.description];
        let told: Vec<&str> = parts.into_iter().filter_map(Option::as_deref).collect();
        told.join(" ")
    }
}

/// A slot that is filled, and the message that filled it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filled {
    /// The value.
    pub value: SlotValue,
    /// The message that told it; none where it follows from several, or was set at the desk.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub message: Option<MessageId>,
    /// It was gathered in passing and is not all that is wanted ("the nurse", where a name may be known): it is still
    /// asked for.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub partial: bool,
}
