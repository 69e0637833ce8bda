//! A flow is opened: what its first message tells is taken at once. A complaint is on record from its first sentence
//! on.

use super::{
    absorb::{Absorbed, Scope, absorb},
    acts::DialogueAct,
    form, intake,
    interpret::interpret,
    queue_preference, record,
    rule::{Moment, Opening},
    turn::Turn,
};
use crate::{
    domain::{
        Filled, Intent, MessageId, Relation, Slot, SlotValue, Status,
        conversation::Waiting,
        event::{Inbound, TimerKind},
    },
    flow::{Action, Ask, Flow, Kind},
};

/// A complaint that is announced by a command: with words, on record from them on; without, the first question.
pub(super) fn complaint(turn: &mut Turn<'_>, id: MessageId, inbound: &Inbound) {
    let heard = intake::plain(inbound);
    let acts = interpret(&heard, None, &turn.state);
    let moment = Moment {
        heard: &heard,
        acts: &acts,
        inbound,
        id,
        asked: None,
        absorbed: Absorbed::default(),
    };
    if inbound.text.trim().is_empty() {
        open(turn, &moment, &Opening::Complaint);
    } else {
        complain(turn, &moment);
    }
}

pub(super) fn open(turn: &mut Turn<'_>, moment: &Moment<'_>, opening: &Opening) {
    let inbound = moment.inbound;
    let flows = turn.context.flows;
    match opening {
        Opening::ByMessage => {
            if let Some(flow) = flows.opened_by(&turn.condition_input(inbound)) {
                if flow.records_complaint {
                    return complain(turn, moment);
                }
                if turn.state.minor && (moment.acts.narrates() || turn.complaint.is_some()) {
                    // A child is heard, and what they tell is put on record; nothing is asked.
                    intake::recall(turn, moment.id, moment.heard.text);
                    intake::keep_acts(turn, moment.id, moment.heard, moment.acts, inbound);
                }
                open_flow(turn, moment, flow, inbound);
            }
        }
        Opening::For(intent) => open_for(turn, moment, *intent),
        Opening::Complaint => {
            if let Some(flow) = flows.recording(&turn.condition_input(inbound)) {
                turn.state.questions = 0;
                turn.state.fallback_count = 0;
                form::advance(turn, flow, inbound);
            }
        }
        Opening::Unfinished => {
            if let Some(flow) = flows.recording(&turn.condition_input(inbound)) {
                form::advance(turn, flow, inbound);
            }
        }
        Opening::Callback => {
            let rings = |f: &&Flow| {
                f.then
                    .iter()
                    .any(|s| matches!(s.action, Action::CallBack(_)))
            };
            if let Some(flow) = flows.flows.iter().find(rings) {
                form::advance(turn, flow, inbound);
            }
        }
    }
}

/// Opens the flow for an intent, as if the message had had it.
fn open_for(turn: &mut Turn<'_>, moment: &Moment<'_>, intent: Intent) {
    let wished = wished(moment.inbound, intent);
    if let Some(flow) = turn.context.flows.opened_by(&turn.condition_input(&wished)) {
        open_flow(turn, moment, flow, &wished);
    }
}

fn wished(inbound: &Inbound, intent: Intent) -> Inbound {
    let mut wished = inbound.clone();
    wished.signals.intent = intent;
    wished.signals.also.clear();
    wished
}

/// Opens a flow that records no complaint: what the message tells of its slots is taken at once.
fn open_flow<'f>(turn: &mut Turn<'f>, moment: &Moment<'_>, flow: &'f Flow, inbound: &Inbound) {
    turn.state.fallback_count = 0;
    form::forget_own(turn);
    absorb(
        turn,
        moment.id,
        moment.heard,
        moment.acts,
        None,
        Scope::Flow,
    );
    let broken = &moment.heard.said.entities.broken_references;
    if !broken.is_empty() && !turn.state.is_filled(Slot::Reference) {
        fill(turn, Slot::Reference, SlotValue::Unknown(String::new()));
    }
    for ask in &flow.collect {
        if !matches!(ask.slot, Slot::Own(_)) {
            continue;
        }
        if let Some(value) = told_in_passing(moment, ask) {
            fill(turn, ask.slot, value);
        }
    }
    if let Some(opening) = &flow.opening {
        turn.say(opening);
    }
    turn.state.questions = 0;
    turn.state.reduced_questions = false;
    form::advance(turn, flow, inbound);
}

fn fill(turn: &mut Turn<'_>, slot: Slot, value: SlotValue) {
    let filled = Filled {
        value,
        message: None,
        partial: false,
    };
    turn.state.slots.insert(slot, filled);
}

