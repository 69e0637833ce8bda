//! The person goes somewhere else than the question led: follow them, and come back.

use super::{
    asking::{answer_facts, ask_again, handoff_said, proceed},
    dialogue::{self, words},
    handoff, listen,
    opening::{open_flow, start_complaint},
    repair::{SHORT, note_wish},
    status,
    turn::Turn,
};
use crate::{
    domain::{Intent, Interpretation, MessageId, Slot, Told, event::Inbound, interpretation::Cue},
    flow::Flow,
};

/// "Speak to the driver" is what they want done, and no wish to speak to a person.
fn names_whom(slot: Slot, signals: &Interpretation) -> bool {
    slot == Slot::DesiredOutcome && !signals.entities.staff.is_empty()
}

/// Follows the person where they go instead of answering, and comes back. Whether they did.
pub(super) fn digressed(
    draft: &mut Turn<'_>,
    flow: &Flow,
    slot: Slot,
    id: MessageId,
    inbound: &Inbound,
) -> bool {
    let signals = &inbound.signals;
    let telling = matches!(
        slot,
        Slot::WhatHappened | Slot::AnythingElse | Slot::DesiredOutcome
    );
    let short = words(inbound) <= SHORT;
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
        handoff_said(draft, &handoff::front_desk(), "speak_to_human");
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
    } else if changes_subject(draft, flow, slot, id, inbound) {
        return true;
    } else if signals.intent == Intent::Information
        && (signals.has(Cue::Question) || signals.entities.topic.is_some())
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

/// Something else altogether: in the middle of a complaint it is noted and the question stays; in the middle of anything else it is gone along with, since minds change.
fn changes_subject(
    draft: &mut Turn<'_>,
    flow: &Flow,
    slot: Slot,
    id: MessageId,
    inbound: &Inbound,
) -> bool {
    let signals = &inbound.signals;
    if flow.records_complaint {
        // "Bill" is a name, too.
        let wish = signals.intent.is_wish()
            && (4..=SHORT).contains(&words(inbound))
            && !listen::answers(inbound, slot)
            && !matches!(slot, Slot::WhatHappened | Slot::DesiredOutcome);
        if wish {
            listen::pick_up_writer(draft, inbound);
            listen::settle(draft, inbound);
            if !draft.state.wishes.contains(&signals.intent) {
                draft.state.wishes.push(signals.intent);
            }
            note_wish(draft, signals.intent);
            ask_again(draft, flow, slot, inbound);
        }
        return wish;
    }
    if signals.intent == Intent::Complaint && signals.has(Cue::TellsStory) {
        draft.state.run = None;
        start_complaint(draft, id, inbound);
        return true;
    }
    let other = signals.intent.is_wish() || signals.intent == Intent::Complaint;
    if !other || words(inbound) < 3 || listen::answers(inbound, slot) {
        return false;
    }
    let opened = draft.context.flows.opened_by(&draft.scene(inbound));
    match opened {
        Some(next) if next.records_complaint => {
            draft.state.run = None;
            start_complaint(draft, id, inbound);
            true
        }
        Some(next) if next.name != flow.name => {
            draft.state.run = None;
            open_flow(draft, next, inbound);
            true
        }
        _ => false,
    }
}

/// "Who?", "what do you mean?", "?": the question was not clear.
fn puzzled(inbound: &Inbound) -> bool {
    let entities = &inbound.signals.entities;
    let tells = !entities.dates.is_empty()
        || !entities.references.is_empty()
        || entities.topic.is_some()
        || entities.self_name.is_some();
    let says_something = inbound.text.chars().any(char::is_alphanumeric);
    !tells && (!says_something || inbound.signals.has(Cue::Question) && words(inbound) <= 4)
}

fn give_up(draft: &mut Turn<'_>) {
    draft.state.run = None;
    draft.cancel_timer(crate::domain::event::TimerKind::Silence);
    if draft.complaint.is_some() {
        draft.say("complaint.given_up");
        // What is on record is read by a person, whether or not it was finished.
        handoff::pass_on(
            draft,
            &handoff::team("complaints team"),
            "given_up",
            crate::domain::conversation::Waiting::Later,
        );
    } else {
        draft.say("cancelled");
        dialogue::offer_fallback(draft);
    }
}
