//! What of the gateway's events is kept, and as what.

use super::{
    Discord,
    events::{Heard, Thread, hear},
    interactions,
    places::closed_key,
};
use crate::{domain::Timestamp, store::Arrival};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Our own name for a thread of ours that was locked or deleted, beside the names of Discord's events.
pub(super) const CLOSED: &str = "nohold.thread_closed";

/// A thread of ours that was locked or deleted, and whose it was.
#[derive(Serialize, Deserialize)]
pub(super) struct Closed {
    pub(super) thread: u64,
    pub(super) user: u64,
    /// It was deleted.
    #[serde(default)]
    pub(super) gone: bool,
}

/// What is to be kept of one event: the parts of it that are ours, and where the session stands after it.
pub(super) struct Kept {
    pub(super) arrivals: Vec<Arrival>,
    pub(super) name: String,
    pub(super) standing: Option<String>,
    pub(super) gap: Option<Gap>,
}

/// What of the line's history is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// What came since that time was not told to us: noted on disk under that name before the new session's place is.
    Open { mark: String, since: Timestamp },
    /// The gaps of those names are filled, once what was found is on disk.
    Filled(Vec<String>),
}

/// An arrival's event: its name and content.
pub(super) fn parts(arrival: &Arrival) -> Option<(String, Value)> {
    let mut event: Value = serde_json::from_str(&arrival.body).ok()?;
    Some((event["t"].as_str()?.to_owned(), event["d"].take()))
}

fn kept(id: String, lane: u64, kind: &str, content: &Value) -> Arrival {
    Arrival {
        id,
        lane: lane.to_string(),
        body: json!({"t": kind, "d": content}).to_string(),
        note: None,
    }
}

/// An event as it is kept; nothing where it does not concern us, so that the talk of a whole server is never written
/// down. `place` is its place in the line: what has no id of its own is known by it.
pub(super) fn arrivals(
    discord: &Discord,
    kind: &str,
    content: &Value,
    place: &str,
) -> Vec<Arrival> {
    let ours = |channel: u64, in_guild: bool| {
        !in_guild || discord.is_public(channel) || discord.threads.owner(channel).is_some()
    };
    // Many write in public: nobody waits for another there.
    let lane = |channel: u64, user: u64, in_guild: bool| {
        let own = !in_guild || discord.threads.owner(channel).is_some();
        if own { channel } else { user }
    };
    match hear(kind, content) {
        // Without its parts nobody can say whose it is; it is kept, and counted.
        Heard::Unreadable => {
            vec![Arrival {
                lane: String::new(),
                ..kept(format!("{kind}:{}", content["id"]), 0, kind, content)
            }]
        }
        Heard::Said(m) if ours(m.channel, m.in_guild) => {
            let lane = lane(m.channel, m.author, m.in_guild);
            vec![kept(format!("said:{}", m.message), lane, kind, content)]
        }
        Heard::Edited(m, at) if ours(m.channel, m.in_guild) => {
            let lane = lane(m.channel, m.author, m.in_guild);
            vec![kept(
                format!("edited:{}:{at}", m.message),
                lane,
                kind,
                content,
            )]
        }
        Heard::Deleted(d) if ours(d.channel, d.in_guild) => {
            // Each by itself: they may belong to several people.
            let each = |message: &u64| {
                let content = json!({"id": message.to_string(), "channel_id": d.channel.to_string(), "by_other": !d.by_writer});
                kept(
                    format!("deleted:{message}"),
                    d.channel,
                    "MESSAGE_DELETE",
                    &content,
                )
            };
            let theirs = d.messages.iter().filter(|m| !discord.known.took_away(**m));
            theirs.map(each).collect()
        }
        // Where a form is offered, what counts is the form that comes back; somebody else's buttons are not theirs to
        // press.
        Heard::Acted(a)
            if !interactions::wants_form(&a) && interactions::is_theirs(discord, &a) =>
        {
            let lane = lane(a.channel, a.user, a.in_guild);
            vec![kept(format!("acted:{}", a.id), lane, kind, content)]
        }
        Heard::Threads(threads) => {
            let me = discord.me.get().copied();
            discord.threads.see(&threads, discord.support, me);
            let is_news = |t: &&Thread| t.gone || t.locked && !discord.threads.is_locked(t.id);
            let of_ours = threads.iter().filter(is_news).filter_map(|t| {
                let user = discord.threads.owner(t.id)?;
                let content = json!(Closed {
                    thread: t.id,
                    user,
                    gone: t.gone
                });
                Some(kept(closed_key(t.id), t.id, CLOSED, &content))
            });
            of_ours.collect()
        }
        // Only the person's own, where nobody else reads along.
        Heard::Reacted(r) if !r.in_guild || discord.threads.owner(r.channel) == Some(r.user) => {
            vec![kept(format!("reacted:{place}"), r.channel, kind, content)]
        }
        _ => Vec::new(),
    }
}
