//! Danger is answered first, at once, whoever has the conversation.

use super::{intake, queue, turn::Turn};
use crate::{
    domain::{Alert, Intent, MessageId, RedFlag, Status, event::Inbound, interpretation::Cue},
    flow::{Asks, Records},
};

/// Says the safety message and brings people in. Whether there was danger.
pub(super) fn answered(turn: &mut Turn<'_>, id: MessageId, inbound: &Inbound) -> bool {
    let Some(flag) = inbound.signals.red_flag else {
        return false;
    };
    warn(turn, flag);
    let rule = turn.context.flows.danger.rule(flag);
    let tells = inbound.signals.intent == Intent::Complaint
        || inbound.signals.has(Cue::TellsStory)
        || rule.record == Records::Always;
    if turn.state.status != Status::Assigned && (tells || turn.complaint.is_some()) {
        intake::keep(turn, id, inbound);
    }
    match rule.asks {
        // The bot stays, and does not interview.
        Asks::Nothing => turn.state.run = None,
    }
    turn.state.greeted = true;
    queue::escalate(turn, flag);
    true
}

/// The safety message and the alert, without anything else.
pub(super) fn warn(turn: &mut Turn<'_>, flag: RedFlag) {
    turn.state.red_flag = Some(turn.state.red_flag.map_or(flag, |known| known.min(flag)));
    turn.new_message();
    turn.say(&turn.context.flows.danger.rule(flag).says);
    let desk = &turn.event.desk;
    if turn.state.status != Status::Assigned && (desk.online == 0) {
        turn.say("danger.nobody");
    }
    turn.new_message();
    turn.alert(Alert::Danger { red_flag: flag });
}
