//! To a person.

use super::turn::Turn;
use crate::{
    domain::{
        QueueEntry, RedFlag, Status,
        conversation::{Priority, Waiting},
        event::TimerKind,
    },
    flow::{Pressing, Team},
    handoff,
};

/// Puts the conversation into the queue and says honestly what happens next, with the choice of how to wait.
pub(super) fn hand_over(draft: &mut Turn<'_>, team: &Team, reason: &str) {
    if draft.state.status == Status::Queued {
        return;
    }
    enqueue(draft, team, reason);
    tell(draft);
}

/// Says how the desk stands, and offers the ways to wait.
fn tell(draft: &mut Turn<'_>) {
    let key = match (draft.open_state().open, draft.event.desk.online) {
        (false, _) => "handoff.closed",
        (true, 0) => "handoff.nobody",
        (true, _) => "handoff.open",
    };
    draft.say(key);
    draft.offer("wait");
}

/// Into the queue without a word: nobody waits in the chat for an answer. Whoever is in the queue already keeps their place and its clock,
/// and may now wait for a call instead.
pub(super) fn pass_on(draft: &mut Turn<'_>, team: &Team, reason: &str, waiting: Waiting) {
    let fresh = draft.state.status != Status::Queued;
    if fresh {
        enqueue(draft, team, reason);
        draft.cancel_timer(TimerKind::PickupTarget);
    }
    if fresh || waiting == Waiting::Callback {
        if let Some(entry) = &mut draft.state.queue {
            entry.waiting = waiting;
        }
        draft.cancel_timer(TimerKind::CheckIn);
    }
}

/// A team, in turn.
pub(super) fn team(name: &str) -> Team {
    Team {
        team: name.to_owned(),
        priority: Pressing::Routine,
    }
}

/// Whoever is there.
pub(super) fn front_desk() -> Team {
    team("front desk")
}

/// Into the queue, and the clocks set.
pub(super) fn enqueue(draft: &mut Turn<'_>, team: &Team, reason: &str) {
    let state = &draft.state;
    let priority = handoff::priority(
        state.red_flag,
        draft.complaint.as_ref().map(|c| c.priority),
        state.emotion,
        state.intensity.0,
    )
    .max(match team.priority {
        Pressing::Routine => Priority::Routine,
        Pressing::Soon => Priority::Soon,
        Pressing::Urgent => Priority::Urgent,
    });
    draft.state.status = Status::Queued;
    draft.state.holder = None;
    draft.state.misunderstood = 0;
    draft.state.queue = Some(QueueEntry {
        since: draft.now(),
        priority,
        team: team.team.clone(),
        reason: reason.to_owned(),
        waiting: Waiting::Stay,
        check_ins: 0,
        overdue: false,
    });
    set_clocks(draft);
}

fn set_clocks(draft: &mut Turn<'_>) {
    let danger = draft.state.red_flag.is_some();
    let open = draft.open_state().open;
    if danger || open {
        let target = if danger {
            draft.context.targets.danger
        } else {
            draft.context.targets.others
        };
        draft.set_timer(TimerKind::PickupTarget, draft.now().plus_seconds(target));
    }
    if open && !danger {
        draft.set_timer(
            TimerKind::CheckIn,
            draft.now().plus_seconds(draft.context.targets.check_in),
        );
    }
}

/// Danger: to the head of the queue, unless a person is there already.
pub(super) fn escalate(draft: &mut Turn<'_>, team: &str, flag: RedFlag) {
    match draft.state.status {
        Status::Assigned => {}
        Status::Queued => {
            if let Some(entry) = &mut draft.state.queue {
                entry.priority = Priority::Emergency;
                entry.waiting = Waiting::Stay;
                entry.overdue = false;
            }
            draft.cancel_timer(TimerKind::CheckIn);
            set_clocks(draft);
        }
        Status::Bot | Status::Resolved => enqueue(draft, &self::team(team), flag.name()),
    }
}
