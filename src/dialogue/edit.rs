//! The person changed a message, or took it back.

use super::{danger, handoff, turn::Turn};
use crate::{
    complaint,
    domain::{Effect, Interpretation, MessageId},
};

pub(super) fn edited(
    draft: &mut Turn<'_>,
    target: MessageId,
    text: &str,
    signals: &Interpretation,
) {
    draft.effect(Effect::Rewrite {
        target,
        text: text.to_owned(),
    });
    if let Some(complaint) = &mut draft.complaint {
        complaint::reword(complaint, target, text);
    }
    if let Some(flag) = signals.red_flag {
        danger::warn(draft, flag);
        draft.state.run = None;
        let team = draft.context.flows.danger.rule(flag).team.clone();
        handoff::escalate(draft, &team, flag);
    }
}

pub(super) fn deleted(draft: &mut Turn<'_>, target: MessageId) {
    draft.effect(Effect::Erase { target });
    if let Some(complaint) = &mut draft.complaint {
        complaint::drop_words(complaint, target);
    }
}
