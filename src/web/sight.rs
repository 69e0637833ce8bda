//! What an agent may not see is not there for them: every call that names a complaint, a conversation or a file passes here.

use super::{App, error::ApiError};
use crate::{
    domain::{AgentId, AgentRef, ConversationId, Timestamp, complaint::Reference},
    store::{Sight, Viewer},
};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// Seconds for which a protected complaint stays open to whoever broke the glass.
const BROKEN_FOR: i64 = 3600;

/// Who broke the glass of which complaint, and when.
#[derive(Debug, Default)]
pub(super) struct Glass(Mutex<HashMap<(AgentId, Reference), Timestamp>>);

impl Glass {
    /// From now on it is open to them, for a while.
    pub(super) fn broken(&self, agent: AgentId, reference: &Reference, now: Timestamp) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, at| now.seconds_since(*at) < BROKEN_FOR);
        all.insert((agent, reference.clone()), now);
    }

    fn is_broken(&self, agent: AgentId, reference: &Reference, now: Timestamp) -> bool {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = all.get(&(agent, reference.clone()));
        at.is_some_and(|at| now.seconds_since(*at) < BROKEN_FOR)
    }
}

/// An agent as somebody who looks at the register.
pub(super) fn viewer(app: &App, agent: &AgentRef) -> Viewer {
    Viewer::of(agent, app.service.settings.guard.protected_role)
}

/// Whether the agent may see what the address of a call names.
///
/// # Errors
/// 404: there is no such thing, for them.
pub(super) async fn pass(app: &App, agent: &AgentRef, path: &str) -> Result<(), ApiError> {
    let Some(rest) = path.strip_prefix("/api/v1/") else {
        return Ok(());
    };
    let mut parts = rest.split('/');
    let (kind, name) = (parts.next().unwrap_or_default(), parts.next());
    let Some(name) = name.filter(|n| !n.is_empty()) else {
        return Ok(());
    };
    let store = &app.service.store;
    match kind {
        "complaints" => {
            // One that is mistyped is told so by the call itself.
            let Ok(reference) = name.parse::<Reference>() else {
                return Ok(());
            };
            let now = app.service.clock.now();
            let breaks = parts.next() == Some("break-glass");
            match store.sight_of(&viewer(app, agent), &reference).await? {
                Sight::Open => Ok(()),
                Sight::Protected if breaks => Ok(()),
                Sight::Protected if app.glass.is_broken(agent.id, &reference, now) => Ok(()),
                Sight::Protected | Sight::AboutThem => Err(ApiError::missing("complaint")),
            }
        }
        "conversations" => match name.parse() {
            Ok(id) => conversation(app, agent, id, "conversation").await,
            Err(_) => Ok(()),
        },
        "attachments" => match store.conversation_of_file(name).await? {
            Some(id) => conversation(app, agent, id, "file").await,
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

/// A conversation in which somebody is in danger is there for everybody but those whom the complaint is about: help comes
/// first.
async fn conversation(
    app: &App,
    agent: &AgentRef,
    id: ConversationId,
    what: &str,
) -> Result<(), ApiError> {
    let store = &app.service.store;
    let sight = store.sight_of_conversation(&viewer(app, agent), id).await?;
    if sight == Sight::Open {
        return Ok(());
    }
    let missing = || ApiError::missing(what);
    let state = store.conversation(id).await?.ok_or_else(missing)?;
    let now = app.service.clock.now();
    let opened = |r: &Reference| app.glass.is_broken(agent.id, r, now);
    let broken = state.complaint.as_ref().is_some_and(opened);
    if sight == Sight::Protected && (state.red_flag.is_some() || broken) {
        Ok(())
    } else {
        Err(missing())
    }
}
