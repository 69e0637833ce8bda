//! Rules for what comes while a person is awaited and nothing was asked. Most are those of an open talk; what differs
//! is here.
#![allow(
    clippy::wildcard_imports,
    reason = "each rule is a module of its own, with the imports of its file"
)]

use crate::dialogue::{
    rule::{Moment, Then},
    source::count,
    turn::Turn,
};

pub(in crate::dialogue) use super::open::{
    adds, asks_about_patient, asks_if_bot, chose, complains, opens, own_number, puts_right,
};

pub(in crate::dialogue) mod stops {
    use super::*;
    use crate::dialogue::acts::DialogueAct;

    pub(in crate::dialogue) fn when(_: &Turn<'_>, moment: &Moment<'_>) -> bool {
        moment.does(&DialogueAct::GiveUp)
    }

    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, _: &Moment<'_>) -> Then {
        turn.say("wait.later");
        if let Some(entry) = &mut turn.state.queue {
            entry.waiting = crate::domain::conversation::Waiting::Later;
        }
        turn.cancel_timer(crate::domain::event::TimerKind::CheckIn);
        Then::Done
    }
}

pub(in crate::dialogue) mod stays_in_danger {
    use super::*;
    use crate::{
        dialogue::{intake, rules::open::tells_in_pieces},
        domain::Intent,
    };

    pub(in crate::dialogue) fn when(turn: &Turn<'_>, moment: &Moment<'_>) -> bool {
        let words = matches!(moment.heard.said.intent, Intent::Thanks | Intent::Goodbye);
        phrase(turn).is_some() && !words && moment.heard.choice.is_none()
    }

    /// How often the same words help.
    const OFTEN: u8 = 2;

    /// "I won't be needing the appointment" is no matter for the diary now. What is told goes on record; whoever
    /// tells on, calmly, is not frightened with every line.
    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, moment: &Moment<'_>) -> Then {
        if turn.complaint.is_none() {
            if tells_in_pieces::together(turn, moment) {
                intake::keep(turn, moment.id, moment.inbound);
            } else {
                intake::hold(turn, moment.id, moment.heard.text);
            }
        }
        let again = turn.state.danger_said_again;
        turn.state.danger_said_again = again.saturating_add(1);
        let greets = moment.heard.said.intent == Intent::Greeting;
        match phrase(turn).filter(|_| again < OFTEN || greets) {
            Some(phrase) => {
                turn.say(&phrase);
                turn.mark_emergency();
            }
            None => turn.say("queue.added"),
        }
        Then::Done
    }

    /// What is said on in a kind of danger, where the flows have words for it.
    fn phrase(turn: &Turn<'_>) -> Option<String> {
        let flag = turn.state.red_flag?;
        let key = format!("danger.stays.{}", flag.name());
        let phrases = &turn.context.flows.phrases;
        let another = format!("{key}.of_another");
        let of_another = turn.state.red_flag_of_another && phrases.has(&another);
        let key = if of_another { another } else { key };
        phrases.has(&key).then_some(key)
    }
}

pub(in crate::dialogue) mod hello_again {
    use super::*;
    use crate::domain::Intent;

    /// "Hello? Anybody there?"
    pub(in crate::dialogue) fn when(_: &Turn<'_>, moment: &Moment<'_>) -> bool {
        moment.heard.said.intent == Intent::Greeting && !moment.acts.narrates()
    }

    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, _: &Moment<'_>) -> Then {
        turn.say("handoff.already");
        turn.offer("wait");
        Then::Done
    }
}

pub(in crate::dialogue) mod waits {
    use super::*;
    use crate::domain::interpretation::Cue;

    pub(in crate::dialogue) fn when(_: &Turn<'_>, moment: &Moment<'_>) -> bool {
        moment.heard.said.has(Cue::Question) && !moment.acts.narrates()
            || moment.heard.said.has(Cue::Question) && count(moment.heard.text) <= 14
    }

    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, _: &Moment<'_>) -> Then {
        turn.say("handoff.already");
        turn.offer("wait");
        Then::Done
    }
}

pub(in crate::dialogue) mod tells_in_pieces {
    use super::*;
    use crate::dialogue::{intake, rules::open::tells_in_pieces};

    pub(in crate::dialogue) fn when(turn: &Turn<'_>, moment: &Moment<'_>) -> bool {
        turn.complaint.is_none() && tells_in_pieces::when(turn, moment)
    }

    /// A person is coming; what was told so far goes on record once it is a complaint.
    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, moment: &Moment<'_>) -> Then {
        if tells_in_pieces::together(turn, moment) {
            return Then::Complain;
        }
        intake::hold(turn, moment.id, moment.heard.text);
        Then::Pass
    }
}

pub(in crate::dialogue) mod kept {
    use super::*;

    pub(in crate::dialogue) fn when(_: &Turn<'_>, _: &Moment<'_>) -> bool {
        true
    }

    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, _: &Moment<'_>) -> Then {
        turn.say("queue.added");
        Then::Done
    }
}
