//! One act of a person, brought into their conversation with its files.

use super::{
    Act, IncomingFile, READ_OF_FILES, Service, SubmitError, Verdict,
    files::{FileRefused, check_file},
    owner_of,
    receive::region,
};
use crate::{
    domain::{
        AttachmentRef, ConversationId, EventKind, MessageId, SecretWord, Timestamp,
        event::{Inbound, Unkept},
    },
    store::{Job, JobError, Outcome, StoreError, Target},
};

/// Whose files they are, and by what they are known: the same file of the same thing that came is kept once.
#[derive(Clone, Copy)]
pub(super) struct Owner<'a> {
    pub(super) inbox: &'a str,
    pub(super) sender: &'a str,
    pub(super) dedupe: &'a str,
}

#[expect(clippy::needless_pass_by_value, reason = "a function for map_err")]
fn unavailable(error: StoreError) -> SubmitError {
    SubmitError::Job(JobError::Unavailable(error.to_string()))
}

impl Service {
    /// One attempt to bring an act into its conversation.
    pub(super) async fn take(
        &self,
        inbox: &str,
        sender: &str,
        dedupe: &str,
        act: &mut Act,
        locale: Option<&str>,
    ) -> Result<Outcome, SubmitError> {
        let owner = Owner {
            inbox,
            sender,
            dedupe,
        };
        match act {
            Act::Message { inbound, files } => {
                let alone = self.store.has_words_alone(dedupe).await;
                if files.is_empty() || !alone.map_err(unavailable)? {
                    return self.with_files(owner, dedupe, inbound, files, locale).await;
                }
                // Its words were taken before its files: these are put beside them.
                let key = dedupe.to_owned();
                let outcome = self
                    .receive(inbox, sender, key, inbound.clone(), locale)
                    .await?;
                if let Some(message) = self.message(dedupe).await? {
                    let files_of = format!("{dedupe}:files");
                    self.attach(owner, message, files, files_of).await?;
                }
                // What was answered was answered to the words.
                Ok(Outcome {
                    replies: Vec::new(),
                    ..outcome
                })
            }
            Act::Edited {
                earlier,
                text,
                written,
                whole,
                files,
            } => {
                let key = format!("{inbox}\u{1f}{earlier}");
                let Some((conversation, target)) = self.message(&key).await? else {
                    let Some(whole) = whole else {
                        return Err(SubmitError::Job(JobError::NotFound));
                    };
                    // The change came before the message. When that comes, it is known already.
                    return self.with_files(owner, &key, whole, files, locale).await;
                };
                let hidden = SecretWord::said_in(text).map(|(_, hidden)| hidden);
                let text = hidden.as_ref().unwrap_or(text);
                let files_of = format!("{dedupe}:files");
                let stands = self.store.text_of(conversation, target).await;
                if stands.map_err(unavailable)?.as_deref() == Some(text.as_str()) {
                    // It came before the message and was taken for it, or only its files are others.
                    self.attach(owner, (conversation, target), files, files_of)
                        .await?;
                    return Err(SubmitError::Job(JobError::NotFound));
                }
                let now = self.clock.now();
                // A slip that is mended a day later moves no day.
                let written: Timestamp = written.filter(|at| *at <= now).unwrap_or(now);
                let region = region(locale);
                let rules = &self.runtime().rules;
                let kind = EventKind::Edited {
                    target,
                    text: text.clone(),
                    signals: Box::new(rules.read_from(text, written, region.as_deref())),
                };
                let outcome = self.happens(conversation, kind, dedupe.to_owned()).await?;
                self.attach(owner, (conversation, target), files, files_of)
                    .await?;
                Ok(outcome)
            }
            Act::Deleted { earlier, by_writer } => {
                let key = format!("{inbox}\u{1f}{earlier}");
                let by_writer = *by_writer;
                let (conversation, target) = self
                    .message(&key)
                    .await?
                    .ok_or(SubmitError::Job(JobError::NotFound))?;
                let kind = EventKind::Deleted { target, by_writer };
                self.happens(conversation, kind, dedupe.to_owned()).await
            }
            Act::Remarked { remark, detail } => {
                let known = self.store.conversation_of(inbox, sender).await;
                let conversation = known
                    .map_err(unavailable)?
                    .ok_or(SubmitError::Job(JobError::NotFound))?;
                let detail = detail.clone();
                let dedupe = Some(dedupe.to_owned());
                self.remark(conversation.id, *remark, detail, dedupe).await
            }
        }
    }

    /// The message that came under that key.
    pub(super) async fn message(
        &self,
        key: &str,
    ) -> Result<Option<(ConversationId, MessageId)>, SubmitError> {
        self.store.message_of(key).await.map_err(unavailable)
    }

