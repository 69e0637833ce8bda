//! The one way by which conversations change: everything that waits, in one transaction, one statement a table.

use super::{
    Store, StoreError,
    rows::{ConversationRow, EventRow, Extra, MessageRow, json},
};
use crate::{
    conversation::{Context, Refusal, step},
    domain::{
        Alert, Author, Complaint, Conversation, ConversationId, DeskStatus, Effect, Event, EventId,
        EventKind, Message, Slot, Snapshot, Status, Timestamp, complaint::Reference,
        event::TimerKind,
    },
};
use serde::{Deserialize, Serialize};
use sqlx::{AnyConnection, Connection, Row};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
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
const STRIDE: i64 = 16;

/// Runs batches. There is one a program.
#[derive(Debug)]
pub struct Transactor {
    store: Store,
}

/// One event's consequences, ready to be written.
struct Worked {
    index: usize,
    position: i64,
    event: Event,
    dedupe: Option<String>,
    answer: Answer,
    messages: Vec<(i64, Message)>,
    effects: Vec<Effect>,
    after: Conversation,
    /// The complaint as this event left it, where it changed it.
    record: Option<Complaint>,
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

        let repeats = self.repeats(db, jobs).await?;
        let mut snapshots = self.load(db, jobs).await?;
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
                desk: desk.clone(),
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
            let messages = placed(position, &decision.effects);
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

    /// Jobs that were taken before, with the answer of then.
    async fn repeats(
        &self,
        db: &mut AnyConnection,
        jobs: &[Job],
    ) -> Result<HashMap<String, Outcome>, StoreError> {
        let keys: Vec<&str> = jobs.iter().filter_map(|j| j.dedupe.as_deref()).collect();
        let mut found = HashMap::new();
        if keys.is_empty() {
            return Ok(found);
        }
        let sql = self.store.dialect.sql("SELECT e.dedupe, e.position, e.conversation, e.outcome FROM {rows} JOIN events e ON e.dedupe = j.value->>'k'");
        let parameter = json(
            &keys
                .iter()
                .map(|k| BTreeMap::from([("k", k)]))
                .collect::<Vec<_>>(),
        );
        let rows = sqlx::query(sql).bind(parameter).fetch_all(&mut *db).await?;
        for row in rows {
            let key: String = row.try_get(0)?;
            let position: i64 = row.try_get(1)?;
            let conversation: String = row.try_get(2)?;
            let outcome: String = row.try_get(3)?;
            let answer: Answer =
                serde_json::from_str(&outcome).map_err(StoreError::document("outcome"))?;
            let conversation: ConversationId = conversation
                .parse()
                .map_err(|_| StoreError::Refused("a conversation's id is no UUID".to_owned()))?;
            let said = sqlx::query("SELECT position, id, author, agent, text, extra, at, edited, erased FROM messages WHERE conversation = $1 AND position > $2 AND position < $3 ORDER BY position")
                .bind(conversation.to_string())
                .bind(position)
                .bind(position + STRIDE)
                .fetch_all(&mut *db)
                .await?;
            let mut replies = Vec::new();
            for row in said {
                let (position, message, _, _) = super::rows::message(&row)?;
                if is_reply(&message) {
                    replies.push((position, message));
                }
            }
            found.insert(
                key,
                Outcome {
                    conversation,
                    position,
                    answer,
                    replies,
                    repeated: true,
                },
            );
        }
        Ok(found)
    }

    /// Every conversation that the jobs touch, with its complaint: one statement for those named by sender, one for those named by id.
    async fn load(&self, db: &mut AnyConnection, jobs: &[Job]) -> Result<Snapshots, StoreError> {
        let mut snapshots = Snapshots::default();
        let (mut senders, mut ids) = (HashSet::new(), HashSet::new());
        for job in jobs {
            match &job.target {
                Target::Sender { inbox, sender } => drop(senders.insert((inbox, sender))),
                Target::Conversation(id) => drop(ids.insert(*id)),
            }
        }
        if !senders.is_empty() {
            let rows: Vec<_> = senders
                .iter()
                .map(|(i, s)| BTreeMap::from([("i", i), ("s", s)]))
                .collect();
            let sql = "SELECT c.state, k.body FROM {rows} JOIN conversations c ON c.inbox = j.value->>'i' AND c.sender = j.value->>'s' LEFT JOIN complaints k ON k.reference = c.complaint";
            self.load_by(db, sql, json(&rows), &mut snapshots).await?;
        }
        if !ids.is_empty() {
            let rows: Vec<_> = ids.iter().map(|i| BTreeMap::from([("i", i)])).collect();
            let sql = "SELECT c.state, k.body FROM {rows} JOIN conversations c ON c.id = j.value->>'i' LEFT JOIN complaints k ON k.reference = c.complaint";
            self.load_by(db, sql, json(&rows), &mut snapshots).await?;
        }
        Ok(snapshots)
    }

