//! From the conversation to the person: what waits is sent in order, tried again with growing pauses, and given up
//! after a stated time into a list that supervisors see.
//!
//! A crash loses nothing: a message leaves the outbox with the event that says that it arrived. One that was sent while
//! the crash prevented that event is sent once more, unless the channel lets us say that it is the same one.

use super::{
    Channel, Progress, Service, Undelivered,
    leases::{line_of, while_held},
};
use crate::{
    domain::{EventKind, event::FailReason},
    store::{Job, Outgoing, StoredFile, Target},
};
use futures_util::future::BoxFuture;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::sync::watch;
use tracing::Instrument;

/// How many messages are on their way at once.
const AT_ONCE: usize = 64;
/// Seconds for which a worker has a message; longer than an attempt may take.
const LEASE: i64 = 90;
/// How long one attempt may take.
const ATTEMPT: Duration = Duration::from_mins(1);
/// The longest that it sleeps: another program on the same database may have said something.
const LONGEST_SLEEP: i64 = 5;
/// The first pause after a failed attempt, and the longest, in seconds.
const FIRST_PAUSE: u64 = 1;
const LONGEST_PAUSE: u64 = 300;

/// Sends what waits in an inbox until the program stops, while its line is this program's.
pub(super) async fn run(
    service: Arc<Service>,
    channel: Arc<dyn Channel>,
    stopped: watch::Receiver<bool>,
) {
    let name = line_of(channel.inbox());
    let work = || work(Arc::clone(&service), Arc::clone(&channel), stopped.clone());
    while_held(Arc::clone(&service), name, stopped.clone(), || (), work).await;
}

async fn work(
    service: Arc<Service>,
    channel: Arc<dyn Channel>,
    mut stopped: watch::Receiver<bool>,
) {
    let inbox = channel.inbox();
    let mut rung = service.outbox.subscribe();
    // Whoever had the line before sends no more: what they had taken is taken anew.
    let _ = service.store.free_outgoing(inbox).await;
    let busy = Arc::new(AtomicUsize::new(0));
    let mut tasks = tokio::task::JoinSet::new();
    loop {
        let room = AT_ONCE.saturating_sub(busy.load(Ordering::SeqCst));
        let now = service.clock.now();
        let taken = if room == 0 {
            Vec::new()
        } else {
            let lease = now.plus_seconds(LEASE);
            match service.store.next_outgoing(inbox).await {
                Ok(Some(due)) if due <= now => service
                    .store
                    .take_outgoing(inbox, now, lease, room as i64)
                    .await
                    .unwrap_or_default(),
                _ => Vec::new(),
            }
        };
        let some = !taken.is_empty();
        for message in taken {
            busy.fetch_add(1, Ordering::SeqCst);
            let (service, channel, busy) = (
                Arc::clone(&service),
                Arc::clone(&channel),
                Arc::clone(&busy),
            );
            tasks.spawn(async move {
                let delivery = tracing::info_span!(
                    "delivery",
                    inbox = channel.inbox(),
                    conversation = %message.conversation.id,
                    message = %message.message.id,
                    attempt = message.attempts,
                );
                send(&service, channel.as_ref(), message)
                    .instrument(delivery)
                    .await;
                busy.fetch_sub(1, Ordering::SeqCst);
                service.outbox.send_replace(());
            });
        }
        while tasks.try_join_next().is_some() {}
        if some {
            continue;
        }
        let pause = match service.store.next_outgoing(inbox).await {
            Ok(Some(due)) => Duration::from_micros(
                (due.0 - service.clock.now().0).clamp(50_000, LONGEST_SLEEP * 1_000_000) as u64,
            ),
            Ok(None) => Duration::from_secs(LONGEST_SLEEP as u64),
            Err(_) => Duration::from_secs(2),
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = rung.changed() => {}
            _ = stopped.wait_for(|s| *s) => break,
        }
    }
    // What is on its way is finished: the database closes only after this.
    while tasks.join_next().await.is_some() {}
}

/// The files that belong to a message: all of them, or it does not go out. A reply without its letter is none.
async fn files_of(service: &Service, message: &Outgoing) -> Result<Vec<StoredFile>, Undelivered> {
    let mut files = Vec::new();
    for about in &message.message.attachments {
        let file = service.store.file(about.id).await;
        let file = file.map_err(|_| Undelivered::Later(None))?;
        files.push(file.ok_or(Undelivered::Never(FailReason::Refused))?);
    }
    Ok(files)
}

