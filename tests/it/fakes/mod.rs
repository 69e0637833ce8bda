//! Fakes of the services outside, written from the vendors' public documentation: as strict as they are, and able to
//! misbehave on command.

#![expect(
    clippy::needless_pass_by_value,
    reason = "JSON written out at the call reads best by value"
)]

pub(crate) mod discord;
pub(crate) mod email;
pub(crate) mod fhir;
pub(crate) mod line;
pub(crate) mod llm;
pub(crate) mod receiver;
pub(crate) mod telegram;

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard},
    time::Duration,
};
use tokio::sync::Notify;

/// How a fake misbehaves on one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// 429, and when to come back.
    TooFast(u64),
    /// 500, with a page instead of JSON.
    Broken,
    /// Does what was asked, and never answers.
    AcceptAndHang,
    /// Holds the call until it is let go, then does what was asked.
    Hold,
}

/// A fake's state, and a bell that rings with every change.
#[derive(Debug)]
pub(crate) struct Watched<T> {
    state: Mutex<T>,
    changed: Notify,
}

impl<T> Watched<T> {
    pub(crate) fn new(state: T) -> Self {
        Self {
            state: Mutex::new(state),
            changed: Notify::new(),
        }
    }

    pub(crate) fn look(&self) -> MutexGuard<'_, T> {
        self.state.lock().expect("no fake panics in the middle")
    }

    pub(crate) fn change<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let result = change(&mut self.look());
        self.changed.notify_waiters();
        result
    }

    /// Waits until there is what is looked for, for ever.
    pub(crate) async fn whenever<R>(&self, mut look: impl FnMut(&mut T) -> Option<R>) -> R {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            if let Some(found) = look(&mut self.look()) {
                return found;
            }
            changed.await;
        }
    }

    /// Waits until there is what is looked for; the test fails where it does not come.
    pub(crate) async fn until<R>(&self, what: &str, look: impl FnMut(&mut T) -> Option<R>) -> R {
        tokio::time::timeout(Duration::from_secs(30), self.whenever(look))
            .await
            .unwrap_or_else(|_| panic!("waited in vain for {what}"))
    }
}

/// The faults that wait for calls of each kind.
#[derive(Debug, Default)]
pub(crate) struct Faults(HashMap<String, VecDeque<Option<Fault>>>);

impl Faults {
    pub(crate) fn add(&mut self, call: &str, fault: Fault, times: usize) {
        let list = self.0.entry(call.to_owned()).or_default();
        list.extend(std::iter::repeat_n(Some(fault), times));
    }

    /// Such calls go well from now on.
    pub(crate) fn clear(&mut self, call: &str) {
        self.0.remove(call);
    }

    /// So many calls go well before the next fault.
    pub(crate) fn skip(&mut self, call: &str, times: usize) {
        let list = self.0.entry(call.to_owned()).or_default();
        list.extend(std::iter::repeat_n(None, times));
    }

    pub(crate) fn next(&mut self, call: &str) -> Option<Fault> {
        self.0.get_mut(call)?.pop_front()?
    }
}

/// Now, for what fakes of the outside must measure.
#[expect(clippy::disallowed_methods, reason = "the fakes are the outside")]
pub(crate) fn instant() -> std::time::Instant {
    std::time::Instant::now()
}

/// A file's name and bytes.
pub(crate) type NamedFile = (String, Vec<u8>);

/// The value of a field, and the file, of a form as browsers and programs send them.
pub(crate) fn form(body: &[u8], boundary: &str) -> (HashMap<String, String>, Option<NamedFile>) {
    let (mut fields, mut file) = (HashMap::new(), None);
    let mark = format!("--{boundary}");
    let text = String::from_utf8_lossy(body).into_owned();
    for piece in text.split(&mark) {
        let Some((head, content)) = piece.split_once("\r\n\r\n") else {
            continue;
        };
        let named = |what: &str| {
            let from = head.split(&format!("{what}=\"")).nth(1)?;
            from.split('"').next().map(str::to_owned)
        };
        let content = content.strip_suffix("\r\n").unwrap_or(content);
        match (
            head.split("; name=\"")
                .nth(1)
                .and_then(|n| n.split('"').next()),
            named("filename"),
        ) {
            (Some(_), Some(name)) => file = Some((name, content.as_bytes().to_vec())),
            (Some(name), None) => {
                fields.insert(name.to_owned(), content.to_owned());
            }
            _ => {}
        }
    }
    (fields, file)
}
