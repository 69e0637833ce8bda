//! The few things that are asked of the mailbox.

use super::connect::{ANSWER, Session, Trouble, answer};
use async_imap::{
    extensions::idle::IdleResponse,
    types::{Fetch, UnsolicitedResponse},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use futures_util::TryStreamExt;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tokio::time::timeout;

/// How long a large mail may take.
const FETCH: Duration = Duration::from_mins(10);
/// How much of a mail that is too large is fetched, in bytes: its head, and mostly the first text.
const BEGINNING: u32 = 64 << 10;
/// What is fetched in one go.
const AT_ONCE: usize = 25;
const BYTES_AT_ONCE: u64 = 4 << 20;

/// A mail as it is kept until it is read.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Kept {
    /// Whether it is all of it.
    pub whole: bool,
    /// Its bytes, in Base64: mails need not be text.
    raw: String,
}

impl Kept {
    fn new(raw: &[u8], whole: bool) -> Self {
        Self {
            whole,
            raw: STANDARD.encode(raw),
        }
    }

    /// Its bytes.
    pub(super) fn raw(&self) -> Option<Vec<u8>> {
        STANDARD.decode(&self.raw).ok()
    }
}

/// A mail that was fetched.
#[derive(Debug)]
pub(super) struct Mail {
    /// Its number in the folder.
    pub uid: u32,
    /// Its bytes.
    pub raw: Vec<u8>,
    /// Whether they are all of it.
    pub whole: bool,
}

impl Mail {
    pub(super) fn kept(&self) -> Kept {
        Kept::new(&self.raw, self.whole)
    }
}

/// The folder, as it stood when it was opened.
#[derive(Clone, Copy, Debug)]
pub(super) struct Folder {
    /// Which numbering of the mails this is.
    pub validity: u32,
    /// The number that the next mail will have.
    pub next: u32,
    /// How many mails are in it.
    pub mails: u32,
}

/// Opens a folder, and says whether the server tells of new mail by itself.
pub(super) async fn folder(session: &mut Session, name: &str) -> Result<(Folder, bool), Trouble> {
    let can = answer(ANSWER, session.capabilities()).await?;
    let opened = answer(ANSWER, session.select(name))
        .await
        .map_err(|trouble| match trouble {
            Trouble::Server => Trouble::Folder,
            other => other,
        })?;
    alive(session).await?;
    let next = if let Some(next) = opened.uid_next {
        next
    } else {
        let all = answer(ANSWER, session.uid_search("ALL")).await?;
        alive(session).await?;
        all.into_iter().max().unwrap_or(0) + 1
    };
    let folder = Folder {
        validity: opened.uid_validity.unwrap_or_default(),
        next,
        mails: opened.exists,
    };
    Ok((folder, can.has_str("IDLE")))
}

async fn fetch(session: &mut Session, uids: &str, what: &str) -> Result<Vec<Fetch>, Trouble> {
    let fetched = async { session.uid_fetch(uids, what).await?.try_collect().await };
    let fetched = answer(FETCH, fetched).await?;
    alive(session).await?;
    Ok(fetched)
}

/// Whether the line still stands. The library takes its end for the end of an answer, so what is short is not believed
/// without this.
async fn alive(session: &mut Session) -> Result<(), Trouble> {
    answer(ANSWER, session.run_command_and_check_ok("NOOP")).await
}

/// The numbers and sizes of the mails after that one, rising.
pub(super) async fn after(session: &mut Session, last: u32) -> Result<Vec<(u32, u32)>, Trouble> {
    // What was told before this look is seen by it.
    while session.unsolicited_responses.try_recv().is_ok() {}
    let uids = format!("{}:*", last.saturating_add(1));
    // "n:*" names the last mail also where its number is smaller.
    let mails = sizes(session, &uids).await?;
    Ok(mails.into_iter().filter(|(uid, _)| *uid > last).collect())
}

async fn sizes(session: &mut Session, uids: &str) -> Result<Vec<(u32, u32)>, Trouble> {
    let fetched = fetch(session, uids, "(UID RFC822.SIZE)").await?;
    let mut mails: Vec<(u32, u32)> = fetched
        .iter()
        .filter_map(|f| Some((f.uid?, f.size?)))
        .collect();
    mails.sort_unstable();
    mails.dedup();
    Ok(mails)
}

