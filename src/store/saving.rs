//! What a batch has decided, written down: one statement a table.

use super::{
    StoreError, audit,
    deciding::Batch,
    delivery::{arrived, external, given_up, outbox},
    erased_files,
    jobs::{KeptOutcome, Transactor, Worked},
    labels::labels,
    late_files,
    loading::Snapshots,
    measures::measures,
    mentions::mentions,
    register_rows::register,
    rows::{ConversationRow, EditRow, EventRow, Extra, MessageRow, OutRow, Writes, json},
    sealing, secret_words, webhooks,
};
use crate::domain::{
    Author, Complaint, ConversationId, Effect, Message, Snapshot, event::TimerKind,
};
use serde::Serialize;
use sqlx::AnyConnection;
use std::collections::{BTreeMap, HashSet};

impl Transactor {
    pub(super) async fn save(
        &self,
        db: &mut AnyConnection,
        worked: &[Worked],
        batch: &Batch<'_>,
    ) -> Result<(), StoreError> {
        let mut writes = Writes::default();
        let events: Vec<EventRow<'_>> = worked
            .iter()
            .map(|w| EventRow {
                p: w.position,
                c: w.after.id,
                t: w.event.at.0,
                k: w.event.kind.name(),
                d: w.dedupe.as_deref(),
                b: sealing::close("event", &w.position.to_string(), json(&w.event)),
                o: json(&KeptOutcome::of(w)),
            })
            .collect();
        writes.put("INSERT INTO events (position, conversation, at, kind, dedupe, body, outcome) SELECT CAST(j.value->>'p' AS BIGINT), j.value->>'c', CAST(j.value->>'t' AS BIGINT), j.value->>'k', j.value->>'d', j.value->>'b', j.value->>'o' FROM {rows}", &events);

        let messages: Vec<MessageRow<'_>> = worked
            .iter()
            .flat_map(|w| {
                w.messages
                    .iter()
                    .map(|(p, m)| message_row(w.after.id, *p, m))
            })
            .collect();
        writes.put("INSERT INTO messages (conversation, position, id, author, agent, text, extra, at) SELECT j.value->>'c', CAST(j.value->>'p' AS BIGINT), j.value->>'i', j.value->>'a', j.value->>'g', j.value->>'x', j.value->>'e', CAST(j.value->>'t' AS BIGINT) FROM {rows}", &messages);

        let touched = touched(worked, &batch.snapshots);
        let conversations: Vec<ConversationRow<'_>> = touched
            .iter()
            .map(|s| ConversationRow::of(&s.conversation))
            .collect();
        writes.put("INSERT INTO conversations (id, inbox, sender, status, holder, complaint, team, who, state, changed) SELECT j.value->>'i', j.value->>'n', j.value->>'s', j.value->>'u', j.value->>'h', j.value->>'r', j.value->>'m', j.value->>'w', j.value->>'b', CAST(j.value->>'t' AS BIGINT) FROM {rows} WHERE true ON CONFLICT (id) DO UPDATE SET status = excluded.status, holder = excluded.holder, complaint = excluded.complaint, team = excluded.team, who = excluded.who, state = excluded.state, changed = excluded.changed", &conversations);

        complaints(worked, &mut writes);
        if self.webhooks {
            webhooks::changed(worked, &mut writes);
        }
        audit::append(db, audit::of_changes(worked), &mut writes).await?;
        timers(worked, &mut writes);
        outbox(worked, &mut writes);
        secret_words::words(worked, &mut writes);

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
        writes.put("INSERT INTO pickups (position, at, waited) SELECT CAST(j.value->>'p' AS BIGINT), CAST(j.value->>'t' AS BIGINT), CAST(j.value->>'w' AS BIGINT) FROM {rows}", &pickups);

        let uses: Vec<Use<'_>> = worked
            .iter()
            .flat_map(|w| {
                w.effects.iter().filter_map(|e| match e {
                    Effect::Offered(offer) => Some(Use {
                        p: w.position,
                        k: &offer.kind,
                        u: offer.uptake.name(),
                        t: w.event.at.0,
                    }),
                    _ => None,
                })
            })
            .collect();
        writes.put("INSERT INTO suggestion_uses (position, kind, uptake, at) SELECT CAST(j.value->>'p' AS BIGINT), j.value->>'k', j.value->>'u', CAST(j.value->>'t' AS BIGINT) FROM {rows}", &uses);

        measures(worked, &mut writes);

        // What takes away or changes comes after what was added: one may speak of the other.
        let mut later = Writes::default();
        cancelled(worked, &mut later);
        arrived(worked, &mut later);
        external(worked, &mut later);
        secret_words::arrived(worked, &mut later);
        let mut rare = Writes::default();
        edits(worked, &mut rare);
        given_up(worked, &mut rare);
        forgotten(worked, &mut rare);
        labels(worked, &mut rare);
        mentions(worked, &mut rare);
        batch.claims.write(&mut rare);
        self.write(db, writes).await?;
        self.write(db, later).await?;
        erased_files::remove(db, worked).await?;
        self.write_apart(db, rare).await?;
        late_files::attach(db, worked).await
    }

