//! What the desk does by itself where it is set so: it gives a conversation to somebody.

use super::{Refusal, agent_action, turn::Turn};
use crate::domain::{AgentRef, AssignedBy, Status};

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
