//! The bot's part of the talk: take the answer, follow the person where they go, come back, ask for the first thing that is still missing.

use super::{
    answer::{self, Outcome},
    asking::{
        ask_again, count_asking, handoff_said, open_question, proceed, put_open_question,
        put_question,
    },
    digress::digressed,
    handoff, listen,
    opening::{open_flow, start_complaint},
    repair,
    turn::Turn,
    waiting::{choose_waiting, waiting_choice},
};
use crate::{
    domain::{Intent, MessageId, Slot, Status, Told, event::Inbound, interpretation::Cue},
    flow::{Ask, Flow, Vars},
};

/// Hears a message that the bot is to answer.
pub(super) fn hear(draft: &mut Turn<'_>, id: MessageId, inbound: &Inbound) {
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
    match open_question(draft) {
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
fn answer_to(draft: &mut Turn<'_>, flow: &Flow, slot: Slot, id: MessageId, inbound: &Inbound) {
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
fn taken(draft: &mut Turn<'_>, flow: &Flow, ask: &Ask, id: MessageId, inbound: &Inbound) {
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
    draft: &mut Turn<'_>,
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
fn told_otherwise(draft: &mut Turn<'_>, flow: &Flow, slot: Slot, inbound: &Inbound) -> bool {
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
fn note_number(draft: &mut Turn<'_>, inbound: &Inbound) {
    if let Some(number) = listen::reach(inbound) {
        let told = &mut draft.state.told;
        told.insert(Slot::ContactMethod, Told::words(number));
    }
    if draft.complaint.is_some() {
        listen::settle(draft, inbound);
    }
    draft.say("contact.noted");
}

pub(super) fn offer_fallback(draft: &mut Turn<'_>) {
    draft.offer("fallback");
}

/// Nothing is open: what may I do for you?
pub(super) fn offer_help(draft: &mut Turn<'_>) {
    draft.say("help.short");
    draft.offer("fallback");
}

/// Nothing was asked: the message says where to go.
fn fresh(draft: &mut Turn<'_>, id: MessageId, inbound: &Inbound) {
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

/// An offer the first time, a person the second; while somebody waits for a person, their words are kept for that person.
fn not_understood(draft: &mut Turn<'_>, id: MessageId, inbound: &Inbound) {
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
