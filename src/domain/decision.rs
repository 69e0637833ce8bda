//! What follows from an event.

use super::{
    attention::LostSight,
    claim::Linked,
    complaint::{Change, Complaint, Reference},
    conversation::Conversation,
    event::{FailReason, TimerKind},
    ids::{ConversationId, MessageId},
    interpretation::RedFlag,
    measure::Measure,
    message::{AttachmentRef, Message},
    remark::Remark,
    satisfaction::Rating,
    suggestion::Offered,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// All that is known of one conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// Its state.
    pub conversation: Conversation,
    /// The complaint it is about, if there is one.
    pub complaint: Option<Complaint>,
}

/// What [`crate::dialogue::step`] decides: the new state, and what must be done.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// The state after the event.
    pub snapshot: Snapshot,
    /// What to write down and send, in order.
    pub effects: Vec<Effect>,
    /// The phrases that were said, by their keys, in order: why it said that.
    pub phrases: Vec<String>,
    /// The rules of the policy that decided, by name, in order.
    pub rules: Vec<String>,
}

/// One thing to be done, inside the same transaction that saves the state.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// A new entry of the conversation: the contact's message, a reply, a note.
    Write(Message),
    /// New words for an earlier entry.
    Rewrite {
        /// Which.
        target: MessageId,
        /// The words.
        text: String,
    },
    /// Files come to an earlier entry of the contact's.
    Attach {
        /// Which.
        target: MessageId,
        /// The files.
        files: Vec<AttachmentRef>,
        /// Words in them that the desk should see.
        borrowed: Vec<String>,
        /// What stood in place of a file that was awaited, and what stands there from now on.
        trace: [String; 2],
    },
    /// An earlier entry's words are removed.
    Erase {
        /// Which.
        target: MessageId,
    },
    /// An earlier entry was taken away in the channel by somebody else; its words stay.
    Removed {
        /// Which.
        target: MessageId,
    },
    /// Everything up to this entry has arrived.
    Arrived {
        /// The newest one.
        upto: MessageId,
        /// The channel's own ids of it.
        external: Vec<String>,
    },
    /// An entry was given up.
    Failed {
        /// Which.
        message: MessageId,
        /// Why.
        reason: FailReason,
    },
    /// An entry that was given up is sent again.
    Resend {
        /// Which.
        message: MessageId,
    },
    /// Everything that was said before is removed, from the log too.
    Forget,
    /// The complaint changed; who changed what.
    Changed(Change),
    /// An earlier complaint of this conversation, as it is now.
    Older(Box<Complaint>),
    /// Wake this conversation then.
    SetTimer {
        /// What for.
        timer: TimerKind,
        /// When.
        due: Timestamp,
    },
    /// Do not.
    CancelTimer {
        /// Which.
        timer: TimerKind,
    },
    /// A detail did not prove that the complaint is theirs: one of the day's tries is gone.
    ProofFailed {
        /// Which complaint.
        reference: Reference,
    },
    /// They have proven that a complaint is theirs: the conversations where it was told so far learn of it.
    CarriedOn {
        /// Those conversations.
        earlier: Vec<ConversationId>,
        /// What they learn: where it goes on, and with which complaint.
        to: Linked,
        /// Nothing is said of it there.
        quiet: bool,
    },
    /// An agent took over somebody who waited.
    PickedUp {
        /// Whole seconds of waiting.
        waited: i64,
    },
    /// A wait is over.
    Measured(Measure),
    /// The person said how the talk was.
    Rated(Rating),
    /// What became of a suggestion.
    Offered(Offered),
    /// Supervisors should know.
    Alert(Alert),
}

/// What supervisors are told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "alert", rename_all = "snake_case")]
pub enum Alert {
    /// Somebody may be in danger.
    Danger {
        /// Of what kind.
        red_flag: RedFlag,
    },
    /// A named person was promised by now, and the record says of nobody that they got in touch.
    PromiseDue {
        /// The complaint.
        reference: Reference,
    },
    /// Something happened around a conversation that somebody must see to.
    Remarked {
        /// What.
        remark: Remark,
    },
    /// Nobody took over in time. Told again as long as nobody does.
    PickupMissed {
        /// Whole seconds waited so far.
        waited: i64,
    },
    /// Whoever has a conversation has not answered in time.
    Unanswered {
        /// Whole seconds waited so far.
        waited: i64,
    },
    /// Somebody who waits was lost sight of.
    LostSight {
        /// In which way.
        why: LostSight,
    },
}
