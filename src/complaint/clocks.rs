//! How a clock is started, put off, and stood still: each with a reason.

use super::amending::{AmendError, Amending};
use crate::domain::{ClockAct, ClockChange, Complaint, Extension};

/// Does it.
///
/// # Errors
/// There is no such clock, it does not run or stands already, or a reason or a later day is missing; nothing is changed
/// then.
pub(super) fn turn(
    complaint: &mut Complaint,
    change: &ClockChange,
    why: Option<&str>,
    with: &Amending<'_>,
) -> Result<(), AmendError> {
    let name = &change.clock;
    let refused = |why: &str| AmendError::Clock(name.clone(), why.to_owned());
    let why = why.map(str::trim).filter(|w| !w.is_empty());
    let why = why.ok_or_else(|| refused("needs a reason: say it in 'why'"))?;
    let at = complaint.deadlines.iter().position(|d| d.name == *name);
    if change.act == ClockAct::Start {
        if at.is_some() {
            return Err(refused("runs already"));
        }
        let started = with.profile.started(name, with.at);
        let started = started.ok_or_else(|| refused("is none that is started by hand"))?;
        complaint.deadlines.push(started);
        return Ok(());
    }
    let at = at.ok_or_else(|| refused("does not run on this complaint"))?;
    let deadline = &mut complaint.deadlines[at];
    if deadline.met_at.is_some() {
        return Err(refused("has stopped"));
    }
    let put_off = |from, to| Extension {
        from,
        to,
        why: why.to_owned(),
        by: with.by.name.clone(),
        at: with.at,
    };
    match (change.act, deadline.paused_at) {
        (ClockAct::Start, _) => {}
        (ClockAct::Extend, _) => {
            let until = change.until.filter(|u| *u > deadline.due_at);
            let until = until.ok_or_else(|| refused("is extended to a later day, in 'until'"))?;
            deadline.extensions.push(put_off(deadline.due_at, until));
            deadline.due_at = until;
        }
        (ClockAct::Pause, None) => deadline.paused_at = Some(with.at),
        (ClockAct::Resume, Some(since)) => {
            let until = deadline.due_at.plus_micros(with.at.0 - since.0);
            deadline.extensions.push(put_off(deadline.due_at, until));
            deadline.due_at = until;
            deadline.paused_at = None;
        }
        (ClockAct::Pause, Some(_)) => return Err(refused("stands still already")),
        (ClockAct::Resume, None) => return Err(refused("does not stand still")),
    }
    Ok(())
}
