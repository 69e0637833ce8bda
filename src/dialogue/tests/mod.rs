//! Conversations as stories, and random interleavings of everything that can happen.

mod assignment;
mod attention;
mod borrowed;
mod carry_on;
mod channels;
mod complaints;
mod contingency;
mod deferred;
mod encounters;
mod interleavings;
mod measures;
mod order;
mod proofs;
mod properties;
mod returning;
mod satisfaction;
mod settled;
mod two;
mod unproven;
mod waiting;

use super::*;
use crate::domain::{
    AgentId, AgentRef, Author, Complaint, Conversation, ConversationId, DeskStatus, Effect,
    EventId, Message, MessageId, Role, Slot, Status, Timestamp,
    complaint::{Consent, PublicStatus},
    conversation::{Priority, Waiting},
    event::{Inbound, TimerKind, TransferTarget},
};
use crate::flow::Texts;
use std::sync::LazyLock;

static RULES: LazyLock<Policy> = LazyLock::new(|| {
    Policy::load(&Texts::built_in(), "GB", None).expect("the shipped flows are right")
});

/// Tuesday 24 November 2026, ten in the morning.
const START: Timestamp = Timestamp(1_795_514_400_000_000);

fn priya() -> AgentRef {
    agent(1, "Priya Shah", Role::Agent)
}

fn tom() -> AgentRef {
    agent(2, "Tom Reed", Role::Agent)
}

/// Priya says that she is here.
fn here() -> EventKind {
    EventKind::Replied {
        agent: priya(),
        external_id: "r".to_owned(),
        text: "I'm here".to_owned(),
        suggestion: None,
        offered: Vec::new(),
        attachments: Vec::new(),
        anyway: Vec::new(),
    }
}

/// A conversation played against the core alone.
struct Talk {
    snapshot: Snapshot,
    at: Timestamp,
    turn: u64,
    desk: DeskStatus,
    messages: Vec<Message>,
    log: Vec<Event>,
    asked: Vec<Slot>,
    effects: Vec<Effect>,
}

impl Talk {
    fn new() -> Self {
        let conversation = Conversation::new(
            ConversationId(uuid::Uuid::from_u128(1)),
            "http",
            "someone",
            START,
        );
        let desk = DeskStatus {
            online: 1,
            open: true,
            usual_wait: None,
            ..DeskStatus::default()
        };
        Self {
            snapshot: Snapshot {
                conversation,
                complaint: None,
            },
            at: START,
            turn: 0,
            desk,
            messages: Vec::new(),
            log: Vec::new(),
            asked: Vec::new(),
            effects: Vec::new(),
        }
    }

    fn event(&mut self, kind: EventKind) -> Event {
        self.turn += 1;
        self.at = self.at.plus_seconds(7);
        let id = EventId(uuid::Uuid::from_u128(
            0x0192_0000_0000_7000_8000_0000_0000_0000 + (u128::from(self.turn) << 8),
        ));
        Event {
            id,
            at: self.at,
            desk: self.desk.clone(),
            origin: RULES.origin.clone(),
            record: None,
            kind,
        }
    }

    fn happen(&mut self, kind: EventKind) -> Result<Vec<Message>, Refusal> {
        let event = self.event(kind);
        let decision = step(&self.snapshot, &event, &RULES.context())?;
        self.snapshot = decision.snapshot;
        self.log.push(event);
        self.effects.clone_from(&decision.effects);
        let written: Vec<Message> = decision
            .effects
            .into_iter()
            .filter_map(|e| {
                if let Effect::Write(m) = e {
                    Some(m)
                } else {
                    None
                }
            })
            .collect();
        self.messages.extend(written.iter().cloned());
        Ok(written)
    }

    fn inbound(&self, text: &str, choice: Option<&str>) -> Inbound {
        Inbound {
            external_id: format!("m{}", self.turn),
            text: text.to_owned(),
            choice: choice.map(str::to_owned),
            signals: RULES.read(text, self.at),
            ..Inbound::default()
        }
    }

    fn says(&mut self, text: &str) -> String {
        let inbound = self.inbound(text, None);
        self.send(inbound)
    }

    fn chooses(&mut self, value: &str) -> String {
        let inbound = self.inbound("", Some(value));
        self.send(inbound)
    }

    fn send(&mut self, inbound: Inbound) -> String {
        let before = self.snapshot.conversation.awaiting();
        let written = self
            .happen(EventKind::Message(Box::new(inbound)))
            .expect("people may always write");
        let awaiting = self.snapshot.conversation.awaiting();
        if let Some(slot) = awaiting.filter(|a| Some(*a) != before) {
            self.asked.push(slot);
        }
        written
            .iter()
            .filter(|m| m.from == Author::Bot)
            .map(|m| m.text.as_str())
            .collect::<Vec<_>>()
            .join("\n")
    }

    fn awaiting(&self) -> Option<Slot> {
        self.snapshot.conversation.awaiting()
    }

    fn status(&self) -> Status {
        self.snapshot.conversation.status
    }

    fn record(&self) -> &Complaint {
        self.snapshot
            .complaint
            .as_ref()
            .expect("a complaint is on record")
    }
}

fn agent(n: u128, name: &str, role: Role) -> AgentRef {
    AgentRef {
        id: AgentId(uuid::Uuid::from_u128(n)),
        name: name.to_owned(),
        role,
    }
}

/// Plays a person: opens, then answers the slot that is awaited from what they know.
fn play(opening: &str, facts: &[(Slot, &str)]) -> Talk {
    let mut talk = Talk::new();
    talk.says(opening);
    for _ in 0..20 {
        let Some(slot) = talk.awaiting() else { break };
        let fact = facts
            .iter()
            .find(|(s, _)| *s == slot)
            .map_or("I don't know", |(_, f)| *f);
        talk.says(fact);
    }
    talk
}
