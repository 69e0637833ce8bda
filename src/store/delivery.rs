//! What a batch has decided about the outbox: what goes in, what has arrived, what was given up, what is sent again.

use super::{
    jobs::{Worked, is_reply},
    rows::{EditRow, OutRow, Writes, json},
};
use crate::domain::{ConversationId, Effect, EventKind};
use serde::Serialize;

/// What was said of its own accord goes into the outbox; on channels that we send to, everything that was said.
pub(super) fn outbox(worked: &[Worked], writes: &mut Writes) {
    let unasked = worked
        .iter()
        .filter(|w| w.after.is_sent_to() || !matches!(w.event.kind, EventKind::Message(_)));
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
    writes.put("INSERT INTO outbox (conversation, position, message, inbox, at, due) SELECT j.value->>'c', CAST(j.value->>'p' AS BIGINT), j.value->>'m', j.value->>'n', CAST(j.value->>'t' AS BIGINT), CAST(j.value->>'t' AS BIGINT) FROM {rows}", &out);
}

/// What has arrived leaves the outbox.
pub(super) fn arrived(worked: &[Worked], writes: &mut Writes) {
    let arrived: Vec<Arrived> = worked
        .iter()
        .flat_map(|w| {
            w.effects.iter().filter_map(|e| {
                if let Effect::Arrived { upto, .. } = e {
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
    writes.put("DELETE FROM outbox WHERE EXISTS (SELECT 1 FROM {rows} JOIN messages m ON m.conversation = j.value->>'c' AND m.id = j.value->>'m' WHERE m.conversation = outbox.conversation AND outbox.position <= m.position) AND given_up = 0", &arrived);
}

/// What was given up stays in the outbox, set apart; what is sent again goes on from there.
pub(super) fn given_up(worked: &[Worked], writes: &mut Writes) {
    let (mut failed, mut again) = (Vec::new(), Vec::new());
    for w in worked {
        for effect in &w.effects {
            match effect {
                Effect::Failed { message, reason } => failed.push(EditRow {
                    c: w.after.id,
                    m: message.to_string(),
                    x: reason.name().to_owned(),
                    t: w.event.at.0,
                }),
                Effect::Resend { message } => again.push(EditRow {
                    c: w.after.id,
                    m: message.to_string(),
                    x: String::new(),
                    t: w.event.at.0,
                }),
                _ => {}
            }
        }
    }
    writes.put("UPDATE messages SET failed = 1 WHERE (conversation, id) IN (SELECT j.value->>'c', j.value->>'m' FROM {rows})", &failed);
    // One that had left and came back (a mail that bounces) stands in the outbox again.
    writes.put("INSERT INTO outbox (conversation, position, message, inbox, at, due) SELECT m.conversation, m.position, m.id, c.inbox, m.at, m.at FROM {rows} JOIN messages m ON m.conversation = j.value->>'c' AND m.id = j.value->>'m' JOIN conversations c ON c.id = m.conversation WHERE m.author IN ('bot', 'agent') ON CONFLICT (conversation, position) DO NOTHING", &failed);
    writes.put("UPDATE outbox SET given_up = 1, lease = 0, reason = (SELECT j.value->>'x' FROM {rows} WHERE j.value->>'m' = outbox.message AND j.value->>'c' = outbox.conversation LIMIT 1) WHERE (conversation, message) IN (SELECT j.value->>'c', j.value->>'m' FROM {rows})", &failed);
    writes.put("UPDATE messages SET failed = 0 WHERE (conversation, id) IN (SELECT j.value->>'c', j.value->>'m' FROM {rows})", &again);
    writes.put("UPDATE outbox SET given_up = 0, lease = 0, attempts = 0, reason = NULL, due = (SELECT CAST(j.value->>'t' AS BIGINT) FROM {rows} LIMIT 1), at = (SELECT CAST(j.value->>'t' AS BIGINT) FROM {rows} LIMIT 1) WHERE given_up = 1 AND (conversation, message) IN (SELECT j.value->>'c', j.value->>'m' FROM {rows})", &again);
}

/// The channel's ids of what arrived.
pub(super) fn external(worked: &[Worked], writes: &mut Writes) {
    let rows: Vec<EditRow> = worked
        .iter()
        .flat_map(|w| {
            w.effects.iter().filter_map(|e| match e {
                Effect::Arrived { upto, external } if !external.is_empty() => Some(EditRow {
                    c: w.after.id,
                    m: upto.to_string(),
                    x: json(external),
                    t: 0,
                }),
                _ => None,
            })
        })
        .collect();
    writes.put("UPDATE messages SET external = (SELECT j.value->>'x' FROM {rows} WHERE j.value->>'m' = messages.id AND j.value->>'c' = messages.conversation LIMIT 1) WHERE (conversation, id) IN (SELECT j.value->>'c', j.value->>'m' FROM {rows})", &rows);
}

#[derive(Serialize)]
struct Arrived {
    c: ConversationId,
    m: String,
}