/// What the message that opens a flow tells for one of its own slots, by the slot's type.
fn told_in_passing(moment: &Moment<'_>, ask: &Ask) -> Option<SlotValue> {
    /// From how many words on a message that opens a flow says what it is about, too.
    const ENOUGH: usize = 6;
    let of = |slot: Slot| {
        moment.acts.0.iter().find_map(|a| match &a.what {
            DialogueAct::Inform(s, value) | DialogueAct::Answer(s, value) if *s == slot => {
                Some(value.clone())
            }
            _ => None,
        })
    };
    match ask.kind {
        Kind::Text => {
            let words = moment.heard.text.split_whitespace().count();
            (ask.from_opening && words >= ENOUGH)
                .then(|| SlotValue::Text(moment.heard.text.trim().to_owned()))
        }
        Kind::Dates => of(Slot::IncidentWhen),
        Kind::Place => of(Slot::IncidentWhere),
        Kind::Contact => of(Slot::ContactMethod),
        Kind::Name => of(Slot::ComplainantName),
        Kind::Choice | Kind::Person | Kind::YesNo | Kind::Number => None,
    }
}

/// A complaint: on record from this sentence on.
pub(super) fn complain(turn: &mut Turn<'_>, moment: &Moment<'_>) {
    turn.state.fallback_count = 0;
    let opened = record::open(turn);
    if opened {
        intake::take_told(turn);
    }
    intake::recall(turn, moment.id, moment.heard.text);
    intake::keep_acts(turn, moment.id, moment.heard, moment.acts, moment.inbound);
    if turn.state.relation == Relation::Patient && !turn.state.is_filled(Slot::AffectedPerson) {
        fill(turn, Slot::AffectedPerson, SlotValue::Oneself);
    }
    // What the complaint is about decides which questions are worth asking.
    record::write(turn, Some(moment.heard.said));
    let Some(flow) = turn
        .context
        .flows
        .recording(&turn.condition_input(moment.inbound))
    else {
        return;
    };
    if opened {
        turn.say(flow.opening.as_deref().unwrap_or("complaint.started"));
    } else {
        turn.say("complaint.added");
    }
    promise(turn, flow);
    // What was asked where the record was begun is not asked again.
    let asks = turn.complaint.as_ref().is_some_and(|c| !c.complete);
    if asks && !turn.state.shares_record() {
        form::advance(turn, flow, moment.inbound);
    }
}

/// A form that was opened before there was anything to record: its first words open the record.
pub(super) fn open_record(turn: &mut Turn<'_>, inbound: &Inbound, flow: Option<&Flow>) {
    if turn.complaint.is_some() && !turn.state.closed_by_agent {
        return;
    }
    let questions = turn.state.questions;
    record::open(turn);
    turn.state.questions = questions;
    let better = turn.context.flows.recording(&turn.condition_input(inbound));
    if let Some(flow) = better.or(flow) {
        turn.say(flow.opening.as_deref().unwrap_or("complaint.started"));
        promise(turn, flow);
    }
}

/// Sets the clock by which a named person was promised.
fn promise(turn: &mut Turn<'_>, flow: &Flow) {
    let Some((clock, _)) = &flow.timers.promise else {
        return;
    };
    let due = turn.complaint.as_ref().and_then(|c| {
        let deadline = c.deadlines.iter().find(|d| d.name == *clock)?;
        deadline.met_at.is_none().then_some(deadline.due_at)
    });
    if let Some(due) = due.filter(|d| turn.state.timers.get(&TimerKind::PromiseDue) != Some(d)) {
        turn.set_timer(TimerKind::PromiseDue, due);
    }
}

/// Goes on with what else was wished, once nothing else is open.
pub(super) fn carry_out_wish(turn: &mut Turn<'_>, inbound: &Inbound) {
    if turn.state.run.is_none()
        && turn.state.status == Status::Queued
        && let Some(at) = (turn.state.wishes.iter()).position(|w| *w == Intent::Callback)
    {
        // A person comes anyway; only a wish to be rung says how.
        turn.state.wishes.remove(at);
        if queue_preference::choose(turn, Waiting::Callback) {
            let flows = &turn.context.flows.flows;
            let rings = |f: &&Flow| {
                f.then
                    .iter()
                    .any(|s| matches!(s.action, Action::CallBack(_)))
            };
            if let Some(flow) = flows.iter().find(rings) {
                form::advance(turn, flow, inbound);
            }
        }
        return;
    }
    if let Some(wish) = form::next_wish(turn) {
        let wished = wished(inbound, wish);
        if let Some(flow) = turn.context.flows.opened_by(&turn.condition_input(&wished)) {
            turn.state.questions = 0;
            if let Some(opening) = &flow.opening {
                turn.say(opening);
            }
            form::advance(turn, flow, &wished);
        }
    }
}