/// Sends one message and writes down what became of it.
async fn send(service: &Arc<Service>, channel: &dyn Channel, mut message: Outgoing) {
    if service.store.reveal(&mut message.message).await.is_err() {
        // The lease runs out, and it is sent then.
        return;
    }
    let id = message.conversation.id;
    let watch = service.clock.stopwatch();
    let files = files_of(service, &message).await;
    service.breathe_before(channel, &message).await;
    let steps = Steps {
        service,
        channel,
        message: &message,
    };
    let sent = match &files {
        Ok(files) => {
            let delivery = channel.deliver(service, &message, files, &steps);
            let sent = tokio::time::timeout(ATTEMPT, delivery).await;
            sent.unwrap_or(Err(Undelivered::Later(None)))
        }
        Err(why) => Err(why.clone()),
    };
    let kind = match sent {
        Ok(external) => {
            service.metrics.sent(channel.inbox(), watch.elapsed());
            tracing::debug!(ms = watch.elapsed().as_millis() as u64, "sent");
            EventKind::Delivered {
                upto: message.message.id,
                external,
            }
        }
        Err(Undelivered::Never(reason)) => {
            service.metrics.given_up(channel.inbox(), reason.name());
            tracing::debug!(reason = reason.name(), "given up");
            EventKind::DeliveryFailed {
                message: message.message.id,
                reason,
            }
        }
        Err(Undelivered::Later(after)) => {
            let now = service.clock.now();
            let give_up = i64::from(service.settings.give_up_hours) * 3600;
            if now.seconds_since(message.since) >= give_up {
                service
                    .metrics
                    .given_up(channel.inbox(), FailReason::Expired.name());
                EventKind::DeliveryFailed {
                    message: message.message.id,
                    reason: FailReason::Expired,
                }
            } else {
                service.metrics.tried_again(channel.inbox());
                tracing::debug!("to be tried again");
                let backoff = FIRST_PAUSE << message.attempts.min(12);
                let pause = Duration::from_secs(backoff.min(LONGEST_PAUSE));
                // Where the service says when, not before; the jitter only adds.
                let wait = match after {
                    Some(told) => told + service.clock.jitter(Duration::from_secs(1)),
                    None => service.clock.jitter(pause),
                };
                let due = now.plus_micros(wait.as_micros() as i64);
                let _ = service
                    .store
                    .postpone(id, message.position, message.attempts + 1, due)
                    .await;
                return;
            }
        }
    };
    // Where this cannot be written, the lease runs out and the message is sent again: better twice than never.
    let mut pause = Duration::from_millis(100);
    for _ in 0..6 {
        let job = Job {
            target: Target::Conversation(id),
            kind: kind.clone(),
            dedupe: None,
        };
        if service.submit(job).await.is_ok() {
            return;
        }
        tokio::time::sleep(pause).await;
        pause *= 2;
    }
}

impl Service {
    /// Where a message follows right after another of the same turn: a breath, with the sign that somebody is writing.
    /// Never where somebody may be in danger.
    async fn breathe_before(&self, channel: &dyn Channel, message: &Outgoing) {
        if message.follows && message.attempts == 0 && message.parts == 0 {
            self.breathe(channel, message).await;
        }
    }

    async fn breathe(&self, channel: &dyn Channel, message: &Outgoing) {
        if self.settings.pace.is_zero() || message.conversation.red_flag.is_some() {
            return;
        }
        if let Some(place) = &message.conversation.place {
            channel.typing(place).await;
        }
        tokio::time::sleep(self.settings.pace).await;
    }
}

struct Steps<'a> {
    service: &'a Service,
    channel: &'a dyn Channel,
    message: &'a Outgoing,
}

impl Progress for Steps<'_> {
    fn sent(&self, parts: usize) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            let m = self.message;
            // Where this cannot be written, a later attempt begins with this part: better twice than never.
            let _ = self
                .service
                .store
                .parts_sent(m.conversation.id, m.position, parts)
                .await;
        })
    }

    fn breathe(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.service.breathe(self.channel, self.message))
    }
}
