//! What a channel must be able to do. Adapters live in `channel/`; this is all that the rest of the program knows of
//! them.

use super::{Service, Wordy};
use crate::{
    domain::{
        Remark, Timestamp,
        event::{FailReason, Inbound, Unkept},
        interpretation::names,
    },
    store::{Arrival, Outcome, Outgoing, StoredFile},
};
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use std::{fmt, sync::Arc, time::Duration};

names!(
    /// Why a channel's line is down.
    DownReason {
        /// The token is not accepted.
        Token = "token",
        /// The service cannot be reached.
        Network = "network",
        /// What answers there is not the service's API.
        Address = "address",
        /// Another program takes the same bot's messages.
        Conflict = "conflict",
        /// The service does not grant what the bot needs; somebody must switch it on.
        Permission = "permission",
        /// The service is in trouble, or wants us to wait.
        Trouble = "trouble",
    }
);

/// A line that is down: why, and what to do about it, for whoever runs the program. Never carries a token or a person's
/// words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{words}")]
pub struct Down {
    /// For programs.
    pub reason: DownReason,
    /// For people.
    pub words: String,
    /// The service says when to come back.
    #[serde(skip)]
    pub after: Option<Duration>,
}

impl Down {
    /// With these words.
    pub fn new(reason: DownReason, words: impl Into<String>) -> Self {
        Self {
            reason,
            words: words.into(),
            after: None,
        }
    }
}

/// Which earlier message an edit or deletion is about: its dedupe key.
pub type Earlier = String;

/// What an arrival turned out to be.
#[derive(Debug)]
pub enum Reading {
    /// Nothing that we act on.
    Nothing,
    /// It cannot be understood; it is kept raw and counted.
    Unreadable,
    /// The service could not be asked for what belongs to it; it is read again later.
    NotNow,
    /// A person did something.
    Act {
        /// The person's stable id in this inbox.
        sender: String,
        /// The key by which a repeat is known, without the inbox's name.
        dedupe: String,
        /// What they did.
        act: Box<Act>,
        /// The writer's locale, as in `en-GB`, where the channel tells it.
        locale: Option<String>,
    },
}

/// What a person did.
#[derive(Debug)]
pub enum Act {
    /// They wrote. Files are kept before the message is taken.
    Message {
        /// All but the files and the signals.
        inbound: Inbound,
        /// Files that the channel gave us.
        files: Vec<IncomingFile>,
    },
    /// They changed a message.
    Edited {
        /// Which.
        earlier: Earlier,
        /// Its new words.
        text: String,
        /// When the message itself was written, where the channel tells it: the clock for "yesterday" in it.
        written: Option<Timestamp>,
        /// The whole message, where the channel tells it: taken as a new one where the earlier one has not come (yet).
        whole: Option<Inbound>,
        /// The files that it has now. Those that it had before are known by their bytes.
        files: Vec<IncomingFile>,
    },
    /// A message was taken away in the channel.
    Deleted {
        /// Which.
        earlier: Earlier,
        /// They took it back themselves. What somebody else takes away keeps its words for staff.
        by_writer: bool,
    },
    /// Something happened around their conversation that the desk should see. Where they have none, nothing comes of
    /// it.
    Remarked {
        /// What.
        remark: Remark,
        /// What belongs to it: the sign that they reacted with.
        detail: Option<String>,
    },
}

impl Act {
    /// The files that belong to it.
    pub(super) fn files(&mut self) -> &mut [IncomingFile] {
        match self {
            Self::Message { files, .. } | Self::Edited { files, .. } => files,
            Self::Deleted { .. } | Self::Remarked { .. } => &mut [],
        }
    }

    /// Whether a file of it could not be had.
    pub(super) fn lacks_files(&mut self) -> bool {
        let mut files = self.files().iter();
        files.any(|f| matches!(f.content, Err(Unkept::Unavailable)))
    }
}

/// A file as a channel gave it, or why it did not.
#[derive(Debug)]
pub struct IncomingFile {
    /// Its name, as told.
    pub name: String,
    /// Its type, as told.
    pub media_type: String,
    /// What its sender wrote about it, where the channel has a place for that.
    pub about: Option<String>,
    /// What stands in it stands in the message too, or is nobody's word: it is not read again.
    pub told: bool,
    /// Its bytes.
    pub content: Result<Vec<u8>, Unkept>,
}

