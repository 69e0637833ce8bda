//! Who opens more records than their work explains.

use crate::domain::{AgentId, Timestamp};
use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasher, Hash, RandomState},
    sync::{Mutex, PoisonError},
};

/// Seconds within which records are counted together.
const WITHIN: i64 = 3600;

/// The records that each account has opened within the hour.
#[derive(Debug)]
pub(super) struct MassReads {
    most: usize,
    hashes: RandomState,
    opened: Mutex<HashMap<AgentId, Opened>>,
}

#[derive(Debug)]
struct Opened {
    since: Timestamp,
    records: HashSet<u64>,
    told: bool,
}

impl MassReads {
    /// More than so many records within an hour are told.
    pub(super) fn new(most: usize) -> Self {
        Self {
            most,
            hashes: RandomState::new(),
            opened: Mutex::default(),
        }
    }

    /// An account opens a record. How many it has opened within the hour, where these are too many and that
    /// was not told yet.
    pub(super) fn opens(&self, agent: AgentId, record: impl Hash, now: Timestamp) -> Option<usize> {
        let mut all = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        let opened = all.entry(agent).or_insert_with(|| Opened {
            since: now,
            records: HashSet::new(),
            told: false,
        });
        if now.seconds_since(opened.since) >= WITHIN {
            opened.since = now;
            opened.records.clear();
            opened.told = false;
        }
        // Once it is told, nothing more is kept: the memory that this takes is bounded.
        if opened.told || !opened.records.insert(self.hashes.hash_one(record)) {
            return None;
        }
        let count = opened.records.len();
        opened.told = count > self.most;
        opened.told.then_some(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    #[test]
    fn too_many_records_within_an_hour_are_told_once_and_the_same_one_counts_once() {
        let clock = Clock::standing_at(Timestamp(0));
        let (reads, ann) = (MassReads::new(3), clock.agent_id());
        let told = |records: &[u32]| -> Vec<usize> {
            let opened = records.iter();
            opened
                .filter_map(|n| reads.opens(ann, n, clock.now()))
                .collect()
        };
        assert_eq!(told(&[1, 2, 3, 1, 2, 3]), Vec::<usize>::new());
        assert_eq!(told(&[4, 5, 6, 7]), [4]);
        assert_eq!(
            reads.opens(clock.agent_id(), 9, clock.now()),
            None,
            "another account"
        );
        clock.advance(3600);
        assert_eq!(told(&[4, 5, 6, 7]), [4], "and in the next hour again");
    }
}
