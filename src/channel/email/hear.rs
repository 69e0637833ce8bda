//! What a mail says: pure, from its bytes.

use super::{
    body::both,
    enclosed::enclosed,
    html,
    known::Known,
    parts::{Bounce, File, header, line, pattern},
    programs::{bounce, is_automatic},
    quotes::{About, Forwarded, cut},
    repair::repaired,
    trust::{Standing, standing},
};
use mail_parser::{Addr, Address, HeaderName, HeaderValue, Message, MessageParser};
use regex::Regex;
use std::sync::LazyLock;

/// A longer text is kept as a file, and its beginning shown, in characters.
pub(super) const LONGEST: usize = 16_000;
/// How many of a thread's Message-IDs are kept.
const THREAD: usize = 12;

/// Our mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    /// Its address, in small letters.
    pub address: String,
    /// The name by which the receiving server signs what it found out.
    pub authserv_id: Option<String>,
}

/// What a mail says, as far as it matters to us.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    /// Nothing that we act on: our own, an automatic answer, or a list's.
    Nothing,
    /// Nobody can tell whose it is.
    Unreadable,
    /// A mail did not reach somebody.
    Bounced(Bounce),
    /// Somebody wrote.
    Said(Box<Said>),
}

/// A mail from a person.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// Their address, in small letters.
    pub sender: String,
    /// Their name, as told.
    pub name: Option<String>,
    /// Whether it is from them.
    pub standing: Standing,
    /// What stands behind the plus in our address, as they wrote to it.
    pub tokens: Vec<String>,
    /// The mail's Message-ID; made from its content where it has none.
    pub id: String,
    /// The Message-IDs of the thread, the oldest first.
    pub thread: Vec<String>,
    /// Its subject, without the marks of answers.
    pub subject: String,
    /// Their own words.
    pub text: String,
    /// The whole of their words, where they are too many to be shown.
    pub whole_text: Option<String>,
    /// Words of an earlier mail that it quotes.
    pub quoted: String,
    /// What of these nobody has heard before.
    pub unknown: String,
    /// Mails that they sent on.
    pub forwarded: Vec<Forwarded>,
    /// Files, also those of mails that were sent on.
    pub files: Vec<File>,
    /// There were more mails within it than are read.
    pub more: bool,
    /// The whole text, as it came.
    body: String,
    /// What its other form says and this does not: hidden, as it were, from whoever reads the text.
    beside: String,
    /// Its subject says that it is sent on.
    sent_on: bool,
    /// Mails that came whole within it.
    enclosed: Vec<Forwarded>,
    /// When it was written, in seconds since 1970.
    pub written: Option<i64>,
    /// How it names its writer's language, where it does.
    pub language: Option<String>,
}

/// What a mail says to that mailbox.
pub fn hear(raw: &[u8], mailbox: &Mailbox) -> Heard {
    let whole = repaired(raw);
    let Some(mail) = MessageParser::default().parse(whole.as_ref()) else {
        return Heard::Unreadable;
    };
    let senders: Vec<_> = mail.from().into_iter().flat_map(Address::iter).collect();
    let sender = senders
        .first()
        .and_then(|f| f.address())
        .map(|a| a.trim().to_lowercase())
        .unwrap_or_default();
    if token_of(&sender, &mailbox.address).is_some() {
        return Heard::Nothing;
    }
    if is_automatic(&mail, &sender) {
        return bounce(&mail, &sender).map_or(Heard::Nothing, Heard::Bounced);
    }
    let Some((_, domain)) = sender
        .rsplit_once('@')
        .filter(|_| email_address::EmailAddress::is_valid(&sender))
    else {
        return Heard::Unreadable;
    };
    let froms = mail
        .headers_raw()
        .filter(|(name, _)| name.eq_ignore_ascii_case("from"));
    // Two headers of senders, and the server may have looked at the other one.
    let standing = match senders.len() * froms.count() {
        1 => standing(mail.headers_raw(), mailbox.authserv_id.as_deref(), domain),
        _ => Standing::Unproven,
    };
    let within = enclosed(&mail);
    let (body, other) = both(&mail);
    let mut said = Said {
        name: senders[0]
            .name()
            .map(line)
            .filter(|n| !n.is_empty() && !n.contains('@')),
        standing,
        tokens: tokens(&mail, &mailbox.address),
        id: mail
            .message_id()
            .map(line)
            .filter(|id| !id.is_empty())
            .unwrap_or_else(|| digest(raw)),
        thread: thread(&mail),
        subject: line(mail.thread_name().unwrap_or_default()),
        text: String::new(),
        whole_text: None,
        quoted: String::new(),
        unknown: String::new(),
        forwarded: Vec::new(),
        files: within.files,
        more: within.more,
        beside: only_in(&other, &body),
        body,
        sent_on: mail.subject().is_some_and(|s| SENT_ON.is_match(s)),
        enclosed: within.mails,
        written: mail.date().map(mail_parser::DateTime::to_timestamp),
        language: header(&mail, "Content-Language").map(|l| line(&l)),
        sender,
    };
    said.take_apart(&Known::default());
    Heard::Said(Box::new(said))
}

