//! The web chat's side of the API. A visitor is known by a secret that their page made; we keep its hash as their id.

use super::{
    App, Shared, auth,
    body::{Body, Params, read_json},
    entry::EntryOut,
    error::{ApiError, ErrorBody},
    files,
    inbox_http::take_in,
    shapes::{LONGEST_TEXT, MessageIn, Received, first_name},
    vouched,
};
use crate::{
    domain::{Author, Conversation, EventKind, MessageId, RATINGS, SecretWord},
    service::Standing,
    store::{Job, Target, hash_secret},
};
use axum::{
    Json,
    extract::{FromRequestParts, Path, Request, State},
    http::{StatusCode, request::Parts},
    response::Response,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

pub(super) const INBOX: &str = "web";

/// A visitor's id, from what their page shows: the secret that it made, or who the visitor is, by the word of the
/// site.
pub(super) fn visitor_of(app: &App, shown: &str) -> Option<String> {
    match shown.strip_prefix(vouched::BEGINS) {
        Some(vouched) => vouched::visitor(app.service.settings.widget.secret.as_ref()?, vouched),
        None => of_secret(shown),
    }
}

fn of_secret(secret: &str) -> Option<String> {
    let fits = (32..=128).contains(&secret.len())
        && secret
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-');
    fits.then(|| format!("v-{}", &hash_secret(&format!("visitor:{secret}"))[..40]))
}

/// The visitor who calls.
#[derive(Debug)]
pub(super) struct Visitor(pub(super) String);

impl FromRequestParts<Arc<App>> for Visitor {
    type Rejection = ApiError;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &Arc<App>,
    ) -> Result<Self, Self::Rejection> {
        auth::bearer(&parts.headers)
            .and_then(|shown| visitor_of(app, shown))
            .map(Self)
            .ok_or_else(ApiError::unauthorized)
    }
}

/// A visitor's message.
#[utoipa::path(post, path = "/api/v1/inboxes/web/messages", tag = "inbox", request_body = MessageIn, responses(
    (status = 200, description = "On disk, with the replies", body = Received),
    (status = 400, description = "Something is wrong with it", body = ErrorBody),
    (status = 408, description = "The body came too slowly", body = ErrorBody),
    (status = 413, description = "The body is larger than we take", body = ErrorBody),
    (status = 429, description = "Too fast, or too much; see Retry-After", body = ErrorBody),
    (status = 503, description = "Nothing can be taken right now; see Retry-After", body = ErrorBody),
    (status = 507, description = "There is no room for more files; words are taken", body = ErrorBody)))]
pub(super) async fn receive(
    State(app): Shared,
    Visitor(visitor): Visitor,
    request: Request,
) -> Result<Json<Received>, ApiError> {
    app.limits
        .visitor(&visitor)
        .inspect_err(|_| app.service.metrics.refused("visitor_rate"))?;
    // A visitor is whoever makes a secret: what is kept is counted by where it comes from.
    let place = app.limits.place(request.headers(), request.extensions());
    let (message, room) = read_json::<MessageIn>(&app, request).await?;
    app.limits
        .upload(place, room.bytes())
        .inspect_err(|_| app.service.metrics.refused("upload_rate"))?;
    // Visitors make their own ids: one visitor's must not hide another's message.
    let dedupe = format!("{INBOX}\u{1f}{visitor}\u{1f}{}", message.id);
    let whose = format!("{place:?}");
    take_in(&app, &whose, INBOX, &visitor, None, dedupe, message)
        .await
        .map(Json)
}

/// From where on.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct After {
    /// The place in the log of the last entry that the page has.
    #[serde(default)]
    pub(super) after: i64,
}

/// The visitor's conversation.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct VisitorHistoryOut {
    /// Who has it; `new` where nothing was said yet.
    pub(super) status: String,
    /// The agent's first name, where one has it.
    pub(super) agent: Option<String>,
    /// The organisation's name.
    pub(super) organisation: String,
    /// The complaint's reference, where there is one.
    pub(super) complaint: Option<String>,
    /// The person is asked how the talk was: `POST …/rating` answers.
    pub(super) rate: bool,
    /// What was said after that place.
    pub(super) messages: Vec<EntryOut>,
}

