//! The core: what follows from an event. Pure; everything that changes a conversation passes through [`step`].
//!
//! Invariants, held by the property tests in `tests/`:
//! - while a person has the conversation the bot is silent, except for a red flag's safety message, and a word
//!   that somebody carries it on elsewhere;
//! - no message is lost or reordered;
//! - a conversation is in exactly one of `bot`, `queued`, `assigned`, `resolved`, and has a holder just when assigned,
//!   a place in the queue just when queued;
//! - replaying the log gives the same state, byte for byte.

mod absorb;
mod acts;
mod agent_action;
mod amended;
mod answering;
mod answering_days;
mod answering_names;
mod answering_rest;
mod assignment;
mod attached;
mod by_example;
mod carry_on;
mod command;
mod contingency;
mod correct;
mod correct_contact;
mod correct_spelling;
mod correction;
mod danger;
mod deferred;
mod delivery;
mod details;
mod edit;
mod engine;
mod extract;
mod extract_contact;
mod extract_people;
mod facts;
mod form;
mod heard;
mod intake;
mod interpret;
mod knowledge;
mod known;
mod labels;
mod measure;
mod message;
mod mood;
mod names;
mod opening;
mod owed;
mod own_address;
mod pickup;
mod policy;
mod proof;
mod queue;
mod queue_preference;
mod reader;
mod record;
mod remarked;
mod returning;
mod rule;
mod rules;
mod satisfaction;
mod settled;
mod simulator;
mod slots;
mod snooze;
mod source;
mod standing;
mod status;
mod talk;
mod telling;
mod timer;
mod turn;
mod unanswered;
mod unproven;
mod untold;
mod whose_name;
mod words;

use crate::{
    complaint::Profile,
    domain::{Decision, Effect, Event, EventKind, Origin, Snapshot},
    flow::Flows,
    handoff::Targets,
    nlu::Interpreter,
};
pub use carry_on::proven;
pub use knowledge::Policy;
pub use proof::{Claimed, TRIES, Weighed, claimed, weigh};
pub use simulator::Simulator;
use turn::Turn;

/// What the core knows beside the conversation: no I/O, no clock, no randomness.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// What to find out and what to say.
    pub flows: &'a Flows,
    /// The complaint rules that apply.
    pub profile: &'a Profile,
    /// The reader, for whole narratives and for messages that came in pieces.
    pub interpreter: &'a Interpreter,
    /// ISO 3166 code of the country.
    pub country: &'a str,
    /// How soon people should be taken over.
    pub targets: Targets,
    /// What decides: written into every event.
    pub origin: &'a Origin,
}

/// The rules of the policy, in their order: the situation in which a list is gone through, and each rule's name and
/// purpose. Whatever the situation, the first list (`always`) comes first.
pub fn rules() -> Vec<(&'static str, Vec<(&'static str, &'static str)>)> {
    policy::lists()
        .into_iter()
        .map(|(situation, rules)| (situation, rules.iter().map(|r| (r.name, r.about)).collect()))
        .collect()
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
    /// Nobody waits there.
    #[error("this conversation does not wait for anybody")]
    NotWaiting,
    /// It was carried out already, or nobody asked for anything.
    #[error("there is nothing that could still be undone")]
    NothingToUndo,
    /// The person was not asked how the talk was, or has answered.
    #[error("nobody is asked how this conversation was, or it was answered already")]
    NotAsked,
    /// There is no complaint to change.
    #[error("this conversation has no complaint on record")]
    NoComplaint,
    /// A value outside its range.
    #[error("{0}")]
    Invalid(String),
    /// The complaint's record, as it stands, does not allow it.
    #[error("{why}")]
    Record {
        /// Which field of it stands against it.
        field: &'static str,
        /// Why.
        why: String,
    },
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
    let mut turn = Turn::new(snapshot, event, context);
    match &event.kind {
        EventKind::Message(inbound) => {
            message::received(&mut turn, inbound);
            measure::answered(&mut turn, inbound);
            owed::written(&mut turn, inbound);
        }
        EventKind::Edited {
            target,
            text,
            signals,
        } => edit::edited(&mut turn, *target, text, signals),
        EventKind::Attached {
            target,
            attachments,
            unkept,
            borrowed,
        } => attached::attached(&mut turn, *target, attachments, unkept, borrowed),
        EventKind::Deleted {
            target,
            by_writer: true,
        } => edit::deleted(&mut turn, *target),
        EventKind::Deleted {
            target,
            by_writer: false,
        } => turn.effect(Effect::Removed { target: *target }),
        EventKind::Remarked { remark, detail } => {
            remarked::noted(&mut turn, *remark, detail.as_deref());
        }
        EventKind::CarriedOn { to, quiet } => carry_on::went_on(&mut turn, to, *quiet),
        EventKind::Presence { online } => {
            turn.state.present = *online;
            measure::presence(&mut turn, *online);
        }
        EventKind::Claimed { agent } => agent_action::claimed(&mut turn, agent)?,
        EventKind::Assigned { agent, by } => assignment::assigned(&mut turn, agent, *by)?,
        EventKind::Replied {
            agent,
            text,
            attachments,
            offered,
            ..
        } => {
            agent_action::replied(&mut turn, agent, text, attachments)?;
            for offer in offered {
                turn.effect(Effect::Offered(offer.clone()));
            }
        }
        EventKind::Noted {
            agent,
            text,
            whisper,
            mentions,
            ..
        } => agent_action::remarked(&mut turn, agent, text, *whisper, mentions),
        EventKind::Transferred { agent, to, reason } => {
            agent_action::transferred(&mut turn, agent, to, reason.as_deref())?;
        }
        EventKind::Released { agent } => agent_action::released(&mut turn, agent)?,
        EventKind::Resolved { agent } => agent_action::resolved(&mut turn, agent)?,
        EventKind::Reopened { agent } => agent_action::reopened(&mut turn, agent)?,
        EventKind::Deferred { agent, act } => deferred::asked(&mut turn, agent, act)?,
        EventKind::Undone { agent } => deferred::undone(&mut turn, agent)?,
        EventKind::Labelled { add, remove, .. } => labels::labelled(&mut turn, add, remove)?,
        EventKind::Snoozed { agent, until } => snooze::snoozed(&mut turn, agent, *until)?,
        EventKind::Woken { agent } => snooze::taken_up(&mut turn, agent)?,
        // That it was held is all there is to keep.
        EventKind::ReplyHeld { agent, .. } => agent_action::own(&turn.state, agent)?,
        EventKind::ComplaintAmended {
            agent,
            reference,
            patch,
            older,
        } => amended::amended(&mut turn, agent, reference, patch, older.as_deref())?,
        EventKind::Rated { rating, words } => {
            satisfaction::rated(&mut turn, *rating, words.as_deref())?;
        }
        EventKind::Recovered { why, team } => {
            pickup::recovered(&mut turn, *why, team.as_deref());
        }
        EventKind::RungBegan { rung } => contingency::began(&mut turn, rung),
        EventKind::Timer { timer } => timer::fired(&mut turn, *timer),
        EventKind::Delivered { upto, external } => {
            delivery::delivered(&mut turn, *upto, external);
        }
        EventKind::DeliveryFailed { message, reason } => {
            delivery::failed(&mut turn, *message, *reason);
        }
        EventKind::DeliveryRetried { message, .. } => delivery::retried(&mut turn, *message),
    }
    Ok(turn.finish())
}

#[cfg(test)]
mod tests;
