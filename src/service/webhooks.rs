//! Tells another program of complaints, by the scheme of Standard Webhooks 1.0.0 (standardwebhooks.com): an id that
//! stays the same with every attempt, the time of the attempt, and a signature over both and the body.
//!
//! Whatever is not answered by 2xx is tried again, later each time; after the last attempt it is a dead letter, which
//! `nohold webhooks` lists and replays. 410 says that nobody wants it: it is not tried again. Of one complaint the
//! next is sent when the one before was taken or given up, so that they arrive in their order.

use super::Service;
use crate::store::OutgoingWebhook;
use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::{Client, StatusCode, header, redirect::Policy};
use sha2::Sha256;
use std::{sync::Arc, time::Duration};
use tokio::{sync::watch, task::JoinSet};

/// Seconds from one attempt to the next.
const SCHEDULE: [u64; 11] = [
    1, 5, 30, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400,
];
/// The longest that a receiver may have us wait by `Retry-After`.
const LONGEST_WAIT: u64 = 86_400;
/// How many are on their way at once.
const AT_ONCE: i64 = 8;
/// How often is looked for what a command has replayed, or another program has written.
const LOOK: Duration = Duration::from_secs(2);
/// For how long one is taken, beside the time that the receiver may take.
const LEASE: i64 = 30;

/// What became of an attempt.
#[derive(Debug, PartialEq, Eq)]
enum Attempt {
    Taken,
    /// To be tried again, not before so many seconds have passed where the receiver says so.
    Failed(String, Option<u64>),
    /// Nobody wants it.
    Gone(String),
}

/// Sends what waits, until the program stops.
pub(super) async fn run(service: Arc<Service>, mut stopped: watch::Receiver<bool>) {
    let Some(settings) = service.settings.webhook.clone() else {
        return;
    };
    let client = Client::builder()
        .timeout(settings.patience)
        .redirect(Policy::none())
        .user_agent(concat!("nohold/", env!("CARGO_PKG_VERSION")))
        .build();
    let Ok(client) = client else {
        tracing::error!("webhooks cannot be sent: this machine has no random numbers for TLS");
        return;
    };
    let key = settings.key();
    let mut rung = service.webhooks.subscribe();
    // Where this does not succeed, it is sent when the time is over for which it was taken.
    let _ = service.store.free_webhooks().await;
    loop {
        let now = service.clock.now();
        let lease = now.plus_seconds(settings.patience.as_secs() as i64 + LEASE);
        let taken = service.store.take_webhooks(now, lease, AT_ONCE).await;
        let taken = taken.unwrap_or_default();
        let some = !taken.is_empty();
        let mut sending = JoinSet::new();
        for webhook in taken {
            let (service, client) = (Arc::clone(&service), client.clone());
            let (url, key) = (settings.url.clone(), key.clone());
            sending.spawn(async move {
                let attempt = send(&service, &client, url, &key, &webhook).await;
                settle(&service, &webhook, attempt).await;
            });
        }
        while sending.join_next().await.is_some() {}
        if *stopped.borrow() {
            return;
        }
        if some {
            continue;
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            _ = rung.changed() => {}
            _ = stopped.wait_for(|s| *s) => return,
        }
    }
}

/// The signature of one attempt, as it stands in its header.
fn signature(key: &[u8], id: &str, seconds: i64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(format!("{id}.{seconds}.{body}").as_bytes());
    format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes()))
}

async fn send(
    service: &Service,
    client: &Client,
    url: reqwest::Url,
    key: &[u8],
    webhook: &OutgoingWebhook,
) -> Attempt {
    let seconds = service.clock.now().0.div_euclid(1_000_000);
    let asked = client
        .post(url)
        .header(header::CONTENT_TYPE, "application/json")
        .header("webhook-id", &webhook.id)
        .header("webhook-timestamp", seconds)
        .header(
            "webhook-signature",
            signature(key, &webhook.id, seconds, &webhook.body),
        )
        .body(webhook.body.clone())
        .send()
        .await;
    match asked {
        Ok(answer) => {
            let after = answer.headers().get(header::RETRY_AFTER);
            let after = after.and_then(|v| v.to_str().ok()?.trim().parse().ok());
            judge(answer.status(), after)
        }
        Err(e) if e.is_timeout() => Attempt::Failed("no answer in time".to_owned(), None),
        Err(e) if e.is_connect() => Attempt::Failed("cannot be reached".to_owned(), None),
        Err(_) => Attempt::Failed("the connection broke".to_owned(), None),
    }
}

fn judge(status: StatusCode, after: Option<u64>) -> Attempt {
    let why = || format!("answered {}", status.as_u16());
    match status {
        s if s.is_success() => Attempt::Taken,
        StatusCode::GONE => Attempt::Gone(why()),
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
            Attempt::Failed(why(), after.map(|s| s.min(LONGEST_WAIT)))
        }
        _ => Attempt::Failed(why(), None),
    }
}

/// Seconds until the next attempt, after so many without success; none where it is given up.
fn pause(attempts: u32, after: Option<u64>) -> Option<u64> {
    let usual = SCHEDULE.get(attempts as usize).copied()?;
    Some(usual.max(after.unwrap_or(0)))
}

async fn settle(service: &Service, webhook: &OutgoingWebhook, attempt: Attempt) {
    let (again, why) = match attempt {
        Attempt::Taken => {
            service.metrics.webhook("taken");
            // Where this cannot be written, it is sent again: better twice than never.
            let _ = service.store.webhook_taken(&webhook.id).await;
            return;
        }
        Attempt::Failed(why, after) => (pause(webhook.attempts, after), why),
        Attempt::Gone(why) => (None, why),
    };
    let again = again.map(|seconds| {
        let wait = service.clock.jitter(Duration::from_secs(seconds));
        service.clock.now().plus_micros(wait.as_micros() as i64)
    });
    if again.is_some() {
        service.metrics.webhook("tried_again");
    } else {
        service.metrics.webhook("given_up");
        tracing::warn!(
            id = webhook.id,
            why,
            "a webhook was given up (nohold webhooks list)"
        );
    }
    let _ = service.store.webhook_failed(&webhook.id, again, &why).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's own libraries.
    #[test]
    fn it_signs_as_the_standard_does() {
        let key = BASE64_STANDARD
            .decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
            .expect("base64");
        let signed = signature(
            &key,
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn what_is_refused_is_tried_again_later_each_time_and_at_last_given_up() {
        let pauses: Vec<u64> = (0..20).map_while(|n| pause(n, None)).collect();
        assert_eq!(pauses, SCHEDULE);
        assert!(pauses.is_sorted());
        assert_eq!(pause(0, Some(60)), Some(60), "the receiver says when");
        assert_eq!(pause(5, Some(60)), Some(7200));
        assert_eq!(judge(StatusCode::NO_CONTENT, None), Attempt::Taken);
        let failed = |status: StatusCode, after| {
            Attempt::Failed(format!("answered {}", status.as_u16()), after)
        };
        for status in [
            StatusCode::FOUND,
            StatusCode::BAD_REQUEST,
            StatusCode::INTERNAL_SERVER_ERROR,
        ] {
            assert_eq!(judge(status, Some(9)), failed(status, None));
        }
        let busy = StatusCode::TOO_MANY_REQUESTS;
        assert_eq!(judge(busy, Some(9)), failed(busy, Some(9)));
        assert_eq!(judge(busy, Some(1 << 40)), failed(busy, Some(LONGEST_WAIT)));
        assert_eq!(
            judge(StatusCode::GONE, None),
            Attempt::Gone("answered 410".to_owned())
        );
    }
}
