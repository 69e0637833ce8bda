//! What several programs commit on one database, told to everybody who looks on at this one, in the order of the log.
//!
//! Whatever stands before a place that was committed is committed too, since all writers wait for each other. So this
//! program's own commits are told as they are where nothing lies between, and what lies between is read first: a page
//! that remembers the last place it saw misses nothing.

use super::{Push, Service, Standing};
use crate::{
    domain::{Author, ConversationId, EventKind},
    store::{Committed, Job, LogRow, Places, StoreError, Target},
};
use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::{Notify, mpsc, watch},
    time::{MissedTickBehavior, timeout},
};

/// How many entries are read at a time.
const AT_A_TIME: i64 = 500;
/// How often the end of the log is looked at where others are not heard; where they are, as a net, once in so many
/// times.
const DEAF: Duration = Duration::from_millis(400);
const HEARING: u32 = 5;
/// How much may wait to be told. What is more is read from the log.
pub(super) const WAITING: usize = 256;
/// How long one look may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// After so many looks in a row that found what nobody had told, the connection to listen by is made anew.
const MISSED: u32 = 2;

/// How the log grew.
#[derive(Debug)]
pub(super) enum Grown {
    /// By what this program has committed.
    Own(Vec<Places>, Vec<Committed>),
    /// To there, as another program tells.
    Upto(i64),
    /// Nobody knows: what was told meanwhile was not heard.
    Perhaps,
}

/// How well the others are heard.
#[derive(Debug, Default)]
pub(super) struct Hearing {
    /// The connection to listen by stands.
    pub(super) stands: AtomicBool,
    /// Something came by it since it was last looked at.
    pub(super) heard: AtomicBool,
    /// It seems to stand, and nothing comes by it.
    pub(super) broken: Notify,
}

/// Where this program stands in the log.
struct Follower {
    service: Arc<Service>,
    /// All up to here was told, or was there before anybody could look on.
    at: i64,
}

/// Follows the log until the program stops.
pub(super) async fn run(
    service: Arc<Service>,
    mut grown: mpsc::Receiver<Grown>,
    mut stopped: watch::Receiver<bool>,
) {
    let hearing = Arc::clone(&service.hearing);
    let at = service.store.opened_at();
    let mut follower = Follower { service, at };
    let (mut missed, mut looked) = (0, 0);
    // It goes on however much is told meanwhile.
    let mut net = tokio::time::interval(DEAF);
    net.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let next = tokio::select! {
            next = grown.recv() => next.map(Some),
            _ = net.tick() => Some(None),
            _ = stopped.wait_for(|s| *s) => None,
        };
        let read = match next {
            None => return,
            Some(Some(Grown::Own(places, committed))) => follower.own(places, committed).await,
            Some(Some(Grown::Upto(position))) => follower.read_on(position).await,
            Some(Some(Grown::Perhaps)) => follower.look().await.is_some(),
            Some(None) => {
                looked += 1;
                if hearing.stands.load(Ordering::SeqCst) && looked < HEARING {
                    continue;
                }
                looked = 0;
                let new = follower.look().await;
                // Each commit is heard of, also of this program's.
                let heard = hearing.heard.swap(false, Ordering::SeqCst);
                missed = if new == Some(true) && !heard {
                    missed + 1
                } else {
                    0
                };
                if missed >= MISSED {
                    missed = 0;
                    hearing.broken.notify_one();
                }
                follower.service.take_up_all_here().await;
                new.is_some()
            }
        };
        if !read {
            // All that waits is behind what could not be read, and is read with it.
            while grown.try_recv().is_ok() {}
        }
    }
}

impl Follower {
    /// Tells what this program has committed, and before it what others have. Whether that succeeded: what cannot be
    /// read now is read later, and ours with it.
    async fn own(&mut self, places: Vec<Places>, committed: Vec<Committed>) -> bool {
        let mut committed = committed.into_iter().peekable();
        for Places { before, last } in places {
            if !self.read_on(before).await {
                return false;
            }
            while let Some(one) = committed.next_if(|c| c.position <= last) {
                // A part of them may have been read already.
                if one.position > self.at {
                    self.service.hub.publish(one);
                }
            }
            self.at = self.at.max(last);
        }
        true
    }

