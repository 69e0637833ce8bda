//! Nobody is left with an agent who may not sign in any more.

use super::Service;
use crate::{
    domain::{AgentRef, EventKind},
    store::{Job, Target},
};

impl Service {
    /// Puts whoever is with a disabled agent back into the queue. `by` has disabled them; where a command did, it is
    /// as if the agent had given them back. What does not succeed is tried again when it is looked next.
    pub async fn give_back_stranded(&self, by: Option<&AgentRef>) {
        let Ok(stranded) = self.store.stranded().await else {
            return;
        };
        for (conversation, holder) in stranded {
            let agent = by.cloned().unwrap_or(holder);
            let job = Job {
                target: Target::Conversation(conversation),
                kind: EventKind::Released { agent },
                dedupe: None,
            };
            // Somebody may have taken it over meanwhile.
            let _ = self.submit(job).await;
        }
    }
}
