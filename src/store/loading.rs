//! What a batch must know before it decides: one statement a table.

use super::{
    StoreError,
    jobs::{Answer, Job, Outcome, STRIDE, Target, Transactor, is_reply},
    rows::{self, json},
    shapes,
};
use crate::domain::{
    Complaint, Conversation, ConversationId, EventId, EventKind, Snapshot, Timestamp,
    complaint::Reference,
};
use sqlx::{AnyConnection, Row};
use std::collections::{BTreeMap, HashMap, HashSet};

impl Transactor {
    /// Jobs that were taken before, with the answer of then; and every conversation that the jobs touch, with its
    /// complaint. One trip.
    pub(super) async fn recall(
        &self,
        db: &mut AnyConnection,
        jobs: &[Job],
    ) -> Result<(HashMap<String, Outcome>, Snapshots), StoreError> {
        let keys: HashSet<&str> = jobs.iter().filter_map(|j| j.dedupe.as_deref()).collect();
        let (mut senders, mut ids) = (HashSet::new(), HashSet::new());
        for job in jobs {
            match &job.target {
                Target::Sender { inbox, sender } => {
                    senders.insert((inbox, sender));
                }
                Target::Conversation(id) => {
                    ids.insert(*id);
                }
            }
        }
        let keys: Vec<_> = keys.iter().map(|k| BTreeMap::from([("k", k)])).collect();
        let senders: Vec<_> = senders
            .iter()
            .map(|(i, s)| BTreeMap::from([("i", i), ("s", s)]))
            .collect();
        let ids: Vec<_> = ids.iter().map(|i| BTreeMap::from([("i", i)])).collect();
        let sql = self.store.dialect.sql(
            "SELECT 'repeat' AS what, e.dedupe AS a, e.outcome AS b, e.conversation AS c, e.position AS p, NULL AS r FROM {rows} JOIN events e ON e.dedupe = j.value->>'k' \
             UNION ALL SELECT 'state', c.state, k.body, c.id, 0, k.reference FROM {rows2} JOIN conversations c ON c.inbox = j.value->>'i' AND c.sender = j.value->>'s' LEFT JOIN complaints k ON k.reference = c.complaint \
             UNION ALL SELECT 'state', c.state, k.body, c.id, 0, k.reference FROM {rows3} JOIN conversations c ON c.id = j.value->>'i' LEFT JOIN complaints k ON k.reference = c.complaint",
        );
        let rows = sqlx::query(sql)
            .bind(json(&keys))
            .bind(json(&senders))
            .bind(json(&ids))
            .fetch_all(&mut *db)
            .await?;
        let (mut repeats, mut snapshots) = (HashMap::new(), Snapshots::default());
        for row in rows {
            let (a, b): (String, Option<String>) = (row.try_get(1)?, row.try_get(2)?);
            if row.try_get::<String, _>(0)? == "repeat" {
                let outcome = self
                    .repeat(
                        db,
                        &b.unwrap_or_default(),
                        &row.try_get::<String, _>(3)?,
                        row.try_get(4)?,
                    )
                    .await?;
                repeats.insert(a, outcome);
                continue;
            }
            let reference: Option<String> = row.try_get(5)?;
            let record = reference.as_deref().zip(b.as_deref());
            snapshots.add_read(row.try_get(3)?, &a, record)?;
        }
        Ok((repeats, snapshots))
    }

    /// The answer that was given then.
    async fn repeat(
        &self,
        db: &mut AnyConnection,
        outcome: &str,
        conversation: &str,
        position: i64,
    ) -> Result<Outcome, StoreError> {
        let answer: Answer =
            serde_json::from_str(outcome).map_err(StoreError::document("outcome"))?;
        let said = sqlx::query(concat!("SELECT ", rows::columns!(), " FROM messages m WHERE m.conversation = $1 AND m.position > $2 AND m.position < $3 ORDER BY m.position"))
            .bind(conversation)
            .bind(position)
            .bind(position + STRIDE)
            .fetch_all(&mut *db)
            .await?;
        let mut replies = Vec::new();
        for row in said {
            let rows::Read {
                position, message, ..
            } = rows::message(&row)?;
            if is_reply(&message) {
                replies.push((position, message));
            }
        }
        let conversation = conversation
            .parse()
            .map_err(|_| StoreError::Refused("a conversation's id is no UUID".to_owned()))?;
        Ok(Outcome {
            conversation,
            position,
            answer,
            replies,
            repeated: true,
        })
    }

    /// The complaints whose references the jobs name.
    pub(super) async fn references(
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
                    {
                        named.insert(reference.as_str());
                    };
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
            .sql("SELECT k.body, k.reference FROM {rows} JOIN complaints k ON k.reference = j.value->>'r'");
        for row in sqlx::query(sql)
            .bind(json(&rows))
            .fetch_all(&mut *db)
            .await?
        {
            let complaint = shapes::complaint(row.try_get(1)?, row.try_get(0)?)?;
            found.insert(complaint.reference.to_string(), complaint);
        }
        Ok(found)
    }
}

/// The conversations of a batch, found by sender or by id.
#[derive(Default)]
pub(super) struct Snapshots {
    pub(super) all: Vec<Snapshot>,
    by_id: HashMap<ConversationId, usize>,
    by_sender: HashMap<(String, String), usize>,
}

impl Snapshots {
    /// The conversation of that id as it is kept, with the record that it is about.
    pub(super) fn add_read(
        &mut self,
        id: &str,
        state: &str,
        record: Option<(&str, &str)>,
    ) -> Result<(), StoreError> {
        let complaint = record
            .map(|(reference, body)| shapes::complaint(reference, body))
            .transpose()?;
        let conversation = shapes::conversation(id, state, complaint.as_ref())?;
        self.add(Snapshot {
            conversation,
            complaint,
        });
        Ok(())
    }

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

    /// Begins a conversation where a sender has none. Its id is that of the event that begins it.
    pub(super) fn begin(&mut self, target: &Target, now: Timestamp, event: EventId) {
        if let (None, Target::Sender { inbox, sender }) = (self.find(target), target) {
            let conversation = Conversation::new(ConversationId(event.0), inbox, sender, now);
            self.add(Snapshot {
                conversation,
                complaint: None,
            });
        }
    }

    /// The conversation as it stands after the jobs before.
    pub(super) fn of(&self, target: &Target) -> Option<&Snapshot> {
        self.all.get(self.find(target)?)
    }

    /// The same by its id.
    pub(super) fn by_id(&self, id: ConversationId) -> Option<&Snapshot> {
        self.all.get(*self.by_id.get(&id)?)
    }

    /// The record of a complaint, where a conversation of the batch is about it.
    pub(super) fn record(&self, reference: &Reference) -> Option<&Complaint> {
        let mut records = self.all.iter().filter_map(|s| s.complaint.as_ref());
        records.find(|k| k.reference == *reference)
    }

    /// A record as it is now, for every conversation that adds to it.
    pub(super) fn share(&mut self, record: &Complaint) {
        let mine = |s: &&mut Snapshot| {
            s.complaint
                .as_ref()
                .is_some_and(|k| k.reference == record.reference)
        };
        for snapshot in self.all.iter_mut().filter(mine) {
            snapshot.complaint = Some(record.clone());
        }
    }

    pub(super) fn put(&mut self, target: &Target, snapshot: Snapshot) {
        if let Some(index) = self.find(target) {
            self.all[index] = snapshot;
        }
    }
}
