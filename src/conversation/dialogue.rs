//! The bot's part of the talk: take the answer, follow the person where they go, come back, ask for the first thing that is still missing.

use super::{
    answer::{self, Outcome},
    digress::digressed,
    draft::Draft,
    handoff, listen, repair, status,
    waiting::{choose_waiting, waiting_choice},
};
use crate::{
    domain::{
        Intent, MessageId, Relation, Slot, Status, Told,
        conversation::{FlowRun, Waiting},
        event::{Inbound, TimerKind},
        signals::Cue,
    },
    flow::{Action, Ask, Flow, Kind, Team, Vars, is_upset},
};

/// Hears a message that the bot is to answer.
pub(super) fn hear(draft: &mut Draft<'_>, id: MessageId, inbound: &Inbound) {
    if let Some(why) = inbound.unkept.first() {
        draft.say(&format!("attachment.{}", why.name()));
        if wordless(inbound) && inbound.attachments.is_empty() {
            return put_open_question(draft);
        }
    }
    repair::welcome_back(draft);
    if repair::answered(draft, id, inbound) {
        return;
    }
    repair::answer_in_passing(draft, inbound);
    let awaiting = draft.state.run.as_ref().and_then(|run| {
        let flow = draft.context.flows.by_name(&run.flow)?;
        Some((flow, run.awaiting?))
    });
    match awaiting {
        Some((flow, slot)) => answer_to(draft, flow, slot, id, inbound),
        None => fresh(draft, id, inbound),
    }
    repair::attend(draft, id, inbound);
}

pub(super) fn words(inbound: &Inbound) -> usize {
    inbound.text.split_whitespace().count()
}

fn wordless(inbound: &Inbound) -> bool {
    inbound
        .text
        .chars()
        .all(|c| c.is_whitespace() || c.is_control())
        && inbound.choice.is_none()
}

/// The bot has asked for something.
fn answer_to(draft: &mut Draft<'_>, flow: &Flow, slot: Slot, id: MessageId, inbound: &Inbound) {
    if let Some(waiting) = waiting_choice(draft, inbound) {
        return choose_waiting(draft, waiting, inbound);
    }
    if wordless(inbound) {
        let key = if inbound.attachments.is_empty() {
            "empty"
        } else {
            "attachment.received"
        };
        if draft.complaint.is_some() {
            listen::settle(draft, inbound);
        }
        draft.say(key);
        return ask_again(draft, flow, slot, inbound);
    }
    if inbound.own_number && slot != Slot::ContactMethod {
        note_number(draft, inbound);
        return ask_again(draft, flow, slot, inbound);
    }
    let Some(ask) = flow.collect.iter().find(|a| a.slot == slot) else {
        return proceed(draft, flow, inbound);
    };
    // "Mrs Hale", who says how she is called, is nobody to complain of.
    let mut own = inbound.clone();
    if slot == Slot::ComplainantName {
        own.signals.entities.staff.clear();
    }
    let inbound = &own;
    if inbound.choice.is_none() {
        if listen::puts_right(draft, flow, ask, inbound) {
            return;
        }
        if inbound.signals.bare && told_otherwise(draft, flow, slot, inbound) {
            return;
        }
        if digressed(draft, flow, slot, id, inbound) {
            return;
        }
        if flow.records_complaint {
            listen::pick_up(draft, inbound);
            if tells_more(draft, flow, slot, id, inbound) {
                return;
            }
        }
    }
    match answer::take(draft, ask, inbound) {
        Outcome::Taken => taken(draft, flow, ask, id, inbound),
        Outcome::AskAgain => {
            if let Some(broken) = inbound.signals.entities.broken_references.first() {
                let vars = Vars::from([("reference", broken.text.clone().into())]);
                draft.say_with("status.mistyped", vars);
                count_asking(draft);
                return;
            }
            ask_again(draft, flow, slot, inbound);
        }
        Outcome::NotOfItsKind => {
            let key = format!("{}.check", ask.phrase);
            draft.say(&key);
            count_asking(draft);
        }
    }
}

