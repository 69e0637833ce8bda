//! The running program: what comes in goes to the transactor, what was committed goes to whoever looks on.
//!
//! Only this room spawns tasks.

mod acknowledging;
mod assign;
mod batches;
mod channel;
mod clocks;
mod contingency;
mod directory;
mod file_name;
mod file_words;
mod files;
mod follower;
mod hub;
mod inboxes;
mod ingest;
mod intake;
mod lanes;
mod late;
mod leases;
mod mass_reads;
mod metrics;
mod office;
mod others;
mod outbox;
mod passwords;
mod presence;
mod quota;
mod receive;
mod runtime;
mod scanner;
mod second_factor;
mod security;
mod stranded;
mod timers;
mod turns;
mod waiting;
mod webhooks;

pub use acknowledging::{Draft, NoDraft};
pub use channel::{
    Act, Channel, Down, DownReason, Earlier, IncomingFile, Progress, Reading, Undelivered,
    WebhookRefused,
};
pub use directory::{FoundIn, Match, Matches};
pub use file_words::{READ_OF_FILES, Wordy};
pub use files::{CheckedFile, FileRefused, check_file};
pub use hub::{DeskPush, Hub, Push, Standing};
pub use inboxes::{Line, LineState};
pub use metrics::{Metrics, Observed};
pub use passwords::{HashingBusy, MIN_PASSWORD, Passwords, check_password, hash_password};
pub use runtime::{Runtime, letters_of};
pub use scanner::Verdict;
pub use second_factor::{Enrolment, check_code, recovery_code, recovery_codes};
pub use security::{Actor, SecurityEvent, SecurityLog};

use crate::{
    clock::Clock,
    config::Settings,
    domain::{AgentId, DeskStatus, QueueFacts},
    flow::Texts,
    store::{Job, JobError, Notice, Outcome, Store},
    writer::Writer,
};
use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinHandle,
    time::timeout,
};

/// How long the last work may take when the program stops: of the tasks, and then of the database.
const LAST_WORK: Duration = Duration::from_secs(3);

/// Everything that the pages, the API and the inboxes need. Shared by all of them.
#[derive(Debug)]
pub struct Service {
    /// Where everything is kept.
    pub store: Store,
    /// An outside model that writes further suggestions, where the owner has one.
    pub writer: Option<Writer>,
    /// Time and ids.
    pub clock: Clock,
    /// Who looks on.
    pub hub: Hub,
    /// What is counted.
    pub metrics: Metrics,
    /// What was set.
    pub settings: Settings,
    /// Makes and checks the hashes of passwords.
    pub passwords: Passwords,
    patients: Option<directory::Patients>,
    security: SecurityLog,
    mass_reads: mass_reads::MassReads,
    scanner: scanner::Scanner,
    runtime: RwLock<Arc<Runtime>>,
    desk: RwLock<DeskStatus>,
    facts: RwLock<QueueFacts>,
    queue: mpsc::Sender<Waiting>,
    timers: tokio::sync::Notify,
    channels: Vec<Arc<dyn Channel>>,
    lanes: lanes::Lanes,
    swept: mpsc::UnboundedSender<lanes::Swept>,
    lines: inboxes::Lines,
    kept: quota::Kept,
    turns: turns::Turns,
    outbox: watch::Sender<()>,
    /// A complaint changed: somebody may have to be told.
    webhooks: watch::Sender<()>,
    clocks: tokio::sync::Notify,
    /// The log grew, where others may have written to it.
    grown: mpsc::Sender<follower::Grown>,
    hearing: Arc<follower::Hearing>,
    telling: mpsc::Sender<Notice>,
    leases: leases::Leases,
    stop: watch::Sender<bool>,
    /// Nobody has anything to write any more.
    closed: watch::Sender<bool>,
}

struct Waiting {
    job: Job,
    answer: oneshot::Sender<Result<Outcome, JobError>>,
}

/// By what somebody who writes is known where their work waits its turn.
pub(crate) fn owner_of(inbox: &str, sender: &str) -> String {
    format!("{inbox}\u{1f}{sender}")
}

/// Why an event was not taken.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// Too much waits already; come back in a second.
    #[error("too many messages are waiting; please try again in a second")]
    Busy,
    /// The program is stopping.
    #[error("the program is stopping; please try again in a moment")]
    Stopping,
    /// The event itself failed.
    #[error(transparent)]
    Job(#[from] JobError),
}

