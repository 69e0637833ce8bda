//! Rules for what comes while a question is open.
#![allow(
    clippy::wildcard_imports,
    reason = "each rule is a module of its own, with the imports of its file"
)]

use super::shared::{answer_questions, say_put_right};
use crate::{
    dialogue::{
        acts::DialogueAct,
        form, queue, record,
        rule::{Moment, Opening, Then},
        source::count,
        turn::Turn,
    },
    domain::{
        Intent, Slot, SlotValue,
        event::TimerKind,
        interpretation::{Clause, Cue},
    },
    flow::{Ask, Check, Occasion, Vars},
};

const STAYS: Then = Then::Reprompt { counted: false };
const IN_VAIN: Then = Then::Reprompt { counted: true };

/// The question may have been answered on the way.
fn go_on(turn: &Turn<'_>, moment: &Moment<'_>) -> Then {
    match moment.asked {
        Some((_, ask)) if form::is_settled(turn, ask, moment.inbound) => Then::Advance,
        // The same words to the same question: it is not put for ever.
        _ if moment.heard.insists => IN_VAIN,
        _ => STAYS,
    }
}

fn slot(moment: &Moment<'_>) -> Option<Slot> {
    moment.asked.map(|(_, ask)| ask.slot)
}

pub(in crate::dialogue) mod gives_up {
    use super::*;

    pub(in crate::dialogue) fn when(_: &Turn<'_>, moment: &Moment<'_>) -> bool {
        moment.does(&DialogueAct::GiveUp)
    }

    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, _: &Moment<'_>) -> Then {
        turn.state.run = None;
        turn.cancel_timer(TimerKind::Silence);
        if turn.complaint.is_some() {
            turn.say("complaint.given_up");
            // What is on record is read by a person, whether or not it was finished.
            queue::leave_for(turn, Occasion::GivenUp);
        } else {
            turn.say("cancelled");
            turn.offer("fallback");
        }
        Then::Done
    }
}

pub(in crate::dialogue) mod already_told {
    use super::*;

    pub(in crate::dialogue) fn when(_: &Turn<'_>, moment: &Moment<'_>) -> bool {
        moment.does(&DialogueAct::AlreadyTold)
    }

    /// Being asked twice is what they came away from.
    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, moment: &Moment<'_>) -> Then {
        turn.say("complaint.asked_twice");
        if let Some((_, ask)) = moment.asked {
            let let_go = crate::domain::Filled {
                value: SlotValue::Unknown(moment.heard.text.trim().to_owned()),
                message: Some(moment.id),
                partial: false,
            };
            turn.state.slots.entry(ask.slot).or_insert(let_go);
        }
        Then::Advance
    }
}

pub(in crate::dialogue) mod own_number {
    use super::*;

    pub(in crate::dialogue) fn when(_: &Turn<'_>, moment: &Moment<'_>) -> bool {
        moment.heard.own_number && slot(moment) != Some(Slot::ContactMethod)
    }

    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, moment: &Moment<'_>) -> Then {
        turn.say("contact.noted");
        go_on(turn, moment)
    }
}

pub(in crate::dialogue) mod puts_right {
    use super::*;

    pub(in crate::dialogue) fn when(_: &Turn<'_>, moment: &Moment<'_>) -> bool {
        moment.absorbed.corrected
    }

    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, moment: &Moment<'_>) -> Then {
        say_put_right(turn, moment);
        answer_questions(turn, moment);
        go_on(turn, moment)
    }
}

pub(in crate::dialogue) mod mistyped {
    use super::*;

    pub(in crate::dialogue) fn when(turn: &Turn<'_>, moment: &Moment<'_>) -> bool {
        slot(moment) == Some(Slot::Reference)
            && !turn.state.is_filled(Slot::Reference)
            && !moment.heard.said.entities.broken_references.is_empty()
    }

    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, moment: &Moment<'_>) -> Then {
        if let Some(broken) = moment.heard.said.entities.broken_references.first() {
            let vars = Vars::from([("reference", broken.text.clone().into())]);
            turn.say_with("status.mistyped", vars);
        }
        form::count(turn);
        Then::Done
    }
}

