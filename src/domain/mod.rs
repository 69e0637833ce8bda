//! The nouns: plain data without I/O. Imports nothing else of ours.

pub mod agent;
mod borrowed;
mod claim;
mod clause;
pub mod complaint;
mod complaint_patch;
mod contact;
pub mod conversation;
mod cue;
pub mod decision;
mod deferred;
mod desk_status;
mod entities;
pub mod event;
mod fingerprint;
pub mod ids;
pub mod interpretation;
mod kept;
mod kept_classification;
mod kept_contact;
pub mod message;
mod proof;
mod reference;
mod remark;
mod scope;
pub mod slot;
pub mod slot_value;
pub mod suggestion;
pub mod time;
mod timer;
mod unseen;

pub use agent::{AgentRef, LONGEST_ACCOUNT_NAME, Role, account_key, account_name};
pub use borrowed::{Borrowed, BorrowedHow};
pub use claim::{Claim, Linked, Shared};
pub use complaint::{Complaint, ComplaintStatus};
pub use complaint_patch::{AffectedPatch, ComplaintPatch, DaysPatch};
pub use conversation::{Conversation, QueueEntry, Status};
pub use decision::{Alert, Decision, Effect, Snapshot};
pub use deferred::{Deferred, DeferredAct, TransferTarget};
pub use event::{DeskStatus, Event, EventKind, Origin};
pub use fingerprint::fingerprint;
pub use ids::{AgentId, AttachmentId, ConversationId, EventId, MessageId};
pub use interpretation::{
    Category, Domain, Emotion, Entities, Intent, Interpretation, RedFlag, Relation,
};
pub use message::{AttachmentRef, Author, Choice, Message};
pub use proof::{Proof, Proven};
pub use remark::Remark;
pub use scope::Scope;
pub use slot::Slot;
pub use slot_value::{Dates, Filled, Person, SlotValue};
pub use suggestion::{Offered, Uptake};
pub use time::{DateOrder, Timestamp};
pub use timer::TimerKind;
pub use unseen::{is_unseen, seen_name};