/// The service and its tasks, until it is stopped.
#[derive(Debug)]
pub struct Running {
    /// The service.
    pub service: Arc<Service>,
    tasks: Vec<JoinHandle<()>>,
    senders: Vec<JoinHandle<()>>,
    transactor: JoinHandle<()>,
    leases: JoinHandle<()>,
}

impl Running {
    /// Starts the service's tasks.
    ///
    /// # Errors
    /// Everything that is wrong with the files that help agents.
    pub fn start(
        settings: Settings,
        store: Store,
        runtime: Runtime,
        texts: Texts,
        clock: Clock,
        channels: Vec<Arc<dyn Channel>>,
    ) -> Result<Self, Vec<crate::flow::FlowError>> {
        let (queue, waiting) = mpsc::channel(settings.queue);
        // Unbounded, but never longer than what is at work in the lanes.
        let (swept, done) = mpsc::unbounded_channel();
        let (grown, growth) = mpsc::channel(follower::WAITING);
        let (telling, notices) = mpsc::channel(others::WAITING);
        let (stop, stopped) = watch::channel(false);
        let (closed, closing) = watch::channel(false);
        let writer = settings
            .writer
            .clone()
            .map(|s| Writer::new(s, &texts))
            .transpose()
            .map_err(|e| vec![e])?;
        let wanted = leases::wanted(settings.webhook.is_some(), &channels);
        let service = Arc::new(Service {
            writer,
            leases: leases::Leases::new(store.may_be_shared(), wanted),
            grown,
            hearing: Arc::default(),
            telling,
            store,
            runtime: RwLock::new(Arc::new(runtime)),
            clock,
            hub: Hub::default(),
            metrics: Metrics::new(),
            passwords: Passwords::default(),
            turns: turns::Turns::default(),
            patients: settings.patients.clone().map(directory::Patients::new),
            security: SecurityLog::new(&settings),
            mass_reads: mass_reads::MassReads::new(settings.guard.mass_read_records),
            scanner: scanner::Scanner::new(settings.guard.scan.clone()),
            settings,
            desk: RwLock::new(DeskStatus::default()),
            facts: RwLock::new(QueueFacts::default()),
            queue,
            timers: tokio::sync::Notify::new(),
            channels,
            lanes: lanes::Lanes::default(),
            swept,
            lines: inboxes::Lines::default(),
            kept: quota::Kept::default(),
            outbox: watch::channel(()).0,
            webhooks: watch::channel(()).0,
            clocks: tokio::sync::Notify::new(),
            stop,
            closed,
        });
        service.look_at_desk();
        let transactor = tokio::spawn(batches::run(Arc::clone(&service), waiting, closing));
        let keeper = tokio::spawn(leases::keep(Arc::clone(&service)));
        let mut tasks = vec![
            tokio::spawn(presence::run(Arc::clone(&service), stopped.clone())),
            tokio::spawn(contingency::run(Arc::clone(&service), stopped.clone())),
            tokio::spawn(intake::sweep(Arc::clone(&service), done, stopped.clone())),
        ];
        if service.store.may_be_shared() {
            let of = || (Arc::clone(&service), stopped.clone());
            tasks.push(tokio::spawn(others::listen(of().0, of().1)));
            tasks.push(tokio::spawn(others::tell(of().0, notices, of().1)));
            tasks.push(tokio::spawn(follower::run(of().0, growth, of().1)));
        }
        service.spawn_held(&mut tasks, leases::TIMERS, &stopped, timers::run);
        service.spawn_held(&mut tasks, leases::ASSIGNMENT, &stopped, assign::run);
        service.spawn_held(&mut tasks, leases::CLOCKS, &stopped, clocks::run);
        service.spawn_held(&mut tasks, leases::WATCH, &stopped, waiting::run);
        if let Some(folder) = service.settings.flows.clone() {
            let watch = runtime::watch(Arc::clone(&service), folder, texts, stopped.clone());
            tasks.push(tokio::spawn(watch));
        }
        if service.settings.webhook.is_some() {
            service.spawn_held(&mut tasks, leases::WEBHOOKS, &stopped, webhooks::run);
        }
        let mut senders = Vec::new();
        for channel in &service.channels {
            let line = inboxes::run(Arc::clone(&service), Arc::clone(channel), stopped.clone());
            tasks.push(tokio::spawn(line));
            let sender = outbox::run(Arc::clone(&service), Arc::clone(channel), stopped.clone());
            senders.push(tokio::spawn(sender));
        }
        Ok(Self {
            service,
            tasks,
            senders,
            transactor,
            leases: keeper,
        })
    }

