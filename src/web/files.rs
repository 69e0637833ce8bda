//! Files: checked by type and size on the way in, downloads on the way out.

use super::{
    App, Shared,
    auth::Caller,
    error::ApiError,
    shapes::{FileIn, MOST_FILES},
};
use crate::{
    domain::{AttachmentId, AttachmentRef, Borrowed, ConversationId, event::Unkept},
    service::{FileRefused, READ_OF_FILES, Verdict, Wordy, check_file},
    store::StoredFile,
};
use axum::{
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD};

/// Files of a message, on disk.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// All of them, also those that came with the same message before.
    pub(super) all: Vec<AttachmentRef>,
    /// Why others were not kept, though nothing was wrong with how they were sent.
    pub(super) unkept: Vec<Unkept>,
    /// Words in them in which danger is read.
    pub(super) heard: Vec<Borrowed>,
    /// Those that this call brought.
    new: Vec<AttachmentId>,
}

/// Checks the files of a message and puts them on disk, before the message that brings them. Call [`settle`] with what
/// became of the message.
///
/// `whose` is whoever has them looked at, in turn with others.
pub(super) async fn keep(
    app: &App,
    whose: &str,
    inbox: &str,
    sender: &str,
    message: &str,
    files: Vec<FileIn>,
) -> Result<Kept, ApiError> {
    if files.len() > MOST_FILES {
        return Err(ApiError::field(
            "attachments",
            format!("at most {MOST_FILES} files with one message"),
        ));
    }
    let most = app.service.settings.attachment_bytes;
    let mut checked = Vec::with_capacity(files.len());
    for (index, file) in files.into_iter().enumerate() {
        let field = |name: &str| format!("attachments[{index}].{name}");
        let looked_at = move || {
            let content = BASE64_STANDARD.decode(file.content.as_bytes()).ok()?;
            let about = check_file(&file.name, &file.media_type, &content, most);
            Some(about.map(|about| (about, content)))
        };
        let looked_at = app.service.in_turn(whose, looked_at).await;
        let looked_at =
            looked_at.ok_or_else(|| ApiError::field(&field("content"), "this is not base64"))?;
        let (about, content) = looked_at.map_err(|e| {
            let name = match e {
                FileRefused::Name => "name",
                FileRefused::Empty | FileRefused::TooLarge => "content",
                FileRefused::Kind => "media_type",
            };
            let words = match e {
                FileRefused::TooLarge => format!("the file is larger than {} MB", most >> 20),
                other => other.to_string(),
            };
            ApiError::field(&field(name), words)
        })?;
        checked.push((about.named(inbox, sender, message, index), content));
    }
    let (service, mut kept) = (&app.service, Kept::default());
    let mut left = READ_OF_FILES;
    for (about, content) in checked {
        let words = Wordy {
            name: &about.name,
            about: None,
            content: Some(&content),
        };
        kept.heard
            .extend(service.heard_in(whose, words, &mut left).await);
        let verdict = service.scan(&about.media_type, &content).await;
        if let Some(why) = unkept(verdict) {
            kept.unkept.push(why);
            continue;
        }
        let (id, now) = (about.id, service.clock.now());
        let added = if service.has_room_for(content.len()).await? {
            let store = &service.store;
            store.add_file(&about, inbox, sender, &content, now).await
        } else {
            service.metrics.refused("no_room");
            remove(app, &kept.new).await;
            return Err(ApiError::full(
                "attachments",
                "there is no room for more files right now; please send the words alone",
            ));
        };
        match added {
            Ok(true) => kept.new.push(id),
            Ok(false) => {}
            Err(e) => {
                remove(app, &kept.new).await;
                return Err(e.into());
            }
        }
        kept.all.push(about);
    }
    Ok(kept)
}

/// A file that a scanner refuses takes no words along: the person is told, and the desk.
fn unkept(verdict: Verdict) -> Option<Unkept> {
    match verdict {
        Verdict::Clean => None,
        Verdict::Harmful => Some(Unkept::Harmful),
        Verdict::Unknown => Some(Unkept::Unavailable),
    }
}

/// Takes away again what nothing refers to: files of a message that was refused, and those that a repeat brought and
/// the first time had not. `taken` says where in the log the message is, where it was taken.
pub(super) async fn settle(app: &App, kept: Kept, taken: Option<(ConversationId, i64)>) {
    if kept.new.is_empty() {
        return;
    }
    let theirs = match taken {
        None => Vec::new(),
        Some((conversation, position)) => {
            match app.service.store.files_at(conversation, position).await {
                Ok(theirs) => theirs,
                // A file too many is better than one too few.
                Err(_) => return,
            }
        }
    };
    let spare = kept.new.into_iter().filter(|id| !theirs.contains(id));
    remove(app, &spare.collect::<Vec<_>>()).await;
}

async fn remove(app: &App, files: &[AttachmentId]) {
    for id in files {
        if app.service.store.remove_file(*id).await.is_err() {
            tracing::warn!("a file that nothing refers to could not be removed");
        }
    }
}

/// A file as a download, never as something that a browser shows within our pages.
pub(super) fn download(file: StoredFile) -> Response {
    let ascii: String = file
        .about
        .name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ') {
                c
            } else {
                '_'
            }
        })
        .collect();
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{ascii}\""))
        .unwrap_or(HeaderValue::from_static("attachment"));
    let media_type = HeaderValue::from_str(&file.about.media_type)
        .unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let mut response = file.content.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, media_type);
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; sandbox"),
    );
    response
}

/// A file, for agents.
#[utoipa::path(get, path = "/api/v1/attachments/{id}", tag = "desk", params(("id" = String, Path, description = "The file's id")), responses((status = 200, description = "The file, as a download", content_type = "*/*"), (status = 404, description = "There is none", body = super::error::ErrorBody)))]
pub(super) async fn fetch(
    State(app): Shared,
    _caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    let id = id.parse().map_err(|_| ApiError::missing("file"))?;
    app.service
        .store
        .file(id)
        .await?
        .map(download)
        .ok_or_else(|| ApiError::missing("file"))
}
