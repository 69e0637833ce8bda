//! The one loop: interpret, keep what is told, the first rule that fits, what follows from it, the record, the next question.

use super::{
    absorb::{Absorbed, Scope, absorb},
    acts::{Acts, DialogueAct},
    form, intake,
    interpret::{Heard, interpret},
    mood, policy, queue, queue_preference, record,
    rule::{Moment, Opening, Rule, Then},
    turn::Turn,
};
use crate::{
    domain::{
        Filled, Intent, Interpretation, MessageId, Relation, Slot, SlotValue, Status,
        conversation::{LastText, Waiting},
        event::{Inbound, TimerKind},
        fingerprint,
    },
    flow::{Action, Ask, Flow, Kind},
};

/// Seconds after which somebody who comes back is welcomed.
const AWAY: i64 = 12 * 3600;

/// Seconds within which the same words under another id are the same message.
const SAME: i64 = 15 * 60;

/// Hears a message that the bot is to answer.
pub(super) fn hear(turn: &mut Turn<'_>, id: MessageId, inbound: &Inbound) {
    if let Some(why) = inbound.unkept.first() {
        turn.say(&format!("attachment.{}", why.name()));
    }
    welcome_back(turn);
    let asked = form::open_question(turn);
    if asked.is_none()
        && let Some(flow) = form::changed_flow(turn)
    {
        return question_gone(turn, id, inbound, flow);
    }
    let (choice, title) = choice(turn, inbound, asked.map(|(_, a)| a));
    let heard = Heard {
        text: &inbound.text,
        said: &inbound.signals,
        choice: choice.as_deref(),
        title: title.as_deref(),
        own_number: inbound.own_number,
        repeated: repeated(turn, inbound),
    };
    let acts = interpret(&heard, asked.map(|(_, a)| a), &turn.state);
    let scope = scope(turn, &acts, asked.map(|(f, _)| f), inbound.own_number);
    let absorbed = match scope {
        Some(scope) => {
            if scope == Scope::Complaint && begins(&acts) {
                open_record(turn, inbound, asked.map(|(f, _)| f));
            }
            absorb(turn, id, &heard, &acts, asked, scope)
        }
        None => Absorbed::default(),
    };
    record::attach(turn, &inbound.attachments);
    let moment = Moment {
        heard: &heard,
        acts: &acts,
        inbound,
        id,
        asked,
        absorbed,
    };
    decide(turn, &moment);
    attend(turn, &moment);
    record::write(turn, Some(&inbound.signals));
}

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

/// The flow was changed under the talk, and the question that is open is not in it any more: what was said is kept, and it goes on from what is known.
fn question_gone<'f>(turn: &mut Turn<'f>, id: MessageId, inbound: &Inbound, flow: &'f Flow) {
    turn.decided_by("question_gone");
    turn.state.run = None;
    if flow.records_complaint {
        intake::keep(turn, id, inbound);
    }
    form::advance(turn, flow, inbound);
    record::write(turn, Some(&inbound.signals));
}

/// The first rule that fits, and what follows from it.
fn decide(turn: &mut Turn<'_>, moment: &Moment<'_>) {
    let situation: &[Rule] = if moment.asked.is_some() {
        policy::ASKED
    } else if turn.state.status == Status::Queued {
        policy::AWAITED
    } else {
        policy::OPEN
    };
    for rule in policy::ALWAYS.iter().chain(situation) {
        if !(rule.when)(turn, moment) {
            continue;
        }
        let then = (rule.then)(turn, moment);
        if then != Then::Pass {
            turn.decided_by(rule.name);
            return carry_out(turn, moment, then);
        }
    }
}

fn carry_out(turn: &mut Turn<'_>, moment: &Moment<'_>, then: Then) {
    let inbound = moment.inbound;
    match then {
        Then::Pass | Then::Done => {}
        Then::Reprompt { counted } => form::reprompt(turn, counted, inbound),
        Then::Advance => {
            let flow = moment.asked.map(|(flow, _)| flow.name.as_str());
            if let Some(flow) = flow.and_then(|name| turn.context.flows.by_name(name)) {
                form::advance(turn, flow, inbound);
                carry_out_wish(turn, inbound);
            }
        }
        Then::Complain => complain(turn, moment),
        Then::Open(opening) => open(turn, moment, &opening),
        Then::Handoff(occasion) => queue::bring_in(turn, occasion),
    }
}

