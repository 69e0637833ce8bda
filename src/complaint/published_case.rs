//! What the desk added to a record, as it is published.

use crate::domain::{
    Case, Conclusion, Question, Timestamp,
    complaint::{Fragment, Reference},
    time::as_rfc3339,
};
use serde::Serialize;

/// The desk's part of a record. Its fields stand in the record itself; what has not happened is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(super) struct PublishedCase {
    /// When it was acknowledged.
    #[serde(with = "as_rfc3339::option", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    acknowledged_at: Option<Timestamp>,
    /// When it was answered.
    #[serde(with = "as_rfc3339::option", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    responded_at: Option<Timestamp>,
    /// When it was closed or withdrawn.
    #[serde(with = "as_rfc3339::option", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    closed_at: Option<Timestamp>,
    /// What the investigation came to.
    #[serde(skip_serializing_if = "Option::is_none")]
    conclusion: Option<Conclusion>,
    /// When everything that was said in it was erased; left out where nothing was.
    #[serde(with = "as_rfc3339::option", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    erased_at: Option<Timestamp>,
    /// Why it must not be erased; left out where it may be.
    #[serde(skip_serializing_if = "Option::is_none")]
    legal_hold: Option<String>,
    /// It is seen by certain roles only, and never by anybody whom it is about; left out where it is not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    protected: bool,
    /// Complaints that a person has said belong to it; left out where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>)]
    linked: Vec<Reference>,
    /// What was changed because of it; left out where nothing is told yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    learning: Option<String>,
    /// The acknowledgement that was sent by their channel; left out where none was.
    #[serde(skip_serializing_if = "Option::is_none")]
    acknowledgement: Option<PublishedSent>,
    /// Whether it is settled for them, as they say; left out where they said nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    settled: Option<PublishedSettled>,
    /// They were given a secret word by which they may come back; left out where they were not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    secret_word: bool,
    /// What the desk would like to know of the complainant; left out where there is no question.
    #[serde(skip_serializing_if = "Option::is_none")]
    question: Option<PublishedQuestion>,
}

/// What was sent to the complainant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = SentMessage)]
pub(super) struct PublishedSent {
    /// The message, in the conversation.
    message: String,
    /// Whose words.
    by: String,
    /// By which inbox.
    inbox: String,
    /// When.
    #[serde(with = "as_rfc3339")]
    #[schema(value_type = String)]
    at: Timestamp,
}

/// The complainant's word on how it ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = Settled)]
pub(super) struct PublishedSettled {
    /// It is settled for them.
    yes: bool,
    /// When they said so.
    #[serde(with = "as_rfc3339")]
    #[schema(value_type = String)]
    at: Timestamp,
}

/// A question of the desk's for the complainant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = Question)]
pub(super) struct PublishedQuestion {
    /// Its words.
    text: String,
    /// Who asks.
    by: String,
    /// Since when.
    #[serde(with = "as_rfc3339")]
    #[schema(value_type = String)]
    asked_at: Timestamp,
    /// When they answered, or said that they would rather not.
    #[serde(with = "as_rfc3339::option", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    answered_at: Option<Timestamp>,
    /// The answer, in their words; left out where they gave none.
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
}

impl PublishedQuestion {
    fn of(question: Question, fragments: &[Fragment]) -> Self {
        let said = |f: &&Fragment| Some(f.message) == question.answer;
        let answer = fragments.iter().find(said).map(|f| f.text.clone());
        Self {
            text: question.text,
            by: question.by,
            asked_at: question.asked_at,
            answered_at: question.answered_at,
            answer,
        }
    }
}

impl PublishedCase {
    /// The desk's part, with the words that answer its question.
    pub(super) fn of(from: Case, fragments: &[Fragment]) -> Self {
        let question = from.question;
        Self {
            acknowledgement: from.acknowledgement.map(|sent| PublishedSent {
                message: sent.message.to_string(),
                by: sent.by,
                inbox: sent.inbox,
                at: sent.at,
            }),
            settled: from.settled.map(|s| PublishedSettled {
                yes: s.yes,
                at: s.at,
            }),
            learning: from.learning,
            secret_word: from.secret.is_some(),
            question: question.map(|q| PublishedQuestion::of(q, fragments)),
            acknowledged_at: from.acknowledged_at,
            responded_at: from.responded_at,
            closed_at: from.closed_at,
            conclusion: from.conclusion,
            erased_at: from.erased_at,
            legal_hold: from.legal_hold,
            protected: from.protected,
            linked: from.linked,
        }
    }
}
