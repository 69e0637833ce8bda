//! The person goes somewhere else than the question led: follow them, and come back.

use super::{
    dialogue::{answer_facts, ask_again, handoff_said, proceed, words},
    draft::Draft,
    status,
};
use crate::{
    domain::{Intent, Signals, Slot, Told, event::Inbound, signals::Cue},
    flow::Flow,
};

/// "Speak to the driver" is what they want done, and no wish to speak to a person.
fn names_whom(slot: Slot, signals: &Signals) -> bool {
    slot == Slot::DesiredOutcome && !signals.entities.staff.is_empty()
}

/// Follows the person where they go instead of answering, and comes back. Whether they did.
pub(super) fn digressed(draft: &mut Draft<'_>, flow: &Flow, slot: Slot, inbound: &Inbound) -> bool {
    let signals = &inbound.signals;
    let telling = matches!(
        slot,
        Slot::WhatHappened | Slot::AnythingElse | Slot::DesiredOutcome
    );
    let short = words(inbound) <= 14;
    if signals.has(Cue::AlreadyTold) && short && signals.entities.dates.is_empty() {
        // Being asked twice is what they came away from: let it go at once.
        draft.say("complaint.asked_twice");
        draft
            .state
            .told
            .entry(slot)
            .or_insert_with(|| Told::declined(inbound.text.trim()));
        proceed(draft, flow, inbound);
        return true;
    } else if signals.has(Cue::AsksIfBot) && short {
        draft.say("bot.honest");
    } else if signals.intent == Intent::SpeakToHuman
        && !(telling && words(inbound) > 12)
        && !names_whom(slot, signals)
    {
        draft.state.run = None;
        handoff_said(draft, "front desk", "speak_to_human");
        return true;
    } else if (signals.has(Cue::GivesUp) || signals.intent == Intent::Goodbye)
        && words(inbound) <= if telling { 4 } else { 10 }
        && !(slot == Slot::AnythingElse && signals.has(Cue::NothingMore))
    {
        give_up(draft);
        return true;
    } else if signals.has(Cue::AsksWhy) && short && !(telling && words(inbound) > 8)
        || puzzled(inbound)
    {
        let key = format!("why.{}", slot.name());
        let known = draft.context.flows.phrases.has(&key);
        draft.say(if known { &key } else { "why.other" });
    } else if signals.has(Cue::AsksAboutPatient) && !signals.has(Cue::TellsStory) {
        draft.say("privacy");
    } else if signals.has(Cue::AsksStanding) && signals.has(Cue::Question) && short {
        draft.say("standing.told");
    } else if signals.intent == Intent::Information
        && signals.has(Cue::Question)
        && short
        && !telling
    {
        answer_facts(draft, inbound);
    } else if signals.intent == Intent::Status
        && slot != Slot::Reference
        && !telling
        && short
        && inbound.signals.has(Cue::Question)
    {
        status::tell(draft, inbound);
    } else if matches!(signals.intent, Intent::Greeting | Intent::Thanks)
        && words(inbound) <= 3
        && slot != Slot::AnythingElse
        && signals.entities.self_name.is_none()
        && !signals.has(Cue::No)
    {
        // A hello or a thank-you in between is no answer.
    } else {
        return false;
    }
    ask_again(draft, flow, slot, inbound);
    true
}

/// "Who?", "what do you mean?", "?": the question was not clear.
fn puzzled(inbound: &Inbound) -> bool {
    let entities = &inbound.signals.entities;
    let tells = !entities.dates.is_empty()
        || !entities.references.is_empty()
        || entities.self_name.is_some();
    let says_something = inbound.text.chars().any(char::is_alphanumeric);
    !tells && (!says_something || inbound.signals.has(Cue::Question) && words(inbound) <= 4)
}

fn give_up(draft: &mut Draft<'_>) {
    draft.state.run = None;
    draft.say(if draft.complaint.is_some() {
        "complaint.given_up"
    } else {
        "goodbye.reply"
    });
}
