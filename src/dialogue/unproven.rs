//! Somebody wrote of whom the channel cannot tell whether they are who they say.
//!
//! Their words are kept, on record where they complain, and a person looks at them. Nothing is told to them but that
//! they arrived: no reference, no state of a complaint, no earlier word. Danger is answered all the same.

use super::{danger, intake, queue, turn::Turn};
use crate::{
    domain::{Intent, MessageId, Status, event::Inbound, interpretation::Cue},
    flow::Occasion,
};

pub(super) fn received(turn: &mut Turn<'_>, id: MessageId, inbound: &Inbound) {
    let awaited = matches!(turn.state.status, Status::Queued | Status::Assigned);
    turn.decided_by("unproven");
    turn.state.greeted = true;
    let mut warned = true;
    match danger::answered(turn, id, inbound) {
        danger::Left::Nothing => {}
        danger::Left::Complaint(flag) => {
            intake::keep(turn, id, inbound);
            queue::escalate(turn, flag);
        }
        danger::Left::All => {
            warned = false;
            let said = &inbound.signals;
            let goes_on = turn.complaint.is_some() && said.has(Cue::TellsStory);
            let ours = turn.state.status != Status::Assigned;
            if ours && (said.intent == Intent::Complaint || goes_on) {
                intake::keep(turn, id, inbound);
            }
        }
    }
    if awaited {
        return;
    }
    turn.note("note.unproven");
    if !warned {
        turn.say("unproven.receipt");
    }
    if turn.state.status == Status::Bot {
        queue::leave_for(turn, Occasion::Unproven);
    }
}
