//! The person changed a message, or took it back.

use super::{danger, draft::Draft, handoff};
use crate::{
    complaint,
    domain::{Effect, MessageId, Signals},
};

pub(super) fn edited(draft: &mut Draft<'_>, target: MessageId, text: &str, signals: &Signals) {
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

pub(super) fn deleted(draft: &mut Draft<'_>, target: MessageId) {
    draft.effect(Effect::Erase { target });
    if let Some(complaint) = &mut draft.complaint {
        complaint::drop_words(complaint, target);
    }
}