/// The conversation as the visitor may see it: no notes, first names only.
pub(super) async fn history_of(
    app: &App,
    visitor: &str,
    after: i64,
) -> Result<VisitorHistoryOut, ApiError> {
    let organisation = app.service.organisation();
    let Some(conversation) = app.service.store.conversation_of(INBOX, visitor).await? else {
        return Ok(VisitorHistoryOut {
            status: "new".to_owned(),
            agent: None,
            organisation,
            complaint: None,
            rate: false,
            messages: Vec::new(),
        });
    };
    let store = &app.service.store;
    let mut entries = store.entries_after(conversation.id, after).await?;
    for entry in &mut entries {
        store.reveal(&mut entry.message).await?;
    }
    let messages = entries
        .iter()
        .filter(|e| e.message.from != Author::Note)
        .map(|e| seen_outside(EntryOut::of(e)))
        .collect();
    let standing = Standing::of(&conversation);
    Ok(VisitorHistoryOut {
        status: standing.status.to_owned(),
        agent: standing.agent,
        organisation,
        complaint: standing.complaint,
        rate: standing.rate,
        messages,
    })
}

/// Outside, an agent is a first name.
pub(super) fn seen_outside(mut entry: EntryOut) -> EntryOut {
    entry.agent = entry.agent.as_deref().map(first_name);
    entry
}

/// The conversation, from a place on.
#[utoipa::path(get, path = "/api/v1/inboxes/web/messages", tag = "inbox", params(After), responses((status = 200, description = "The conversation", body = VisitorHistoryOut)))]
pub(super) async fn history(
    State(app): Shared,
    Visitor(visitor): Visitor,
    Params(query): Params<After>,
) -> Result<Json<VisitorHistoryOut>, ApiError> {
    history_of(&app, &visitor, query.after).await.map(Json)
}

/// New words for a message.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub(super) struct EditIn {
    /// The words.
    text: String,
}

async fn own(
    app: &App,
    visitor: &str,
    message: &str,
) -> Result<(Conversation, MessageId), ApiError> {
    let id: MessageId = message.parse().map_err(|_| ApiError::missing("message"))?;
    let conversation = app
        .service
        .store
        .conversation_of(INBOX, visitor)
        .await?
        .ok_or_else(|| ApiError::missing("message"))?;
    let entries = app.service.store.entries_after(conversation.id, 0).await?;
    let theirs = entries
        .iter()
        .any(|e| e.message.id == id && e.message.from == Author::Contact && !e.erased);
    if theirs {
        Ok((conversation, id))
    } else {
        Err(ApiError::missing("message of yours"))
    }
}

/// Changes a message of one's own.
#[utoipa::path(patch, path = "/api/v1/inboxes/web/messages/{id}", tag = "inbox", params(("id" = String, Path, description = "The message's id")), request_body = EditIn, responses(
    (status = 200, description = "Changed; a safety message follows where the new words speak of danger", body = Received),
    (status = 404, description = "No such message of this visitor", body = ErrorBody)))]
pub(super) async fn edit(
    State(app): Shared,
    Visitor(visitor): Visitor,
    Path(id): Path<String>,
    Body(body): Body<EditIn>,
) -> Result<Json<Received>, ApiError> {
    app.limits.visitor(&visitor)?;
    let text = body.text.replace('\0', "\u{fffd}");
    if text.trim().is_empty() || text.chars().count() > LONGEST_TEXT {
        return Err(ApiError::field(
            "text",
            format!("'text' needs 1 to {LONGEST_TEXT} characters"),
        ));
    }
    let (conversation, target) = own(&app, &visitor, &id).await?;
    let text = SecretWord::said_in(&text).map_or(text, |(_, hidden)| hidden);
    let signals = Box::new(
        app.service
            .runtime()
            .rules
            .read(&text, app.service.clock.now()),
    );
    let kind = EventKind::Edited {
        target,
        text,
        signals,
    };
    let outcome = app
        .service
        .submit(Job {
            target: Target::Conversation(conversation.id),
            kind,
            dedupe: None,
        })
        .await?;
    Ok(Json(outcome.into()))
}

