//! Where a person can be answered so that nobody else reads along: their thread, a direct message, or an answer to
//! their last interaction that only they see. A channel that others read is none, whatever was noted once.

use super::{
    Discord, INBOX,
    known::Token,
    raw::Snowflake,
    trouble::{CallError, EDGE},
};
use crate::{
    domain::{Conversation, Remark},
    flow::{Audience, Vars},
    service::Service,
    store::StoreError,
};
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};
use serenity::all::{
    AutoArchiveDuration, ChannelType, CreateAllowedMentions, CreateMessage, CreateThread, Nonce,
    UserId,
};
use std::{sync::Arc, time::Duration};

/// The place of a conversation that has none yet: it is opened when something is to be said.
pub(super) const PRIVATE: &str = "private";
/// Marks of threads that were opened and that the person is not in yet: after this, the person's id; the value is the
/// thread's.
const OPENED: &str = "discord.opened.";
/// Errors of Discord: there is no such channel; direct messages are opened too fast; the thread is put away; it is
/// locked.
const UNKNOWN_CHANNEL: u64 = 10_003;
pub(super) const TOO_MANY: u64 = 40_003;
const PUT_AWAY: u64 = 50_083;
const LOCKED: u64 = 160_005;
const DIRECT: u64 = 1;

#[derive(Deserialize)]
struct Place {
    id: Snowflake,
    #[serde(default, rename = "type")]
    kind: u64,
}

/// A place where only one person reads along.
#[derive(Clone, Debug)]
pub(super) enum Spot {
    /// Their thread.
    Thread(u64),
    /// The direct message with them.
    Direct(u64),
    /// An answer to their last interaction.
    FollowUp(Token),
}

/// A way to such a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// A thread of theirs. They are brought in each time: they may have left it, or were taken out, and Discord tells
    /// us of neither.
    Thread(u64),
    /// A new thread, where they have none.
    NewThread,
    /// A direct message.
    Direct,
    /// An answer to their last interaction.
    FollowUp,
}

/// Why there is no place.
#[derive(Clone, Copy, Debug)]
pub(super) enum NoPlace {
    /// It may work later; not before that time, where it is told.
    NotNow(Option<Duration>),
    /// Not as things stand.
    Refused,
    /// Refused for the moment: another way may be open.
    RefusedNow,
}

impl From<CallError> for NoPlace {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Refused { code: EDGE, .. } => Self::NotNow(None),
            CallError::Refused { code: TOO_MANY, .. } => Self::RefusedNow,
            CallError::Refused { status, .. } if status != 401 => Self::Refused,
            CallError::TooFast(after) => Self::NotNow(Some(after)),
            _ => Self::NotNow(None),
        }
    }
}

impl From<StoreError> for NoPlace {
    fn from(_: StoreError) -> Self {
        Self::NotNow(None)
    }
}

/// The ways to a person, the best first.
pub(super) async fn ways(discord: &Discord, user: u64, place: &str) -> Result<Vec<Way>, NoPlace> {
    // In a thread nothing would be heard without the right to read it, or without a support channel.
    if discord.hears_no_threads() {
        return Ok(vec![Way::Direct, Way::FollowUp]);
    }
    let threads = &discord.threads;
    let written_in = place.parse::<u64>().ok();
    let theirs = |channel: &u64| threads.owner(*channel) == Some(user);
    let thread = written_in.filter(|c| theirs(c) && !threads.is_locked(*c));
    let thread = thread.or_else(|| threads.of(user)).map(Way::Thread);
    let private = |first: Option<Way>| {
        let others = [Way::NewThread, Way::Direct, Way::FollowUp];
        first.into_iter().chain(others).collect()
    };
    let direct = |second: Option<Way>| {
        let ways = [Some(Way::Direct), second, Some(Way::FollowUp)];
        ways.into_iter().flatten().collect()
    };
    let Some(channel) = written_in.filter(|c| !theirs(c)) else {
        return Ok(private(thread));
    };
    if discord.known.direct_of(user) == Some(channel) {
        return Ok(direct(thread));
    }
    // Noted by an earlier program, which took public channels for places: Discord says what it is.
    let path = format!("channels/{channel}");
    match discord.api.get::<Place>(&path).await {
        Ok(found) if found.kind == DIRECT => {
            discord.known.see_direct(user, channel);
            Ok(direct(thread))
        }
        Ok(_) => Ok(private(thread)),
        Err(error) => match error.into() {
            NoPlace::Refused | NoPlace::RefusedNow => Ok(private(thread)),
            later @ NoPlace::NotNow(_) => Err(later),
        },
    }
}

