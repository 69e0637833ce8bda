//! "It's a complaint": said in so many words, whatever it was taken for.

use crate::{
    dialogue::{
        intake,
        rule::{Moment, Then},
        turn::Turn,
    },
    domain::{
        Status,
        interpretation::{Clause, Cue},
    },
};

pub(in crate::dialogue) fn when(turn: &Turn<'_>, moment: &Moment<'_>) -> bool {
    let said = moment.heard.said;
    let says = said.has(Cue::IsComplaint) && !said.has(Cue::IsNoComplaint);
    says && turn.complaint.is_none()
        && moment.asked.is_none()
        && moment.heard.choice.is_none()
        && turn.state.status != Status::Assigned
}

/// "It's irony, it's a complaint", "I don't need 999, I want it written down": what was thanked for, answered
/// otherwise or held is what it is about. Where nothing was told yet, it is asked for.
pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, moment: &Moment<'_>) -> Then {
    intake::take_answered(turn);
    let told = |c: &Clause| c.past && c.finite && !c.asks && !c.wishes;
    if turn.state.held.is_empty() && !moment.heard.said.clauses.iter().any(told) {
        return Then::Pass;
    }
    turn.state.fallback_count = 0;
    Then::Complain
}
