//! The other programs on the same Postgres: what they tell is heard, and what happens here and is not in the log is
//! told to them. On `SQLite` there are none.

use super::{DeskPush, Push, Service, follower::Grown};
use crate::{
    domain::{AgentId, AgentRef, ConversationId},
    store::{Heard, Listener, Notice},
};
use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};
use tokio::{
    sync::{mpsc, watch},
    time::timeout,
};

/// How many notices may wait to be told; what is more is not told: none of them is kept anywhere.
pub(super) const WAITING: usize = 1024;
/// How many are told at once.
const AT_ONCE: usize = 64;
/// To how many colleagues one notice of a note goes: a notice has at most 8,000 bytes.
const TOLD_OF_A_NOTE: usize = 100;
/// How long the database may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The first pause before the connection to listen by is made anew, and the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Tells the others what waits to be told, until the program stops.
pub(super) async fn tell(
    service: Arc<Service>,
    mut waiting: mpsc::Receiver<Notice>,
    mut stopped: watch::Receiver<bool>,
) {
    let mut notices = Vec::with_capacity(AT_ONCE);
    loop {
        tokio::select! {
            count = waiting.recv_many(&mut notices, AT_ONCE) => if count == 0 { return },
            _ = stopped.wait_for(|s| *s) => return,
        }
        // What cannot be told is lost; it is nothing that is kept.
        let _ = timeout(PATIENCE, service.store.tell_others(&notices)).await;
        notices.clear();
    }
}

/// Listens to the others until the program stops. Where the connection is lost it is made anew, and the log is read on
/// from where it was.
pub(super) async fn listen(service: Arc<Service>, mut stopped: watch::Receiver<bool>) {
    let mut pause = FIRST_PAUSE;
    loop {
        let begun = tokio::select! {
            begun = timeout(PATIENCE, service.store.listen()) => begun,
            _ = stopped.wait_for(|s| *s) => return,
        };
        match begun {
            Ok(Ok(Some(listener))) => {
                pause = FIRST_PAUSE;
                service.set_hearing(true);
                tokio::select! {
                    () = hear(&service, listener) => {}
                    () = service.hearing.broken.notified() => {}
                    _ = stopped.wait_for(|s| *s) => return,
                }
                service.set_hearing(false);
                tracing::warn!("other programs are not heard; the log is looked at instead");
            }
            Ok(Ok(None)) => return,
            Ok(Err(_)) | Err(_) => {}
        }
        tokio::select! {
            () = tokio::time::sleep(service.clock.jitter(pause)) => {}
            _ = stopped.wait_for(|s| *s) => return,
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Hears until the connection is lost.
async fn hear(service: &Arc<Service>, mut listener: Listener) {
    // What was told before we listened.
    let _ = service.grown.try_send(Grown::Perhaps);
    service.leases.look_now();
    service.take_up_all_here().await;
    while let Ok(heard) = listener.next().await {
        // Also of our own: by what is heard the connection is known to be whole.
        service.hearing.heard.store(true, Ordering::SeqCst);
        if heard.from != service.store.program() {
            service.heard(heard).await;
        }
    }
}

impl Service {
    fn set_hearing(&self, stands: bool) {
        self.hearing.stands.store(stands, Ordering::SeqCst);
        self.metrics.hearing(stands);
    }

    /// Whether other programs on the same database are heard; none where there can be none.
    pub fn hears_others(&self) -> Option<bool> {
        let shared = self.store.may_be_shared();
        shared.then(|| self.hearing.stands.load(Ordering::SeqCst))
    }

    /// Tells other programs, where there may be any.
    pub(super) fn tell_others(&self, notice: Notice) {
        if self.store.may_be_shared() {
            // Where too much waits it is left out.
            let _ = self.telling.try_send(notice);
        }
    }

    async fn heard(self: &Arc<Self>, heard: Heard) {
        match heard.notice {
            // Where too much waits, the end of the log is looked at later.
            Notice::Log { position } => drop(self.grown.try_send(Grown::Upto(position))),
            Notice::Writing { conversation } => {
                self.hub.tell_desk(DeskPush::Typing(conversation));
            }
            Notice::Answering { conversation } => {
                if let Ok(Some(c)) = self.store.conversation(conversation).await {
                    self.hub.tell_person(&c.inbox, &c.sender, Push::Typing);
                }
            }
            Notice::Looking {
                agent,
                conversation,
                writing,
            } => {
                if let Some(who) = self.named(agent).await {
                    self.hub.tell_desk(DeskPush::Looking {
                        agent,
                        name: who.name,
                        conversation,
                        writing,
                    });
                }
            }
            Notice::Noted {
                to,
                conversation,
                by,
                whisper,
            } => {
                if let Some(by) = self.named(by).await {
                    self.hub.tell_desk(DeskPush::Noted {
                        to,
                        conversation,
                        by: by.name,
                        whisper,
                    });
                }
            }
            Notice::Digest => self.hub.tell_desk(DeskPush::Digest),
            Notice::Contingency => self.hub.tell_desk(DeskPush::Contingency),
            Notice::Access => self.hub.tell_desk(DeskPush::Access),
            Notice::Arrived { inbox } => self.take_up_here(&inbox).await,
            Notice::Line { inbox } => {
                if let Some(channel) = self.channel(&inbox) {
                    self.hub.tell_desk(DeskPush::Line(channel.inbox()));
                }
            }
            Notice::LetGo => self.leases.look_now(),
        }
    }

    async fn named(&self, agent: AgentId) -> Option<AgentRef> {
        let row = self.store.agent(agent).await.ok().flatten();
        row.map(|r| r.agent)
    }

    /// Somebody may look on no more, or may do other things than before.
    pub fn access_changed(&self) {
        self.hub.tell_desk(DeskPush::Access);
        self.tell_others(Notice::Access);
    }

    /// A contact is writing.
    pub fn contact_writes(&self, conversation: ConversationId) {
        self.hub.tell_desk(DeskPush::Typing(conversation));
        self.tell_others(Notice::Writing { conversation });
    }

    /// An agent is writing to the person of that conversation.
    pub fn agent_writes(&self, conversation: ConversationId, inbox: &str, sender: &str) {
        self.hub.tell_person(inbox, sender, Push::Typing);
        self.tell_others(Notice::Answering { conversation });
    }

    /// Colleagues see who looks where.
    pub fn agent_looks(&self, who: &AgentRef, conversation: Option<ConversationId>, writing: bool) {
        self.hub.tell_desk(DeskPush::Looking {
            agent: who.id,
            name: who.name.clone(),
            conversation,
            writing,
        });
        self.tell_others(Notice::Looking {
            agent: who.id,
            conversation,
            writing,
        });
    }

    /// A note is for these colleagues.
    pub fn noted_for(
        &self,
        to: Vec<AgentId>,
        conversation: ConversationId,
        by: &AgentRef,
        whisper: bool,
    ) {
        for to in to.chunks(TOLD_OF_A_NOTE) {
            self.tell_others(Notice::Noted {
                to: to.to_vec(),
                conversation,
                by: by.id,
                whisper,
            });
        }
        self.hub.tell_desk(DeskPush::Noted {
            to,
            conversation,
            by: by.name.clone(),
            whisper,
        });
    }
}
