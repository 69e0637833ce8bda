//! What is counted. Labels are names of ours only: never anything that a person wrote or is called.

use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{
        counter::Counter,
        family::Family,
        gauge::Gauge,
        histogram::{Histogram, exponential_buckets},
    },
    registry::{Registry, Unit},
};
use std::time::Duration;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Kind {
    kind: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Reason {
    reason: &'static str,
}

/// The names are the owner's, from the flows.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RungName {
    rung: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Lease {
    name: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Inbox {
    inbox: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct GivenUp {
    inbox: &'static str,
    reason: &'static str,
}

/// The program's metrics.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    first_reply: Histogram,
    batch_size: Histogram,
    database: Histogram,
    transactions: Counter,
    events: Family<Kind, Counter>,
    refused: Family<Reason, Counter>,
    queue_length: Gauge,
    oldest_wait: Gauge,
    outbox_depth: Gauge,
    agents_online: Gauge,
    line_up: Family<Inbox, Gauge>,
    leases: Family<Lease, Gauge>,
    hearing: Gauge,
    unread: Family<Inbox, Counter>,
    sent: Family<Inbox, Counter>,
    sending: Histogram,
    tried_again: Family<Inbox, Counter>,
    given_up: Family<GivenUp, Counter>,
    flows: Family<Reason, Counter>,
    webhooks: Family<Reason, Counter>,
    complaints_due: Gauge,
    complaints_overdue: Gauge,
    webhooks_waiting: Gauge,
    webhooks_given_up: Gauge,
    waiting_unseen: Gauge,
    rungs: Family<RungName, Gauge>,
}

/// What is read from the database when somebody looks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Observed {
    /// People who wait for a person.
    pub queue: i64,
    /// How long the longest has waited, in seconds.
    pub oldest: i64,
    /// Messages not seen to arrive.
    pub outbox: i64,
    /// Agents at the desk.
    pub online: u32,
    /// Complaints whose next clock runs out within a day, and those where it has run out.
    pub clocks: (i64, i64),
    /// Webhooks that wait, and those that were given up.
    pub webhooks: (i64, i64),
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// All at zero.
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("nohold");
        let m = Self {
            first_reply: Histogram::new([
                0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0,
            ]),
            batch_size: Histogram::new(exponential_buckets(1.0, 2.0, 9)),
            database: Histogram::new(exponential_buckets(0.0005, 2.0, 14)),
            transactions: Counter::default(),
            events: Family::default(),
            refused: Family::default(),
            queue_length: Gauge::default(),
            oldest_wait: Gauge::default(),
            outbox_depth: Gauge::default(),
            agents_online: Gauge::default(),
            line_up: Family::default(),
            leases: Family::default(),
            hearing: Gauge::default(),
            unread: Family::default(),
            sent: Family::default(),
            sending: Histogram::new([0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0]),
            tried_again: Family::default(),
            given_up: Family::default(),
            flows: Family::default(),
            webhooks: Family::default(),
            complaints_due: Gauge::default(),
            complaints_overdue: Gauge::default(),
            webhooks_waiting: Gauge::default(),
            webhooks_given_up: Gauge::default(),
            waiting_unseen: Gauge::default(),
            rungs: Family::default(),
            registry: Registry::default(),
        };
        registry.register_with_unit(
            "first_reply",
            "From a message's arrival to its reply on disk",
            Unit::Seconds,
            m.first_reply.clone(),
        );
        registry.register(
            "batch_size",
            "Events in one transaction",
            m.batch_size.clone(),
        );
        registry.register_with_unit(
            "database",
            "Time of one batch, decisions and commit",
            Unit::Seconds,
            m.database.clone(),
        );
        registry.register("transactions", "Transactions begun", m.transactions.clone());
        registry.register("events", "Events taken, by kind", m.events.clone());
        registry.register("refused", "Events not taken, by reason", m.refused.clone());
        registry.register(
            "queue_length",
            "People who wait for a person",
            m.queue_length.clone(),
        );
        registry.register_with_unit(
            "oldest_wait",
            "How long the longest has waited",
            Unit::Seconds,
            m.oldest_wait.clone(),
        );
        registry.register(
            "outbox_depth",
            "Messages not seen to arrive",
            m.outbox_depth.clone(),
        );
        registry.register(
            "agents_online",
            "Agents at the desk",
            m.agents_online.clone(),
        );
        registry.register(
            "line_up",
            "Whether the line of an inbox stands",
            m.line_up.clone(),
        );
        registry.register(
            "lease_held",
            "Whether this program has a lease, where several share a database",
            m.leases.clone(),
        );
        registry.register(
            "hears_others",
            "Whether the connection stands by which other programs are heard",
            m.hearing.clone(),
        );
        registry.register(
            "unread",
            "Arrivals that could not be understood and were kept raw",
            m.unread.clone(),
        );
        registry.register("sent", "Messages sent, by inbox", m.sent.clone());
        registry.register_with_unit(
            "sending",
            "Time of a successful sending, all parts",
            Unit::Seconds,
            m.sending.clone(),
        );
        registry.register(
            "tried_again",
            "Sendings that did not work and are tried again",
            m.tried_again.clone(),
        );
        registry.register(
            "given_up",
            "Messages given up, by reason",
            m.given_up.clone(),
        );
        registry.register(
            "flows_changed",
            "Changes of the folder of flows, taken or refused",
            m.flows.clone(),
        );
        registry.register(
            "complaints_due",
            "Complaints whose next clock runs out within a day",
            m.complaints_due.clone(),
        );
        registry.register(
            "complaints_overdue",
            "Complaints with a clock that has run out",
            m.complaints_overdue.clone(),
        );
        registry.register(
            "webhooks",
            "Attempts to tell a receiver, by what became of them",
            m.webhooks.clone(),
        );
        registry.register(
            "webhooks_waiting",
            "Webhooks that were not taken yet",
            m.webhooks_waiting.clone(),
        );
        registry.register(
            "webhooks_dead",
            "Webhooks that were given up",
            m.webhooks_given_up.clone(),
        );
        registry.register(
            "waiting_unseen",
            "People who wait, and whom nobody can see or for whom no clock runs: 0 when all is well",
            m.waiting_unseen.clone(),
        );
        registry.register(
            "contingency",
            "Whether a rung of the ladder of contingencies holds",
            m.rungs.clone(),
        );
        Self { registry, ..m }
    }

    pub(super) fn rung(&self, rung: &str, holds: bool) {
        let rung = rung.to_owned();
        self.rungs
            .get_or_create(&RungName { rung })
            .set(i64::from(holds));
    }

    pub(super) fn unseen(&self, people: i64) {
        self.waiting_unseen.set(people);
    }

    pub(super) fn first_reply(&self, time: Duration) {
        self.first_reply.observe(time.as_secs_f64());
    }

    pub(super) fn batch(&self, size: usize, transactions: u32, time: Duration) {
        self.batch_size.observe(size as f64);
        self.transactions.inc_by(u64::from(transactions));
        self.database.observe(time.as_secs_f64());
    }

    pub(super) fn event(&self, kind: &'static str) {
        self.events.get_or_create(&Kind { kind }).inc();
    }

    /// Whether the line of an inbox stands; none where another program has it.
    pub(super) fn line(&self, inbox: &'static str, up: Option<bool>) {
        match up {
            Some(up) => drop(
                self.line_up
                    .get_or_create(&Inbox { inbox })
                    .set(i64::from(up)),
            ),
            None => drop(self.line_up.remove(&Inbox { inbox })),
        }
    }

    pub(super) fn lease(&self, name: &str, held: bool) {
        let name = name.to_owned();
        self.leases
            .get_or_create(&Lease { name })
            .set(i64::from(held));
    }

    pub(super) fn hearing(&self, stands: bool) {
        self.hearing.set(i64::from(stands));
    }

    pub(super) fn unread(&self, inbox: &'static str) {
        self.unread.get_or_create(&Inbox { inbox }).inc();
    }

    pub(super) fn sent(&self, inbox: &'static str, time: Duration) {
        self.sent.get_or_create(&Inbox { inbox }).inc();
        self.sending.observe(time.as_secs_f64());
    }

    pub(super) fn tried_again(&self, inbox: &'static str) {
        self.tried_again.get_or_create(&Inbox { inbox }).inc();
    }

    pub(super) fn given_up(&self, inbox: &'static str, reason: &'static str) {
        self.given_up
            .get_or_create(&GivenUp { inbox, reason })
            .inc();
    }

    pub(super) fn webhook(&self, reason: &'static str) {
        self.webhooks.get_or_create(&Reason { reason }).inc();
    }

    pub(super) fn flows(&self, reason: &'static str) {
        self.flows.get_or_create(&Reason { reason }).inc();
    }

    /// Something was not taken.
    pub fn refused(&self, reason: &'static str) {
        self.refused.get_or_create(&Reason { reason }).inc();
    }

    /// Sets what is read when somebody looks.
    pub fn observe(&self, seen: &Observed) {
        self.queue_length.set(seen.queue);
        self.oldest_wait.set(seen.oldest);
        self.outbox_depth.set(seen.outbox);
        self.agents_online.set(i64::from(seen.online));
        self.complaints_due.set(seen.clocks.0);
        self.complaints_overdue.set(seen.clocks.1);
        self.webhooks_waiting.set(seen.webhooks.0);
        self.webhooks_given_up.set(seen.webhooks.1);
    }

    /// In Prometheus' text format.
    pub fn text(&self) -> String {
        let mut out = String::new();
        // Writing to a string does not fail.
        let _ = encode(&mut out, &self.registry);
        out
    }
}
