//! Events that were kept, read with what belongs to them: files, and the place to answer at.

use super::{
    Discord, INBOX,
    arrivals::{CLOSED, Closed, parts},
    events::{Act as Did, Acted, Heard, Reacted, Said, hear},
    places::{PRIVATE, closed_key, say},
    raw::{self, File},
    send,
};
use crate::{
    channel::bounded,
    domain::{
        Remark, Timestamp,
        event::{Command, Inbound, Unkept},
    },
    flow::Vars,
    service::{Act, IncomingFile, Reading, Service},
    store::Arrival,
};
use futures_util::{StreamExt, stream};
use serde_json::Value;
use std::sync::Arc;

/// Reads an arrival.
pub(super) async fn read(discord: &Discord, service: &Arc<Service>, arrival: &Arrival) -> Reading {
    let Some((kind, content)) = parts(arrival) else {
        return Reading::Unreadable;
    };
    if discord.load(service).await.is_err() {
        return Reading::NotNow;
    }
    if kind == CLOSED {
        return closed(discord, service, &content).await;
    }
    match hear(&kind, &content) {
        Heard::Nothing | Heard::Threads(_) => Reading::Nothing,
        Heard::Unreadable => Reading::Unreadable,
        Heard::Said(said) => message(discord, service, said, true).await,
        Heard::Edited(said, _) if !is_heard(discord, &said) => Reading::Nothing,
        Heard::Edited(said, at) => Reading::Act {
            sender: said.author.to_string(),
            dedupe: format!("{}:edit:{at}", said.message),
            locale: None,
            act: Box::new(Act::Edited {
                earlier: said.message.to_string(),
                text: said.text.clone(),
                written: said.written,
                // What was written long ago and never came is no news: a pin or a preview brings it back.
                whole: is_fresh(&said, service.clock.now()).then(|| inbound(discord, &said)),
                // Nobody can add a file to a message there.
                files: Vec::new(),
            }),
        },
        Heard::Deleted(deleted) => match deleted.messages.first() {
            None => Reading::Nothing,
            Some(message) => Reading::Act {
                sender: String::new(),
                dedupe: format!("{message}:deleted"),
                locale: None,
                act: Box::new(Act::Deleted {
                    earlier: message.to_string(),
                    by_writer: deleted.by_writer,
                }),
            },
        },
        Heard::Acted(acted) => interaction(discord, service, acted).await,
        Heard::Reacted(reacted) => reaction(service, arrival, reacted).await,
    }
}

/// The words of a message, or of a changed one, without its files.
pub(super) async fn read_words(
    discord: &Discord,
    service: &Arc<Service>,
    arrival: &Arrival,
) -> Reading {
    let Some((kind, content)) = parts(arrival) else {
        return Reading::Nothing;
    };
    if discord.load(service).await.is_err() {
        return Reading::Nothing;
    }
    match hear(&kind, &content) {
        Heard::Said(said) => message(discord, service, said, false).await,
        // Nothing has to be fetched for it.
        Heard::Edited(..) => read(discord, service, arrival).await,
        Heard::Acted(acted) if !matches!(acted.act, Did::Choice(_)) => {
            interaction(discord, service, acted).await
        }
        _ => Reading::Nothing,
    }
}

/// A sign that somebody put on a message, or took away again. It counts where the message is ours.
async fn reaction(service: &Service, arrival: &Arrival, reacted: Reacted) -> Reading {
    let sender = reacted.user.to_string();
    let message = format!("{}:{}", reacted.channel, reacted.message);
    match service.store.is_ours(INBOX, &sender, &message).await {
        Ok(true) => {}
        Ok(false) => return Reading::Nothing,
        Err(_) => return Reading::NotNow,
    }
    let remark = if reacted.withdrawn {
        Remark::Unreacted
    } else {
        Remark::Reacted
    };
    Reading::Act {
        sender,
        dedupe: arrival.id.clone(),
        locale: None,
        act: Box::new(Act::Remarked {
            remark,
            detail: Some(reacted.sign),
        }),
    }
}

/// A thread of ours was locked or deleted: they are answered elsewhere from now on, and the desk is told.
async fn closed(discord: &Discord, service: &Service, content: &Value) -> Reading {
    let Some(Closed { thread, user, gone }) = raw::part(content) else {
        return Reading::Unreadable;
    };
    if gone {
        discord.threads.drop(service, thread).await;
    } else {
        discord.threads.lock(service, thread).await;
    }
    Reading::Act {
        sender: user.to_string(),
        dedupe: closed_key(thread),
        locale: None,
        act: Box::new(Act::Remarked {
            remark: Remark::PlaceClosed,
            detail: None,
        }),
    }
}

/// Whether what is said there is said to us by the person whose place it is. Somebody else in a person's thread is a
/// moderator, mostly.
fn is_heard(discord: &Discord, said: &Said) -> bool {
    let owner = discord.threads.owner(said.channel);
    !said.in_guild || owner.is_none_or(|owner| owner == said.author)
}

