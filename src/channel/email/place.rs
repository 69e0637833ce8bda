//! Where an answer goes, by which address of ours, and under which subject.

use super::INBOX;
use crate::{
    domain::Emotion,
    flow::{Audience, Vars},
    service::Runtime,
};
use serde::{Deserialize, Serialize};

/// What stands before an address that nobody vouches for: what comes from there is a conversation of its own.
pub(super) const UNPROVEN: &str = "unproven:";

/// Where an answer goes, and what it answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    /// The person's address.
    pub to: String,
    /// Their name.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub name: Option<String>,
    /// Their mail's Message-ID.
    pub id: String,
    /// Those of the thread before it, the oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub thread: Vec<String>,
    /// Its subject, without the marks of answers.
    pub subject: String,
}

/// The address with what is behind the plus.
pub(super) fn plus_address(ours: &str, token: &str) -> String {
    match ours.rsplit_once('@') {
        Some((local, domain)) => format!("{local}+{token}@{domain}"),
        None => ours.to_owned(),
    }
}

/// A subject that says nothing, where a person gave none.
pub(super) fn neutral_subject(book: &Runtime, language: &str) -> String {
    let flows = &book.rules.flows;
    flows
        .phrases
        .say(&audience(language), "email.subject", 0, || {
            Vars::from([("organisation", flows.facts.organisation.clone().into())])
        })
}

pub(super) fn audience(language: &str) -> Audience<'_> {
    Audience {
        language,
        emotion: Emotion::Neutral,
        channel: INBOX,
    }
}
