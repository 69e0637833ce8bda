//! From the outbox to the person, by the best way on which nobody else reads along; sent with a number by which Discord
//! knows a repeat.

use super::{
    Discord, INBOX,
    api::Upload,
    known::Token,
    markup::{components, escaped},
    places::{self, NoPlace, PRIVATE, Spot, TOO_MANY, Way, closed, say},
    raw::Snowflake,
    trouble::{CallError, EDGE},
};
use crate::{
    channel::split::split,
    domain::{Choice, MessageId, Remark, event::FailReason},
    flow::Vars,
    service::{Progress, Service, Undelivered},
    store::{Outgoing, StoredFile},
};
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};
use serenity::all::{
    CreateAllowedMentions, CreateInteractionResponseFollowup, CreateMessage, MessageFlags, Nonce,
};
use sha2::{Digest, Sha256};
use std::{fmt::Write, sync::Arc, time::Duration};

/// Most characters of a message.
const LONGEST: usize = 2000;
/// Errors of Discord that say that a place is closed to us, whatever HTTP says: no such channel, webhook or
/// interaction; no access, no permission; takes no messages from us; the webhook's token is no longer good; thread put
/// away or locked; no server in common; the server's own rules take such words from nobody.
const CLOSED: [u64; 13] = [
    10_003, 10_015, 10_062, 50_001, 50_007, 50_013, 50_027, 50_083, 160_005, 50_278, 200_000,
    200_001, TOO_MANY,
];

/// How often it is told that a button leads nowhere, and the pause between.
const TELLS: u32 = 3;
const TELLS_AGAIN: Duration = Duration::from_millis(500);

#[derive(Deserialize)]
struct Sent {
    id: Snowflake,
}

/// A message on its way: its text in parts, then its files in one. The answers to choose from come with the last part
/// of the text.
struct Parcel<'a> {
    message: &'a Outgoing,
    texts: Vec<String>,
    files: &'a [StoredFile],
    /// So many parts are out.
    out: usize,
    ids: Vec<String>,
}

/// Sends a message.
pub(super) async fn deliver(
    discord: &Discord,
    service: &Arc<Service>,
    message: &Outgoing,
    files: &[StoredFile],
    progress: &dyn Progress,
) -> Result<Vec<String>, Undelivered> {
    let to = &message.conversation;
    let never = || Undelivered::Never(FailReason::Refused);
    let user: u64 = to.sender.parse().map_err(|_| never())?;
    let loaded = discord.load(service).await;
    loaded.map_err(|_| Undelivered::Later(None))?;
    let place = to.place.as_deref().unwrap_or(PRIVATE);
    let ways = places::ways(discord, user, place)
        .await
        .map_err(undelivered)?;
    let mut parcel = Parcel {
        message,
        texts: split(&message.message.text, LONGEST, |t| {
            escaped(t).chars().count()
        }),
        files,
        out: message.parts,
        ids: Vec::new(),
    };
    let (mut later, mut for_good) = (None, true);
    for way in &ways {
        let spot = match way.open(discord, service, to, user).await {
            Ok(Some(spot)) => spot,
            Ok(None) | Err(NoPlace::Refused) => continue,
            Err(NoPlace::RefusedNow) => {
                for_good = false;
                continue;
            }
            // Somebody may be in danger: another way, rather than a better one later.
            Err(NoPlace::NotNow(after)) if to.red_flag.is_some() => {
                later = Some(Undelivered::Later(after));
                continue;
            }
            Err(error) => return Err(undelivered(error)),
        };
        let sent = parcel.send(discord, &spot, progress).await;
        match sent {
            Ok(()) => {
                arrived(discord, service, message, user, &spot).await;
                return Ok(parcel.ids);
            }
            Err(error) if is_closed(error) => match spot {
                // What is closed for good is forgotten; what is refused today may be granted tomorrow.
                Spot::Thread(thread) => {
                    let _ = closed(discord, service, to, thread, Err(error)).await;
                }
                Spot::FollowUp(_) => discord.known.drop_token(user),
                Spot::Direct(_) => for_good &= !matches!(NoPlace::from(error), NoPlace::RefusedNow),
            },
            Err(error) => return Err(undelivered(error.into())),
        }
    }
    if let Some(later) = later {
        return Err(later);
    }
    if for_good && ways.first() == Some(&Way::Direct) {
        return Err(Undelivered::Never(FailReason::Blocked));
    }
    // Kept, and tried again: they may open their direct messages, or somebody gives the bot what it lacks.
    let dedupe = Some(format!("{INBOX}\u{1f}refused:{}", message.message.id));
    let _ = service
        .remark(to.id, Remark::PrivateRefused, None, dedupe)
        .await;
    Err(Undelivered::Later(None))
}

/// The person has it: what they wrote in public can go. An answer that only lasts a quarter of an hour is told as such,
/// to them and to the desk.
async fn arrived(
    discord: &Discord,
    service: &Arc<Service>,
    message: &Outgoing,
    user: u64,
    spot: &Spot,
) {
    let Spot::FollowUp(token) = spot else {
        return places::take_away(discord, service, user).await;
    };
    if !discord.known.asks(user) {
        return;
    }
    let to = &message.conversation;
    let words = say(service, &to.language, "discord.open_direct", Vars::new());
    let _ = follow_up(discord, token, Some(&words), &[], &[]).await;
    let dedupe = Some(format!("{INBOX}\u{1f}fleeting:{}", message.message.id));
    let _ = service.remark(to.id, Remark::Fleeting, None, dedupe).await;
}

