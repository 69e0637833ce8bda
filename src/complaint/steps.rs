//! How a complaint's status moves: by named actions, each from the statuses that it may follow.

use super::amending::{AmendError, Amending};
use crate::domain::{
    ActionName, Case, ClockStop, Complaint, ComplaintAction, ComplaintStatus, Role,
    complaint::Deadline,
};

/// Does it. A clock stops with the action that it runs for; a correction that takes the action back lets it run on.
///
/// # Errors
/// The action may not follow the status, or a reason is missing; nothing is changed then.
pub(super) fn act(
    complaint: &mut Complaint,
    action: &ComplaintAction,
    why: Option<&str>,
    with: &Amending<'_>,
) -> Result<(), AmendError> {
    let from = complaint.status;
    let refused = || AmendError::Step {
        action: action.name,
        from,
    };
    if !action.name.follows().contains(&from) {
        return Err(refused());
    }
    let over = matches!(action.name, ActionName::Close | ActionName::Withdraw);
    if over && complaint.case.protected && with.by.role < Role::Supervisor {
        return Err(AmendError::Role);
    }
    let explained = why.is_some_and(|w| !w.trim().is_empty());
    let mut case = moments(complaint);
    let at = with.at;
    let status = match action.name {
        ActionName::Acknowledge => {
            case.acknowledged_at = Some(at);
            ComplaintStatus::Acknowledged
        }
        ActionName::Investigate => {
            case.acknowledged_at.get_or_insert(at);
            case.investigated_at.get_or_insert(at);
            ComplaintStatus::Investigating
        }
        ActionName::Respond => {
            case.acknowledged_at.get_or_insert(at);
            case.responded_at = Some(at);
            ComplaintStatus::Responded
        }
        ActionName::Close if case.responded_at.is_none() && !explained => {
            return Err(AmendError::Unexplained(action.name));
        }
        ActionName::Close => {
            case.closed_at = Some(at);
            ComplaintStatus::Closed
        }
        ActionName::Withdraw => {
            case.closed_at = Some(at);
            ComplaintStatus::Withdrawn
        }
        ActionName::Reopen => {
            case.responded_at = None;
            case.closed_at = None;
            restart(complaint, with);
            ComplaintStatus::Investigating
        }
        ActionName::Correct if !explained => return Err(AmendError::Unexplained(action.name)),
        ActionName::Correct => {
            let to = action.to.ok_or_else(refused)?;
            if rank(to) >= rank(from) || (rank(to) == 3 && case.responded_at.is_none()) {
                return Err(refused());
            }
            case.closed_at = None;
            case.responded_at = case.responded_at.filter(|_| rank(to) >= 3);
            case.investigated_at = case.investigated_at.filter(|_| rank(to) >= 2);
            let acknowledged = case.acknowledged_at.unwrap_or(at);
            case.acknowledged_at = (rank(to) >= 1).then_some(acknowledged);
            to
        }
    };
    complaint.status = status;
    let received = complaint.received_at;
    with.profile
        .follow(received, &case, &mut complaint.deadlines);
    for deadline in &mut complaint.deadlines {
        deadline.met_at = deadline.stops.done(&case);
        if deadline.met_at.is_some() {
            deadline.paused_at = None;
        }
    }
    complaint.case = case;
    Ok(())
}

/// When things were done. In a record from before that was noted, the clocks that stopped tell.
fn moments(complaint: &Complaint) -> Case {
    let mut case = complaint.case.clone();
    let stopped = |acknowledges: bool| {
        let of = |d: &&Deadline| (d.stops == ClockStop::Acknowledged) == acknowledges;
        complaint.deadlines.iter().filter(of).find_map(|d| d.met_at)
    };
    let ended = matches!(
        complaint.status,
        ComplaintStatus::Closed | ComplaintStatus::Withdrawn
    );
    case.acknowledged_at = case.acknowledged_at.or_else(|| stopped(true));
    let answered = || stopped(false).filter(|_| !ended);
    case.responded_at = case.responded_at.or_else(answered);
    if ended {
        case.closed_at = case.closed_at.or_else(|| stopped(false));
    }
    case
}

/// The clocks for the answer begin anew with the day on which it is taken up again.
fn restart(complaint: &mut Complaint, with: &Amending<'_>) {
    let anew = with.profile.deadlines(with.at);
    let answers = |d: &&mut Deadline| d.stops == ClockStop::Responded;
    for deadline in complaint.deadlines.iter_mut().filter(answers) {
        if let Some(again) = anew.iter().find(|d| d.name == deadline.name) {
            deadline.due_at = again.due_at;
            deadline.extensions.clear();
        }
    }
}

/// How far a status is.
const fn rank(status: ComplaintStatus) -> u8 {
    match status {
        ComplaintStatus::Open => 0,
        ComplaintStatus::Acknowledged => 1,
        ComplaintStatus::Investigating => 2,
        ComplaintStatus::Responded => 3,
        ComplaintStatus::Closed | ComplaintStatus::Withdrawn => 4,
    }
}