    async fn load_by(
        &self,
        db: &mut AnyConnection,
        sql: &str,
        parameter: String,
        into: &mut Snapshots,
    ) -> Result<(), StoreError> {
        for row in sqlx::query(self.store.dialect.sql(sql))
            .bind(parameter)
            .fetch_all(&mut *db)
            .await?
        {
            let state: String = row.try_get(0)?;
            let body: Option<String> = row.try_get(1)?;
            let conversation: Conversation =
                serde_json::from_str(&state).map_err(StoreError::document("conversation"))?;
            let complaint = body
                .map(|b| serde_json::from_str::<Complaint>(&b))
                .transpose()
                .map_err(StoreError::document("complaint"))?;
            into.add(Snapshot {
                conversation,
                complaint,
            });
        }
        Ok(())
    }

    /// The complaints whose references the jobs name.
    async fn references(
        &self,
        db: &mut AnyConnection,
        jobs: &[Job],
    ) -> Result<HashMap<String, Complaint>, StoreError> {
        let mut named: HashSet<&str> = HashSet::new();
        for job in jobs {
            match &job.kind {
                EventKind::Message(m) => named.extend(
                    m.signals
                        .entities
                        .references
                        .iter()
                        .map(|f| f.text.as_str()),
                ),
                EventKind::ComplaintAmended { reference, .. } => {
                    drop(named.insert(reference.as_str()))
                }
                _ => {}
            }
        }
        let mut found = HashMap::new();
        if named.is_empty() {
            return Ok(found);
        }
        let rows: Vec<_> = named.iter().map(|r| BTreeMap::from([("r", r)])).collect();
        let sql = self
            .store
            .dialect
            .sql("SELECT k.body FROM {rows} JOIN complaints k ON k.reference = j.value->>'r'");
        for row in sqlx::query(sql)
            .bind(json(&rows))
            .fetch_all(&mut *db)
            .await?
        {
            let body: String = row.try_get(0)?;
            let complaint: Complaint =
                serde_json::from_str(&body).map_err(StoreError::document("complaint"))?;
            found.insert(complaint.reference.to_string(), complaint);
        }
        Ok(found)
    }

