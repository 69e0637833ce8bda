//! Everything that can happen to a conversation.

use super::{
    agent::AgentRef,
    assignment::AssignedBy,
    attention::LostSight,
    borrowed::Borrowed,
    claim::Linked,
    complaint::{Complaint, Reference},
    complaint_patch::ComplaintPatch,
    deferred::DeferredAct,
    ids::{EventId, MessageId},
    interpretation::{Interpretation, names},
    message::AttachmentRef,
    remark::Remark,
    suggestion::Offered,
    time::Timestamp,
};
pub use super::{
    deferred::TransferTarget,
    desk_status::DeskStatus,
    inbound::{Command, Inbound, Unkept},
    timer::TimerKind,
};
use serde::{Deserialize, Serialize};

/// One thing that happened, with all that is needed to decide what follows, so that the log can be replayed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Its id; the ids of the messages that it causes are made from it.
    pub id: EventId,
    /// When it was taken in.
    pub at: Timestamp,
    /// How the desk stood at that moment.
    pub desk: DeskStatus,
    /// In which shape it was written, and what decided then.
    #[serde(default)]
    pub origin: Origin,
    /// The complaint's record as it stood, where another conversation has added to it meanwhile (for the replay).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub record: Option<Box<Complaint>>,
    /// What happened.
    #[serde(flatten)]
    pub kind: EventKind,
}

/// In which shape an event was written, and by which flows and which reader was decided what follows. A replay with the
/// same ones gives the same state, byte for byte; with others it gives what would be decided now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The version of the event's shape; 1 is the one without this mark.
    pub shape: u16,
    /// Fingerprint of the flows.
    pub flows: String,
    /// Fingerprint of the reader.
    pub reader: String,
}

impl Origin {
    /// Today's shape of events and states.
    pub const SHAPE: u16 = 2;
}

impl Default for Origin {
    fn default() -> Self {
        Self {
            shape: 1,
            flows: String::new(),
            reader: String::new(),
        }
    }
}

