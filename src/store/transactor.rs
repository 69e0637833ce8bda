//! The one way by which conversations change: everything that waits, in one transaction, one statement a table.

use super::{
    Store, StoreError,
    events::{holder_away, placed},
};
use crate::{
    dialogue::{Context, Refusal, step},
    domain::{
        Alert, Author, Complaint, Conversation, ConversationId, DeskStatus, Effect, Event, EventId,
        EventKind, Message, Slot, Status, Timestamp, complaint::Reference,
    },
};
use serde::{Deserialize, Serialize};
use sqlx::Connection;
use std::{
    collections::HashMap,
    panic::{AssertUnwindSafe, catch_unwind},
};

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
}

/// How many places in the log an event and its messages may take.
pub(super) const STRIDE: i64 = 16;

/// Runs batches. There is one a program.
#[derive(Debug)]
pub struct Transactor {
    pub(super) store: Store,
}

/// One event's consequences, ready to be written.
pub(super) struct Worked {
    pub(super) index: usize,
    pub(super) position: i64,
    pub(super) event: Event,
    pub(super) dedupe: Option<String>,
    pub(super) answer: Answer,
    pub(super) messages: Vec<(i64, Message)>,
    pub(super) effects: Vec<Effect>,
    pub(super) after: Conversation,
    /// The complaint as this event left it, where it changed it.
    pub(super) record: Option<Complaint>,
}

impl Transactor {
    /// On this store.
    pub const fn new(store: Store) -> Self {
        Self { store }
    }

    /// Takes every job, in order: one transaction for all of them. Where the database refuses the batch, it is halved until
    /// the event at fault stands alone; that one fails, the others are written.
    pub async fn run(
        &self,
        jobs: Vec<Job>,
        now: Timestamp,
        desk: &DeskStatus,
        ids: &mut (dyn FnMut() -> EventId + Send),
        context: &Context<'_>,
    ) -> Done {
        let mut done = Done::default();
        // Depth first, left before right, so that the order of the log is the order of arrival.
        let mut pieces = vec![jobs];
        while let Some(piece) = pieces.pop() {
            if piece.is_empty() {
                continue;
            }
            done.transactions += 1;
            match self.attempt(&piece, now, desk, ids, context).await {
                Ok((results, committed)) => {
                    done.results.extend(results);
                    done.committed.extend(committed);
                }
                Err(StoreError::Refused(_) | StoreError::Document { .. }) if piece.len() > 1 => {
                    let mut left = piece;
                    let right = left.split_off(left.len() / 2);
                    pieces.push(right);
                    pieces.push(left);
                }
                Err(error @ (StoreError::Refused(_) | StoreError::Document { .. })) => done
                    .results
                    .push(Err(JobError::Poisonous(error.to_string()))),
                Err(error) => {
                    let why = error.to_string();
                    done.results.extend(
                        piece
                            .iter()
                            .map(|_| Err(JobError::Unavailable(why.clone()))),
                    );
                }
            }
        }
        done
    }