/// An answer was taken: it may have told more than was asked.
fn taken(draft: &mut Draft<'_>, flow: &Flow, ask: &Ask, id: MessageId, inbound: &Inbound) {
    if flow.records_complaint {
        let slot = ask.slot;
        let story = slot == Slot::WhatHappened
            || slot == Slot::AnythingElse && !draft.state.told[&slot].declined
            || inbound.signals.has(Cue::TellsStory) && slot != Slot::DesiredOutcome;
        if story {
            listen::narrate(draft, id, inbound);
        }
        listen::settle(draft, inbound);
    }
    if let Some(run) = &mut draft.state.run {
        run.last = Some(ask.slot);
    }
    proceed(draft, flow, inbound);
}

/// "This is a disgrace", in answer to "when?": it belongs to the story, and the question stays, once.
fn tells_more(
    draft: &mut Draft<'_>,
    flow: &Flow,
    slot: Slot,
    id: MessageId,
    inbound: &Inbound,
) -> bool {
    let asks_for_a_thing = matches!(
        slot,
        Slot::IncidentWhen | Slot::ContactMethod | Slot::ComplainantName
    );
    let first = draft.state.run.as_ref().is_some_and(|r| r.asked < 2);
    let more = asks_for_a_thing
        && first
        && inbound.signals.intent == Intent::Complaint
        && words(inbound) >= 4
        && !listen::answers(inbound, slot)
        && ![Cue::Skip, Cue::DontKnow, Cue::No, Cue::Anonymous]
            .iter()
            .any(|c| inbound.signals.has(*c));
    if more {
        listen::narrate(draft, id, inbound);
        listen::settle(draft, inbound);
        draft.say("complaint.noted");
        ask_again(draft, flow, slot, inbound);
    }
    more
}

/// The message tells something else that is missing ("my e-mail is …", when asked what should come of it) and nothing besides: taken, and the question stays.
fn told_otherwise(draft: &mut Draft<'_>, flow: &Flow, slot: Slot, inbound: &Inbound) -> bool {
    let before = draft.state.told.clone();
    if flow.records_complaint {
        listen::pick_up(draft, inbound);
    } else {
        listen::pick_up_writer(draft, inbound);
    }
    if listen::answers(inbound, slot) {
        return false;
    }
    let news = |(told, text): (&Slot, &Told)| *told != slot && before.get(told) != Some(text);
    if !draft.state.told.iter().any(news) {
        return false;
    }
    listen::settle(draft, inbound);
    draft.say("complaint.noted");
    // Not a question put in vain: it is not counted.
    put_question(draft, flow, slot, false);
    true
}

/// Their own number, shared by the channel's own means: how to reach them, whatever was asked.
fn note_number(draft: &mut Draft<'_>, inbound: &Inbound) {
    if let Some(number) = listen::reach(inbound) {
        let told = &mut draft.state.told;
        told.insert(Slot::ContactMethod, Told::words(number));
    }
    if draft.complaint.is_some() {
        listen::settle(draft, inbound);
    }
    draft.say("contact.noted");
}

fn count_asking(draft: &mut Draft<'_>) {
    if let Some(run) = &mut draft.state.run {
        run.asked = run.asked.saturating_add(1);
    }
}

