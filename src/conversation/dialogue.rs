//! The bot's part of the talk: take the answer, follow the person where they go, come back, ask for the first thing that is still missing.

use super::{
    answer::{self, Outcome},
    digress::digressed,
    draft::Draft,
    handoff, listen, status,
    waiting::{choose_waiting, waiting_choice},
};
use crate::{
    domain::{
        Intent, MessageId, Relation, Slot, Status, Told,
        conversation::{FlowRun, Waiting},
        event::Inbound,
        signals::Cue,
    },
    flow::{Action, Flow, Vars},
};

/// Hears a message that the bot is to answer.
pub(super) fn hear(draft: &mut Draft<'_>, id: MessageId, inbound: &Inbound) {
    if let Some(why) = inbound.unkept.first() {
        draft.say(&format!("attachment.{}", why.name()));
        if wordless(inbound) && inbound.attachments.is_empty() {
            return put_open_question(draft);
        }
    }
    let awaiting = draft.state.run.as_ref().and_then(|run| {
        let flow = draft.context.flows.by_name(&run.flow)?;
        Some((flow, run.awaiting?))
    });
    match awaiting {
        Some((flow, slot)) => answer_to(draft, flow, slot, id, inbound),
        None => fresh(draft, id, inbound),
    }
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
    if inbound.choice.is_none() && digressed(draft, flow, slot, inbound) {
        return;
    }
    let Some(ask) = flow.collect.iter().find(|a| a.slot == slot) else {
        return proceed(draft, flow, inbound);
    };
    let corrected =
        flow.records_complaint && inbound.choice.is_none() && listen::pick_up(draft, inbound);
    // "actually it was Wednesday": puts something else right, and does not answer what was asked.
    let answers_too = slot == Slot::IncidentWhen && !inbound.signals.entities.dates.is_empty();
    if corrected && words(inbound) <= 14 && !answers_too {
        listen::settle(draft, inbound);
        draft.say("complaint.corrected");
        return ask_again(draft, flow, slot, inbound);
    }
    match answer::take(draft, ask, inbound) {
        Outcome::Taken => {
            let story = slot == Slot::WhatHappened
                || slot == Slot::AnythingElse && !draft.state.told[&slot].declined
                || inbound.signals.has(Cue::TellsStory) && slot != Slot::DesiredOutcome;
            if flow.records_complaint && story {
                listen::narrate(draft, id, inbound);
            }
            if flow.records_complaint {
                listen::settle(draft, inbound);
            }
            proceed(draft, flow, inbound);
        }
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
    put_question(draft, flow, slot);
}

/// Puts the open question once more, where there is one.
pub(super) fn put_open_question(draft: &mut Draft<'_>) {
    let open = draft.state.run.as_ref().and_then(|run| {
        let flow = draft.context.flows.by_name(&run.flow)?;
        Some((flow, run.awaiting?))
    });
    if let Some((flow, slot)) = open {
        put_question(draft, flow, slot);
    }
}

fn put_question(draft: &mut Draft<'_>, flow: &Flow, slot: Slot) {
    if let Some(ask) = flow.collect.iter().find(|a| a.slot == slot) {
        draft.say(&ask.phrase);
        if let Some(group) = &ask.choices {
            draft.offer(group);
        }
    }
}

/// Asks for the first thing that is still missing; where nothing is, does what comes then.
pub(super) fn proceed(draft: &mut Draft<'_>, flow: &Flow, inbound: &Inbound) {
    for ask in &flow.collect {
        if draft.state.told.contains_key(&ask.slot)
            || ask
                .skip_if
                .as_deref()
                .is_some_and(|c| draft.holds(c, &inbound.signals))
        {
            continue;
        }
        draft.state.run = Some(FlowRun {
            flow: flow.name.clone(),
            awaiting: Some(ask.slot),
            asked: 1,
        });
        return put_question(draft, flow, ask.slot);
    }
    draft.state.run = None;
    if flow.records_complaint {
        if let Some(complaint) = &mut draft.complaint {
            complaint.complete = true;
        }
        listen::settle(draft, inbound);
    }
    for action in &flow.then {
        match action {
            Action::Say(key) => draft.say(key),
            Action::Handoff(team) => handoff_said(draft, team, &flow.name),
            Action::PassOn(team) => handoff::pass_on(draft, team, &flow.name, Waiting::Later),
            Action::CallBack(team) => {
                handoff::pass_on(draft, team, &flow.name, Waiting::Callback);
            }
            Action::AnswerFacts => answer_facts(draft, inbound),
            Action::AnswerStatus => status::tell(draft, inbound),
        }
    }
}

/// To a person. Whoever asked for one while one is coming already is told so, unless something was said to them already.
pub(super) fn handoff_said(draft: &mut Draft<'_>, team: &str, reason: &str) {
    if draft.state.status != Status::Queued {
        handoff::hand_over(draft, team, reason);
    } else if !draft.has_spoken() {
        draft.say("handoff.already");
        draft.offer("wait");
    }
}

pub(super) fn answer_facts(draft: &mut Draft<'_>, inbound: &Inbound) {
    let topic = inbound.signals.entities.topic.as_deref();
    let answer = topic
        .and_then(|t| draft.context.flows.facts.topics.get(t))
        .map(|t| t.answer.clone());
    if let Some(answer) = answer {
        draft.say_with("facts.answer", Vars::from([("answer", answer.into())]));
    } else if draft.state.status == Status::Queued {
        // "How long will it take?" and whatever else is asked while a person is awaited.
        draft.say("handoff.already");
    } else {
        draft.say("facts.unknown");
        draft.offer("fallback");
    }
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
    if let Some(choice) = inbound.choice.as_deref() {
        return match choice {
            "complaint" => start_complaint(draft, id, inbound),
            "information" => draft.say("information.ask"),
            "speak_to_human" => handoff_said(draft, "front desk", "speak_to_human"),
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
    if signals.has(Cue::AsksIfBot) && words(inbound) <= 14 {
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
    match draft.context.flows.opened_by(signals, &draft.state) {
        Some(flow) => {
            draft.state.misunderstood = 0;
            for slot in [Slot::ContactMethod, Slot::ComplainantName] {
                let value = match slot {
                    Slot::ContactMethod => listen::reach(inbound),
                    _ => signals.entities.self_name.as_ref().map(|n| n.text.clone()),
                };
                if let Some(value) = value {
                    draft.state.told.insert(slot, Told::words(value));
                }
            }
            draft.state.told.remove(&Slot::Reference);
            if let Some(reference) = signals.entities.references.first() {
                draft
                    .state
                    .told
                    .insert(Slot::Reference, Told::words(&reference.text));
            } else if !signals.entities.broken_references.is_empty() {
                draft.state.told.insert(Slot::Reference, Told::declined(""));
            }
            proceed(draft, flow, inbound);
        }
        None => not_understood(draft, id, inbound),
    }
}

/// A complaint: on record from this sentence on.
pub(super) fn start_complaint(draft: &mut Draft<'_>, id: MessageId, inbound: &Inbound) {
    draft.state.misunderstood = 0;
    let opened = listen::open_record(draft);
    let Some(flow) = draft
        .context
        .flows
        .flows
        .iter()
        .find(|f| f.records_complaint)
    else {
        return;
    };
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
    if opened {
        draft.say("complaint.started");
    } else {
        draft.say("complaint.added");
    }
    if draft.complaint.as_ref().is_some_and(|c| !c.complete) {
        proceed(draft, flow, inbound);
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
        handoff::hand_over(draft, "front desk", "not_understood");
    } else {
        draft.say("fallback.first");
        draft.offer("fallback");
    }
}
