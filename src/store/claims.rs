//! What a batch knows of claims to complaints of other conversations: the day's tries, and what those
//! conversations are to learn.

use super::rows::Writes;
use crate::{
    dialogue::TRIES,
    domain::{Conversation, ConversationId, Effect, EventKind, Remark},
};
use serde::Serialize;
use std::collections::BTreeMap;

/// What a batch knows of claims.
#[derive(Default)]
pub(super) struct Claims {
    pub(super) tried: BTreeMap<String, Tried>,
    /// What other conversations are to learn, once all jobs are decided.
    pub(super) follow: Vec<(ConversationId, EventKind)>,
}

/// How often details were wrong today.
pub(super) struct Tried {
    pub(super) day: String,
    pub(super) tries: i64,
    /// Where the complaint was made, if there is one.
    pub(super) home: Option<ConversationId>,
    pub(super) changed: bool,
}

impl Claims {
    /// What a decision says of claims.
    pub(super) fn note(&mut self, by: &Conversation, effects: &[Effect]) {
        for effect in effects {
            match effect {
                Effect::ProofFailed { reference } => {
                    let Some(tried) = self.tried.get_mut(reference.as_str()) else {
                        continue;
                    };
                    tried.tries += 1;
                    tried.changed = true;
                    if let Some(home) = tried.home.filter(|_| tried.tries == TRIES) {
                        let kind = EventKind::Remarked {
                            remark: Remark::ProofRefused,
                            detail: Some(by.inbox.clone()),
                        };
                        self.follow.push((home, kind));
                    }
                }
                Effect::CarriedOn { earlier, to, quiet } => {
                    let kind = || EventKind::CarriedOn {
                        to: to.clone(),
                        quiet: *quiet,
                    };
                    self.follow.extend(earlier.iter().map(|id| (*id, kind())));
                }
                _ => {}
            }
        }
    }

    /// Today's tries go on disk, those of earlier days leave it.
    pub(super) fn write(&self, writes: &mut Writes) {
        let changed = self.tried.iter().filter(|(_, t)| t.changed);
        let rows: Vec<TriedRow<'_>> = changed
            .map(|(r, t)| TriedRow {
                r,
                d: &t.day,
                n: t.tries,
            })
            .collect();
        writes.put("INSERT INTO proof_tries (reference, day, tries) SELECT j.value->>'r', j.value->>'d', CAST(j.value->>'n' AS BIGINT) FROM {rows} WHERE true ON CONFLICT (reference) DO UPDATE SET day = excluded.day, tries = excluded.tries", &rows);
        writes.put(
            "DELETE FROM proof_tries WHERE day < (SELECT MAX(j.value->>'d') FROM {rows})",
            &rows,
        );
    }
}

#[derive(Serialize)]
struct TriedRow<'a> {
    r: &'a str,
    d: &'a str,
    n: i64,
}
