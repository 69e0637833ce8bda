//! Where a conversation takes place: a direct message, or a private thread under the support channel.

use super::{
    Discord, INBOX,
    api::CallError,
    events::{Said, Snowflake},
};
use crate::{
    flow::{Audience, Vars},
    service::Service,
    store::{Arrival, StoreError},
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    sync::{Arc, PoisonError},
};
use twilight_http::routing::Route;
use twilight_model::guild::Permissions;

const PRIVATE_THREAD: u64 = 12;
/// Marks of threads that we opened: after this, the thread's id; the value is the person's.
const THREADS: &str = "discord.thread.";
/// Minutes without a word after which Discord puts a thread away: a week. A word brings it back.
const PUT_AWAY: u64 = 10_080;

#[derive(Deserialize)]
struct Place {
    id: Snowflake,
    #[serde(default)]
    guild_id: Option<Snowflake>,
    #[serde(default)]
    permission_overwrites: Vec<Overwrite>,
}

#[derive(Deserialize)]
struct Overwrite {
    id: Snowflake,
    allow: String,
    deny: String,
}

#[derive(Deserialize)]
struct Member {
    #[serde(default)]
    roles: Vec<Snowflake>,
}

#[derive(Deserialize)]
struct Role {
    id: Snowflake,
    permissions: String,
}

/// Why there is no place to answer at.
pub(super) enum NoPlace {
    /// It may work later.
    NotNow,
    /// It never will.
    Never,
}

impl From<CallError> for NoPlace {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Refused { status, .. } if status != 401 => Self::Never,
            _ => Self::NotNow,
        }
    }
}

/// The threads that we opened, and whose they are.
pub(super) async fn known_threads(service: &Service) -> Result<HashMap<u64, u64>, StoreError> {
    let marks = service.store.marks(THREADS).await?;
    Ok(marks
        .into_iter()
        .filter_map(|(name, value)| {
            Some((
                name.strip_prefix(THREADS)?.parse().ok()?,
                value.parse().ok()?,
            ))
        })
        .collect())
}

/// A direct message with somebody.
pub(super) async fn direct(discord: &Discord, user: u64) -> Result<u64, NoPlace> {
    let body = json!({"recipient_id": user.to_string()});
    let place: Place = discord
        .api
        .send(&Route::CreatePrivateChannel, &body)
        .await?;
    Ok(place.id.0)
}

