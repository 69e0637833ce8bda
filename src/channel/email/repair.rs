//! Mails that are not written as they should be: boundaries that are missing, letters that nobody declared. People
//! cannot help what their programs do, so their words are read all the same.

use mail_parser::{
    Encoding, Message, MessagePart, MimeHeaders, PartType,
    decoders::{
        base64::base64_decode, charsets::map::charset_decoder,
        quoted_printable::quoted_printable_decode,
    },
};
use std::{borrow::Cow, ops::Range};

/// More boundaries than these are not looked for.
const BOUNDARIES: usize = 64;
/// The longest boundary, in bytes; the standard allows 70.
const LONGEST_BOUNDARY: usize = 200;
/// How often a mail is mended: what was found to be its boundary may have no end either.
const TIMES: u8 = 2;

/// What divides the parts of a mail.
struct Boundary {
    name: Vec<u8>,
    seen: bool,
    closed: bool,
}

/// What a walk over the lines of a mail finds out.
#[derive(Default)]
struct Walk {
    out: Vec<u8>,
    boundaries: Vec<Boundary>,
    /// Where the mail's own `Content-Type` stands in `out`, and what it says.
    own_type: Option<(Range<usize>, Vec<u8>)>,
    /// A line in the body that could be a boundary, and is followed by the head of a part.
    guess: Option<Vec<u8>>,
    changed: bool,
}

/// A mail whose head is UTF-8, and whose parts have an end.
pub(super) fn repaired(raw: &[u8]) -> Cow<'_, [u8]> {
    let begins = raw.iter().position(|b| !matches!(b, b'\r' | b'\n'));
    let mut mail = Cow::Borrowed(&raw[begins.unwrap_or(raw.len())..]);
    if !mail.contains(&b'\n') && mail.contains(&b'\r') {
        // Lines as old programs ended them.
        mail.to_mut()
            .iter_mut()
            .filter(|b| **b == b'\r')
            .for_each(|b| *b = b'\n');
    }
    for _ in 0..TIMES {
        let Some(mended) = mended(&mail) else { break };
        mail = Cow::Owned(mended);
    }
    mail
}

/// The mail as it should be; none where it is so already.
fn mended(raw: &[u8]) -> Option<Vec<u8>> {
    let mut walk = Walk::default();
    walk.go(raw);
    let own = walk.own_type.take();
    let is_multipart = |value: &[u8]| {
        let kind = value.trim_ascii_start().to_ascii_lowercase();
        // What a report is about is told by its type.
        kind.starts_with(b"multipart/") && !kind.starts_with(b"multipart/report")
    };
    if let Some((range, value)) = own
        && is_multipart(&value)
        && !boundary_of(&value).is_some_and(|name| walk.has_seen(&name))
    {
        let line = match walk.guess.take() {
            Some(name) => [
                b"Content-Type: multipart/mixed; boundary=\"",
                name.as_slice(),
                b"\"\r\n",
            ]
            .concat(),
            None if is_html(raw) => b"Content-Type: text/html\r\n".to_vec(),
            None => b"Content-Type: text/plain\r\n".to_vec(),
        };
        walk.out.splice(range, line);
        walk.changed = true;
    }
    for boundary in walk.boundaries.iter().rev().filter(|b| b.seen && !b.closed) {
        walk.out.extend(b"\r\n--");
        walk.out.extend(&boundary.name);
        walk.out.extend(b"--\r\n");
        walk.changed = true;
    }
    walk.changed.then_some(walk.out)
}

fn is_html(raw: &[u8]) -> bool {
    let text = raw.to_ascii_lowercase();
    text.windows(6).any(|w| w == b"<html>" || w == b"<body>")
}

impl Walk {
    fn go(&mut self, raw: &[u8]) {
        let (mut in_head, mut first) = (true, true);
        // The header being read: its name and value so far, and where it began in `out`.
        let mut header: Option<(bool, Vec<u8>, usize)> = None;
        let mut kind: Vec<u8> = Vec::new();
        let mut last_dashes: Option<Vec<u8>> = None;
        for line in raw.split_inclusive(|b| *b == b'\n') {
            let bare = line.trim_ascii_end();
            if !in_head {
                self.guess_by(bare, &mut last_dashes);
                in_head = self.begins_part(bare);
                self.out.extend(line);
                kind.clear();
                continue;
            }
            let folded = line.starts_with(b" ") || line.starts_with(b"\t");
            if !folded && let Some((true, value, from)) = header.take() {
                if let Some(name) = boundary_of(&value) {
                    self.add(name);
                }
                if first {
                    self.own_type = Some((from..self.out.len(), value.clone()));
                }
                kind = value.trim_ascii_start().to_ascii_lowercase();
            }
            if bare.is_empty() {
                self.out.extend(line);
                header = None;
                // A mail within the mail begins with a head of its own.
                in_head = !first && kind.starts_with(b"message/rfc822");
                (first, kind) = (false, Vec::new());
                continue;
            }
            match &mut header {
                Some((_, value, _)) if folded => value.extend(bare),
                _ => {
                    let is_type =
                        bare.len() > 13 && bare[..13].eq_ignore_ascii_case(b"content-type:");
                    let value = if is_type {
                        bare[13..].to_vec()
                    } else {
                        Vec::new()
                    };
                    header = Some((is_type, value, self.out.len()));
                }
            }
            if std::str::from_utf8(line).is_ok() {
                self.out.extend(line);
            } else {
                self.out.extend(letters(line).into_bytes());
                self.changed = true;
            }
        }
    }