    async fn save(
        &self,
        db: &mut AnyConnection,
        worked: &[Worked],
        snapshots: &Snapshots,
    ) -> Result<(), StoreError> {
        let events: Vec<EventRow<'_>> = worked
            .iter()
            .map(|w| EventRow {
                p: w.position,
                c: w.after.id,
                t: w.event.at.0,
                k: w.event.kind.name(),
                d: w.dedupe.as_deref(),
                b: json(&w.event),
                o: json(&w.answer),
            })
            .collect();
        self.put(db, "INSERT INTO events (position, conversation, at, kind, dedupe, body, outcome) SELECT CAST(j.value->>'p' AS BIGINT), j.value->>'c', CAST(j.value->>'t' AS BIGINT), j.value->>'k', j.value->>'d', j.value->>'b', j.value->>'o' FROM {rows}", &events).await?;

        let messages: Vec<MessageRow<'_>> = worked
            .iter()
            .flat_map(|w| {
                w.messages
                    .iter()
                    .map(|(p, m)| message_row(w.after.id, *p, m))
            })
            .collect();
        self.put(db, "INSERT INTO messages (conversation, position, id, author, agent, text, extra, at) SELECT j.value->>'c', CAST(j.value->>'p' AS BIGINT), j.value->>'i', j.value->>'a', j.value->>'g', j.value->>'x', j.value->>'e', CAST(j.value->>'t' AS BIGINT) FROM {rows}", &messages).await?;

        let touched = touched(worked, snapshots);
        let conversations: Vec<ConversationRow<'_>> = touched
            .iter()
            .map(|s| ConversationRow::of(&s.conversation))
            .collect();
        self.put(db, "INSERT INTO conversations (id, inbox, sender, status, holder, complaint, state, changed) SELECT j.value->>'i', j.value->>'n', j.value->>'s', j.value->>'u', j.value->>'h', j.value->>'r', j.value->>'b', CAST(j.value->>'t' AS BIGINT) FROM {rows} WHERE true ON CONFLICT (id) DO UPDATE SET status = excluded.status, holder = excluded.holder, complaint = excluded.complaint, state = excluded.state, changed = excluded.changed", &conversations).await?;

        self.save_complaints(db, worked).await?;
        self.save_timers(db, worked).await?;
        self.save_deliveries(db, worked).await?;
        self.save_edits(db, worked).await?;

        #[derive(Serialize)]
        struct Pickup {
            p: i64,
            t: i64,
            w: i64,
        }
        let waited = |w: &Worked| {
            w.effects.iter().find_map(|e| {
                if let Effect::PickedUp { waited } = e {
                    Some(*waited)
                } else {
                    None
                }
            })
        };
        let pickups: Vec<Pickup> = worked
            .iter()
            .filter_map(|w| {
                Some(Pickup {
                    p: w.position,
                    t: w.event.at.0,
                    w: waited(w)?,
                })
            })
            .collect();
        self.put(db, "INSERT INTO pickups (position, at, waited) SELECT CAST(j.value->>'p' AS BIGINT), CAST(j.value->>'t' AS BIGINT), CAST(j.value->>'w' AS BIGINT) FROM {rows}", &pickups).await
    }

    async fn save_complaints(
        &self,
        db: &mut AnyConnection,
        worked: &[Worked],
    ) -> Result<(), StoreError> {
        #[derive(Serialize)]
        struct ComplaintRow<'a> {
            r: &'a str,
            c: ConversationId,
            t: i64,
            u: &'a str,
            d: u8,
            b: String,
        }
        // Each record once, as the last event left it.
        let last: BTreeMap<&str, &Complaint> = worked
            .iter()
            .filter_map(|w| w.record.as_ref())
            .map(|k| (k.reference.as_str(), k))
            .collect();
        let rows: Vec<ComplaintRow<'_>> = last
            .into_iter()
            .map(|(r, k)| ComplaintRow {
                r,
                c: k.conversation,
                t: k.received_at.0,
                u: k.status.name(),
                d: u8::from(k.complete),
                b: json(k),
            })
            .collect();
        self.put(db, "INSERT INTO complaints (reference, conversation, received, status, complete, body) SELECT j.value->>'r', j.value->>'c', CAST(j.value->>'t' AS BIGINT), j.value->>'u', CAST(j.value->>'d' AS BIGINT), j.value->>'b' FROM {rows} WHERE true ON CONFLICT (reference) DO UPDATE SET status = excluded.status, complete = excluded.complete, body = excluded.body", &rows).await?;

