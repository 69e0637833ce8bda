//! Threads under the support channel: ours, each with the person whose it is, and people's own.

use super::events::Thread;
use crate::{service::Service, store::StoreError};
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Marks of threads that we opened and that the person is in: after this, the thread's id; the value is the person's,
/// and `LOCKED` where nothing can be said there.
const THREADS: &str = "discord.thread.";
const LOCKED: &str = " locked";

/// Shared by everything that reads and sends.
#[derive(Debug, Default)]
pub(super) struct Threads(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    ours: HashMap<u64, Ours>,
    /// Other threads under the support channel: people's own.
    branches: HashSet<u64>,
    /// Whoever opens a thread for a person holds theirs.
    opening: HashMap<u64, Arc<tokio::sync::Mutex<()>>>,
}

/// A thread that we opened.
#[derive(Clone, Copy, Debug)]
struct Ours {
    user: u64,
    /// Nothing can be said there, as far as we know.
    locked: bool,
}

impl Threads {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads what was noted before the program started.
    pub(super) async fn read(&self, service: &Service) -> Result<(), StoreError> {
        let noted = service.store.marks(THREADS).await?;
        let ours = noted.iter().filter_map(|(name, value)| {
            let user = value.strip_suffix(LOCKED);
            let locked = user.is_some();
            let user = user.unwrap_or(value).parse().ok()?;
            let thread = name.strip_prefix(THREADS)?.parse().ok()?;
            Some((thread, Ours { user, locked }))
        });
        self.state().ours.extend(ours);
        Ok(())
    }

    /// Whose thread it is, where it is one of ours, locked or not.
    pub(super) fn owner(&self, thread: u64) -> Option<u64> {
        self.state().ours.get(&thread).map(|o| o.user)
    }

    /// Whether that thread of ours is locked.
    pub(super) fn is_locked(&self, thread: u64) -> bool {
        self.state().ours.get(&thread).is_some_and(|o| o.locked)
    }

    /// The person's thread, the latest where there are several.
    pub(super) fn of(&self, user: u64) -> Option<u64> {
        let state = self.state();
        let open = state
            .ours
            .iter()
            .filter(|(_, o)| o.user == user && !o.locked);
        open.map(|(thread, _)| *thread).max()
    }

    /// The person is in that thread, and it can be written in.
    pub(super) async fn add(
        &self,
        service: &Service,
        thread: u64,
        user: u64,
    ) -> Result<(), StoreError> {
        let name = format!("{THREADS}{thread}");
        service.store.set_mark(&name, &user.to_string()).await?;
        let mut state = self.state();
        let locked = false;
        state.ours.insert(thread, Ours { user, locked });
        // Discord told of it as soon as it was opened.
        state.branches.remove(&thread);
        Ok(())
    }

    /// Nothing can be said in that thread for now. Should it be unlocked, what the person writes there is heard.
    pub(super) async fn lock(&self, service: &Service, thread: u64) {
        let Some(user) = self.owner(thread) else {
            return;
        };
        // Where this cannot be written, the next attempt to say something there finds out again.
        let name = format!("{THREADS}{thread}");
        let _ = service
            .store
            .set_mark(&name, &format!("{user}{LOCKED}"))
            .await;
        if let Some(ours) = self.state().ours.get_mut(&thread) {
            ours.locked = true;
        }
    }

    /// The thread is gone.
    pub(super) async fn drop(&self, service: &Service, thread: u64) {
        // Where the mark stays, the next attempt to say something there finds out again.
        let _ = service.store.drop_mark(&format!("{THREADS}{thread}")).await;
        self.state().ours.remove(&thread);
    }

    /// Whether it is a thread under the support channel that is none of ours.
    pub(super) fn is_branch(&self, channel: u64) -> bool {
        self.state().branches.contains(&channel)
    }

    /// All of them.
    pub(super) fn branches(&self) -> Vec<u64> {
        self.state().branches.iter().copied().collect()
    }

    /// Learns how threads stand. One that we opened is nobody's own, whatever became of it.
    pub(super) fn see(&self, threads: &[Thread], support: Option<u64>, me: Option<u64>) {
        let mut state = self.state();
        for thread in threads {
            let under = thread.parent.is_some() && thread.parent == support;
            let ours = thread.owner.is_some() && thread.owner == me;
            if thread.gone {
                state.branches.remove(&thread.id);
            } else if under && !ours && !state.ours.contains_key(&thread.id) {
                state.branches.insert(thread.id);
            }
        }
    }

    /// Held by whoever opens a thread for that person, so that two never open two.
    pub(super) async fn opening(&self, user: u64) -> tokio::sync::OwnedMutexGuard<()> {
        let turn = {
            let mut state = self.state();
            state.opening.retain(|_, turn| Arc::strong_count(turn) > 1);
            Arc::clone(state.opening.entry(user).or_default())
        };
        turn.lock_owned().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_we_opened_is_nobodys_own() {
        let threads = Threads::default();
        let thread = |id: u64, owner: Option<u64>| Thread {
            id,
            parent: Some(1),
            owner,
            locked: false,
            gone: false,
        };
        let all = [thread(10, Some(99)), thread(11, Some(5))];
        threads.see(&all, Some(1), Some(99));
        assert_eq!(threads.branches(), [11]);
    }
}