impl Way {
    /// Goes that way; none where it does not exist.
    pub(super) async fn open(
        self,
        discord: &Discord,
        service: &Arc<Service>,
        to: &Conversation,
        user: u64,
    ) -> Result<Option<Spot>, NoPlace> {
        match self {
            Self::Thread(thread) => {
                let joined = join(discord, thread, user).await;
                closed(discord, service, to, thread, joined).await?;
                Ok(Some(Spot::Thread(thread)))
            }
            Self::NewThread => {
                let none = discord.threads.of(user).is_none();
                let Some(support) = discord.support.filter(|_| none) else {
                    return Ok(None);
                };
                let _turn = discord.threads.opening(user).await;
                // Somebody else may have opened it meanwhile.
                let thread = match discord.threads.of(user) {
                    Some(thread) => thread,
                    None => new_thread(discord, service, to, support, user).await?,
                };
                Ok(Some(Spot::Thread(thread)))
            }
            Self::Direct => {
                if let Some(channel) = discord.known.direct_of(user) {
                    return Ok(Some(Spot::Direct(channel)));
                }
                let body = json!({"recipient_id": user.to_string()});
                let opened = discord
                    .api
                    .post::<Place>("users/@me/channels", &body)
                    .await?;
                discord.known.add_direct(service, user, opened.id.0).await;
                Ok(Some(Spot::Direct(opened.id.0)))
            }
            Self::FollowUp => Ok(discord.known.token_of(user).map(Spot::FollowUp)),
        }
    }
}

/// Brings the person into a thread; one that was put away is taken out again. One that we ourselves do not see any more
/// is as good as locked.
async fn join(discord: &Discord, thread: u64, user: u64) -> Result<(), CallError> {
    let path = format!("channels/{thread}/thread-members/{user}");
    let joined = discord.api.tell(Method::PUT, &path, None).await;
    match joined {
        Err(CallError::Refused { code: PUT_AWAY, .. }) => match reopen(discord, thread).await {
            Ok(()) => discord.api.tell(Method::PUT, &path, None).await,
            // It is locked as well: only a moderator can take it out.
            Err(CallError::Refused { code, .. }) if code != EDGE => joined,
            Err(error) => Err(error),
        },
        Err(CallError::Refused { status: 403, code }) if code != EDGE => {
            let seen = discord
                .api
                .get::<Place>(&format!("channels/{thread}"))
                .await;
            match seen {
                Err(CallError::Refused { status: 403, code }) if code != EDGE => {
                    let (status, code) = (403, LOCKED);
                    Err(CallError::Refused { status, code })
                }
                _ => joined,
            }
        }
        joined => joined,
    }
}

/// Takes a thread out again that was put away.
pub(super) async fn reopen(discord: &Discord, thread: u64) -> Result<(), CallError> {
    let path = format!("channels/{thread}");
    let body = json!({"archived": false});
    discord.api.tell(Method::PATCH, &path, Some(&body)).await
}

/// Whether an error says that the thread was put away, which can be undone.
pub(super) fn is_put_away(error: CallError) -> bool {
    matches!(error, CallError::Refused { code: PUT_AWAY, .. })
}

/// Where a call says that a thread is locked or gone: it is no thread of theirs any more, and the desk is told.
pub(super) async fn closed(
    discord: &Discord,
    service: &Arc<Service>,
    to: &Conversation,
    thread: u64,
    result: Result<(), CallError>,
) -> Result<(), CallError> {
    if let Err(CallError::Refused { code, .. }) = result
        && matches!(code, UNKNOWN_CHANNEL | LOCKED | PUT_AWAY)
    {
        if code == UNKNOWN_CHANNEL {
            discord.threads.drop(service, thread).await;
        } else {
            discord.threads.lock(service, thread).await;
        }
        let dedupe = format!("{INBOX}\u{1f}{}", closed_key(thread));
        // Where it cannot be written, the next answer goes elsewhere all the same.
        let _ = service
            .remark(to.id, Remark::PlaceClosed, None, Some(dedupe))
            .await;
    }
    result
}

