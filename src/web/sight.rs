//! What an agent may not see is not there for them: every call that names a complaint, a conversation or a file passes
//! here, and so does whatever tells of one unasked: the desk's feed, mentions, the queue, references in other records.

use super::{App, error::ApiError};
use crate::{
    domain::{
        AgentId, AgentRef, Complaint, Conversation, ConversationId, Timestamp,
        complaint::{Change, Reference},
    },
    store::{Sight, Viewer},
};
use serde_json::Value;
use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, PoisonError},
};

/// Seconds for which a protected complaint stays open to whoever broke the glass.
const BROKEN_FOR: i64 = 3600;
/// The field of a record that names other complaints.
const LINKED: &str = "linked";

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
    let (what, guarded) = match kind {
        "complaints" => ("complaint", true),
        "conversations" => ("conversation", true),
        "attachments" => ("file", true),
        _ => ("", false),
    };
    // The call itself decodes what stands here: it must not read another name than this does. No name of ours needs an
    // escape.
    if guarded && name.contains('%') {
        return Err(ApiError::missing(what));
    }
    match kind {
        "complaints" => {
            // One that is mistyped is told so by the call itself.
            let Ok(reference) = name.parse::<Reference>() else {
                return Ok(());
            };
            let breaks = parts.next() == Some("break-glass");
            match store.sight_of(&viewer(app, agent), &reference).await? {
                Sight::Protected if breaks => Ok(()),
                sight if opens(app, agent, &reference, sight) => Ok(()),
                _ => Err(ApiError::missing(what)),
            }
        }
        "conversations" => match name.parse() {
            Ok(id) => conversation(app, agent, id, what).await,
            Err(_) => Ok(()),
        },
        "attachments" => match store.conversation_of_file(name).await? {
            Some(id) => conversation(app, agent, id, what).await,
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

/// Whether a complaint that is so to an agent is there for them: also where they broke its glass.
fn opens(app: &App, agent: &AgentRef, reference: &Reference, sight: Sight) -> bool {
    let now = app.service.clock.now();
    match sight {
        Sight::Open => true,
        Sight::Protected => app.glass.is_broken(agent.id, reference, now),
        Sight::AboutThem => false,
    }
}

async fn conversation(
    app: &App,
    agent: &AgentRef,
    id: ConversationId,
    what: &str,
) -> Result<(), ApiError> {
    if sees(app, agent, id).await? {
        Ok(())
    } else {
        Err(ApiError::missing(what))
    }
}

/// Whether a conversation is there for an agent.
pub(super) async fn sees(
    app: &App,
    agent: &AgentRef,
    id: ConversationId,
) -> Result<bool, ApiError> {
    Ok(hidden(app, agent, &[id]).await?.is_empty())
}

/// Those of the conversations that are not there for an agent. One in which somebody is in danger is there for
/// everybody but those whom the complaint is about: help comes first.
pub(super) async fn hidden(
    app: &App,
    agent: &AgentRef,
    of: &[ConversationId],
) -> Result<HashSet<ConversationId>, ApiError> {
    let (store, viewer) = (&app.service.store, viewer(app, agent));
    let mut hidden = HashSet::new();
    for (id, sight) in store.hidden_from(&viewer, of).await? {
        let state = match sight {
            Sight::Protected => store.conversation(id).await?,
            Sight::Open | Sight::AboutThem => None,
        };
        let danger = |s: &Conversation| s.red_flag.is_some() || s.unheard.is_some();
        let danger = state.as_ref().is_some_and(danger);
        let complaint = state.as_ref().and_then(|s| s.complaint.as_ref());
        let broken = complaint.is_some_and(|r| opens(app, agent, r, sight));
        if !danger && !broken {
            hidden.insert(id);
        }
    }
    Ok(hidden)
}

/// Those of the complaints that are not there for an agent.
pub(super) async fn hidden_complaints(
    app: &App,
    agent: &AgentRef,
    of: &[Reference],
) -> Result<HashSet<Reference>, ApiError> {
    let viewer = viewer(app, agent);
    let mut hidden = HashSet::new();
    for reference in of {
        let sight = app.service.store.sight_of(&viewer, reference).await?;
        if !opens(app, agent, reference, sight) {
            hidden.insert(reference.clone());
        }
    }
    Ok(hidden)
}

/// Takes out of a record the references of complaints that are not there for an agent.
pub(super) async fn without_hidden(
    app: &App,
    agent: &AgentRef,
    complaint: &mut Complaint,
) -> Result<(), ApiError> {
    let hidden = hidden_complaints(app, agent, &complaint.case.linked).await?;
    complaint.case.linked.retain(|r| !hidden.contains(r));
    Ok(())
}

/// The same of a record's history. A line of which nothing is left is left out.
pub(super) async fn history_without_hidden(
    app: &App,
    agent: &AgentRef,
    history: Vec<Change>,
) -> Result<Vec<Change>, ApiError> {
    let references = |value: &Value| -> Vec<Reference> {
        let named = value.as_array().into_iter().flatten();
        let named = named.filter_map(Value::as_str);
        named.filter_map(|name| name.parse().ok()).collect()
    };
    let linked = |c: &Change| -> Vec<Reference> {
        let fields = c.fields.iter().filter(|f| f.field == LINKED);
        fields
            .flat_map(|f| [references(&f.from), references(&f.to)].concat())
            .collect()
    };
    let mut all: Vec<Reference> = history.iter().flat_map(linked).collect();
    all.sort();
    all.dedup();
    let hidden = hidden_complaints(app, agent, &all).await?;
    let told = |value: &mut Value| {
        if let Value::Array(names) = value {
            names.retain(|name| {
                let name = name.as_str().and_then(|n| n.parse().ok());
                name.is_none_or(|name: Reference| !hidden.contains(&name))
            });
        }
    };
    let empty = |value: &Value| value.is_null() || value.as_array().is_some_and(Vec::is_empty);
    let shown = history.into_iter().filter_map(|mut change| {
        change.fields.retain_mut(|field| {
            if field.field != LINKED || hidden.is_empty() {
                return true;
            }
            told(&mut field.from);
            told(&mut field.to);
            field.from != field.to && !(empty(&field.from) && empty(&field.to))
        });
        (!change.fields.is_empty()).then_some(change)
    });
    Ok(shown.collect())
}