    /// Looks where the log ends, and reads on. Whether there was something new; none where it could not be read.
    async fn look(&mut self) -> Option<bool> {
        let end = timeout(PATIENCE, self.service.store.end_of_log()).await;
        let end = end.ok()?.ok()?;
        let new = self.at < end;
        self.read_on(end).await.then_some(new)
    }

    /// Reads and tells all up to there. Whether that succeeded.
    async fn read_on(&mut self, upto: i64) -> bool {
        while self.at < upto {
            let service = Arc::clone(&self.service);
            let told = timeout(PATIENCE, service.tell_stretch(self.at, upto)).await;
            let Ok(Ok(reached)) = told else {
                return false;
            };
            self.at = reached;
        }
        true
    }
}

impl Service {
    /// Reads a stretch of the log and tells it. How far it went.
    async fn tell_stretch(self: &Arc<Self>, after: i64, upto: i64) -> Result<i64, StoreError> {
        let rows = self.store.log_between(after, upto, AT_A_TIME).await?;
        let reached = match rows.last() {
            Some(last) if rows.len() as i64 == AT_A_TIME => last.feed.id,
            _ => upto,
        };
        let mut watched: BTreeMap<ConversationId, Vec<&LogRow>> = BTreeMap::new();
        for row in &rows {
            if self.hub.is_watched(&row.inbox, &row.sender) {
                watched.entry(row.feed.conversation).or_default().push(row);
            }
        }
        // All is read before anything is told: what fails is told once, when it succeeds.
        let mut pushes = Vec::new();
        for (id, rows) in watched {
            pushes.push((id, self.pushes(id, &rows).await?, rows));
        }
        for (id, told, rows) in pushes {
            let row = rows[0];
            let left = rows.last().is_some_and(|r| r.feed.kind == "presence");
            for push in told {
                if let Push::Status(standing) = &push
                    && left
                    && !standing.present
                {
                    self.is_still_there(id);
                }
                self.hub.tell_person(&row.inbox, &row.sender, push);
            }
        }
        if !rows.is_empty() {
            self.wake_for(&rows);
        }
        for row in rows {
            self.hub.publish_row(row);
        }
        Ok(reached)
    }

    /// What whoever looks on at a conversation is told of these entries.
    async fn pushes(&self, id: ConversationId, rows: &[&LogRow]) -> Result<Vec<Push>, StoreError> {
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
            return Ok(Vec::new());
        };
        let stretch = (first.feed.id, last.feed.id);
        let said = self.store.said_between(id, stretch).await?;
        let said = said.into_iter().filter(|(_, m)| m.from != Author::Note);
        let mut pushes: Vec<Push> = said.map(|(at, m)| Push::Message(at, m)).collect();
        if rows.iter().any(|r| Push::changes(&r.feed.kind)) {
            pushes.push(Push::Changed);
        }
        let conversation = self.store.conversation(id).await?;
        pushes.extend(conversation.map(|c| Push::Status(Standing::of(&c))));
        Ok(pushes)
    }

    /// Another program saw the person leave, who has a page open here.
    fn is_still_there(self: &Arc<Self>, conversation: ConversationId) {
        let service = Arc::clone(self);
        tokio::spawn(async move {
            let job = Job {
                target: Target::Conversation(conversation),
                kind: EventKind::Presence { online: true },
                dedupe: None,
            };
            // Where it cannot be written they are taken for away, as after a crash.
            let _ = service.submit(job).await;
        });
    }

    /// What others have committed may be work for this program.
    fn wake_for(&self, rows: &[LogRow]) {
        if rows.iter().any(|r| self.channel(&r.inbox).is_some()) {
            self.outbox.send_replace(());
        }
        self.timers.notify_one();
        if self.settings.webhook.is_some() {
            self.webhooks.send_replace(());
        }
        if self.settings.acknowledge_at_once {
            self.clocks.notify_one();
        }
    }
}
