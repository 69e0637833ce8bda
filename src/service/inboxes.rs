//! The lines of the channels: opened, kept open, opened again after a growing pause, and how they stand for whoever
//! asks.

use super::{
    Channel, DeskPush, Down, DownReason, Service,
    leases::{line_of, while_held},
};
use crate::domain::{Timestamp, interpretation::names};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::watch;

/// The first pause after a line went down, and the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_mins(5);

names!(
    /// How a line stands.
    LineState {
        /// Being opened for the first time.
        Opening = "opening",
        /// Open.
        Up = "up",
        /// Down, and tried again.
        Down = "down",
        /// Another program on the same database has it.
        Elsewhere = "elsewhere",
    }
);

/// How an inbox's line stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// How it stands.
    pub state: LineState,
    /// Why it is down.
    pub down: Option<Down>,
    /// What works less well than it could, and what to switch on.
    pub warnings: Vec<String>,
    /// Since when.
    pub since: Timestamp,
}

impl Line {
    /// As it is noted for other programs.
    pub(super) fn note(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// All lines, by the inbox's name.
#[derive(Debug, Default)]
pub(super) struct Lines(Mutex<BTreeMap<&'static str, Line>>);

impl Service {
    /// How the channels' lines stand.
    pub fn lines(&self) -> BTreeMap<&'static str, Line> {
        self.lines
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The same; of a line that another program has, what that one says of it.
    pub async fn lines_anywhere(&self) -> BTreeMap<&'static str, Line> {
        let mut lines = self.lines();
        for (inbox, line) in &mut lines {
            if line.state == LineState::Elsewhere
                && let Ok(Some(note)) = self.store.lease_note(&line_of(inbox)).await
                && let Ok(told) = serde_json::from_str(&note)
            {
                *line = told;
            }
        }
        lines
    }

    /// The line stands; `warnings` say what works less well than it could.
    pub fn line_up(&self, inbox: &'static str, warnings: Vec<String>) {
        let told = warnings.clone();
        if self.set_line(inbox, LineState::Up, None, warnings) {
            for warning in &told {
                tracing::warn!(inbox, warning);
            }
            tracing::info!(inbox, "is open");
        }
    }

    /// The line is down, though the connection to the service stands; said once in the log. [`Service::line_up`] when
    /// it is over.
    pub fn line_down(&self, inbox: &'static str, down: Down) {
        let (reason, why) = (down.reason.name(), down.words.clone());
        if self.set_line(inbox, LineState::Down, Some(down), Vec::new()) {
            tracing::warn!(
                inbox,
                reason,
                why,
                "is down; it is tried again, and the other inboxes serve"
            );
        }
    }

    /// Whether anything changed.
    fn set_line(
        &self,
        inbox: &'static str,
        state: LineState,
        down: Option<Down>,
        warnings: Vec<String>,
    ) -> bool {
        let since = self.clock.now();
        let line = Line {
            state,
            down,
            warnings,
            since,
        };
        let mut lines = self.lines.0.lock().unwrap_or_else(PoisonError::into_inner);
        // When it is tried again changes all the time, and is no news.
        let why = |line: &Line| line.down.as_ref().map(|d| (d.reason, d.words.clone()));
        let same = lines.get(inbox).is_some_and(|known| {
            known.state == line.state && why(known) == why(&line) && known.warnings == line.warnings
        });
        if !same {
            lines.insert(inbox, line);
            drop(lines);
            let here = state != LineState::Elsewhere;
            self.metrics
                .line(inbox, here.then_some(state == LineState::Up));
            self.hub.tell_desk(DeskPush::Line(inbox));
            self.leases.look_now();
        }
        !same
    }
}

/// A task that ends with whoever waits for it.
struct Along(tokio::task::AbortHandle);

impl Drop for Along {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Keeps one channel's line open until the program stops, while it is this program's.
pub(super) async fn run(
    service: Arc<Service>,
    channel: Arc<dyn Channel>,
    stopped: watch::Receiver<bool>,
) {
    let inbox = channel.inbox();
    let away = || {
        service.set_line(inbox, LineState::Elsewhere, None, Vec::new());
    };
    let work = || open(Arc::clone(&service), Arc::clone(&channel), stopped.clone());
    let name = line_of(inbox);
    while_held(Arc::clone(&service), name, stopped.clone(), away, work).await;
}

async fn open(
    service: Arc<Service>,
    channel: Arc<dyn Channel>,
    mut stopped: watch::Receiver<bool>,
) {
    let inbox = channel.inbox();
    service.set_line(inbox, LineState::Opening, None, Vec::new());
    let mut pause = FIRST_PAUSE;
    let mut left_over = false;
    loop {
        // What was kept before comes first, also where the line cannot be opened.
        if !left_over {
            left_over = service.take_up(&channel).await.is_ok();
        }
        let opened = service.clock.stopwatch();
        // A fault in an adapter must not end its inbox.
        let line = tokio::spawn({
            let (channel, service) = (Arc::clone(&channel), Arc::clone(&service));
            async move { channel.listen(&service, &channel).await }
        });
        let _along = Along(line.abort_handle());
        let down = tokio::select! {
            down = line => down.unwrap_or_else(|_| Down::new(DownReason::Trouble, "the program failed on what the service sent; please report this")),
            _ = stopped.wait_for(|s| *s) => return,
        };
        if opened.elapsed() > LONGEST_PAUSE {
            pause = FIRST_PAUSE;
        }
        let wait = down.after.unwrap_or(pause).min(LONGEST_PAUSE);
        let wait = service.clock.jitter(wait);
        service.line_down(inbox, down);
        pause = (pause * 2).min(LONGEST_PAUSE);
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            _ = stopped.wait_for(|s| *s) => return,
        }
    }
}
