//! What agents say: replies, notes, and the sign of writing.

use super::{
    Shared, assist,
    auth::Caller,
    body::Body,
    conversations::{act, id_of, load},
    error::{ApiError, ErrorBody},
    files, mentions,
    shapes::{FileIn, LONGEST_TEXT, Received, checked_id},
    talk::Moment,
};
use crate::{
    assist::uptake,
    domain::{AgentId, EventKind, Offered, Role, event::Unkept},
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;

/// An agent's words.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub(super) struct WordsIn {
    /// Made by the caller; the same again has no second effect.
    id: String,
    /// The words.
    text: String,
    /// The suggestion that a reply grew from; `null` where suggestions were shown and none was used. Left out where
    /// none were shown: then nothing is learned from it.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    suggestion: Used,
    /// Send it although the coach finds something serious in it. The log keeps that it was, and which rules.
    #[serde(default)]
    anyway: bool,
    /// A note of a supervisor that is advice to whoever has the conversation: they are told of it.
    #[serde(default)]
    whisper: bool,
    /// Files that go with a reply.
    #[serde(default)]
    attachments: Vec<FileIn>,
}

/// Which suggestion a reply grew from.
#[derive(Debug, Default)]
enum Used {
    /// None were shown.
    #[default]
    NotShown,
    /// Some were shown, and left.
    Left,
    /// This one.
    Kind(String),
}

impl<'de> Deserialize<'de> for Used {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let kind = Option::<String>::deserialize(from)?;
        Ok(kind
            .filter(|k| k.len() <= 64)
            .map_or(Self::Left, Self::Kind))
    }
}

impl WordsIn {
    fn checked(&self) -> Result<(), ApiError> {
        checked_id("id", &self.id)?;
        if self.text.trim().is_empty() && self.attachments.is_empty()
            || self.text.chars().count() > LONGEST_TEXT
        {
            return Err(ApiError::field(
                "text",
                format!("'text' needs 1 to {LONGEST_TEXT} characters"),
            ));
        }
        Ok(())
    }

    fn text(&self) -> String {
        self.text.replace('\0', "\u{fffd}")
    }

    fn dedupe(&self, conversation: &str, agent: &str) -> String {
        format!("agent\u{1f}{agent}\u{1f}{conversation}\u{1f}{}", self.id)
    }
}

/// Replies to the person. Where nobody has the conversation, the agent takes it by that. Where the person has
/// proven that other conversations are theirs, it goes to the one in which they wrote last; `conversation` in
/// the answer says which.
///
/// A reply in which the coach finds something serious (`GET /api/v1/coach/rules` says which rules are) is
/// held: 409 with `error.code` `coach` and the
/// findings in `error.findings`, and nothing is sent. The same with `"anyway": true` sends it. The log keeps both.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/messages", tag = "desk", params(("id" = String, Path, description = "The conversation")), request_body = WordsIn, responses((status = 200, description = "On disk and on its way", body = Received), (status = 409, description = "Someone else has it (`error.code` is `held`, `error.holder` says who), or the coach holds it (`coach`, with `error.findings`)", body = ErrorBody)))]
pub(super) async fn reply(
    State(app): Shared,
    caller: Caller,
    Path(id): Path<String>,
    Body(words): Body<WordsIn>,
) -> Result<Json<Received>, ApiError> {
    words.checked()?;
    let dedupe = words.dedupe(&id, &caller.agent.id.to_string());
    let id = app
        .service
        .store
        .writes_last(id_of(&id)?)
        .await?
        .to_string();
    let text = words.text();
    let anyway = held_back(&app, &caller, &id, &words, &text).await?;
    let (suggestion, offered) = match &words.suggestion {
        Used::NotShown => (None, Vec::new()),
        Used::Left => (None, offered(&app, &caller, &id, None, &text).await?),
        Used::Kind(kind) => (
            Some(kind.clone()),
            offered(&app, &caller, &id, Some(kind), &text).await?,
        ),
    };
    let kept = if words.attachments.is_empty() {
        files::Kept::default()
    } else {
        let conversation = app
            .service
            .store
            .conversation(id_of(&id)?)
            .await?
            .ok_or_else(|| ApiError::missing("conversation"))?;
        // Kept as the contact's: whoever may see the conversation may fetch them.
        let (inbox, sender) = (&conversation.inbox, &conversation.sender);
        let agent = caller.agent.id.to_string();
        files::keep(&app, &agent, inbox, sender, &dedupe, words.attachments).await?
    };
    if let Some(why) = kept.unkept.first().copied() {
        files::settle(&app, kept, None).await;
        return Err(refused(why));
    }
    let kind = EventKind::Replied {
        text,
        agent: caller.agent,
        external_id: words.id,
        suggestion,
        offered,
        attachments: kept.all.clone(),
        anyway,
    };
    let sent = act(&app, &id, kind, Some(dedupe)).await;
    let place = sent.as_ref().ok().map(|Json(r)| r.position);
    files::settle(&app, kept, place.zip(id_of(&id).ok()).map(|(p, c)| (c, p))).await;
    sent
}

