//! What the bot and the people may do in the support channel, and should: looked at when the line is opened and
//! whenever something changes there, said in words that tell what to switch on.

use super::{Discord, INBOX, raw::Snowflake, trouble::CallError};
use crate::service::{LineState, Service};
use serde::Deserialize;
use serde_json::Value;
use serenity::all::{ChannelType, Permissions};
use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::Notify;

/// Rights are changed one after the other: they are looked at when that may be over.
const SETTLES: Duration = Duration::from_secs(2);

/// What the line shows as missing.
#[derive(Debug, Default)]
pub(super) struct Rights {
    /// What can be changed in the bot's own settings alone: it counts from the next start on.
    fixed: Mutex<Vec<String>>,
    missing: Mutex<Vec<String>>,
    changed: Notify,
}

fn set(list: &Mutex<Vec<String>>, warnings: Vec<String>) {
    *list.lock().unwrap_or_else(PoisonError::into_inner) = warnings;
}

impl Rights {
    /// Everything that is missing.
    pub(super) fn warnings(&self) -> Vec<String> {
        let all = [&self.fixed, &self.missing].into_iter();
        all.flat_map(|list| list.lock().unwrap_or_else(PoisonError::into_inner).clone())
            .collect()
    }

    /// Looks at what is missing for the first time.
    pub(super) async fn look(&self, discord: &Discord, fixed: Vec<String>) {
        set(&self.fixed, fixed);
        if let Some(support) = discord.support {
            // Where it is not known, what is missing shows when it is needed.
            set(
                &self.missing,
                missing(discord, support).await.unwrap_or_default(),
            );
        }
    }

    /// Learns that an event of that name came.
    pub(super) fn see(&self, discord: &Discord, kind: &str, content: &Value) {
        let id = |value: &Value| value.as_str().and_then(|id| id.parse::<u64>().ok());
        let changes = match kind {
            "CHANNEL_UPDATE" | "CHANNEL_DELETE" => id(&content["id"]) == discord.support,
            "GUILD_MEMBER_UPDATE" => id(&content["user"]["id"]) == discord.me.get().copied(),
            "GUILD_ROLE_CREATE" | "GUILD_ROLE_UPDATE" | "GUILD_ROLE_DELETE" => true,
            // Invited again, or sent away.
            "GUILD_CREATE" => !self
                .missing
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .is_empty(),
            "GUILD_DELETE" => content["unavailable"] != true,
            _ => false,
        };
        if changes {
            self.changed.notify_one();
        }
    }

    /// Looks again whenever something changed. Never ends by itself.
    pub(super) async fn watch(&self, discord: &Discord, service: &Service) {
        loop {
            self.changed.notified().await;
            tokio::time::sleep(SETTLES).await;
            let Some(support) = discord.support else {
                continue;
            };
            let Ok(missing) = missing(discord, support).await else {
                continue;
            };
            set(&self.missing, missing);
            let lines = service.lines();
            let up = lines.get(INBOX).is_some_and(|l| l.state == LineState::Up);
            if up {
                service.line_up(INBOX, self.warnings());
            }
        }
    }
}

/// What the bot needs, by Discord's name for it, and what for.
const BOT: [(Permissions, &str, &str); 6] = [
    (
        Permissions::VIEW_CHANNEL,
        "View Channel",
        "to see what is written",
    ),
    (
        Permissions::READ_MESSAGE_HISTORY,
        "Read Message History",
        "to find what was written while the program was away",
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
/// What everybody needs there.
const PEOPLE: [(Permissions, &str, &str); 3] = [
    (Permissions::VIEW_CHANNEL, "View Channel", "find it"),
    (Permissions::SEND_MESSAGES, "Send Messages", "write there"),
    (
        Permissions::SEND_MESSAGES_IN_THREADS,
        "Send Messages in Threads",
        "answer in their private thread",
    ),
];

#[derive(Deserialize)]
struct Channel {
    #[serde(default, rename = "type")]
    kind: u8,
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

/// What the bot may do, and what everybody may.
struct Held {
    bot: Permissions,
    people: Permissions,
}

/// What is missing in the support channel.
async fn missing(discord: &Discord, support: u64) -> Result<Vec<String>, CallError> {
    let channel: Channel = match discord.api.get(&format!("channels/{support}")).await {
        Ok(channel) => channel,
        Err(CallError::Refused {
            status: 403 | 404, ..
        }) => {
            return Ok(vec![format!(
                "the support channel {support} cannot be seen: invite the bot to its server, and give its role \"View Channel\" there"
            )]);
        }
        Err(error) => return Err(error),
    };
    let mut warnings = Vec::new();
    if ChannelType::from(channel.kind) != ChannelType::Text {
        warnings.push(format!(
            "the support channel {support} is no text channel, so no private thread can be opened there: choose an ordinary text channel"
        ));
    }
    let held = match held(discord, &channel).await {
        Err(CallError::Refused { .. }) => None,
        held => held?,
    };
    if let Some(held) = held {
        for (_, name, what_for) in BOT.iter().filter(|(r, ..)| !held.bot.contains(*r)) {
            warnings.push(format!(
                "in the support channel the bot's role lacks \"{name}\", {what_for}"
            ));
        }
        for (_, name, to) in PEOPLE.iter().filter(|(r, ..)| !held.people.contains(*r)) {
            warnings.push(format!(
                "in the support channel @everyone lacks \"{name}\": whoever has no role that gives it cannot {to}"
            ));
        }
    }
    Ok(warnings)
}

/// By Discord's rules: the roles' rights, then the channel's exceptions for everyone, for the roles, for the bot.
async fn held(discord: &Discord, channel: &Channel) -> Result<Option<Held>, CallError> {
    let api = &discord.api;
    let (Some(Snowflake(guild)), Some(me)) = (channel.guild_id, discord.me.get().copied()) else {
        return Ok(None);
    };
    let member: Member = api.get(&format!("guilds/{guild}/members/{me}")).await?;
    let roles: Vec<Role> = api.get(&format!("guilds/{guild}/roles")).await?;
    let bits = |text: &str| Permissions::from_bits_truncate(text.parse().unwrap_or(0));
    let of = |id: Snowflake| {
        let role = roles.iter().find(|r| r.id == id);
        role.map_or(Permissions::empty(), |r| bits(&r.permissions))
    };
    let everyone = Snowflake(guild);
    let without = |held: Permissions, applies: &dyn Fn(Snowflake) -> bool| {
        let (mut allow, mut deny) = (Permissions::empty(), Permissions::empty());
        for o in (channel.permission_overwrites.iter()).filter(|o| applies(o.id)) {
            allow |= bits(&o.allow);
            deny |= bits(&o.deny);
        }
        (held - deny) | allow
    };
    let people = without(of(everyone), &|id| id == everyone);
    let mut bot = member
        .roles
        .iter()
        .fold(of(everyone), |all, id| all | of(*id));
    if bot.contains(Permissions::ADMINISTRATOR) {
        bot = Permissions::all();
    } else {
        bot = without(bot, &|id| id == everyone);
        bot = without(bot, &|id| member.roles.contains(&id));
        bot = without(bot, &|id| id.0 == me);
    }
    Ok(Some(Held { bot, people }))
}
