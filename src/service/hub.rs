//! Who looks on: open pages and waiting callers, told right after the commit.

use crate::{
    domain::{Alert, Message},
    store::{Committed, FeedRow},
};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};
use tokio::sync::broadcast;

/// What a person's page or program is told.
#[derive(Clone, Debug)]
pub enum Push {
    /// A message of the conversation, with its place in the log.
    Message(i64, Message),
    /// Who has the conversation now; the agent's first name where one has.
    Status(&'static str, Option<String>),
    /// A message was changed or taken back: read the conversation again.
    Changed,
    /// The agent is writing.
    Typing,
}

/// What the desk is told.
#[derive(Clone, Debug)]
pub enum DeskPush {
    /// Something happened.
    Event(FeedRow),
    /// Supervisors should know.
    Alert(String, Alert),
    /// A contact is writing.
    Typing(String),
    /// The line of that inbox stands otherwise than before.
    Line(&'static str),
}

type Key = (String, String);

/// The switchboard.
#[derive(Debug)]
pub struct Hub {
    people: Mutex<HashMap<Key, broadcast::Sender<Push>>>,
    desk: broadcast::Sender<DeskPush>,
}

impl Default for Hub {
    fn default() -> Self {
        Self {
            people: Mutex::default(),
            desk: broadcast::channel(1024).0,
        }
    }
}

/// How many pushes a page may lag behind before it reads the conversation again.
const BACKLOG: usize = 64;

impl Hub {
    /// Looks on at a person's conversation.
    pub fn watch_person(&self, inbox: &str, sender: &str) -> broadcast::Receiver<Push> {
        let mut people = self.people.lock().unwrap_or_else(PoisonError::into_inner);
        people
            .entry((inbox.to_owned(), sender.to_owned()))
            .or_insert_with(|| broadcast::channel(BACKLOG).0)
            .subscribe()
    }

    /// Looks on at the desk's feed.
    pub fn watch_desk(&self) -> broadcast::Receiver<DeskPush> {
        self.desk.subscribe()
    }

    /// Tells a person's page something that is not kept.
    pub fn tell_person(&self, inbox: &str, sender: &str, push: Push) {
        let key = (inbox.to_owned(), sender.to_owned());
        let mut people = self.people.lock().unwrap_or_else(PoisonError::into_inner);
        // A channel that nobody listens to any more is cleared away.
        if people
            .get(&key)
            .is_some_and(|channel| channel.send(push).is_err())
        {
            people.remove(&key);
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
            if matches!(committed.kind, "edited" | "attached" | "deleted") {
                self.tell_person(&c.inbox, &c.sender, Push::Changed);
            }
            let agent = c.holder.as_ref().map(|h| h.first_name().to_owned());
            self.tell_person(&c.inbox, &c.sender, Push::Status(c.status.name(), agent));
        }
        if self.desk.receiver_count() > 0 {
            let conversation = c.id.to_string();
            for alert in committed.alerts {
                self.tell_desk(DeskPush::Alert(conversation.clone(), alert));
            }
            self.tell_desk(DeskPush::Event(FeedRow {
                id: committed.position,
                kind: committed.kind.to_owned(),
                conversation,
                status: c.status.name().to_owned(),
                at: committed.at.rfc3339(),
            }));
        }
    }
}