/// Takes a message of one's own back: its words are removed.
#[utoipa::path(delete, path = "/api/v1/inboxes/web/messages/{id}", tag = "inbox", params(("id" = String, Path, description = "The message's id")), responses((status = 204, description = "Taken back"), (status = 404, description = "No such message of this visitor", body = ErrorBody)))]
pub(super) async fn delete(
    State(app): Shared,
    Visitor(visitor): Visitor,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let (conversation, target) = own(&app, &visitor, &id).await?;
    app.service
        .submit(Job {
            target: Target::Conversation(conversation.id),
            kind: EventKind::Deleted {
                target,
                by_writer: true,
            },
            dedupe: None,
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Longest remark to a rating, in characters.
const LONGEST_REMARK: usize = 2_000;

/// How the talk was.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RatingIn {
    /// From 1, very bad, to 5, very good; `null`: the person would rather not say, and is not asked again.
    #[serde(default)]
    rating: Option<u8>,
    /// What they add, at most 2,000 characters.
    #[serde(default)]
    words: Option<String>,
}

/// Says how the talk was, once, after it was resolved. Nobody is asked after danger or a death. Words of danger in
/// the remark are taken as a message, and
/// answered.
#[utoipa::path(post, path = "/api/v1/inboxes/web/rating", tag = "inbox", request_body = RatingIn, responses(
    (status = 204, description = "Noted"),
    (status = 400, description = "Something is wrong with it", body = ErrorBody),
    (status = 404, description = "This visitor has no conversation", body = ErrorBody),
    (status = 409, description = "This visitor was not asked, or has answered", body = ErrorBody)))]
pub(super) async fn rate(
    State(app): Shared,
    Visitor(visitor): Visitor,
    Body(body): Body<RatingIn>,
) -> Result<StatusCode, ApiError> {
    app.limits.visitor(&visitor)?;
    if body.rating.is_some_and(|r| !RATINGS.contains(&r)) {
        return Err(ApiError::field("rating", "'rating' is from 1 to 5"));
    }
    let words = body.words.map(|w| w.trim().replace('\0', "\u{fffd}"));
    let words = words.filter(|w| !w.is_empty());
    if words
        .as_ref()
        .is_some_and(|w| w.chars().count() > LONGEST_REMARK)
    {
        let text = format!("'words' has more than {LONGEST_REMARK} characters");
        return Err(ApiError::field("words", text));
    }
    let conversation = app.service.store.conversation_of(INBOX, &visitor).await?;
    let conversation = conversation.ok_or_else(|| ApiError::missing("conversation"))?;
    let rating = body.rating;
    let now = app.service.clock.now();
    let read = |words: &String| app.service.runtime().rules.read(words, now).red_flag;
    let danger = words.clone().filter(|words| read(words).is_some());
    app.service
        .submit(Job {
            target: Target::Conversation(conversation.id),
            kind: EventKind::Rated { rating, words },
            dedupe: None,
        })
        .await?;
    if let Some(words) = danger {
        // Nobody reads a remark at once: these are taken as a message, and answered.
        let message = MessageIn {
            id: format!("rating-{}", now.0),
            sender: None,
            text: Some(words),
            choice: None,
            locale: None,
            attachments: Vec::new(),
        };
        let dedupe = format!("{INBOX}\u{1f}{visitor}\u{1f}{}", message.id);
        let _answered = take_in(&app, &visitor, INBOX, &visitor, None, dedupe, message).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// A file that this visitor sent.
#[utoipa::path(get, path = "/api/v1/inboxes/web/attachments/{id}", tag = "inbox", params(("id" = String, Path, description = "The file's id")), responses((status = 200, description = "The file, as a download", content_type = "*/*"), (status = 404, description = "No such file of this visitor", body = ErrorBody)))]
pub(super) async fn file(
    State(app): Shared,
    Visitor(visitor): Visitor,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    let id = id.parse().map_err(|_| ApiError::missing("file"))?;
    let file = app
        .service
        .store
        .file(id)
        .await?
        .filter(|f| f.inbox == INBOX && f.sender == visitor);
    file.map(files::download)
        .ok_or_else(|| ApiError::missing("file"))
}