/// An agent's own file that the scanner refuses, or could not look at: nothing is sent.
fn refused(why: Unkept) -> ApiError {
    match why {
        Unkept::Harmful => ApiError::field(
            "attachments",
            "the malware scanner refuses a file: nothing was sent",
        ),
        _ => ApiError::unavailable(
            "a file could not be scanned for malware, so nothing was sent; please try again in a moment",
        ),
    }
}

/// The serious rules that a reply breaks, where it is to be sent all the same.
///
/// # Errors
/// The coach holds it, which is written into the log. Where somebody else has the conversation, that is the
/// reason to tell.
async fn held_back(
    app: &super::App,
    caller: &Caller,
    id: &str,
    words: &WordsIn,
    text: &str,
) -> Result<Vec<String>, ApiError> {
    let (conversation, entries, _) = load(app, id).await?;
    let review = assist::reviewed(app, &conversation, &entries, text);
    let serious: Vec<_> = review.findings.into_iter().filter(|f| f.serious).collect();
    let mut rules: Vec<String> = serious.iter().map(|f| f.rule.clone()).collect();
    rules.dedup();
    if words.anyway || serious.is_empty() {
        return Ok(rules);
    }
    let dedupe = words.dedupe(id, &caller.agent.id.to_string());
    let kind = EventKind::ReplyHeld {
        agent: caller.agent.clone(),
        external_id: words.id.clone(),
        rules,
    };
    let _on_record = act(app, id, kind, Some(format!("held\u{1f}{dedupe}"))).await?;
    let message = format!(
        "the coach holds this reply: {} Send it again with \"anyway\": true, or change it",
        serious[0].advice
    );
    Err(ApiError::coached(message, serious))
}

/// What stood above the draft, and what became of each.
async fn offered(
    app: &super::App,
    caller: &Caller,
    id: &str,
    used: Option<&str>,
    reply: &str,
) -> Result<Vec<Offered>, ApiError> {
    let (conversation, entries, complaint) = load(app, id).await?;
    let agent = caller.agent.first_name();
    let moment = Moment {
        conversation: &conversation,
        entries: &entries,
        complaint: complaint.as_ref(),
        agent,
        reads: "en",
    };
    let shown = moment.suggestions(&app.service);
    Ok(shown
        .into_iter()
        .map(|s| Offered {
            uptake: uptake(&s, used, reply),
            kind: s.id,
        })
        .collect())
}

/// Writes an internal remark; the person never sees it. Colleagues whom it names, as `@Priya Shah` or `@Priya`
/// where only one is called so, are told of it
/// and find it in `GET /api/v1/mentions`.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/notes", tag = "desk", params(("id" = String, Path, description = "The conversation")), request_body = WordsIn, responses((status = 200, description = "On disk", body = Received), (status = 403, description = "Only supervisors whisper", body = ErrorBody)))]
pub(super) async fn note(
    State(app): Shared,
    caller: Caller,
    Path(id): Path<String>,
    Body(words): Body<WordsIn>,
) -> Result<Json<Received>, ApiError> {
    words.checked()?;
    if words.text.trim().is_empty() || !words.attachments.is_empty() {
        return Err(ApiError::field("text", "a note is made of words"));
    }
    if words.whisper {
        caller.at_least(Role::Supervisor)?;
    }
    let dedupe = words.dedupe(&id, &caller.agent.id.to_string());
    let text = words.text();
    let mentions = mentions::named(&app, &text).await?;
    let mut to: Vec<AgentId> = mentions.iter().map(|m| m.id).collect();
    let conversation = id_of(&id)?;
    if words.whisper
        && let Some(known) = app.service.store.conversation(conversation).await?
    {
        to.extend(known.holder.map(|h| h.id));
    }
    to.retain(|agent| *agent != caller.agent.id);
    let by = caller.agent.clone();
    let whisper = words.whisper;
    let kind = EventKind::Noted {
        text,
        agent: caller.agent,
        external_id: words.id,
        whisper,
        mentions,
    };
    let done = act(&app, &id, kind, Some(dedupe)).await?;
    if !to.is_empty() {
        app.service.noted_for(to, conversation, &by, whisper);
    }
    Ok(done)
}

/// Tells the person's page that an agent is writing.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/typing", tag = "desk", params(("id" = String, Path, description = "The conversation")), responses((status = 204, description = "Told")))]
pub(super) async fn typing(
    State(app): Shared,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let conversation = app
        .service
        .store
        .conversation(id_of(&id)?)
        .await?
        .ok_or_else(|| ApiError::missing("conversation"))?;
    if conversation.holder.is_some_and(|h| h.id == caller.agent.id) {
        match (
            app.service.channel(&conversation.inbox),
            &conversation.place,
        ) {
            (Some(channel), Some(place)) => channel.typing(place).await,
            _ => {
                app.service.agent_writes(
                    conversation.id,
                    &conversation.inbox,
                    &conversation.sender,
                );
            }
        }
    }
    Ok(StatusCode::NO_CONTENT)
}
