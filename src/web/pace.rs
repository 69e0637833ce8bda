//! How fast the frames of an open line are heard. Beyond that nothing is read for a moment: whoever sends waits, and
//! nothing is lost.

use axum::{
    Error,
    extract::ws::{Message, WebSocket},
};
use futures_util::{StreamExt, stream::SplitStream};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use std::{num::NonZeroU32, pin::Pin, time::Duration};
use tokio::time::{Sleep, sleep};

/// Frames a second that are heard from one page, and how many at once.
const FRAMES: NonZeroU32 = NonZeroU32::new(5).expect("not zero");
const FRAMES_AT_ONCE: NonZeroU32 = NonZeroU32::new(50).expect("not zero");
/// How long nothing is read then.
const REST: Duration = Duration::from_millis(200);

/// What a page says, as fast as it is heard.
#[derive(Debug)]
pub(super) struct Paced {
    inward: SplitStream<WebSocket>,
    limit: DefaultDirectRateLimiter,
    rest: Option<Pin<Box<Sleep>>>,
}

impl Paced {
    pub(super) fn new(inward: SplitStream<WebSocket>) -> Self {
        Self {
            inward,
            limit: RateLimiter::direct(Quota::per_second(FRAMES).allow_burst(FRAMES_AT_ONCE)),
            rest: None,
        }
    }

    /// The next frame of any kind. Cancel-safe.
    pub(super) async fn next(&mut self) -> Option<Result<Message, Error>> {
        if let Some(rest) = &mut self.rest {
            rest.await;
            self.rest = None;
        }
        let frame = self.inward.next().await;
        if self.limit.check().is_err() {
            self.rest = Some(Box::pin(sleep(REST)));
        }
        frame
    }
}
