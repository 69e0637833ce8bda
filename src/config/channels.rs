//! How the channels outside are reached.

use super::{Reader, Secret};
use reqwest::Url;
use std::num::NonZeroU64;

/// How Telegram is reached.
#[derive(Clone, Debug)]
pub struct TelegramSettings {
    /// The bot's token.
    pub token: Secret,
    /// The API's base address, where it is not Telegram's own.
    pub api: Option<Url>,
    /// Where Telegram calls us, and the secret that it shows; without it we ask Telegram.
    pub webhook: Option<(Url, Secret)>,
}

/// How Discord is reached.
#[derive(Clone, Debug)]
pub struct DiscordSettings {
    /// The bot's token.
    pub token: Secret,
    /// The HTTP API's base address, where it is not Discord's own.
    pub api: Option<Url>,
    /// The id of the channel where a message opens a private thread.
    pub channel: Option<NonZeroU64>,
}

/// An address that begins with http:// or https://.
pub(super) fn address(r: &mut Reader, name: &str) -> Option<Url> {
    let text = r.text(name)?;
    let url = Url::parse(&text)
        .ok()
        .filter(|u| matches!(u.scheme(), "http" | "https") && u.has_host());
    if url.is_none() {
        r.mistakes.push(format!(
            "{name}: must be an address that begins with http:// or https://"
        ));
    }
    url
}

/// A secret: never shown, also where it is wrong.
pub(super) fn secret(
    r: &mut Reader,
    name: &str,
    fits: fn(&str) -> bool,
    what: &str,
) -> Option<Secret> {
    let text = r.text(name)?;
    if fits(&text) {
        return Some(Secret::new(text));
    }
    r.mistakes.push(format!("{name}: is not {what}"));
    None
}

pub(super) fn telegram(r: &mut Reader) -> Option<TelegramSettings> {
    let token = secret(
        r,
        "telegram_token",
        |t| {
            t.bytes()
                .all(|b| b.is_ascii_graphic() && !b"/?#%".contains(&b))
        },
        "a token as BotFather gives it",
    );
    let api = address(r, "telegram_api");
    let calls = address(r, "telegram_webhook");
    let shown = secret(
        r,
        "telegram_webhook_secret",
        |t| {
            t.len() <= 256
                && t.bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
        },
        "1 to 256 letters, digits, _ and -",
    );
    if calls.is_some() && shown.is_none() {
        r.mistakes.push("telegram_webhook_secret: must be set with telegram_webhook, or anybody could write to us in other people's names".to_owned());
    }
    Some(TelegramSettings {
        token: token?,
        api,
        webhook: calls.zip(shown),
    })
}

pub(super) fn discord(r: &mut Reader) -> Option<DiscordSettings> {
    let token = secret(
        r,
        "discord_token",
        |t| t.bytes().all(|b| b.is_ascii_graphic()),
        "a token as Discord's portal gives it",
    );
    let api = address(r, "discord_api");
    let channel = r.parse("discord_channel", 0, "the id of a channel, a number");
    Some(DiscordSettings {
        token: token?,
        api,
        channel: NonZeroU64::new(channel),
    })
}