/// The person's private thread: the one that they have, or a new one. The arrival remembers it, so that a second attempt opens no second thread.
pub(super) async fn thread(
    discord: &Discord,
    service: &Arc<Service>,
    arrival: &Arrival,
    support: u64,
    user: u64,
) -> Result<u64, NoPlace> {
    let theirs = {
        let threads = discord
            .threads
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        threads.iter().find(|(_, u)| **u == user).map(|(t, _)| *t)
    };
    if let Some(id) = theirs {
        match discord
            .api
            .get::<Place>(&Route::GetChannel { channel_id: id })
            .await
        {
            Ok(_) => return Ok(id),
            // It was deleted: a new one.
            Err(CallError::Refused { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let noted = arrival.note.as_deref().and_then(|n| n.parse().ok());
    let id = if let Some(id) = noted {
        id
    } else {
        let name = say(service, "discord.thread", Vars::new());
        let body = json!({"name": name, "type": PRIVATE_THREAD, "invitable": false, "auto_archive_duration": PUT_AWAY});
        let place: Place = discord
            .api
            .send(
                &Route::CreateThread {
                    channel_id: support,
                },
                &body,
            )
            .await?;
        place.id.0
    };
    let written = service
        .store
        .set_mark(&format!("{THREADS}{id}"), &user.to_string())
        .await;
    let noted = service
        .store
        .note_arrival(INBOX, &arrival.id, &id.to_string())
        .await;
    if written.and(noted).is_err() {
        return Err(NoPlace::NotNow);
    }
    discord
        .threads
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .insert(id, user);
    let member = Route::AddThreadMember {
        channel_id: id,
        user_id: user,
    };
    discord.api.tell(&member, None).await?;
    let words = say(
        service,
        "discord.moved",
        Vars::from([("person", format!("<@{user}>").into())]),
    );
    let body = json!({"content": words, "allowed_mentions": {"users": [user.to_string()]}, "nonce": format!("moved{id}"), "enforce_nonce": true});
    // Where the word of welcome does not come through, the answer that follows does.
    let _ = discord
        .api
        .send::<Value>(&Route::CreateMessage { channel_id: id }, &body)
        .await;
    Ok(id)
}

/// What was written in the support channel is taken out of everybody's sight, where we may.
pub(super) async fn take_away(discord: &Discord, said: &Said) {
    let route = Route::DeleteMessage {
        channel_id: said.channel,
        message_id: said.message,
    };
    let _ = discord.api.tell(&route, None).await;
}

pub(super) fn say(service: &Service, key: &str, vars: Vars) -> String {
    let book = service.runtime();
    let phrases = &book.rules.flows.phrases;
    phrases.say(&Audience::of("en"), key, 0, || vars)
}

/// What the bot may not do in the support channel and should, in words that say what to switch on.
pub(super) async fn missing_permissions(discord: &Discord, support: u64) -> Vec<String> {
    match permissions(discord, support).await {
        Err(CallError::Refused {
            status: 403 | 404, ..
        }) => vec![format!(
            "the support channel {support} cannot be seen: invite the bot to its server, and give its role \"View Channel\" there"
        )],
        // Not known: what is missing shows when it is needed.
        Err(_) | Ok(None) => Vec::new(),
        Ok(Some(held)) => {
            let wanted = [
                (
                    Permissions::VIEW_CHANNEL,
                    "View Channel",
                    "to see what is written",
                ),
                (
                    Permissions::CREATE_PRIVATE_THREADS,
                    "Create Private Threads",
                    "to talk in private",
                ),
                (
                    Permissions::SEND_MESSAGES_IN_THREADS,
                    "Send Messages in Threads",
                    "to answer",
                ),
                (
                    Permissions::ATTACH_FILES,
                    "Attach Files",
                    "to send files of agents",
                ),
                (
                    Permissions::MANAGE_MESSAGES,
                    "Manage Messages",
                    "to take what was told in public out of everybody's sight",
                ),
            ];
            wanted
                .into_iter()
                .filter(|(p, ..)| !held.contains(*p))
                .map(|(_, name, what_for)| {
                    format!("in the support channel the bot's role lacks \"{name}\", {what_for}")
                })
                .collect()
        }
    }
}

/// What the bot may do in a channel, by Discord's rules: the roles' rights, then the channel's exceptions for everyone, for the roles, for the bot.
async fn permissions(discord: &Discord, channel: u64) -> Result<Option<Permissions>, CallError> {
    let api = &discord.api;
    let place: Place = api
        .get(&Route::GetChannel {
            channel_id: channel,
        })
        .await?;
    let (Some(guild), Some(me)) = (place.guild_id, discord.me.get().copied()) else {
        return Ok(None);
    };
    let member: Member = api
        .get(&Route::GetMember {
            guild_id: guild.0,
            user_id: me,
        })
        .await?;
    let roles: Vec<Role> = api.get(&Route::GetGuildRoles { guild_id: guild.0 }).await?;
    let bits = |text: &str| Permissions::from_bits_truncate(text.parse().unwrap_or(0));
    let mine = |id: Snowflake| id == guild || member.roles.contains(&id);
    let mut held = roles
        .iter()
        .filter(|r| mine(r.id))
        .fold(Permissions::empty(), |all, r| all | bits(&r.permissions));
    if held.contains(Permissions::ADMINISTRATOR) {
        return Ok(Some(Permissions::all()));
    }
    let layers: [&dyn Fn(Snowflake) -> bool; 3] =
        [&|id| id == guild, &|id| member.roles.contains(&id), &|id| {
            id.0 == me
        }];
    for applies in layers {
        let (mut allow, mut deny) = (Permissions::empty(), Permissions::empty());
        for o in place.permission_overwrites.iter().filter(|o| applies(o.id)) {
            allow |= bits(&o.allow);
            deny |= bits(&o.deny);
        }
        held = (held - deny) | allow;
    }
    Ok(Some(held))
}