pub(in crate::dialogue) mod not_of_its_kind {
    use super::*;

    /// From how many words on an answer that does not fit tells something else.
    const TELLS: usize = 4;

    pub(in crate::dialogue) fn when(turn: &Turn<'_>, moment: &Moment<'_>) -> bool {
        let first = turn.state.run.as_ref().is_some_and(|r| r.asked < 2);
        moment.asked.is_some_and(|(_, ask)| {
            first && moment.acts.answers(ask.slot) && !holds(turn, ask, moment)
        })
    }

    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, moment: &Moment<'_>) -> Then {
        if let Some((_, ask)) = moment.asked {
            turn.state.slots.remove(&ask.slot);
            keep_words(turn, moment);
            turn.say(&format!("{}.check", ask.phrase));
        }
        form::count(turn);
        Then::Done
    }

    /// "They should mend that roof", to how they are reached: no address, and not lost.
    fn keep_words(turn: &mut Turn<'_>, moment: &Moment<'_>) {
        let said = moment.heard.said;
        if said.intent.is_wish() {
            return queue::note_wish(turn, said.intent);
        }
        let tells = |c: &Clause| !c.filler && (c.finite || c.wishes) && !c.asks;
        let told = count(moment.heard.text) >= TELLS && said.clauses.iter().any(tells);
        if told && !moment.acts.narrates() {
            record::narrate(turn, moment.id, moment.heard.text.trim());
        }
    }

    /// Whether the answer has what its check asks for.
    fn holds(turn: &Turn<'_>, ask: &Ask, moment: &Moment<'_>) -> bool {
        let Some(value) = turn.state.value(ask.slot) else {
            return true;
        };
        let reached = |kinds: &[&str]| match value {
            SlotValue::Contacts(all) => all.iter().any(|c| kinds.contains(&c.kind.as_str())),
            _ => false,
        };
        match &ask.check {
            None => true,
            Some(Check::Phone) => reached(&["phone"]),
            Some(Check::EmailOrPhone) => reached(&["phone", "email", "post"]),
            Some(Check::Holds(check)) => {
                let today = turn.today();
                let days = match value {
                    SlotValue::Dates(d) => d.from.as_ref().and_then(|from| {
                        let day: jiff::civil::Date = from.parse().ok()?;
                        Some(i64::from((today - day).get_days()))
                    }),
                    _ => None,
                };
                let number = match value {
                    SlotValue::Number(n) => n.parse().ok(),
                    _ => first_number(moment.heard.text),
                };
                (turn.context.flows).fits(check, &value.text(), number, days)
            }
        }
    }

    fn first_number(words: &str) -> Option<f64> {
        let bare = |w: &str| {
            w.trim_matches(|c: char| !c.is_ascii_digit() && c != '-')
                .replace(',', ".")
        };
        words.split_whitespace().find_map(|w| bare(w).parse().ok())
    }
}

pub(in crate::dialogue) mod changes_subject {
    use super::*;

    pub(in crate::dialogue) fn when(turn: &Turn<'_>, moment: &Moment<'_>) -> bool {
        let said = moment.heard.said;
        // "Actually it's about my bill, I was charged twice": another matter, and a complaint.
        let complains = said.intent == Intent::Complaint && said.has(Cue::Corrects);
        let wish = (said.intent.is_wish() || complains) && count(moment.heard.text) >= 3;
        let Some((flow, ask)) = moment.asked.filter(|(f, _)| wish && !f.records_complaint) else {
            return false;
        };
        let answered = moment.acts.answers(ask.slot) && !matches!(ask.slot, Slot::Own(_));
        let next = turn
            .context
            .flows
            .opened_by(&turn.condition_input(moment.inbound));
        !answered
            && next.is_some_and(|n| n.name != flow.name && (complains || !n.records_complaint))
    }

    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, _: &Moment<'_>) -> Then {
        turn.state.run = None;
        Then::Open(Opening::ByMessage)
    }
}

