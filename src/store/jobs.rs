//! What the transactor is given, and what becomes of it.

use super::Store;
use crate::{
    dialogue::Refusal,
    domain::{
        Alert, Author, Complaint, Conversation, ConversationId, Effect, Event, EventKind, Message,
        SecretWord, Slot, Status, Timestamp, complaint::Reference,
    },
};
use serde::{Deserialize, Serialize};

/// Which conversation an event is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// That of this person in this inbox; begun where there is none.
    Sender {
        /// The inbox.
        inbox: String,
        /// The person's stable id there.
        sender: String,
    },
    /// This one.
    Conversation(ConversationId),
}

/// One event that waits.
#[derive(Clone, Debug)]
pub struct Job {
    /// For which conversation.
    pub target: Target,
    /// What happened.
    pub kind: EventKind,
    /// The key by which a repeat is known; none where repeats do no harm.
    pub dedupe: Option<String>,
}

/// Why one event was not taken. The others of its batch are not touched by it.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// It cannot happen to this conversation.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// There is no such conversation.
    #[error("there is no such conversation")]
    NotFound,
    /// Nothing could be written; it may work later.
    #[error("{0}")]
    Unavailable(String),
    /// This event alone cannot be handled, now or later.
    #[error("this message could not be handled: {0}")]
    Poisonous(String),
}

/// What became of an event, on disk.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The conversation.
    pub conversation: ConversationId,
    /// The event's place in the log.
    pub position: i64,
    /// The state after it.
    pub answer: Answer,
    /// What the bot or agent said because of it, as the person sees it, with places.
    pub replies: Vec<(i64, Message)>,
    /// It had been taken before; this is the answer of then.
    pub repeated: bool,
}

/// What a sender is told of the state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Who has the conversation.
    pub status: Status,
    /// The slot just asked for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub awaiting: Option<Slot>,
    /// The complaint on record.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub complaint: Option<Reference>,
}

/// What the rest of the program is told after the commit.
#[derive(Clone, Debug)]
pub struct Committed {
    /// The event's place in the log.
    pub position: i64,
    /// What happened.
    pub kind: &'static str,
    /// When.
    pub at: Timestamp,
    /// The conversation's state after it.
    pub conversation: Conversation,
    /// Messages written because of it, with places.
    pub messages: Vec<(i64, Message)>,
    /// What supervisors should know.
    pub alerts: Vec<Alert>,
    /// Whether a complaint's record changed.
    pub complaint_changed: bool,
    /// Timers set or cancelled.
    pub timers_changed: bool,
}

/// A batch's results, and what to tell.
#[derive(Debug, Default)]
pub struct Done {
    /// One result for each job, in order.
    pub results: Vec<Result<Outcome, JobError>>,
    /// What was committed, in order.
    pub committed: Vec<Committed>,
    /// Transactions that it took; more than one where a poisonous event was set apart.
    pub transactions: u32,
    /// The places in the log that they took, in order.
    pub places: Vec<Places>,
}

/// A stretch of the log that one transaction took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Places {
    /// The last place before it.
    pub before: i64,
    /// Its last place.
    pub last: i64,
}

/// How many places in the log an event and its messages may take.
pub(super) const STRIDE: i64 = 16;

/// Runs batches. There is one a program.
#[derive(Debug)]
pub struct Transactor {
    pub(super) store: Store,
    /// Somebody outside is told of complaints.
    pub(super) webhooks: bool,
}

/// One event's consequences, ready to be written.
pub(super) struct Worked {
    /// Which job of the batch; none for what follows in another conversation.
    pub(super) index: Option<usize>,
    pub(super) position: i64,
    pub(super) event: Event,
    pub(super) dedupe: Option<String>,
    pub(super) answer: Answer,
    pub(super) messages: Vec<(i64, Message)>,
    pub(super) effects: Vec<Effect>,
    pub(super) after: Conversation,
    /// The complaint as this event left it, where it changed it.
    pub(super) record: Option<Complaint>,
    /// The secret word that is given out with it.
    pub(super) word: Option<SecretWord>,
}

impl Transactor {
    /// On this store.
    pub const fn new(store: Store) -> Self {
        Self {
            store,
            webhooks: false,
        }
    }

    /// Somebody outside is told of complaints, or nobody.
    #[must_use]
    pub fn with_webhooks(self, webhooks: bool) -> Self {
        Self { webhooks, ..self }
    }
}

/// What the person sees of what was written.
pub(super) fn is_reply(message: &Message) -> bool {
    matches!(message.from, Author::Bot | Author::Agent)
}

pub(super) fn outcome_of(w: &Worked) -> Outcome {
    Outcome {
        conversation: w.after.id,
        position: w.position,
        answer: w.answer.clone(),
        replies: w
            .messages
            .iter()
            .filter(|(_, m)| is_reply(m))
            .cloned()
            .collect(),
        repeated: false,
    }
}

/// What supervisors should know because of an event.
fn alerts(effects: &[Effect]) -> impl Iterator<Item = &Alert> {
    effects.iter().filter_map(|e| match e {
        Effect::Alert(alert) => Some(alert),
        _ => None,
    })
}

/// What is kept beside an event: the answer for whoever sends the same again, and what other programs tell their desks.
#[derive(Serialize)]
pub(super) struct KeptOutcome<'a> {
    #[serde(flatten)]
    answer: &'a Answer,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    alerts: Vec<&'a Alert>,
}

impl<'a> KeptOutcome<'a> {
    pub(super) fn of(w: &'a Worked) -> Self {
        Self {
            answer: &w.answer,
            alerts: alerts(&w.effects).collect(),
        }
    }
}

pub(super) fn committed(w: Worked) -> Committed {
    let alerts = alerts(&w.effects).cloned().collect();
    Committed {
        position: w.position,
        kind: w.event.kind.name(),
        at: w.event.at,
        complaint_changed: w.effects.iter().any(|e| matches!(e, Effect::Changed(_))),
        timers_changed: w
            .effects
            .iter()
            .any(|e| matches!(e, Effect::SetTimer { .. } | Effect::CancelTimer { .. })),
        conversation: w.after,
        messages: w.messages,
        alerts,
    }
}
