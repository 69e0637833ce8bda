//! Timers that are due become events.

use super::{Service, SubmitError};
use crate::{
    domain::EventKind,
    store::{Job, Target},
};
use std::{sync::Arc, time::Duration};
use tokio::sync::watch;

/// The longest that it sleeps: another program on the same database may have set a timer.
const LONGEST: i64 = 15;

pub(super) async fn run(service: Arc<Service>, mut stopped: watch::Receiver<bool>) {
    loop {
        let now = service.clock.now();
        let pause = match service.store.next_timer().await {
            Ok(Some(due)) if due <= now => {
                if fire(&service).await {
                    Duration::ZERO
                } else {
                    Duration::from_secs(1)
                }
            }
            Ok(Some(due)) => Duration::from_micros((due.0 - now.0) as u64)
                .min(Duration::from_secs(LONGEST as u64)),
            Ok(None) => Duration::from_secs(LONGEST as u64),
            // The transactor says what is wrong; here it is only waited for.
            Err(_) => Duration::from_secs(2),
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = service.timers.notified() => {}
            _ = stopped.wait_for(|s| *s) => return,
        }
    }
}

/// Fires what is due. Whether all of it was taken.
async fn fire(service: &Service) -> bool {
    let Ok(due) = service.store.due_timers(service.clock.now(), 256).await else {
        return false;
    };
    let mut all = true;
    for (conversation, timer) in due {
        let job = Job {
            target: Target::Conversation(conversation),
            kind: EventKind::Timer { timer },
            dedupe: None,
        };
        all &= !matches!(
            service.submit(job).await,
            Err(SubmitError::Busy | SubmitError::Stopping | SubmitError::Job(_))
        );
    }
    all
}
