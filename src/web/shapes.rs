//! Shapes of the API: what is sent and what comes back.

use super::contact::ContactOut;
use super::entry::EntryOut;
use super::error::ApiError;
use super::rows::{DeferredOut, HandedOut, SnoozedOut};
use super::same_person::{EarlierOut, LinkedOut};
use super::summary_links::{LinkOut, links};
use super::talk::contact_words;
use super::teams::{language, titles};
use crate::{
    assist::summary,
    complaint::PublishedComplaint,
    domain::{
        AssignedBy, Author, Choice, Complaint, Conversation, Message, message::AttachmentRef,
    },
    service::Service,
    store::Entry,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Longest text of a message, in characters.
pub(super) const LONGEST_TEXT: usize = 16_384;
/// Longest name or id, in characters.
pub(super) const LONGEST_NAME: usize = 200;
/// Most files with one message.
pub(super) const MOST_FILES: usize = 4;

/// An id that a caller made: it is compared, kept and shown, so it is short and has no control characters.
pub(super) fn checked_id(field: &str, id: &str) -> Result<(), ApiError> {
    let length = id.chars().count();
    if length == 0 || length > LONGEST_NAME {
        return Err(ApiError::field(
            field,
            format!("'{field}' needs 1 to {LONGEST_NAME} characters"),
        ));
    }
    if id.chars().any(char::is_control) {
        return Err(ApiError::field(
            field,
            format!("'{field}' may not hold control characters"),
        ));
    }
    Ok(())
}

/// Who writes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Sender {
    /// The stable id of the person there.
    pub(super) id: String,
    /// Their name there.
    #[serde(default)]
    pub(super) name: Option<String>,
}

/// A file in a message.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FileIn {
    /// Its name.
    pub(super) name: String,
    /// Its media type.
    pub(super) media_type: String,
    /// Its bytes, base64.
    pub(super) content: String,
}

/// A message to us.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct MessageIn {
    /// Made by the caller; the same again has no second effect.
    pub(super) id: String,
    /// Who writes (inbox `http`; the web chat knows by its secret).
    #[serde(default)]
    pub(super) sender: Option<Sender>,
    /// The words, at most 16,384 characters.
    #[serde(default)]
    pub(super) text: Option<String>,
    /// The value of an offered choice, instead of words.
    #[serde(default)]
    pub(super) choice: Option<String>,
    /// Language and country, as in `en-GB`.
    #[serde(default)]
    pub(super) locale: Option<String>,
    /// Files.
    #[serde(default)]
    pub(super) attachments: Vec<FileIn>,
}

/// A reply.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReplyOut {
    /// Its id.
    pub(super) id: String,
    /// `bot` or `agent`.
    pub(super) from: Author,
    /// The words, plain text.
    pub(super) text: String,
    /// Safety words: whom to ring at once; left out where they are none.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) emergency: bool,
    /// Answers to offer as buttons.
    pub(super) choices: Vec<Choice>,
    /// Files, for what an agent sent with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) attachments: Vec<AttachmentRef>,
    /// The agent's first name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) agent: Option<String>,
    /// When, RFC 3339.
    pub(super) at: String,
    /// Its place in the log; rising.
    pub(super) position: i64,
}

impl ReplyOut {
    pub(super) fn of(position: i64, message: &Message) -> Self {
        Self {
            id: message.id.to_string(),
            from: message.from,
            text: message.text.clone(),
            emergency: message.emergency,
            choices: message.choices.clone(),
            attachments: message.attachments.clone(),
            agent: message.agent.as_deref().map(first_name),
            at: message.at.rfc3339(),
            position,
        }
    }
}

pub(super) fn first_name(name: &str) -> String {
    name.split_whitespace().next().unwrap_or(name).to_owned()
}

/// What follows from a message, once it is on disk.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Received {
    /// The conversation.
    pub(super) conversation: String,
    /// `bot`, `queued`, `assigned` or `resolved`.
    pub(super) status: String,
    /// The slot that the bot has just asked for.
    pub(super) awaiting: Option<String>,
    /// What was said in answer.
    pub(super) replies: Vec<ReplyOut>,
    /// The complaint on record.
    pub(super) complaint: Option<String>,
    /// The message's place in the log.
    pub(super) position: i64,
}

impl From<crate::store::Outcome> for Received {
    fn from(outcome: crate::store::Outcome) -> Self {
        Self {
            conversation: outcome.conversation.to_string(),
            status: outcome.answer.status.name().to_owned(),
            awaiting: outcome.answer.awaiting.map(|s| s.name().to_owned()),
            replies: outcome
                .replies
                .iter()
                .map(|(p, m)| ReplyOut::of(*p, m))
                .collect(),
            complaint: outcome.answer.complaint.map(|c| c.to_string()),
            position: outcome.position,
        }
    }
}

