//! The webhook: set, looked after, and judged by what Telegram says of it.

use super::{
    INBOX, Telegram,
    api::CallError,
    business,
    listen::{Trouble, wanted},
};
use crate::{
    domain::Timestamp,
    service::{Down, DownReason, Service},
};
use serde::Deserialize;
use std::{convert::Infallible, time::Duration};
use teloxide::payloads::{GetWebhookInfo, SetWebhook, SetWebhookSetters};

/// How often the webhook is looked at.
const LOOK: Duration = Duration::from_mins(5);
/// Seconds for which an error is worth telling.
const RECENT: i64 = 3600;
/// Longest error that is shown, in characters.
const LONGEST_ERROR: usize = 200;

/// What Telegram says of the webhook.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct State {
    url: String,
    pending_update_count: u64,
    last_error_date: Option<i64>,
    last_error_message: Option<String>,
}

/// Keeps the webhook set. Ends where Telegram cannot bring updates; then it is looked at again after the pauses of a
/// line that is down.
pub(super) async fn keep(telegram: &Telegram, service: &Service) -> Result<Infallible, Trouble> {
    let Some((address, secret)) = &telegram.webhook else {
        return Err(CallError::NotTheApi(0).into());
    };
    let mut first = true;
    loop {
        let state: State = telegram.api.call(&GetWebhookInfo {}).await?;
        // Also where it stands already: the secret and the kinds of updates may be others than before.
        if first || state.url != address.as_str() {
            let set = SetWebhook::new(address.clone())
                .secret_token(secret.reveal())
                .allowed_updates(wanted());
            telegram.api.tell(&set).await?;
            first = false;
        }
        let warnings = judge(&state, service.clock.now()).map_err(Trouble::Webhook)?;
        let others = business::warning(service).await;
        service.line_up(INBOX, warnings.into_iter().chain(others).collect());
        tokio::time::sleep(LOOK).await;
    }
}

/// What is to be said of a webhook that works; an error where it does not.
fn judge(state: &State, now: Timestamp) -> Result<Option<String>, Down> {
    let waiting = state.pending_update_count;
    let now = now.0 / 1_000_000;
    let recent = now - RECENT..=now + RECENT;
    let error = state.last_error_date.filter(|at| recent.contains(at));
    let words = state
        .last_error_message
        .as_deref()
        .unwrap_or("no reason told");
    let words: String = words.chars().take(LONGEST_ERROR).collect();
    match (error, waiting) {
        (None, 0) => Ok(None),
        (None, _) => Ok(Some(format!("updates that wait at Telegram: {waiting}"))),
        (Some(at), 0) => {
            let at = Timestamp::default().plus_seconds(at).rfc3339();
            Ok(Some(format!(
                "Telegram could not bring an update at {at} ({words}); nothing waits there now"
            )))
        }
        (Some(at), _) => {
            let at = Timestamp::default().plus_seconds(at).rfc3339();
            Err(Down::new(
                DownReason::Network,
                format!(
                    "Telegram cannot bring updates to NOHOLD_TELEGRAM_WEBHOOK: \"{words}\" (at {at}); updates that wait there: {waiting}. Look at the address, its certificate and what stands before this program"
                ),
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(pending: u64, seconds_ago: Option<i64>) -> State {
        State {
            pending_update_count: pending,
            last_error_date: seconds_ago.map(|s| 1_800_000_000 - s),
            last_error_message: Some("Connection refused".to_owned()),
            ..State::default()
        }
    }

    #[test]
    fn a_webhook_is_down_while_updates_wait_behind_a_recent_error() {
        let now = Timestamp::default().plus_seconds(1_800_000_000);
        let told = |pending, ago| judge(&state(pending, ago), now);
        assert_eq!(told(0, None), Ok(None));
        assert_eq!(told(0, Some(2 * RECENT)), Ok(None), "it was long ago");
        assert!(told(3, None).is_ok_and(|w| w.is_some_and(|w| w.contains('3'))));
        assert!(told(0, Some(60)).is_ok_and(|w| w.is_some_and(|w| w.contains("refused"))));
        assert!(told(3, Some(60)).is_err_and(|d| d.words.contains("refused")));
    }
}
