//! What several rules say or ask of a message.

use crate::{
    dialogue::{acts::DialogueAct, facts, rule::Moment, status, turn::Turn},
    domain::Intent,
};

/// Answers the questions to the bot that stand in a message. Whether there were any.
pub(in crate::dialogue) fn answer_questions(turn: &mut Turn<'_>, moment: &Moment<'_>) -> bool {
    let mut answered = Vec::new();
    for act in moment.acts.0.iter().map(|a| &a.what).filter(|a| a.asks()) {
        if answered.contains(&act) {
            continue;
        }
        answered.push(act);
        match act {
            DialogueAct::AskIfBot => turn.say("bot.honest"),
            DialogueAct::AskAboutPatient => turn.say("privacy"),
            DialogueAct::AskStanding => turn.say("standing.told"),
            DialogueAct::AskAboutData => turn.say("privacy.data"),
            DialogueAct::AskFact => ask_fact(turn, moment),
            DialogueAct::AskStatus => status::tell(turn, moment.inbound),
            DialogueAct::AskWhy => why(turn),
            _ => {}
        }
    }
    !answered.is_empty() || in_passing(turn, moment)
}

/// A question that the facts answer, or that a person will: whoever is telling of a complaint is not sent elsewhere
/// with it.
fn ask_fact(turn: &mut Turn<'_>, moment: &Moment<'_>) {
    let said = moment.heard.said;
    let topic = said.entities.topic.as_deref();
    let complains = moment.asked.is_some_and(|(flow, _)| flow.records_complaint)
        || moment.asked.is_none() && said.intent == Intent::Complaint;
    if !complains {
        return facts::answer(turn, said);
    }
    if !topic.is_some_and(|t| facts::tell(turn, t)) {
        turn.say("question.noted");
        turn.note("note.question");
    }
}

/// Why the open question is put.
fn why(turn: &mut Turn<'_>) {
    let Some(slot) = turn.state.awaiting() else {
        return;
    };
    let key = format!("why.{}", slot.name());
    let known = turn.context.flows.phrases.has(&key);
    turn.say(if known { &key } else { "why.other" });
}

/// A question that the facts answer, put beside something else.
pub(in crate::dialogue) fn in_passing(turn: &mut Turn<'_>, moment: &Moment<'_>) -> bool {
    let said = moment.heard.said;
    let topic = said.entities.topic.as_deref();
    let asks = said.also.contains(&Intent::Information);
    topic.is_some_and(|t| asks && facts::tell(turn, t))
}

/// Patience first; then a person, since it is they who can do more.
pub(in crate::dialogue) fn patience(turn: &mut Turn<'_>) -> bool {
    /// How often abuse or anger is met with patience alone.
    const PATIENCE: u8 = 2;
    turn.state.abuse_count = turn.state.abuse_count.saturating_add(1);
    turn.state.abuse_count < PATIENCE || turn.state.status == crate::domain::Status::Queued
}

/// Says that something was put right, or taken off.
pub(in crate::dialogue) fn say_put_right(turn: &mut Turn<'_>, moment: &Moment<'_>) {
    turn.say(if moment.absorbed.unreachable {
        "contact.removed"
    } else {
        "complaint.corrected"
    });
}