names!(
    /// Why a message was given up.
    FailReason {
        /// The person has blocked us, or takes no messages from us.
        Blocked = "blocked",
        /// The channel does not take this message, now or later.
        Refused = "refused",
        /// It was tried for as long as is worth while.
        Expired = "expired",
    }
);

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum EventKind {
    /// The contact wrote, chose, or sent a file.
    Message(Box<Inbound>),
    /// The contact changed a message.
    Edited {
        /// Which message.
        target: MessageId,
        /// Its new text.
        text: String,
        /// What the new text tells.
        signals: Box<Interpretation>,
    },
    /// Files came to an earlier message: the channel gave them late, or the contact changed the message.
    Attached {
        /// Which message.
        target: MessageId,
        /// Files, already stored.
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        attachments: Vec<AttachmentRef>,
        /// Files that came with it and could not be kept.
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        unkept: Vec<Unkept>,
        /// Words in these files in which danger was read.
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        borrowed: Vec<Borrowed>,
    },
    /// A message was taken away in the channel.
    Deleted {
        /// Which message.
        target: MessageId,
        /// The contact took it back. Where somebody else did (a moderator), its words stay for staff and the record
        /// does not change.
        #[serde(skip_serializing_if = "is_true", default = "yes")]
        by_writer: bool,
    },
    /// Something happened around the conversation that the desk should see.
    Remarked {
        /// What.
        remark: Remark,
        /// What belongs to it: the sign that somebody reacted with.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        detail: Option<String>,
    },
    /// The contact has proven in another conversation that this one's complaint is theirs, and goes on there.
    CarriedOn {
        /// Where, and with which complaint.
        to: Linked,
        /// Nothing is said of it here: they are to stay unknown, or others may read along.
        #[serde(skip_serializing_if = "std::ops::Not::not", default)]
        quiet: bool,
    },
    /// The contact came (or left).
    Presence {
        /// Whether they are there.
        online: bool,
    },
    /// An agent takes the conversation.
    Claimed {
        /// Who.
        agent: AgentRef,
    },
    /// The desk gives the conversation to an agent, where it is set so.
    Assigned {
        /// To whom.
        agent: AgentRef,
        /// Why to them.
        by: AssignedBy,
    },
    /// An agent answers.
    Replied {
        /// Who.
        agent: AgentRef,
        /// The page's or program's own id of the reply: the same again has one effect.
        external_id: String,
        /// The words.
        text: String,
        /// The suggestion it grew from.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        suggestion: Option<String>,
        /// The suggestions that stood above the draft, and what became of each.
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        offered: Vec<Offered>,
        /// Files, already stored.
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        attachments: Vec<AttachmentRef>,
        /// The serious rules of the coach that the words break and that the agent saw before they sent it anyway.
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        anyway: Vec<String>,
    },
    /// A reply was held, since the coach found something serious in it. Nothing was sent.
    ReplyHeld {
        /// Whose reply.
        agent: AgentRef,
        /// The reply's id, as with a reply.
        external_id: String,
        /// The coach's rules, by name.
        rules: Vec<String>,
    },
    /// An agent writes an internal remark.
    Noted {
        /// Who.
        agent: AgentRef,
        /// As with a reply.
        external_id: String,
        /// The words.
        text: String,
        /// Advice of somebody who supervises to whoever has the conversation.
        #[serde(skip_serializing_if = "std::ops::Not::not", default)]
        whisper: bool,
        /// Colleagues who are named in it, and told.
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        mentions: Vec<AgentRef>,
    },
    /// An agent hands the conversation on.
    Transferred {
        /// Who.
        agent: AgentRef,
        /// To whom.
        to: TransferTarget,
        /// What whoever takes over should know.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        reason: Option<String>,
    },
    /// An agent gives it back to the queue.
    Released {
        /// Who.
        agent: AgentRef,
    },
    /// An agent says that it is done.
    Resolved {
        /// Who.
        agent: AgentRef,
    },
    /// An agent takes it up again.
    Reopened {
        /// Who.
        agent: AgentRef,
    },
    /// An agent asks for something that they may take back for some seconds; only then it is done and told.
    Deferred {
        /// Who.
        agent: AgentRef,
        /// What.
        act: DeferredAct,
    },
    /// It is taken back.
    Undone {
        /// Who.
        agent: AgentRef,
    },
    /// An agent puts labels on it, or takes them off.
    Labelled {
        /// Who.
        agent: AgentRef,
        /// Which are put on.
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        add: Vec<String>,
        /// Which are taken off.
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        remove: Vec<String>,
    },
    /// An agent puts it off.
    Snoozed {
        /// Who.
        agent: AgentRef,
        /// Until when; none: until the person writes.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        until: Option<Timestamp>,
    },
    /// An agent takes it up again before its time.
    Woken {
        /// Who.
        agent: AgentRef,
    },
    /// The person says how the talk was.
    Rated {
        /// From 1, very bad, to 5, very good; none: they would rather not say.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        rating: Option<u8>,
        /// What they add.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        words: Option<String>,
    },
    /// Somebody who waits was lost sight of: nobody could see them, or no clock ran.
    Recovered {
        /// In which way.
        why: LostSight,
        /// The team that has them from now on, where theirs has nobody.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        team: Option<String>,
    },
    /// A rung of the ladder of contingencies began while they wait.
    RungBegan {
        /// Which.
        rung: String,
    },
    /// A timer ran out.
    Timer {
        /// Which.
        timer: TimerKind,
    },
    /// The contact's side has everything up to this message.
    Delivered {
        /// The newest message that arrived.
        upto: MessageId,
        /// The channel's own ids of that message, one for each part that it was sent in.
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        external: Vec<String>,
    },
    /// A message was given up.
    DeliveryFailed {
        /// Which.
        message: MessageId,
        /// Why.
        reason: FailReason,
    },
    /// Somebody at the desk has a message that was given up sent again.
    DeliveryRetried {
        /// Who.
        agent: AgentRef,
        /// Which.
        message: MessageId,
    },
    /// Somebody at the desk changed the complaint's record.
    ComplaintAmended {
        /// Who.
        agent: AgentRef,
        /// Which complaint.
        reference: Reference,
        /// What.
        patch: Box<ComplaintPatch>,
        /// The record as it stood, where the conversation is about another complaint by now (looked up by the store,
        /// kept for the replay).
        #[serde(skip_serializing_if = "Option::is_none", default)]
        older: Option<Box<Complaint>>,
    },
}

impl EventKind {
    /// The public name, as in the feed and the log.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Message(_) => "message",
            Self::Edited { .. } => "edited",
            Self::Attached { .. } => "attached",
            Self::Deleted { .. } => "deleted",
            Self::Remarked { .. } => "remarked",
            Self::CarriedOn { .. } => "carried_on",
            Self::Presence { .. } => "presence",
            Self::Claimed { .. } => "claimed",
            Self::Assigned { .. } => "assigned",
            Self::Replied { .. } => "replied",
            Self::Noted { .. } => "noted",
            Self::Transferred { .. } => "transferred",
            Self::Released { .. } => "released",
            Self::Resolved { .. } => "resolved",
            Self::Reopened { .. } => "reopened",
            Self::ReplyHeld { .. } => "reply_held",
            Self::Deferred { .. } => "deferred",
            Self::Undone { .. } => "undone",
            Self::Labelled { .. } => "labelled",
            Self::Snoozed { .. } => "snoozed",
            Self::Woken { .. } => "woken",
            Self::Rated { .. } => "rated",
            Self::Recovered { .. } => "recovered",
            Self::RungBegan { .. } => "rung_began",
            Self::Timer { .. } => "timer",
            Self::Delivered { .. } => "delivered",
            Self::DeliveryFailed { .. } => "delivery_failed",
            Self::DeliveryRetried { .. } => "delivery_retried",
            Self::ComplaintAmended { .. } => "complaint_amended",
        }
    }

    /// The id by which a repeat is known, where the sender gave one.
    pub fn external_id(&self) -> Option<&str> {
        match self {
            Self::Message(m) => Some(&m.external_id),
            Self::Replied { external_id, .. } | Self::Noted { external_id, .. } => {
                Some(external_id)
            }
            _ => None,
        }
    }
}

const fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
const fn is_true(value: &bool) -> bool {
    *value
}