/// By which it is known that a thread was closed, however we learn of it.
pub(super) fn closed_key(thread: u64) -> String {
    format!("closed:{thread}")
}

/// A new private thread with the person in it. One that they could not be brought into is kept for the next attempt, so
/// that there is never a second one.
async fn new_thread(
    discord: &Discord,
    service: &Arc<Service>,
    to: &Conversation,
    support: u64,
    user: u64,
) -> Result<u64, NoPlace> {
    let mark = format!("{OPENED}{user}");
    let opened = service.store.mark(&mark).await?;
    let thread = if let Some(thread) = opened.and_then(|id| id.parse().ok()) {
        thread
    } else {
        let name = say(service, &to.language, "discord.thread", Vars::new());
        let thread = CreateThread::new(name)
            .kind(ChannelType::PrivateThread)
            .invitable(false)
            .auto_archive_duration(AutoArchiveDuration::OneWeek);
        let path = format!("channels/{support}/threads");
        let place: Place = discord.api.post(&path, &thread).await?;
        let opened = place.id.0.to_string();
        service.store.set_mark(&mark, &opened).await?;
        place.id.0
    };
    let joined = join(discord, thread, user).await;
    if let Err(CallError::Refused {
        code: UNKNOWN_CHANNEL | LOCKED | PUT_AWAY,
        ..
    }) = joined
    {
        // Somebody closed it meanwhile: the next attempt opens a new one.
        service.store.drop_mark(&mark).await?;
        return Err(NoPlace::NotNow(None));
    }
    joined?;
    discord.threads.add(service, thread, user).await?;
    service.store.drop_mark(&mark).await?;
    welcome(discord, service, to, thread, user).await;
    Ok(thread)
}

/// The first word in a thread. Where it does not come through, the answer that follows does.
async fn welcome(
    discord: &Discord,
    service: &Arc<Service>,
    to: &Conversation,
    thread: u64,
    user: u64,
) {
    let vars = Vars::from([("person", format!("<@{user}>").into())]);
    let mentions = CreateAllowedMentions::new();
    let mentions = match std::num::NonZeroU64::new(user) {
        Some(user) => mentions.users([UserId::from(user)]),
        None => mentions,
    };
    let message = CreateMessage::new()
        .content(say(service, &to.language, "discord.moved", vars))
        .allowed_mentions(mentions)
        .nonce(Nonce::String(format!("moved{thread}")))
        .enforce_nonce(true);
    let path = format!("channels/{thread}/messages");
    let _ = discord.api.post::<Value>(&path, &message).await;
}

/// What was written in public is taken out of everybody's sight, where we may.
pub(super) async fn take_away(discord: &Discord, service: &Arc<Service>, user: u64) {
    for (channel, message) in discord.known.take_public(user) {
        let path = format!("channels/{channel}/messages/{message}");
        match discord.api.tell(Method::DELETE, &path, None).await {
            // What may not be taken away today may be tomorrow: it is tried again after the next answer.
            Err(
                CallError::TooFast(_)
                | CallError::Network
                | CallError::NotTheApi
                | CallError::Refused {
                    status: 401 | 403, ..
                },
            ) => discord.known.put_back(user, channel, message),
            deleted @ (Ok(()) | Err(CallError::Refused { .. })) => {
                let known = &discord.known;
                if deleted.is_err() {
                    // Gone already: nothing will be told of it.
                    known.took_away(message);
                }
                known.drop_public(service, user, channel, message).await;
            }
        }
    }
}

/// A phrase in a language, or in English where it has none in that.
pub(super) fn say(service: &Service, language: &str, key: &str, vars: Vars) -> String {
    let book = service.runtime();
    let phrases = &book.rules.flows.phrases;
    let spoken = if phrases.speaks(language, key) {
        language
    } else {
        "en"
    };
    phrases.say(&Audience::of(spoken), key, 0, || vars)
}
