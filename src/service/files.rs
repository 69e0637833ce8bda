//! Files that come in: what is taken, by type and size.

use super::{
    file_name::{clean_name, file_name},
    file_words::text_of,
    office::{DOCX, ODT, XLSX, office_type},
};
use crate::domain::{AttachmentId, AttachmentRef};
use sha2::{Digest, Sha256};

const TEXT: &str = "text/plain";

/// What is taken. Nothing that a browser would run.
const TAKEN: &[&str] = &[
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/webp",
    "image/heic",
    "image/heif",
    "application/pdf",
    DOCX,
    XLSX,
    ODT,
    TEXT,
    "audio/ogg",
    "audio/mpeg",
    "audio/m4a",
    "audio/mp4",
    "audio/webm",
    "video/mp4",
    "video/webm",
    "video/quicktime",
];

/// What is said of a file by whoever does not know its type: its bytes alone decide then.
const UNKNOWN: &[&str] = &["", "application/octet-stream"];

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileRefused {
    /// The name is empty or too long.
    #[error("a file's name needs 1 to 200 characters, without a path")]
    Name,
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// It is too large.
    #[error("the file is too large")]
    TooLarge,
    /// It is of a type that we do not take, or not what it says.
    #[error(
        "we take pictures, PDF, office documents without macros, plain text, sound and video, and the content must be what it says"
    )]
    Kind,
}

/// A file that may be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedFile {
    name: String,
    media_type: String,
    size: u64,
}

impl CheckedFile {
    /// Its type, as its bytes tell it.
    pub fn media_type(&self) -> &str {
        &self.media_type
    }

    /// As it is referred to. The same file of the same message has the same id, so that a repeat is not kept twice.
    pub fn named(self, inbox: &str, sender: &str, message: &str, index: usize) -> AttachmentRef {
        let digest = Sha256::digest(format!("{inbox}\0{sender}\0{message}\0{index}").as_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        AttachmentRef {
            id: AttachmentId(uuid::Builder::from_custom_bytes(bytes).into_uuid()),
            name: self.name,
            media_type: self.media_type,
            size: self.size,
        }
    }
}

/// Whether a file may be kept, at most `most` bytes large.
///
/// # Errors
/// See [`FileRefused`].
pub fn check_file(
    name: &str,
    declared: &str,
    content: &[u8],
    most: usize,
) -> Result<CheckedFile, FileRefused> {
    let name = clean_name(name).ok_or(FileRefused::Name)?;
    if content.is_empty() {
        return Err(FileRefused::Empty);
    }
    if content.len() > most {
        return Err(FileRefused::TooLarge);
    }
    let declared = declared.split(';').next().unwrap_or_default();
    let mut declared = declared.trim().to_lowercase();
    if UNKNOWN.contains(&declared.as_str()) && is_named_as_text(&name) {
        let other = infer::get(content).is_some() || office_type(content).is_some();
        declared = if other { declared } else { TEXT.to_owned() };
    }
    let media_type = actual_type(&declared, content).ok_or(FileRefused::Kind)?;
    Ok(CheckedFile {
        name: file_name(&name, &media_type),
        media_type,
        size: content.len() as u64,
    })
}

/// The type that the bytes have, where it is taken and is the declared one (of the same family).
fn actual_type(declared: &str, content: &[u8]) -> Option<String> {
    if let Some(office) = office_type(content) {
        let fits = declared == office || UNKNOWN.contains(&declared);
        return fits.then(|| office.to_owned());
    }
    if UNKNOWN.contains(&declared) {
        let found = infer::get(content)?.mime_type();
        return TAKEN.contains(&found).then(|| found.to_owned());
    }
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
        None => (declared == TEXT && text_of(content).is_some()).then(|| declared.to_owned()),
    }
}

/// Whether its name says that it is plain text: some programs do not tell its type.
fn is_named_as_text(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    ending.is_some_and(|e| e.eq_ignore_ascii_case("txt"))
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
        let latin = b"me grit\xf3 la enfermera";
        assert_eq!(actual_type(TEXT, latin).as_deref(), Some(TEXT));
        let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic";
        for declared in ["image/heic", "image/heif", "", "application/octet-stream"] {
            let found = actual_type(declared, heic);
            assert_eq!(found.as_deref(), Some("image/heif"), "{declared}");
        }
        assert_eq!(actual_type("", b"MZ\x90\0\x03"), None);
        assert_eq!(actual_type(DOCX, b"PK\x03\x04 no document"), None);
    }

    #[test]
    fn plain_text_of_which_nobody_tells_the_type_is_known_by_its_name() {
        let kept = |name: &str, content: &[u8]| {
            let kept = check_file(name, "application/octet-stream", content, 100);
            kept.map(|k| k.media_type)
        };
        assert_eq!(kept("note.TXT", b"she shouted").as_deref(), Ok(TEXT));
        assert_eq!(kept("note.txt", b"MZ\x90\0\x03"), Err(FileRefused::Kind));
        assert_eq!(kept("note.bin", b"she shouted"), Err(FileRefused::Kind));
        let png = b"\x89PNG\r\n\x1a\n0000";
        assert_eq!(kept("note.txt", png).as_deref(), Ok("image/png"));
    }
}
