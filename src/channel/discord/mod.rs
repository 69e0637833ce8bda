//! Discord: direct messages, a support channel where a message opens a private thread, commands, buttons and menus.
//!
//! twilight's gateway gives every event raw, so each is written down as it came before it is handled, together with the place in the session: after a
//! broken connection, or a restart, Discord is asked for what came after the last event that is on disk. Of the events only what we need is read, so that
//! a field that Discord adds or leaves out spoils nothing.

mod api;
mod events;
mod gateway;
mod interactions;
mod missed;
mod places;
mod read;
mod send;
mod trouble;

use crate::{
    config::DiscordSettings,
    service::{Channel, Down, Progress, Reading, Service, Undelivered},
    store::{Arrival, Outcome, Outgoing, StoredFile},
};
use api::Api;
pub use events::{Heard, hear};
use futures_util::future::BoxFuture;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock, PoisonError, atomic::AtomicBool},
};

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
    /// Private threads that we opened, and whose they are.
    threads: Mutex<HashMap<u64, u64>>,
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
            api: Api::new(settings),
            token: settings.token.clone(),
            support: settings.channel.map(Into::into),
            me: OnceLock::new(),
            threads: Mutex::default(),
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
    /// Whether it is a private thread that we opened.
    fn is_thread(&self, channel: u64) -> bool {
        self.threads
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains_key(&channel)
    }

    /// Whether it is that person's private thread.
    fn is_thread_of(&self, channel: u64, user: u64) -> bool {
        let threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        threads.get(&channel) == Some(&user)
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

    fn taken<'a>(
        &'a self,
        service: &'a Arc<Service>,
        arrival: &'a Arrival,
        outcome: &'a Outcome,
    ) -> BoxFuture<'a, ()> {
        Box::pin(send::receipts(self, service, arrival, outcome))
    }

    fn deliver<'a>(
        &'a self,
        _service: &'a Arc<Service>,
        message: &'a Outgoing,
        files: &'a [StoredFile],
        progress: &'a dyn Progress,
    ) -> BoxFuture<'a, Result<Vec<String>, Undelivered>> {
        Box::pin(send::deliver(self, message, files, progress))
    }

    fn typing<'a>(&'a self, place: &'a str) -> BoxFuture<'a, ()> {
        Box::pin(send::typing(self, place))
    }
}
