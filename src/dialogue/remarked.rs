//! What happened around the conversation: a note for the desk, never a word to the person.

use super::{queue, turn::Turn};
use crate::{
    domain::{Alert, Remark, Status},
    flow::{Occasion, Vars},
};

pub(super) fn noted(turn: &mut Turn<'_>, remark: Remark, detail: Option<&str>) {
    let unreachable = turn.state.unreachable;
    let known = match remark {
        Remark::Blocked | Remark::PrivateRefused => {
            turn.state.unreachable = true;
            unreachable
        }
        Remark::Unblocked => {
            turn.state.unreachable = false;
            !unreachable
        }
        Remark::Reacted
        | Remark::Unreacted
        | Remark::PlaceClosed
        | Remark::Fleeting
        | Remark::ProofRefused => false,
    };
    // One note for a row of failures, not one each.
    if known {
        return;
    }
    let detail: String = detail
        .unwrap_or_default()
        .chars()
        .take(Remark::LONGEST_DETAIL)
        .collect();
    let facts = Vars::from([("detail", detail.into())]);
    turn.note_with(&format!("remark.{}", remark.name()), facts);
    if remark == Remark::ProofRefused {
        turn.alert(Alert::Remarked { remark });
    }
    if remark == Remark::PrivateRefused {
        turn.alert(Alert::Remarked { remark });
        // Nobody would look at it otherwise: the bot has no way to answer.
        if matches!(turn.state.status, Status::Bot | Status::Resolved) {
            turn.state.run = None;
            queue::leave_for(turn, Occasion::Unreached);
        }
    }
}
