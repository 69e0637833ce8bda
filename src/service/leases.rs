//! Work that one program does at a time, where several share a database: whoever has its lease. It is taken over within
//! seconds when the holder dies, and never done by two at once: a holder that could not renew a lease stops the work
//! well before the lease ends.
//!
//! The lease ends by the database's clock; how long it is good for here is measured from before it was asked for. So
//! clocks that show different times do no harm.

use super::{Channel, Service};
use crate::clock::Stopwatch;
use std::{collections::BTreeMap, future::Future, sync::Arc, time::Duration};
use tokio::sync::{Notify, watch};

/// How long a lease lasts.
const LASTS: Duration = Duration::from_secs(10);
/// How long it is good for here after it was asked for. What is left until it ends is time to stop in.
const GOOD_FOR: Duration = Duration::from_secs(7);
/// How often leases are renewed, and looked for where another program has them.
const EVERY: Duration = Duration::from_secs(1);
/// How long work may wait for its lease until it is said that another program has it.
const SOON: Duration = Duration::from_secs(2);

/// Timers that are due.
pub(super) const TIMERS: &str = "timers";
/// Clocks of complaints, the day's digest, acknowledgements.
pub(super) const CLOCKS: &str = "clocks";
/// Giving out the work, and giving back what somebody left.
pub(super) const ASSIGNMENT: &str = "assignment";
/// The ladder of contingencies, and the watch over whoever waits.
pub(super) const WATCH: &str = "watch";
/// What another program is told of complaints.
pub(super) const WEBHOOKS: &str = "webhooks";

/// The line of that inbox and what is sent by it.
pub(super) fn line_of(inbox: &str) -> String {
    format!("line:{inbox}")
}

/// All leases that a program with these lines asks for.
pub(super) fn wanted(webhook: bool, channels: &[Arc<dyn Channel>]) -> Vec<String> {
    let always = [TIMERS, CLOCKS, ASSIGNMENT, WATCH].into_iter();
    let all = always.chain(webhook.then_some(WEBHOOKS));
    all.map(str::to_owned)
        .chain(channels.iter().map(|c| line_of(c.inbox())))
        .collect()
}

/// The leases that this program wants, and has.
#[derive(Debug)]
pub(super) struct Leases {
    /// Nobody else can have any: the database is this program's alone.
    alone: bool,
    wanted: Vec<String>,
    /// Those that it has, and when each was asked for.
    held: watch::Sender<BTreeMap<String, Stopwatch>>,
    look: Notify,
    note: Notify,
}

impl Leases {
    pub(super) fn new(shared: bool, wanted: Vec<String>) -> Self {
        Self {
            alone: !shared,
            wanted,
            held: watch::Sender::default(),
            look: Notify::new(),
            note: Notify::new(),
        }
    }

    /// Looks at once: somebody may have let go, or a line stands otherwise.
    pub(super) fn look_now(&self) {
        self.look.notify_one();
        self.note.notify_one();
    }

    /// Whether this program has it now.
    pub(super) fn has(&self, name: &str) -> bool {
        self.alone || left(&self.held.borrow(), name).is_some()
    }

    /// Resolves when this program has it. Cancel-safe.
    async fn gained(&self, name: &str) {
        if self.alone {
            return;
        }
        let mut held = self.held.subscribe();
        // The sender is ours.
        let _ = held.wait_for(|held| left(held, name).is_some()).await;
    }

    /// Resolves when this program must stop what it did by it. Cancel-safe.
    async fn lost(&self, name: &str) {
        if self.alone {
            return std::future::pending().await;
        }
        let mut held = self.held.subscribe();
        loop {
            let Some(left) = left(&held.borrow_and_update(), name) else {
                return;
            };
            tokio::select! {
                () = tokio::time::sleep(left) => {}
                _ = held.changed() => {}
            }
        }
    }
}

/// How long a lease is good for yet; none where it is not.
fn left(held: &BTreeMap<String, Stopwatch>, name: &str) -> Option<Duration> {
    let asked = held.get(name)?;
    let left = GOOD_FOR.saturating_sub(asked.elapsed());
    (!left.is_zero()).then_some(left)
}

