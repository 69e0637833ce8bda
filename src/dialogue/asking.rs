//! What is asked next, how it is put, and what happens when nothing is missing any more.

use super::{handoff, listen, repair, status, turn::Turn};
use crate::{
    domain::{
        Slot, Status, Told,
        conversation::{FlowRun, Waiting},
        event::{Inbound, TimerKind},
    },
    flow::{Action, Ask, Flow, Team, Vars, is_upset},
};

pub(super) fn count_asking(draft: &mut Turn<'_>) {
    if let Some(run) = &mut draft.state.run {
        run.asked = run.asked.saturating_add(1);
    }
}

/// Asks for the same thing once more; after the third time it is let go, since nobody wants to be pressed.
pub(super) fn ask_again(draft: &mut Turn<'_>, flow: &Flow, slot: Slot, inbound: &Inbound) {
    let asked = draft.state.run.as_ref().map_or(0, |r| r.asked);
    if asked >= 3 {
        draft
            .state
            .told
            .entry(slot)
            .or_insert_with(|| Told::declined(""));
        return proceed(draft, flow, inbound);
    }
    count_asking(draft);
    put_question(draft, flow, slot, true);
}

/// What was asked last and is still open, with its flow.
pub(super) fn open_question<'f>(draft: &Turn<'f>) -> Option<(&'f Flow, Slot)> {
    let run = draft.state.run.as_ref()?;
    let flow = draft.context.flows.by_name(&run.flow)?;
    Some((flow, run.awaiting?))
}

/// Puts the open question once more, where there is one.
pub(super) fn put_open_question(draft: &mut Turn<'_>) {
    if let Some((flow, slot)) = open_question(draft) {
        put_question(draft, flow, slot, true);
    }
}

/// Puts a question; `again` where it was put before, in other words if the book has any.
pub(super) fn put_question(draft: &mut Turn<'_>, flow: &Flow, slot: Slot, again: bool) {
    if let Some(ask) = flow.collect.iter().find(|a| a.slot == slot) {
        let other = format!("{}.again", ask.phrase);
        if again && draft.context.flows.phrases.has(&other) {
            draft.say(&other);
        } else {
            draft.say(&ask.phrase);
        }
        if let Some(group) = &ask.choices {
            draft.offer(group);
        }
        if let Some((after, _)) = &flow.timers.silence
            && !draft.state.timers.contains_key(&TimerKind::Silence)
        {
            draft.set_timer(TimerKind::Silence, draft.now().plus_seconds(*after));
        }
    }
}

/// The question to put next: the first that is missing; where few may still be asked, the first of those that matter most.
fn next_ask<'f>(draft: &Turn<'_>, flow: &'f Flow, inbound: &Inbound) -> Option<&'f Ask> {
    let moment = draft.context.flows.at(&draft.scene(inbound));
    let mut missing: Vec<&Ask> = flow
        .collect
        .iter()
        .filter(|ask| {
            let skip = ask.skip_if.as_deref();
            !draft.state.told.contains_key(&ask.slot) && !skip.is_some_and(|c| moment.holds(c))
        })
        .collect();
    if let Some(limit) = flow.questions {
        let most = if draft.state.spared || draft.state.minor {
            limit.upset
        } else {
            limit.at_most
        };
        let left = usize::from(most.saturating_sub(draft.state.questions));
        while missing.len() > left {
            let least = (0..missing.len())
                .rev()
                .min_by_key(|i| missing[*i].matters)?;
            missing.remove(least);
        }
    }
    missing.first().copied()
}

