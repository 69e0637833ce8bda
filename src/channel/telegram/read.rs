//! Updates, written down raw and read one by one, with the files that belong to them.

use super::{
    Telegram,
    hear::{Heard, Said, hear},
    send,
};
use crate::{
    domain::{
        RedFlag,
        event::{Inbound, Unkept},
    },
    flow::{Audience, Text, Vars},
    service::{Act, IncomingFile, Reading, Service},
    store::Arrival,
};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// An update as it is kept, with its number.
pub(super) fn arrival(update: &Value) -> Option<(i64, Arrival)> {
    let id = update["update_id"].as_i64()?;
    let lane = ["message", "edited_message", "callback_query"]
        .iter()
        .find_map(|kind| {
            let kind = &update[kind];
            let chat = kind["chat"]["id"].as_i64();
            chat.or_else(|| kind["message"]["chat"]["id"].as_i64())
        });
    let body = update.to_string();
    // Numbers begin anew at random after a quiet week: with a piece of the content one is not taken for another.
    let digest = Sha256::digest(body.as_bytes());
    let arrival = Arrival {
        id: format!(
            "{id}-{:02x}{:02x}{:02x}{:02x}",
            digest[0], digest[1], digest[2], digest[3]
        ),
        lane: lane.map(|l| l.to_string()).unwrap_or_default(),
        body,
        note: None,
    };
    Some((id, arrival))
}

/// Reads an arrival, and fetches its file.
pub(super) async fn read(
    telegram: &Telegram,
    service: &Arc<Service>,
    arrival: &Arrival,
) -> Reading {
    let Some(me) = telegram.me.get() else {
        // Taken up from before the start, while Telegram has not answered yet.
        return Reading::NotNow;
    };
    let Ok(update) = serde_json::from_str::<Value>(&arrival.body) else {
        return Reading::Unreadable;
    };
    match hear(&update, me) {
        Heard::Nothing => Reading::Nothing,
        Heard::Unreadable => Reading::Unreadable,
        Heard::InGroup {
            chat,
            thread,
            message,
            text,
        } => {
            let words = invitation(service, &text, &me.username);
            send::in_group(telegram, chat, thread, message, words).await;
            Reading::Nothing
        }
        Heard::Said(said) => {
            let (chat, message) = (said.chat, said.message);
            let files = fetch(telegram, &said).await;
            Reading::Act {
                sender: chat.to_string(),
                dedupe: format!("{chat}:{message}"),
                locale: said.locale.clone(),
                act: Box::new(Act::Message {
                    inbound: inbound(*said),
                    files,
                }),
            }
        }
        Heard::Edited(said, update) => Reading::Act {
            sender: said.chat.to_string(),
            dedupe: format!("{}:{}:edit:{update}", said.chat, said.message),
            locale: said.locale.clone(),
            act: Box::new(Act::Edited {
                earlier: format!("{}:{}", said.chat, said.message),
                text: said.text.clone(),
                whole: Some(inbound(*said)),
            }),
        },
        Heard::Pressed {
            chat,
            id,
            value,
            name,
            locale,
        } => Reading::Act {
            sender: chat.to_string(),
            dedupe: format!("{chat}:press:{id}"),
            locale,
            act: Box::new(Act::Message {
                inbound: Inbound {
                    external_id: format!("press:{id}"),
                    place: Some(chat.to_string()),
                    sender_name: name,
                    choice: Some(value),
                    ..Inbound::default()
                },
                files: Vec::new(),
            }),
        },
    }
}

fn inbound(said: Said) -> Inbound {
    Inbound {
        external_id: format!("{}:{}", said.chat, said.message),
        place: Some(said.chat.to_string()),
        sender_name: said.name,
        text: said.text,
        command: said.command,
        own_number: said.own_number,
        album: said.album,
        unkept: said.unkept.into_iter().collect(),
        ..Inbound::default()
    }
}

async fn fetch(telegram: &Telegram, said: &Said) -> Vec<IncomingFile> {
    let Some(wanted) = &said.file else {
        return Vec::new();
    };
    let most = telegram.largest_file;
    let content = if wanted.size.is_some_and(|size| size > most as u64) {
        Err(Unkept::TooLarge)
    } else {
        telegram.api.file(&wanted.id, most).await
    };
    vec![IncomingFile {
        name: wanted.name.clone(),
        media_type: wanted.media_type.clone(),
        content,
    }]
}

/// What is said in a group: let's talk privately. Where somebody may be in danger, the safety message comes first, here and now.
fn invitation(service: &Service, text: &str, username: &str) -> String {
    let book = service.runtime();
    let signals = book.rules.read(text, service.clock.now());
    let flows = &book.rules.flows;
    let ours = |text: &Text| text.in_language(&signals.language).to_owned();
    let say = |key: &str| {
        flows
            .phrases
            .say(&Audience::of(&signals.language), key, 0, || {
                Vars::from([
                    ("organisation", flows.facts.organisation.clone().into()),
                    ("emergency", ours(&flows.country.emergency).into()),
                    ("urgent", ours(&flows.country.urgent).into()),
                    ("crisis", ours(&flows.country.crisis).into()),
                    (
                        "link",
                        format!("https://t.me/{username}?start=hello").into(),
                    ),
                ])
            })
    };
    let invitation = say("group.invite");
    match signals.red_flag.map(RedFlag::name) {
        Some(flag) => format!("{}\n\n{invitation}", say(&format!("group.danger.{flag}"))),
        None => invitation,
    }
}
