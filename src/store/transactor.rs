//! The one way by which conversations change: everything that waits, in one transaction, one statement a table.

use super::{
    StoreError,
    claims::Claims,
    deciding::Batch,
    jobs::{
        Committed, Done, Job, JobError, Outcome, Places, STRIDE, Target, Transactor, Worked,
        committed, outcome_of,
    },
    others::{CHANNEL, log_notice},
};
use crate::{
    dialogue::Context,
    domain::{ConversationId, DeskStatus, EventId, EventKind, Timestamp},
};
use sqlx::{AnyConnection, Connection};
use std::collections::HashMap;

/// What a transaction has done.
type Attempted = (Vec<Result<Outcome, JobError>>, Vec<Committed>, Places);

impl Transactor {
    /// Takes every job, in order: one transaction for all of them. Where the database refuses the batch, it is halved
    /// until the event at fault stands alone; that one fails, the others are written.
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
                Ok((results, committed, places)) => {
                    done.results.extend(results);
                    done.committed.extend(committed);
                    done.places.push(places);
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
    ) -> Result<Attempted, StoreError> {
        let mut connection = self.store.writer.lend().await?;
        let attempt = async move {
            let attempted = self.attempt_by(&mut connection, jobs, now, desk, ids, context);
            let attempted = attempted.await;
            connection.give_back();
            attempted
        };
        // Where no answer comes nobody knows what became of it: whoever sends the same again is told.
        self.store.writer.in_time(attempt).await
    }

    async fn attempt_by(
        &self,
        connection: &mut AnyConnection,
        jobs: &[Job],
        now: Timestamp,
        desk: &DeskStatus,
        ids: &mut (dyn FnMut() -> EventId + Send),
        context: &Context<'_>,
    ) -> Result<Attempted, StoreError> {
        let mut transaction = connection.begin().await?;
        let db = &mut *transaction;
        // Locks out every other writer until the commit, so what is loaded below is the latest there is.
        let first = self.places(db, jobs.len()).await?;
        let (repeats, snapshots) = self.recall(db, jobs).await?;
        let mut batch = Batch {
            now,
            desk,
            context,
            references: self.references(db, jobs).await?,
            snapshots,
            claims: Claims::default(),
        };

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
                    .and_then(|i| worked.iter().find(|w| w.index == Some(*i)))
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
            batch.snapshots.begin(&job.target, now, id);
            let mut kind = job.kind.clone();
            if let EventKind::Message(inbound) = &mut kind {
                self.weigh(db, &mut batch, &job.target, inbound).await?;
            }
            let position = first + STRIDE * index as i64;
            match batch.decide(&job.target, kind, id, position) {
                Ok(done) => worked.push(Worked {
                    index: Some(index),
                    dedupe: job.dedupe.clone(),
                    ..done
                }),
                Err(error) => results[index] = Some(Err(error)),
            }
        }
        let more = self.follow(db, &mut batch, ids, &mut worked).await?;
        if !worked.is_empty() {
            self.save(db, &worked, &batch).await?;
        }
        transaction.commit().await?;

        for w in &worked {
            if let Some(index) = w.index {
                results[index] = Some(Ok(outcome_of(w)));
            }
        }
        let results = results
            .into_iter()
            .map(|r| r.unwrap_or(Err(JobError::NotFound)))
            .collect();
        let places = Places {
            before: first - 1,
            last: first - 1 + STRIDE * (jobs.len() + more) as i64,
        };
        let committed = worked.into_iter().map(committed).collect();
        Ok((results, committed, places))
    }

    /// What other conversations learn from the batch: an event in each, in the same commit. How many.
    async fn follow(
        &self,
        db: &mut AnyConnection,
        batch: &mut Batch<'_>,
        ids: &mut (dyn FnMut() -> EventId + Send),
        worked: &mut Vec<Worked>,
    ) -> Result<usize, StoreError> {
        let follow = std::mem::take(&mut batch.claims.follow);
        if follow.is_empty() {
            return Ok(0);
        }
        let count = follow.len();
        let first = self.places(db, count).await?;
        let others: Vec<ConversationId> = follow.iter().map(|(id, _)| *id).collect();
        self.load(db, &mut batch.snapshots, &others).await?;
        for (n, (id, kind)) in follow.into_iter().enumerate() {
            let target = Target::Conversation(id);
            let position = first + STRIDE * n as i64;
            // What cannot happen there takes nothing away from what has happened here.
            worked.extend(batch.decide(&target, kind, ids(), position));
        }
        Ok(count)
    }

    /// Takes places in the log for so many events; the first of them.
    async fn places(&self, db: &mut AnyConnection, events: usize) -> Result<i64, StoreError> {
        let room = STRIDE * events as i64;
        let (before, after) = log_notice(self.store.program());
        let take = (self.store.dialect).take_places(CHANNEL, (&before, &after));
        let last: i64 = sqlx::query_scalar(take).bind(room).fetch_one(db).await?;
        Ok(last - room + 1)
    }
}
