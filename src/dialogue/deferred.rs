//! What an agent asks for and may take back: it is carried out when its time has come, and only then the
//! person is told.

use super::{Refusal, agent_action, turn::Turn};
use crate::domain::{AgentRef, Deferred, DeferredAct, Role, Status, TimerKind};

/// For how long it may be taken back, in seconds.
const UNDO_SECONDS: i64 = 8;

/// An agent asks for it. What they asked for before and was not carried out yet is forgotten.
pub(super) fn asked(
    turn: &mut Turn<'_>,
    agent: &AgentRef,
    act: &DeferredAct,
) -> Result<(), Refusal> {
    agent_action::own_or_supervised(&turn.state, agent)?;
    let nothing_to_do = match act {
        DeferredAct::Resolve => turn.state.status == Status::Resolved,
        DeferredAct::Release => turn.state.status != Status::Assigned,
        DeferredAct::Transfer { .. } => false,
    };
    if nothing_to_do {
        return Ok(());
    }
    let due = turn.now().plus_seconds(UNDO_SECONDS);
    turn.state.deferred = Some(Deferred {
        agent: agent.clone(),
        act: act.clone(),
        due,
    });
    turn.set_timer(TimerKind::UndoWindow, due);
    Ok(())
}

/// It is taken back, by whoever asked for it or by a supervisor.
pub(super) fn undone(turn: &mut Turn<'_>, agent: &AgentRef) -> Result<(), Refusal> {
    let deferred = turn.state.deferred.as_ref();
    let deferred = deferred.ok_or(Refusal::NothingToUndo)?;
    if deferred.agent.id != agent.id && agent.role < Role::Supervisor {
        let holder = deferred.agent.name.clone();
        return Err(Refusal::Held { holder });
    }
    turn.forget_deferred();
    Ok(())
}

/// The time to take it back has passed.
pub(super) fn carried_out(turn: &mut Turn<'_>) {
    let Some(deferred) = turn.state.deferred.take() else {
        return;
    };
    let agent = &deferred.agent;
    let done = match &deferred.act {
        DeferredAct::Transfer { to, reason } => {
            agent_action::transferred(turn, agent, to, reason.as_deref())
        }
        DeferredAct::Release => agent_action::released(turn, agent),
        DeferredAct::Resolve => agent_action::resolved(turn, agent),
    };
    // Somebody else has taken it meanwhile: theirs is the last word.
    done.unwrap_or_default();
}

/// The person writes once more before it was marked as done: it is not done, and whoever has it is told so.
pub(super) fn written_again(turn: &mut Turn<'_>) {
    let deferred = turn.state.deferred.as_ref();
    if deferred.is_some_and(|d| d.act == DeferredAct::Resolve) {
        turn.forget_deferred();
        turn.note("note.written_again");
    }
}
