//! From a channel to the conversation: what came is kept raw, confirmed, and then handled in lanes, in order within
//! each.
//!
//! A crash at any moment loses nothing: what was kept and has not had its effect is found at the next start, and what
//! has had its effect is known by its dedupe key.

use super::{
    Act, Channel, READ_OF_FILES, Reading, Service, SubmitError, lanes::Lane, lanes::Swept,
    leases::line_of, owner_of,
};
use crate::{
    domain::event::Unkept,
    store::{Arrival, JobError, Notice, Outcome, StoreError},
};
use futures_util::FutureExt;
use std::{collections::HashMap, panic::AssertUnwindSafe, sync::Arc, time::Duration};
use tokio::sync::{mpsc, watch};
use tracing::Instrument;

/// How often reading is tried where the service cannot give what belongs to an arrival, and for how long: nobody's next
/// words wait for a file. Then it is taken without, and the file is asked for beside them.
const READINGS: u32 = 4;
const READING: Duration = Duration::from_secs(2);
/// How long something may wait, for a file or for what came before it, until words of danger in it are taken by
/// themselves.
const A_MOMENT: Duration = Duration::from_millis(200);
/// The longest pause between two attempts to write.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

impl Service {
    /// Takes what a channel gave us: when this returns it is on disk, so it may be confirmed. `mark` says where the
    /// line stands after it.
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
        let fresh = self.store.keep_arrivals(inbox, &arrivals, mark).await?;
        if fresh.is_empty() {
            return Ok(());
        }
        if !self.leases.has(&line_of(inbox)) {
            // One program handles what comes by a line, so that it is handled in order.
            self.tell_others(Notice::Arrived {
                inbox: inbox.to_owned(),
            });
            return Ok(());
        }
        let mut next = fresh;
        if self.store.may_be_shared() {
            // Another program may have kept what comes before these, and its notice be on the way yet. Where it cannot
            // be read now, all are taken up at the next look.
            let lanes = next.iter().map(|a| a.lane.as_str()).collect();
            next = (self.store.arrivals_in(inbox, &lanes).await).unwrap_or_default();
        }
        for arrival in next {
            self.set_to_work(channel, arrival);
        }
        Ok(())
    }

    /// Another program has kept something for whoever has the line; where that is this one, it is taken up.
    pub(super) async fn take_up_here(self: &Arc<Self>, inbox: &str) {
        if let Some(channel) = self.channel(inbox)
            && self.leases.has(&line_of(inbox))
        {
            // Where it cannot be read now, it is at the next look.
            let _ = self.take_up(channel).await;
        }
    }

    /// The same of all inboxes.
    pub(super) async fn take_up_all_here(self: &Arc<Self>) {
        for channel in &self.channels {
            self.take_up_here(channel.inbox()).await;
        }
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

    pub(super) fn set_to_work(self: &Arc<Self>, channel: &Arc<dyn Channel>, arrival: Arrival) {
        let lane = (channel.inbox(), arrival.lane.clone());
        let Some(idle) = self.lanes.push(&lane, arrival.clone()) else {
            return;
        };
        let (service, channel) = (Arc::clone(self), Arc::clone(channel));
        if idle {
            let arrival = tracing::info_span!("arrival", inbox = channel.inbox());
            let work = async move { service.work(&channel, &lane).await };
            tokio::spawn(work.instrument(arrival));
        } else if !arrival.is_late() {
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
                    self.lanes.forget(channel.inbox(), &[arrival.id]);
                }
                // What is on disk is taken up at the next start.
                Handled::Stopped => return,
            }
        }
    }

    /// Whether danger is read in what they wrote or changed, in words that came beside it, or in a file.
    async fn is_urgent(&self, inbox: &str, sender: &str, act: &Act) -> bool {
        let (text, borrowed, files) = match act {
            Act::Message { inbound, files } => (&inbound.text, &inbound.borrowed[..], files),
            Act::Edited { text, files, .. } => (text, &[][..], files),
            Act::Deleted { .. } | Act::Remarked { .. } => return false,
        };
        let beside = borrowed.iter().filter(|b| b.how.is_read_for_danger());
        let texts = std::iter::once(text).chain(beside.map(|b| &b.text));
        let whose = owner_of(inbox, sender);
        for text in texts {
            if self.danger_in(&whose, text).await.is_some() {
                return true;
            }
        }
        let mut left = READ_OF_FILES;
        for file in files {
            let heard = self.heard_in(&whose, file.words(), &mut left);
            if heard.await.is_some() {
                return true;
            }
        }
        false
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
        if self.is_urgent(channel.inbox(), &sender, &act).await {
            // What cannot be taken is set aside when the lane comes to it.
            let taken = self.take_at_last(channel, &sender, &dedupe, &mut act, locale.as_deref());
            drop(taken.await);
        }
    }

    async fn handle(self: &Arc<Self>, channel: &Arc<dyn Channel>, arrival: &Arrival) -> Handled {
        if arrival.is_late() {
            return self.handle_late(channel, arrival).await;
        }
        let (mut readings, mut looked) = (0, false);
        let watch = self.clock.stopwatch();
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
                    mut act,
                    locale,
                } => {
                    readings += 1;
                    // A file is asked for again; words of danger do not wait for it.
                    let again = readings < READINGS && watch.elapsed() < READING;
                    let waits = again && act.lacks_files();
                    if !waits || self.is_urgent(channel.inbox(), &sender, &act).await {
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
        let late = act.lacks_files().then(|| arrival.late());
        if let Some(late) = &late {
            // On disk before the message is taken, since that takes the arrival away.
            let mut pause = Duration::from_millis(100);
            while self.keep_late(channel, late).await.is_err() {
                if self.wait(&mut pause).await.is_err() {
                    return Handled::Stopped;
                }
            }
            for file in act.files() {
                if matches!(file.content, Err(Unkept::Unavailable)) {
                    file.content = Err(Unkept::Awaited);
                }
            }
        }
        let taken = self.take_at_last(channel, &sender, &dedupe, &mut act, locale.as_deref());
        let handled = match taken.await {
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
        };
        if let (Some(late), Handled::Done) = (late, &handled) {
            self.set_to_work(channel, late);
        }
        handled
    }

    /// Brings an act into its conversation, however often it must be tried.
    async fn take_at_last(
        &self,
        channel: &Arc<dyn Channel>,
        sender: &str,
        dedupe: &str,
        act: &mut Act,
        locale: Option<&str>,
    ) -> Taken {
        let inbox = channel.inbox();
        let dedupe = format!("{inbox}\u{1f}{dedupe}");
        let mut pause = Duration::from_millis(100);
        loop {
            match self.take(inbox, sender, &dedupe, act, locale).await {
                Ok(outcome) => return Taken::Outcome(outcome),
                // Not for this conversation, or of no conversation that we know.
                Err(SubmitError::Job(JobError::Refused(_) | JobError::NotFound)) => {
                    return Taken::Refused;
                }
                Err(SubmitError::Job(JobError::Poisonous(_))) => return Taken::Poisonous,
                Err(
                    SubmitError::Busy
                    | SubmitError::Stopping
                    | SubmitError::Job(JobError::Unavailable(_)),
                ) => {
                    if self.wait(&mut pause).await.is_err() {
                        return Taken::Stopped;
                    }
                }
            }
        }
    }

    /// Waits for a while, longer each time; an error where the program stops meanwhile.
    pub(super) async fn wait(&self, pause: &mut Duration) -> Result<(), ()> {
        let time = *pause;
        *pause = (time * 2).min(LONGEST_PAUSE);
        tokio::select! {
            () = tokio::time::sleep(time) => Ok(()),
            () = self.stopped() => Err(()),
        }
    }
}

/// Clears away what has had its effect, everything that waits at once. What is left over at the end is known by its key
/// when it is taken up again.
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
        let mut by_inbox: HashMap<&'static str, Vec<String>> = HashMap::new();
        for (inbox, id) in swept.drain(..) {
            by_inbox.entry(inbox).or_default().push(id);
        }
        for (inbox, ids) in by_inbox {
            let _ = service.store.drop_arrivals(inbox, &ids).await;
            service.lanes.forget(inbox, &ids);
        }
    }
}

pub(super) enum Handled {
    Done,
    Aside,
    Stopped,
}

/// What became of an act.
enum Taken {
    Outcome(Outcome),
    /// Not for this conversation, or of none that we know.
    Refused,
    /// It cannot be taken by itself.
    Poisonous,
    /// The program stops.
    Stopped,
}
