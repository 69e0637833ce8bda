//! Discord: direct messages, a support channel where a message opens a private thread, commands, buttons and menus.
//!
//! Nobody is ever answered where others read along: a place where only they do is opened when there is something to say
//! (`places`).
//!
//! twilight's gateway gives every event raw, so each is written down as it came before it is handled, together with the
//! place in the session: after a broken connection, or a restart, Discord is asked for what came after the last event
//! that is on disk. Of the events only what we need is read, so that a field that Discord adds or leaves out spoils
//! nothing.

mod api;
mod arrivals;
mod events;
mod gateway;
mod interactions;
mod known;
mod limits;
mod markup;
mod missed;
mod places;
mod raw;
mod read;
mod readable;
mod receipts;
mod rights;
mod send;
mod threads;
mod trouble;

use crate::{
    config::DiscordSettings,
    service::{Channel, Down, Progress, Reading, Service, Undelivered},
    store::{Arrival, Outcome, Outgoing, StoreError, StoredFile},
};
use api::Api;
pub use events::{Heard, hear};
use futures_util::future::BoxFuture;
use known::Known;
use rights::Rights;
use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicBool, Ordering},
};
use threads::Threads;
use tokio::sync::OnceCell;

/// The inbox's name.
const INBOX: &str = "discord";

/// The Discord inbox.
#[derive(Debug)]
pub struct Discord {
    api: Api,
    token: crate::config::Secret,
    /// The channel where a message opens a private thread.
    support: Option<u64>,
    /// The bot's own user, once Discord has told it.
    me: OnceLock<u64>,
    /// What was noted before the program started has been read.
    loaded: OnceCell<()>,
    /// Where people can be talked with in private.
    known: Known,
    threads: Threads,
    rights: Rights,
    /// Discord does not let this bot read what is written in channels.
    blind: AtomicBool,
    /// Largest file that we keep, in bytes.
    largest_file: usize,
    files: reqwest::Client,
}

impl Discord {
    /// As set; nothing is asked yet.
    ///
    /// # Errors
    /// The HTTP client could not be made.
    pub fn new(settings: &DiscordSettings, largest_file: usize) -> Result<Self, reqwest::Error> {
        Ok(Self {
            api: Api::new(settings)?,
            token: settings.token.clone(),
            support: settings.channel.map(Into::into),
            me: OnceLock::new(),
            loaded: OnceCell::new(),
            known: Known::new(),
            threads: Threads::default(),
            rights: Rights::default(),
            blind: AtomicBool::new(false),
            largest_file,
            files: reqwest::Client::builder()
                .connect_timeout(api::CONNECT)
                .timeout(api::CALL)
                .redirect(reqwest::redirect::Policy::none())
                .build()?,
        })
    }
}

impl Discord {
    /// Reads what was noted before the program started, once. Whoever reads or sends does this first: a thread that is
    /// not known yet would be opened again.
    async fn load(&self, service: &Service) -> Result<(), StoreError> {
        let read = || async {
            self.threads.read(service).await?;
            self.known.read(service).await
        };
        self.loaded.get_or_try_init(read).await.copied()
    }

    /// Whether nothing that is written in a thread would reach us: no support channel, or no right to read what is
    /// written.
    fn hears_no_threads(&self) -> bool {
        self.support.is_none() || self.blind.load(Ordering::SeqCst)
    }

    /// Whether others read along there, and people write to us there all the same: the support channel, and threads of
    /// people's own under it.
    fn is_public(&self, channel: u64) -> bool {
        self.support == Some(channel) || self.threads.is_branch(channel)
    }
}

impl Channel for Discord {
    fn inbox(&self) -> &'static str {
        INBOX
    }

    fn listen<'a>(
        &'a self,
        service: &'a Arc<Service>,
        line: &'a Arc<dyn Channel>,
    ) -> BoxFuture<'a, Down> {
        Box::pin(gateway::listen(self, service, line))
    }

    fn read<'a>(
        &'a self,
        service: &'a Arc<Service>,
        arrival: &'a Arrival,
    ) -> BoxFuture<'a, Reading> {
        Box::pin(read::read(self, service, arrival))
    }

    fn read_words<'a>(
        &'a self,
        service: &'a Arc<Service>,
        arrival: &'a Arrival,
    ) -> BoxFuture<'a, Reading> {
        Box::pin(read::read_words(self, service, arrival))
    }

    fn taken<'a>(
        &'a self,
        service: &'a Arc<Service>,
        arrival: &'a Arrival,
        outcome: &'a Outcome,
    ) -> BoxFuture<'a, ()> {
        Box::pin(receipts::receipts(self, service, arrival, outcome))
    }

    fn settled<'a>(&'a self, service: &'a Arc<Service>, arrival: &'a Arrival) -> BoxFuture<'a, ()> {
        Box::pin(receipts::settled(self, service, arrival))
    }

    fn deliver<'a>(
        &'a self,
        service: &'a Arc<Service>,
        message: &'a Outgoing,
        files: &'a [StoredFile],
        progress: &'a dyn Progress,
    ) -> BoxFuture<'a, Result<Vec<String>, Undelivered>> {
        Box::pin(send::deliver(self, service, message, files, progress))
    }

    fn typing<'a>(&'a self, place: &'a str) -> BoxFuture<'a, ()> {
        Box::pin(send::typing(self, place))
    }
}
