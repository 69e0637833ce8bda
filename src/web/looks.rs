//! Whoever looks at a complaint is noted in the log of changes and looks.

use super::{App, auth::Caller, error::ApiError};
use crate::domain::{AgentId, AuditDetail, AuditNote, Deed, Timestamp, complaint::Reference};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// Seconds for which somebody who has a conversation before them looks at its complaint once: their page asks for it
/// with everything that happens.
const ONE_LOOK: i64 = 15 * 60;
/// How many looks are remembered; older ones are noted once more.
const REMEMBERED: usize = 4096;

/// Who looked at which complaint beside a conversation, and when that was noted.
#[derive(Debug, Default)]
pub(super) struct Looks(Mutex<HashMap<(AgentId, Reference), Timestamp>>);

impl Looks {
    /// Whether a look is a new one; from now on it is not, for a while.
    fn is_new(&self, agent: AgentId, reference: &Reference, now: Timestamp) -> bool {
        let mut looks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (agent, reference.clone());
        if looks
            .get(&key)
            .is_some_and(|at| now.seconds_since(*at) < ONE_LOOK)
        {
            return false;
        }
        if looks.len() >= REMEMBERED {
            looks.retain(|_, at| now.seconds_since(*at) < ONE_LOOK);
        }
        looks.insert(key, now);
        true
    }
}

/// What somebody did, to be noted.
pub(super) fn note(
    app: &App,
    caller: &Caller,
    what: Deed,
    about: Option<&Reference>,
    detail: AuditDetail,
) -> AuditNote {
    AuditNote {
        at: app.service.clock.now(),
        who: caller.agent.name.clone(),
        what,
        about: about.map(ToString::to_string).unwrap_or_default(),
        place: 0,
        detail,
    }
}

/// Notes what somebody did. What cannot be noted is not shown.
pub(super) async fn noted(
    app: &App,
    caller: &Caller,
    what: Deed,
    about: Option<&Reference>,
    detail: AuditDetail,
) -> Result<(), ApiError> {
    let note = note(app, caller, what, about, detail);
    Ok(app.service.store.note(vec![note]).await?)
}

/// Notes a look at a complaint beside its conversation, once for a while. The conversation is shown also where nothing
/// can be written: somebody may be in danger.
pub(super) async fn beside_conversation(app: &App, caller: &Caller, about: &Reference) {
    let now = app.service.clock.now();
    if !app.looks.is_new(caller.agent.id, about, now) {
        return;
    }
    let detail = AuditDetail::default();
    if noted(app, caller, Deed::Looked, Some(about), detail)
        .await
        .is_err()
    {
        tracing::warn!("a look at a complaint could not be noted");
    }
}
