//! The person wrote.

use super::{command, danger, dialogue, handoff, listen, turn::Turn};
use crate::domain::{
    Author, Emotion, Intent, Interpretation, Message, MessageId, Relation, Slot, Status,
    conversation::Waiting,
    event::{Command, Inbound},
    interpretation::{Cue, Intensity},
};

pub(super) fn received(draft: &mut Turn<'_>, inbound: &Inbound) {
    let id = draft.next_id();
    let text = spoken(draft, inbound);
    draft.write(Message {
        id,
        from: Author::Contact,
        agent: None,
        text,
        choices: Vec::new(),
        attachments: inbound.attachments.clone(),
        at: draft.now(),
    });
    draft.state.heard += 1;
    if draft.state.name.is_none() {
        draft.state.name.clone_from(&inbound.sender_name);
    }
    if inbound.place.is_some() {
        draft.state.place.clone_from(&inbound.place);
    }
    draft.state.unreachable = false;
    feel(draft, &inbound.signals);

    if draft.state.status == Status::Resolved {
        begin_again(draft);
    }
    if danger::answered(draft, id, inbound) {
        return;
    }
    if draft.state.status == Status::Assigned {
        return;
    }
    if continues_album(draft, inbound) {
        if draft.complaint.is_some() {
            listen::settle(draft, inbound);
        }
        return;
    }
    let greets =
        inbound.signals.intent == Intent::Greeting || inbound.command == Some(Command::Start);
    let foreign = foreign(draft, &inbound.signals);
    if !draft.state.greeted && draft.state.heard == 1 && !greets && !foreign {
        draft.say("intro");
    }
    draft.state.greeted = true;
    if let Some(command) = inbound.command {
        return command::obey(draft, command, id, inbound);
    }
    if foreign && draft.state.status == Status::Bot && draft.state.run.is_none() {
        return other_language(draft, id, inbound);
    }
    dialogue::hear(draft, id, inbound);
}

/// Whether it is one more picture of an album that was answered already, without a word.
fn continues_album(draft: &mut Turn<'_>, inbound: &Inbound) -> bool {
    let known = inbound.album.is_some() && draft.state.album == inbound.album;
    draft.state.album.clone_from(&inbound.album);
    known && inbound.text.trim().is_empty() && !inbound.attachments.is_empty()
}

/// What the conversation shows: the words, or the title of the answer that was chosen.
fn spoken(draft: &mut Turn<'_>, inbound: &Inbound) -> String {
    if let Some(command) = inbound.command {
        return format!("/{} {}", command.name(), inbound.text)
            .trim_end()
            .to_owned();
    }
    if !inbound.text.is_empty() {
        return inbound.text.clone();
    }
    let Some(choice) = &inbound.choice else {
        // A file that could not be kept leaves its trace: whoever reads this should know that there was one.
        return match inbound.unkept.first() {
            Some(why) if inbound.attachments.is_empty() => {
                draft.phrase(&format!("unkept.{}", why.name()), crate::flow::Vars::new())
            }
            _ => String::new(),
        };
    };
    let phrases = &draft.context.flows.phrases;
    let open = draft.state.run.as_ref().and_then(|run| {
        let flow = draft.context.flows.by_name(&run.flow)?;
        let ask = flow.collect.iter().find(|a| Some(a.slot) == run.awaiting)?;
        ask.choices.clone()
    });
    let groups = open.iter().map(String::as_str).chain(["wait", "fallback"]);
    let key = groups
        .map(|g| format!("choice.{g}.{choice}"))
        .find(|k| phrases.has(k));
    key.map_or_else(
        || choice.clone(),
        |k| draft.phrase(&k, crate::flow::Vars::new()),
    )
}

/// What we know of the person's feeling is the strongest of late: a "yes" after a cry for help does not calm it.
pub(super) fn feel(draft: &mut Turn<'_>, signals: &Interpretation) {
    let state = &mut draft.state;
    let stronger = signals.intensity >= state.intensity;
    if signals.emotion != Emotion::Neutral && (stronger || state.emotion == Emotion::Neutral) {
        state.emotion = signals.emotion;
        state.intensity = signals.intensity;
    } else if signals.emotion == Emotion::Positive {
        // Only warmth cools: a bare "yesterday" in between says nothing of how they are.
        state.intensity.0 = state.intensity.0.saturating_sub(10);
        if state.intensity.0 == 0 {
            state.emotion = Emotion::Neutral;
        }
    }
    if signals.has(Cue::Bereaved) && state.emotion != Emotion::Anxious {
        state.emotion = Emotion::Sad;
        state.intensity = state.intensity.max(Intensity(60));
    }
    // A word or two are the same in many languages: they change nothing.
    if state.heard <= 1 || signals.has(Cue::SureOfLanguage) {
        state.language.clone_from(&signals.language);
    }
    // What was only gathered from the way they wrote stands under its own short name.
    let guessed = Relation::Patient.name();
    let firmer = matches!(
        state.relation,
        Relation::Unknown | Relation::Public | Relation::Patient
    ) && !matches!(
        signals.relation,
        Relation::Unknown | Relation::Public | Relation::Patient
    );
    if signals.relation != Relation::Unknown
        && (state.relation == Relation::Unknown
            || firmer && (state.told.get(&Slot::Relation)).is_none_or(|t| t.text == guessed))
    {
        if firmer {
            // It was taken to have happened to them because they were taken for a patient.
            let oneself = |slot: &Slot, told: &crate::domain::Told| {
                *slot == Slot::AffectedPerson && told.text == "self"
            };
            state.told.retain(|slot, told| {
                !(oneself(slot, told) || *slot == Slot::Relation && told.text == guessed)
            });
        }
        state.relation = signals.relation;
    }
}

/// Whether it is in a language that we do not converse in: one without the flows' first question.
fn foreign(draft: &Turn<'_>, signals: &Interpretation) -> bool {
    let language = &signals.language;
    !draft
        .context
        .flows
        .phrases
        .speaks(language, "complaint.what_happened")
}

/// A short word in the person's own language, what they complain of on record where we could read it, and a person.
fn other_language(draft: &mut Turn<'_>, id: MessageId, inbound: &Inbound) {
    let read = inbound.signals.intent == Intent::Complaint
        && draft
            .context
            .flows
            .phrases
            .speaks(&inbound.signals.language, "language.recorded");
    if read {
        listen::record(draft, id, inbound);
        draft.say("language.recorded");
    }
    draft.say("language.other");
    handoff::pass_on(draft, &handoff::front_desk(), "language", Waiting::Stay);
}

/// A message to a resolved conversation takes it up again. What they are and how to reach them is still known; what happened then is not what happens now.
fn begin_again(draft: &mut Turn<'_>) {
    let state = &mut draft.state;
    state.status = Status::Bot;
    state.run = None;
    state.misunderstood = 0;
    state.friction = 0;
    state.wishes.clear();
    forget_incident(state);
}

/// Leaves what is true of the person, drops what was true of one incident.
pub(super) fn forget_incident(state: &mut crate::domain::Conversation) {
    state.questions = 0;
    state.spared = false;
    state.told.retain(|slot, told| {
        matches!(slot, Slot::ComplainantName | Slot::ContactMethod) && !told.declined
    });
}