pub(in crate::dialogue) mod answers {
    use super::*;

    pub(in crate::dialogue) fn when(_: &Turn<'_>, moment: &Moment<'_>) -> bool {
        slot(moment).is_some_and(|s| moment.acts.answers(s))
    }

    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, moment: &Moment<'_>) -> Then {
        turn.state.fallback_count = 0;
        answer_questions(turn, moment);
        Then::Advance
    }
}

pub(in crate::dialogue) mod complains_after_all {
    use super::*;

    pub(in crate::dialogue) fn when(_: &Turn<'_>, moment: &Moment<'_>) -> bool {
        let other = moment.asked.is_some_and(|(f, _)| !f.records_complaint);
        other
            && moment.heard.said.intent == Intent::Complaint
            && count(moment.heard.text) >= 3
            && (moment.acts.narrates() || moment.heard.said.has(Cue::TellsStory))
    }

    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, _: &Moment<'_>) -> Then {
        turn.state.run = None;
        Then::Complain
    }
}

pub(in crate::dialogue) mod asks_back {
    use super::*;

    /// How often a question stays open while they ask us.
    const ASKS: u8 = 3;

    pub(in crate::dialogue) fn when(_: &Turn<'_>, moment: &Moment<'_>) -> bool {
        moment.acts.any(DialogueAct::asks)
    }

    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, moment: &Moment<'_>) -> Then {
        answer_questions(turn, moment);
        // Whoever asks us something has not been asked in vain; but not for ever.
        if turn.state.run.as_ref().is_none_or(|r| r.asked >= ASKS) {
            return IN_VAIN;
        }
        form::count(turn);
        STAYS
    }
}

pub(in crate::dialogue) mod wants_else {
    use super::*;

    fn wish(moment: &Moment<'_>) -> Option<Intent> {
        moment.acts.0.iter().find_map(|a| match a.what {
            DialogueAct::Want(intent) => Some(intent),
            _ => None,
        })
    }

    pub(in crate::dialogue) fn when(_: &Turn<'_>, moment: &Moment<'_>) -> bool {
        wish(moment).is_some()
    }

    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, moment: &Moment<'_>) -> Then {
        let (Some(wish), Some((flow, _))) = (wish(moment), moment.asked) else {
            return Then::Pass;
        };
        if flow.records_complaint {
            queue::note_wish(turn, wish);
            return STAYS;
        }
        let opened = turn
            .context
            .flows
            .opened_by(&turn.condition_input(moment.inbound));
        match opened {
            Some(next) if next.name != flow.name => {
                turn.state.run = None;
                Then::Open(Opening::ByMessage)
            }
            _ => Then::Pass,
        }
    }
}

pub(in crate::dialogue) mod tells_otherwise {
    use super::*;

    pub(in crate::dialogue) fn when(_: &Turn<'_>, moment: &Moment<'_>) -> bool {
        moment.absorbed.informed && !moment.acts.narrates()
    }

    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, moment: &Moment<'_>) -> Then {
        turn.say("complaint.noted");
        go_on(turn, moment)
    }
}

pub(in crate::dialogue) mod tells_more {
    use super::*;

    pub(in crate::dialogue) fn when(_: &Turn<'_>, moment: &Moment<'_>) -> bool {
        moment.acts.narrates() && moment.asked.is_some_and(|(f, _)| f.records_complaint)
    }

    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, _: &Moment<'_>) -> Then {
        turn.say("complaint.noted");
        IN_VAIN
    }
}

pub(in crate::dialogue) mod no_answer {
    use super::*;

    pub(in crate::dialogue) fn when(_: &Turn<'_>, _: &Moment<'_>) -> bool {
        true
    }

    pub(in crate::dialogue) fn then(_: &mut Turn<'_>, _: &Moment<'_>) -> Then {
        IN_VAIN
    }
}
