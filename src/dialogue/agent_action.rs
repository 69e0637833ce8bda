//! What people at the desk do.

use super::{Refusal, measure, queue, turn::Turn};
use crate::{
    domain::{
        AgentRef, AttachmentRef, Author, Conversation, Effect, Message, Role, Status,
        event::{TimerKind, TransferTarget},
    },
    flow::{Handoff, Occasion},
};

/// Whether somebody else has the conversation.
fn held_by_other<'a>(state: &'a Conversation, agent: &AgentRef) -> Option<&'a AgentRef> {
    state.holder.as_ref().filter(|holder| holder.id != agent.id)
}

/// Acts of one's own conversation: nobody else may have it.
pub(super) fn own(state: &Conversation, agent: &AgentRef) -> Result<(), Refusal> {
    held_by_other(state, agent).map_or(Ok(()), |holder| {
        Err(Refusal::Held {
            holder: holder.name.clone(),
        })
    })
}

/// Acts of order: supervisors may do them to anybody's conversation.
pub(super) fn own_or_supervised(state: &Conversation, agent: &AgentRef) -> Result<(), Refusal> {
    if agent.role >= Role::Supervisor {
        Ok(())
    } else {
        own(state, agent)
    }
}

/// Gives the conversation to an agent; they need not say a word about it yet.
fn assign(turn: &mut Turn<'_>, agent: &AgentRef) {
    turn.forget_deferred();
    turn.wake();
    let entry = turn.state.queue.take();
    measure::taken(turn, entry.as_ref());
    if let Some(entry) = entry {
        turn.effect(Effect::PickedUp {
            waited: turn
                .now()
                .seconds_since(entry.entered.unwrap_or(entry.since)),
        });
    }
    turn.cancel_timer(TimerKind::CheckIn);
    turn.cancel_timer(TimerKind::PickupTarget);
    turn.cancel_timer(TimerKind::Silence);
    turn.state.status = Status::Assigned;
    turn.state.holder = Some(agent.clone());
    turn.state.run = None;
    turn.state.fallback_count = 0;
    turn.state.abuse_count = 0;
    turn.state.wishes.clear();
}

pub(super) fn claimed(turn: &mut Turn<'_>, agent: &AgentRef) -> Result<(), Refusal> {
    own(&turn.state, agent)?;
    if turn.state.status != Status::Assigned {
        assign(turn, agent);
        turn.say("agent.joined");
    }
    Ok(())
}

pub(super) fn replied(
    turn: &mut Turn<'_>,
    agent: &AgentRef,
    text: &str,
    attachments: &[AttachmentRef],
) -> Result<(), Refusal> {
    claimed(turn, agent)?;
    turn.wake();
    measure::replied(turn);
    let id = turn.next_id();
    turn.state.last_said = Some(id);
    turn.write(Message {
        id,
        from: Author::Agent,
        agent: Some(agent.name.clone()),
        text: text.to_owned(),
        emergency: false,
        choices: Vec::new(),
        attachments: attachments.to_vec(),
        borrowed: Vec::new(),
        at: turn.now(),
    });
    Ok(())
}

pub(super) fn noted(turn: &mut Turn<'_>, agent: &AgentRef, text: &str) {
    let id = turn.next_id();
    turn.write(Message {
        id,
        from: Author::Note,
        agent: Some(agent.name.clone()),
        text: text.to_owned(),
        emergency: false,
        choices: Vec::new(),
        attachments: Vec::new(),
        borrowed: Vec::new(),
        at: turn.now(),
    });
}

pub(super) fn transferred(
    turn: &mut Turn<'_>,
    agent: &AgentRef,
    to: &TransferTarget,
    reason: Option<&str>,
) -> Result<(), Refusal> {
    own_or_supervised(&turn.state, agent)?;
    if let Some(reason) = reason {
        noted(turn, agent, reason);
    }
    match to {
        TransferTarget::Agent(colleague) => {
            if held_by_other(&turn.state, colleague).is_some() || turn.state.holder.is_none() {
                assign(turn, colleague);
                turn.say(if turn.event.desk.holder_away {
                    "agent.coming"
                } else {
                    "agent.joined"
                });
            }
        }
        TransferTarget::Team(team) => {
            let to = turn.context.flows.desk.handoff(Occasion::Transfer).clone();
            back_to_queue(turn, Some(team), &to);
        }
    }
    Ok(())
}

pub(super) fn released(turn: &mut Turn<'_>, agent: &AgentRef) -> Result<(), Refusal> {
    own_or_supervised(&turn.state, agent)?;
    if turn.state.status == Status::Assigned {
        let to = turn.context.flows.desk.handoff(Occasion::Released).clone();
        back_to_queue(turn, None, &to);
    }
    Ok(())
}

/// Back into the queue, where the wait counts on from the first handover.
fn back_to_queue(turn: &mut Turn<'_>, team: Option<&str>, to: &Handoff) {
    if turn.state.holder.is_some() {
        turn.say("agent.left");
    }
    let mut team_of = to.team.clone();
    if let Some(team) = team {
        team.clone_into(&mut team_of.team);
    }
    queue::enqueue(turn, &team_of, &to.reason);
}

pub(super) fn resolved(turn: &mut Turn<'_>, agent: &AgentRef) -> Result<(), Refusal> {
    own_or_supervised(&turn.state, agent)?;
    if turn.state.status == Status::Resolved {
        return Ok(());
    }
    if turn.state.holder.is_none() {
        assign(turn, agent);
    }
    turn.forget_deferred();
    turn.wake();
    measure::done(turn);
    turn.say("agent.resolved");
    turn.state.status = Status::Resolved;
    turn.state.first_handover = None;
    turn.state.holder = None;
    // A person has looked: only they take a danger away.
    turn.state.red_flag = None;
    turn.state.closed_by_agent = turn.complaint.is_some();
    Ok(())
}

pub(super) fn reopened(turn: &mut Turn<'_>, agent: &AgentRef) -> Result<(), Refusal> {
    if turn.state.status != Status::Resolved {
        return Err(Refusal::NotResolved);
    }
    assign(turn, agent);
    turn.say("agent.joined");
    Ok(())
}