impl Said {
    /// By what it is known when it comes twice. Some programs give all their mails the same Message-ID.
    pub(super) fn key(&self) -> String {
        let words = digest(format!("{}\n{}", self.subject, self.body).as_bytes());
        format!("{}:{}:{}", self.sender, self.id, &words[..8])
    }

    /// Tells the writer's own words from those of others, by what was said before.
    pub(super) fn take_apart(&mut self, known: &Known) {
        let parts = cut(
            &self.body,
            About {
                answers: !self.thread.is_empty(),
                sent_on: self.sent_on,
                known,
            },
        );
        self.whole_text = None;
        self.text = parts.own;
        if self.text.chars().count() > LONGEST {
            let beginning = self.text.chars().take(LONGEST).collect();
            self.whole_text = Some(std::mem::replace(&mut self.text, beginning));
        }
        self.quoted = parts.quoted;
        self.unknown = parts.unknown;
        let beside = known.unknown(&self.beside);
        if !beside.is_empty() {
            self.unknown.push('\n');
            self.unknown.push_str(&beside);
        }
        self.forwarded = parts.forwarded.into_iter().collect();
        self.forwarded.extend(self.enclosed.iter().cloned());
    }
}

/// What one form of a text says and the other does not.
fn only_in(one: &str, other: &str) -> String {
    if one.trim().is_empty() {
        return String::new();
    }
    let mut said = Known::default();
    said.add(other);
    said.unknown(one)
}

static SENT_ON: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\s*(?:re:\s*)?(?:fwd?|rv|reenv|tr|wg)\s*:"));

fn digest(raw: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(raw);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes)
        .into_uuid()
        .to_string()
}

/// What stands behind the plus of an address that is ours: empty where there is no plus; none where it is not ours.
fn token_of<'a>(address: &'a str, ours: &str) -> Option<&'a str> {
    let ((local, domain), (own, own_domain)) = (address.rsplit_once('@')?, ours.rsplit_once('@')?);
    let rest = local.strip_prefix(own).filter(|_| domain == own_domain)?;
    if rest.is_empty() {
        return Some("");
    }
    rest.strip_prefix('+')
}

fn tokens(mail: &Message<'_>, ours: &str) -> Vec<String> {
    let wanted = [
        "to",
        "cc",
        "delivered-to",
        "x-original-to",
        "envelope-to",
        "x-envelope-to",
    ];
    let mut found = Vec::new();
    for (name, value) in mail.headers_raw() {
        if !wanted.iter().any(|w| w.eq_ignore_ascii_case(name)) {
            continue;
        }
        let value = html::beginning(value, 1 << 14).to_lowercase();
        let words =
            value.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | ',' | ';' | '"'));
        let theirs = words
            .filter_map(|w| token_of(w, ours))
            .filter(|t| !t.is_empty());
        found.extend(theirs.take(THREAD).map(line));
    }
    found
}

/// The Message-IDs of the thread, the oldest first; the latest are kept.
fn thread(mail: &Message<'_>) -> Vec<String> {
    let ids = |value: &HeaderValue<'_>| match value {
        HeaderValue::Text(id) => vec![line(id)],
        HeaderValue::TextList(ids) => ids.iter().map(|id| line(id)).collect(),
        _ => Vec::new(),
    };
    let mut thread = ids(mail.references());
    for id in ids(mail.in_reply_to()) {
        if !thread.contains(&id) {
            thread.push(id);
        }
    }
    thread.retain(|id| !id.is_empty() && !id.contains(['<', '>', ' ']));
    let first = thread.len().saturating_sub(THREAD);
    thread.split_off(first)
}

/// Whose a mail is, told from its head alone: what comes from one person is handled in order.
pub(super) fn lane(raw: &[u8]) -> String {
    let whole = repaired(raw);
    let mail = MessageParser::default().parse_headers(whole.as_ref());
    let from = mail
        .as_ref()
        .and_then(|m| m.header(HeaderName::From)?.as_address()?.first());
    from.and_then(Addr::address)
        .map(line)
        .unwrap_or_default()
        .to_lowercase()
}

#[cfg(test)]
mod tests;