/// Asks for all leases again and again, until it is dropped.
pub(super) async fn keep(service: Arc<Service>) {
    let leases = &service.leases;
    if leases.alone {
        return;
    }
    let names: Vec<&str> = leases.wanted.iter().map(String::as_str).collect();
    let renew = async {
        loop {
            let asked = service.clock.stopwatch();
            // Where nobody answers, what is held ends by itself.
            if let Ok(held) = service.store.hold(&names, LASTS).await {
                leases
                    .held
                    .send_replace(held.into_iter().map(|name| (name, asked)).collect());
            }
            tokio::select! {
                () = tokio::time::sleep(EVERY) => {}
                () = leases.look.notified() => {}
            }
        }
    };
    // Beside it: no renewal waits until something was noted.
    let note = async {
        let mut noted = BTreeMap::new();
        loop {
            service.note_lines(&mut noted).await;
            tokio::select! {
                () = tokio::time::sleep(EVERY) => {}
                () = leases.note.notified() => {}
            }
        }
    };
    tokio::join!(renew, note);
}

/// Does work while this program has its lease: begun anew whenever it gets it, dropped where it loses it. Ends when the
/// work does, which is when the program stops. `away` is called where another program has it.
pub(super) async fn while_held<W, F>(
    service: Arc<Service>,
    name: String,
    mut stopped: watch::Receiver<bool>,
    away: impl Fn(),
    work: W,
) where
    W: Fn() -> F,
    F: Future<Output = ()>,
{
    loop {
        let gained = async {
            if tokio::time::timeout(SOON, service.leases.gained(&name))
                .await
                .is_err()
            {
                away();
                service.leases.gained(&name).await;
            }
        };
        tokio::select! {
            () = gained => {}
            _ = stopped.wait_for(|s| *s) => return,
        }
        tracing::debug!(lease = name, "held");
        tokio::select! {
            // First: whoever was asleep for long looks at this before anything else.
            biased;
            () = service.leases.lost(&name) => {
                tracing::warn!(lease = name, "lost: another program may go on with it");
            }
            () = work() => return,
        }
    }
}

impl Service {
    /// Notes how the lines stand that are this program's, for the desks at the others.
    async fn note_lines(&self, noted: &mut BTreeMap<&'static str, String>) {
        for (inbox, line) in self.lines() {
            let name = line_of(inbox);
            if !self.leases.has(&name) {
                noted.remove(inbox);
                continue;
            }
            let note = line.note();
            let new = noted.get(inbox) != Some(&note);
            // Where it cannot be noted now, it is the next time.
            if new && self.store.note_lease(&name, &note).await.is_ok() {
                noted.insert(inbox, note);
                let inbox = inbox.to_owned();
                self.tell_others(crate::store::Notice::Line { inbox });
            }
        }
    }

    /// The leases that this program has, by name; none where nobody else can have any.
    pub fn held_leases(&self) -> Option<Vec<String>> {
        let leases = &self.leases;
        let held = leases.wanted.iter().filter(|name| leases.has(name));
        (!leases.alone).then(|| held.cloned().collect())
    }

    /// Sets what is counted of leases.
    pub fn count_leases(&self) {
        if !self.leases.alone {
            for name in &self.leases.wanted {
                self.metrics.lease(name, self.leases.has(name));
            }
        }
    }

    /// Gives all leases to whoever comes next. Only when nothing is done by them any more.
    pub(super) async fn let_go(&self) {
        if self.leases.alone {
            return;
        }
        self.leases.held.send_replace(BTreeMap::new());
        if self.store.let_go().await.is_ok() {
            // Who does not hear it looks every second.
            let _ = self.store.tell_others(&[crate::store::Notice::LetGo]).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use futures_util::FutureExt;

    #[tokio::test]
    async fn whoever_has_a_database_alone_has_every_lease_for_ever() {
        let leases = Leases::new(false, vec![TIMERS.to_owned()]);
        leases.gained(TIMERS).await;
        assert!(leases.has(TIMERS) && leases.has("anything"));
        assert_eq!(leases.lost(TIMERS).now_or_never(), None);
    }

    #[tokio::test]
    async fn a_lease_is_had_when_it_was_given_and_lost_when_it_is_given_no_more() {
        let leases = Leases::new(true, vec![TIMERS.to_owned()]);
        assert!(!leases.has(TIMERS));
        leases.lost(TIMERS).await;
        let asked = Clock::system().stopwatch();
        leases
            .held
            .send_replace(BTreeMap::from([(TIMERS.to_owned(), asked)]));
        leases.gained(TIMERS).await;
        assert!(leases.has(TIMERS) && !leases.has(CLOCKS));
        let taken = async { leases.held.send_replace(BTreeMap::new()) };
        tokio::join!(leases.lost(TIMERS), taken);
        assert!(!leases.has(TIMERS));
    }
}
