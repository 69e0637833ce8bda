//! What people do beside answering, in every flow and between flows: anger, abuse, small talk, "say that again", "where were we", somebody else at the keyboard.
//!
//! Nothing here is written in a flow: an author gets it for nothing.

use super::{
    asking::{answer_facts, handoff_said, open_question, proceed, put_open_question},
    dialogue::{self, words},
    handoff, listen,
    opening::{open_flow, start_complaint},
    turn::Turn,
};
use crate::domain::{
    Intent, MessageId, Relation, Slot, Status, conversation::Waiting, event::Inbound,
    interpretation::Cue,
};

/// A message is short where it can hardly tell a story.
pub(super) const SHORT: usize = 14;

/// Seconds after which somebody who comes back is welcomed.
const AWAY: i64 = 12 * 3600;

/// How often friction is met with patience alone.
const PATIENCE: u8 = 2;

/// Answers what needs no flow. Whether it did.
pub(super) fn answered(draft: &mut Turn<'_>, id: MessageId, inbound: &Inbound) -> bool {
    if inbound.choice.is_some() {
        return false;
    }
    let signals = &inbound.signals;
    let short = words(inbound) <= SHORT;
    let tells = signals.has(Cue::TellsStory);
    if signals.has(Cue::Minor) && !draft.state.minor {
        return minor(draft, id, inbound);
    }
    if signals.has(Cue::NewWriter) && new_writer(draft, inbound) {
        return true;
    }
    if tells || !short {
        return false;
    }
    if signals.has(Cue::Abusive) {
        friction(draft, "abuse");
    } else if signals.has(Cue::AngryAtBot) {
        friction(draft, "anger");
    } else if signals.has(Cue::Withdraws) && draft.complaint.is_some() && !draft.state.settled {
        withdraw(draft);
    } else if signals.has(Cue::Resume) {
        return resume(draft, inbound);
    } else if signals.has(Cue::Repeat) {
        repeat(draft);
    } else if signals.has(Cue::AsksAboutData) {
        draft.say("privacy.data");
        put_open_question(draft);
    } else if signals.has(Cue::ChitChat) {
        draft.say("chitchat");
        put_open_question(draft);
    } else {
        return false;
    }
    draft.state.misunderstood = 0;
    true
}

/// Says hello again to somebody who comes back after long, before anything else.
pub(super) fn welcome_back(draft: &mut Turn<'_>) {
    let away = draft.now().seconds_since(draft.last) >= AWAY;
    if away && draft.state.awaiting().is_some() && draft.state.status == Status::Bot {
        draft.say("session.welcome");
    }
}

/// Patience first; then a person, since it is they who can do more.
fn friction(draft: &mut Turn<'_>, kind: &str) {
    draft.state.friction = draft.state.friction.saturating_add(1);
    if draft.state.friction < PATIENCE || draft.state.status == Status::Queued {
        draft.say(&format!("{kind}.first"));
        if draft.state.awaiting().is_some() {
            put_open_question(draft);
        } else if draft.state.status == Status::Bot {
            draft.offer("fallback");
        }
        return;
    }
    draft.say(&format!("{kind}.person"));
    draft.state.run = None;
    handoff::hand_over(draft, &handoff::front_desk(), "friction");
}

/// The record stays: whether a complaint may end is for a person to settle with them.
fn withdraw(draft: &mut Turn<'_>) {
    draft.state.run = None;
    draft.say("complaint.withdraw");
    draft.note("note.withdraws");
    handoff::pass_on(
        draft,
        &handoff::team("complaints team"),
        "withdraw",
        Waiting::Later,
    );
}

/// Takes up what was left. Whether there was anything.
fn resume(draft: &mut Turn<'_>, inbound: &Inbound) -> bool {
    if draft.state.awaiting().is_some() {
        draft.say("session.back");
        put_open_question(draft);
        return true;
    }
    let unfinished = draft.complaint.as_ref().is_some_and(|c| !c.complete) && !draft.state.settled;
    let flow = draft.context.flows.recording(&draft.scene(inbound));
    match flow.filter(|_| unfinished) {
        Some(flow) => {
            draft.say("session.back");
            proceed(draft, flow, inbound);
            true
        }
        None => false,
    }
}

fn repeat(draft: &mut Turn<'_>) {
    if draft.state.awaiting().is_some() {
        put_open_question(draft);
    } else if draft.state.status == Status::Queued {
        draft.say("handoff.already");
    } else {
        draft.say("help");
    }
}

