//! Everything that one may see, in lists: by who has it, by team, by words.

use super::{
    App, Shared,
    auth::Caller,
    body::Params,
    error::{ApiError, ErrorBody},
    rows::ConversationBrief,
    sight::viewer,
    teams,
};
use crate::{
    domain::{AgentId, ConversationId, Status},
    store::{Cursor, Which, Words, is_sealed},
};
use axum::{Json, extract::State, http::HeaderMap};
use serde::{Deserialize, Serialize};

/// How many conversations are given where nobody says how many, and at most.
const USUAL: i64 = 50;
const MOST: i64 = 200;
/// Longest search, in characters.
const LONGEST_SEARCH: usize = 200;

/// Which conversations: those that fit everything that is named.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// `bot`, `queued`, `assigned` or `resolved`.
    #[serde(default)]
    status: Option<String>,
    /// Who has it: `me`, or a colleague's id or name.
    #[serde(default)]
    holder: Option<String>,
    /// In which team's queue it is.
    #[serde(default)]
    team: Option<String>,
    /// By which inbox they write: `web`, `telegram` and so on.
    #[serde(default)]
    inbox: Option<String>,
    /// What it is marked as.
    #[serde(default)]
    label: Option<String>,
    /// Words, at most 200 characters: they stand together in one message (not the assistant's), or in the name and the
    /// reference. A word of three letters or more may be the beginning of one; accents and case make no difference.
    #[serde(default)]
    q: Option<String>,
    /// From where to go on: `next` of the answer before.
    #[serde(default)]
    cursor: Option<String>,
    /// At most so many: 1 to 200, else 50.
    #[serde(default)]
    limit: Option<i64>,
}

/// Conversations.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ConversationsOut {
    /// The newest change first.
    conversations: Vec<ConversationBrief>,
    /// Where the list goes on, as `cursor`; `null` where this is the end.
    next: Option<String>,
}

/// Everything that one may see, the newest change first; what is named narrows it down.
#[utoipa::path(get, path = "/api/v1/conversations", tag = "desk", params(Asked, ("accept-language" = Option<String>, Header, description = "In which language titles are wanted; else English")), responses((status = 200, description = "Conversations", body = ConversationsOut), (status = 400, description = "A parameter is wrong", body = ErrorBody), (status = 401, description = "Not signed in", body = ErrorBody)))]
pub(super) async fn list(
    State(app): Shared,
    caller: Caller,
    headers: HeaderMap,
    Params(asked): Params<Asked>,
) -> Result<Json<ConversationsOut>, ApiError> {
    let limit = asked.limit.unwrap_or(USUAL);
    if !(1..=MOST).contains(&limit) {
        let text = format!("'limit' is a number from 1 to {MOST}");
        return Err(ApiError::field("limit", text));
    }
    let search = asked.q.as_deref().map(str::trim).unwrap_or_default();
    if search.chars().count() > LONGEST_SEARCH {
        let text = format!("'q' has more than {LONGEST_SEARCH} characters");
        return Err(ApiError::field("q", text));
    }
    if is_sealed() && !search.is_empty() && !is_reference(search) {
        let text = "what people said is encrypted here, and cannot be searched: look for a reference, as in NH-7K4M-92QX-C";
        return Err(ApiError::field("q", text));
    }
    let words = Words::of(search);
    if words.is_none() && !search.is_empty() {
        // Signs alone stand nowhere.
        return Ok(Json(ConversationsOut {
            conversations: Vec::new(),
            next: None,
        }));
    }
    let which = Which {
        status: asked.status.as_deref().map(status).transpose()?,
        holder: match asked.holder.as_deref() {
            Some(holder) => Some(named(&app, &caller, holder).await?),
            None => None,
        },
        team: asked.team,
        inbox: asked.inbox,
        label: asked.label.map(|l| l.trim().to_lowercase()),
        words,
        viewer: Some(viewer(&app, &caller.agent)),
        after: asked.cursor.as_deref().map(cursor).transpose()?,
    };
    let mut found = app.service.store.list(&which, limit + 1).await?;
    let more = found.len() as i64 > limit;
    found.truncate(usize::try_from(limit).unwrap_or_default());
    let last = found.last().filter(|_| more);
    let next = last.map(|c| {
        let (changed, id) = (c.changed, c.id);
        Cursor { changed, id }.to_string()
    });
    let ids: Vec<ConversationId> = found.iter().map(|c| c.id).collect();
    let mut words = app.service.store.last_words(&ids).await?;
    let now = app.service.clock.now();
    let book = app.service.runtime();
    let title = teams::titles(&headers, &book.rules.flows);
    let row = |c| ConversationBrief::of(c, words.remove(&c.id), now, &title);
    Ok(Json(ConversationsOut {
        conversations: found.iter().map(row).collect(),
        next,
    }))
}

/// A reference, or the beginning of one.
fn is_reference(search: &str) -> bool {
    let letters: String = search.chars().filter(|c| *c != '-').collect();
    letters.to_ascii_uppercase().starts_with("NH")
        && letters.bytes().all(|b| b.is_ascii_alphanumeric())
}

fn status(name: &str) -> Result<Status, ApiError> {
    Status::from_name(name).ok_or_else(|| {
        let all: Vec<&str> = Status::ALL.iter().map(|s| s.name()).collect();
        ApiError::field("status", format!("'status' is one of {}", all.join(", ")))
    })
}

fn cursor(text: &str) -> Result<Cursor, ApiError> {
    let wrong = |()| ApiError::field("cursor", "'cursor' is 'next' of an answer, or left out");
    text.parse().map_err(wrong)
}

async fn named(app: &App, caller: &Caller, holder: &str) -> Result<AgentId, ApiError> {
    if holder == "me" {
        return Ok(caller.agent.id);
    }
    let store = &app.service.store;
    let found = match holder.parse() {
        Ok(id) => store.agent(id).await?,
        Err(_) => store.agent_named(holder.trim()).await?,
    };
    let missing = || ApiError::field("holder", "there is no such agent");
    Ok(found.ok_or_else(missing)?.agent.id)
}
