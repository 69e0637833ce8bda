//! Gateway events, as far as they matter to us.

use super::{
    raw::{self, File, each, part},
    readable::readable,
};
use crate::domain::{
    Borrowed, BorrowedHow, Timestamp,
    event::{Command, Unkept},
};

use serde_json::Value;

/// What an event says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Nothing that we act on.
    Nothing,
    /// An event of a kind that we act on, but nobody can make it out.
    Unreadable,
    /// Somebody wrote.
    Said(Said),
    /// Somebody changed what they had written; the time tells one change from another.
    Edited(Said, String),
    /// Messages were taken away.
    Deleted(Deleted),
    /// Somebody used a command, pressed a button, chose or sent a form.
    Acted(Acted),
    /// Somebody put a sign on a message, or took it away.
    Reacted(Reacted),
    /// How threads stand.
    Threads(Vec<Thread>),
}

/// A sign on a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reacted {
    /// Where.
    pub channel: u64,
    /// On which message.
    pub message: u64,
    /// Whether others may read along there.
    pub in_guild: bool,
    /// Whose sign it is.
    pub user: u64,
    /// The sign.
    pub sign: String,
    /// It is gone again: taken away by them, or in a server by a moderator.
    pub withdrawn: bool,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Its id.
    pub message: u64,
    /// Where.
    pub channel: u64,
    /// Whether others may read along there.
    pub in_guild: bool,
    /// Who.
    pub author: u64,
    /// Their name.
    pub name: Option<String>,
    /// Their words.
    pub text: String,
    /// Words of others that came with it.
    pub borrowed: Vec<Borrowed>,
    /// When it was written.
    pub written: Option<Timestamp>,
    /// It is of a kind that we cannot take.
    pub unkept: Option<Unkept>,
    /// Files.
    pub files: Vec<File>,
}

/// Messages that were taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deleted {
    /// Where.
    pub channel: u64,
    /// Which.
    pub messages: Vec<u64>,
    /// Whether the writer took them back. Known in a direct message alone: in a server Discord does not tell who did
    /// it.
    pub by_writer: bool,
    /// Whether others may do so there.
    pub in_guild: bool,
}

/// A thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thread {
    /// Its id.
    pub id: u64,
    /// The channel that it belongs to.
    pub parent: Option<u64>,
    /// Who opened it, where Discord tells it.
    pub owner: Option<u64>,
    /// Nothing can be written there any more: it is locked.
    pub locked: bool,
    /// It was deleted.
    pub gone: bool,
}

/// A command, button, choice or form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acted {
    /// Its id.
    pub id: u64,
    /// The bot's application: with the token, where further answers go.
    pub application: u64,
    /// What it is answered by.
    pub token: String,
    /// Where.
    pub channel: u64,
    /// Whether others may read along there.
    pub in_guild: bool,
    /// The message with the button is shown to this person alone.
    pub ephemeral: bool,
    /// Who.
    pub user: u64,
    /// Their name.
    pub name: Option<String>,
    /// Their locale.
    pub locale: Option<String>,
    /// What they did.
    pub act: Act,
}

impl Acted {
    /// Their language, as in `en`; empty where Discord does not tell it.
    pub(super) fn language(&self) -> &str {
        let locale = self.locale.as_deref().unwrap_or_default();
        locale.split(['-', '_']).next().unwrap_or_default()
    }
}

/// What somebody did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// A command, with what was said with it.
    Command(Command, String),
    /// A button or menu: the value.
    Choice(String),
    /// The form for a complaint: the words.
    Form(String),
}

/// The form's name, by which it comes back.
pub(super) const FORM: &str = "form:complain";
/// A flag of a message that only one person sees.
const EPHEMERAL: u64 = 64;
/// A plain message, and a reply to one. All other types are said by nobody: "joined", "pinned a message".
const SPOKEN: [u64; 2] = [0, 19];

