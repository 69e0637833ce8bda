//! Mails that came whole within a mail: as a part of it, or as a file. What they say is not the writer's; their files
//! are files.

use super::{
    body::text,
    files::file,
    parts::{File, line},
    quotes::Forwarded,
    repair::repaired,
};
use mail_parser::{Address, Message, MessageParser, MessagePart, MimeHeaders, PartType};

/// How deep mails within mails are read, and how many in all.
const DEEPEST: usize = 3;
const MOST: usize = 8;

/// What came within a mail.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Enclosed {
    /// The mails, the outer ones first.
    pub(super) mails: Vec<Forwarded>,
    /// All files, those of the outermost mail first.
    pub(super) files: Vec<File>,
    /// There was more than is read.
    pub(super) more: bool,
}

/// Everything within a mail that is not its own text.
pub(super) fn enclosed(mail: &Message<'_>) -> Enclosed {
    let mut found = Enclosed::default();
    found.walk(mail, 0);
    found
}

impl Enclosed {
    fn walk(&mut self, mail: &Message<'_>, depth: usize) {
        let mut within = Vec::new();
        for (id, part) in mail.parts.iter().enumerate() {
            match &part.body {
                PartType::Message(inner) => within.push(Inner::Read(inner)),
                PartType::Binary(bytes) | PartType::InlineBinary(bytes) if is_mail(part) => {
                    within.push(Inner::Raw(bytes));
                }
                PartType::Text(text) if is_mail(part) => within.push(Inner::Raw(text.as_bytes())),
                _ => self.files.extend(file(mail, (id, part))),
            }
        }
        for inner in within {
            match inner {
                Inner::Read(inner) => self.mail(inner, depth),
                Inner::Raw(raw) => {
                    let raw = repaired(raw);
                    match MessageParser::default().parse(raw.as_ref()) {
                        Some(inner) => self.mail(&inner, depth),
                        None => self.more = true,
                    }
                }
            }
        }
    }

    fn mail(&mut self, mail: &Message<'_>, depth: usize) {
        if depth >= DEEPEST || self.mails.len() >= MOST {
            self.more = true;
            return;
        }
        self.mails.push(forwarded(mail));
        self.walk(mail, depth + 1);
    }
}

enum Inner<'a> {
    Read(&'a Message<'a>),
    Raw(&'a [u8]),
}

/// Whether a part is a mail that came as a file.
fn is_mail(part: &MessagePart<'_>) -> bool {
    let named = part.attachment_name().is_some_and(|n| {
        let n = n.trim_end();
        n.len() > 4
            && n.is_char_boundary(n.len() - 4)
            && n[n.len() - 4..].eq_ignore_ascii_case(".eml")
    });
    named || part.is_content_type("message", "rfc822") || part.is_content_type("message", "global")
}

/// What a mail says that was passed on: its subject where its text lacks it, and its text.
fn forwarded(mail: &Message<'_>) -> Forwarded {
    let from = mail.from().and_then(Address::first).map(|f| {
        let (name, address) = (
            f.name().unwrap_or_default(),
            f.address().unwrap_or_default(),
        );
        line(format!("{name} {address}").trim())
    });
    let (subject, words) = (line(mail.subject().unwrap_or_default()), text(mail));
    let words = words.trim();
    let text = if words.contains(&subject) {
        words.to_owned()
    } else {
        format!("{subject}\n\n{words}").trim().to_owned()
    };
    Forwarded { from, text }
}
