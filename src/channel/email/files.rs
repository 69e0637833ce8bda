//! What of a mail is a file to whoever reads it.

use super::parts::{File, line};
use mail_parser::{ContentType, Message, MessagePart, MimeHeaders, PartType};

/// Pictures within the text that are smaller, in bytes, are logos and lines.
const LOGO: usize = 16 << 10;

/// A part that is a file to whoever reads the mail.
pub(super) fn file(mail: &Message<'_>, (id, part): (usize, &MessagePart<'_>)) -> Option<File> {
    /// Parts that only programs read.
    const SIGNS: [&str; 5] = [
        "application/pgp-signature",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "application/pgp-encrypted",
        "application/pgp-keys",
    ];
    let id = u32::try_from(id).ok()?;
    let is_body = mail.text_body.contains(&id) || mail.html_body.contains(&id);
    let content = match &part.body {
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => bytes.as_ref(),
        PartType::Text(text) | PartType::Html(text) if !is_body => text.as_bytes(),
        _ => return None,
    };
    let told = part.content_type().map_or_else(String::new, |t| {
        format!("{}/{}", t.ctype(), t.subtype().unwrap_or_default()).to_lowercase()
    });
    if SIGNS.contains(&told.as_str()) {
        return None;
    }
    let attached = part
        .content_disposition()
        .is_some_and(ContentType::is_attachment);
    // A picture that is attached is one, whatever id it has.
    let within = !attached;
    if within && told.starts_with("image/") && content.len() < LOGO {
        return None;
    }
    let media_type = match told.as_str() {
        "image/jpg" | "image/pjpeg" => "image/jpeg".to_owned(),
        "audio/x-m4a" => "audio/m4a".to_owned(),
        "application/x-pdf" => "application/pdf".to_owned(),
        _ => told,
    };
    let name = part.attachment_name().map(line).filter(|n| !n.is_empty());
    // What a mail without a body ends with.
    if content.is_empty() && name.is_none() {
        return None;
    }
    Some(File {
        name: name.unwrap_or_else(|| {
            format!(
                "attachment.{}",
                infer::get(content).map_or("bin", |f| f.extension())
            )
        }),
        media_type,
        content: content.to_vec(),
    })
}
