//! The state being changed, and the effects so far: what an event is about to do.

use super::{Context, words::Words};
use crate::{
    complaint,
    domain::{
        AgentRef, Alert, Author, Choice, Complaint, Conversation, Decision, Effect, Event,
        EventKind, Interpretation, Message, MessageId, Slot, Snapshot, Timestamp, Unheard,
        event::{Inbound, TimerKind},
    },
    flow::{Audience, ConditionInput, OpenState, USUAL_FACTS, Vars},
    nlu::Setting,
};
use jiff::civil::Date;

/// The state as it is becoming, and what is to be done about it.
pub(super) struct Turn<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) event: &'a Event,
    pub(super) state: Conversation,
    pub(super) complaint: Option<Complaint>,
    pub(super) before: Option<&'a Complaint>,
    /// The state as it was before this.
    pub(super) known: &'a Conversation,
    /// When something last happened before this.
    pub(super) last: Timestamp,
    effects: Vec<Effect>,
    phrases: Vec<String>,
    rules: Vec<&'static str>,
    messages: u8,
    /// Where in `effects` this turn's words to the person are gathered, once there are any.
    speech: Option<usize>,
    by: String,
    why: Option<String>,
}

impl<'a> Turn<'a> {
    pub(super) fn new(snapshot: &'a Snapshot, event: &'a Event, context: &'a Context<'a>) -> Self {
        let mut state = snapshot.conversation.clone();
        state.changed = event.at;
        let complaint = event.record.as_deref().or(snapshot.complaint.as_ref());
        Self {
            context,
            event,
            state,
            complaint: complaint.cloned(),
            before: complaint,
            known: &snapshot.conversation,
            last: snapshot.conversation.changed,
            effects: Vec::new(),
            phrases: Vec::new(),
            rules: Vec::new(),
            messages: 0,
            speech: None,
            by: "complainant".to_owned(),
            why: None,
        }
    }

    /// The rule that decided: shown by `/why`, counted by coverage.
    pub(super) fn decided_by(&mut self, rule: &'static str) {
        self.state.decided_by = Some(rule.to_owned());
        self.rules.push(rule);
    }

    pub(super) fn now(&self) -> Timestamp {
        self.event.at
    }

    /// The conversation is about this record from here on, which was opened in another one.
    pub(super) fn goes_on_with(&mut self, record: &'a Complaint) {
        self.state.complaint = Some(record.reference.clone());
        self.complaint = Some(record.clone());
        self.before = Some(record);
    }

