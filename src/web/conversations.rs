//! Agents at work.

use super::{
    App, Shared,
    auth::Caller,
    body::Params,
    endangered::{self, EndangeredOut},
    error::{ApiError, ErrorBody},
    looks,
    rows::LastOut,
    shapes::{self, ConversationOut, Received},
    sight, teams,
};
use crate::{
    domain::{Complaint, Conversation, ConversationId, EventKind},
    store::{Entry, Job, Target},
};
use axum::{
    Json,
    extract::{Path, State},
    http::HeaderMap,
};
use serde::{Deserialize, Serialize};

/// One who waits.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct QueueItem {
    id: String,
    /// `routine`, `soon`, `urgent`, `emergency`.
    priority: String,
    red_flag: Option<String>,
    /// The same for people.
    red_flag_title: Option<String>,
    emotion: String,
    /// Since when, RFC 3339.
    since: String,
    /// Why they are where they are, most weighty first.
    why: Vec<String>,
    /// Why a person is wanted, by its name.
    reason: String,
    /// The same for people.
    reason_title: String,
    /// Their name, where told.
    name: Option<String>,
    /// What they are to us.
    relation: String,
    /// Which inbox.
    inbox: String,
    /// For which team.
    team: String,
    /// How they would like to hear from us: `stay`, `later`, `callback`.
    waiting: String,
    complaint: Option<String>,
    /// What they wrote last.
    last: Option<LastOut>,
}

/// Who waits, most pressing first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct QueueOut {
    conversations: Vec<QueueItem>,
    /// How many wait in all.
    total: usize,
    /// All who may be in danger, whatever `limit` says: who waits, and of those whom somebody has, who has told of it
    /// since anybody did something about it.
    endangered: Vec<EndangeredOut>,
}

/// How many.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Most {
    /// At most so many, the most pressing; left out, all.
    #[serde(default)]
    limit: Option<usize>,
}

/// Who waits for a person, most pressing first: danger, then priority, then distress, then waiting time.
#[utoipa::path(get, path = "/api/v1/queue", tag = "desk", params(Most, ("accept-language" = Option<String>, Header, description = "In which language titles are wanted; else English")), responses((status = 200, description = "The queue", body = QueueOut), (status = 401, description = "Not signed in", body = ErrorBody)))]
pub(super) async fn queue(
    State(app): Shared,
    caller: Caller,
    headers: HeaderMap,
    Params(most): Params<Most>,
) -> Result<Json<QueueOut>, ApiError> {
    let book = app.service.runtime();
    let flows = &book.rules.flows;
    let title = teams::titles(&headers, flows);
    let mut rows = app.service.store.queue(app.service.clock.now()).await?;
    let waiting: Vec<ConversationId> = rows.iter().map(|r| r.conversation.id).collect();
    let hidden = sight::hidden(&app, &caller.agent, &waiting).await?;
    rows.retain(|r| !hidden.contains(&r.conversation.id));
    let endangered = endangered::all(&app, &caller.agent, &rows, &title).await?;
    let total = rows.len();
    rows.truncate(most.limit.unwrap_or(total));
    let ids: Vec<ConversationId> = rows.iter().map(|r| r.conversation.id).collect();
    let mut last = app.service.store.last_words(&ids).await?;
    let item = |row: crate::store::QueueRow| {
        let c = &row.conversation;
        let entry = c.queue.as_ref()?;
        Some(QueueItem {
            id: c.id.to_string(),
            priority: entry.priority.name().to_owned(),
            red_flag: c.red_flag.map(|f| f.name().to_owned()),
            red_flag_title: c.red_flag.map(|f| title(f.name())),
            emotion: c.emotion.name().to_owned(),
            since: entry.since.rfc3339(),
            name: super::contact::ContactOut::of(c).name,
            relation: c.relation.name().to_owned(),
            inbox: c.inbox.clone(),
            team: entry.team.clone(),
            waiting: entry.waiting.name().to_owned(),
            complaint: c.complaint.as_ref().map(ToString::to_string),
            reason: entry.reason.clone(),
            reason_title: title(&entry.reason),
            last: last.remove(&c.id).map(LastOut::of),
            why: row.why,
        })
    };
    Ok(Json(QueueOut {
        conversations: rows.into_iter().filter_map(item).collect(),
        total,
        endangered,
    }))
}

pub(super) fn id_of(text: &str) -> Result<ConversationId, ApiError> {
    text.parse().map_err(|_| ApiError::missing("conversation"))
}

pub(super) async fn load(
    app: &App,
    id: &str,
) -> Result<(Conversation, Vec<Entry>, Option<Complaint>), ApiError> {
    let detail = app
        .service
        .store
        .detail(id_of(id)?)
        .await?
        .ok_or_else(|| ApiError::missing("conversation"))?;
    let complaint = match &detail.conversation.complaint {
        Some(reference) => app.service.store.complaint(reference).await?,
        None => None,
    };
    Ok((detail.conversation, detail.entries, complaint))
}

/// A conversation, whole: what was said, the summary, the complaint, what was noticed.
#[utoipa::path(get, path = "/api/v1/conversations/{id}", tag = "desk", params(("id" = String, Path, description = "The conversation"), ("accept-language" = Option<String>, Header, description = "In which language titles are wanted; else English")), responses((status = 200, description = "The conversation", body = ConversationOut), (status = 404, description = "There is none", body = ErrorBody)))]
pub(super) async fn show(
    State(app): Shared,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<ConversationOut>, ApiError> {
    let (mut conversation, entries, mut complaint) = load(&app, &id).await?;
    if let Some(complaint) = &mut complaint {
        looks::beside_conversation(&app, &caller, &complaint.reference).await;
        sight::without_hidden(&app, &caller.agent, complaint).await?;
    }
    let linked = conversation.linked.iter().map(|l| l.conversation);
    let theirs: Vec<ConversationId> = linked.chain([conversation.id]).collect();
    let mut earlier = app.service.store.complaints_of(&theirs).await?;
    earlier.retain(|k| Some(&k.reference) != conversation.complaint.as_ref());
    let hidden = sight::hidden(&app, &caller.agent, &theirs).await?;
    conversation
        .linked
        .retain(|l| !hidden.contains(&l.conversation));
    let named: Vec<_> = earlier.iter().map(|k| k.reference.clone()).collect();
    let hidden = sight::hidden_complaints(&app, &caller.agent, &named).await?;
    earlier.retain(|k| !hidden.contains(&k.reference));
    Ok(Json(shapes::whole(
        &app.service,
        &conversation,
        &entries,
        complaint,
        &earlier,
        &headers,
    )))
}

pub(super) async fn act(
    app: &App,
    id: &str,
    kind: EventKind,
    dedupe: Option<String>,
) -> Result<Json<Received>, ApiError> {
    let job = Job {
        target: Target::Conversation(id_of(id)?),
        kind,
        dedupe,
    };
    Ok(Json(app.service.submit(job).await?.into()))
}