/// A child or a young person: heard, put on record where there is something to record, and brought to a person who knows what to do. Nothing is asked.
fn minor(draft: &mut Turn<'_>, id: MessageId, inbound: &Inbound) -> bool {
    draft.state.minor = true;
    let tells = inbound.signals.has(Cue::TellsStory)
        || inbound.signals.intent == Intent::Complaint
        || draft.complaint.is_some();
    if tells {
        listen::record(draft, id, inbound);
    }
    let flow = draft.context.flows.opened_by(&draft.scene(inbound));
    let Some(flow) = flow.filter(|f| !f.records_complaint) else {
        return false;
    };
    draft.state.run = None;
    open_flow(draft, flow, inbound);
    true
}

/// Another person has taken over: what was told stays, what was true of the first person is not taken to be true of this one, and is not told to them.
fn new_writer(draft: &mut Turn<'_>, inbound: &Inbound) -> bool {
    let known = !draft.state.told.is_empty() || draft.complaint.is_some();
    if !known {
        return false;
    }
    for slot in [
        Slot::ComplainantName,
        Slot::ContactMethod,
        Slot::Consent,
        Slot::Relation,
    ] {
        draft.state.told.remove(&slot);
    }
    draft.state.relation = inbound.signals.relation;
    if draft.state.relation == Relation::Patient {
        draft.state.relation = Relation::Unknown;
    }
    draft.note("note.new_writer");
    draft.say("writer.new");
    if inbound.signals.has(Cue::TellsStory) || words(inbound) > SHORT {
        return false;
    }
    if draft.complaint.is_some() {
        listen::pick_up(draft, inbound);
        listen::settle(draft, inbound);
    }
    match open_question(draft) {
        Some((flow, _)) => proceed(draft, flow, inbound),
        None => dialogue::offer_help(draft),
    }
    true
}

/// A question that the facts answer, put beside something else: answered first.
pub(super) fn answer_in_passing(draft: &mut Turn<'_>, inbound: &Inbound) {
    let signals = &inbound.signals;
    let known = (signals.entities.topic.as_ref())
        .is_some_and(|t| draft.context.flows.facts.topics.contains_key(t));
    if known && signals.also.contains(&Intent::Information) {
        answer_facts(draft, inbound);
    }
}

/// What somebody needs besides what the message is mostly about: noted, answered or handed on, so that nothing said in passing is lost.
pub(super) fn attend(draft: &mut Turn<'_>, id: MessageId, inbound: &Inbound) {
    let signals = &inbound.signals;
    let new: Vec<Intent> = signals
        .also
        .iter()
        .copied()
        .filter(|i| *i != signals.intent && !draft.state.wishes.contains(i))
        .collect();
    if new.is_empty() {
        return;
    }
    if new.contains(&Intent::SpeakToHuman) {
        draft.state.run = None;
        return handoff_said(draft, &handoff::front_desk(), "speak_to_human");
    }
    if new.contains(&Intent::Complaint) && draft.state.run.is_none() && draft.complaint.is_none() {
        start_complaint(draft, id, inbound);
    }
    for wish in new.into_iter().filter(|i| i.is_wish()) {
        draft.state.wishes.push(wish);
        note_wish(draft, wish);
    }
    next_wish(draft, inbound);
}

/// Says that it is noted.
pub(super) fn note_wish(draft: &mut Turn<'_>, wish: Intent) {
    let busy = draft.state.run.is_some() || draft.state.status != Status::Bot;
    if busy {
        let what = draft.phrase(&format!("wish.{}", wish.name()), crate::flow::Vars::new());
        draft.say_with(
            "also.noted",
            crate::flow::Vars::from([("what", what.into())]),
        );
    }
}

/// Goes on with what else was wished, once nothing else is open.
pub(super) fn next_wish(draft: &mut Turn<'_>, inbound: &Inbound) {
    if draft.state.run.is_some() || draft.state.wishes.is_empty() {
        return;
    }
    if draft.state.status == Status::Queued {
        // A person comes anyway; only a wish to be rung says how.
        if let Some(at) = (draft.state.wishes.iter()).position(|w| *w == Intent::Callback) {
            draft.state.wishes.remove(at);
            super::waiting::choose_waiting(draft, Waiting::Callback, inbound);
        }
        return;
    }
    if draft.state.status != Status::Bot {
        return;
    }
    let wish = draft.state.wishes.remove(0);
    let mut wished = inbound.clone();
    wished.signals.intent = wish;
    wished.signals.also.clear();
    if let Some(flow) = draft.context.flows.opened_by(&draft.scene(&wished)) {
        open_flow(draft, flow, &wished);
    }
}
