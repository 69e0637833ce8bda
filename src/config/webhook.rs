//! Who is told of complaints by a webhook, where the owner has somebody.

use super::{Reader, Secret, channels::address};
use base64::{Engine, prelude::BASE64_STANDARD};
use reqwest::Url;
use std::time::Duration;

pub(super) const NAMES: &[&str] = &["webhook_url", "webhook_secret", "webhook_seconds"];

/// What a secret begins with, and how many bytes it may have (Standard Webhooks).
const BEGINS: &str = "whsec_";
const LEAST: usize = 24;
const MOST: usize = 64;

/// A receiver of webhooks.
#[derive(Clone, Debug)]
pub struct WebhookSettings {
    /// Where it listens.
    pub url: Url,
    /// By which it knows us: `whsec_` and base64.
    pub secret: Secret,
    /// How long it may take to answer.
    pub patience: Duration,
}

impl WebhookSettings {
    /// The bytes that sign.
    pub fn key(&self) -> Vec<u8> {
        key(self.secret.reveal()).unwrap_or_default()
    }
}

fn key(secret: &str) -> Option<Vec<u8>> {
    let bytes = BASE64_STANDARD.decode(secret.strip_prefix(BEGINS)?).ok()?;
    (LEAST..=MOST).contains(&bytes.len()).then_some(bytes)
}

pub(super) fn webhook(r: &mut Reader) -> Option<WebhookSettings> {
    let url = address(r, "webhook_url");
    let secret = r.text("webhook_secret");
    let seconds = r.number("webhook_seconds", 15, 1, 60);
    if let Some(url) = &url {
        let here = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        if url.scheme() != "https" && !here {
            r.mistakes
                .push("webhook_url: must begin with https://, but on this machine".to_owned());
        }
        if secret.is_none() {
            r.mistakes
                .push("webhook_secret: must be set with webhook_url".to_owned());
        }
    }
    if secret.as_deref().is_some_and(|s| key(s).is_none()) {
        r.mistakes.push(format!(
            "webhook_secret: must be {BEGINS} and {LEAST} to {MOST} random bytes in base64"
        ));
    }
    Some(WebhookSettings {
        url: url?,
        secret: Secret::new(secret?),
        patience: Duration::from_secs(seconds),
    })
}

#[cfg(test)]
mod tests {
    use crate::config::Settings;

    fn mistakes(pairs: &[(&str, &str)]) -> Vec<String> {
        let read = Settings::from_pairs(pairs.iter().copied());
        read.map_or_else(|e| e.0, |_| Vec::new())
    }

    #[test]
    fn a_receiver_needs_a_protected_address_and_a_long_secret() {
        let good = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let set = |url, secret| mistakes(&[("webhook_url", url), ("webhook_secret", secret)]);
        assert_eq!(set("https://crm.example/hook", good), Vec::<String>::new());
        assert_eq!(set("http://127.0.0.1:9000/", good), Vec::<String>::new());
        for (wrong, field) in [
            (set("http://crm.example/hook", good), "webhook_url"),
            (
                set("https://crm.example/hook", "whsec_c2hvcnQ="),
                "webhook_secret",
            ),
            (set("https://crm.example/hook", "hunter2"), "webhook_secret"),
            (
                mistakes(&[("webhook_url", "https://crm.example/")]),
                "webhook_secret",
            ),
        ] {
            assert_eq!(wrong.len(), 1, "{wrong:?}");
            assert!(
                wrong[0].starts_with(field) && !wrong[0].contains("hunter2"),
                "{wrong:?}"
            );
        }
    }
}
