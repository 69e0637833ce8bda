//! What was written while no session was open: Discord does not send it again, so it is read from the channels.

use super::{
    Discord, INBOX,
    api::CallError,
    arrivals::{Kept, arrivals},
};
use crate::{domain::Timestamp, service::Service};
use serde_json::Value;
use std::{collections::BTreeSet, sync::Arc, time::Duration};
use tokio::sync::mpsc;

/// The type of a channel that is a direct message.
const DIRECT: u64 = 1;
/// Discord's first moment, in milliseconds since 1970: ids hold the time since then.
const EPOCH: i64 = 1_420_070_400_000;
/// Seconds by which it looks further back than the last word that is on disk.
const MARGIN: i64 = 60;
/// Messages a call, at most; and conversations that are looked through, the latest first.
const AT_ONCE: usize = 100;
const CONVERSATIONS: i64 = 500;
/// How often a channel is asked for, and the first pause where Discord is in trouble; it doubles.
const TRIES: u32 = 8;
const PAUSE: Duration = Duration::from_secs(1);

/// A session that is gone, and when it was last written down.
pub(super) struct Gap {
    pub(super) name: String,
    pub(super) since: Timestamp,
}

/// Fills every gap that it is told of; never ends by itself.
pub(super) async fn fill(
    discord: &Discord,
    service: &Arc<Service>,
    mut gaps: mpsc::Receiver<Gap>,
    kept: mpsc::Sender<Kept>,
) {
    while let Some(gap) = gaps.recv().await {
        let since = gap.since.plus_seconds(-MARGIN);
        let latest = service.store.places(INBOX, CONVERSATIONS).await;
        let places: BTreeSet<u64> = latest
            .unwrap_or_default()
            .iter()
            .flat_map(|(sender, place)| talked_at(discord, sender, place))
            .collect();
        let branches = discord.known.branches();
        let first = discord.support.into_iter().chain(branches);
        for place in first.chain(places) {
            let mut pause = PAUSE;
            // A channel that is refused holds nothing up; where Discord is in trouble or wants us to wait, it is asked again.
            for _ in 0..TRIES {
                match read(discord, place, since, &gap.name, &kept).await {
                    Ok(()) | Err(CallError::Refused { .. }) => break,
                    Err(CallError::TooFast(after)) => tokio::time::sleep(after).await,
                    Err(CallError::Network | CallError::NotTheApi) => {
                        tokio::time::sleep(pause).await;
                        pause *= 2;
                    }
                }
            }
        }
    }
}

/// Where a person may have written: where they wrote last, and the places that were opened for them.
fn talked_at(discord: &Discord, sender: &str, place: &str) -> Vec<u64> {
    let user = sender.parse().unwrap_or_default();
    let known = &discord.known;
    let opened = [known.thread_of(user), known.direct_of(user)];
    opened.into_iter().flatten().chain(place.parse()).collect()
}

/// Whether Discord says that it is a direct message.
async fn is_direct(discord: &Discord, place: u64) -> Result<bool, CallError> {
    let found: Value = discord.api.get(&format!("channels/{place}")).await?;
    Ok(found["type"].as_u64() == Some(DIRECT))
}

/// The smallest id of that moment.
fn first_id(at: Timestamp) -> u64 {
    ((at.0 / 1000 - EPOCH).max(0) as u64) << 22
}

async fn read(
    discord: &Discord,
    place: u64,
    since: Timestamp,
    name: &str,
    kept: &mpsc::Sender<Kept>,
) -> Result<(), CallError> {
    let mut after = first_id(since);
    let in_guild = discord.is_public(place) || discord.known.owner(place).is_some();
    // A place that is none of these may be anything by now: only a direct message is read as one.
    if !in_guild && !discord.known.is_direct(place) && !is_direct(discord, place).await? {
        return Ok(());
    }
    loop {
        let path = format!("channels/{place}/messages?after={after}&limit={AT_ONCE}");
        let mut messages: Vec<Value> = discord.api.get(&path).await?;
        let full = messages.len() >= AT_ONCE;
        let id = |m: &Value| m["id"].as_str().and_then(|id| id.parse::<u64>().ok());
        messages.sort_by_key(|m| id(m).unwrap_or_default());
        for mut message in messages {
            after = after.max(id(&message).unwrap_or_default());
            if in_guild {
                // The gateway says in which server; a channel's own list does not.
                message["guild_id"] = "0".into();
            }
            let item = Kept {
                arrivals: arrivals(discord, "MESSAGE_CREATE", &message),
                name: name.to_owned(),
                standing: None,
            };
            if !item.arrivals.is_empty() && kept.send(item).await.is_err() {
                return Ok(());
            }
        }
        if !full {
            return Ok(());
        }
    }
}
