//! The state of one conversation.

use super::queue_entry::is_zero;
pub use super::queue_entry::{Priority, QueueEntry, Waiting};
use super::{
    agent::AgentRef,
    assignment::AssignedBy,
    attention::{Handed, Owed, Unheard},
    claim::{Claim, Linked, Shared},
    deferred::Deferred,
    heard_before::{Held, LastText},
    ids::{AgentId, ConversationId, MessageId},
    interpretation::{Emotion, Intensity, Intent, RedFlag, Relation, names},
    measure::Matter,
    reference::Reference,
    satisfaction::Satisfaction,
    slot::Slot,
    slot_value::{Filled, SlotValue},
    snooze::Snooze,
    time::Timestamp,
    timer::TimerKind,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

names!(
    /// Who has the conversation.
    Status {
        /// The bot.
        Bot = "bot",
        /// Waiting for a person; the bot still answers.
        Queued = "queued",
        /// A person has it; the bot is silent.
        Assigned = "assigned",
        /// Done, until somebody writes again.
        Resolved = "resolved",
    }
);
/// A flow under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowRun {
    /// Which flow, by name.
    pub flow: String,
    /// The slot that was just asked for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub awaiting: Option<Slot>,
    /// How often that slot was asked for in a row.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub asked: u8,
    /// The slot that was answered last: what "sorry, I meant …" is about.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub last: Option<Slot>,
}

/// The state of one conversation: all that decides what happens next, and nothing that is only history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "facts that are true or not, each by itself"
)]
pub struct Conversation {
    /// Its id.
    pub id: ConversationId,
    /// Which inbox it came by.
    pub inbox: String,
    /// The person's stable id there.
    pub sender: String,
    /// Where the channel wants what we say (a chat, a thread): where they last wrote from.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub place: Option<String>,
    /// Our last message did not reach them, and whoever has the conversation was told so.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub unreachable: bool,
    /// The channel could not tell whether the last message was from who it said: nothing private is told.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub unproven: bool,
    /// The album whose first picture was answered last: the others need no answer each.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub album: Option<String>,
    /// The person's name, as the channel gave it or they told it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub name: Option<String>,
    /// ISO 639-1 code of the language they write.
    pub language: String,
    /// Who has it.
    pub status: Status,
    /// The agent who has it, where one has.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub holder: Option<AgentRef>,
    /// By which rule the desk gave it to them; none where they took it themselves, or a colleague handed it on.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub assigned_by: Option<AssignedBy>,
    /// A colleague handed it over to them, and they have not written yet.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub handed: Option<Handed>,
    /// Who had it in this matter and let it lie: the desk does not give it to them again.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub passed_by: Vec<AgentId>,
    /// Who of the desk wrote last.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub last_agent: Option<AgentId>,
    /// An answer that they owe to the person.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub owed: Option<Owed>,
    /// What an agent has asked for and may still take back.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub deferred: Option<Deferred>,
    /// It is put off.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub snoozed: Option<Snooze>,
    /// What people at the desk have marked it as.
    #[serde(skip_serializing_if = "BTreeSet::is_empty", default)]
    pub labels: BTreeSet<String>,
    /// The flow under way.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub run: Option<FlowRun>,
    /// What is known, by slot.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub slots: BTreeMap<Slot, Filled>,
    /// Messages that nobody has been able to place yet: they go on record, or not, once the person has said what they
    /// are.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub held: Vec<Held>,
    /// What was told last and answered as something else than a complaint, thanked for mostly: whoever says that it was
    /// one need not tell it again.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub answered: Option<Held>,
    /// The last message of more than a few words, to know it when it comes again under another id.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub last_text: Option<LastText>,
    /// Who they are to us, as far as known.
    pub relation: Relation,
    /// The strongest feeling of late.
    pub emotion: Emotion,
    /// How strong.
    pub intensity: Intensity,
    /// Danger spoken of; only a person takes this away, by resolving.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub red_flag: Option<RedFlag>,
    /// Danger of which was told since somebody at the desk last did something about it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub unheard: Option<Unheard>,
    /// The danger is somebody else's, of whom the contact tells.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub red_flag_of_another: bool,
    /// How often the words for danger were said again to messages that told of none.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub danger_said_again: u8,
    /// When somebody of whom nobody can tell who they are was last told what to do in such danger: not with every mail.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub warned: BTreeMap<RedFlag, Timestamp>,
    /// The complaint it is about.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub complaint: Option<Reference>,
    /// A complaint of another conversation that they say is theirs, or looked up.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub claim: Option<Claim>,
    /// The complaint of which the desk's question was put to them and not answered yet.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub question: Option<Reference>,
    /// The complaint of which they are asked whether it is settled for them.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub settling: Option<Reference>,
    /// The complaint to whose record other conversations add too.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub shared: Option<Shared>,
    /// Other conversations of the same person, as they have proven.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub linked: Vec<Linked>,
    /// When they last wrote here, where there are other conversations of theirs: an agent's words go to where
    /// they wrote last.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub last_wrote: Option<Timestamp>,
    /// A person has dealt with that complaint: what comes next is a new one.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub closed_by_agent: bool,
    /// Since when a person is awaited or at work: the first handover of this matter.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub first_handover: Option<Timestamp>,
    /// What people at the desk are at work on.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub matter: Option<Matter>,
    /// When a person at the desk said last that it was done.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub resolved_at: Option<Timestamp>,
    /// Whether the person is asked how the talk was.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub satisfaction: Option<Satisfaction>,
    /// The place in the queue, while there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub queue: Option<QueueEntry>,
    /// Timers that are set, and when they run out.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub timers: BTreeMap<TimerKind, Timestamp>,
    /// How many messages in a row were not understood.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub fallback_count: u8,
    /// What was said of a contingency that is in force, by its phrases.
    #[serde(skip_serializing_if = "BTreeSet::is_empty", default)]
    pub noticed: BTreeSet<String>,
    /// The bot has introduced itself.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub greeted: bool,
    /// How many things the person was asked about this matter.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub questions: u8,
    /// They were upset at some time in this matter: they are asked less from then on.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub reduced_questions: bool,
    /// What the person needs besides, in the order told: a person is to see to it.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub wishes: Vec<Intent>,
    /// How often the person was angry at the bot, or abusive, since somebody last took over.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub abuse_count: u8,
    /// Not of age, as far as they told.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub minor: bool,
    /// Somebody close to them has died, as far as they told.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub bereaved: bool,
    /// Which wording of a phrase was said last, where it has several, so that none is said twice in a row.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub used: BTreeMap<String, u8>,
    /// Whether the person's page is open, as far as the channel tells.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub present: bool,
    /// How many messages the person has written.
    #[serde(default)]
    pub message_count: u32,
    /// The rule of the policy that decided last: why the bot said what it said.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub decided_by: Option<String>,
    /// The message that was last said to the person.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub last_said: Option<MessageId>,
    /// When it began.
    pub began: Timestamp,
    /// When something last happened.
    pub changed: Timestamp,
}

