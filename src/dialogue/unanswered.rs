//! An answer did not come in time. Who took the conversation and wrote nothing lets another have it; who is in the
//! middle of a talk keeps it, and supervisors are told.

use super::{owed, queue, turn::Turn};
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
    let chats = turn.state.owed.as_ref();
    let chats =
        chats.is_none_or(|owed| owed.waiting == Waiting::Stay) && !turn.state.is_by_letter();
    let wrote = turn.state.last_agent == Some(holder.id);
    let wrote = wrote && turn.state.matter.as_ref().is_some_and(|m| m.replied);
    let gone = turn.event.desk.holder_away || turn.state.red_flag.is_some();
    let never = turn.context.targets.unanswered == 0;
    if never || !chats || (wrote && !gone) {
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
    turn.offer("wait");
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
