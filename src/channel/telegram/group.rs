//! Somebody turned to the bot in a group, where others read along: they are invited to talk privately, and nothing is
//! kept.

use super::{Telegram, api::CallError, send};
use crate::{
    domain::RedFlag,
    flow::{Audience, Text, Vars},
    service::{Reading, Service},
};
use std::{sync::Arc, time::Duration};

/// Seconds for which safety words are tried again.
const FRESH: i64 = 900;

/// What somebody said to the bot there.
pub(super) struct Asked {
    pub(super) chat: i64,
    /// The topic in it.
    pub(super) thread: Option<i32>,
    pub(super) message: i32,
    pub(super) text: String,
    /// When, in seconds since 1970.
    pub(super) at: Option<i64>,
}

/// Answers them there. Safety words that were not taken are said again.
pub(super) async fn asked(
    telegram: &Telegram,
    service: &Arc<Service>,
    asked: Asked,
    username: &str,
) -> Reading {
    let (words, danger) = invitation(service, &asked.text, username);
    let sent = send::in_group(telegram, asked.chat, asked.thread, asked.message, words).await;
    let fresh = (asked.at).is_some_and(|at| service.clock.now().0 / 1_000_000 - at <= FRESH);
    // Nothing was promised in the group: an invitation that does not go out keeps nobody waiting.
    if !danger || !fresh {
        return Reading::Nothing;
    }
    match sent {
        Ok(())
        | Err(CallError::Refused {
            code: 400..=428, ..
        }) => Reading::Nothing,
        Err(error) => {
            if let CallError::Refused {
                retry_after: Some(seconds),
                ..
            } = error
            {
                // The chat is this lane: nobody else waits for it.
                tokio::time::sleep(Duration::from_secs(seconds)).await;
            }
            Reading::NotNow
        }
    }
}

/// What is said in a group: let's talk privately. Where somebody may be in danger, the safety message comes first, here
/// and now.
fn invitation(service: &Service, text: &str, username: &str) -> (String, bool) {
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
        Some(flag) => {
            let safety = say(&format!("group.danger.{flag}"));
            (format!("{safety}\n\n{invitation}"), true)
        }
        None => (invitation, false),
    }
}
