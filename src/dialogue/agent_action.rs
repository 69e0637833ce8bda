//! What people at the desk do.

use super::{Refusal, measure, owed, queue, satisfaction, settled, turn::Turn};
use crate::{
    domain::{
        AgentRef, AttachmentRef, Author, Conversation, Effect, Handed, Message, Role, Status,
        conversation::Waiting,
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
pub(super) fn assign(turn: &mut Turn<'_>, agent: &AgentRef) {
    turn.forget_deferred();
    turn.wake();
    turn.state.assigned_by = None;
    turn.state.handed = None;
    let entry = turn.state.queue.take();
    let handed_on = turn.state.holder.as_ref().is_some_and(|h| h.id != agent.id);
    let awaited = entry.as_ref().map(|e| e.waiting);
    if let Some(waiting) = awaited.or(handed_on.then_some(Waiting::Stay)) {
        owed::begin(turn, waiting);
    }
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
    turn.cancel_timer(TimerKind::Abandoned);
    turn.state.resolved_at = None;
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
        turn.state.unheard = None;
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
    turn.state.unheard = None;
    turn.state.handed = None;
    measure::replied(turn);
    let id = turn.next_id();
    turn.state.last_said = Some(id);
    owed::settle(turn);
    turn.state.last_agent = Some(agent.id);
    turn.write(Message {
        agent: Some(agent.name.clone()),
        attachments: attachments.to_vec(),
        ..Message::words(id, Author::Agent, text.to_owned(), turn.now())
    });
    Ok(())
}

pub(super) fn noted(turn: &mut Turn<'_>, agent: &AgentRef, text: &str) {
    remarked(turn, agent, text, false, &[]);
}

/// A note; `whisper` is advice of somebody who supervises, `mentions` are colleagues who are named in it.
pub(super) fn remarked(
    turn: &mut Turn<'_>,
    agent: &AgentRef,
    text: &str,
    whisper: bool,
    mentions: &[AgentRef],
) {
    let id = turn.next_id();
    let holds = turn.state.holder.as_ref().is_some_and(|h| h.id == agent.id);
    if holds {
        // Who rings the ambulance writes that down, and not to the person.
        turn.state.unheard = None;
        // And so does who has rung back.
        let rings = turn.state.owed.as_ref();
        if rings.is_some_and(|owed| owed.waiting == Waiting::Callback) {
            owed::settle(turn);
        }
    }
    turn.write(Message {
        agent: Some(agent.name.clone()),
        whisper: whisper && agent.role >= Role::Supervisor,
        mentions: mentions.iter().map(|m| m.name.clone()).collect(),
        ..Message::words(id, Author::Note, text.to_owned(), turn.now())
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
                let here = colleague.id == agent.id;
                if here {
                    turn.state.unheard = None;
                } else {
                    let (by, at) = (agent.clone(), turn.now());
                    turn.state.handed = Some(Handed { by, at });
                    // They are told that somebody comes, also where the bot had it until now.
                    if turn.state.owed.is_none() {
                        owed::begin(turn, Waiting::Stay);
                    }
                }
                // Who is handed something has not read it yet.
                turn.say(match (here, turn.event.desk.holder_away) {
                    (true, _) => "agent.joined",
                    (false, true) => "agent.coming",
                    (false, false) => "agent.given",
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
    if let Some(holder) = &turn.state.holder {
        // The desk does not give it back to whoever has just let it go.
        let id = holder.id;
        turn.state.passed_by.retain(|p| *p != id);
        turn.state.passed_by.push(id);
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
    satisfaction::resolved(turn);
    measure::done(turn);
    turn.say("agent.resolved");
    owed::settle(turn);
    turn.state.status = Status::Resolved;
    turn.state.assigned_by = None;
    turn.state.passed_by.clear();
    turn.state.first_handover = None;
    turn.state.holder = None;
    // A person has looked: only they take a danger away.
    turn.state.red_flag = None;
    turn.state.unheard = None;
    turn.state.handed = None;
    turn.state.closed_by_agent = turn.complaint.is_some();
    settled::ask(turn);
    Ok(())
}

pub(super) fn reopened(turn: &mut Turn<'_>, agent: &AgentRef) -> Result<(), Refusal> {
    if turn.state.status != Status::Resolved {
        return Err(Refusal::NotResolved);
    }
    satisfaction::goes_on(turn);
    assign(turn, agent);
    turn.state.unheard = None;
    turn.say("agent.joined");
    Ok(())
}