/// How many files of a message are fetched at once.
const FILES_AT_ONCE: usize = 4;
/// Seconds after which a message that never came is not taken for new because it was changed.
const NEWS: i64 = 86_400;

fn is_fresh(said: &Said, now: Timestamp) -> bool {
    said.written.is_none_or(|at| now.seconds_since(at) <= NEWS)
}

async fn message(
    discord: &Discord,
    service: &Arc<Service>,
    said: Said,
    with_files: bool,
) -> Reading {
    if !is_heard(discord, &said) {
        return Reading::Nothing;
    }
    if discord.threads.is_locked(said.channel) {
        // They can write there again, so we can.
        let opened = discord.threads.add(service, said.channel, said.author);
        if opened.await.is_err() {
            return Reading::NotNow;
        }
    }
    if !said.in_guild {
        discord.known.see_direct(said.author, said.channel);
    }
    let wanted = if with_files { &said.files[..] } else { &[] };
    let fetched: Vec<_> = wanted.iter().map(|file| fetch(discord, file)).collect();
    let files = stream::iter(fetched).buffered(FILES_AT_ONCE).collect();
    let files: Vec<IncomingFile> = files.await;
    let at_hand = |file: &IncomingFile| !matches!(file.content, Err(Unkept::Unavailable));
    let whole = files.len() == said.files.len() && files.iter().all(at_hand);
    // It stays where it is until the first private answer is out, and until its files are here: they go with it.
    if discord.is_public(said.channel) && whole {
        let (user, channel, message) = (said.author, said.channel, said.message);
        let waits = discord.known.add_public(service, user, channel, message);
        if waits.await.is_err() {
            return Reading::NotNow;
        }
    }
    Reading::Act {
        sender: said.author.to_string(),
        dedupe: said.message.to_string(),
        locale: None,
        act: Box::new(Act::Message {
            inbound: inbound(discord, &said),
            files,
        }),
    }
}

async fn interaction(discord: &Discord, service: &Arc<Service>, acted: Acted) -> Reading {
    let known = &discord.known;
    known.add_token(acted.user, acted.application, &acted.token);
    if !acted.in_guild {
        known.see_direct(acted.user, acted.channel);
    }
    let mut choice_title = None;
    if let Did::Choice(value) = &acted.act {
        let sender = acted.user.to_string();
        match service.store.offered(INBOX, &sender, value, None).await {
            Ok(Some(title)) => choice_title = Some(title),
            // Another program's, from before: nobody's words.
            Ok(None) => {
                if let Some(token) = known.token_of(acted.user) {
                    let language = acted.language();
                    let words = say(service, language, "press.gone", Vars::new());
                    send::gone(discord, &token, &words).await;
                }
                return Reading::Nothing;
            }
            Err(_) => return Reading::NotNow,
        }
    }
    let mut inbound = Inbound {
        external_id: format!("acted:{}", acted.id),
        place: Some(place(discord, acted.channel, acted.in_guild, acted.user)),
        sender_name: acted.name,
        choice_title,
        ..Inbound::default()
    };
    match acted.act {
        Did::Command(command, words) => {
            inbound.command = Some(command);
            inbound.text = words;
        }
        Did::Form(words) => {
            inbound.command = Some(Command::Complain);
            inbound.text = words;
        }
        Did::Choice(value) => inbound.choice = Some(value),
    }
    Reading::Act {
        sender: acted.user.to_string(),
        dedupe: format!("acted:{}", acted.id),
        locale: acted.locale,
        act: Box::new(Act::Message {
            inbound,
            files: Vec::new(),
        }),
    }
}

/// Where they can be answered: there, where nobody else reads along; else a private place that is opened when there is
/// something to say.
fn place(discord: &Discord, channel: u64, in_guild: bool, user: u64) -> String {
    if !in_guild || discord.threads.owner(channel) == Some(user) {
        channel.to_string()
    } else {
        PRIVATE.to_owned()
    }
}

fn inbound(discord: &Discord, said: &Said) -> Inbound {
    Inbound {
        external_id: said.message.to_string(),
        place: Some(place(discord, said.channel, said.in_guild, said.author)),
        sender_name: said.name.clone(),
        text: said.text.clone(),
        borrowed: said.borrowed.clone(),
        written: said.written,
        unkept: said.unkept.into_iter().collect(),
        ..Inbound::default()
    }
}
async fn fetch(discord: &Discord, file: &File) -> IncomingFile {
    let most = discord.largest_file;
    let content = if file.size > most as u64 {
        Err(Unkept::TooLarge)
    } else {
        let response = discord.files.get(&file.url).send().await;
        match response.and_then(reqwest::Response::error_for_status) {
            Err(_) => Err(Unkept::Unavailable),
            Ok(response) => match bounded(response, most).await {
                Err(_) => Err(Unkept::Unavailable),
                Ok(None) => Err(Unkept::TooLarge),
                Ok(Some(content)) => Ok(content),
            },
        }
    };
    IncomingFile {
        name: file.filename.clone(),
        media_type: file.content_type.clone().unwrap_or_default(),
        about: file.description.clone(),
        told: false,
        content,
    }
}
