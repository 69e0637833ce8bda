//! A conversation played in memory: what the terminal and the conversations kept as files use.

use super::{Refusal, Rulebook, step};
use crate::domain::{
    Conversation, ConversationId, DeskStatus, Effect, Event, EventId, EventKind, Message, Snapshot,
    Timestamp, event::Inbound,
};

/// One person's talk with the bot. Nothing of it is kept.
#[derive(Debug)]
pub struct Play<'a> {
    rules: &'a Rulebook,
    /// How the conversation stands.
    pub snapshot: Snapshot,
    /// How the desk stands.
    pub desk: DeskStatus,
}

impl<'a> Play<'a> {
    /// A new one, with nobody at the desk.
    pub fn new(rules: &'a Rulebook, id: EventId, at: Timestamp) -> Self {
        let open = rules.flows.facts.open_at(at);
        Self {
            rules,
            snapshot: Snapshot {
                conversation: Conversation::new(ConversationId(id.0), "play", "you", at),
                complaint: None,
            },
            desk: DeskStatus {
                online: 0,
                open: open.open,
                opens: open.opens,
                usual_wait: None,
            },
        }
    }

    /// The person says something, or chooses an offered answer. What was written because of it, their own words first.
    ///
    /// # Errors
    /// Never for a message; the core's signature.
    pub fn says(
        &mut self,
        text: &str,
        choice: Option<String>,
        id: EventId,
        at: Timestamp,
    ) -> Result<Vec<Message>, Refusal> {
        let inbound = Inbound {
            external_id: id.to_string(),
            text: text.to_owned(),
            choice,
            signals: self.rules.read(text, at),
            ..Inbound::default()
        };
        let kind = EventKind::Message(Box::new(inbound));
        let event = Event {
            id,
            at,
            desk: self.desk.clone(),
            kind,
        };
        let decision = step(&self.snapshot, &event, &self.rules.context())?;
        self.snapshot = decision.snapshot;
        let written = decision.effects.into_iter();
        Ok(written
            .filter_map(|e| {
                if let Effect::Write(message) = e {
                    Some(message)
                } else {
                    None
                }
            })
            .collect())
    }
}