    /// From here on, changes of the complaint are this agent's, for the reason that they give.
    pub(super) fn by(&mut self, agent: &AgentRef, why: Option<&str>) {
        self.by.clone_from(&agent.name);
        self.why = why.map(str::to_owned);
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
        if let Alert::Danger { red_flag } = alert {
            let since = self.event.at;
            let known = self
                .state
                .unheard
                .get_or_insert(Unheard { red_flag, since });
            known.red_flag = known.red_flag.min(red_flag);
        }
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

    /// What an agent asked for is not carried out any more.
    pub(super) fn forget_deferred(&mut self) {
        self.state.deferred = None;
        self.cancel_timer(TimerKind::UndoWindow);
    }

    /// It is put off no more.
    pub(super) fn wake(&mut self) {
        self.state.snoozed = None;
        self.cancel_timer(TimerKind::Snooze);
    }

    /// Says a phrase. What is said in one turn is one message, its parts in paragraphs, so that a frightened person
    /// reads one thing.
    pub(super) fn say(&mut self, key: &str) {
        self.say_with(key, Vars::new());
    }

    /// Says a phrase with more facts than the usual ones.
    pub(super) fn say_with(&mut self, key: &str, more: Vars) {
        let text = self.phrase(key, more);
        self.phrases.push(key.to_owned());
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
        let message = Message::words(id, Author::Bot, text, self.event.at);
        self.effects.push(Effect::Write(message));
    }

    /// Whether anything was said in this turn.
    pub(super) fn has_spoken(&self) -> bool {
        self.speech.is_some()
    }

    /// What is said from here on is a message of its own.
    pub(super) fn new_message(&mut self) {
        self.speech = None;
    }

    /// Offers answers with what is said in this turn: the phrases `choice.<group>.<value>`, in the order of the book.
    pub(super) fn offer(&mut self, group: &str) {
        let flows = self.context.flows;
        let values: Vec<&str> = flows.phrases.choices(group).collect();
        let choices: Vec<Choice> = values
            .into_iter()
            .map(|value| Choice {
                title: self.phrase(&format!("choice.{group}.{value}"), Vars::new()),
                value: value.to_owned(),
            })
            .collect();
        self.offer_choices(choices);
    }

    /// What was just said are safety words.
    pub(super) fn mark_emergency(&mut self) {
        if let Some(Effect::Write(message)) = self.speech.and_then(|i| self.effects.get_mut(i)) {
            message.emergency = true;
        }
    }

    /// Puts these answers beside what was just said.
    pub(super) fn offer_choices(&mut self, choices: Vec<Choice>) {
        if let Some(Effect::Write(message)) = self.speech.and_then(|i| self.effects.get_mut(i)) {
            message.choices = choices;
        }
    }

    /// Whom this is said to.
    pub(super) fn audience(&self) -> Audience<'_> {
        Audience {
            language: &self.state.language,
            emotion: self.state.emotion,
            channel: &self.state.inbox,
        }
    }

