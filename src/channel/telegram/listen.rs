//! The line: long polling, or the webhook.

use super::{INBOX, Me, Telegram, api::CallError, business, read, webhook};
use crate::{
    domain::event::Command,
    flow::{Audience, Vars},
    service::{Channel, Down, DownReason, Service},
};
use serde::Deserialize;
use std::{sync::Arc, time::Duration};
use teloxide::{
    payloads::{DeleteWebhook, GetMe, GetUpdates, GetUpdatesSetters, SetMyCommands},
    types::{AllowedUpdate, BotCommand},
};

/// Seconds for which Telegram may hold a call until something comes.
const HOLD: u32 = 25;
/// The shortest time between two calls that bring nothing.
const BREATH: Duration = Duration::from_millis(200);
/// How many updates one call brings at most.
const AT_ONCE: u8 = 100;

/// The kinds of updates that we ask for.
pub(super) fn wanted() -> [AllowedUpdate; 9] {
    [
        AllowedUpdate::Message,
        AllowedUpdate::EditedMessage,
        AllowedUpdate::CallbackQuery,
        AllowedUpdate::BusinessConnection,
        AllowedUpdate::BusinessMessage,
        AllowedUpdate::EditedBusinessMessage,
        AllowedUpdate::DeletedBusinessMessages,
        AllowedUpdate::MyChatMember,
        AllowedUpdate::MessageReaction,
    ]
}

#[derive(Deserialize)]
struct Myself {
    id: u64,
    #[serde(default)]
    username: String,
}

pub(super) async fn listen(
    telegram: &Telegram,
    service: &Arc<Service>,
    line: &Arc<dyn Channel>,
) -> Down {
    let listening = async {
        let me: Myself = telegram.api.call(&GetMe {}).await?;
        let _ = telegram.me.set(Me {
            id: me.id,
            username: me.username,
        });
        name_commands(telegram, service).await;
        if telegram.webhook.is_some() {
            webhook::keep(telegram, service).await
        } else {
            poll(telegram, service, line).await
        }
    };
    match listening.await {
        Ok(never) => match never {},
        Err(Trouble::Call(error)) => down(&error),
        Err(Trouble::Webhook(down)) => down,
        Err(Trouble::Disk) => Down::new(
            DownReason::Trouble,
            "nothing can be written; what waits at Telegram is taken when it can",
        ),
    }
}

/// Why the line is down.
pub(super) enum Trouble {
    Call(CallError),
    Webhook(Down),
    Disk,
}

impl From<CallError> for Trouble {
    fn from(error: CallError) -> Self {
        Self::Call(error)
    }
}

/// The menu of commands that Telegram shows. Without it everything works by typing.
async fn name_commands(telegram: &Telegram, service: &Service) {
    let book = service.runtime();
    let phrases = &book.rules.flows.phrases;
    let word = |c: &Command| {
        let key = format!("command.{}", c.name());
        phrases.say(&Audience::of("en"), &key, 0, Vars::new)
    };
    let shown = Command::ALL.iter().filter(|c| **c != Command::Start);
    let commands: Vec<BotCommand> = shown.map(|c| BotCommand::new(c.name(), word(c))).collect();
    let _ = telegram.api.tell(&SetMyCommands::new(commands)).await;
}

async fn poll(
    telegram: &Telegram,
    service: &Arc<Service>,
    line: &Arc<dyn Channel>,
) -> Result<std::convert::Infallible, Trouble> {
    // A webhook left from before would keep everything from us. What waits is kept. Where this does not work, asking
    // for updates says why.
    let _ = telegram
        .api
        .tell(&DeleteWebhook {
            drop_pending_updates: Some(false),
        })
        .await;
    // Without an offset Telegram begins with the oldest update that was never confirmed.
    let mut offset = None;
    let mut hold = 0;
    loop {
        let mut ask = GetUpdates::new()
            .timeout(hold)
            .limit(AT_ONCE)
            .allowed_updates(wanted());
        ask.offset = offset;
        let watch = service.clock.stopwatch();
        let updates: Vec<serde_json::Value> = telegram.api.call(&ask).await?;
        if hold == 0 {
            // The first call, which waits for nothing, shows that the line stands.
            service.line_up(
                INBOX,
                business::warning(service).await.into_iter().collect(),
            );
            hold = HOLD;
        }
        let mut arrivals: Vec<_> = updates.iter().flat_map(read::arrivals).collect();
        if arrivals.is_empty() {
            if !updates.is_empty() {
                return Err(CallError::NotTheApi(200).into());
            }
            // A server that does not hold the line is not asked as fast as it answers.
            tokio::time::sleep(BREATH.saturating_sub(watch.elapsed())).await;
            continue;
        }
        // They come in order; where they do not, their numbers say how.
        arrivals.sort_by_key(|(id, _)| *id);
        let last = arrivals.last().map(|(id, _)| *id);
        let arrivals = arrivals.into_iter().map(|(_, a)| a).collect();
        service
            .arrive(line, arrivals, None)
            .await
            .map_err(|_| Trouble::Disk)?;
        // Only now: the next call confirms everything before this number.
        offset = last.and_then(|id| i32::try_from(id + 1).ok());
    }
}

/// What is wrong, and what to do about it.
pub(super) fn down(error: &CallError) -> Down {
    match error {
        CallError::Network => Down::new(
            DownReason::Network,
            "Telegram cannot be reached: look at the network, or at NOHOLD_TELEGRAM_API",
        ),
        CallError::NotTheApi(status @ 500..) => Down::new(
            DownReason::Trouble,
            format!("Telegram is in trouble (HTTP {status})"),
        ),
        CallError::NotTheApi(status) => Down::new(
            DownReason::Address,
            format!(
                "what answers at Telegram's address is not the Bot API (HTTP {status}): look at NOHOLD_TELEGRAM_API"
            ),
        ),
        CallError::Refused {
            code: 401 | 404, ..
        } => Down::new(
            DownReason::Token,
            "Telegram does not accept the bot's token: take it anew from BotFather and set NOHOLD_TELEGRAM_TOKEN",
        ),
        CallError::Refused { code: 409, .. } => Down::new(
            DownReason::Conflict,
            "another program takes this bot's messages: stop it, or give this one a bot of its own",
        ),
        CallError::Refused {
            code: 429,
            retry_after,
            ..
        } => Down {
            after: retry_after.map(Duration::from_secs),
            ..Down::new(DownReason::Trouble, "Telegram wants us to wait a moment")
        },
        CallError::Refused { code: 400, .. } => Down::new(
            DownReason::Address,
            "Telegram does not accept the webhook's address: look at NOHOLD_TELEGRAM_WEBHOOK (https, and a port of 443, 80, 88 or 8443)",
        ),
        CallError::Refused { code, .. } => Down::new(
            DownReason::Trouble,
            format!("Telegram is in trouble (error {code})"),
        ),
    }
}