impl IncomingFile {
    /// As far as words stand in it.
    pub(super) fn words(&self) -> Wordy<'_> {
        Wordy {
            name: &self.name,
            about: self.about.as_deref(),
            content: self.content.as_deref().ok().filter(|_| !self.told),
        }
    }
}

/// Why a message did not go out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undelivered {
    /// It may work later; where the service says when, not before.
    Later(Option<Duration>),
    /// It never will.
    Never(FailReason),
}

/// Notes that so many parts of a message are out, so that a later attempt goes on from there.
pub trait Progress: Send + Sync {
    /// So many parts are out.
    fn sent(&self, parts: usize) -> BoxFuture<'_, ()>;
    /// Called between two parts: a breath, with the sign that somebody is writing.
    fn breathe(&self) -> BoxFuture<'_, ()>;
}

/// A way by which people write to us and we to them.
pub trait Channel: Send + Sync + fmt::Debug {
    /// The inbox's name: part of what identifies a conversation, so it never changes.
    fn inbox(&self) -> &'static str;

    /// Opens the line and keeps it open. Everything that comes is handed to [`Service::arrive`] before it is confirmed
    /// to the service outside;
    /// [`Service::line_up`] is called once the line stands. Returns when the line is down; it is opened again after a
    /// growing pause.
    fn listen<'a>(
        &'a self,
        service: &'a Arc<Service>,
        line: &'a Arc<dyn Channel>,
    ) -> BoxFuture<'a, Down>;

    /// Whether a webhook call shows the secret that was agreed, in its header; asked before the call's body is read.
    ///
    /// # Errors
    /// It does not, or there is no webhook.
    fn admits(&self, secret: Option<&str>) -> Result<(), WebhookRefused> {
        let _ = secret;
        Err(WebhookRefused::NotOpen)
    }

    /// Takes what a webhook call brings: the header's secret and the body.
    ///
    /// # Errors
    /// The call does not come from whom it says.
    fn webhook(&self, secret: Option<&str>, body: &str) -> Result<Vec<Arrival>, WebhookRefused> {
        let _ = (secret, body);
        Err(WebhookRefused::NotOpen)
    }

    /// Reads what came, with the files that belong to it. One that cannot be had within a few seconds is
    /// [`Unkept::Unavailable`]: the message is taken without it, and it is asked for again by reading the same arrival
    /// while [`Arrival::is_late`], beside the other messages of its lane. `service` keeps notes of what was done
    /// already.
    fn read<'a>(
        &'a self,
        service: &'a Arc<Service>,
        arrival: &'a Arrival,
    ) -> BoxFuture<'a, Reading>;

    /// The same without files, and without asking anybody outside: words of danger wait for no file, and for nothing
    /// that came before them. Nothing where there are no words, or where they cannot be read so.
    fn read_words<'a>(
        &'a self,
        service: &'a Arc<Service>,
        arrival: &'a Arrival,
    ) -> BoxFuture<'a, Reading> {
        let _ = (service, arrival);
        Box::pin(std::future::ready(Reading::Nothing))
    }

    /// What came is on disk with all that follows from it: the channel's own receipts, buttons to take away. What comes
    /// next in the same lane does not wait for it.
    fn taken<'a>(
        &'a self,
        service: &'a Arc<Service>,
        arrival: &'a Arrival,
        outcome: &'a Outcome,
    ) -> BoxFuture<'a, ()>;

    /// The files of an arrival that was taken without them are on disk now, or will not come any more. It may be
    /// skipped by a crash.
    fn settled<'a>(&'a self, service: &'a Arc<Service>, arrival: &'a Arrival) -> BoxFuture<'a, ()> {
        let _ = (service, arrival);
        Box::pin(std::future::ready(()))
    }

    /// Sends a message, its parts in order, from part `message.parts` on. Returns the service's ids of the parts that
    /// it sent. `service` keeps notes of what was opened for it, and takes remarks for the desk ([`Service::remark`]).
    fn deliver<'a>(
        &'a self,
        service: &'a Arc<Service>,
        message: &'a Outgoing,
        files: &'a [StoredFile],
        progress: &'a dyn Progress,
    ) -> BoxFuture<'a, Result<Vec<String>, Undelivered>>;

    /// Shows the person that somebody is writing.
    fn typing<'a>(&'a self, place: &'a str) -> BoxFuture<'a, ()>;
}

/// Why a webhook call was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebhookRefused {
    /// This inbox has no webhook.
    NotOpen,
    /// The secret is wrong.
    Secret,
    /// The body is no update.
    Body,
}
