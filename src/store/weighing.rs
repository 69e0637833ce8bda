//! Claims to complaints of other conversations are weighed under the lock of all writers, so that no two
//! programs count the day's tries past each other.

use super::{
    StoreError,
    claims::Tried,
    deciding::Batch,
    jobs::{Target, Transactor},
    loading::Snapshots,
    rows::json,
    shapes,
};
use crate::{
    dialogue::{Claimed, Weighed, claimed, proven, weigh},
    domain::{Complaint, Conversation, ConversationId, Linked, Proof, Snapshot, event::Inbound},
};
use sqlx::{AnyConnection, Row};
use std::collections::{BTreeMap, BTreeSet};

impl Transactor {
    /// Weighs what a message claims, if it claims anything, and puts the result beside it. Whatever there is,
    /// the same is looked up.
    pub(super) async fn weigh(
        &self,
        db: &mut AnyConnection,
        batch: &mut Batch<'_>,
        target: &Target,
        inbound: &mut Inbound,
    ) -> Result<(), StoreError> {
        inbound.proof = None;
        let Some(Snapshot { conversation, .. }) = batch.snapshots.of(target) else {
            return Ok(());
        };
        let Some(claimed) = claimed(conversation, inbound, batch.context) else {
            return Ok(());
        };
        let me = conversation.clone();
        let (record, tries) = self.look_up(db, batch, &claimed).await?;
        inbound.proof = match weigh(&me, inbound, &claimed, record.as_ref(), tries) {
            Weighed::Ask => None,
            Weighed::Spent => Some(Proof::Spent),
            Weighed::Wrong { last } => Some(Proof::Wrong { last }),
            Weighed::Right => match &record {
                Some(record) => {
                    let earlier = self.earlier(db, &mut batch.snapshots, record, &me).await?;
                    let link = Linked {
                        conversation: me.id,
                        inbox: me.inbox.clone(),
                        reference: claimed.reference,
                        at: batch.now,
                    };
                    let earlier: Vec<&Conversation> = earlier.iter().collect();
                    Some(Proof::Right(Box::new(proven(record, &link, &earlier))))
                }
                None => None,
            },
        };
        Ok(())
    }

    /// The record that is claimed, as it stands within the batch, and the day's tries.
    async fn look_up(
        &self,
        db: &mut AnyConnection,
        batch: &mut Batch<'_>,
        claimed: &Claimed,
    ) -> Result<(Option<Complaint>, i64), StoreError> {
        let reference = &claimed.reference;
        let day = batch
            .now
            .in_zone(&batch.context.flows.facts.zone)
            .date()
            .to_string();
        let row = sqlx::query("SELECT (SELECT k.body FROM complaints k WHERE k.reference = $1), (SELECT t.tries FROM proof_tries t WHERE t.reference = $1 AND t.day = $2)")
            .bind(reference.as_str())
            .bind(day.as_str())
            .fetch_one(&mut *db)
            .await?;
        let body: Option<String> = row.try_get(0)?;
        let on_disk = body
            .map(|b| shapes::complaint(reference.as_str(), &b))
            .transpose()?;
        let tries: Option<i64> = row.try_get(1)?;
        let record = batch.snapshots.record(reference).cloned().or(on_disk);
        let home = record.as_ref().map(|k| k.conversation);
        let tried = batch
            .claims
            .tried
            .entry(reference.to_string())
            .or_insert_with(|| Tried {
                day,
                tries: tries.unwrap_or(0),
                home,
                changed: false,
            });
        tried.home = home;
        Ok((record, tried.tries))
    }

    /// The conversations in which the person wrote so far: where the complaint was made, and those that are
    /// linked with it.
    async fn earlier(
        &self,
        db: &mut AnyConnection,
        snapshots: &mut Snapshots,
        record: &Complaint,
        me: &Conversation,
    ) -> Result<Vec<Conversation>, StoreError> {
        let home = record.conversation;
        self.load(db, snapshots, &[home]).await?;
        let linked = snapshots.by_id(home).map(|s| s.conversation.linked.clone());
        let mut ids = vec![home];
        ids.extend(linked.iter().flatten().map(|l| l.conversation));
        ids.extend(me.linked.iter().map(|l| l.conversation));
        let mut seen = BTreeSet::from([me.id]);
        ids.retain(|id| seen.insert(*id));
        ids.truncate(Linked::MOST);
        self.load(db, snapshots, &ids).await?;
        let found = ids.iter().filter_map(|id| snapshots.by_id(*id));
        Ok(found.map(|s| s.conversation.clone()).collect())
    }

    /// Loads conversations that no job of the batch is for.
    pub(super) async fn load(
        &self,
        db: &mut AnyConnection,
        snapshots: &mut Snapshots,
        ids: &[ConversationId],
    ) -> Result<(), StoreError> {
        let missing: Vec<_> = (ids.iter())
            .filter(|id| snapshots.by_id(**id).is_none())
            .map(|id| BTreeMap::from([("i", id)]))
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let sql = self.store.dialect.sql("SELECT c.state, c.id, k.reference, k.body FROM {rows} JOIN conversations c ON c.id = j.value->>'i' LEFT JOIN complaints k ON k.reference = c.complaint");
        let rows = sqlx::query(sql)
            .bind(json(&missing))
            .fetch_all(&mut *db)
            .await?;
        for row in rows {
            let (reference, body): (Option<String>, Option<String>) =
                (row.try_get(2)?, row.try_get(3)?);
            let record = reference.as_deref().zip(body.as_deref());
            snapshots.add_read(row.try_get(1)?, row.try_get(0)?, record)?;
        }
        Ok(())
    }
}
