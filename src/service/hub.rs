//! Who looks on: open pages and waiting callers, told right after the commit.

use crate::{
    domain::{AgentId, Alert, Asking, Conversation, ConversationId, Message, Role, Satisfaction},
    store::{Committed, FeedRow, LogRow},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::broadcast::{self, error::RecvError};

/// What a person's page or program is told.
#[derive(Clone, Debug)]
pub enum Push {
    /// A message of the conversation, with its place in the log.
    Message(i64, Message),
    /// How the conversation stands now.
    Status(Standing),
    /// A message was changed or taken back: read the conversation again.
    Changed,
    /// The agent is writing.
    Typing,
}

impl Push {
    /// Whether an event of that kind changes what was said before.
    pub fn changes(kind: &str) -> bool {
        matches!(kind, "edited" | "attached" | "deleted")
    }
}

/// How a conversation stands, as far as the person is told.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Who has it.
    pub status: &'static str,
    /// The agent's first name where one has it.
    pub agent: Option<String>,
    /// The complaint's reference.
    pub complaint: Option<String>,
    /// They are asked how the talk was.
    pub rate: bool,
    /// Whether they are known to be looking on.
    pub present: bool,
}

impl Standing {
    /// Of this conversation.
    pub fn of(c: &Conversation) -> Self {
        let asked = |s: &Satisfaction| s.asking == Asking::Open;
        Self {
            status: c.status.name(),
            agent: c.holder.as_ref().map(|h| h.first_name().to_owned()),
            complaint: c.complaint.as_ref().map(ToString::to_string),
            rate: c.satisfaction.as_ref().is_some_and(asked),
            present: c.present,
        }
    }
}

/// What the desk is told.
#[derive(Clone, Debug)]
pub enum DeskPush {
    /// Something happened.
    Event(FeedRow),
    /// Supervisors should know.
    Alert(ConversationId, Alert),
    /// A contact is writing.
    Typing(ConversationId),
    /// A colleague looks at a conversation (none: at none any more), and writes there or not.
    Looking {
        /// Who.
        agent: AgentId,
        /// Their name.
        name: String,
        /// Where.
        conversation: Option<ConversationId>,
        /// They are writing.
        writing: bool,
    },
    /// A note is for these colleagues.
    Noted {
        /// For whom.
        to: Vec<AgentId>,
        /// Where it stands.
        conversation: ConversationId,
        /// Who wrote it.
        by: String,
        /// It is advice to whoever has the conversation.
        whisper: bool,
    },
    /// The day's digest of complaints is written.
    Digest,
    /// A rung of the ladder of contingencies began or ended, or was looked at.
    Contingency,
    /// Everybody of a role, or above, is called in.
    CalledIn {
        /// The role.
        role: Role,
        /// By which rung.
        rung: String,
    },
    /// The line of that inbox stands otherwise than before.
    Line(&'static str),
    /// Somebody may look on no more, or may do other things than before: every line looks whether it is its own.
    Access,
}

impl DeskPush {
    /// The conversation that it tells of.
    pub const fn conversation(&self) -> Option<ConversationId> {
        match self {
            Self::Event(row) => Some(row.conversation),
            Self::Alert(id, _) | Self::Typing(id) => Some(*id),
            Self::Looking { conversation, .. } => *conversation,
            Self::Noted { conversation, .. } => Some(*conversation),
            Self::Line(_)
            | Self::Access
            | Self::Digest
            | Self::Contingency
            | Self::CalledIn { .. } => None,
        }
    }
}

type Key = (String, String);
type People = Arc<Mutex<HashMap<Key, broadcast::Sender<Push>>>>;

/// Somebody who looks on at a person's conversation, until this is dropped.
#[derive(Debug)]
pub struct Watching {
    pushes: broadcast::Receiver<Push>,
    people: People,
    key: Key,
}

impl Watching {
    /// The next that they are told. Cancel-safe.
    ///
    /// # Errors
    /// Too much was missed, or the program ends.
    pub async fn recv(&mut self) -> Result<Push, RecvError> {
        self.pushes.recv().await
    }
}

impl Drop for Watching {
    /// The last who looked on takes the channel along.
    fn drop(&mut self) {
        let mut people = self.people.lock().unwrap_or_else(PoisonError::into_inner);
        if people
            .get(&self.key)
            .is_some_and(|channel| channel.receiver_count() <= 1)
        {
            people.remove(&self.key);
        }
    }
}

/// The switchboard.
#[derive(Debug)]
pub struct Hub {
    people: People,
    desk: broadcast::Sender<DeskPush>,
}

impl Default for Hub {
    fn default() -> Self {
        Self {
            people: Arc::default(),
            desk: broadcast::channel(1024).0,
        }
    }
}

/// How many pushes a page may lag behind before it reads the conversation again.
const BACKLOG: usize = 64;

impl Hub {
    /// Looks on at a person's conversation.
    pub fn watch_person(&self, inbox: &str, sender: &str) -> Watching {
        let key = (inbox.to_owned(), sender.to_owned());
        let mut people = self.people.lock().unwrap_or_else(PoisonError::into_inner);
        let pushes = people
            .entry(key.clone())
            .or_insert_with(|| broadcast::channel(BACKLOG).0)
            .subscribe();
        drop(people);
        Watching {
            pushes,
            people: Arc::clone(&self.people),
            key,
        }
    }