/// What was noticed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SignalsOut {
    /// ISO 639-1 code.
    pub(super) language: String,
    /// What they are to us.
    pub(super) relation: String,
    /// The strongest feeling of late.
    pub(super) emotion: String,
    /// 0 to 1.
    pub(super) intensity: f64,
    /// Danger.
    pub(super) red_flag: Option<String>,
    /// The rule by which the bot answered last; `nohold flows rules` says what each does.
    pub(super) decided_by: Option<String>,
    /// The same for people.
    pub(super) red_flag_title: Option<String>,
}

impl SignalsOut {
    fn of(c: &Conversation, title: impl Fn(&str) -> String) -> Self {
        Self {
            language: c.language.clone(),
            relation: c.relation.name().to_owned(),
            emotion: c.emotion.name().to_owned(),
            intensity: f64::from(c.intensity.0) / 100.0,
            red_flag: c.red_flag.map(|f| f.name().to_owned()),
            decided_by: c.decided_by.clone(),
            red_flag_title: c.red_flag.map(|f| title(f.name())),
        }
    }
}

/// A conversation, whole.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ConversationOut {
    /// Its id.
    pub(super) id: String,
    /// Who has it.
    pub(super) status: String,
    /// The agent's name, where one has it.
    pub(super) holder: Option<String>,
    /// By which rule the desk gave it to them: `danger`, `previous` (they talked with the person before) or
    /// `least_loaded`; `null` where they took it.
    pub(super) assigned_by: Option<AssignedBy>,
    /// A colleague handed it over to them, and they have not written yet.
    handed: Option<HandedOut>,
    /// What is to happen to it in a moment, and can still be taken back.
    pub(super) deferred: Option<DeferredOut>,
    /// What it is marked as, in order.
    pub(super) labels: Vec<String>,
    /// It is put off.
    pub(super) snoozed: Option<SnoozedOut>,
    /// Why a person is wanted, by its name, while one is waited for.
    pub(super) reason: Option<String>,
    /// The same for people.
    pub(super) reason_title: Option<String>,
    /// Who writes.
    pub(super) contact: ContactOut,
    /// What was said.
    pub(super) messages: Vec<EntryOut>,
    /// What to know before the first word.
    pub(super) summary: String,
    /// Where the lines of the summary rest on the person's own words: which line, from 0, and which message.
    pub(super) summary_links: Vec<LinkOut>,
    /// What was noticed.
    pub(super) signals: SignalsOut,
    /// Other conversations of the same person, as they have proven; a reply goes to where they wrote last.
    pub(super) linked: Vec<LinkedOut>,
    /// What else the same person has complained of, here or where they have proven that it is them; the latest first.
    pub(super) earlier: Vec<EarlierOut>,
    /// The complaint on record.
    pub(super) complaint: Option<PublishedComplaint>,
    /// The newest entry's place in the log.
    pub(super) position: i64,
}

pub(super) fn whole(
    service: &Service,
    conversation: &Conversation,
    entries: &[Entry],
    complaint: Option<Complaint>,
    earlier: &[Complaint],
    headers: &axum::http::HeaderMap,
) -> ConversationOut {
    let opening = contact_words(entries);
    let book = service.runtime();
    let flows = &book.rules.flows;
    let title = titles(headers, flows);
    let lines = summary(
        conversation,
        complaint.as_ref(),
        &opening,
        flows,
        &flows.facts.zone,
        &language(headers, flows),
    );
    let links = links(&lines, conversation, entries);
    let texts: Vec<&str> = lines.iter().map(|l| l.text.as_str()).collect();
    ConversationOut {
        id: conversation.id.to_string(),
        status: conversation.status.name().to_owned(),
        holder: conversation.holder.as_ref().map(|h| h.name.clone()),
        assigned_by: conversation.assigned_by,
        handed: HandedOut::of(conversation),
        deferred: DeferredOut::of(conversation, service.clock.now()),
        labels: conversation.labels.iter().cloned().collect(),
        snoozed: SnoozedOut::of(conversation),
        reason: conversation.queue.as_ref().map(|q| q.reason.clone()),
        reason_title: conversation.queue.as_ref().map(|q| title(&q.reason)),
        contact: ContactOut::of(conversation),
        messages: entries.iter().map(EntryOut::of).collect(),
        summary: texts.join("\n"),
        summary_links: links,
        signals: SignalsOut::of(conversation, title),
        linked: conversation.linked.iter().map(LinkedOut::of).collect(),
        earlier: earlier.iter().map(EarlierOut::of).collect(),
        position: entries.last().map_or(0, |e| e.position),
        complaint: complaint.map(Into::into),
    }
}
