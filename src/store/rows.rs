//! Rows as they travel: one JSON array a statement.

use crate::domain::{
    AttachmentRef, Author, Choice, Conversation, ConversationId, Message, Timestamp, ids::MessageId,
};
use serde::{Deserialize, Serialize};
use sqlx::{Row, any::AnyRow};

use super::{StoreError, sealing, words::who};

/// What of a message is not searched by: kept as one document.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Extra {
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub(super) whisper: bool,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub(super) mentions: Vec<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub(super) emergency: bool,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub(super) choices: Vec<Choice>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub(super) attachments: Vec<AttachmentRef>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub(super) borrowed: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct EventRow<'a> {
    pub(super) p: i64,
    pub(super) c: ConversationId,
    pub(super) t: i64,
    pub(super) k: &'a str,
    pub(super) d: Option<&'a str>,
    pub(super) b: String,
    pub(super) o: String,
}

#[derive(Serialize)]
pub(super) struct MessageRow<'a> {
    pub(super) c: ConversationId,
    pub(super) p: i64,
    pub(super) i: MessageId,
    pub(super) a: &'a str,
    pub(super) g: Option<&'a str>,
    pub(super) x: String,
    pub(super) e: Option<String>,
    pub(super) t: i64,
}

#[derive(Serialize)]
pub(super) struct ConversationRow<'a> {
    pub(super) i: ConversationId,
    pub(super) n: &'a str,
    pub(super) s: &'a str,
    pub(super) u: &'a str,
    pub(super) h: Option<String>,
    pub(super) r: Option<&'a str>,
    pub(super) m: Option<&'a str>,
    pub(super) w: String,
    pub(super) b: String,
    pub(super) t: i64,
}

impl<'a> ConversationRow<'a> {
    pub(super) fn of(c: &'a Conversation) -> Self {
        Self {
            i: c.id,
            n: &c.inbox,
            s: &c.sender,
            u: c.status.name(),
            h: c.holder.as_ref().map(|h| h.id.to_string()),
            r: c.complaint
                .as_ref()
                .map(crate::domain::complaint::Reference::as_str),
            m: team(c),
            w: who(c, sealing::is_on()),
            b: sealing::close("conversation", &c.id.to_string(), json(c)),
            t: c.changed.0,
        }
    }
}

/// The team in whose queue it is.
pub(super) fn team(c: &Conversation) -> Option<&str> {
    c.queue.as_ref().map(|q| q.team.as_str())
}

/// JSON of our own plain data. The character NUL is written as the one for what cannot be shown: Postgres keeps none,
/// `SQLite` ends a text at it, and no writing system has it.
pub(super) fn json<T: Serialize>(value: &T) -> String {
    let text = serde_json::to_string(value).expect("plain data always has a JSON form");
    if text.contains("\\u0000") {
        without_nul(&text)
    } else {
        text
    }
}

/// JSON with `\ufffd` in the place of each `\u0000`; a backslash that somebody wrote is no beginning of one.
fn without_nul(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        // A backslash and what it gives a meaning, which is of ASCII.
        let (escape, after) = match rest.strip_prefix("\\u0000") {
            Some(after) => ("\\ufffd", after),
            None => rest.split_at(2),
        };
        out.push_str(escape);
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Words of the message of that id, from what is kept.
pub(super) fn read_text(id: &str, kept: &str) -> Result<String, StoreError> {
    sealing::open("message", id, kept).map(std::borrow::Cow::into_owned)
}

/// What is kept beside a message's words.
pub(super) fn read_extra(id: &str, kept: &str) -> Result<Extra, StoreError> {
    let text = sealing::open("extra", id, kept)?;
    serde_json::from_str(&text).map_err(StoreError::document("message"))
}

/// The answers that a message of the bot offers, from what is kept beside its words: that is never closed.
pub(super) fn choices(extra: &str) -> Result<Vec<Choice>, StoreError> {
    Ok(read_extra("", extra)?.choices)
}

/// The columns that [`message`] reads, of `messages m`.
macro_rules! columns {
    () => {
        "m.position, m.id, m.author, m.agent, m.text, m.extra, m.at, m.edited, m.erased, m.removed"
    };
}
pub(super) use columns;

/// A message as it is read back, with what became of it.
pub(super) struct Read {
    pub(super) position: i64,
    pub(super) message: Message,
    pub(super) edited: bool,
    pub(super) erased: bool,
    pub(super) removed: bool,
}

/// Reads a message. Erased ones keep their place without their words.
pub(super) fn message(row: &AnyRow) -> Result<Read, StoreError> {
    let is = |column: &str| Ok::<bool, StoreError>(row.try_get::<i64, _>(column)? != 0);
    let erased = is("erased")?;
    let id: String = row.try_get("id")?;
    let extra: Option<String> = row.try_get("extra")?;
    let extra: Extra = match extra.filter(|_| !erased) {
        Some(text) => read_extra(&id, &text)?,
        None => Extra::default(),
    };
    let author: String = row.try_get("author")?;
    let message = Message {
        id: id
            .parse()
            .map_err(|_| StoreError::Refused("a message's id is no UUID".to_owned()))?,
        from: Author::from_name(&author)
            .ok_or_else(|| StoreError::Refused("a message's author is unknown".to_owned()))?,
        agent: row.try_get("agent")?,
        text: if erased {
            String::new()
        } else {
            read_text(&id, row.try_get("text")?)?
        },
        whisper: extra.whisper,
        mentions: extra.mentions,
        emergency: extra.emergency,
        choices: extra.choices,
        attachments: extra.attachments,
        borrowed: extra.borrowed,
        at: Timestamp(row.try_get("at")?),
    };
    Ok(Read {
        position: row.try_get("position")?,
        message,
        edited: is("edited")?,
        erased,
        removed: is("removed")?,
    })
}

#[derive(Serialize)]
pub(super) struct OutRow<'a> {
    pub(super) c: ConversationId,
    pub(super) p: i64,
    pub(super) m: String,
    pub(super) n: &'a str,
    pub(super) t: i64,
}

#[derive(Serialize)]
pub(super) struct EditRow {
    pub(super) c: ConversationId,
    pub(super) m: String,
    pub(super) x: String,
    pub(super) t: i64,
}

/// Statements to be run together, each with its rows as one JSON array.
#[derive(Default)]
pub(super) struct Writes(pub(super) Vec<(&'static str, String)>);

impl Writes {
    /// One more statement; for no rows, none.
    pub(super) fn put<T: Serialize>(&mut self, text: &'static str, rows: &[T]) {
        if !rows.is_empty() {
            self.0.push((text, json(&rows)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_kept_holds_a_nul() {
        for (text, kept) in [
            ("a\0b\0", "a\u{fffd}b\u{fffd}"),
            ("\\u0000", "\\u0000"),
            ("\\\0é\"", "\\\u{fffd}é\""),
        ] {
            let read: String = serde_json::from_str(&json(&text)).expect("JSON");
            assert_eq!(read, kept);
            let twice: String = serde_json::from_str(&json(&json(&text))).expect("JSON");
            assert_eq!(twice, json(&text), "also as a text within a text");
        }
    }
}
