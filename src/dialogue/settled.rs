//! Whether a complaint is settled for whoever made it: asked once it is answered or closed, and taken up again by one
//! tap where it is not. What was changed because of it is told with the question.

use super::{queue, turn::Turn};
use crate::{
    complaint::{self, Profile},
    domain::{
        ActionName, AgentRef, Complaint, ComplaintPatch, ComplaintStatus, Settled, Status,
        Timestamp, event::Inbound,
    },
    flow::{Occasion, Vars},
};

const GROUP: &str = "settled";
const YES: &str = "settled_yes";
const NO: &str = "settled_no";

/// A record was changed at the desk: whoever can be reached here is told what concerns them.
pub(super) fn amended(turn: &mut Turn<'_>, before: &Complaint) {
    if !may_speak(turn) {
        return;
    }
    let Some(case) = turn.complaint.as_ref().map(|c| c.case.clone()) else {
        return;
    };
    if let Some(learning) = case
        .learning
        .filter(|l| before.case.learning.as_ref() != Some(l))
    {
        tell_learning(turn, learning);
    }
    ask(turn);
}

/// Says what was changed because of the complaint.
pub(super) fn tell_learning(turn: &mut Turn<'_>, learning: String) {
    // Bounded when it was written, and told whole.
    let learning = minijinja::Value::from_safe_string(learning);
    turn.say_with("news.learning", Vars::from([("learning", learning)]));
}

/// Asks, where it is answered or closed and they have not been asked since. Nobody is asked in the middle of
/// something else, nor where the channel cannot tell who reads it.
pub(super) fn ask(turn: &mut Turn<'_>) {
    let Some(record) = turn.complaint.as_ref().filter(|_| may_speak(turn)) else {
        return;
    };
    let over = matches!(
        record.status,
        ComplaintStatus::Responded | ComplaintStatus::Closed
    );
    let reference = record.reference.clone();
    let said_yes = record.case.settled.is_some_and(|s| s.yes);
    if !over || said_yes || turn.state.settling.as_ref() == Some(&reference) {
        return;
    }
    turn.say_with(
        "settled.ask",
        Vars::from([("reference", reference.to_string().into())]),
    );
    turn.offer(GROUP);
    turn.state.settling = Some(reference);
}

fn may_speak(turn: &Turn<'_>) -> bool {
    let state = &turn.state;
    state.status != Status::Assigned
        && !state.unreachable
        && !state.unproven
        && state.run.is_none()
        && state.red_flag.is_none()
}

/// Hears whether it is settled. Whether that was said.
pub(super) fn heard(turn: &mut Turn<'_>, inbound: &Inbound) -> bool {
    let Some(about) = turn.state.settling.clone() else {
        return false;
    };
    let typed = {
        let phrases = &turn.context.flows.phrases;
        phrases.chosen(&turn.audience(), GROUP, &inbound.text)
    };
    let answer = inbound.choice.clone().or(typed);
    let yes = match answer.as_deref() {
        Some(YES) => true,
        Some(NO) => false,
        _ => return false,
    };
    let Some(record) = turn.complaint.as_mut().filter(|c| c.reference == about) else {
        return false;
    };
    let at = turn.event.at;
    let profile = turn.context.profile;
    record.case.settled = Some(Settled { yes, at });
    if !yes {
        reopen(record, at, profile);
    }
    turn.state.settling = None;
    turn.state.closed_by_agent &= yes;
    turn.decided_by("settles");
    if turn.state.status == Status::Assigned {
        // Whoever has the conversation reads it, and answers.
        return true;
    }
    turn.say(if yes { "settled.yes" } else { "settled.no" });
    if !yes {
        queue::leave_for(turn, Occasion::CarriedOn);
    }
    true
}

fn reopen(record: &mut Complaint, at: Timestamp, profile: &Profile) {
    let reopen = ComplaintPatch {
        action: Some(ActionName::Reopen.into()),
        ..ComplaintPatch::default()
    };
    let by = AgentRef::program("complainant".to_owned());
    let with = complaint::Amending {
        at,
        by: &by,
        profile,
    };
    // Where somebody took it up meanwhile, that is done already.
    let _ = complaint::amend(record, &reopen, &with);
}
