//! What became of what was said.

use super::draft::Draft;
use crate::domain::{Effect, MessageId};

pub(super) fn delivered(draft: &mut Draft<'_>, upto: MessageId) {
    draft.effect(Effect::Arrived { upto });
}

pub(super) fn failed(draft: &mut Draft<'_>, message: MessageId) {
    draft.effect(Effect::Failed { message });
}