/// Asks for the same thing once more; after the third time it is let go, since nobody wants to be pressed.
pub(super) fn ask_again(draft: &mut Draft<'_>, flow: &Flow, slot: Slot, inbound: &Inbound) {
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

/// Puts the open question once more, where there is one.
pub(super) fn put_open_question(draft: &mut Draft<'_>) {
    let open = draft.state.run.as_ref().and_then(|run| {
        let flow = draft.context.flows.by_name(&run.flow)?;
        Some((flow, run.awaiting?))
    });
    if let Some((flow, slot)) = open {
        put_question(draft, flow, slot, true);
    }
}

/// Puts a question; `again` where it was put before, in other words if the book has any.
pub(super) fn put_question(draft: &mut Draft<'_>, flow: &Flow, slot: Slot, again: bool) {
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
fn next_ask<'f>(draft: &Draft<'_>, flow: &'f Flow, inbound: &Inbound) -> Option<&'f Ask> {
    let mut missing: Vec<&Ask> = flow
        .collect
        .iter()
        .filter(|ask| {
            let skip = ask.skip_if.as_deref();
            !draft.state.told.contains_key(&ask.slot)
                && !skip.is_some_and(|c| draft.holds(c, inbound))
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
pub(super) fn proceed(draft: &mut Draft<'_>, flow: &Flow, inbound: &Inbound) {
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
pub(super) fn handoff_said(draft: &mut Draft<'_>, team: &Team, reason: &str) {
    if draft.state.status != Status::Queued {
        handoff::hand_over(draft, team, reason);
    } else if !draft.has_spoken() {
        draft.say("handoff.already");
        draft.offer("wait");
    }
}

/// What the facts file says of a topic, in the person's language.
fn fact(draft: &Draft<'_>, topic: &str) -> Option<minijinja::Value> {
    let topic = draft.context.flows.facts.topics.get(topic)?;
    // Our own text, which may have lines.
    Some(minijinja::Value::from_safe_string(
        topic.answer.in_language(&draft.state.language).to_owned(),
    ))
}

fn tell(draft: &mut Draft<'_>, topic: &str) {
    if let Some(answer) = fact(draft, topic) {
        draft.say_with("facts.answer", Vars::from([("answer", answer)]));
    }
}

pub(super) fn answer_facts(draft: &mut Draft<'_>, inbound: &Inbound) {
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

pub(super) fn offer_fallback(draft: &mut Draft<'_>) {
    draft.offer("fallback");
}

/// Nothing is open: what may I do for you?
pub(super) fn offer_help(draft: &mut Draft<'_>) {
    draft.say("help.short");
    draft.offer("fallback");
}

/// Nothing was asked: the message says where to go.
fn fresh(draft: &mut Draft<'_>, id: MessageId, inbound: &Inbound) {
    let signals = &inbound.signals;
    if let Some(waiting) = waiting_choice(draft, inbound) {
        return choose_waiting(draft, waiting, inbound);
    }
    if inbound.own_number {
        return note_number(draft, inbound);
    }
    let typed = || {
        let phrases = &draft.context.flows.phrases;
        phrases.chosen(&draft.hearer(), "fallback", &inbound.text)
    };
    if let Some(choice) = inbound.choice.clone().or_else(typed) {
        return match choice.as_str() {
            "complaint" => start_complaint(draft, id, inbound),
            "information" => draft.say("information.ask"),
            "speak_to_human" => handoff_said(draft, &handoff::front_desk(), "speak_to_human"),
            _ => not_understood(draft, id, inbound),
        };
    }
    if wordless(inbound) {
        return match (inbound.attachments.is_empty(), draft.complaint.is_some()) {
            (true, _) => draft.say("empty"),
            (false, true) => {
                listen::settle(draft, inbound);
                draft.say("attachment.received");
            }
            (false, false) => draft.say("attachment.alone"),
        };
    }
    if signals.has(Cue::AsksIfBot) && words(inbound) <= repair::SHORT {
        draft.state.misunderstood = 0;
        return draft.say("bot.honest");
    }
    if signals.has(Cue::AsksAboutPatient) && !signals.has(Cue::TellsStory) {
        draft.state.misunderstood = 0;
        return draft.say("privacy");
    }
    if signals.has(Cue::AsksStanding)
        && signals.intent != Intent::SpeakToHuman
        && !signals.has(Cue::TellsStory)
    {
        draft.say("standing");
        return start_complaint(draft, id, inbound);
    }
    if signals.intent == Intent::Complaint {
        return start_complaint(draft, id, inbound);
    }
    if draft.complaint.is_some() && listen::adds(draft, inbound) {
        // "I forgot: it was Denise, and my number is …", after all was said.
        return;
    }
    match draft.context.flows.opened_by(&draft.scene(inbound)) {
        Some(flow) => open_flow(draft, flow, inbound),
        None => not_understood(draft, id, inbound),
    }
}

/// Opens a flow that records no complaint: what the message tells of its slots is taken at once.
pub(super) fn open_flow(draft: &mut Draft<'_>, flow: &Flow, inbound: &Inbound) {
    draft.state.misunderstood = 0;
    let entities = &inbound.signals.entities;
    draft
        .state
        .told
        .retain(|slot, _| !matches!(slot, Slot::Own(_) | Slot::Reference));
    listen::pick_up_writer(draft, inbound);
    if let Some(reference) = entities.references.first() {
        let told = Told::words(&reference.text);
        draft.state.told.insert(Slot::Reference, told);
    } else if !entities.broken_references.is_empty() {
        draft.state.told.insert(Slot::Reference, Told::declined(""));
    }
    for ask in &flow.collect {
        let own = matches!(ask.slot, Slot::Own(_));
        if let Some(value) = told_in_passing(ask, inbound).filter(|_| own) {
            draft.state.told.insert(ask.slot, Told::words(value));
        }
    }
    if let Some(opening) = &flow.opening {
        draft.say(opening);
    }
    draft.state.questions = 0;
    draft.state.spared = false;
    proceed(draft, flow, inbound);
}

/// From how many words on a message that opens a flow says what it is about, too.
const ENOUGH: usize = 6;

/// What a message tells for a slot that it was not asked for, by the slot's type.
fn told_in_passing(ask: &Ask, inbound: &Inbound) -> Option<String> {
    let entities = &inbound.signals.entities;
    match ask.kind {
        Kind::Text => {
            (ask.from_opening && words(inbound) >= ENOUGH).then(|| inbound.text.trim().to_owned())
        }
        Kind::Dates => entities.dates.first().map(|d| d.text.clone()),
        Kind::Place => entities.places.first().map(|p| p.text.clone()),
        Kind::Contact => listen::reach(inbound),
        Kind::Name => entities.self_name.as_ref().map(|n| n.text.clone()),
        Kind::Choice | Kind::Person | Kind::YesNo | Kind::Number => None,
    }
}

/// A complaint: on record from this sentence on.
pub(super) fn start_complaint(draft: &mut Draft<'_>, id: MessageId, inbound: &Inbound) {
    draft.state.misunderstood = 0;
    let opened = listen::open_record(draft);
    listen::pick_up(draft, inbound);
    if draft.state.relation == Relation::Patient {
        draft
            .state
            .told
            .entry(Slot::AffectedPerson)
            .or_insert_with(|| Told::words("self"));
    }
    listen::narrate(draft, id, inbound);
    listen::settle(draft, inbound);
    let Some(flow) = draft.context.flows.recording(&draft.scene(inbound)) else {
        return;
    };
    if opened {
        draft.say(flow.opening.as_deref().unwrap_or("complaint.started"));
    } else {
        draft.say("complaint.added");
    }
    promise(draft, flow);
    if draft.complaint.as_ref().is_some_and(|c| !c.complete) {
        proceed(draft, flow, inbound);
    }
}

/// Sets the clock by which a named person was promised.
fn promise(draft: &mut Draft<'_>, flow: &Flow) {
    let Some((clock, _)) = &flow.timers.promise else {
        return;
    };
    let due = draft.complaint.as_ref().and_then(|c| {
        let deadline = c.deadlines.iter().find(|d| d.name == *clock)?;
        deadline.met_at.is_none().then_some(deadline.due_at)
    });
    if let Some(due) = due.filter(|d| draft.state.timers.get(&TimerKind::PromiseDue) != Some(d)) {
        draft.set_timer(TimerKind::PromiseDue, due);
    }
}

/// An offer the first time, a person the second; while somebody waits for a person, their words are kept for that person.
fn not_understood(draft: &mut Draft<'_>, id: MessageId, inbound: &Inbound) {
    if draft.state.status == Status::Queued {
        if draft.complaint.is_some() && words(inbound) > 2 {
            listen::narrate(draft, id, inbound);
            listen::pick_up(draft, inbound);
            listen::settle(draft, inbound);
        }
        if inbound.signals.has(Cue::Question) {
            // "How long will it take?": an honest word, not a receipt.
            draft.say("handoff.already");
            return draft.offer("wait");
        }
        return draft.say("queue.added");
    }
    draft.state.misunderstood = draft.state.misunderstood.saturating_add(1);
    if draft.state.misunderstood >= 2 {
        draft.say("fallback.person");
        handoff::hand_over(draft, &handoff::front_desk(), "not_understood");
    } else {
        draft.say("fallback.first");
        draft.offer("fallback");
    }
}
