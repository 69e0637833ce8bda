//! Clocks of complaints: which run out soon and which have run out is noted as it happens, and told once a day.

use super::{DeskPush, Service};
use crate::{domain::Timestamp, store::Notice};
use std::{collections::HashSet, sync::Arc, time::Duration};
use tokio::sync::watch;

/// How often it looks.
const EVERY: Duration = Duration::from_secs(20);
/// Where so many were noted there may be more, and how often in a row is looked for them.
const MANY: i64 = 200;
const ROUNDS: usize = 20;
/// From how many seconds before its end on a clock is due.
pub(super) const SOON: i64 = 86_400;

pub(super) async fn run(service: Arc<Service>, mut stopped: watch::Receiver<bool>) {
    let (mut told, mut tried) = (None, HashSet::new());
    loop {
        if service.settings.acknowledge_at_once {
            service.acknowledge_at_once(&mut tried).await;
        }
        service.look_at_clocks().await;
        service.tell_digest(&mut told).await;
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = service.clocks.notified() => {}
            _ = stopped.wait_for(|s| *s) => return,
        }
    }
}

impl Service {
    /// Until when a clock that runs out is due.
    pub fn due_horizon(&self) -> Timestamp {
        self.clock.now().plus_seconds(SOON)
    }

    async fn look_at_clocks(&self) {
        let (now, horizon) = (self.clock.now(), self.due_horizon());
        let webhooks = self.settings.webhook.is_some();
        // What cannot be written now is noted at the next look, and so is what is left of very many.
        for _ in 0..ROUNDS {
            let noted = self.store.note_clocks(now, horizon, webhooks).await;
            if matches!(noted, Ok(1..)) && webhooks {
                self.webhooks.send_replace(());
            }
            if !matches!(noted, Ok(MANY..)) {
                break;
            }
        }
        let _ = self.store.forget_secret_words(now).await;
    }

    /// Once a day, from that hour on: how many clocks run out and have run out, kept for whoever comes later, told to
    /// those who are there, and written to the log.
    async fn tell_digest(&self, told: &mut Option<String>) {
        let (now, horizon) = (self.clock.now(), self.due_horizon());
        let here = now.in_zone(&self.runtime().rules.flows.facts.zone);
        let today = here.date().to_string();
        let early = (here.hour() as u8) < self.settings.digest_hour;
        if early || told.as_ref() == Some(&today) {
            return;
        }
        let Ok((digest, new)) = self.store.write_digest(&today, now, horizon).await else {
            return;
        };
        *told = Some(today);
        if new {
            let (due, overdue) = (digest.due, digest.overdue);
            tracing::info!(due, overdue, "the day's digest of complaints");
            self.hub.tell_desk(DeskPush::Digest);
            self.tell_others(Notice::Digest);
        }
    }
}
