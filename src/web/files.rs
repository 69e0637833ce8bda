//! Files: checked by type and size on the way in, downloads on the way out.

use super::{
    App, Shared,
    auth::Caller,
    error::ApiError,
    shapes::{FileIn, LONGEST_NAME, MOST_FILES},
};
use crate::{
    domain::{AttachmentId, AttachmentRef},
    store::StoredFile,
};
use axum::{
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};

/// What is taken. Nothing that a browser would run.
const TAKEN: &[&str] = &[
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/webp",
    "image/heic",
    "application/pdf",
    "text/plain",
    "audio/ogg",
    "audio/mpeg",
    "audio/m4a",
    "audio/mp4",
    "audio/webm",
    "video/mp4",
    "video/webm",
    "video/quicktime",
];

/// Checks the files of a message and puts them on disk, before the message that brings them.
pub(super) async fn keep(
    app: &App,
    inbox: &str,
    sender: &str,
    message: &str,
    files: Vec<FileIn>,
) -> Result<Vec<AttachmentRef>, ApiError> {
    if files.len() > MOST_FILES {
        return Err(ApiError::field(
            "attachments",
            format!("at most {MOST_FILES} files with one message"),
        ));
    }
    let mut kept = Vec::with_capacity(files.len());
    let mut checked = Vec::with_capacity(files.len());
    for (index, file) in files.into_iter().enumerate() {
        let field = |name: &str| format!("attachments[{index}].{name}");
        let name = clean_name(&file.name).ok_or_else(|| {
            ApiError::field(
                &field("name"),
                "the file needs a name of at most 200 characters",
            )
        })?;
        let content = BASE64_STANDARD
            .decode(file.content.as_bytes())
            .map_err(|_| ApiError::field(&field("content"), "this is not base64"))?;
        if content.is_empty() {
            return Err(ApiError::field(&field("content"), "the file is empty"));
        }
        let most = app.service.settings.attachment_bytes;
        if content.len() > most {
            return Err(ApiError::field(
                &field("content"),
                format!("the file is larger than {} MB", most >> 20),
            ));
        }
        let declared = file
            .media_type
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_lowercase();
        let media_type = actual_type(&declared, &content).ok_or_else(|| ApiError::field(&field("media_type"), "we take pictures, PDF, plain text, sound and video, and the content must be what it says"))?;
        checked.push((index, name, media_type, content));
    }
    for (index, name, media_type, content) in checked {
        let about = AttachmentRef {
            id: file_id(inbox, sender, message, index),
            name,
            media_type,
            size: content.len() as u64,
        };
        app.service
            .store
            .add_file(&about, inbox, sender, &content, app.service.clock.now())
            .await?;
        kept.push(about);
    }
    Ok(kept)
}

/// The same file of the same message has the same id, so that a repeat is not kept twice.
fn file_id(inbox: &str, sender: &str, message: &str, index: usize) -> AttachmentId {
    let digest = Sha256::digest(format!("{inbox}\0{sender}\0{message}\0{index}").as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    AttachmentId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

fn clean_name(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let clean: String = last
        .chars()
        .filter(|c| {
            !c.is_control() && !matches!(c, '"' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        })
        .collect();
    let clean = clean.trim().trim_start_matches('.').to_owned();
    (!clean.is_empty() && clean.chars().count() <= LONGEST_NAME).then_some(clean)
}

/// The type that the bytes have, where it is taken and is the declared one (of the same family).
fn actual_type(declared: &str, content: &[u8]) -> Option<String> {
    if !TAKEN.contains(&declared) {
        return None;
    }
    match infer::get(content) {
        Some(found) => {
            let family = |t: &str| t.split('/').next().unwrap_or_default().to_owned();
            let containers = matches!(family(declared).as_str(), "audio" | "video")
                && matches!(family(found.mime_type()).as_str(), "audio" | "video");
            (found.mime_type() == declared
                || family(found.mime_type()) == family(declared) && family(declared) == "image"
                || containers)
                .then(|| {
                    if containers {
                        declared.to_owned()
                    } else {
                        found.mime_type().to_owned()
                    }
                })
        }
        None => (declared == "text/plain"
            && std::str::from_utf8(content).is_ok_and(|t| !t.contains('\0')))
        .then(|| declared.to_owned()),
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
#[utoipa::path(get, path = "/api/v1/attachments/{id}", tag = "desk", params(("id" = String, Path, description = "The file's id")), responses((status = 200, description = "The file, as a download", content_type = "application/octet-stream"), (status = 404, description = "There is none", body = super::error::ErrorBody)))]
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_must_be_what_it_says() {
        let png = b"\x89PNG\r\n\x1a\n0000";
        assert_eq!(actual_type("image/png", png).as_deref(), Some("image/png"));
        assert_eq!(
            actual_type("image/jpeg", png).as_deref(),
            Some("image/png"),
            "a picture under another picture's name is told by its bytes"
        );
        assert_eq!(actual_type("application/pdf", png), None);
        assert_eq!(actual_type("text/html", b"<html>"), None);
        assert_eq!(actual_type("image/svg+xml", b"<svg/>"), None);
        assert_eq!(actual_type("text/plain", b"MZ\x90\0\x03"), None);
    }

    #[test]
    fn a_name_brings_no_path_and_no_tricks() {
        assert_eq!(clean_name("../../etc/passwd").as_deref(), Some("passwd"));
        assert_eq!(
            clean_name("a\u{202e}gpj.exe\n").as_deref(),
            Some("agpj.exe")
        );
        assert_eq!(clean_name("..."), None);
    }
}