/// The numbers and sizes of the mails that nobody has read and that came since that day.
pub(super) async fn unread_since(
    session: &mut Session,
    day: &str,
) -> Result<Vec<(u32, u32)>, Trouble> {
    let query = format!("UNSEEN SINCE {day}");
    let found = answer(ANSWER, session.uid_search(query)).await?;
    alive(session).await?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    sizes(session, &set(found.into_iter())).await
}

/// Which of these mails are in the folder.
pub(super) async fn there(session: &mut Session, uids: &[u32]) -> Result<Vec<u32>, Trouble> {
    let found = sizes(session, &set(uids.iter().copied())).await?;
    Ok(found.into_iter().map(|(uid, _)| uid).collect())
}

/// As many of the first mails as are fetched in one go.
pub(super) fn batch(mails: &[(u32, u32)], most: u32) -> &[(u32, u32)] {
    let mut bytes = 0;
    let fits = |(_, size): &&(u32, u32)| {
        bytes += u64::from((*size).min(most));
        bytes <= BYTES_AT_ONCE
    };
    let count = mails.iter().take(AT_ONCE).take_while(fits).count();
    &mails[..count.max(1).min(mails.len())]
}

/// Fetches mails; of those that are larger than `most` bytes the beginning. One that is gone meanwhile is not among
/// them.
pub(super) async fn mails(
    session: &mut Session,
    wanted: &[(u32, u32)],
    most: u32,
) -> Result<Vec<Mail>, Trouble> {
    let (small, large): (Vec<_>, Vec<_>) = wanted.iter().partition(|(_, size)| *size <= most);
    let mut mails = Vec::with_capacity(wanted.len());
    for (uids, whole) in [(small, true), (large, false)] {
        if uids.is_empty() {
            continue;
        }
        let what = if whole {
            "(UID BODY.PEEK[])".to_owned()
        } else {
            format!("(UID BODY.PEEK[]<0.{BEGINNING}>)")
        };
        let uids = set(uids.into_iter().map(|(uid, _)| uid));
        for fetched in fetch(session, &uids, &what).await? {
            if let (Some(uid), Some(raw)) = (fetched.uid, fetched.body()) {
                let raw = raw.to_vec();
                mails.push(Mail { uid, raw, whole });
            }
        }
    }
    mails.sort_unstable_by_key(|m| m.uid);
    Ok(mails)
}

/// Marks mails as read. Whether the server let us.
pub(super) async fn mark_read(session: &mut Session, uids: &[u32]) -> Result<bool, Trouble> {
    if uids.is_empty() {
        return Ok(true);
    }
    let command = format!(
        "UID STORE {} +FLAGS.SILENT (\\Seen)",
        set(uids.iter().copied())
    );
    match answer(ANSWER, session.run_command_and_check_ok(command)).await {
        Ok(()) => Ok(true),
        Err(Trouble::Server) => Ok(false),
        Err(other) => Err(other),
    }
}

/// Waits until the server tells that something is new, for so long, or until `rung`.
pub(super) async fn idle(
    session: Session,
    time: Duration,
    rung: impl Future<Output = ()>,
) -> Result<Session, Trouble> {
    let told = session.unsolicited_responses.clone();
    let mut idle = session.idle();
    answer(ANSWER, idle.init()).await?;
    // What came since the last look, also with the answer to another command, is not told again.
    let mut new = false;
    while let Ok(response) = told.try_recv() {
        new |= matches!(response, UnsolicitedResponse::Exists(_));
    }
    if !new {
        let (waiting, _interrupt) = idle.wait_with_timeout(time);
        // Nobody else interrupts it: this is how the end of the line shows.
        let ended = tokio::select! {
            waited = timeout(time, waiting) => {
                matches!(waited, Ok(Err(_) | Ok(IdleResponse::ManualInterrupt)))
            }
            () = rung => false,
        };
        if ended {
            return Err(Trouble::Network);
        }
    }
    answer(ANSWER, idle.done()).await
}

/// Numbers as a server wants them.
fn set(uids: impl Iterator<Item = u32>) -> String {
    let uids: Vec<String> = uids.map(|uid| uid.to_string()).collect();
    uids.join(",")
}
