//! What waits for the database: taken in one transaction, again and again.

use super::{Service, Waiting, follower::Grown};
use crate::store::{Job, JobError, Outcome, Transactor};
use std::sync::Arc;
use tokio::sync::{mpsc, watch};
use tracing::Instrument;

/// How many events one transaction takes at most.
const BATCH: usize = 256;

/// Takes whatever waits, in one transaction, again and again. Ends when the program stops and nothing waits
/// any more.
pub(super) async fn run(
    service: Arc<Service>,
    mut waiting: mpsc::Receiver<Waiting>,
    mut closing: watch::Receiver<bool>,
) {
    let transactor =
        Transactor::new(service.store.clone()).with_webhooks(service.settings.webhook.is_some());
    let mut failing = false;
    loop {
        let first = tokio::select! {
            biased;
            first = waiting.recv() => first,
            _ = closing.wait_for(|s| *s) => {
                waiting.close();
                waiting.try_recv().ok()
            }
        };
        let Some(first) = first else { break };
        let mut batch = Vec::with_capacity(BATCH);
        batch.push(first);
        while batch.len() < BATCH
            && let Ok(next) = waiting.try_recv()
        {
            batch.push(next);
        }
        let (jobs, answers): (Vec<Job>, Vec<_>) =
            batch.into_iter().map(|w| (w.job, w.answer)).unzip();
        let (watch, events) = (service.clock.stopwatch(), jobs.len());
        let desk = service.desk();
        let clock = service.clock.clone();
        let book = service.runtime();
        let done = transactor
            .run(
                jobs,
                clock.now(),
                &desk,
                &mut || clock.event_id(),
                &book.rules.context(),
            )
            .instrument(tracing::info_span!("batch", events))
            .await;
        tracing::debug!(
            events,
            transactions = done.transactions,
            ms = watch.elapsed().as_millis() as u64,
            "batch written"
        );
        service
            .metrics
            .batch(done.results.len(), done.transactions, watch.elapsed());
        report(&service, &done.results, &mut failing);
        let sends = done.committed.iter().any(|c| {
            c.conversation.is_sent_to() && (!c.messages.is_empty() || c.kind == "delivery_retried")
        });
        if done.committed.iter().any(|c| c.complaint_changed) {
            service.webhooks.send_replace(());
            if service.settings.acknowledge_at_once {
                service.clocks.notify_one();
            }
        }
        let timers_changed = done.committed.iter().any(|c| c.timers_changed);
        for committed in &done.committed {
            service.metrics.event(committed.kind);
        }
        if service.store.may_be_shared() {
            // What others have written before comes first. Where too much waits it is read from the log later; where
            // nobody follows any more, the program is at its end.
            let _ = service
                .grown
                .try_send(Grown::Own(done.places, done.committed));
        } else {
            for committed in done.committed {
                service.hub.publish(committed);
            }
        }
        if timers_changed {
            service.timers.notify_one();
        }
        if sends {
            service.outbox.send_replace(());
        }
        for (answer, result) in answers.into_iter().zip(done.results) {
            // Whoever asked may have gone; what they sent is on disk all the same.
            let _ = answer.send(result);
        }
    }
}

/// One plain line when the database goes away and one when it is back, not one a message.
fn report(service: &Service, results: &[Result<Outcome, JobError>], failing: &mut bool) {
    let mut away = None;
    for result in results {
        match result {
            Err(JobError::Unavailable(why)) => away = Some(why),
            Err(JobError::Poisonous(why)) => {
                service.metrics.refused("poisonous");
                tracing::error!(
                    why,
                    "an event could not be handled and was set apart; the others of its batch were written"
                );
            }
            _ => {}
        }
    }
    if away.is_some() {
        service.metrics.refused("unavailable");
    }
    match (away, *failing) {
        (Some(why), false) => {
            tracing::error!(
                why,
                "nothing can be written; callers are told to come back (503)"
            );
            *failing = true;
        }
        (None, true) => {
            tracing::info!("writing works again");
            *failing = false;
        }
        _ => {}
    }
}