        #[derive(Serialize)]
        struct ChangeRow {
            r: String,
            p: i64,
            b: String,
        }
        let change = |w: &Worked| {
            w.effects.iter().find_map(|e| {
                if let Effect::Changed(c) = e {
                    Some(json(c))
                } else {
                    None
                }
            })
        };
        let rows: Vec<ChangeRow> = worked
            .iter()
            .filter_map(|w| {
                Some(ChangeRow {
                    r: w.record.as_ref()?.reference.to_string(),
                    p: w.position,
                    b: change(w)?,
                })
            })
            .collect();
        self.put(db, "INSERT INTO complaint_changes (reference, position, body) SELECT j.value->>'r', CAST(j.value->>'p' AS BIGINT), j.value->>'b' FROM {rows}", &rows).await
    }

    async fn save_timers(
        &self,
        db: &mut AnyConnection,
        worked: &[Worked],
    ) -> Result<(), StoreError> {
        #[derive(Serialize)]
        struct TimerRow {
            c: ConversationId,
            k: &'static str,
            d: i64,
        }
        // The last word on each timer counts.
        let mut last: BTreeMap<(ConversationId, TimerKind), Option<i64>> = BTreeMap::new();
        for w in worked {
            for effect in &w.effects {
                match effect {
                    Effect::SetTimer { timer, due } => {
                        drop(last.insert((w.after.id, *timer), Some(due.0)))
                    }
                    Effect::CancelTimer { timer } => drop(last.insert((w.after.id, *timer), None)),
                    _ => {}
                }
            }
        }
        let (mut set, mut cancelled) = (Vec::new(), Vec::new());
        for ((c, timer), due) in last {
            let row = TimerRow {
                c,
                k: timer.name(),
                d: due.unwrap_or_default(),
            };
            if due.is_some() {
                set.push(row)
            } else {
                cancelled.push(row)
            }
        }
        self.put(db, "INSERT INTO timers (conversation, kind, due) SELECT j.value->>'c', j.value->>'k', CAST(j.value->>'d' AS BIGINT) FROM {rows} WHERE true ON CONFLICT (conversation, kind) DO UPDATE SET due = excluded.due", &set).await?;
        self.put(db, "DELETE FROM timers WHERE (conversation, kind) IN (SELECT j.value->>'c', j.value->>'k' FROM {rows})", &cancelled).await
    }

    /// What was said of its own accord goes into the outbox; what has arrived leaves it.
    async fn save_deliveries(
        &self,
        db: &mut AnyConnection,
        worked: &[Worked],
    ) -> Result<(), StoreError> {
        #[derive(Serialize)]
        struct OutRow<'a> {
            c: ConversationId,
            p: i64,
            m: String,
            n: &'a str,
            t: i64,
        }
        let unasked = worked
            .iter()
            .filter(|w| !matches!(w.event.kind, EventKind::Message(_)));
        let out: Vec<OutRow<'_>> = unasked
            .flat_map(|w| {
                w.messages
                    .iter()
                    .filter(|(_, m)| is_reply(m))
                    .map(|(p, m)| OutRow {
                        c: w.after.id,
                        p: *p,
                        m: m.id.to_string(),
                        n: &w.after.inbox,
                        t: m.at.0,
                    })
            })
            .collect();
        self.put(db, "INSERT INTO outbox (conversation, position, message, inbox, at) SELECT j.value->>'c', CAST(j.value->>'p' AS BIGINT), j.value->>'m', j.value->>'n', CAST(j.value->>'t' AS BIGINT) FROM {rows}", &out).await?;
        #[derive(Serialize)]
        struct Arrived {
            c: ConversationId,
            m: String,
        }
        let arrived: Vec<Arrived> = worked
            .iter()
            .flat_map(|w| {
                w.effects.iter().filter_map(|e| {
                    if let Effect::Arrived { upto } = e {
                        Some(Arrived {
                            c: w.after.id,
                            m: upto.to_string(),
                        })
                    } else {
                        None
                    }
                })
            })
            .collect();
        self.put(db, "DELETE FROM outbox WHERE EXISTS (SELECT 1 FROM {rows} JOIN messages m ON m.conversation = j.value->>'c' AND m.id = j.value->>'m' WHERE m.conversation = outbox.conversation AND outbox.position <= m.position)", &arrived).await
    }

    async fn save_edits(
        &self,
        db: &mut AnyConnection,
        worked: &[Worked],
    ) -> Result<(), StoreError> {
        #[derive(Serialize)]
        struct EditRow<'a> {
            c: ConversationId,
            m: String,
            x: &'a str,
        }
        let (mut rewritten, mut erased, mut failed) = (Vec::new(), Vec::new(), Vec::new());
        for w in worked {
            for effect in &w.effects {
                match effect {
                    Effect::Rewrite { target, text } => rewritten.push(EditRow {
                        c: w.after.id,
                        m: target.to_string(),
                        x: text,
                    }),
                    Effect::Erase { target } => erased.push(EditRow {
                        c: w.after.id,
                        m: target.to_string(),
                        x: "",
                    }),
                    Effect::Failed { message } => failed.push(EditRow {
                        c: w.after.id,
                        m: message.to_string(),
                        x: "",
                    }),
                    _ => {}
                }
            }
        }
        // Only the contact's own messages can be changed by the contact.
        self.put(db, "UPDATE messages SET edited = 1, text = (SELECT j.value->>'x' FROM {rows} WHERE j.value->>'m' = messages.id AND j.value->>'c' = messages.conversation LIMIT 1) WHERE author = 'contact' AND (conversation, id) IN (SELECT j.value->>'c', j.value->>'m' FROM {rows})", &rewritten).await?;
        self.put(db, "UPDATE messages SET erased = 1, text = '', extra = NULL WHERE author = 'contact' AND (conversation, id) IN (SELECT j.value->>'c', j.value->>'m' FROM {rows})", &erased).await?;
        self.put(db, "UPDATE messages SET failed = 1 WHERE (conversation, id) IN (SELECT j.value->>'c', j.value->>'m' FROM {rows})", &failed).await
    }

    /// Runs a statement for many rows at once; none, no statement.
    async fn put<T: Serialize>(
        &self,
        db: &mut AnyConnection,
        sql: &str,
        rows: &[T],
    ) -> Result<(), StoreError> {
        if !rows.is_empty() {
            sqlx::query(self.store.dialect.sql(sql))
                .bind(json(&rows))
                .execute(&mut *db)
                .await?;
        }
        Ok(())
    }
}

