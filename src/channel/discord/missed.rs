//! What was written while no session was open: Discord does not send it again, so it is read from the channels. A gap
//! is noted on disk before anything that came after it, and stays noted until what was found in it is on disk too.

use super::{
    Discord, INBOX,
    arrivals::{Gap, Kept, arrivals},
    raw::Snowflake,
    trouble::{CallError, EDGE},
};
use crate::{
    domain::Timestamp,
    service::Service,
    store::{Arrival, StoreError},
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{collections::BTreeSet, sync::Arc, time::Duration};
use tokio::sync::{Notify, mpsc};

/// Marks of gaps: after this the shard and when it was found; the value is the time since when something is missing.
const GAPS: &str = "discord.missed.";
/// The type of a channel that is a direct message.
const DIRECT: u64 = 1;
/// Discord's first moment, in milliseconds since 1970: ids hold the time since then.
const EPOCH: i64 = 1_420_070_400_000;
/// Seconds by which it looks further back than the last word that is on disk.
const MARGIN: i64 = 60;
/// Messages or threads a call, at most; and conversations that are looked through, the latest first.
const AT_ONCE: usize = 100;
const CONVERSATIONS: i64 = 500;
/// Calls for threads that were put away meanwhile, at most.
const LISTS: usize = 10;
/// The first pause where Discord is in trouble, and the longest; it doubles.
const PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_mins(5);
/// However soon Discord lets us come back.
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);

/// A gap of a shard's, found at that time.
pub(super) fn gap(shard: &str, found: Timestamp, since: Timestamp) -> Gap {
    Gap::Open {
        mark: format!("{GAPS}{shard}.{}", found.0),
        since,
    }
}

/// Writes down what is known of a gap.
pub(super) async fn note(service: &Service, gap: &Gap) -> Result<(), StoreError> {
    match gap {
        Gap::Open { mark, since } => service.store.set_mark(mark, &since.0.to_string()).await,
        Gap::Filled(marks) => {
            for mark in marks {
                service.store.drop_mark(mark).await?;
            }
            Ok(())
        }
    }
}

/// Fills every gap that is noted, also those that an earlier program did not get to, and again whenever it is told that
/// there is one. Ends only where nothing is written down any more.
pub(super) async fn fill(
    discord: &Discord,
    service: &Arc<Service>,
    told: &Notify,
    kept: mpsc::Sender<Kept>,
) {
    let mut pause = PAUSE;
    loop {
        let Ok(gaps) = service.store.marks(GAPS).await else {
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
            continue;
        };
        pause = PAUSE;
        let times = gaps
            .iter()
            .filter_map(|(_, since)| since.parse::<i64>().ok());
        if let Some(since) = times.min().map(Timestamp) {
            let since = since.plus_seconds(-MARGIN);
            let filled = Gap::Filled(gaps.into_iter().map(|(mark, _)| mark).collect());
            let whole = tokio::select! {
                () = look_through(discord, service, since, &kept) => true,
                // There is one more: all are looked through together.
                () = told.notified() => false,
            };
            if !whole {
                continue;
            }
            // Behind everything that was found, so that it is written after that.
            if kept.send(found(Vec::new(), Some(filled))).await.is_err() {
                return;
            }
        }
        told.notified().await;
    }
}

fn found(arrivals: Vec<Arrival>, gap: Option<Gap>) -> Kept {
    Kept {
        arrivals,
        name: GAPS.to_owned(),
        standing: None,
        gap,
    }
}