/// What an event of that name says. Never panics, whatever it is given.
pub fn hear(name: &str, content: &Value) -> Heard {
    let made_out = |heard: Option<Heard>| heard.unwrap_or(Heard::Unreadable);
    match name {
        "MESSAGE_CREATE" => made_out(
            part::<raw::Message>(content).map(|m| said(m).map_or(Heard::Nothing, Heard::Said)),
        ),
        "MESSAGE_UPDATE" => made_out(part::<raw::Message>(content).map(|m| {
            // Without the time of a change it is Discord's own doing: a preview of a link.
            let edited = m.edited_timestamp.clone().filter(|_| m.content.is_some());
            match (said(m), edited) {
                (Some(said), Some(at)) => Heard::Edited(said, at),
                _ => Heard::Nothing,
            }
        })),
        "MESSAGE_DELETE" => made_out(part::<raw::Deleted>(content).map(|d| {
            Heard::Deleted(Deleted {
                channel: d.channel_id.0,
                messages: vec![d.id.0],
                by_writer: d.guild_id.is_none() && !d.by_other,
                in_guild: d.guild_id.is_some() || d.by_other,
            })
        })),
        "MESSAGE_DELETE_BULK" => made_out(part::<raw::DeletedMany>(content).map(|d| {
            Heard::Deleted(Deleted {
                channel: d.channel_id.0,
                messages: d.ids.iter().map(|id| id.0).collect(),
                by_writer: false,
                in_guild: true,
            })
        })),
        "INTERACTION_CREATE" => made_out(
            part::<raw::Interaction>(content)
                .map(|i| acted(i).map_or(Heard::Nothing, Heard::Acted)),
        ),
        "MESSAGE_REACTION_ADD" => made_out(reacted(content, false)),
        "MESSAGE_REACTION_REMOVE" => made_out(reacted(content, true)),
        "THREAD_CREATE" | "THREAD_UPDATE" => threads(part(content).into_iter(), false),
        "THREAD_DELETE" => threads(part(content).into_iter(), true),
        "THREAD_LIST_SYNC" | "GUILD_CREATE" => {
            threads(each(&content["threads"]).into_iter(), false)
        }
        _ => Heard::Nothing,
    }
}

fn threads(all: impl Iterator<Item = raw::Thread>, gone: bool) -> Heard {
    let seen = |thread: raw::Thread| Thread {
        id: thread.id.0,
        parent: thread.parent_id.map(|p| p.0),
        owner: thread.owner_id.map(|o| o.0),
        locked: thread.state.is_some_and(|m| m.locked),
        gone,
    };
    Heard::Threads(all.map(seen).collect())
}

fn reacted(content: &Value, withdrawn: bool) -> Option<Heard> {
    let r: raw::Reaction = part(content)?;
    let sign = match (r.emoji.id, r.emoji.name) {
        (None, Some(emoji)) => emoji,
        // One of a server's own.
        (Some(_), Some(name)) => format!(":{name}:"),
        (_, None) => "…".to_owned(),
    };
    Some(Heard::Reacted(Reacted {
        channel: r.channel_id.0,
        message: r.message_id.0,
        in_guild: r.guild_id.is_some(),
        user: r.user_id.0,
        sign,
        withdrawn,
    }))
}

fn said(m: raw::Message) -> Option<Said> {
    let author = m.author?;
    if author.bot || author.system || m.webhook_id.is_some() || !SPOKEN.contains(&m.kind) {
        return None;
    }
    let words = m.content.unwrap_or_default();
    let words = readable(&words, &m.mentions, &m.mention_channels);
    let texts = std::iter::once(words).chain(poll(&m.poll));
    let texts: Vec<String> = texts.filter(|t| !t.is_empty()).collect();
    let text = texts.join("\n\n");
    let mut files: Vec<File> = each(&m.attachments);
    let mut borrowed = Vec::new();
    for wrapped in m.snapshots.as_array().into_iter().flatten() {
        let Some(forwarded) = part::<raw::Snapshot>(&wrapped["message"]) else {
            continue;
        };
        // Without a word it is somebody else's all the same.
        let words = passed_on(&forwarded);
        borrowed.push(Borrowed::new(BorrowedHow::Forwarded, None, words));
        files.extend(each::<File>(&forwarded.attachments));
    }
    let answered = part::<raw::Referenced>(&m.answered);
    if let Some(answered) = answered {
        let from = answered.author.as_ref().and_then(raw::User::name);
        let own = answered.content.filter(|w| !w.is_empty());
        // A message that was passed on has its words within.
        let within = || part::<raw::Snapshot>(&answered.snapshots[0]["message"]);
        let words = own.map(|w| readable(&w, &answered.mentions, &Value::Null));
        let words = words.or_else(|| Some(passed_on(&within()?)));
        let words = words.filter(|w| !w.is_empty());
        borrowed.extend(words.map(|w| Borrowed::new(BorrowedHow::Quoted, from, w)));
    }
    let mut passed_on = borrowed.iter().filter(|b| b.how.passes_on());
    let forwards = passed_on.any(|b| !b.text.is_empty());
    Some(Said {
        message: m.id.0,
        channel: m.channel_id.0,
        in_guild: m.guild_id.is_some(),
        author: author.id.0,
        name: author.name(),
        // A sticker without words.
        unkept: (text.is_empty() && files.is_empty() && !forwards).then_some(Unkept::Kind),
        text,
        borrowed,
        written: m.timestamp.as_deref().and_then(moment),
        files,
    })
}

