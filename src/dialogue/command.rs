//! Wishes stated plainly: `/agent` and its kin.

use super::{
    asking::{handoff_said, proceed, put_open_question},
    handoff,
    opening::start_complaint,
    turn::Turn,
};
use crate::domain::{
    Conversation, Effect, Intent, Interpretation, MessageId, Status,
    conversation::Waiting,
    event::{Command, Inbound},
};

/// Does what was wished.
pub(super) fn obey(draft: &mut Turn<'_>, command: Command, id: MessageId, inbound: &Inbound) {
    match command {
        Command::Start => {
            open(draft, Intent::Greeting, inbound);
            put_open_question(draft);
        }
        Command::Help => {
            draft.say("help");
            put_open_question(draft);
        }
        Command::Complain => start_complaint(draft, id, inbound),
        Command::Agent => {
            draft.state.run = None;
            handoff_said(draft, &handoff::front_desk(), "speak_to_human");
        }
        Command::Status => open(draft, Intent::Status, inbound),
        Command::Forget => forget(draft),
    }
}

/// Opens the flow for that intent, as if the person had said it in words.
fn open(draft: &mut Turn<'_>, intent: Intent, inbound: &Inbound) {
    let inbound = Inbound {
        signals: Interpretation {
            intent,
            ..inbound.signals.clone()
        },
        ..inbound.clone()
    };
    let flows = draft.context.flows;
    let Some(flow) = flows.opened_by(&draft.scene(&inbound)) else {
        return;
    };
    if flow.collect.is_empty() && draft.state.run.is_some() {
        // A greeting in the middle of something: said, and the open question stays.
        let run = draft.state.run.take();
        proceed(draft, flow, &inbound);
        draft.state.run = run;
    } else {
        proceed(draft, flow, &inbound);
    }
}

/// Removes everything that was said, where nobody relies on it yet. A complaint on record, a danger or a person at work are
/// another matter: then the wish is passed on to a person, and the writer is told so.
fn forget(draft: &mut Turn<'_>) {
    let state = &draft.state;
    if state.complaint.is_some() || state.red_flag.is_some() {
        draft.state.run = None;
        draft.say("forget.kept");
        handoff::pass_on(draft, &handoff::front_desk(), "forget", Waiting::Later);
        return;
    }
    for timer in state.timers.keys().copied().collect::<Vec<_>>() {
        draft.cancel_timer(timer);
    }
    let known = &draft.state;
    draft.state = Conversation {
        place: known.place.clone(),
        language: known.language.clone(),
        greeted: true,
        heard: 1,
        status: Status::Bot,
        changed: draft.now(),
        ..Conversation::new(known.id, &known.inbox, &known.sender, draft.now())
    };
    draft.effect(Effect::Forget);
    draft.say("forget.done");
}
