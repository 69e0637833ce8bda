//! Answers out of the facts file.

use super::turn::Turn;
use crate::{
    domain::{Choice, Interpretation, Status},
    flow::Vars,
};

/// What stands before the topic in the value of a choice.
const CHOICE: &str = "fact:";

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

/// Between two facts that a question may be after, the person says which; or has somebody brought in.
fn ask_which(turn: &mut Turn<'_>, topics: [&String; 2]) {
    let facts = &turn.context.flows.facts;
    let language = &turn.state.language;
    let title = |topic: &str| {
        let known = facts.topics.get(topic).and_then(|t| t.title.as_ref());
        known.map_or_else(
            || topic.replace('_', " "),
            |title| title.in_language(language).to_owned(),
        )
    };
    let [first, second] = topics.map(|topic| Choice {
        title: title(topic),
        value: [CHOICE, topic].concat(),
    });
    let titles = [("first", &first), ("second", &second)];
    turn.say_with(
        "facts.which",
        titles
            .map(|(name, c)| (name, c.title.as_str().into()))
            .into(),
    );
    let person = Choice {
        title: turn.phrase("choice.fallback.speak_to_human", Vars::new()),
        value: "speak_to_human".to_owned(),
    };
    turn.offer_choices(vec![first, second, person]);
}

/// The topic that was chosen, where one was.
pub(super) fn chosen(choice: &str) -> Option<&str> {
    choice.strip_prefix(CHOICE)
}

/// Answers a question, or says that the answer is not known.
pub(super) fn answer(turn: &mut Turn<'_>, said: &Interpretation) {
    let topic = said.entities.topic.as_deref();
    if topic.is_some_and(|t| tell(turn, t)) {
        return;
    }
    let waits = turn.state.status == Status::Queued;
    if let [first, second, ..] = said.entities.topics.as_slice()
        && !waits
    {
        return ask_which(turn, [first, second]);
    }
    if waits {
        // "How long will it take?" and whatever else is asked while a person is awaited.
        turn.say("handoff.already");
    } else {
        turn.say("facts.unknown");
        turn.offer("fallback");
    }
}