    async fn attempt(
        &self,
        jobs: &[Job],
        now: Timestamp,
        desk: &DeskStatus,
        ids: &mut (dyn FnMut() -> EventId + Send),
        context: &Context<'_>,
    ) -> Result<(Vec<Result<Outcome, JobError>>, Vec<Committed>), StoreError> {
        let mut connection = self.store.writer.acquire().await?;
        let mut transaction = connection.begin().await?;
        let db = &mut *transaction;
        // Locks out every other writer until the commit, so what is loaded below is the latest there is.
        let room = STRIDE * jobs.len() as i64;
        let first: i64 = sqlx::query_scalar(
            "UPDATE counter SET value = value + $1 WHERE name = 'position' RETURNING value",
        )
        .bind(room)
        .fetch_one(&mut *db)
        .await?;
        let first = first - room + 1;

        let (repeats, mut snapshots) = self.recall(db, jobs).await?;
        let references = self.references(db, jobs).await?;

        let mut results: Vec<Option<Result<Outcome, JobError>>> =
            (0..jobs.len()).map(|_| None).collect();
        let mut worked: Vec<Worked> = Vec::with_capacity(jobs.len());
        let mut seen: HashMap<&str, usize> = HashMap::new();
        for (index, job) in jobs.iter().enumerate() {
            if let Some(key) = job.dedupe.as_deref() {
                if let Some(outcome) = repeats.get(key) {
                    results[index] = Some(Ok(outcome.clone()));
                    continue;
                }
                // The same again within one batch.
                if let Some(before) = seen
                    .get(key)
                    .and_then(|i| worked.iter().find(|w| w.index == *i))
                {
                    results[index] = Some(Ok(Outcome {
                        repeated: true,
                        ..outcome_of(before)
                    }));
                    continue;
                }
                seen.insert(key, index);
            }
            let id = ids();
            let Some(snapshot) = snapshots.get(&job.target, now, id) else {
                results[index] = Some(Err(JobError::NotFound));
                continue;
            };
            let mut kind = job.kind.clone();
            match &mut kind {
                EventKind::Message(inbound) => {
                    let named = inbound.signals.entities.references.iter();
                    inbound.known_references = named
                        .filter_map(|f| {
                            references.get(&f.text).map(crate::complaint::public_status)
                        })
                        .collect();
                }
                EventKind::ComplaintAmended {
                    reference, older, ..
                } if snapshot.conversation.complaint.as_ref() != Some(reference) => {
                    *older = references
                        .get(reference.as_str())
                        .filter(|k| k.conversation == snapshot.conversation.id)
                        .cloned()
                        .map(Box::new);
                }
                _ => {}
            }
            let event = Event {
                id,
                at: now,
                desk: DeskStatus {
                    holder_away: holder_away(desk, snapshot, &kind, now),
                    away: std::sync::Arc::default(),
                    ..desk.clone()
                },
                origin: context.origin.clone(),
                kind,
            };
            // A fault in the core must not take the other conversations of the batch with it.
            let decision = match catch_unwind(AssertUnwindSafe(|| step(snapshot, &event, context)))
            {
                Ok(Ok(decision)) => decision,
                Ok(Err(refusal)) => {
                    results[index] = Some(Err(refusal.into()));
                    continue;
                }
                Err(_) => {
                    results[index] = Some(Err(JobError::Poisonous(
                        "the program failed on it; please report this".to_owned(),
                    )));
                    continue;
                }
            };
            let position = first + STRIDE * index as i64;
            let Some(messages) = placed(position, &decision.effects) else {
                results[index] = Some(Err(JobError::Poisonous(format!(
                    "it would write more than {} messages; please report this",
                    STRIDE - 1
                ))));
                continue;
            };
            let after = decision.snapshot.conversation.clone();
            let answer = Answer {
                status: after.status,
                awaiting: after.awaiting(),
                complaint: after.complaint.clone(),
            };
            let changed = decision
                .effects
                .iter()
                .any(|e| matches!(e, Effect::Changed(_)));
            let older = decision.effects.iter().find_map(|e| {
                if let Effect::Older(k) = e {
                    Some((**k).clone())
                } else {
                    None
                }
            });
            let record = older.or_else(|| decision.snapshot.complaint.clone().filter(|_| changed));
            snapshots.put(&job.target, decision.snapshot);
            worked.push(Worked {
                index,
                position,
                event,
                dedupe: job.dedupe.clone(),
                answer,
                messages,
                effects: decision.effects,
                after,
                record,
            });
        }
        if !worked.is_empty() {
            self.save(db, &worked, &snapshots).await?;
        }
        transaction.commit().await?;

        for w in &worked {
            results[w.index] = Some(Ok(outcome_of(w)));
        }
        let results = results
            .into_iter()
            .map(|r| r.unwrap_or(Err(JobError::NotFound)))
            .collect();
        Ok((results, worked.into_iter().map(committed).collect()))
    }
}

/// What the person sees of what was written.
pub(super) fn is_reply(message: &Message) -> bool {
    matches!(message.from, Author::Bot | Author::Agent)
}

fn outcome_of(w: &Worked) -> Outcome {
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

fn committed(w: Worked) -> Committed {
    let alerts = w
        .effects
        .iter()
        .filter_map(|e| {
            if let Effect::Alert(a) = e {
                Some(a.clone())
            } else {
                None
            }
        })
        .collect();
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