/// Reads every place where people may have written since then. Where Discord is in trouble or wants us to wait, it goes
/// on from where it was.
async fn look_through(
    discord: &Discord,
    service: &Arc<Service>,
    since: Timestamp,
    kept: &mpsc::Sender<Kept>,
) {
    let mut listed = false;
    let mut left: Vec<Unread> = Vec::new();
    let mut pause = PAUSE;
    loop {
        let (mut trouble, mut wait) = (false, Duration::ZERO);
        if !listed {
            match places(discord, service, since, kept).await {
                Ok(places) => {
                    let after = first_id(since);
                    left = places
                        .iter()
                        .map(|&place| Unread { place, after })
                        .collect();
                    listed = true;
                }
                Err(error) => (trouble, wait) = (true, error.unwrap_or_default()),
            }
        }
        let mut still = Vec::new();
        for mut unread in left {
            match unread.read(discord, kept).await {
                Ok(()) => pause = PAUSE,
                Err(CallError::TooFast(after)) => {
                    wait = wait.max(after);
                    still.push(unread);
                }
                Err(error) if is_for_good(error) => {}
                Err(_) => {
                    trouble = true;
                    still.push(unread);
                }
            }
        }
        left = still;
        if listed && left.is_empty() {
            return;
        }
        if trouble {
            wait = wait.max(pause);
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        tokio::time::sleep(wait.max(SHORTEST_PAUSE)).await;
    }
}

/// Whether Discord itself refuses it: a channel that is gone, or closed to us, holds nothing up.
fn is_for_good(error: CallError) -> bool {
    matches!(error, CallError::Refused { status, code } if status != 401 && code != EDGE)
}

/// The places where people may have written: the support channel and people's threads under it, and where the latest
/// conversations are held. An error tells how long is to be waited, where Discord says so.
async fn places(
    discord: &Discord,
    service: &Arc<Service>,
    since: Timestamp,
    kept: &mpsc::Sender<Kept>,
) -> Result<Vec<u64>, Option<Duration>> {
    let threads = match threads(discord, Some(since)).await {
        Ok(threads) => threads,
        Err(error) if is_for_good(error) => Vec::new(),
        Err(CallError::TooFast(after)) => return Err(Some(after)),
        Err(_) => return Err(None),
    };
    if !threads.is_empty() {
        let _ = kept.send(found(threads, None)).await;
    }
    let latest = service.store.places(INBOX, CONVERSATIONS).await;
    let latest = latest.map_err(|_| None)?;
    let talked: BTreeSet<u64> = latest
        .iter()
        .flat_map(|(sender, place)| talked_at(discord, sender, place))
        .collect();
    let first = discord
        .support
        .into_iter()
        .chain(discord.threads.branches());
    let first: Vec<u64> = first.collect();
    let others = talked.into_iter().filter(|place| !first.contains(place));
    Ok(first.iter().copied().chain(others).collect())
}

/// Where a person may have written: where they wrote last, and the places that were opened for them.
fn talked_at(discord: &Discord, sender: &str, place: &str) -> Vec<u64> {
    let user = sender.parse().unwrap_or_default();
    let opened = [discord.threads.of(user), discord.known.direct_of(user)];
    opened.into_iter().flatten().chain(place.parse()).collect()
}

#[derive(Deserialize)]
struct InServer {
    #[serde(default)]
    guild_id: Option<Snowflake>,
}

/// Learns how the threads under the support channel stand, where the gateway does not tell: it does so when a session
/// begins, and not when one is taken up by a program that was away. Since a time, those that were put away after it are
/// asked for as well. What it finds of ours is to be kept.
pub(super) async fn threads(
    discord: &Discord,
    since: Option<Timestamp>,
) -> Result<Vec<Arrival>, CallError> {
    let Some(support) = discord.support.filter(|_| !discord.hears_no_threads()) else {
        return Ok(Vec::new());
    };
    let channel: InServer = discord.api.get(&format!("channels/{support}")).await?;
    let Some(Snowflake(guild)) = channel.guild_id else {
        return Ok(Vec::new());
    };
    let path = format!("guilds/{guild}/threads/active");
    let active: Value = discord.api.get(&path).await?;
    let learnt = |list: &Value| arrivals(discord, "THREAD_LIST_SYNC", list, "");
    let mut all = learnt(&active);
    let Some(since) = since else {
        return Ok(all);
    };
    let mut before = String::new();
    for _ in 0..LISTS {
        let path = format!("channels/{support}/threads/archived/public?limit={AT_ONCE}{before}");
        let list: Value = match discord.api.get(&path).await {
            Ok(list) => list,
            // Without the right to read what was written, nothing in them could be read either.
            Err(error) if is_for_good(error) => break,
            Err(error) => return Err(error),
        };
        let threads = list["threads"].as_array().into_iter().flatten();
        let put_away = |t: &&Value| {
            let at = t["thread_metadata"]["archive_timestamp"].as_str()?;
            at.parse::<jiff::Timestamp>().ok()
        };
        let fresh = |t: &&Value| put_away(t).is_none_or(|at| Timestamp::from(at) >= since);
        let fresh: Vec<&Value> = threads.filter(fresh).collect();
        all.extend(learnt(&json!({"threads": fresh})));
        // The latest come first: what follows an older one is older still.
        let last = fresh.last().and_then(put_away);
        let more = list["has_more"] == true && fresh.len() >= AT_ONCE;
        let Some(last) = last.filter(|_| more) else {
            break;
        };
        before = format!("&before={last}");
    }
    Ok(all)
}

/// The smallest id of that moment.
fn first_id(at: Timestamp) -> u64 {
    ((at.0 / 1000 - EPOCH).max(0) as u64) << 22
}

/// A place that is being read.
struct Unread {
    place: u64,
    /// The last message that was read.
    after: u64,
}

impl Unread {
    async fn read(
        &mut self,
        discord: &Discord,
        kept: &mpsc::Sender<Kept>,
    ) -> Result<(), CallError> {
        let place = self.place;
        let in_guild = discord.is_public(place) || discord.threads.owner(place).is_some();
        // A place that is none of these may be anything by now: only a direct message is read as one.
        if !in_guild && !discord.known.is_direct(place) {
            let found: Value = discord.api.get(&format!("channels/{place}")).await?;
            if found["type"].as_u64() != Some(DIRECT) {
                return Ok(());
            }
        }
        loop {
            let after = self.after;
            let path = format!("channels/{place}/messages?after={after}&limit={AT_ONCE}");
            let mut messages: Vec<Value> = discord.api.get(&path).await?;
            let full = messages.len() >= AT_ONCE;
            let id = |m: &Value| m["id"].as_str().and_then(|id| id.parse::<u64>().ok());
            messages.sort_by_key(|m| id(m).unwrap_or_default());
            for mut message in messages {
                if in_guild {
                    // The gateway says in which server; a channel's own list does not.
                    message["guild_id"] = "0".into();
                }
                let of_ours = arrivals(discord, "MESSAGE_CREATE", &message, "");
                if !of_ours.is_empty() && kept.send(found(of_ours, None)).await.is_err() {
                    return Ok(());
                }
                self.after = self.after.max(id(&message).unwrap_or_default());
            }
            // A page that leads no further is the last.
            if !full || self.after == after {
                return Ok(());
            }
        }
    }
}