    /// Finishes what was accepted, then lets go of the database. Takes a few seconds at most: what a vendor or the
    /// database keeps waiting for longer is on disk, and taken up at the next start.
    pub async fn stop(self) {
        self.service.stop.send_replace(true);
        let mut rest: Vec<_> = self.tasks.into_iter().chain(self.senders).collect();
        let all = async {
            for task in &mut rest {
                let _ = task.await;
            }
        };
        if timeout(LAST_WORK, all).await.is_err() {
            tracing::warn!("what waited for somebody outside was left for the next start");
            rest.iter().for_each(JoinHandle::abort);
        }
        // Only now: what was on its way when the program was asked to stop is written down too.
        self.service.closed.send_replace(true);
        if timeout(LAST_WORK, self.transactor).await.is_err() {
            tracing::error!("the database did not end what it had begun");
        }
        self.leases.abort();
        let _ = timeout(LAST_WORK / 3, self.service.let_go()).await;
        let _ = timeout(LAST_WORK / 3, self.service.store.close()).await;
    }
}

impl Service {
    /// Sets work going that one program does at a time.
    fn spawn_held<W, F>(
        self: &Arc<Self>,
        tasks: &mut Vec<JoinHandle<()>>,
        lease: &str,
        stopped: &watch::Receiver<bool>,
        work: W,
    ) where
        W: Fn(Arc<Self>, watch::Receiver<bool>) -> F + Send + Sync + 'static,
        F: Future<Output = ()> + Send,
    {
        let (service, stopped) = (Arc::clone(self), stopped.clone());
        let name = lease.to_owned();
        tasks.push(tokio::spawn(async move {
            let work = || work(Arc::clone(&service), stopped.clone());
            let held = Arc::clone(&service);
            leases::while_held(held, name, stopped.clone(), || (), work).await;
        }));
    }

    /// Takes an event in. When this returns, the event and all that follows from it are on disk.
    ///
    /// # Errors
    /// See [`SubmitError`]; nothing was written then.
    pub async fn submit(&self, job: Job) -> Result<Outcome, SubmitError> {
        let (answer, done) = oneshot::channel();
        self.queue
            .try_send(Waiting { job, answer })
            .map_err(|e| match e {
                mpsc::error::TrySendError::Full(_) => {
                    self.metrics.refused("busy");
                    SubmitError::Busy
                }
                mpsc::error::TrySendError::Closed(_) => SubmitError::Stopping,
            })?;
        match done.await {
            Ok(Ok(outcome)) => {
                // Within the span of the request or the arrival: by this line the two are found from the turn.
                tracing::debug!(
                    conversation = %outcome.conversation,
                    position = outcome.position,
                    repeated = outcome.repeated,
                    "taken"
                );
                Ok(outcome)
            }
            Ok(Err(failed)) => Err(failed.into()),
            Err(_) => Err(SubmitError::Stopping),
        }
    }

    /// Writes down what happens to access.
    pub fn record(&self, actor: Actor, event: &SecurityEvent) {
        self.security.record(self.clock.now(), actor, event);
    }

    /// An account opens a record; who opens very many is written down.
    pub fn record_opened(&self, actor: Actor, agent: AgentId, record: &str) {
        let opened = self.mass_reads.opens(agent, record, self.clock.now());
        if let Some(records) = opened {
            self.record(actor, &SecurityEvent::MassRead { records });
        }
    }

    /// The channel of that inbox, where it is open.
    pub fn channel(&self, inbox: &str) -> Option<&Arc<dyn Channel>> {
        self.channels.iter().find(|c| c.inbox() == inbox)
    }

    /// The clock was moved by hand: what waits for its time looks again.
    pub fn look_again(&self) {
        self.timers.notify_one();
        self.clocks.notify_one();
        self.outbox.send_replace(());
    }

    /// How the desk stands.
    pub fn desk(&self) -> DeskStatus {
        self.desk
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Whether the program is stopping.
    pub fn is_stopping(&self) -> bool {
        *self.stop.borrow()
    }

    /// Resolves when the program stops. Cancel-safe.
    pub async fn stopped(&self) {
        // An error means that the service is gone, which is as good as stopped.
        let _ = self.stop.subscribe().wait_for(|s| *s).await;
    }

    /// Tells everything that looks on that the program is stopping; messages are no longer taken.
    pub fn begin_stop(&self) {
        self.stop.send_replace(true);
    }
}
