//! An answer did not come in time. Who went away, or took a chat and wrote nothing, lets another have it; who is in the
//! middle of a talk, or owes a call or a letter, keeps it, and supervisors are told.

use super::{owed, pickup, queue, turn::Turn};
use crate::{
    domain::{Alert, conversation::Waiting, event::TimerKind},
    flow::Occasion,
};

/// The longest time between two alerts of the same wait, in seconds.
const AGAIN_AT_MOST: i64 = 3600;

/// It was not answered in time.
pub(super) fn ran_out(turn: &mut Turn<'_>) {
    let Some(holder) = turn.state.holder.clone() else {
        return;
    };
    let waiting = turn.state.owed.as_ref().map(|owed| owed.waiting);
    let stays = waiting.is_none_or(|w| w == Waiting::Stay);
    let chats = stays && !turn.state.is_by_letter();
    let wrote = turn.state.last_agent == Some(holder.id);
    let wrote = wrote && turn.state.matter.as_ref().is_some_and(|m| m.replied);
    // Nobody sits and waits for a call or a letter: at night whoever went home has not gone away.
    let away = turn.event.desk.holder_away && (chats || turn.open_state().open);
    let gone = away || turn.state.red_flag.is_some();
    let never = turn.context.targets.unanswered == 0;
    if never || (!gone && (!chats || wrote)) {
        return remind(turn);
    }
    if !turn.state.passed_by.contains(&holder.id) {
        turn.state.passed_by.push(holder.id);
    }
    turn.say("agent.silent");
    turn.note("note.unanswered");
    let to = turn
        .context
        .flows
        .desk
        .handoff(Occasion::HolderAway)
        .clone();
    queue::enqueue(turn, &to.team, &to.reason);
    match waiting.filter(|_| !stays && turn.state.red_flag.is_none()) {
        // They have said how they would like to wait.
        Some(waiting) => {
            pickup::waits_so(turn, waiting);
            turn.cancel_timer(TimerKind::CheckIn);
        }
        None => turn.offer("wait"),
    }
    if let Some(red_flag) = turn.state.red_flag {
        turn.alert(Alert::Danger { red_flag });
    }
}

/// Supervisors are told, and the clock begins again.
fn remind(turn: &mut Turn<'_>) {
    let now = turn.now();
    let Some(owed) = &turn.state.owed else { return };
    let waited = now.seconds_since(owed.since);
    let usual = owed::within(turn);
    turn.alert(Alert::Unanswered { waited });
    if let Some(red_flag) = turn.state.red_flag {
        turn.alert(Alert::Danger { red_flag });
    }
    let again = waited.clamp(usual, AGAIN_AT_MOST.max(usual));
    turn.set_timer(TimerKind::Unanswered, now.plus_seconds(again));
}
