//! A conversation is put off, until a time or until the person writes. Whoever writes is back at once.

use super::{Refusal, agent_action, owed, turn::Turn};
use crate::domain::{AgentRef, Snooze, Status, TimerKind, Timestamp};

/// The longest that anything is put off, in seconds: a year.
const LONGEST: i64 = 366 * 86_400;

pub(super) fn snoozed(
    turn: &mut Turn<'_>,
    agent: &AgentRef,
    until: Option<Timestamp>,
) -> Result<(), Refusal> {
    agent_action::own_or_supervised(&turn.state, agent)?;
    let refused = |text: &str| Err(Refusal::Invalid(text.to_owned()));
    if turn.state.status != Status::Assigned {
        return refused("only a conversation that somebody has can be put off: take it first");
    }
    if turn.state.red_flag.is_some() {
        return refused("somebody may be in danger here: it cannot be put off");
    }
    let now = turn.now();
    if until.is_some_and(|t| t <= now || t > now.plus_seconds(LONGEST)) {
        return refused("'until' lies in the coming year");
    }
    turn.wake();
    owed::put_off(turn, until);
    turn.state.snoozed = Some(Snooze {
        agent: agent.clone(),
        until,
    });
    if let Some(until) = until {
        turn.set_timer(TimerKind::Snooze, until);
    }
    Ok(())
}

/// An agent takes it up again before its time.
pub(super) fn taken_up(turn: &mut Turn<'_>, agent: &AgentRef) -> Result<(), Refusal> {
    agent_action::own_or_supervised(&turn.state, agent)?;
    turn.wake();
    Ok(())
}
