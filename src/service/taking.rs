//! Bringing what a person did into their conversation, however often it must be tried.

use super::{
    Act, Channel, Service, SubmitError,
    files::{FileRefused, check_file},
    receive::region,
};
use crate::{
    domain::{
        EventKind, Timestamp,
        event::{Inbound, Unkept},
    },
    store::{Job, JobError, Outcome, StoreError, Target},
};
use std::{sync::Arc, time::Duration};

/// The longest pause between two attempts to write.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// The key of the files of a message whose words were taken before them.
fn files_of(key: &str) -> String {
    format!("{key}:files")
}

/// What became of an act.
pub(super) enum Taken {
    Outcome(Outcome),
    /// Not for this conversation, or of none that we know.
    Refused,
    /// It cannot be taken by itself.
    Poisonous,
    /// The program stops.
    Stopped,
}

/// What became of an earlier message.
enum Change<'a> {
    /// Its new words, when it was written, and the whole message where the channel tells it.
    Edited(&'a str, Option<Timestamp>, &'a Option<Inbound>),
    /// It was taken away.
    Deleted { by_writer: bool },
}

impl Service {
    /// Brings an act into its conversation, however often it must be tried.
    pub(super) async fn take_at_last(
        &self,
        channel: &Arc<dyn Channel>,
        sender: &str,
        dedupe: &str,
        act: &mut Act,
        locale: Option<&str>,
    ) -> Taken {
        let mut pause = Duration::from_millis(100);
        loop {
            let taken = self.take(channel.inbox(), sender, dedupe, act, locale);
            match taken.await {
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
                let late = !files.is_empty()
                    && self
                        .store
                        .has_words_alone(dedupe)
                        .await
                        .map_err(unavailable)?;
                // Its words are taken: what is left of it is a message of its own.
                let dedupe = &if late {
                    files_of(dedupe)
                } else {
                    dedupe.to_owned()
                };
                if late {
                    *inbound = inbound.without_words();
                }
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
        if let Change::Deleted { by_writer } = change {
            let files = self.store.message_of(&files_of(&key)).await;
            if let Some((conversation, target)) = files.map_err(unavailable)? {
                let gone = self.submit(Job {
                    target: Target::Conversation(conversation),
                    kind: EventKind::Deleted { target, by_writer },
                    dedupe: Some(files_of(dedupe)),
                });
                match gone.await {
                    Ok(_) | Err(SubmitError::Job(JobError::Refused(_) | JobError::NotFound)) => {}
                    Err(error) => return Err(error),
                }
            }
        }
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
                let stands = self.store.text_of(conversation, target).await;
                if stands.map_err(unavailable)?.as_deref() == Some(text) {
                    // It came before the message, and was taken for it.
                    return Err(SubmitError::Job(JobError::NotFound));
                }
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
    pub(super) async fn wait(&self, pause: &mut Duration) -> Result<(), ()> {
        let time = *pause;
        *pause = (time * 2).min(LONGEST_PAUSE);
        tokio::select! {
            () = tokio::time::sleep(time) => Ok(()),
            () = self.stopped() => Err(()),
        }
    }
}
