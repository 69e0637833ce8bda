//! Updates, written down raw and read one by one, with the files that belong to them.

use super::{
    INBOX, Place, Telegram, Within,
    business::{self, NotNow},
    group::{self, Asked},
    hear::{Around, Heard, Press, Said, hear},
    send,
};
use crate::{
    domain::{
        Timestamp,
        event::{Inbound, Unkept},
    },
    flow::{Audience, Vars},
    service::{Act, IncomingFile, Reading, Service},
    store::Arrival,
};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::{sync::Arc, time::Duration};

/// An update as it is kept, with its number: once, or once for each message that it tells the deletion of.
pub(super) fn arrivals(update: &Value) -> Vec<(i64, Arrival)> {
    let deleted = update["deleted_business_messages"]["message_ids"].as_array();
    let Some(deleted) = deleted.filter(|ids| ids.len() > 1) else {
        return arrival(update).into_iter().collect();
    };
    let one = |id: &Value| {
        let mut update = update.clone();
        update["deleted_business_messages"]["message_ids"] = Value::Array(vec![id.clone()]);
        arrival(&update)
    };
    deleted.iter().filter_map(one).collect()
}

fn arrival(update: &Value) -> Option<(i64, Arrival)> {
    let id = update["update_id"].as_i64()?;
    let mut parts = update.as_object().into_iter().flat_map(|u| u.values());
    let lane = parts.find_map(|part| {
        let chat = part["chat"]["id"].as_i64();
        chat.or_else(|| part["message"]["chat"]["id"].as_i64())
    });
    let body = update.to_string();
    // Numbers begin anew at random after a quiet week: with a piece of the content one is not taken for another.
    let [a, b, c, d, ..]: [u8; 32] = Sha256::digest(body.as_bytes()).into();
    let arrival = Arrival {
        id: format!("{id}-{a:02x}{b:02x}{c:02x}{d:02x}"),
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
            let asked = Asked {
                chat,
                thread,
                message,
                text,
                at: update["message"]["date"].as_i64(),
            };
            group::asked(telegram, service, asked, &me.username).await
        }
        // Nobody knows what it is now; what it was is kept.
        Heard::Edited(said, _) if said.unknown => Reading::Nothing,
        Heard::Said(said) => wrote(telegram, service, *said, arrival).await,
        Heard::Edited(said, update) => {
            let sender = match sender(telegram, service, &said.place).await {
                Ok(Some(sender)) => sender,
                Ok(None) => return Reading::Nothing,
                Err(NotNow) => return Reading::NotNow,
            };
            let earlier = key(&said.place, said.message);
            let files = fetch(telegram, &said, arrival).await;
            Reading::Act {
                sender,
                dedupe: format!("{earlier}:edit:{update}"),
                locale: said.locale.clone(),
                act: Box::new(Act::Edited {
                    earlier,
                    text: said.text.clone(),
                    written: said.written.map(|at| Timestamp::default().plus_seconds(at)),
                    whole: Some(inbound(*said, service.clock.now())),
                    files,
                }),
            }
        }
        Heard::Pressed(press) => pressed(telegram, service, press).await,
        Heard::PressedElsewhere(id) => {
            send::acknowledge(telegram, id, None).await;
            Reading::Nothing
        }
        Heard::Around(around) => happened(service, around, &update).await,
        Heard::Deleted { place, message } => {
            let sender = match sender(telegram, service, &place).await {
                Ok(Some(sender)) => sender,
                Ok(None) => return Reading::Nothing,
                Err(NotNow) => return Reading::NotNow,
            };
            let earlier = key(&place, message);
            Reading::Act {
                sender,
                dedupe: format!("{earlier}:deleted"),
                locale: None,
                // It may have been the account's owner.
                act: Box::new(Act::Deleted {
                    earlier,
                    by_writer: false,
                }),
            }
        }
        Heard::Connected(connection) => match business::keep(service, &connection).await {
            Ok(()) => Reading::Nothing,
            Err(_) => Reading::NotNow,
        },
    }
}

/// The words of a private message without its file; not of a business account's chats, about which Telegram may have to
/// be asked.
pub(super) async fn read_words(
    telegram: &Telegram,
    service: &Arc<Service>,
    arrival: &Arrival,
) -> Reading {
    let update = serde_json::from_str::<Value>(&arrival.body);
    let (Some(me), Ok(update)) = (telegram.me.get(), update) else {
        return Reading::Nothing;
    };
    match hear(&update, me) {
        Heard::Said(said) if !matches!(said.place.within, Within::Business(_)) => {
            let said = Said {
                file: None,
                ..*said
            };
            wrote(telegram, service, said, arrival).await
        }
        _ => Reading::Nothing,
    }
}

async fn wrote(
    telegram: &Telegram,
    service: &Arc<Service>,
    said: Said,
    arrival: &Arrival,
) -> Reading {
    let sender = match sender(telegram, service, &said.place).await {
        Ok(Some(sender)) => sender,
        Ok(None) => return Reading::Nothing,
        Err(NotNow) => return Reading::NotNow,
    };
    if said.unknown {
        match service.store.conversation_of(INBOX, &sender).await {
            Ok(Some(_)) => {}
            Ok(None) => return Reading::Nothing,
            Err(_) => return Reading::NotNow,
        }
    }
    let files = fetch(telegram, &said, arrival).await;
    Reading::Act {
        sender,
        dedupe: key(&said.place, said.message),
        locale: said.locale.clone(),
        act: Box::new(Act::Message {
            inbound: inbound(said, service.clock.now()),
            files,
        }),
    }
}

