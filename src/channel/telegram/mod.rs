//! Telegram, by the Bot API.
//!
//! Updates are asked for (or called in by webhook) and written down raw before the offset moves or the call is
//! answered: a crash at any moment loses none. teloxide gives the methods and types; its dispatcher, which confirms
//! updates before they are handled, is not used.

mod api;
mod business;
mod group;
mod hear;
mod listen;
mod place;
mod read;
mod send;
mod webhook;

use crate::{
    config::TelegramSettings,
    service::{Channel, Down, Progress, Reading, Service, Undelivered, WebhookRefused},
    store::{Arrival, Outcome, Outgoing, StoredFile},
};
use api::Api;
use futures_util::future::BoxFuture;
pub use hear::{Around, Connection, Heard, Press, Said, Wanted, hear};
pub use place::{NoPlace, Place, Within};
use std::sync::{Arc, OnceLock};
use subtle::ConstantTimeEq;

/// The inbox's name.
const INBOX: &str = "telegram";

/// The Telegram inbox.
#[derive(Debug)]
pub struct Telegram {
    api: Api,
    webhook: Option<(reqwest::Url, crate::config::Secret)>,
    /// The bot's own user name and id, once Telegram has told them.
    me: OnceLock<Me>,
    /// Largest file that we keep, in bytes.
    largest_file: usize,
}

/// The bot itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Me {
    /// Its id.
    pub id: u64,
    /// Its user name, without the @.
    pub username: String,
}

impl Telegram {
    /// As set; nothing is asked yet.
    ///
    /// # Errors
    /// The HTTP client could not be made.
    pub fn new(settings: &TelegramSettings, largest_file: usize) -> Result<Self, reqwest::Error> {
        Ok(Self {
            api: Api::new(settings)?,
            webhook: settings.webhook.clone(),
            me: OnceLock::new(),
            largest_file,
        })
    }
}

impl Channel for Telegram {
    fn inbox(&self) -> &'static str {
        INBOX
    }

    fn listen<'a>(
        &'a self,
        service: &'a Arc<Service>,
        line: &'a Arc<dyn Channel>,
    ) -> BoxFuture<'a, Down> {
        Box::pin(listen::listen(self, service, line))
    }

    fn admits(&self, secret: Option<&str>) -> Result<(), WebhookRefused> {
        let (_, expected) = self.webhook.as_ref().ok_or(WebhookRefused::NotOpen)?;
        let shown = secret.unwrap_or_default().as_bytes();
        if bool::from(shown.ct_eq(expected.reveal().as_bytes())) {
            Ok(())
        } else {
            Err(WebhookRefused::Secret)
        }
    }

    fn webhook(&self, secret: Option<&str>, body: &str) -> Result<Vec<Arrival>, WebhookRefused> {
        self.admits(secret)?;
        let update = serde_json::from_str(body).map_err(|_| WebhookRefused::Body)?;
        let arrivals = read::arrivals(&update);
        if arrivals.is_empty() {
            return Err(WebhookRefused::Body);
        }
        Ok(arrivals.into_iter().map(|(_, a)| a).collect())
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
