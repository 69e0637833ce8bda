//! Events that were kept, read with what belongs to them: files, and the place to answer at.

use super::{
    Discord,
    events::{Act as Did, File, Heard, Said, hear},
    places::{self, NoPlace},
};
use crate::{
    channel::bounded,
    domain::event::{Command, Inbound, Unkept},
    service::{Act, IncomingFile, Reading, Service},
    store::Arrival,
};
use serde_json::Value;
use std::sync::Arc;

pub(super) fn parts(arrival: &Arrival) -> Option<(String, Value)> {
    let mut event: Value = serde_json::from_str(&arrival.body).ok()?;
    Some((event["t"].as_str()?.to_owned(), event["d"].take()))
}

/// Reads an arrival.
pub(super) async fn read(discord: &Discord, service: &Arc<Service>, arrival: &Arrival) -> Reading {
    let Some((kind, content)) = parts(arrival) else {
        return Reading::Unreadable;
    };
    match hear(&kind, &content) {
        Heard::Nothing => Reading::Nothing,
        Heard::Unreadable => Reading::Unreadable,
        Heard::Said(said) => {
            let place = if discord.support == Some(said.channel) {
                places::thread(discord, service, arrival, said.channel, said.author).await
            } else if said.in_guild && !discord.is_thread_of(said.channel, said.author) {
                // Somebody else in the person's thread: a moderator, mostly.
                return Reading::Nothing;
            } else {
                Ok(said.channel)
            };
            let place = match place {
                Ok(place) => place,
                Err(NoPlace::NotNow) => return Reading::NotNow,
                Err(NoPlace::Never) => {
                    tracing::warn!(
                        "a message in Discord's support channel could not be answered in a private thread: look at the bot's permissions there"
                    );
                    return Reading::Nothing;
                }
            };
            let mut files = Vec::new();
            for file in &said.files {
                files.push(fetch(discord, file).await);
            }
            Reading::Act {
                sender: said.author.to_string(),
                dedupe: said.message.to_string(),
                locale: None,
                act: Box::new(Act::Message {
                    inbound: inbound(&said, place),
                    files,
                }),
            }
        }
        Heard::Edited(said, at) => Reading::Act {
            sender: said.author.to_string(),
            dedupe: format!("{}:edit:{at}", said.message),
            locale: None,
            act: Box::new(Act::Edited {
                earlier: said.message.to_string(),
                text: said.text.clone(),
                whole: Some(inbound(&said, said.channel)),
            }),
        },
        Heard::Deleted { message, .. } => Reading::Act {
            sender: String::new(),
            dedupe: format!("{message}:deleted"),
            locale: None,
            act: Box::new(Act::Deleted {
                earlier: message.to_string(),
                by_writer: true,
            }),
        },
        Heard::Acted(acted) => {
            let place = match (discord.support, acted.in_guild) {
                (_, false) => Ok(acted.channel),
                (_, true) if discord.is_thread_of(acted.channel, acted.user) => Ok(acted.channel),
                (Some(support), true) => {
                    places::thread(discord, service, arrival, support, acted.user).await
                }
                (None, true) => places::direct(discord, acted.user).await,
            };
            let place = match place {
                Ok(place) => place,
                Err(NoPlace::NotNow) => return Reading::NotNow,
                // They take no direct messages: the conversation is kept, and the delivery will say so.
                Err(NoPlace::Never) => acted.channel,
            };
            let mut inbound = Inbound {
                external_id: format!("acted:{}", acted.id),
                place: Some(place.to_string()),
                sender_name: acted.name,
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
    }
}

fn inbound(said: &Said, place: u64) -> Inbound {
    Inbound {
        external_id: said.message.to_string(),
        place: Some(place.to_string()),
        sender_name: said.name.clone(),
        text: said.text.clone(),
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
        content,
    }
}
