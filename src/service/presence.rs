//! How the desk stands: who is there, whether it is open, how long people really wait.

use super::{Service, leases::ASSIGNMENT};
use crate::{
    domain::{DeskStatus, Timestamp},
    handoff::usual_wait,
};
use std::{
    sync::{Arc, PoisonError},
    time::Duration,
};
use tokio::sync::watch;

/// Seconds after which an agent who was not seen is taken to have left.
const LEFT_AFTER: i64 = 60;

/// How often it looks.
const EVERY: Duration = Duration::from_secs(2);

pub(super) async fn run(service: Arc<Service>, mut stopped: watch::Receiver<bool>) {
    loop {
        service.look_at_agents().await;
        if service.leases.has(ASSIGNMENT) {
            service.give_back_stranded(None).await;
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = stopped.wait_for(|s| *s) => return,
        }
    }
}

impl Service {
    /// Sets what the clock alone tells: whether the desk is open.
    pub(super) fn look_at_desk(&self) {
        let state = self.runtime().rules.flows.facts.open_at(self.clock.now());
        let mut desk = self.desk.write().unwrap_or_else(PoisonError::into_inner);
        desk.open = state.open;
    }

    /// Whoever was seen since then is at the desk.
    pub fn seen_since(&self) -> Timestamp {
        self.clock.now().plus_seconds(-LEFT_AFTER)
    }

    /// Looks who is there and how long people waited lately. Where the database is away, what was known stays.
    pub async fn look_at_agents(&self) {
        self.look_at_desk();
        let since = self.seen_since();
        let (Ok(online), Ok(away), Ok(waits)) = (
            self.store.online(since).await,
            self.store.away(since).await,
            self.store.recent_waits().await,
        ) else {
            return;
        };
        let mut desk = self.desk.write().unwrap_or_else(PoisonError::into_inner);
        *desk = DeskStatus {
            online: online as u32,
            usual_wait: usual_wait(&waits),
            away: Arc::new(away.into_iter().collect()),
            ..desk.clone()
        };
    }
}
