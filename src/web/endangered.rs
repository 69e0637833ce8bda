//! Whoever may be in danger: the alarm of everybody at the desk.

use super::{App, contact::ContactOut, error::ApiError, sight};
use crate::{
    domain::{AgentRef, Conversation, ConversationId, Timestamp},
    store::QueueRow,
};
use serde::Serialize;

/// Somebody who may be in danger: they wait for a person, or told of it since whoever has them did anything about it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct EndangeredOut {
    /// The conversation.
    id: String,
    /// Their name, where told.
    name: Option<String>,
    /// Which danger.
    red_flag: String,
    /// The same for people.
    red_flag_title: String,
    /// Since when they wait, or since when they have told of it, RFC 3339.
    since: String,
    /// The agent who has them, where one has.
    holder: Option<String>,
}

impl EndangeredOut {
    fn of(c: &Conversation, title: impl Fn(&str) -> String) -> Option<Self> {
        let unheard = c.unheard.as_ref();
        let red_flag = c.red_flag.or(unheard.map(|u| u.red_flag))?;
        let waits: Option<Timestamp> = c.queue.as_ref().map(|entry| entry.since);
        Some(Self {
            id: c.id.to_string(),
            name: ContactOut::of(c).name,
            red_flag: red_flag.name().to_owned(),
            red_flag_title: title(red_flag.name()),
            since: waits.or(unheard.map(|u| u.since))?.rfc3339(),
            holder: c.holder.as_ref().map(|h| h.name.clone()),
        })
    }
}

/// All of them that are there for an agent: first who waits, in the rows of the queue that are, most pressing first;
/// then who is somebody's.
pub(super) async fn all(
    app: &App,
    agent: &AgentRef,
    queue: &[QueueRow],
    title: impl Fn(&str) -> String,
) -> Result<Vec<EndangeredOut>, ApiError> {
    let mut held = app.service.store.unheard().await?;
    let ids: Vec<ConversationId> = held.iter().map(|c| c.id).collect();
    let hidden = sight::hidden(app, agent, &ids).await?;
    held.retain(|c| !hidden.contains(&c.id));
    let waiting = queue.iter().map(|row| &row.conversation);
    let all = waiting.chain(&held);
    Ok(all.filter_map(|c| EndangeredOut::of(c, &title)).collect())
}
