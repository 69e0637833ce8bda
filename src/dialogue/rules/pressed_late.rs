//! A button of a question that is gone.

use crate::dialogue::{
    facts,
    rule::{Moment, Then},
    turn::Turn,
};

/// A button of a question that is gone. What is offered beside questions stays for as long as it leads somewhere.
pub(in crate::dialogue) fn when(turn: &Turn<'_>, moment: &Moment<'_>) -> bool {
    let Some(choice) = moment.acts.chosen() else {
        return false;
    };
    let group = |group: &str| {
        let phrases = &turn.context.flows.phrases;
        phrases.has(&format!("choice.{group}.{choice}"))
    };
    let leads = group("fallback")
        || group("wait") && turn.state.queue.is_some()
        || group("unclear") && !turn.state.held.is_empty()
        || facts::chosen(choice).is_some();
    moment.inbound.choice.is_some() && !leads
}

pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, _: &Moment<'_>) -> Then {
    turn.say("press.gone");
    Then::Reprompt { counted: false }
}