    /// Runs one statement after the other: they touch the same rows, which Postgres does not allow within one. For what
    /// is rare.
    async fn write_apart(&self, db: &mut AnyConnection, writes: Writes) -> Result<(), StoreError> {
        for one in writes.0 {
            self.write(db, Writes(vec![one])).await?;
        }
        Ok(())
    }

    /// Runs all statements in one trip to the database; none, no trip.
    async fn write(&self, db: &mut AnyConnection, writes: Writes) -> Result<(), StoreError> {
        if writes.0.is_empty() {
            return Ok(());
        }
        let texts: Vec<&str> = writes.0.iter().map(|(text, _)| *text).collect();
        let sql = self.store.dialect.together(&texts);
        let all = writes
            .0
            .into_iter()
            .fold(sqlx::query(sql), |query, (_, rows)| query.bind(rows));
        all.execute(&mut *db).await?;
        Ok(())
    }
}

fn complaints(worked: &[Worked], writes: &mut Writes) {
    // Each record once, as the last event left it.
    let last: BTreeMap<&str, (&Complaint, i64)> = worked
        .iter()
        .filter_map(|w| Some((w.record.as_ref()?, w.position)))
        .map(|(k, position)| (k.reference.as_str(), (k, position)))
        .collect();
    let records: Vec<(&Complaint, i64)> = last.into_values().collect();
    let rows: Vec<ComplaintRow<'_>> = records
        .iter()
        .map(|(k, _)| ComplaintRow {
            r: k.reference.as_str(),
            c: k.conversation,
            t: k.received_at.0,
            u: k.status.name(),
            d: u8::from(k.complete),
            b: sealing::close("complaint", k.reference.as_str(), json(k)),
        })
        .collect();
    writes.put("INSERT INTO complaints (reference, conversation, received, status, complete, body) SELECT j.value->>'r', j.value->>'c', CAST(j.value->>'t' AS BIGINT), j.value->>'u', CAST(j.value->>'d' AS BIGINT), j.value->>'b' FROM {rows} WHERE true ON CONFLICT (reference) DO UPDATE SET status = excluded.status, complete = excluded.complete, received = excluded.received, body = excluded.body", &rows);
    register(&records, writes, sealing::is_on());

    let change = |w: &Worked| {
        w.effects.iter().find_map(|e| {
            if let Effect::Changed(c) = e {
                let row = sealing::row(&w.record.as_ref()?.reference, w.position);
                Some(sealing::close("change", &row, json(c)))
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
                s: audit::salt(w),
            })
        })
        .collect();
    writes.put("INSERT INTO complaint_changes (reference, position, body, salt) SELECT j.value->>'r', CAST(j.value->>'p' AS BIGINT), j.value->>'b', j.value->>'s' FROM {rows}", &rows);
}

/// The last word on each timer counts.
fn last_timers(worked: &[Worked]) -> BTreeMap<(ConversationId, TimerKind), Option<i64>> {
    let mut last = BTreeMap::new();
    for w in worked {
        for effect in &w.effects {
            match effect {
                Effect::SetTimer { timer, due } => last.insert((w.after.id, *timer), Some(due.0)),
                Effect::CancelTimer { timer } => last.insert((w.after.id, *timer), None),
                _ => None,
            };
        }
    }
    last
}

fn timers(worked: &[Worked], writes: &mut Writes) {
    let set: Vec<TimerRow> = last_timers(worked)
        .into_iter()
        .filter_map(|((c, timer), due)| {
            Some(TimerRow {
                c,
                k: timer.name(),
                d: due?,
            })
        })
        .collect();
    writes.put("INSERT INTO timers (conversation, kind, due) SELECT j.value->>'c', j.value->>'k', CAST(j.value->>'d' AS BIGINT) FROM {rows} WHERE true ON CONFLICT (conversation, kind) DO UPDATE SET due = excluded.due", &set);
}

fn cancelled(worked: &[Worked], writes: &mut Writes) {
    let gone: Vec<TimerRow> = last_timers(worked)
        .into_iter()
        .filter(|(_, due)| due.is_none())
        .map(|((c, timer), _)| TimerRow {
            c,
            k: timer.name(),
            d: 0,
        })
        .collect();
    writes.put("DELETE FROM timers WHERE (conversation, kind) IN (SELECT j.value->>'c', j.value->>'k' FROM {rows})", &gone);
}