    fn add(&mut self, name: Vec<u8>) {
        let known = self.boundaries.iter().any(|b| b.name == name);
        if !known && self.boundaries.len() < BOUNDARIES {
            self.boundaries.push(Boundary {
                name,
                seen: false,
                closed: false,
            });
        }
    }

    fn has_seen(&self, name: &[u8]) -> bool {
        self.boundaries.iter().any(|b| b.name == name && b.seen)
    }

    /// Whether a line of the body is a boundary after which the head of a part comes.
    fn begins_part(&mut self, line: &[u8]) -> bool {
        let Some(rest) = line.strip_prefix(b"--") else {
            return false;
        };
        for boundary in self.boundaries.iter_mut().rev() {
            match rest.strip_prefix(boundary.name.as_slice()) {
                Some(b"") => {
                    boundary.seen = true;
                    boundary.closed = false;
                    return true;
                }
                Some(b"--") => {
                    boundary.closed = true;
                    return false;
                }
                _ => {}
            }
        }
        false
    }

    /// Remembers what looks like a boundary that nobody declared.
    fn guess_by(&mut self, line: &[u8], last: &mut Option<Vec<u8>>) {
        let head = line.len() > 8 && line[..8].eq_ignore_ascii_case(b"content-");
        if head && self.guess.is_none() {
            self.guess.clone_from(last);
        }
        let name = line.strip_prefix(b"--").filter(|n| {
            (1..=LONGEST_BOUNDARY).contains(&n.len())
                && n.iter().all(|b| b.is_ascii_graphic() && *b != b'"')
        });
        *last = name.map(<[u8]>::to_vec);
    }
}

/// The boundary that a `Content-Type` names.
fn boundary_of(value: &[u8]) -> Option<Vec<u8>> {
    let lower = value.to_ascii_lowercase();
    let at = lower.windows(9).position(|w| w == b"boundary=")? + 9;
    let rest = value[at..].trim_ascii_start();
    let name = match rest.strip_prefix(b"\"") {
        Some(quoted) => quoted.split(|b| *b == b'"').next()?,
        None => rest
            .split(|b| *b == b';' || b.is_ascii_whitespace())
            .next()?,
    };
    (!name.is_empty() && name.len() <= LONGEST_BOUNDARY).then(|| name.to_vec())
}

/// Bytes as text: UTF-8 where they are, else as Windows-1252, which Latin-1 is a part of.
pub(super) fn letters(bytes: &[u8]) -> String {
    let western = charset_decoder(b"windows-1252");
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        match western {
            Some(decode) if !chunk.invalid().is_empty() => text.push_str(&decode(chunk.invalid())),
            _ => {}
        }
    }
    text
}

/// What is said of letters by programs that do not know which ones they write.
const WESTERN: [&str; 10] = [
    "us-ascii",
    "ascii",
    "ansi_x3.4-1968",
    "utf-8",
    "utf8",
    "iso-8859-1",
    "latin1",
    "windows-1252",
    "cp1252",
    "unknown-8bit",
];

/// The words of a text part, whatever it says of its letters.
pub(super) fn words<'a>(mail: &'a Message<'_>, part: &'a MessagePart<'_>) -> Option<Cow<'a, str>> {
    let (PartType::Text(told) | PartType::Html(told)) = &part.body else {
        return None;
    };
    let told = Cow::Borrowed(told.as_ref());
    let charset = part.content_type().and_then(|t| t.attribute("charset"));
    let known = charset.is_some_and(|c| {
        let western = WESTERN.iter().any(|w| w.eq_ignore_ascii_case(c.trim()));
        !western && charset_decoder(c.as_bytes()).is_some()
    });
    if told.is_ascii() || known {
        return Some(told);
    }
    let range = part.offset_body as usize..part.offset_end as usize;
    let Some(raw) = mail.raw_message.get(range) else {
        return Some(told);
    };
    let decoded = match part.encoding {
        Encoding::None => Some(raw.to_vec()),
        Encoding::Base64 => base64_decode(raw),
        Encoding::QuotedPrintable => quoted_printable_decode(raw),
    };
    Some(decoded.map_or(told, |bytes| Cow::Owned(letters(&bytes))))
}

#[cfg(test)]
mod tests;
