//! What people at the desk do.

use super::{Refusal, handoff, turn::Turn};
use crate::{
    complaint,
    domain::{
        AgentRef, AttachmentRef, Author, Complaint, ComplaintPatch, Conversation, Effect, Message,
        Role, Status,
        complaint::Reference,
        event::{TimerKind, TransferTarget},
    },
};

/// Whether somebody else has the conversation.
fn held_by_other<'a>(state: &'a Conversation, agent: &AgentRef) -> Option<&'a AgentRef> {
    state.holder.as_ref().filter(|holder| holder.id != agent.id)
}

/// Acts of one's own conversation: nobody else may have it.
fn own(state: &Conversation, agent: &AgentRef) -> Result<(), Refusal> {
    held_by_other(state, agent).map_or(Ok(()), |holder| {
        Err(Refusal::Held {
            holder: holder.name.clone(),
        })
    })
}

/// Acts of order: supervisors may do them to anybody's conversation.
fn own_or_supervised(state: &Conversation, agent: &AgentRef) -> Result<(), Refusal> {
    if agent.role >= Role::Supervisor {
        Ok(())
    } else {
        own(state, agent)
    }
}

/// Gives the conversation to an agent; they need not say a word about it yet.
fn assign(draft: &mut Turn<'_>, agent: &AgentRef) {
    if let Some(entry) = draft.state.queue.take() {
        draft.effect(Effect::PickedUp {
            waited: draft.now().seconds_since(entry.since),
        });
    }
    draft.cancel_timer(TimerKind::CheckIn);
    draft.cancel_timer(TimerKind::PickupTarget);
    draft.cancel_timer(TimerKind::Silence);
    draft.state.status = Status::Assigned;
    draft.state.holder = Some(agent.clone());
    draft.state.run = None;
    draft.state.misunderstood = 0;
    draft.state.friction = 0;
    draft.state.wishes.clear();
}

pub(super) fn claimed(draft: &mut Turn<'_>, agent: &AgentRef) -> Result<(), Refusal> {
    own(&draft.state, agent)?;
    if draft.state.status != Status::Assigned {
        assign(draft, agent);
        draft.say("agent.joined");
    }
    Ok(())
}

pub(super) fn replied(
    draft: &mut Turn<'_>,
    agent: &AgentRef,
    text: &str,
    attachments: &[AttachmentRef],
) -> Result<(), Refusal> {
    claimed(draft, agent)?;
    let id = draft.next_id();
    draft.state.last_said = Some(id);
    draft.write(Message {
        id,
        from: Author::Agent,
        agent: Some(agent.name.clone()),
        text: text.to_owned(),
        choices: Vec::new(),
        attachments: attachments.to_vec(),
        at: draft.now(),
    });
    Ok(())
}

pub(super) fn noted(draft: &mut Turn<'_>, agent: &AgentRef, text: &str) {
    let id = draft.next_id();
    draft.write(Message {
        id,
        from: Author::Note,
        agent: Some(agent.name.clone()),
        text: text.to_owned(),
        choices: Vec::new(),
        attachments: Vec::new(),
        at: draft.now(),
    });
}

pub(super) fn transferred(
    draft: &mut Turn<'_>,
    agent: &AgentRef,
    to: &TransferTarget,
) -> Result<(), Refusal> {
    own_or_supervised(&draft.state, agent)?;
    match to {
        TransferTarget::Agent(colleague) => {
            if held_by_other(&draft.state, colleague).is_some() || draft.state.holder.is_none() {
                assign(draft, colleague);
                draft.say("agent.joined");
            }
        }
        TransferTarget::Team(team) => back_to_queue(draft, team, "transfer"),
    }
    Ok(())
}

pub(super) fn released(draft: &mut Turn<'_>, agent: &AgentRef) -> Result<(), Refusal> {
    own_or_supervised(&draft.state, agent)?;
    if draft.state.status == Status::Assigned {
        back_to_queue(draft, "front desk", "released");
    }
    Ok(())
}

fn back_to_queue(draft: &mut Turn<'_>, team: &str, reason: &str) {
    if draft.state.holder.is_some() {
        draft.say("agent.left");
    }
    handoff::enqueue(draft, &handoff::team(team), reason);
}

pub(super) fn resolved(draft: &mut Turn<'_>, agent: &AgentRef) -> Result<(), Refusal> {
    own_or_supervised(&draft.state, agent)?;
    if draft.state.status == Status::Resolved {
        return Ok(());
    }
    if draft.state.holder.is_none() {
        assign(draft, agent);
    }
    draft.say("agent.resolved");
    draft.state.status = Status::Resolved;
    draft.state.holder = None;
    // A person has looked: only they take a danger away.
    draft.state.red_flag = None;
    draft.state.settled = draft.complaint.is_some();
    Ok(())
}

pub(super) fn reopened(draft: &mut Turn<'_>, agent: &AgentRef) -> Result<(), Refusal> {
    if draft.state.status != Status::Resolved {
        return Err(Refusal::NotResolved);
    }
    assign(draft, agent);
    draft.say("agent.joined");
    Ok(())
}

pub(super) fn amended(
    draft: &mut Turn<'_>,
    agent: &AgentRef,
    reference: &Reference,
    patch: &ComplaintPatch,
    older: Option<&Complaint>,
) -> Result<(), Refusal> {
    draft.by(agent);
    let at = draft.now();
    let invalid = |e: complaint::AmendError| Refusal::Invalid(e.to_string());
    if let Some(complaint) = draft
        .complaint
        .as_mut()
        .filter(|c| c.reference == *reference)
    {
        return complaint::amend(complaint, patch, at).map_err(invalid);
    }
    // The conversation has gone on to another complaint; the older record is amended all the same.
    let before = older
        .filter(|c| c.reference == *reference)
        .ok_or(Refusal::NoComplaint)?;
    let mut after = before.clone();
    complaint::amend(&mut after, patch, at).map_err(invalid)?;
    if let Some(change) = complaint::changes(Some(before), &after, at, &agent.name) {
        draft.effect(Effect::Older(Box::new(after)));
        draft.effect(Effect::Changed(change));
    }
    Ok(())
}
