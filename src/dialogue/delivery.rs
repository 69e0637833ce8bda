//! What became of what was said.

use super::turn::Turn;
use crate::domain::{Effect, MessageId, event::FailReason};

pub(super) fn delivered(turn: &mut Turn<'_>, upto: MessageId, external: &[String]) {
    turn.state.unreachable = false;
    turn.effect(Effect::Arrived {
        upto,
        external: external.to_vec(),
    });
}

/// Whoever has the conversation, or takes it over, finds a note; one for a row of failures, not one each.
pub(super) fn failed(turn: &mut Turn<'_>, message: MessageId, reason: FailReason) {
    turn.effect(Effect::Failed { message, reason });
    if turn.state.unreachable {
        return;
    }
    turn.state.unreachable = true;
    turn.note(&format!("undelivered.{}", reason.name()));
}

pub(super) fn retried(turn: &mut Turn<'_>, message: MessageId) {
    turn.effect(Effect::Resend { message });
}
