//! What of the channels' arrivals is at work, by lane.

use crate::store::Arrival;
use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

/// What is handled one after the other: an inbox, and the chat there.
pub(super) type Lane = (&'static str, String);

/// What waits in memory, by lane; a lane that is here has somebody at work on it.
#[derive(Debug, Default)]
pub(super) struct Lanes(Mutex<AtWork>);

#[derive(Debug, Default)]
struct AtWork {
    lanes: HashMap<Lane, VecDeque<Arrival>>,
    /// All that were set to work and not cleared away yet: what is taken up again is not handled twice.
    known: HashSet<Swept>,
}

impl Lanes {
    fn at_work(&self) -> MutexGuard<'_, AtWork> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds to a lane. Whether somebody must be set to work on it; none where the arrival is at work already.
    pub(super) fn push(&self, lane: &Lane, arrival: Arrival) -> Option<bool> {
        let mut at_work = self.at_work();
        if !at_work.known.insert((lane.0, arrival.id.clone())) {
            return None;
        }
        let idle = !at_work.lanes.contains_key(lane);
        let waiting = at_work.lanes.entry(lane.clone()).or_default();
        waiting.push_back(arrival);
        Some(idle)
    }

    /// Whether that arrival still waits.
    pub(super) fn holds(&self, lane: &Lane, id: &str) -> bool {
        let at_work = self.at_work();
        let waiting = at_work.lanes.get(lane).into_iter().flatten();
        waiting.into_iter().any(|arrival| arrival.id == id)
    }

    /// The next of a lane; a lane in which nothing is left is closed.
    pub(super) fn next(&self, lane: &Lane) -> Option<Arrival> {
        let mut at_work = self.at_work();
        let next = at_work.lanes.get_mut(lane)?.pop_front();
        if next.is_none() {
            at_work.lanes.remove(lane);
        }
        next
    }

    /// They are on disk no more, or not as what is to be handled.
    pub(super) fn forget(&self, inbox: &'static str, ids: &[String]) {
        let mut at_work = self.at_work();
        for id in ids {
            at_work.known.remove(&(inbox, id.clone()));
        }
    }
}

/// An arrival that has had its effect: its inbox and id.
pub(super) type Swept = (&'static str, String);