/// What the person sees of what was written.
fn is_reply(message: &Message) -> bool {
    matches!(message.from, Author::Bot | Author::Agent)
}

fn placed(position: i64, effects: &[Effect]) -> Vec<(i64, Message)> {
    let written = effects.iter().filter_map(|e| {
        if let Effect::Write(m) = e {
            Some(m.clone())
        } else {
            None
        }
    });
    written
        .take(STRIDE as usize - 1)
        .enumerate()
        .map(|(n, m)| (position + 1 + n as i64, m))
        .collect()
}

fn message_row(conversation: ConversationId, position: i64, m: &Message) -> MessageRow<'_> {
    let plain = m.choices.is_empty() && m.attachments.is_empty();
    let extra = (!plain).then(|| {
        json(&Extra {
            choices: m.choices.clone(),
            attachments: m.attachments.clone(),
        })
    });
    MessageRow {
        c: conversation,
        p: position,
        i: m.id,
        a: m.from.name(),
        g: m.agent.as_deref(),
        x: &m.text,
        e: extra,
        t: m.at.0,
    }
}

/// The conversations that the batch changed, each once, as it ended.
fn touched<'a>(worked: &[Worked], snapshots: &'a Snapshots) -> Vec<&'a Snapshot> {
    let ids: HashSet<ConversationId> = worked.iter().map(|w| w.after.id).collect();
    snapshots
        .all
        .iter()
        .filter(|s| ids.contains(&s.conversation.id))
        .collect()
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

/// The conversations of a batch, found by sender or by id.
#[derive(Default)]
struct Snapshots {
    all: Vec<Snapshot>,
    by_id: HashMap<ConversationId, usize>,
    by_sender: HashMap<(String, String), usize>,
}

impl Snapshots {
    fn add(&mut self, snapshot: Snapshot) -> usize {
        let c = &snapshot.conversation;
        if let Some(index) = self.by_id.get(&c.id) {
            return *index;
        }
        let index = self.all.len();
        self.by_id.insert(c.id, index);
        self.by_sender
            .insert((c.inbox.clone(), c.sender.clone()), index);
        self.all.push(snapshot);
        index
    }

    fn find(&self, target: &Target) -> Option<usize> {
        match target {
            Target::Conversation(id) => self.by_id.get(id).copied(),
            Target::Sender { inbox, sender } => self
                .by_sender
                .get(&(inbox.clone(), sender.clone()))
                .copied(),
        }
    }

    /// The conversation as it stands after the jobs before; a new one where a sender has none. Its id is that of the event that begins it.
    fn get(&mut self, target: &Target, now: Timestamp, event: EventId) -> Option<&Snapshot> {
        let index = match (self.find(target), target) {
            (Some(index), _) => index,
            (None, Target::Sender { inbox, sender }) => {
                let conversation = Conversation::new(ConversationId(event.0), inbox, sender, now);
                self.add(Snapshot {
                    conversation,
                    complaint: None,
                })
            }
            (None, Target::Conversation(_)) => return None,
        };
        self.all.get(index)
    }

    fn put(&mut self, target: &Target, snapshot: Snapshot) {
        if let Some(index) = self.find(target) {
            self.all[index] = snapshot;
        }
    }
}
