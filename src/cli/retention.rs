//! `nohold retention`: complaints whose time is over, shown and erased.

use super::{Failure, beside, knowledge, left_over};
use crate::{
    clock::Clock,
    complaint::Profile,
    config::Settings,
    domain::{Complaint, Timestamp},
    store::{PersonKey, Store},
};
use std::{io::Write, process::ExitCode, time::Duration};

/// Why a complaint whose time is over is kept, where it is.
fn kept_since(complaint: &Complaint, profile: &Profile, now: Timestamp) -> Option<String> {
    let case = &complaint.case;
    if case.legal_hold.is_some() {
        return Some("kept: legal hold".to_owned());
    }
    let over = case.closed_at.zip(profile.keep);
    let ends = over.map(|(closed, keep)| profile.end_of(keep, closed));
    match ends {
        Some(ends) if ends < now => None,
        _ => Some(format!("kept: {} is not over yet", complaint.reference)),
    }
}

/// Whether everything that would be erased with a complaint may be: what else was told in the same conversations goes
/// along.
async fn obstacle(
    store: &Store,
    complaint: &Complaint,
    profile: &Profile,
    now: Timestamp,
) -> Result<Option<String>, Failure> {
    let key = PersonKey::Complaint(complaint.reference.clone());
    let Some(held) = store.held_on(&key).await? else {
        return Ok(Some("kept: it is gone meanwhile".to_owned()));
    };
    let mut kept = held.complaints.iter();
    Ok(kept.find_map(|c| kept_since(c, profile, now)))
}

/// What erases is done by one at a time, wherever the command is started: for so long from now on it is this one.
async fn hold(store: &Store) -> Result<(), Failure> {
    let held = store.hold(&["retention"], Duration::from_mins(2)).await?;
    if held.is_empty() {
        let text = "the same is done at this moment, by another command: wait until it has ended, two minutes at most \
                    where it was killed";
        return Err(text.into());
    }
    Ok(())
}

pub(super) async fn run(settings: Settings, apply: bool) -> Result<ExitCode, Failure> {
    let (_, policy) = knowledge(&settings)?;
    let profile = &policy.profile;
    let Some(keep) = profile.keep else {
        let text = "the profile says nothing of how long complaints are kept ('keep' in its file): none is over";
        return Err(format!("{}: {text}", profile.name).into());
    };
    let store = beside(&settings).await?;
    if apply {
        hold(&store).await?;
    }
    let now = Clock::system().now();
    let mut out = std::io::stdout().lock();
    let (mut over, mut erased) = (0, 0);
    for complaint in store.closed_before(now).await? {
        let closed = complaint.case.closed_at.unwrap_or(now);
        let ends = profile.end_of(keep, closed);
        if ends >= now || complaint.case.erased_at.is_some() {
            continue;
        }
        over += 1;
        let (reference, since) = (&complaint.reference, ends.rfc3339());
        let done = match obstacle(&store, &complaint, profile, now).await? {
            Some(why) => why,
            None if apply => {
                hold(&store).await?;
                let key = PersonKey::Complaint(reference.clone());
                store.erase(&key, now, "retention").await?;
                erased += 1;
                "erased".to_owned()
            }
            None => "would be erased".to_owned(),
        };
        writeln!(out, "{reference}  over since {since}  {done}")?;
    }
    if erased > 0 {
        store.forget_what_was_erased().await.map_err(left_over)?;
    }
    let end = if apply {
        store.let_go().await?;
        format!("{over} over, {erased} erased")
    } else {
        format!("{over} over; nothing was changed: --apply erases")
    };
    writeln!(out, "{end}")?;
    Ok(ExitCode::SUCCESS)
}
