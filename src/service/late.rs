//! Files that a channel could not give at once: asked for again with growing pauses, for minutes, while the person's
//! other messages go on. What comes is put beside its message; where it does not come, the person and the desk are
//! told.

use super::{Act, Channel, Reading, Service, SubmitError, ingest::Owner, intake::Handled};
use crate::store::{Arrival, JobError, StoreError};
use std::{sync::Arc, time::Duration};

/// The pause before a file is asked for again, and the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

impl Service {
    /// Writes down that the files of an arrival are still to come.
    pub(super) async fn keep_late(
        &self,
        channel: &Arc<dyn Channel>,
        late: &Arrival,
    ) -> Result<(), StoreError> {
        let arrivals = std::slice::from_ref(late);
        self.store
            .keep_arrivals(channel.inbox(), arrivals, None)
            .await
            .map(drop)
    }

    /// Asks for the files of a message that was taken without them, until all of them are there or `file_wait_seconds`
    /// are over.
    pub(super) async fn handle_late(
        self: &Arc<Self>,
        channel: &Arc<dyn Channel>,
        arrival: &Arrival,
    ) -> Handled {
        let watch = self.clock.stopwatch();
        let mut pause = FIRST_PAUSE;
        loop {
            if self.pause(&mut pause).await.is_err() {
                return Handled::Stopped;
            }
            let over = watch.elapsed() >= self.settings.file_wait;
            let (sender, dedupe, mut act) = match channel.read(self, arrival).await {
                Reading::Nothing | Reading::Unreadable => return Handled::Done,
                Reading::NotNow => continue,
                Reading::Act {
                    sender,
                    dedupe,
                    act,
                    ..
                } => (sender, dedupe, act),
            };
            if act.lacks_files() && !over {
                continue;
            }
            match self.attach_late(channel, &sender, &dedupe, &act).await {
                Ok(()) => {
                    channel.settled(self, arrival).await;
                    return Handled::Done;
                }
                // The program ended before the message was taken: that is done first.
                Err(SubmitError::Job(JobError::NotFound)) if !over => {}
                Err(SubmitError::Job(JobError::Refused(_) | JobError::NotFound)) => {
                    return Handled::Done;
                }
                Err(SubmitError::Job(JobError::Poisonous(_))) => return Handled::Aside,
                Err(
                    SubmitError::Busy
                    | SubmitError::Stopping
                    | SubmitError::Job(JobError::Unavailable(_)),
                ) => {}
            }
        }
    }

    async fn attach_late(
        &self,
        channel: &Arc<dyn Channel>,
        sender: &str,
        dedupe: &str,
        act: &Act,
    ) -> Result<(), SubmitError> {
        let inbox = channel.inbox();
        let (earlier, files) = match act {
            Act::Message { files, .. } => (dedupe, files),
            Act::Edited { earlier, files, .. } => (earlier.as_str(), files),
            Act::Deleted { .. } | Act::Remarked { .. } => return Ok(()),
        };
        let message = self.message(&format!("{inbox}\u{1f}{earlier}")).await?;
        let message = message.ok_or(SubmitError::Job(JobError::NotFound))?;
        let dedupe = format!("{inbox}\u{1f}{dedupe}");
        let owner = Owner {
            inbox,
            sender,
            dedupe: &dedupe,
        };
        self.attach(owner, message, files, format!("{dedupe}:late"))
            .await
    }

    /// Waits for a while, twice as long each time; an error where the program stops meanwhile.
    async fn pause(&self, pause: &mut Duration) -> Result<(), ()> {
        let time = self.clock.jitter(*pause);
        *pause = (*pause * 2).min(LONGEST_PAUSE);
        tokio::select! {
            () = tokio::time::sleep(time) => Ok(()),
            () = self.stopped() => Err(()),
        }
    }
}
