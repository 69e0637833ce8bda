//! Slow work that strangers bring about, beside the tasks that answer people: a step at a time, on few threads, and one
//! of each owner, so that whoever brings much waits for themselves.

use std::{
    collections::HashMap,
    panic::resume_unwind,
    sync::{Arc, Mutex, PoisonError},
    thread::available_parallelism,
};
use tokio::sync::Semaphore;

/// Owners after which those that have nothing to do are forgotten.
const REMEMBER: usize = 1024;

type Own = Arc<tokio::sync::Mutex<()>>;

/// Who waits for a step, and room for the steps that are being taken.
#[derive(Debug)]
pub(super) struct Turns {
    steps: Arc<Semaphore>,
    owners: Mutex<HashMap<String, Own>>,
}

impl Default for Turns {
    /// Half of the processors at most.
    fn default() -> Self {
        let processors = available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            steps: Arc::new(Semaphore::new((processors / 2).max(1))),
            owners: Mutex::default(),
        }
    }
}

impl Turns {
    fn own(&self, whose: &str) -> Own {
        let mut owners = self.owners.lock().unwrap_or_else(PoisonError::into_inner);
        if owners.len() >= REMEMBER {
            owners.retain(|_, own| Arc::strong_count(own) > 1);
        }
        Arc::clone(owners.entry(whose.to_owned()).or_default())
    }

    /// Takes one step of an owner's work when it is their turn. Everybody who waits has one step in the line; a step
    /// that is being taken keeps its place, also where nobody waits for it any more.
    pub(super) async fn step<T: Send + 'static>(
        &self,
        whose: &str,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> T {
        let own = self.own(whose).lock_owned().await;
        let place = Arc::clone(&self.steps).acquire_owned().await;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop((own, place));
            done
        });
        match done.await {
            Ok(done) => done,
            Err(fault) => match fault.try_into_panic() {
                Ok(fault) => resume_unwind(fault),
                // The program ends.
                Err(_) => std::future::pending().await,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    #[tokio::test]
    async fn whoever_brings_one_step_waits_for_no_more_than_one_of_each_other() {
        let turns = Arc::new(Turns {
            steps: Arc::new(Semaphore::new(1)),
            owners: Mutex::default(),
        });
        let order = Arc::new(Mutex::new(Vec::new()));
        let (open, gate) = channel::<()>();
        let first = turns.step("much", move || gate.recv().is_ok());
        tokio::pin!(first);
        // The first step is being taken, and holds up everybody.
        assert!(futures_util::poll!(&mut first).is_pending());
        let step = |whose: &'static str| {
            let (turns, order) = (Arc::clone(&turns), Arc::clone(&order));
            async move {
                let done = move || order.lock().expect("a list").push(whose);
                turns.step(whose, done).await;
            }
        };
        let (mut all, mut little) = (Vec::new(), Box::pin(step("little")));
        for _ in 0..10 {
            let mut more = Box::pin(step("much"));
            assert!(futures_util::poll!(&mut more).is_pending());
            all.push(more);
        }
        assert!(futures_util::poll!(&mut little).is_pending());
        open.send(()).expect("it waits");
        assert!(first.await);
        all.push(little);
        futures_util::future::join_all(all).await;
        let order = order.lock().expect("a list");
        let place = order.iter().position(|whose| *whose == "little");
        assert!(place.is_some_and(|place| place <= 1), "{order:?}");
        assert_eq!(order.len(), 11);
    }
}
