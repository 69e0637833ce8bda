//! A conversation played in memory: what the terminal and the conversations kept as files use.

use super::{Policy, Refusal, step};
use crate::domain::{
    Conversation, ConversationId, DeskStatus, Effect, Event, EventId, EventKind, Interpretation,
    Message, Snapshot, Timestamp,
    event::{Inbound, TimerKind},
};

/// One person's talk with the bot. Nothing of it is kept.
#[derive(Clone, Debug)]
pub struct Simulator<'a> {
    rules: &'a Policy,
    /// How the conversation stands.
    pub snapshot: Snapshot,
    /// How the desk stands.
    pub desk: DeskStatus,
    /// What the last message told.
    pub signals: Interpretation,
    /// The phrases that answered it.
    pub phrases: Vec<String>,
    /// The rules that decided.
    pub decided_by: Vec<String>,
}

impl<'a> Simulator<'a> {
    /// A new one by that channel, with nobody at the desk.
    pub fn new(rules: &'a Policy, id: EventId, channel: &str, at: Timestamp) -> Self {
        let open = rules.flows.facts.open_at(at);
        Self {
            rules,
            snapshot: Snapshot {
                conversation: Conversation::new(ConversationId(id.0), channel, "you", at),
                complaint: None,
            },
            desk: DeskStatus {
                online: 0,
                open: open.open,
                usual_wait: None,
                ..DeskStatus::default()
            },
            signals: Interpretation::default(),
            phrases: Vec::new(),
            decided_by: Vec::new(),
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
        self.sends(
            Inbound {
                text: text.to_owned(),
                choice,
                ..Inbound::default()
            },
            id,
            at,
        )
    }

    /// The same with whatever else a message may have.
    ///
    /// # Errors
    /// Never for a message; the core's signature.
    pub fn sends(
        &mut self,
        inbound: Inbound,
        id: EventId,
        at: Timestamp,
    ) -> Result<Vec<Message>, Refusal> {
        let inbound = Inbound {
            external_id: id.to_string(),
            signals: self.rules.read(&inbound.text, at),
            ..inbound
        };
        self.signals.clone_from(&inbound.signals);
        self.happens(EventKind::Message(Box::new(inbound)), id, at)
    }

    /// The timers that run out until then, each at its time. What was written because of them.
    ///
    /// # Errors
    /// Never for a timer; the core's signature.
    pub fn waits(
        &mut self,
        until: Timestamp,
        mut id: impl FnMut() -> EventId,
    ) -> Result<Vec<Message>, Refusal> {
        let mut written = Vec::new();
        let due = |state: &Conversation| -> Option<(TimerKind, Timestamp)> {
            let timers = state.timers.iter().map(|(kind, at)| (*kind, *at));
            timers
                .filter(|(_, at)| *at <= until)
                .min_by_key(|(_, at)| *at)
        };
        let mut fired = false;
        let (mut phrases, mut rules) = (Vec::new(), Vec::new());
        while let Some((timer, at)) = due(&self.snapshot.conversation) {
            written.extend(self.happens(EventKind::Timer { timer }, id(), at)?);
            phrases.append(&mut self.phrases);
            rules.append(&mut self.decided_by);
            fired = true;
        }
        if fired {
            (self.phrases, self.decided_by) = (phrases, rules);
        }
        Ok(written)
    }

    fn happens(
        &mut self,
        kind: EventKind,
        id: EventId,
        at: Timestamp,
    ) -> Result<Vec<Message>, Refusal> {
        let open = self.rules.flows.facts.open_at(at);
        let event = Event {
            id,
            at,
            desk: DeskStatus {
                open: open.open,
                ..self.desk.clone()
            },
            origin: self.rules.origin.clone(),
            record: None,
            kind,
        };
        let decision = step(&self.snapshot, &event, &self.rules.context())?;
        self.snapshot = decision.snapshot;
        self.phrases = decision.phrases;
        self.decided_by = decision.rules;
        let written = decision
            .effects
            .into_iter()
            .filter_map(|effect| match effect {
                Effect::Write(message) => Some(message),
                _ => None,
            });
        Ok(written.collect())
    }
}