/// Asks for the first thing that is still missing; where nothing is, does what comes then.
pub(super) fn proceed(draft: &mut Turn<'_>, flow: &Flow, inbound: &Inbound) {
    let flows = draft.context.flows;
    let mut flow = flow;
    if flow.records_complaint
        && let Some(fitting) = flows.recording(&draft.scene(inbound))
        && fitting.name != flow.name
    {
        // Who they are has become clear: what fits them better goes on from here.
        flow = fitting;
        let later = flow.opening.as_ref().map(|o| format!("{o}.later"));
        if let Some(key) = later.filter(|k| flows.phrases.has(k)) {
            draft.say(&key);
        }
    }
    draft.state.spared |= is_upset(draft.state.emotion, draft.state.intensity);
    if let Some(ask) = next_ask(draft, flow, inbound) {
        draft.state.questions = draft.state.questions.saturating_add(1);
        let last = draft.state.run.as_ref().and_then(|r| r.last);
        draft.state.run = Some(FlowRun {
            flow: flow.name.clone(),
            awaiting: Some(ask.slot),
            asked: 1,
            last,
        });
        return put_question(draft, flow, ask.slot, false);
    }
    draft.state.run = None;
    draft.cancel_timer(TimerKind::Silence);
    if flow.records_complaint {
        if let Some(complaint) = &mut draft.complaint {
            complaint.complete = true;
        }
        listen::settle(draft, inbound);
    }
    for step in &flow.then {
        if (step.condition.as_deref()).is_some_and(|c| !draft.holds(c, inbound)) {
            continue;
        }
        match &step.action {
            Action::Say(key) => draft.say(key),
            Action::Handoff(team) => {
                handoff_said(draft, team, reason(flow));
                if let (Some(after), true) = (
                    flow.timers.check_in,
                    draft.state.timers.contains_key(&TimerKind::CheckIn),
                ) {
                    draft.set_timer(TimerKind::CheckIn, draft.now().plus_seconds(after));
                }
            }
            Action::PassOn(team) => handoff::pass_on(draft, team, reason(flow), Waiting::Later),
            Action::CallBack(team) => {
                handoff::pass_on(draft, team, reason(flow), Waiting::Callback);
            }
            Action::AnswerFacts => answer_facts(draft, inbound),
            Action::AnswerStatus => status::tell(draft, inbound),
            Action::Tell(topic) => tell(draft, topic),
            Action::Call(name) => {
                if let Some(next) = flows.by_name(name) {
                    return proceed(draft, next, inbound);
                }
            }
        }
    }
    repair::next_wish(draft, inbound);
}

/// Why a person is wanted, as the desk words it.
fn reason(flow: &Flow) -> &str {
    if flow.records_complaint {
        "complaint"
    } else {
        &flow.name
    }
}

/// To a person. Whoever asked for one while one is coming already is told so, unless something was said to them already.
pub(super) fn handoff_said(draft: &mut Turn<'_>, team: &Team, reason: &str) {
    if draft.state.status != Status::Queued {
        handoff::hand_over(draft, team, reason);
    } else if !draft.has_spoken() {
        draft.say("handoff.already");
        draft.offer("wait");
    }
}

/// What the facts file says of a topic, in the person's language.
fn fact(draft: &Turn<'_>, topic: &str) -> Option<minijinja::Value> {
    let topic = draft.context.flows.facts.topics.get(topic)?;
    // Our own text, which may have lines.
    Some(minijinja::Value::from_safe_string(
        topic.answer.in_language(&draft.state.language).to_owned(),
    ))
}

fn tell(draft: &mut Turn<'_>, topic: &str) {
    if let Some(answer) = fact(draft, topic) {
        draft.say_with("facts.answer", Vars::from([("answer", answer)]));
    }
}

pub(super) fn answer_facts(draft: &mut Turn<'_>, inbound: &Inbound) {
    let topic = inbound.signals.entities.topic.as_deref();
    if let Some(answer) = topic.and_then(|t| fact(draft, t)) {
        draft.say_with("facts.answer", Vars::from([("answer", answer)]));
    } else if draft.state.status == Status::Queued {
        // "How long will it take?" and whatever else is asked while a person is awaited.
        draft.say("handoff.already");
    } else {
        draft.say("facts.unknown");
        draft.offer("fallback");
    }
}