/// The words of a message that was passed on, with what a program wrote in frames.
fn passed_on(message: &raw::Snapshot) -> String {
    const BY_PROGRAM: &str = "rich";
    let own = message.content.as_deref().unwrap_or_default();
    let own = readable(own, &message.mentions, &Value::Null);
    let frames = message.embeds.as_array().into_iter().flatten();
    let frames = frames.filter(|e| e["type"] == BY_PROGRAM);
    let framed = frames.flat_map(|e| {
        let fields = e["fields"].as_array().into_iter().flatten();
        let fields = fields.flat_map(|f| [&f["name"], &f["value"]]);
        [&e["title"], &e["description"]].into_iter().chain(fields)
    });
    let framed = framed.filter_map(Value::as_str).map(str::to_owned);
    let lines: Vec<String> = std::iter::once(own).chain(framed).collect();
    lines.join("\n").trim().to_owned()
}

/// What a poll asks and offers, as lines.
fn poll(poll: &Value) -> Option<String> {
    let question = poll["question"]["text"].as_str()?;
    let answers = poll["answers"].as_array().into_iter().flatten();
    let answers = answers.filter_map(|a| a["poll_media"]["text"].as_str());
    let lines = answers.map(|a| format!("– {a}"));
    let lines: Vec<String> = std::iter::once(question.to_owned()).chain(lines).collect();
    Some(lines.join("\n"))
}

fn moment(text: &str) -> Option<Timestamp> {
    text.parse::<jiff::Timestamp>().ok().map(Into::into)
}

fn acted(i: raw::Interaction) -> Option<Acted> {
    let user = i.user.or(i.member.map(|m| m.user))?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let act = match i.kind {
        2 => {
            let command = Command::from_name(i.data["name"].as_str()?)?;
            let options = i.data["options"].as_array();
            let words = options
                .and_then(|o| o.first())
                .and_then(|o| text(&o["value"]));
            Act::Command(command, words.unwrap_or_default())
        }
        3 => {
            let chosen = i.data["values"].as_array().and_then(|v| v.first());
            let value = chosen
                .and_then(text)
                .or_else(|| text(&i.data["custom_id"]))?;
            Act::Choice(value)
        }
        5 if i.data["custom_id"] == FORM => Act::Form(field(&i.data["components"])?),
        _ => return None,
    };
    Some(Acted {
        id: i.id.0,
        application: i.application_id.0,
        token: i.token,
        channel: i.channel_id?.0,
        in_guild: i.guild_id.is_some(),
        ephemeral: i.message.is_some_and(|m| m.flags & EPHEMERAL != 0),
        name: user.name(),
        user: user.id.0,
        locale: i.locale,
        act,
    })
}

/// The words in a form's one field, however Discord nests it (in a row, or under a label).
fn field(components: &Value) -> Option<String> {
    components.as_array()?.iter().find_map(|c| {
        let value = c["value"].as_str().map(str::to_owned);
        value
            .or_else(|| c["component"]["value"].as_str().map(str::to_owned))
            .or_else(|| field(&c["components"]))
    })
}
