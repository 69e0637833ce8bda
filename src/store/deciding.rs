//! A batch while it is decided: each event against its conversation as the events before left it.

use super::{
    claims::Claims,
    events::{holder_away, placed},
    jobs::{Answer, JobError, STRIDE, Target, Worked},
    loading::Snapshots,
    secret_words,
};
use crate::{
    dialogue::{Context, step},
    domain::{Complaint, DeskStatus, Effect, Event, EventId, EventKind, Snapshot, Timestamp},
};
use std::{
    collections::HashMap,
    panic::{AssertUnwindSafe, catch_unwind},
};

/// What a batch is decided by.
pub(super) struct Batch<'a> {
    pub(super) now: Timestamp,
    pub(super) desk: &'a DeskStatus,
    pub(super) context: &'a Context<'a>,
    /// Complaints whose references the jobs name.
    pub(super) references: HashMap<String, Complaint>,
    pub(super) snapshots: Snapshots,
    pub(super) claims: Claims,
}

impl Batch<'_> {
    /// What follows from one event, and is there for those that come after it.
    pub(super) fn decide(
        &mut self,
        target: &Target,
        mut kind: EventKind,
        id: EventId,
        position: i64,
    ) -> Result<Worked, JobError> {
        let Some(snapshot) = self.snapshots.of(target) else {
            return Err(JobError::NotFound);
        };
        self.look_up(snapshot, &mut kind);
        let word = secret_words::lend(snapshot, &mut kind);
        let mut event = Event {
            id,
            at: self.now,
            desk: DeskStatus {
                holder_away: holder_away(self.desk, snapshot, &kind, self.now),
                away: std::sync::Arc::default(),
                ..self.desk.clone()
            },
            origin: self.context.origin.clone(),
            record: changed_elsewhere(snapshot, &kind).map(Box::new),
            kind,
        };
        // A fault in the core must not take the other conversations of the batch with it.
        let turn = tracing::info_span!(
            "turn",
            conversation = %snapshot.conversation.id,
            event = %event.id,
            kind = event.kind.name(),
            position,
        );
        let step = || turn.in_scope(|| step(snapshot, &event, self.context));
        let decision = catch_unwind(AssertUnwindSafe(step)).map_err(|_| {
            JobError::Poisonous("the program failed on it; please report this".to_owned())
        })??;
        let word = secret_words::given(word, &mut event.kind, &decision.snapshot);
        let messages = placed(position, &decision.effects).ok_or_else(|| {
            JobError::Poisonous(format!(
                "it would write more than {} messages; please report this",
                STRIDE - 1
            ))
        })?;
        let after = decision.snapshot.conversation.clone();
        turn.in_scope(|| {
            let (status, messages) = (after.status.name(), messages.len());
            tracing::debug!(status, messages, "decided");
        });
        let answer = Answer {
            status: after.status,
            awaiting: after.awaiting(),
            complaint: after.complaint.clone(),
        };
        let effects = decision.effects;
        let changed = effects.iter().any(|e| matches!(e, Effect::Changed(_)));
        let older = effects.iter().find_map(|e| match e {
            Effect::Older(k) => Some((**k).clone()),
            _ => None,
        });
        let record = older.or_else(|| decision.snapshot.complaint.clone().filter(|_| changed));
        self.claims.note(&after, &effects);
        self.snapshots.put(target, decision.snapshot);
        if let Some(record) = &record {
            self.snapshots.share(record);
        }
        Ok(Worked {
            index: None,
            position,
            event,
            dedupe: None,
            answer,
            messages,
            effects,
            after,
            record,
            word,
        })
    }

    /// Puts beside an event what it needs to know of records that it names.
    fn look_up(&self, snapshot: &Snapshot, kind: &mut EventKind) {
        match kind {
            EventKind::Message(inbound) => {
                let named = inbound.signals.entities.references.iter();
                inbound.known_references = named
                    .filter_map(|f| self.references.get(&f.text))
                    .map(crate::complaint::public_status)
                    .collect();
            }
            EventKind::ComplaintAmended {
                reference, older, ..
            } if snapshot.conversation.complaint.as_ref() != Some(reference) => {
                *older = self
                    .references
                    .get(reference.as_str())
                    .filter(|k| k.conversation == snapshot.conversation.id)
                    .cloned()
                    .map(Box::new);
            }
            _ => {}
        }
    }
}

/// The record, where another conversation has added to it since the last event of this one, or may have.
fn changed_elsewhere(snapshot: &Snapshot, kind: &EventKind) -> Option<Complaint> {
    let record = snapshot.complaint.as_ref()?;
    let state = &snapshot.conversation;
    let shared = state.shared.as_ref().filter(|_| state.shares_record());
    let changed = shared.is_some_and(|s| s.record != record.mark());
    let begins =
        matches!(kind, EventKind::CarriedOn { to, .. } if to.reference == record.reference);
    (changed || begins).then(|| record.clone())
}
