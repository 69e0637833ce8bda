//! Gives out the work, where it is set so: whoever waits to whoever is there, knows what is needed and has room.

use super::Service;
use crate::{
    config::Assignment,
    domain::{AgentRef, EventKind},
    handoff::{Candidate, choose},
    store::{Job, StoreError, Target},
};
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio::sync::watch;

/// How often it looks.
const EVERY: Duration = Duration::from_secs(1);

pub(super) async fn run(service: Arc<Service>, mut stopped: watch::Receiver<bool>) {
    if service.settings.assignment == Assignment::Pull {
        return;
    }
    loop {
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = stopped.wait_for(|s| *s) => return,
        }
        // Where the database is away, the transactor says so; here it is only waited for.
        let _ = give_out(&service).await;
    }
}

/// Those who are at the desk, with what they take and how much they have.
async fn at_the_desk(
    service: &Service,
) -> Result<(Vec<Candidate>, HashMap<crate::domain::AgentId, AgentRef>), StoreError> {
    let since = service.seen_since();
    let mut work = service.store.work().await?;
    let held = service.store.held_counts().await?;
    let (mut candidates, mut agents) = (Vec::new(), HashMap::new());
    for row in service.store.agents().await? {
        if row.disabled || row.away || row.seen < since {
            continue;
        }
        let id = row.agent.id;
        let takes = work.remove(&id).unwrap_or_default();
        candidates.push(Candidate {
            id,
            teams: takes.teams,
            languages: takes.languages,
            capacity: takes.capacity,
            open: held.get(&id).copied().unwrap_or(0),
        });
        agents.insert(id, row.agent);
    }
    Ok((candidates, agents))
}

async fn give_out(service: &Service) -> Result<(), StoreError> {
    let queue = service.store.queue(service.clock.now()).await?;
    if queue.is_empty() {
        return Ok(());
    }
    let (mut candidates, agents) = at_the_desk(service).await?;
    for row in queue {
        let conversation = row.conversation;
        let chosen = conversation.queue.as_ref();
        let chosen = chosen.and_then(|entry| choose(&conversation, entry, &candidates));
        let Some((id, by)) = chosen else { continue };
        let Some(agent) = agents.get(&id).cloned() else {
            continue;
        };
        let job = Job {
            target: Target::Conversation(conversation.id),
            kind: EventKind::Assigned { agent, by },
            dedupe: None,
        };
        // Somebody may have taken it meanwhile.
        if service.submit(job).await.is_ok()
            && let Some(busier) = candidates.iter_mut().find(|c| c.id == id)
        {
            busier.open += 1;
        }
    }
    Ok(())
}
