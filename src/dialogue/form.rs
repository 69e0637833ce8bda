//! Which question is next, how many may be asked, and what a flow does at its end.

use super::{facts, queue, returning, status, turn::Turn};
use crate::{
    domain::{
        Filled, Slot, SlotValue, Status,
        conversation::{FlowRun, Waiting},
        event::{Inbound, TimerKind},
    },
    flow::{Action, Ask, Flow, is_upset},
};

/// Whether the open question is answered, or needs no answer any more.
pub(super) fn is_settled(turn: &Turn<'_>, ask: &Ask, inbound: &Inbound) -> bool {
    let scope = turn.context.flows.at(&turn.condition_input(inbound));
    let skip = ask.skip_if.as_deref();
    turn.state.is_filled(ask.slot) || skip.is_some_and(|c| scope.holds(c))
}

/// How often a question is put before it is let go: nobody wants to be pressed.
const ASKED_AT_MOST: u8 = 2;

/// The question that is open, and the flow that put it.
pub(super) fn open_question<'f>(turn: &Turn<'f>) -> Option<(&'f Flow, &'f Ask)> {
    let run = turn.state.run.as_ref()?;
    let flow = turn.context.flows.by_name(&run.flow)?;
    let awaited = run.awaiting?;
    let ask = flow.collect.iter().find(|a| a.slot == awaited)?;
    Some((flow, ask))
}

/// The flow that is under way, where the question that it had put is not in it any more.
pub(super) fn changed_flow<'f>(turn: &Turn<'f>) -> Option<&'f Flow> {
    let run = turn.state.run.as_ref()?;
    run.awaiting?;
    turn.context.flows.by_name(&run.flow)
}

/// Puts the open question once more, where there is one. Where it is `counted` and was put often enough, it is let go.
pub(super) fn reprompt(turn: &mut Turn<'_>, counted: bool, inbound: &Inbound) {
    let Some((flow, ask)) = open_question(turn) else {
        return;
    };
    let asked = turn.state.run.as_ref().map_or(0, |r| r.asked);
    if counted && asked >= ASKED_AT_MOST {
        let let_go = Filled {
            value: SlotValue::Unknown(String::new()),
            message: None,
            partial: false,
        };
        turn.state.slots.entry(ask.slot).or_insert(let_go);
        return advance(turn, flow, inbound);
    }
    if counted && let Some(run) = &mut turn.state.run {
        run.asked = run.asked.saturating_add(1);
    }
    put(turn, flow, ask, counted || asked > 1);
}

/// Counts a question that was answered by something else than it wants, without putting it again: the words for that
/// were said.
pub(super) fn count(turn: &mut Turn<'_>) {
    if let Some(run) = &mut turn.state.run {
        run.asked = run.asked.saturating_add(1);
    }
}

/// Puts a question; `again` where it was put before, in other words if the book has any.
fn put(turn: &mut Turn<'_>, flow: &Flow, ask: &Ask, again: bool) {
    let other = format!("{}.again", ask.phrase);
    if again && turn.context.flows.phrases.has(&other) {
        turn.say(&other);
    } else {
        turn.say(&ask.phrase);
    }
    if let Some(group) = &ask.choices {
        turn.offer(group);
    }
    if let Some((after, _)) = &flow.timers.silence
        && !turn.state.timers.contains_key(&TimerKind::Silence)
    {
        turn.set_timer(TimerKind::Silence, turn.now().plus_seconds(*after));
    }
}

/// The question to put next: the first that is missing; where few may still be asked, the first of those that matter
/// most.
fn next<'f>(turn: &Turn<'_>, flow: &'f Flow, inbound: &Inbound) -> Option<&'f Ask> {
    let mut missing: Vec<&Ask> = flow
        .collect
        .iter()
        .filter(|ask| !is_settled(turn, ask, inbound))
        .collect();
    if let Some(limit) = flow.questions {
        let most = if turn.state.reduced_questions || turn.state.minor {
            limit.upset
        } else {
            limit.at_most
        };
        let left = usize::from(most.saturating_sub(turn.state.questions));
        while missing.len() > left {
            let least = (0..missing.len())
                .rev()
                .min_by_key(|i| missing[*i].matters)?;
            missing.remove(least);
        }
    }
    missing.first().copied()
}

