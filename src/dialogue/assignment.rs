//! What the desk does by itself where it is set so: it gives a conversation to somebody; and always: it takes back
//! what is not answered.

use super::{Refusal, agent_action, queue, turn::Turn};
use crate::{
    domain::{AgentRef, Alert, AssignedBy, Status},
    flow::Occasion,
};

/// Somebody is given a conversation that waits.
pub(super) fn assigned(
    turn: &mut Turn<'_>,
    agent: &AgentRef,
    by: AssignedBy,
) -> Result<(), Refusal> {
    if turn.state.status != Status::Queued {
        return Err(Refusal::NotWaiting);
    }
    agent_action::assign(turn, agent);
    turn.state.assigned_by = Some(by);
    turn.say("agent.given");
    Ok(())
}

/// Whoever took it has not answered in time: it waits for another.
pub(super) fn unanswered(turn: &mut Turn<'_>) {
    let Some(holder) = turn.state.holder.clone() else {
        return;
    };
    if !turn.state.passed_by.contains(&holder.id) {
        turn.state.passed_by.push(holder.id);
    }
    turn.say("agent.silent");
    turn.note("note.unanswered");
    let to = turn.context.flows.desk.handoff(Occasion::HolderAway);
    let to = to.clone();
    queue::enqueue(turn, &to.team, &to.reason);
    turn.offer("wait");
    if let Some(red_flag) = turn.state.red_flag {
        turn.alert(Alert::Danger { red_flag });
    }
}
