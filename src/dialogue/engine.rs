//! The one loop: interpret, keep what is told, the first rule that fits, what follows from it, the record, the next
//! question.

use super::{
    absorb::{Absorbed, Scope, absorb},
    acts::{Acts, DialogueAct},
    form,
    heard::Heard,
    intake,
    interpret::interpret,
    opening, policy, queue, record,
    rule::{Moment, Rule, Then},
    turn::Turn,
};
use crate::{
    domain::{
        Intent, Interpretation, LastText, MessageId, Status,
        event::{Inbound, Unkept},
        fingerprint,
        interpretation::Clause,
    },
    flow::{Ask, Flow},
};

/// Seconds after which somebody who comes back is welcomed.
const AWAY: i64 = 12 * 3600;

/// Seconds within which the same words under another id are the same message.
const SAME: i64 = 15 * 60;

/// Hears a message that the bot is to answer.
pub(super) fn hear(turn: &mut Turn<'_>, id: MessageId, inbound: &Inbound) {
    let mut unkept = inbound.unkept.iter();
    // What is still to come is spoken of only where nothing else was sent.
    let alone = inbound.text.trim().is_empty() && inbound.attachments.is_empty();
    if let Some(why) = unkept.find(|why| alone || **why != Unkept::Awaited) {
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
    let (repeated, insists) = said_before(turn, inbound);
    let heard = Heard {
        text: &inbound.text,
        said: &inbound.signals,
        choice: choice.as_deref(),
        title: title.as_deref(),
        own_number: inbound.own_number,
        repeated,
        insists,
        answers: Some(&turn.context.flows.answers),
    };
    let acts = interpret(&heard, asked.map(|(_, a)| a), &turn.state);
    let scope = scope(turn, &heard, &acts, asked.map(|(f, _)| f));
    let absorbed = match scope {
        Some(scope) => {
            if scope == Scope::Complaint && begins(&acts) {
                opening::open_record(turn, inbound, asked.map(|(f, _)| f));
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

/// The flow was changed under the talk, and the question that is open is not in it any more: what was said is kept, and
/// it goes on from what is known.
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
                opening::carry_out_wish(turn, inbound);
            }
        }
        Then::Complain => opening::complain(turn, moment),
        Then::Open(opening) => opening::open(turn, moment, &opening),
        Then::Handoff(occasion) => queue::bring_in(turn, occasion),
    }
}

/// Whether a message has words for a record.
fn begins(acts: &Acts) -> bool {
    acts.narrates() || acts.any(|a| matches!(a, DialogueAct::Answer(..) | DialogueAct::Inform(..)))
}

/// Whether a message asks for a person, and tells of nothing beside it.
fn only_wants_a_person(heard: &Heard<'_>) -> bool {
    let tells = |c: &Clause| c.past && !c.wishes && !c.asks;
    heard.said.intent == Intent::SpeakToHuman && !heard.said.clauses.iter().any(tells)
}

/// How much of a message is kept, whatever the rules decide; none where only a rule can tell.
fn scope(turn: &Turn<'_>, heard: &Heard<'_>, acts: &Acts, flow: Option<&Flow>) -> Option<Scope> {
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
    let added_to = turn.state.status == Status::Queued || turn.state.shares_record();
    match flow {
        Some(flow) if flow.records_complaint => Some(Scope::Complaint),
        Some(_) => Some(Scope::Flow),
        // "I want to speak to a person" adds nothing to what happened.
        None if recorded && added_to && acts.narrates() && !only_wants_a_person(heard) => {
            Some(Scope::Complaint)
        }
        None if recorded => Some(Scope::Additions),
        None => Some(Scope::Writer),
    }
}

/// What somebody needs besides what the message is mostly about: noted or handed on, so that nothing said in passing is
/// lost.
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
        opening::complain(turn, moment);
    }
    for wish in new.into_iter().filter(|i| i.is_wish()) {
        if turn.state.run.is_some() || turn.state.status != Status::Bot {
            queue::note_wish(turn, wish);
        } else {
            turn.state.wishes.push(wish);
        }
    }
    opening::carry_out_wish(turn, moment.inbound);
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
        .or_else(|| groups().find_map(|g| phrases.chosen(&turn.audience(), g, &inbound.text)));
    let Some(value) = value else {
        return (None, None);
    };
    let title = own.and_then(|g| {
        let key = format!("choice.{g}.{value}");
        let say = || phrases.say(&turn.audience(), &key, 0, crate::flow::Vars::new);
        phrases.has(&key).then(say)
    });
    (Some(value), title)
}

/// Whether the same words came just before, under another id: in vain, or because the same was asked once more.
/// Remembers these.
fn said_before(turn: &mut Turn<'_>, inbound: &Inbound) -> (bool, bool) {
    /// Fewer words are said twice for good reason.
    const FEW: usize = 4;
    let hash = fingerprint([inbound.text.trim().as_bytes()]);
    let now = turn.now();
    let awaiting = turn.state.awaiting();
    let this = LastText {
        hash,
        awaiting,
        at: now,
    };
    let Some(last) = turn.state.last_text.replace(this) else {
        return (false, false);
    };
    let same = last.hash == hash && now.seconds_since(last.at) <= SAME;
    let insists = same && awaiting.is_some() && last.awaiting == awaiting;
    let many = inbound.text.split_whitespace().count() >= FEW;
    (same && many && !insists, insists)
}