    /// Looks on at the desk's feed.
    pub fn watch_desk(&self) -> broadcast::Receiver<DeskPush> {
        self.desk.subscribe()
    }

    /// Tells a person's page something that is not kept.
    pub fn tell_person(&self, inbox: &str, sender: &str, push: Push) {
        let key = (inbox.to_owned(), sender.to_owned());
        let people = self.people.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(channel) = people.get(&key) {
            // Whoever leaves at this moment is told nothing.
            let _ = channel.send(push);
        }
    }

    /// Tells the desk something.
    pub fn tell_desk(&self, push: DeskPush) {
        // Nobody at the desk is no error.
        let _ = self.desk.send(push);
    }

    /// Whether anybody looks on at that person's conversation.
    pub fn is_watched(&self, inbox: &str, sender: &str) -> bool {
        let people = self.people.lock().unwrap_or_else(PoisonError::into_inner);
        people
            .get(&(inbox.to_owned(), sender.to_owned()))
            .is_some_and(|c| c.receiver_count() > 0)
    }

    /// Tells everybody what was committed.
    pub fn publish(&self, committed: Committed) {
        let c = &committed.conversation;
        if self.is_watched(&c.inbox, &c.sender) {
            for (position, message) in &committed.messages {
                if message.from != crate::domain::Author::Note {
                    self.tell_person(
                        &c.inbox,
                        &c.sender,
                        Push::Message(*position, message.clone()),
                    );
                }
            }
            if Push::changes(committed.kind) {
                self.tell_person(&c.inbox, &c.sender, Push::Changed);
            }
            let status = Push::Status(Standing::of(c));
            self.tell_person(&c.inbox, &c.sender, status);
        }
        if self.desk.receiver_count() > 0 {
            for alert in committed.alerts {
                self.tell_desk(DeskPush::Alert(c.id, alert));
            }
            self.tell_desk(DeskPush::Event(FeedRow {
                id: committed.position,
                kind: committed.kind.to_owned(),
                conversation: c.id,
                status: c.status.name().to_owned(),
                at: committed.at.rfc3339(),
            }));
        }
    }

    /// Tells the desk what another program has committed.
    pub fn publish_row(&self, row: LogRow) {
        if self.desk.receiver_count() > 0 {
            for alert in row.alerts {
                self.tell_desk(DeskPush::Alert(row.feed.conversation, alert));
            }
            self.tell_desk(DeskPush::Event(row.feed));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_looked_on_and_left_leaves_nothing_behind() {
        let hub = Hub::default();
        let first = hub.watch_person("web", "v-1");
        for n in 0..1000 {
            let _ = hub.watch_person("web", &format!("v-{n}"));
        }
        assert_eq!(hub.people.lock().expect("a map").len(), 1);
        assert!(hub.is_watched("web", "v-1"), "the first is still there");
        drop(first);
        assert!(hub.people.lock().expect("a map").is_empty());
    }
}
