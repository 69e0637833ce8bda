//! Answers out of the facts file.

use super::turn::Turn;
use crate::{
    domain::{Interpretation, Status},
    flow::Vars,
};

/// What the facts file says of a topic, in the person's language.
fn fact(turn: &Turn<'_>, topic: &str) -> Option<minijinja::Value> {
    let topic = turn.context.flows.facts.topics.get(topic)?;
    // Our own text, which may have lines.
    Some(minijinja::Value::from_safe_string(
        topic.answer.in_language(&turn.state.language).to_owned(),
    ))
}

/// Says what is known of a topic, if anything is. Whether it was.
pub(super) fn tell(turn: &mut Turn<'_>, topic: &str) -> bool {
    let Some(answer) = fact(turn, topic) else {
        return false;
    };
    turn.say_with("facts.answer", Vars::from([("answer", answer)]));
    true
}

/// Answers a question, or says that the answer is not known.
pub(super) fn answer(turn: &mut Turn<'_>, said: &Interpretation) {
    let topic = said.entities.topic.as_deref();
    if topic.is_some_and(|t| tell(turn, t)) {
        return;
    }
    if turn.state.status == Status::Queued {
        // "How long will it take?" and whatever else is asked while a person is awaited.
        turn.say("handoff.already");
    } else {
        turn.say("facts.unknown");
        turn.offer("fallback");
    }
}