/// Something that happened around the person's conversation. A reaction counts where it is to a message of ours.
async fn happened(service: &Service, around: Around, update: &Value) -> Reading {
    let sender = around.place.chat.to_string();
    if let Some(message) = around.message {
        match service
            .store
            .is_ours(INBOX, &sender, &message.to_string())
            .await
        {
            Ok(true) => {}
            Ok(false) => return Reading::Nothing,
            Err(_) => return Reading::NotNow,
        }
    }
    Reading::Act {
        dedupe: format!("{sender}:around:{}", update["update_id"]),
        sender,
        locale: None,
        act: Box::new(Act::Remarked {
            remark: around.remark,
            detail: around.sign,
        }),
    }
}

/// A press is acknowledged at once, or the button goes on waiting. One that the bot did not offer here (another
/// program's) is nobody's words.
async fn pressed(telegram: &Telegram, service: &Arc<Service>, press: Press) -> Reading {
    let Ok((sender, title)) = offered(telegram, service, &press).await else {
        // What it does is found out later; the button is not to wait for that.
        send::acknowledge(telegram, press.id, None).await;
        return Reading::NotNow;
    };
    let (Some(sender), Some(title)) = (sender, title) else {
        let words = words_of_press(service, press.locale.as_deref());
        send::acknowledge(telegram, press.id, Some(words)).await;
        send::take_buttons(telegram, &press.place, press.message).await;
        return Reading::Nothing;
    };
    send::acknowledge(telegram, press.id.clone(), None).await;
    Reading::Act {
        sender,
        dedupe: format!("{}:press:{}", press.place.chat, press.id),
        locale: press.locale,
        act: Box::new(Act::Message {
            inbound: Inbound {
                external_id: format!("press:{}", press.id),
                place: Some(press.place.to_string()),
                sender_name: press.name,
                choice: Some(press.value),
                choice_title: Some(title),
                ..Inbound::default()
            },
            files: Vec::new(),
        }),
    }
}

/// Who pressed it, where the bot may answer them; and what the button says, where the bot offered it to them.
async fn offered(
    telegram: &Telegram,
    service: &Service,
    press: &Press,
) -> Result<(Option<String>, Option<String>), NotNow> {
    let Some(sender) = sender(telegram, service, &press.place).await? else {
        return Ok((None, None));
    };
    let title = press.title.as_deref();
    let offered = service.store.offered(INBOX, &sender, &press.value, title);
    let title = offered.await.map_err(|_| NotNow)?;
    Ok((Some(sender), title))
}

/// Who wrote there, for ever. What is said to a business account or a channel is a conversation of its own. None where
/// the bot may not answer.
async fn sender(
    telegram: &Telegram,
    service: &Service,
    place: &Place,
) -> Result<Option<String>, NotNow> {
    let chat = place.chat;
    Ok(match &place.within {
        Within::Whole | Within::Topic(_) => Some(chat.to_string()),
        Within::Direct(topic) => Some(format!("{chat}:{topic}")),
        Within::Business(id) => {
            let connection = business::of(telegram, service, id).await?;
            let allowed = connection.filter(|c| c.enabled && c.can_reply);
            // By the owner: the connection may be made anew.
            allowed.map(|c| format!("{}:{chat}", c.owner))
        }
    })
}

/// By what a message is known. A business account's chats count their messages by themselves.
fn key(place: &Place, message: i64) -> String {
    match &place.within {
        Within::Business(connection) => format!("{connection}:{}:{message}", place.chat),
        Within::Whole | Within::Topic(_) | Within::Direct(_) => {
            format!("{}:{message}", place.chat)
        }
    }
}

/// Seconds for which Telegram keeps what nobody fetched.
const HELD: i64 = 86_400;

fn inbound(said: Said, now: Timestamp) -> Inbound {
    let written = said.written.filter(|at| {
        (now.0 / 1_000_000)
            .checked_sub(*at)
            .is_some_and(|ago| (0..=HELD).contains(&ago))
    });
    Inbound {
        written: written.map(|at| Timestamp::default().plus_seconds(at)),
        borrowed: said.borrowed,
        external_id: key(&said.place, said.message),
        place: Some(said.place.to_string()),
        sender_name: said.name,
        text: said.text,
        command: said.command,
        own_number: said.own_number,
        album: said.album,
        unkept: said.unkept.into_iter().collect(),
        ..Inbound::default()
    }
}

/// How long a person's next words wait for a file.
const FIRST: Duration = Duration::from_secs(2);

/// The file of a message. At first it is waited for shortly; where it is asked for again, for as long as its size
/// allows.
async fn fetch(telegram: &Telegram, said: &Said, arrival: &Arrival) -> Vec<IncomingFile> {
    let Some(wanted) = &said.file else {
        return Vec::new();
    };
    let most = telegram.largest_file;
    let late = arrival.is_late();
    let fetching = telegram.api.file(&wanted.id, most, late);
    let content = if wanted.size.is_some_and(|size| size > most as u64) {
        Err(Unkept::TooLarge)
    } else if late {
        fetching.await
    } else {
        let fetched = tokio::time::timeout(FIRST, fetching).await;
        fetched.unwrap_or(Err(Unkept::Unavailable))
    };
    vec![IncomingFile {
        name: wanted.name.clone(),
        media_type: wanted.media_type.clone(),
        about: wanted.about.clone(),
        told: false,
        content,
    }]
}

/// What is said of a button that leads nowhere any more.
fn words_of_press(service: &Service, locale: Option<&str>) -> String {
    let book = service.runtime();
    let language = locale.and_then(|l| l.split(['-', '_']).next());
    let audience = Audience::of(language.unwrap_or("en"));
    book.rules
        .flows
        .phrases
        .say(&audience, "press.gone", 0, Vars::new)
}
