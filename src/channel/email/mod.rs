//! E-mail: a mailbox read by IMAP, and answers sent by SMTP.
//!
//! A mail is kept before the place in the mailbox moves on and before it is marked as read: a crash at any moment loses
//! none. Who a sender is, is for the receiving server to say (`trust`); whoever it cannot vouch for is told nothing
//! private.

mod body;
mod connect;
mod enclosed;
mod files;
mod hear;
mod html;
mod ids;
mod imap;
mod known;
mod listen;
mod marks;
mod pace;
mod parts;
mod place;
mod plus;
mod programs;
mod quotes;
mod read;
mod repair;
mod send;
mod subject;
mod trust;

use crate::{
    config::EmailSettings,
    service::{Channel, Down, Progress, Reading, Service, Undelivered},
    store::{Arrival, Outcome, Outgoing, StoredFile},
};
use futures_util::future::BoxFuture;
pub use hear::{Heard, Mailbox, Said, hear};
use ids::Ids;
pub use known::Known;
use pace::Pace;
pub use quotes::{About, Cut, cut};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::sync::{Notify, OnceCell};
use tokio_rustls::TlsConnector;

/// The inbox's name.
const INBOX: &str = "email";
/// Where the key is kept by which our mails are signed.
const KEY: &str = "email:key";
/// How often a mail is asked for that the server keeps back.
const TRIES: u32 = 5;

/// The mailbox.
pub struct Email {
    settings: EmailSettings,
    mailbox: Mailbox,
    tls: TlsConnector,
    post: send::Post,
    ids: OnceCell<Ids>,
    /// Mail to our address with something behind the plus arrives.
    plus: AtomicBool,
    /// What is wrong with sending; not known before the first attempt.
    sending: Mutex<Option<Result<(), &'static str>>>,
    /// How often the server has kept a mail back.
    kept_back: Mutex<HashMap<u32, u32>>,
    /// The server does not let us mark mails as read.
    unmarkable: AtomicBool,
    /// Something about sending has changed.
    rung: Notify,
    /// How much the bot says.
    pace: Pace,
}

impl std::fmt::Debug for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Email").finish_non_exhaustive()
    }
}

impl Email {
    /// As set; nothing is asked yet.
    ///
    /// # Errors
    /// In words, why the settings cannot be used.
    pub fn new(settings: &EmailSettings) -> Result<Self, String> {
        Ok(Self {
            mailbox: Mailbox {
                address: settings.address.clone(),
                authserv_id: settings.authserv_id.clone(),
            },
            tls: connect::protection(settings.ca.as_deref())?,
            post: send::post(settings)?,
            settings: settings.clone(),
            ids: OnceCell::new(),
            plus: AtomicBool::new(false),
            sending: Mutex::default(),
            kept_back: Mutex::default(),
            unmarkable: AtomicBool::new(false),
            rung: Notify::new(),
            pace: Pace::default(),
        })
    }

    /// What our mails are known by; none while the database is away. The key is made once and kept, so that old mails
    /// stay known.
    async fn ids(&self, service: &Service) -> Option<&Ids> {
        let load = async {
            if let Some(key) = service.store.mark(KEY).await? {
                return Ok(Ids::new(&key));
            }
            service.store.set_mark(KEY, &service.clock.secret()).await?;
            // Another program may have been quicker or slower: what is kept counts.
            let kept = service.store.mark(KEY).await?;
            Ok::<_, crate::store::StoreError>(Ids::new(&kept.unwrap_or_default()))
        };
        self.ids.get_or_try_init(|| load).await.ok()
    }

    /// The domain of our address.
    fn domain(&self) -> &str {
        let address = &self.mailbox.address;
        address
            .rsplit_once('@')
            .map_or(address, |(_, domain)| domain)
    }

    /// Sending went so.
    fn sent(&self, result: Result<(), &'static str>) {
        let mut known = self.sending.lock().unwrap_or_else(PoisonError::into_inner);
        if *known != Some(result) {
            *known = Some(result);
            self.rung.notify_one();
        }
    }

    /// Whether mails that the server keeps back are asked for again. Those that are passed over stay in the folder,
    /// unread.
    fn asks_again(&self, uids: &[u32]) -> bool {
        let mut kept = self
            .kept_back
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let mut again = false;
        for uid in uids {
            let tries = kept.entry(*uid).or_default();
            *tries += 1;
            again |= *tries < TRIES;
        }
        if !again && !uids.is_empty() {
            tracing::warn!(
                "the mail server keeps {} mail(s) back; they are passed over and stay unread in the folder",
                uids.len()
            );
        }
        again
    }

    fn cannot_mark(&self) {
        self.unmarkable.store(true, Ordering::SeqCst);
    }

    /// What works less well than it could.
    async fn warnings(&self) -> Vec<String> {
        let known = *self.sending.lock().unwrap_or_else(PoisonError::into_inner);
        if known != Some(Ok(())) {
            send::look(self).await;
        }
        let known = *self.sending.lock().unwrap_or_else(PoisonError::into_inner);
        let mut warnings = Vec::new();
        if let Some(Err(why)) = known {
            warnings.push(why.to_owned());
        }
        if self.unmarkable.load(Ordering::SeqCst) {
            warnings.push("mails cannot be marked as read: the folder is open for reading only; nothing else depends on it".to_owned());
        }
        warnings
    }
}

impl Channel for Email {
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

    fn read<'a>(
        &'a self,
        service: &'a Arc<Service>,
        arrival: &'a Arrival,
    ) -> BoxFuture<'a, Reading> {
        Box::pin(read::read(self, service, arrival))
    }

    fn taken<'a>(
        &'a self,
        _: &'a Arc<Service>,
        _: &'a Arrival,
        _: &'a Outcome,
    ) -> BoxFuture<'a, ()> {
        // Nothing is taken away from a mail that was read.
        Box::pin(std::future::ready(()))
    }

    fn deliver<'a>(
        &'a self,
        service: &'a Arc<Service>,
        message: &'a Outgoing,
        files: &'a [StoredFile],
        _: &'a dyn Progress,
    ) -> BoxFuture<'a, Result<Vec<String>, Undelivered>> {
        Box::pin(send::deliver(self, service, message, files))
    }

    fn typing<'a>(&'a self, _: &'a str) -> BoxFuture<'a, ()> {
        // A mail shows nobody at work.
        Box::pin(std::future::ready(()))
    }
}
