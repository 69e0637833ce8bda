//! The core: what follows from an event. Pure; everything that changes a conversation passes through [`step`].
//!
//! Invariants, held by the property tests in `tests/`:
//! - while a person has the conversation the bot is silent, except for a red flag's safety message;
//! - no message is lost or reordered;
//! - a conversation is in exactly one of `bot`, `queued`, `assigned`, `resolved`, and has a holder just when assigned, a place in the queue just when queued;
//! - replaying the log gives the same state, byte for byte.

mod agent_action;
mod answer;
mod asking;
mod command;
mod danger;
mod delivery;
mod dialogue;
mod digress;
mod edit;
mod handoff;
mod knowledge;
mod listen;
mod message;
mod opening;
mod repair;
mod simulator;
mod status;
mod timer;
mod turn;
mod waiting;
mod words;

use crate::{
    complaint::Profile,
    domain::{Decision, Effect, Event, EventKind, Snapshot},
    flow::Flows,
    handoff::Targets,
    understand::Understanding,
};
pub use knowledge::Policy;
pub use simulator::Simulator;
use turn::Turn;

/// What the core knows beside the conversation: no I/O, no clock, no randomness.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// What to find out and what to say.
    pub flows: &'a Flows,
    /// The complaint rules that apply.
    pub profile: &'a Profile,
    /// The reader, for whole narratives.
    pub understanding: &'a Understanding,
    /// How soon people should be taken over.
    pub targets: Targets,
}

/// An event that cannot happen to this conversation. Nothing is changed, nothing is logged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Somebody else has it.
    #[error("{holder} has this conversation")]
    Held {
        /// Who.
        holder: String,
    },
    /// It is not done, so it cannot be taken up again.
    #[error("this conversation is not resolved")]
    NotResolved,
    /// There is no complaint to change.
    #[error("this conversation has no complaint on record")]
    NoComplaint,
    /// A value outside its range.
    #[error("{0}")]
    Invalid(String),
}

/// What follows from an event.
///
/// # Errors
/// The event cannot happen to this conversation.
pub fn step(
    snapshot: &Snapshot,
    event: &Event,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    let mut draft = Turn::new(snapshot, event, context);
    match &event.kind {
        EventKind::Message(inbound) => message::received(&mut draft, inbound),
        EventKind::Edited {
            target,
            text,
            signals,
        } => edit::edited(&mut draft, *target, text, signals),
        EventKind::Deleted { target } => edit::deleted(&mut draft, *target),
        EventKind::Presence { online } => draft.state.present = *online,
        EventKind::Claimed { agent } => agent_action::claimed(&mut draft, agent)?,
        EventKind::Replied {
            agent,
            text,
            attachments,
            offered,
            ..
        } => {
            agent_action::replied(&mut draft, agent, text, attachments)?;
            for offer in offered {
                draft.effect(Effect::Offered(offer.clone()));
            }
        }
        EventKind::Noted { agent, text, .. } => agent_action::noted(&mut draft, agent, text),
        EventKind::Transferred { agent, to } => agent_action::transferred(&mut draft, agent, to)?,
        EventKind::Released { agent } => agent_action::released(&mut draft, agent)?,
        EventKind::Resolved { agent } => agent_action::resolved(&mut draft, agent)?,
        EventKind::Reopened { agent } => agent_action::reopened(&mut draft, agent)?,
        EventKind::ComplaintAmended {
            agent,
            reference,
            patch,
            older,
        } => agent_action::amended(&mut draft, agent, reference, patch, older.as_deref())?,
        EventKind::Timer { timer } => timer::fired(&mut draft, *timer),
        EventKind::Delivered { upto, external } => {
            delivery::delivered(&mut draft, *upto, external);
        }
        EventKind::DeliveryFailed { message, reason } => {
            delivery::failed(&mut draft, *message, *reason);
        }
        EventKind::DeliveryRetried { message, .. } => delivery::retried(&mut draft, *message),
    }
    Ok(draft.finish())
}

#[cfg(test)]
mod tests;
