//! Colleagues who are named in notes: who they are, what they are told, and where they find it.

use super::{
    App, Shared,
    auth::Caller,
    body::Body,
    error::{ApiError, ErrorBody},
    sight,
};
use crate::domain::{AgentRef, ConversationId};
use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};

/// The most colleagues that one note names.
const MOST: usize = 20;

/// The colleagues whom a note names, as `@Priya Shah`, or `@Priya` where only one is called so.
pub(super) async fn named(app: &App, text: &str) -> Result<Vec<AgentRef>, ApiError> {
    if !text.contains('@') {
        return Ok(Vec::new());
    }
    let rows = app.service.store.agents().await?;
    let all: Vec<AgentRef> = rows
        .into_iter()
        .filter(|r| !r.disabled)
        .map(|r| r.agent)
        .collect();
    Ok(named_of(&all, text))
}

fn named_of(all: &[AgentRef], text: &str) -> Vec<AgentRef> {
    let text = text.to_lowercase();
    let mut found: Vec<AgentRef> = Vec::new();
    for (at, _) in text.match_indices('@').take(MOST) {
        let begins = &text[at + 1..];
        let whole = |name: &str| {
            let rest = begins.strip_prefix(&name.to_lowercase());
            rest.is_some_and(|r| !r.chars().next().is_some_and(char::is_alphanumeric))
        };
        let by_name = all.iter().filter(|a| whole(&a.name));
        let named = by_name.max_by_key(|a| a.name.len()).or_else(|| {
            let mut first = all.iter().filter(|a| whole(a.first_name()));
            first.next().filter(|_| first.next().is_none())
        });
        if let Some(agent) = named.filter(|n| !found.iter().any(|f| f.id == n.id)) {
            found.push(agent.clone());
        }
    }
    found
}

/// A note in which the caller is named.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct MentionOut {
    /// Its place in the log.
    position: i64,
    /// In which conversation.
    conversation: String,
    /// Who wrote it.
    by: Option<String>,
    /// The words.
    text: String,
    /// When, RFC 3339.
    at: String,
    /// The caller has opened the conversation since.
    seen: bool,
}

/// Notes in which the caller is named.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct MentionsOut {
    /// The latest first; at most 100.
    mentions: Vec<MentionOut>,
}

/// The notes in which one is named, the latest first, of conversations that are there for the caller.
#[utoipa::path(get, path = "/api/v1/mentions", tag = "desk", responses((status = 200, description = "Notes", body = MentionsOut), (status = 401, description = "Not signed in", body = ErrorBody)))]
pub(super) async fn list(
    State(app): Shared,
    caller: Caller,
) -> Result<Json<MentionsOut>, ApiError> {
    let mut mentions = app.service.store.mentions(caller.agent.id).await?;
    let of: Vec<ConversationId> = mentions.iter().map(|m| m.conversation).collect();
    let hidden = sight::hidden(&app, &caller.agent, &of).await?;
    mentions.retain(|m| !hidden.contains(&m.conversation));
    let out = |m: crate::store::Mention| MentionOut {
        position: m.position,
        conversation: m.conversation.to_string(),
        by: m.by,
        text: m.text,
        at: m.at.rfc3339(),
        seen: m.seen,
    };
    Ok(Json(MentionsOut {
        mentions: mentions.into_iter().map(out).collect(),
    }))
}

/// Which.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SeenIn {
    /// All in this conversation.
    conversation: String,
}

/// One has seen the notes of a conversation in which one is named.
#[utoipa::path(post, path = "/api/v1/mentions/seen", tag = "desk", request_body = SeenIn, responses((status = 204, description = "Noted"), (status = 400, description = "That is no conversation's id", body = ErrorBody)))]
pub(super) async fn seen(
    State(app): Shared,
    caller: Caller,
    Body(body): Body<SeenIn>,
) -> Result<StatusCode, ApiError> {
    let id: ConversationId = body
        .conversation
        .parse()
        .map_err(|_| ApiError::field("conversation", "'conversation' is the id of one"))?;
    app.service.store.mentions_seen(caller.agent.id, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{AgentId, Role};

    #[test]
    fn colleagues_are_named_whole_or_by_a_first_name_that_only_one_has() {
        let names = ["Priya Shah", "Tom Reed", "Tom Reeds", "Zoë Hart"];
        let agent = |(n, name): (u128, &str)| AgentRef {
            id: AgentId(uuid::Uuid::from_u128(n)),
            name: name.to_owned(),
            role: Role::Agent,
        };
        let all: Vec<AgentRef> = (1..).zip(names).map(agent).collect();
        let named = |text: &str| -> Vec<String> {
            let found = named_of(&all, text).into_iter();
            found.map(|a| a.name).collect()
        };
        assert_eq!(named("@priya, have you seen this?"), ["Priya Shah"]);
        assert_eq!(
            named("@Tom Reeds and @ZOË HART."),
            ["Tom Reeds", "Zoë Hart"]
        );
        assert_eq!(named("@Tom Reed @Tom Reed"), ["Tom Reed"]);
        for none in ["@Tom", "Priya", "ann@priyanka.example", "@", "@Priyanka"] {
            assert_eq!(named(none), [""; 0], "{none}");
        }
    }
}