impl Parcel<'_> {
    /// Sends what is not out yet to a place.
    async fn send(
        &mut self,
        discord: &Discord,
        spot: &Spot,
        progress: &dyn Progress,
    ) -> Result<(), CallError> {
        let all = self.texts.len() + usize::from(!self.files.is_empty());
        for part in self.out..all {
            if part > 0 {
                progress.breathe().await;
            }
            let mut sent = self.part(discord, spot, part).await;
            if let (Err(error), Spot::Thread(thread)) = (&sent, spot)
                && places::is_put_away(*error)
                && places::reopen(discord, *thread).await.is_ok()
            {
                sent = self.part(discord, spot, part).await;
            }
            self.ids.extend(sent?);
            self.out = part + 1;
            if part + 1 < all {
                progress.sent(part + 1).await;
            }
        }
        Ok(())
    }

    /// Sends one part; where it stands then.
    async fn part(
        &self,
        discord: &Discord,
        spot: &Spot,
        part: usize,
    ) -> Result<Option<String>, CallError> {
        let text = self.texts.get(part).map(String::as_str);
        let last = part + 1 == self.texts.len();
        let choices: &[Choice] = if last {
            &self.message.message.choices
        } else {
            &[]
        };
        let files = if text.is_none() { self.files } else { &[] };
        let channel = match spot {
            Spot::FollowUp(token) => {
                return follow_up(discord, token, text, choices, files)
                    .await
                    .map(|()| None);
            }
            Spot::Thread(channel) | Spot::Direct(channel) => channel,
        };
        let mut body = CreateMessage::new()
            .nonce(Nonce::String(nonce(self.message.message.id, part)))
            .enforce_nonce(true)
            .allowed_mentions(CreateAllowedMentions::new())
            // Links are shown as links, without a preview of what is behind them.
            .flags(MessageFlags::SUPPRESS_EMBEDS);
        if let Some(text) = text {
            body = body.content(escaped(text)).components(components(choices));
        }
        let path = format!("channels/{channel}/messages");
        let sent: Sent = post(discord, &path, json!(body), files).await?;
        Ok(Some(format!("{channel}:{}", sent.id.0)))
    }
}

/// Tells whoever pressed a button that it leads nowhere any more.
pub(super) async fn gone(discord: &Discord, token: &Token, words: &str) {
    for _ in 0..TELLS {
        let told = follow_up(discord, token, Some(words), &[], &[]).await;
        // Discord takes no further answer before it has the first one, which is on its way. Where none comes through,
        // nothing is lost.
        if !matches!(told, Err(CallError::Refused { status: 404, .. })) {
            return;
        }
        tokio::time::sleep(TELLS_AGAIN).await;
    }
}

/// Answers an interaction further; only the person sees it.
async fn follow_up(
    discord: &Discord,
    token: &Token,
    text: Option<&str>,
    choices: &[Choice],
    files: &[StoredFile],
) -> Result<(), CallError> {
    let mut body = CreateInteractionResponseFollowup::new()
        .ephemeral(true)
        .allowed_mentions(CreateAllowedMentions::new());
    if let Some(text) = text {
        body = body.content(escaped(text)).components(components(choices));
    }
    let mut body = json!(body);
    let quiet = MessageFlags::EPHEMERAL | MessageFlags::SUPPRESS_EMBEDS;
    body["flags"] = json!(quiet);
    let path = format!("webhooks/{}/{}", token.application, token.secret);
    post::<Value>(discord, &path, body, files).await.map(drop)
}

async fn post<R: serde::de::DeserializeOwned>(
    discord: &Discord,
    path: &str,
    mut body: Value,
    files: &[StoredFile],
) -> Result<R, CallError> {
    if files.is_empty() {
        return discord.api.post(path, &body).await;
    }
    let listed = (0..).zip(files);
    let listed = listed.map(|(id, file)| json!({"id": id, "filename": file.about.name}));
    body["attachments"] = listed.collect();
    let uploads: Vec<Upload<'_>> = (files.iter())
        .map(|f| {
            (
                f.about.name.as_str(),
                f.about.media_type.as_str(),
                f.content.as_slice(),
            )
        })
        .collect();
    discord.api.upload(path, &body, &uploads).await
}

/// The same part of the same message has the same number, so that one that was sent while its receipt was lost is not
/// shown twice. At most 25 characters.
fn nonce(message: MessageId, part: usize) -> String {
    let digest = Sha256::digest(format!("{message}/{part}").as_bytes());
    digest
        .iter()
        .take(12)
        .fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// Whether the place, and not the message, is what Discord refuses.
fn is_closed(error: CallError) -> bool {
    match error {
        CallError::Refused { code: EDGE, .. } => false,
        CallError::Refused { status, code } => {
            CLOSED.contains(&code) || matches!(status, 403 | 404)
        }
        _ => false,
    }
}

/// What to do about a place that is not there.
fn undelivered(error: NoPlace) -> Undelivered {
    match error {
        NoPlace::NotNow(after) => Undelivered::Later(after),
        NoPlace::RefusedNow => Undelivered::Later(None),
        NoPlace::Refused => Undelivered::Never(FailReason::Refused),
    }
}

pub(super) async fn typing(discord: &Discord, place: &str) {
    if let Ok(channel) = place.parse::<u64>()
        && (discord.known.is_direct(channel) || discord.threads.owner(channel).is_some())
    {
        // A sign that does not come through is missed by nobody.
        let path = format!("channels/{channel}/typing");
        let _ = discord.api.tell(Method::POST, &path, None).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeat_has_the_same_number_and_another_part_another() {
        let id = MessageId(uuid::Uuid::from_u128(7));
        assert_eq!(nonce(id, 0), nonce(id, 0));
        assert_ne!(nonce(id, 0), nonce(id, 1));
        assert!(nonce(id, 0).len() <= 25);
    }
}
