//! From a channel to the conversation: what came is kept raw, confirmed, and then handled in lanes, in order within each.
//!
//! A crash at any moment loses nothing: what was kept and has not had its effect is found at the next start, and what has had its effect is known by
//! its dedupe key.

use super::{
    Act, Channel, Reading, Service, SubmitError,
    files::{FileRefused, check_file},
    receive::region,
};
use crate::{
    domain::{
        EventKind, Timestamp,
        event::{Inbound, Unkept},
    },
    store::{Arrival, Job, JobError, Outcome, StoreError, Target},
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
/// The longest pause between two attempts to write.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

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
        if self.lanes.push(&lane, arrival) {
            let (service, channel) = (Arc::clone(self), Arc::clone(channel));
            tokio::spawn(async move { service.work(&channel, &lane).await });
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

    /// Whether danger is read in a message, or in words that were passed on with it.
    fn is_urgent(&self, inbound: &Inbound) -> bool {
        let texts = std::iter::once(&inbound.text).chain(inbound.borrowed.iter().map(|b| &b.text));
        let (rules, now) = (&self.runtime().rules, self.clock.now());
        texts
            .filter(|text| !text.is_empty())
            .any(|text| rules.read(text, now).red_flag.is_some())
    }

    async fn handle(self: &Arc<Self>, channel: &Arc<dyn Channel>, arrival: &Arrival) -> Handled {
        let mut readings = 0;
        let mut pause = Duration::from_millis(100);
        let (sender, dedupe, mut act, locale) = loop {
            match channel.read(self, arrival).await {
                Reading::Nothing => return Handled::Done,
                Reading::Unreadable => return Handled::Aside,
                Reading::Act {
                    sender,
                    dedupe,
                    act,
                    locale,
                } => {
                    // A file is asked for again; words of danger do not wait for it.
                    let again = matches!(&*act, Act::Message { inbound, files } if files.iter().any(|f| matches!(f.content, Err(Unkept::Unavailable))) && !self.is_urgent(inbound));
                    readings += 1;
                    if !again || readings >= READINGS {
                        break (sender, dedupe, act, locale);
                    }
                }
                Reading::NotNow => {}
            }
            if self.wait(&mut pause).await.is_err() {
                return Handled::Stopped;
            }
        };
        let inbox = channel.inbox();
        let dedupe = format!("{inbox}\u{1f}{dedupe}");
        let mut pause = Duration::from_millis(100);
        loop {
            match self
                .take(inbox, &sender, &dedupe, &mut act, locale.as_deref())
                .await
            {
                Ok(outcome) => {
                    channel.taken(self, arrival, &outcome).await;
                    return Handled::Done;
                }
                // Not for this conversation, or of no conversation that we know.
                Err(SubmitError::Job(JobError::Refused(_) | JobError::NotFound)) => {
                    return Handled::Done;
                }
                Err(SubmitError::Job(JobError::Poisonous(_))) => return Handled::Aside,
                Err(
                    SubmitError::Busy
                    | SubmitError::Stopping
                    | SubmitError::Job(JobError::Unavailable(_)),
                ) => {
                    if self.wait(&mut pause).await.is_err() {
                        return Handled::Stopped;
                    }
                }
            }
        }
    }

    /// One attempt to bring an act into its conversation.
    async fn take(
        &self,
        inbox: &str,
        sender: &str,
        dedupe: &str,
        act: &mut Act,
        locale: Option<&str>,
    ) -> Result<Outcome, SubmitError> {
        let unavailable = |e: StoreError| SubmitError::Job(JobError::Unavailable(e.to_string()));
        let (earlier, change) = match act {
            Act::Message { inbound, files } => {
                for (index, file) in files.iter_mut().enumerate() {
                    let kept = match &file.content {
                        Err(why) => Err(*why),
                        Ok(content) => {
                            let most = self.settings.attachment_bytes;
                            check_file(&file.name, &file.media_type, content, most).map_err(|e| {
                                match e {
                                    FileRefused::TooLarge => Unkept::TooLarge,
                                    FileRefused::Name | FileRefused::Empty | FileRefused::Kind => {
                                        Unkept::Kind
                                    }
                                }
                            })
                        }
                    };
                    match (kept, &file.content) {
                        (Ok(checked), Ok(content)) => {
                            let about = checked.named(inbox, sender, dedupe, index);
                            self.store
                                .add_file(&about, inbox, sender, content, self.clock.now())
                                .await
                                .map_err(unavailable)?;
                            if !inbound.attachments.contains(&about) {
                                inbound.attachments.push(about);
                            }
                        }
                        (Err(why), _) => {
                            if !inbound.unkept.contains(&why) {
                                inbound.unkept.push(why);
                            }
                        }
                        (Ok(_), Err(_)) => {}
                    }
                }
                return self
                    .receive(inbox, sender, dedupe.to_owned(), inbound.clone(), locale)
                    .await;
            }
            Act::Edited {
                earlier,
                text,
                written,
                whole,
            } => (earlier, Change::Edited(text, *written, whole)),
            Act::Deleted { earlier, by_writer } => {
                let by_writer = *by_writer;
                (earlier, Change::Deleted { by_writer })
            }
            Act::Remarked { remark, detail } => {
                let known = self.store.conversation_of(inbox, sender).await;
                let known = known.map_err(unavailable)?;
                let conversation = known.ok_or(SubmitError::Job(JobError::NotFound))?;
                let detail = detail.clone();
                let dedupe = Some(dedupe.to_owned());
                return self.remark(conversation.id, *remark, detail, dedupe).await;
            }
        };
        let key = format!("{inbox}\u{1f}{earlier}");
        let Some((conversation, target)) =
            self.store.message_of(&key).await.map_err(unavailable)?
        else {
            let Change::Edited(_, _, Some(whole)) = change else {
                return Err(SubmitError::Job(JobError::NotFound));
            };
            // The change came before the message. When that comes, it is known already.
            return self
                .receive(inbox, sender, key, whole.clone(), locale)
                .await;
        };
        let kind = match change {
            Change::Deleted { by_writer } => EventKind::Deleted { target, by_writer },
            Change::Edited(text, written, _) => {
                let now = self.clock.now();
                // A slip that is mended a day later moves no day.
                let written = written.filter(|at| *at <= now).unwrap_or(now);
                let region = region(locale);
                let rules = &self.runtime().rules;
                let signals = Box::new(rules.read_from(text, written, region.as_deref()));
                EventKind::Edited {
                    target,
                    text: text.to_owned(),
                    signals,
                }
            }
        };
        self.submit(Job {
            target: Target::Conversation(conversation),
            kind,
            dedupe: Some(dedupe.to_owned()),
        })
        .await
    }

    /// Waits for a while, longer each time; an error where the program stops meanwhile.
    async fn wait(&self, pause: &mut Duration) -> Result<(), ()> {
        let time = *pause;
        *pause = (time * 2).min(LONGEST_PAUSE);
        tokio::select! {
            () = tokio::time::sleep(time) => Ok(()),
            () = self.stopped() => Err(()),
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

/// What became of an earlier message.
enum Change<'a> {
    /// Its new words, when it was written, and the whole message where the channel tells it.
    Edited(&'a str, Option<Timestamp>, &'a Option<Inbound>),
    /// It was taken away.
    Deleted { by_writer: bool },
}

enum Handled {
    Done,
    Aside,
    Stopped,
}
