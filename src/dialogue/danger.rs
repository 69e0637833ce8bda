//! Danger is answered first, at once, whoever has the conversation.

use super::{handoff, listen, turn::Turn};
use crate::{
    domain::{Alert, Intent, MessageId, RedFlag, Status, event::Inbound, interpretation::Cue},
    flow::{Asks, Records},
};

/// Says the safety message and brings people in. Whether there was danger.
pub(super) fn answered(draft: &mut Turn<'_>, id: MessageId, inbound: &Inbound) -> bool {
    let Some(flag) = inbound.signals.red_flag else {
        return false;
    };
    warn(draft, flag);
    let rule = draft.context.flows.danger.rule(flag);
    let tells = inbound.signals.intent == Intent::Complaint
        || inbound.signals.has(Cue::TellsStory)
        || rule.record == Records::Always;
    if draft.state.status != Status::Assigned && (tells || draft.complaint.is_some()) {
        listen::record(draft, id, inbound);
    }
    match rule.asks {
        // The bot stays, and does not interview.
        Asks::Nothing => draft.state.run = None,
    }
    draft.state.greeted = true;
    handoff::escalate(draft, &rule.team, flag);
    true
}

/// The safety message and the alert, without anything else.
pub(super) fn warn(draft: &mut Turn<'_>, flag: RedFlag) {
    draft.state.red_flag = Some(draft.state.red_flag.map_or(flag, |known| known.min(flag)));
    draft.new_message();
    draft.say(&draft.context.flows.danger.rule(flag).says);
    let desk = &draft.event.desk;
    if draft.state.status != Status::Assigned && (!desk.open || desk.online == 0) {
        draft.say("danger.nobody");
    }
    draft.new_message();
    draft.alert(Alert::Danger { red_flag: flag });
}