/// Asks for the first thing that is still missing; where nothing is, does what the flow does at its end.
pub(super) fn advance<'f>(turn: &mut Turn<'f>, flow: &'f Flow, inbound: &Inbound) {
    let mut flow = flow;
    let last = turn.state.run.as_ref().and_then(|r| r.last);
    // A flow may go on with another one; they cannot do so in a circle.
    loop {
        if flow.records_complaint {
            flow = fitting(turn, flow, inbound);
        }
        turn.state.reduced_questions |= is_upset(turn.state.emotion, turn.state.intensity);
        if let Some(ask) = next(turn, flow, inbound) {
            turn.state.questions = turn.state.questions.saturating_add(1);
            turn.state.run = Some(FlowRun {
                flow: flow.name.clone(),
                awaiting: Some(ask.slot),
                asked: 1,
                last,
            });
            return put(turn, flow, ask, false);
        }
        turn.state.run = None;
        turn.cancel_timer(TimerKind::Silence);
        if flow.records_complaint
            && let Some(complaint) = &mut turn.complaint
        {
            complaint.complete = true;
        }
        match end(turn, flow, inbound) {
            Some(called) => flow = called,
            None => return,
        }
    }
}

/// Who they are has become clear: the flow that fits them better goes on from here.
fn fitting<'f>(turn: &mut Turn<'f>, flow: &'f Flow, inbound: &Inbound) -> &'f Flow {
    let flows = turn.context.flows;
    let Some(better) = flows.recording(&turn.condition_input(inbound)) else {
        return flow;
    };
    if better.name == flow.name {
        return flow;
    }
    let later = better.opening.as_ref().map(|o| format!("{o}.later"));
    if let Some(key) = later.filter(|k| flows.phrases.has(k)) {
        turn.say(&key);
    }
    better
}

/// What a flow does when nothing is missing any more. The flow to go on with, where it names one.
fn end<'f>(turn: &mut Turn<'f>, flow: &'f Flow, inbound: &Inbound) -> Option<&'f Flow> {
    let flows = turn.context.flows;
    for step in &flow.then {
        if (step.condition.as_deref()).is_some_and(|c| !turn.holds(c, inbound)) {
            continue;
        }
        match &step.action {
            Action::Say(key) => {
                turn.say(key);
                if flow.records_complaint {
                    returning::give_secret(turn);
                }
            }
            Action::Handoff(team) => {
                queue::hand_over_or_say(turn, team, reason(flow));
                let asks_after = turn.state.timers.contains_key(&TimerKind::CheckIn);
                if let Some(after) = flow.timers.check_in.filter(|_| asks_after) {
                    turn.set_timer(TimerKind::CheckIn, turn.now().plus_seconds(after));
                }
            }
            Action::PassOn(team) => queue::pass_on(turn, team, reason(flow), Waiting::Later),
            Action::CallBack(team) => queue::pass_on(turn, team, reason(flow), Waiting::Callback),
            Action::AnswerFacts => facts::answer(turn, &inbound.signals),
            Action::AnswerStatus => status::tell(turn, inbound),
            Action::Tell(topic) => {
                facts::tell(turn, topic);
            }
            Action::Call(name) => {
                if let Some(next) = flows.by_name(name) {
                    return Some(next);
                }
            }
        }
    }
    None
}

/// Why a person is wanted, as the desk words it.
fn reason(flow: &Flow) -> &str {
    &flow.reason
}

/// What else was wished, once nothing else is open: the flow that does it, and the wish.
pub(super) fn next_wish(turn: &mut Turn<'_>) -> Option<crate::domain::Intent> {
    if turn.state.run.is_some() || turn.state.wishes.is_empty() {
        return None;
    }
    (turn.state.status == Status::Bot).then(|| turn.state.wishes.remove(0))
}

/// Clears what only the flow that ends had asked for.
pub(super) fn forget_own(turn: &mut Turn<'_>) {
    turn.state
        .slots
        .retain(|slot, _| !matches!(slot, Slot::Own(_) | Slot::Reference));
}