    /// Days, times and waits in the person's language.
    pub(super) fn words(&self) -> Words<'_> {
        Words {
            book: &self.context.flows.phrases,
            audience: self.audience(),
        }
    }

    /// A phrase with its facts in place, in the person's language, for how they feel and the channel they use, and not
    /// twice the same in a row where there are several.
    pub(super) fn phrase(&mut self, key: &str, more: Vars) -> String {
        let phrases = &self.context.flows.phrases;
        let mut nth = self.state.used.get(key).copied().unwrap_or(0);
        let varies = phrases.choice_of(&self.audience(), key) > 1;
        let facts = || {
            let mut vars = self.usual_facts();
            vars.extend(more);
            vars
        };
        let text = phrases.say(&self.audience(), key, nth, facts);
        if varies {
            nth = nth.wrapping_add(1);
            self.state.used.insert(key.to_owned(), nth);
        }
        text
    }

    /// A phrase in the desk's language.
    pub(super) fn desk_phrase(&self, key: &str, facts: Vars) -> String {
        let phrases = &self.context.flows.phrases;
        phrases.say(&Audience::of("en"), key, 0, || facts)
    }

    /// A note for whoever has the conversation, in the desk's language.
    pub(super) fn note(&mut self, key: &str) {
        self.note_with(key, Vars::new());
    }

    /// The same with facts in it.
    pub(super) fn note_with(&mut self, key: &str, facts: Vars) {
        let text = self.desk_phrase(key, facts);
        let id = self.next_id();
        self.write(Message::words(id, Author::Note, text, self.event.at));
    }

    /// How the desk stands; the team's own desk, where the conversation waits for one with hours of its own.
    pub(super) fn open_state(&self) -> OpenState {
        let facts = &self.context.flows.facts;
        let own = (self.state.queue.as_ref())
            .and_then(|entry| facts.team_open_at(&entry.team, self.now()));
        own.unwrap_or_else(|| {
            let desk = facts.open_at(self.now());
            OpenState {
                open: self.event.desk.open,
                opens: desk.opens.filter(|_| !self.event.desk.open),
            }
        })
    }

    fn usual_facts(&self) -> Vars {
        let flows = self.context.flows;
        let told = |slot: Slot| self.state.value_text(slot);
        let words = self.words();
        let ours = |text: &crate::flow::Text| text.in_language(&self.state.language).to_owned();
        let acknowledge = self
            .complaint
            .as_ref()
            .and_then(|c| c.deadlines.iter().find(|d| d.name == "acknowledge"));
        let due = acknowledge.map(|d| words.day(d.due_at, &self.context.profile.zone));
        let usual = self.event.desk.usual_wait.map(|w| words.wait(w));
        let reference = self.state.complaint.as_ref().map(ToString::to_string);
        let agent = self
            .state
            .holder
            .as_ref()
            .map(|a| a.first_name().to_owned());
        let values: [minijinja::Value; USUAL_FACTS.len()] = [
            flows.facts.organisation.clone().into(),
            ours(&flows.country.emergency).into(),
            ours(&flows.country.urgent).into(),
            ours(&flows.country.crisis).into(),
            ours(&flows.country.child).into(),
            words.opening(self.open_state()).into(),
            usual.unwrap_or_default().into(),
            told(Slot::ComplainantName).into(),
            (!told(Slot::ContactMethod).is_empty()).into(),
            told(Slot::CallbackWhen).into(),
            reference.unwrap_or_default().into(),
            due.unwrap_or_default().into(),
            agent.unwrap_or_default().into(),
        ];
        USUAL_FACTS.into_iter().zip(values).collect()
    }

    /// Reads words as if they had been one message.
    pub(super) fn read(&self, text: &str) -> Interpretation {
        let mut said = self.context.interpreter.reread(text, self.setting());
        self.context.flows.find_fact(text, &mut said);
        said
    }

    /// Reads a story that came in pieces, put together, with the encoder: that is rare, and the pieces say too little
    /// for the linear model alone.
    pub(super) fn read_together(&self, text: &str) -> Interpretation {
        let mut said = self.context.interpreter.read(text, self.setting());
        self.context.flows.find_fact(text, &mut said);
        said
    }

    /// The day on which the message was written, where the organisation is: what "yesterday" is counted from.
    pub(super) fn today(&self) -> Date {
        let written = match &self.event.kind {
            EventKind::Message(inbound) => inbound.written,
            _ => None,
        };
        let zone = &self.context.flows.facts.zone;
        written.unwrap_or(self.event.at).in_zone(zone).date()
    }

    /// How dates and numbers are read at this moment.
    pub(super) fn setting(&self) -> Setting<'_> {
        let flows = self.context.flows;
        Setting {
            today: self.today(),
            country: self.context.country,
            order: flows.country.dates,
        }
    }

    /// The moment, for conditions.
    pub(super) fn condition_input<'s>(&'s self, inbound: &'s Inbound) -> ConditionInput<'s> {
        let on_record = self
            .complaint
            .as_ref()
            .and_then(|c| c.classification.category);
        ConditionInput {
            signals: &inbound.signals,
            text: &inbound.text,
            conversation: &self.state,
            category: on_record.or(inbound.signals.category),
            now: self.now(),
            open: self.event.desk.open,
        }
    }

    /// Whether a condition of the open flow holds.
    pub(super) fn holds(&self, condition: &str, inbound: &Inbound) -> bool {
        self.context
            .flows
            .holds(condition, &self.condition_input(inbound))
    }

    /// Notes how a record looks that other conversations add to.
    fn mark_shared(&mut self) {
        if !self.state.shares_record() {
            self.state.shared = None;
        }
        if let (Some(shared), Some(record)) = (&mut self.state.shared, &self.complaint) {
            shared.record = record.mark();
        }
    }

    pub(super) fn finish(mut self) -> Decision {
        if let Some(after) = &self.complaint
            && let Some(mut change) = complaint::changes(
                self.before.filter(|b| b.reference == after.reference),
                after,
                self.event.at,
                &self.by,
            )
        {
            change.why = self.why.take();
            self.effects.push(Effect::Changed(change));
        }
        self.mark_shared();
        Decision {
            snapshot: Snapshot {
                conversation: self.state,
                complaint: self.complaint,
            },
            effects: self.effects,
            phrases: self.phrases,
            rules: self.rules.into_iter().map(str::to_owned).collect(),
        }
    }
}