/// Removes everything that was said before, from the log too: what stays of an event is that there was one, so that the
/// same message coming again is known.
fn forgotten(worked: &[Worked], writes: &mut Writes) {
    let gone: Vec<OutRow<'_>> = worked
        .iter()
        .filter(|w| w.effects.contains(&Effect::Forget))
        .map(|w| OutRow {
            c: w.after.id,
            p: w.position,
            m: w.after.sender.clone(),
            n: &w.after.inbox,
            t: 0,
        })
        .collect();
    writes.put("DELETE FROM messages WHERE EXISTS (SELECT 1 FROM {rows} WHERE j.value->>'c' = messages.conversation AND messages.position < CAST(j.value->>'p' AS BIGINT))", &gone);
    writes.put("DELETE FROM outbox WHERE EXISTS (SELECT 1 FROM {rows} WHERE j.value->>'c' = outbox.conversation AND outbox.position < CAST(j.value->>'p' AS BIGINT))", &gone);
    writes.put("UPDATE events SET kind = 'forgotten', body = '{}' WHERE EXISTS (SELECT 1 FROM {rows} WHERE j.value->>'c' = events.conversation AND events.position < CAST(j.value->>'p' AS BIGINT))", &gone);
    writes.put("DELETE FROM attachments WHERE EXISTS (SELECT 1 FROM {rows} WHERE j.value->>'n' = attachments.inbox AND j.value->>'m' = attachments.sender)", &gone);
}

fn edits(worked: &[Worked], writes: &mut Writes) {
    let (mut rewritten, mut erased, mut removed) = (Vec::new(), Vec::new(), Vec::new());
    for w in worked {
        for effect in &w.effects {
            match effect {
                Effect::Rewrite { target, text } => rewritten.push(EditRow {
                    c: w.after.id,
                    m: target.to_string(),
                    x: sealing::close("message", &target.to_string(), text.as_str()),
                    t: 0,
                }),
                Effect::Erase { target } => erased.push(EditRow {
                    c: w.after.id,
                    m: target.to_string(),
                    x: String::new(),
                    t: 0,
                }),
                Effect::Removed { target } => removed.push(EditRow {
                    c: w.after.id,
                    m: target.to_string(),
                    x: String::new(),
                    t: 0,
                }),
                _ => {}
            }
        }
    }
    // Only the contact's own messages can be changed by the contact.
    writes.put("UPDATE messages SET edited = 1, text = (SELECT j.value->>'x' FROM {rows} WHERE j.value->>'m' = messages.id AND j.value->>'c' = messages.conversation LIMIT 1) WHERE author = 'contact' AND (conversation, id) IN (SELECT j.value->>'c', j.value->>'m' FROM {rows})", &rewritten);
    writes.put("UPDATE messages SET erased = 1, text = '', extra = NULL WHERE author = 'contact' AND (conversation, id) IN (SELECT j.value->>'c', j.value->>'m' FROM {rows})", &erased);
    writes.put("UPDATE messages SET removed = 1 WHERE author = 'contact' AND (conversation, id) IN (SELECT j.value->>'c', j.value->>'m' FROM {rows})", &removed);
}

pub(super) fn message_row(
    conversation: ConversationId,
    position: i64,
    m: &Message,
) -> MessageRow<'_> {
    let plain = !m.emergency
        && !m.whisper
        && m.mentions.is_empty()
        && m.choices.is_empty()
        && m.attachments.is_empty()
        && m.borrowed.is_empty();
    // The answers that the bot offers are looked for, and are nobody's words.
    let id = m.id.to_string();
    let kept = |extra: String| match m.from {
        Author::Bot => extra,
        _ => sealing::close("extra", &id, extra),
    };
    let extra = (!plain).then(|| {
        kept(json(&Extra {
            whisper: m.whisper,
            mentions: m.mentions.clone(),
            emergency: m.emergency,
            choices: m.choices.clone(),
            attachments: m.attachments.clone(),
            borrowed: m.borrowed.clone(),
        }))
    });
    MessageRow {
        c: conversation,
        p: position,
        i: m.id,
        a: m.from.name(),
        g: m.agent.as_deref(),
        x: sealing::close("message", &id, m.text.as_str()),
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

#[derive(Serialize)]
struct Use<'a> {
    p: i64,
    k: &'a str,
    u: &'static str,
    t: i64,
}

#[derive(Serialize)]
struct Pickup {
    p: i64,
    t: i64,
    w: i64,
}

#[derive(Serialize)]
struct ComplaintRow<'a> {
    r: &'a str,
    c: ConversationId,
    t: i64,
    u: &'a str,
    d: u8,
    b: String,
}

#[derive(Serialize)]
struct ChangeRow {
    r: String,
    p: i64,
    b: String,
    s: String,
}

#[derive(Serialize)]
struct TimerRow {
    c: ConversationId,
    k: &'static str,
    d: i64,
}