    async fn happens(
        &self,
        conversation: ConversationId,
        kind: EventKind,
        dedupe: String,
    ) -> Result<Outcome, SubmitError> {
        self.submit(Job {
            target: Target::Conversation(conversation),
            kind,
            dedupe: Some(dedupe),
        })
        .await
    }

    /// Takes a message with its files, under that key.
    async fn with_files(
        &self,
        owner: Owner<'_>,
        key: &str,
        inbound: &mut Inbound,
        files: &[IncomingFile],
        locale: Option<&str>,
    ) -> Result<Outcome, SubmitError> {
        let (mut left, whose) = (READ_OF_FILES, owner_of(owner.inbox, owner.sender));
        for (index, file) in files.iter().enumerate() {
            if let Some(heard) = self.heard_in(&whose, file.words(), &mut left).await {
                inbound.comes_with(heard);
            }
            match self.keep(owner, index, file).await? {
                Ok(about) if !inbound.attachments.contains(&about) => {
                    inbound.attachments.push(about);
                }
                Err(why) if !inbound.unkept.contains(&why) => inbound.unkept.push(why),
                _ => {}
            }
        }
        let (inbox, sender) = (owner.inbox, owner.sender);
        self.receive(inbox, sender, key.to_owned(), inbound.clone(), locale)
            .await
    }

    /// Brings files to an earlier message: those that it does not have yet, and why others could not be kept. Nothing
    /// happens where there is nothing new.
    pub(super) async fn attach(
        &self,
        owner: Owner<'_>,
        (conversation, target): (ConversationId, MessageId),
        files: &[IncomingFile],
        dedupe: String,
    ) -> Result<(), SubmitError> {
        if files.is_empty() {
            return Ok(());
        }
        let known = self.store.files_of(conversation, target).await;
        let known = known.map_err(unavailable)?;
        let (mut attachments, mut unkept, mut borrowed) = (Vec::new(), Vec::new(), Vec::new());
        let (mut left, whose) = (READ_OF_FILES, owner_of(owner.inbox, owner.sender));
        for (index, file) in files.iter().enumerate() {
            if let Ok(content) = &file.content
                && self.is_among(&known, content).await?
            {
                continue;
            }
            borrowed.extend(self.heard_in(&whose, file.words(), &mut left).await);
            match self.keep(owner, index, file).await? {
                Ok(about) => attachments.push(about),
                Err(Unkept::Awaited) => {}
                Err(why) if !unkept.contains(&why) => unkept.push(why),
                Err(_) => {}
            }
        }
        if attachments.is_empty() && unkept.is_empty() && borrowed.is_empty() {
            return Ok(());
        }
        let kind = EventKind::Attached {
            target,
            attachments,
            unkept,
            borrowed,
        };
        self.happens(conversation, kind, dedupe).await.map(drop)
    }

    /// Whether one of those files has these bytes.
    async fn is_among(&self, known: &[AttachmentRef], content: &[u8]) -> Result<bool, SubmitError> {
        for about in known.iter().filter(|k| k.size == content.len() as u64) {
            let stored = self.store.file(about.id).await.map_err(unavailable)?;
            if stored.is_some_and(|f| f.content == content) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Keeps a file where it may be kept; else why not.
    async fn keep(
        &self,
        owner: Owner<'_>,
        index: usize,
        file: &IncomingFile,
    ) -> Result<Result<AttachmentRef, Unkept>, SubmitError> {
        let content = match &file.content {
            Ok(content) => content,
            Err(why) => return Ok(Err(*why)),
        };
        let most = self.settings.attachment_bytes;
        let checked = match check_file(&file.name, &file.media_type, content, most) {
            Ok(checked) => checked,
            Err(FileRefused::TooLarge) => return Ok(Err(Unkept::TooLarge)),
            Err(FileRefused::Name | FileRefused::Empty | FileRefused::Kind) => {
                return Ok(Err(Unkept::Kind));
            }
        };
        match self.scan(checked.media_type(), content).await {
            Verdict::Clean => {}
            Verdict::Harmful => return Ok(Err(Unkept::Harmful)),
            Verdict::Unknown => return Ok(Err(Unkept::Unavailable)),
        }
        if !self
            .has_room_for(content.len())
            .await
            .map_err(unavailable)?
        {
            self.metrics.refused("no_room");
            return Ok(Err(Unkept::Unavailable));
        }
        let Owner {
            inbox,
            sender,
            dedupe,
        } = owner;
        let about = checked.named(inbox, sender, dedupe, index);
        self.store
            .add_file(&about, inbox, sender, content, self.clock.now())
            .await
            .map_err(unavailable)?;
        Ok(Ok(about))
    }
}