impl Conversation {
    /// A conversation in which nothing has happened yet.
    pub fn new(id: ConversationId, inbox: &str, sender: &str, at: Timestamp) -> Self {
        Self {
            id,
            inbox: inbox.to_owned(),
            sender: sender.to_owned(),
            place: None,
            unreachable: false,
            unproven: false,
            album: None,
            name: None,
            language: "en".to_owned(),
            status: Status::Bot,
            holder: None,
            assigned_by: None,
            handed: None,
            passed_by: Vec::new(),
            last_agent: None,
            owed: None,
            deferred: None,
            snoozed: None,
            labels: BTreeSet::new(),
            run: None,
            slots: BTreeMap::new(),
            held: Vec::new(),
            answered: None,
            last_text: None,
            relation: Relation::Unknown,
            emotion: Emotion::Neutral,
            intensity: Intensity(0),
            red_flag: None,
            unheard: None,
            red_flag_of_another: false,
            danger_said_again: 0,
            warned: BTreeMap::new(),
            complaint: None,
            claim: None,
            question: None,
            settling: None,
            shared: None,
            linked: Vec::new(),
            last_wrote: None,
            closed_by_agent: false,
            first_handover: None,
            matter: None,
            resolved_at: None,
            satisfaction: None,
            queue: None,
            timers: BTreeMap::new(),
            fallback_count: 0,
            noticed: BTreeSet::new(),
            greeted: false,
            questions: 0,
            reduced_questions: false,
            wishes: Vec::new(),
            abuse_count: 0,
            minor: false,
            bereaved: false,
            used: BTreeMap::new(),
            present: false,
            message_count: 0,
            decided_by: None,
            last_said: None,
            began: at,
            changed: at,
        }
    }

    /// Whether what we say goes out by a worker of ours. The web chat and the inbox for programs take the answer where
    /// they ask.
    pub fn is_sent_to(&self) -> bool {
        !matches!(self.inbox.as_str(), "web" | "http")
    }

    /// Whether people write letters there: nobody waits before an open page, so whoever is silent is left in peace.
    pub fn is_by_letter(&self) -> bool {
        self.inbox == "email"
    }

    /// What is known for a slot, where the person told it and did not decline.
    pub fn value(&self, slot: Slot) -> Option<&SlotValue> {
        let filled = self.slots.get(&slot)?;
        (!filled.value.is_missing()).then_some(&filled.value)
    }

    /// The same as text to be read; empty where it is not known.
    pub fn value_text(&self, slot: Slot) -> String {
        self.value(slot).map(SlotValue::text).unwrap_or_default()
    }

    /// Whether a slot needs no question: it is told, or was asked for and declined.
    pub fn is_filled(&self, slot: Slot) -> bool {
        self.slots.get(&slot).is_some_and(|f| !f.partial)
    }

    /// Whether other conversations add to the record of its complaint too.
    pub fn shares_record(&self) -> bool {
        let shared = self.shared.as_ref().map(|s| &s.reference);
        shared.is_some() && shared == self.complaint.as_ref()
    }

    /// The slot that the bot has just asked for.
    pub fn awaiting(&self) -> Option<Slot> {
        self.run.as_ref().and_then(|r| r.awaiting)
    }
}
