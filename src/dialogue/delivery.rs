//! What became of what was said.

use super::turn::Turn;
use crate::domain::{Effect, MessageId, event::FailReason};

pub(super) fn delivered(draft: &mut Turn<'_>, upto: MessageId, external: &[String]) {
    draft.state.unreachable = false;
    draft.effect(Effect::Arrived {
        upto,
        external: external.to_vec(),
    });
}

/// Whoever has the conversation, or takes it over, finds a note; one for a row of failures, not one each.
pub(super) fn failed(draft: &mut Turn<'_>, message: MessageId, reason: FailReason) {
    draft.effect(Effect::Failed { message, reason });
    if draft.state.unreachable {
        return;
    }
    draft.state.unreachable = true;
    draft.note(&format!("undelivered.{}", reason.name()));
}

pub(super) fn retried(draft: &mut Turn<'_>, message: MessageId) {
    draft.effect(Effect::Resend { message });
}
