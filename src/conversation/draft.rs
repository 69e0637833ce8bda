//! A decision in the making.

use super::Context;
use crate::{
    complaint,
    domain::{
        AgentRef, Alert, Author, Choice, Complaint, Conversation, Decision, Effect, Event, Message,
        MessageId, Signals, Slot, Snapshot, Timestamp, event::TimerKind,
    },
    flow::Vars,
    handoff::wait_in_words,
};

/// The state as it is becoming, and what is to be done about it.
pub(super) struct Draft<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) event: &'a Event,
    pub(super) state: Conversation,
    pub(super) complaint: Option<Complaint>,
    before: Option<&'a Complaint>,
    effects: Vec<Effect>,
    messages: u8,
    /// Where in `effects` this turn's words to the person are gathered, once there are any.
    speech: Option<usize>,
    by: String,
}

impl<'a> Draft<'a> {
    pub(super) fn new(snapshot: &'a Snapshot, event: &'a Event, context: &'a Context<'a>) -> Self {
        let mut state = snapshot.conversation.clone();
        state.changed = event.at;
        Self {
            context,
            event,
            state,
            complaint: snapshot.complaint.clone(),
            before: snapshot.complaint.as_ref(),
            effects: Vec::new(),
            messages: 0,
            speech: None,
            by: "complainant".to_owned(),
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.event.at
    }

    /// From here on, changes of the complaint are this agent's.
    pub(super) fn by(&mut self, agent: &AgentRef) {
        self.by.clone_from(&agent.name);
    }

    pub(super) fn next_id(&mut self) -> MessageId {
        let id = self.event.id.message(self.messages);
        self.messages += 1;
        id
    }

    pub(super) fn write(&mut self, message: Message) {
        self.effects.push(Effect::Write(message));
    }

    pub(super) fn effect(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    pub(super) fn alert(&mut self, alert: Alert) {
        self.effects.push(Effect::Alert(alert));
    }

    pub(super) fn set_timer(&mut self, timer: TimerKind, due: Timestamp) {
        self.state.timers.insert(timer, due);
        self.effects.push(Effect::SetTimer { timer, due });
    }

    pub(super) fn cancel_timer(&mut self, timer: TimerKind) {
        if self.state.timers.remove(&timer).is_some() {
            self.effects.push(Effect::CancelTimer { timer });
        }
    }

    /// Says a phrase. What is said in one turn is one message, its parts in paragraphs, so that a frightened person reads one thing.
    pub(super) fn say(&mut self, key: &str) {
        self.say_with(key, Vars::new());
    }

    /// Says a phrase with more facts than the usual ones.
    pub(super) fn say_with(&mut self, key: &str, more: Vars) {
        let text = self.phrase(key, more);
        self.speak(text);
    }

    fn speak(&mut self, text: String) {
        if let Some(index) = self.speech
            && let Some(Effect::Write(message)) = self.effects.get_mut(index)
        {
            message.text.push_str("\n\n");
            message.text.push_str(&text);
            return;
        }
        let id = self.next_id();
        self.state.last_said = Some(id);
        self.speech = Some(self.effects.len());
        self.effects.push(Effect::Write(Message {
            id,
            from: Author::Bot,
            agent: None,
            text,
            choices: Vec::new(),
            attachments: Vec::new(),
            at: self.event.at,
        }));
    }

    /// Whether anything was said in this turn.
    pub(super) fn has_spoken(&self) -> bool {
        self.speech.is_some()
    }

    /// What is said from here on is a message of its own.
    pub(super) fn new_message(&mut self) {
        self.speech = None;
    }

    /// Offers answers with what is said in this turn: the phrases `choice.<group>.<value>`, in the order given, else as the book has them.
    pub(super) fn offer(&mut self, group: &str) {
        let flows = self.context.flows;
        let order: &[&str] = match group {
            "relation" => &[
                "patient",
                "relative",
                "carer",
                "friend",
                "neighbour",
                "visitor",
                "professional",
                "employee",
                "public",
            ],
            "wait" => &["stay", "later", "callback"],
            "consent" => &["yes", "no"],
            "fallback" => &["complaint", "information", "speak_to_human"],
            "callback_when" => &["morning", "afternoon", "any"],
            _ => &[],
        };
        let mut sorted: Vec<&str> = flows.phrases.choices(group).collect();
        sorted.sort_by_key(|v| order.iter().position(|o| o == v).unwrap_or(usize::MAX));
        let choices: Vec<Choice> = sorted
            .into_iter()
            .map(|value| Choice {
                title: self.phrase(&format!("choice.{group}.{value}"), Vars::new()),
                value: value.to_owned(),
            })
            .collect();
        if let Some(Effect::Write(message)) = self.speech.and_then(|i| self.effects.get_mut(i)) {
            message.choices = choices;
        }
    }

    /// A phrase with its facts in place, in the person's language, for how they feel, and not twice the same where there are several.
    pub(super) fn phrase(&mut self, key: &str, more: Vars) -> String {
        let used = self.state.used.get(key).copied().unwrap_or(0);
        if matches!(
            key,
            "queue.added" | "wait.check_in" | "thanks.reply" | "fallback.first"
        ) {
            self.state.used.insert(key.to_owned(), used.wrapping_add(1));
        }
        let facts = || {
            let mut vars = self.usual_facts();
            vars.extend(more);
            vars
        };
        self.context
            .flows
            .phrases
            .say(&self.state.language, key, self.state.emotion, used, facts)
    }

    fn usual_facts(&self) -> Vars {
        let flows = self.context.flows;
        let told = |slot: Slot| {
            self.state
                .told
                .get(&slot)
                .filter(|t| !t.declined)
                .map(|t| t.text.clone())
                .unwrap_or_default()
        };
        let acknowledge = self
            .complaint
            .as_ref()
            .and_then(|c| c.deadlines.iter().find(|d| d.name == "acknowledge"));
        let first_name = told(Slot::ComplainantName);
        Vars::from([
            ("organisation", flows.facts.organisation.clone().into()),
            ("emergency", flows.country.emergency.clone().into()),
            ("urgent", flows.country.urgent.clone().into()),
            ("crisis", flows.country.crisis.clone().into()),
            ("opens", self.event.desk.opens.clone().into()),
            (
                "wait",
                self.event
                    .desk
                    .usual_wait
                    .map(wait_in_words)
                    .unwrap_or_default()
                    .into(),
            ),
            ("name", first_name.into()),
            ("reachable", (!told(Slot::ContactMethod).is_empty()).into()),
            (
                "reference",
                self.state
                    .complaint
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default()
                    .into(),
            ),
            (
                "due",
                acknowledge
                    .map(|d| self.context.profile.day_in_words(d.due_at))
                    .unwrap_or_default()
                    .into(),
            ),
            (
                "agent",
                self.state
                    .holder
                    .as_ref()
                    .map(|a| a.first_name().to_owned())
                    .unwrap_or_default()
                    .into(),
            ),
        ])
    }

    /// Whether a condition of the open flow holds.
    pub(super) fn holds(&self, condition: &str, signals: &Signals) -> bool {
        let category = self
            .complaint
            .as_ref()
            .and_then(|c| c.classification.category);
        self.context
            .flows
            .holds(condition, signals, &self.state, category)
    }

    pub(super) fn finish(mut self) -> Decision {
        if let Some(after) = &self.complaint
            && let Some(change) = complaint::changes(
                self.before.filter(|b| b.reference == after.reference),
                after,
                self.event.at,
                &self.by,
            )
        {
            self.effects.push(Effect::Changed(change));
        }
        Decision {
            snapshot: Snapshot {
                conversation: self.state,
                complaint: self.complaint,
            },
            effects: self.effects,
        }
    }
}