fn open(turn: &mut Turn<'_>, moment: &Moment<'_>, opening: &Opening) {
    let inbound = moment.inbound;
    let flows = turn.context.flows;
    match opening {
        Opening::ByMessage => {
            if let Some(flow) = flows.opened_by(&turn.scene(inbound)) {
                if flow.records_complaint {
                    return complain(turn, moment);
                }
                if turn.state.minor && (moment.acts.narrates() || turn.complaint.is_some()) {
                    // A child is heard, and what they tell is put on record; nothing is asked.
                    held(turn, moment);
                    intake::keep_acts(turn, moment.id, moment.heard, moment.acts, inbound);
                }
                open_flow(turn, moment, flow, inbound);
            }
        }
        Opening::For(intent) => open_for(turn, moment, *intent),
        Opening::Complaint => {
            if let Some(flow) = flows.recording(&turn.scene(inbound)) {
                turn.state.questions = 0;
                turn.state.fallback_count = 0;
                form::advance(turn, flow, inbound);
            }
        }
        Opening::Unfinished => {
            if let Some(flow) = flows.recording(&turn.scene(inbound)) {
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
    if let Some(flow) = turn.context.flows.opened_by(&turn.scene(&wished)) {
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

/// What was held goes on record too, in the order in which it came; together it may tell what no piece told alone.
fn held(turn: &mut Turn<'_>, moment: &Moment<'_>) {
    let held = std::mem::take(&mut turn.state.held);
    if held.is_empty() {
        return;
    }
    let mut all: Vec<&str> = held.iter().map(|h| h.text.as_str()).collect();
    all.push(moment.heard.text);
    let text = all.join(". ");
    let said = turn.read(&text);
    let heard = Heard {
        text: &text,
        said: &said,
        choice: None,
        title: None,
        own_number: false,
        repeated: false,
    };
    let mut acts = interpret(&heard, None, &turn.state);
    acts.0.retain(|a| a.what != DialogueAct::Narrate);
    mood::feel(turn, &said);
    absorb(turn, moment.id, &heard, &acts, None, Scope::Complaint);
    for piece in &held {
        record::narrate(turn, piece.message, &piece.text);
    }
    let told: usize = held.iter().map(|h| h.text.split_whitespace().count()).sum();
    if told >= 3 && !turn.state.is_filled(Slot::WhatHappened) {
        fill(turn, Slot::WhatHappened, SlotValue::Text(text));
    }
}

/// A complaint: on record from this sentence on.
fn complain(turn: &mut Turn<'_>, moment: &Moment<'_>) {
    turn.state.fallback_count = 0;
    let opened = record::open(turn);
    held(turn, moment);
    intake::keep_acts(turn, moment.id, moment.heard, moment.acts, moment.inbound);
    if turn.state.relation == Relation::Patient && !turn.state.is_filled(Slot::AffectedPerson) {
        fill(turn, Slot::AffectedPerson, SlotValue::Oneself);
    }
    // What the complaint is about decides which questions are worth asking.
    record::write(turn, Some(moment.heard.said));
    let Some(flow) = turn.context.flows.recording(&turn.scene(moment.inbound)) else {
        return;
    };
    if opened {
        turn.say(flow.opening.as_deref().unwrap_or("complaint.started"));
    } else {
        turn.say("complaint.added");
    }
    promise(turn, flow);
    if turn.complaint.as_ref().is_some_and(|c| !c.complete) {
        form::advance(turn, flow, moment.inbound);
    }
}

/// A form that was opened before there was anything to record: its first words open the record.
fn open_record(turn: &mut Turn<'_>, inbound: &Inbound, flow: Option<&Flow>) {
    if turn.complaint.is_some() && !turn.state.closed_by_agent {
        return;
    }
    let questions = turn.state.questions;
    record::open(turn);
    turn.state.questions = questions;
    let better = turn.context.flows.recording(&turn.scene(inbound));
    if let Some(flow) = better.or(flow) {
        turn.say(flow.opening.as_deref().unwrap_or("complaint.started"));
        promise(turn, flow);
    }
}

/// Whether a message has words for a record.
fn begins(acts: &Acts) -> bool {
    acts.narrates() || acts.any(|a| matches!(a, DialogueAct::Answer(..) | DialogueAct::Inform(..)))
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

/// How much of a message is kept, whatever the rules decide; none where only a rule can tell.
fn scope(turn: &Turn<'_>, acts: &Acts, flow: Option<&Flow>, own_number: bool) -> Option<Scope> {
    let aside = |a: &DialogueAct| {
        matches!(
            a,
            DialogueAct::Repetition | DialogueAct::Abuse | DialogueAct::Unclear(_)
        )
    };
    if acts.any(aside) {
        return None;
    }
    let recorded = turn.complaint.is_some() && !turn.state.closed_by_agent;
    match flow {
        Some(flow) if flow.records_complaint => Some(Scope::Complaint),
        Some(_) => Some(Scope::Flow),
        None if recorded && turn.state.status == Status::Queued && acts.narrates() => {
            Some(Scope::Complaint)
        }
        None if recorded => Some(Scope::Additions),
        None if own_number => Some(Scope::Writer),
        None => None,
    }
}

/// What somebody needs besides what the message is mostly about: noted or handed on, so that nothing said in passing is lost.
fn attend(turn: &mut Turn<'_>, moment: &Moment<'_>) {
    let said: &Interpretation = moment.heard.said;
    let new: Vec<Intent> = (said.also.iter().copied())
        .filter(|i| *i != said.intent && !turn.state.wishes.contains(i))
        .collect();
    if new.contains(&Intent::SpeakToHuman) && turn.state.status == Status::Bot {
        turn.state.run = None;
        return queue::bring_in(turn, crate::flow::Occasion::SpeakToHuman);
    }
    let untold = turn.state.run.is_none() && turn.complaint.is_none();
    if new.contains(&Intent::Complaint) && untold {
        complain(turn, moment);
    }
    for wish in new.into_iter().filter(|i| i.is_wish()) {
        if turn.state.run.is_some() || turn.state.status != Status::Bot {
            queue::note_wish(turn, wish);
        } else {
            turn.state.wishes.push(wish);
        }
    }
    carry_out_wish(turn, moment.inbound);
}

/// Goes on with what else was wished, once nothing else is open.
fn carry_out_wish(turn: &mut Turn<'_>, inbound: &Inbound) {
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
        if let Some(flow) = turn.context.flows.opened_by(&turn.scene(&wished)) {
            turn.state.questions = 0;
            if let Some(opening) = &flow.opening {
                turn.say(opening);
            }
            form::advance(turn, flow, &wished);
        }
    }
}

/// Says hello again to somebody who comes back after long, before anything else.
fn welcome_back(turn: &mut Turn<'_>) {
    let away = turn.now().seconds_since(turn.last) >= AWAY;
    if away && turn.state.awaiting().is_some() && turn.state.status == Status::Bot {
        turn.say("session.welcome");
    }
}

/// The button that was pressed, or whose words were typed; and what it says.
fn choice(
    turn: &Turn<'_>,
    inbound: &Inbound,
    ask: Option<&Ask>,
) -> (Option<String>, Option<String>) {
    let phrases = &turn.context.flows.phrases;
    let own = ask.and_then(|a| a.choices.as_deref());
    let waiting = turn.state.queue.is_some().then_some("wait");
    let held = (!turn.state.held.is_empty()).then_some("unclear");
    let idle = ask.is_none().then_some("fallback");
    let groups = || own.into_iter().chain(waiting).chain(held).chain(idle);
    let value = inbound
        .choice
        .clone()
        .or_else(|| groups().find_map(|g| phrases.chosen(&turn.hearer(), g, &inbound.text)));
    let Some(value) = value else {
        return (None, None);
    };
    let title = own.and_then(|g| {
        let key = format!("choice.{g}.{value}");
        let say = || phrases.say(&turn.hearer(), &key, 0, crate::flow::Vars::new);
        phrases.has(&key).then(say)
    });
    (Some(value), title)
}

/// Whether the same words came just before, under another id. Remembers these.
fn repeated(turn: &mut Turn<'_>, inbound: &Inbound) -> bool {
    /// Fewer words are said twice for good reason.
    const FEW: usize = 4;
    if inbound.text.split_whitespace().count() < FEW {
        return false;
    }
    let hash = fingerprint([inbound.text.trim().as_bytes()]);
    let now = turn.now();
    let awaiting = turn.state.awaiting();
    let this = LastText {
        hash,
        awaiting,
        at: now,
    };
    // Whoever is asked once more may insist on the same words.
    let insists = |l: &LastText| awaiting.is_some() && l.awaiting == awaiting;
    let last = turn.state.last_text.replace(this);
    last.is_some_and(|l| l.hash == hash && now.seconds_since(l.at) <= SAME && !insists(&l))
}
