//! From a channel to the conversation: what came is kept raw, confirmed, and then handled in lanes, in order within each.
//!
//! A crash at any moment loses nothing: what was kept and has not had its effect is found at the next start, and what has had its effect is known by
//! its dedupe key.

use super::{Act, Channel, Reading, Service, taking::Taken};
use crate::{
    domain::event::Unkept,
    store::{Arrival, StoreError},
};
use futures_util::FutureExt;
use std::{
    collections::{HashMap, VecDeque},
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::{mpsc, watch};

/// How often reading is tried where the service cannot give what belongs to an arrival; then it is taken without.
const READINGS: u32 = 4;
/// How long something may wait, for a file or for what came before it, until words of danger in it are taken by
/// themselves.
const A_MOMENT: Duration = Duration::from_millis(200);

type Lane = (&'static str, String);

/// What waits in memory, by lane; a lane that is here has somebody at work on it.
#[derive(Debug, Default)]
pub(super) struct Lanes(Mutex<HashMap<Lane, VecDeque<Arrival>>>);

impl Lanes {
    /// Adds to a lane. Whether somebody must be set to work on it.
    fn push(&self, lane: &Lane, arrival: Arrival) -> bool {
        let mut lanes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let idle = !lanes.contains_key(lane);
        lanes.entry(lane.clone()).or_default().push_back(arrival);
        idle
    }

    /// Whether that arrival still waits.
    fn holds(&self, lane: &Lane, id: &str) -> bool {
        let lanes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = lanes.get(lane).into_iter().flatten();
        waiting.into_iter().any(|arrival| arrival.id == id)
    }

    /// The next of a lane; a lane in which nothing is left is closed.
    fn next(&self, lane: &Lane) -> Option<Arrival> {
        let mut lanes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let next = lanes.get_mut(lane)?.pop_front();
        if next.is_none() {
            lanes.remove(lane);
        }
        next
    }
}

impl Service {
    /// Takes what a channel gave us: when this returns it is on disk, so it may be confirmed. `mark` says where the line stands after it.
    ///
    /// # Errors
    /// Nothing could be written; nothing may be confirmed.
    pub async fn arrive(
        self: &Arc<Self>,
        channel: &Arc<dyn Channel>,
        arrivals: Vec<Arrival>,
        mark: Option<(&str, &str)>,
    ) -> Result<(), StoreError> {
        let inbox = channel.inbox();
        let fresh = self
            .store
            .keep_arrivals(inbox, &arrivals, self.clock.now().0, mark)
            .await?;
        for arrival in fresh {
            self.set_to_work(channel, arrival);
        }
        Ok(())
    }

    /// Takes up what was kept and had not had its effect when the program ended.
    pub(super) async fn take_up(
        self: &Arc<Self>,
        channel: &Arc<dyn Channel>,
    ) -> Result<(), StoreError> {
        for arrival in self.store.arrivals(channel.inbox()).await? {
            self.set_to_work(channel, arrival);
        }
        Ok(())
    }

    fn set_to_work(self: &Arc<Self>, channel: &Arc<dyn Channel>, arrival: Arrival) {
        let lane = (channel.inbox(), arrival.lane.clone());
        let idle = self.lanes.push(&lane, arrival.clone());
        let (service, channel) = (Arc::clone(self), Arc::clone(channel));
        if idle {
            tokio::spawn(async move { service.work(&channel, &lane).await });
        } else {
            tokio::spawn(async move {
                tokio::time::sleep(A_MOMENT).await;
                // Something before it takes long. The lane comes to it in its turn, and finds the words taken.
                if service.lanes.holds(&lane, &arrival.id) {
                    service.take_danger(&channel, &arrival).await;
                }
            });
        }
    }

    /// Handles a lane until nothing is left in it.
    async fn work(self: &Arc<Self>, channel: &Arc<dyn Channel>, lane: &Lane) {
        while let Some(arrival) = self.lanes.next(lane) {
            // A fault in an adapter sets this arrival aside; it must not end its lane.
            let handled = AssertUnwindSafe(self.handle(channel, &arrival));
            match handled.catch_unwind().await.unwrap_or(Handled::Aside) {
                // Where nobody sweeps any more, the program is at its end.
                Handled::Done => drop(self.swept.send((channel.inbox(), arrival.id))),
                Handled::Aside => {
                    self.metrics.unread(channel.inbox());
                    tracing::warn!(
                        inbox = channel.inbox(),
                        "something that came could not be understood: it was kept as it came and set aside"
                    );
                    let _ = self
                        .store
                        .set_arrival_aside(channel.inbox(), &arrival.id)
                        .await;
                }
                // What is on disk is taken up at the next start.
                Handled::Stopped => return,
            }
        }
    }

    /// Whether danger is read in what they wrote or changed, or in words that were passed on with it.
    fn is_urgent(&self, act: &Act) -> bool {
        let (text, borrowed) = match act {
            Act::Message { inbound, .. } => (&inbound.text, &inbound.borrowed[..]),
            Act::Edited { text, .. } => (text, &[][..]),
            Act::Deleted { .. } | Act::Remarked { .. } => return false,
        };
        let texts = std::iter::once(text).chain(borrowed.iter().map(|b| &b.text));
        let (rules, now) = (&self.runtime().rules, self.clock.now());
        texts
            .filter(|text| !text.is_empty())
            .any(|text| rules.read(text, now).red_flag.is_some())
    }

    /// Takes words of danger at once: before the files that came with them, and before what else waits in their lane.
    async fn take_danger(self: &Arc<Self>, channel: &Arc<dyn Channel>, arrival: &Arrival) {
        let words = AssertUnwindSafe(channel.read_words(self, arrival));
        let Ok(Reading::Act {
            sender,
            dedupe,
            mut act,
            locale,
        }) = words.catch_unwind().await
        else {
            return;
        };
        if self.is_urgent(&act) {
            let dedupe = format!("{}\u{1f}{dedupe}", channel.inbox());
            // What cannot be taken is set aside when the lane comes to it.
            let taken = self.take_at_last(channel, &sender, &dedupe, &mut act, locale.as_deref());
            drop(taken.await);
        }
    }

    async fn handle(self: &Arc<Self>, channel: &Arc<dyn Channel>, arrival: &Arrival) -> Handled {
        let (mut readings, mut looked) = (0, false);
        let mut pause = Duration::from_millis(100);
        let (sender, dedupe, mut act, locale) = loop {
            let reading = channel.read(self, arrival);
            tokio::pin!(reading);
            let read = tokio::select! {
                biased;
                read = &mut reading => Some(read),
                () = tokio::time::sleep(A_MOMENT), if !looked => None,
            };
            let read = if let Some(read) = read {
                read
            } else {
                // A file, mostly.
                looked = true;
                self.take_danger(channel, arrival).await;
                reading.await
            };
            match read {
                Reading::Nothing => return Handled::Done,
                Reading::Unreadable => return Handled::Aside,
                Reading::Act {
                    sender,
                    dedupe,
                    act,
                    locale,
                } => {
                    // A file is asked for again.
                    let again = matches!(&*act, Act::Message { files, .. } if files.iter().any(|f| matches!(f.content, Err(Unkept::Unavailable))));
                    readings += 1;
                    if !again || readings >= READINGS {
                        break (sender, dedupe, act, locale);
                    }
                }
                Reading::NotNow => {}
            }
            if !std::mem::replace(&mut looked, true) {
                self.take_danger(channel, arrival).await;
            }
            if self.wait(&mut pause).await.is_err() {
                return Handled::Stopped;
            }
        };
        let dedupe = format!("{}\u{1f}{dedupe}", channel.inbox());
        let taken = self.take_at_last(channel, &sender, &dedupe, &mut act, locale.as_deref());
        match taken.await {
            Taken::Outcome(outcome) => {
                // Receipts are the vendor's business, which may be slow: nobody waits for them.
                let (service, channel) = (Arc::clone(self), Arc::clone(channel));
                let arrival = arrival.clone();
                tokio::spawn(async move { channel.taken(&service, &arrival, &outcome).await });
                Handled::Done
            }
            Taken::Refused => Handled::Done,
            Taken::Poisonous => Handled::Aside,
            Taken::Stopped => Handled::Stopped,
        }
    }
}

/// An arrival that has had its effect: its inbox and id.
pub(super) type Swept = (&'static str, String);

/// Clears away what has had its effect, everything that waits at once. What is left over at the end is known by its key when it is taken up again.
pub(super) async fn sweep(
    service: Arc<Service>,
    mut done: mpsc::UnboundedReceiver<Swept>,
    mut stopped: watch::Receiver<bool>,
) {
    let mut swept = Vec::new();
    loop {
        tokio::select! {
            count = done.recv_many(&mut swept, 256) => if count == 0 { return },
            _ = stopped.wait_for(|s| *s) => return,
        }
        let mut by_inbox: HashMap<&str, Vec<String>> = HashMap::new();
        for (inbox, id) in swept.drain(..) {
            by_inbox.entry(inbox).or_default().push(id);
        }
        for (inbox, ids) in by_inbox {
            let _ = service.store.drop_arrivals(inbox, &ids).await;
        }
    }
}

enum Handled {
    Done,
    Aside,
    Stopped,
}
