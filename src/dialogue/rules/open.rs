//! Rules for what comes when nothing was asked.
#![allow(
    clippy::wildcard_imports,
    reason = "each rule is a module of its own, with the imports of its file"
)]

use super::shared::{answer_questions, in_passing, say_put_right};
use crate::{
    dialogue::{
        acts::DialogueAct,
        facts, intake, queue,
        rule::{Moment, Opening, Then},
        source::count,
        turn::Turn,
    },
    domain::{
        Intent,
        interpretation::{Clause, Cue},
    },
    flow::Occasion,
};

pub(in crate::dialogue) mod chose {
    use super::*;

    pub(in crate::dialogue) fn when(_: &Turn<'_>, moment: &Moment<'_>) -> bool {
        moment.acts.chosen().is_some()
    }

    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, moment: &Moment<'_>) -> Then {
        match moment.acts.chosen() {
            Some("complaint") if !turn.state.held.is_empty() => {
                remember_wishes(turn);
                Then::Complain
            }
            Some("complaint") => Then::Open(Opening::Complaint),
            Some("feedback") => {
                turn.state.held.clear();
                Then::Open(Opening::For(Intent::Compliment))
            }
            Some("information" | "question") => {
                let asked = turn.state.held.pop();
                turn.state.held.clear();
                let said = asked.map(|h| turn.read(&h.text));
                if let Some(wish) = said.as_ref().map(|s| s.intent).filter(|i| i.is_wish()) {
                    return Then::Open(Opening::For(wish));
                }
                match said.filter(|s| s.entities.topic.is_some()) {
                    Some(said) => facts::answer(turn, &said),
                    None => turn.say("information.ask"),
                }
                Then::Done
            }
            Some(choice) if facts::chosen(choice).is_some_and(|t| facts::tell(turn, t)) => {
                Then::Done
            }
            _ => Then::Pass,
        }
    }
}

/// "A refund for parking, and also my dad fell": what was wished beside the complaint is not forgotten.
fn remember_wishes(turn: &mut Turn<'_>) {
    let held: Vec<String> = turn.state.held.iter().map(|h| h.text.clone()).collect();
    for text in held {
        let wish = turn.read(&text).intent;
        if wish.is_wish() {
            queue::note_wish(turn, wish);
        }
    }
}

pub(in crate::dialogue) mod placed {
    use super::*;

    pub(in crate::dialogue) fn when(turn: &Turn<'_>, moment: &Moment<'_>) -> bool {
        let said = moment.heard.said;
        !turn.state.held.is_empty()
            && said.unsure.is_empty()
            && matches!(said.intent, Intent::Compliment | Intent::Information)
    }

    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, _: &Moment<'_>) -> Then {
        turn.state.held.clear();
        Then::Pass
    }
}

pub(in crate::dialogue) mod unclear {
    use super::*;

    pub(in crate::dialogue) fn when(_: &Turn<'_>, moment: &Moment<'_>) -> bool {
        let unclear = |a: &DialogueAct| matches!(a, DialogueAct::Unclear(_));
        moment.acts.any(unclear)
    }

    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, moment: &Moment<'_>) -> Then {
        intake::hold(turn, moment.id, moment.heard.text);
        turn.state.fallback_count = turn.state.fallback_count.saturating_add(1);
        if turn.state.fallback_count > 2 {
            return Then::Handoff(Occasion::Unclear);
        }
        if moment.heard.said.has(Cue::Bereaved) {
            turn.say("unclear.bereaved");
        }
        turn.say("unclear.ask");
        turn.offer("unclear");
        Then::Done
    }
}

pub(in crate::dialogue) mod own_number {
    use super::*;

    pub(in crate::dialogue) fn when(_: &Turn<'_>, moment: &Moment<'_>) -> bool {
        moment.heard.own_number
    }

    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, _: &Moment<'_>) -> Then {
        turn.say("contact.noted");
        Then::Done
    }
}

pub(in crate::dialogue) mod asks_if_bot {
    use super::*;

    pub(in crate::dialogue) fn when(_: &Turn<'_>, moment: &Moment<'_>) -> bool {
        moment.does(&DialogueAct::AskIfBot) && !moment.heard.said.has(Cue::TellsStory)
    }

    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, _: &Moment<'_>) -> Then {
        turn.state.fallback_count = 0;
        turn.say("bot.honest");
        Then::Done
    }
}

pub(in crate::dialogue) mod asks_about_patient {
    use super::*;

    pub(in crate::dialogue) fn when(_: &Turn<'_>, moment: &Moment<'_>) -> bool {
        moment.does(&DialogueAct::AskAboutPatient) && !moment.heard.said.has(Cue::TellsStory)
    }

    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, _: &Moment<'_>) -> Then {
        turn.state.fallback_count = 0;
        turn.say("privacy");
        Then::Done
    }
}

pub(in crate::dialogue) mod stops {
    use super::*;
    use crate::domain::event::TimerKind;

    pub(in crate::dialogue) fn when(_: &Turn<'_>, moment: &Moment<'_>) -> bool {
        moment.does(&DialogueAct::GiveUp)
    }

    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, _: &Moment<'_>) -> Then {
        turn.cancel_timer(TimerKind::Silence);
        turn.state.held.clear();
        if turn.complaint.is_some() && !turn.state.closed_by_agent {
            turn.say("complaint.given_up");
            queue::leave_for(turn, Occasion::GivenUp);
        } else {
            turn.say("cancelled");
        }
        Then::Done
    }
}

pub(in crate::dialogue) mod asks_standing {
    use super::*;

    pub(in crate::dialogue) fn when(_: &Turn<'_>, moment: &Moment<'_>) -> bool {
        moment.does(&DialogueAct::AskStanding)
            && moment.heard.said.intent != Intent::SpeakToHuman
            && !moment.heard.said.has(Cue::TellsStory)
    }

    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, moment: &Moment<'_>) -> Then {
        turn.say("standing");
        if moment.acts.narrates() && moment.heard.said.intent == Intent::Complaint {
            Then::Complain
        } else {
            Then::Open(Opening::Complaint)
        }
    }
}

pub(in crate::dialogue) mod complains {
    use super::*;

    pub(in crate::dialogue) fn when(_: &Turn<'_>, moment: &Moment<'_>) -> bool {
        moment.heard.said.intent == Intent::Complaint && moment.heard.choice.is_none()
    }

    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, moment: &Moment<'_>) -> Then {
        answer_questions(turn, moment);
        Then::Complain
    }
}

pub(in crate::dialogue) mod puts_right {
    use super::*;

    pub(in crate::dialogue) fn when(_: &Turn<'_>, moment: &Moment<'_>) -> bool {
        moment.absorbed.corrected
    }

    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, moment: &Moment<'_>) -> Then {
        say_put_right(turn, moment);
        Then::Done
    }
}

pub(in crate::dialogue) mod adds {
    use super::*;

    pub(in crate::dialogue) fn when(turn: &Turn<'_>, moment: &Moment<'_>) -> bool {
        // Whatever is told of a complaint that is carried on elsewhere belongs to it.
        let told = turn.state.shares_record() && moment.acts.narrates();
        let adds = moment.absorbed.informed || told;
        turn.complaint.is_some() && adds && !turn.state.closed_by_agent
    }

    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, _: &Moment<'_>) -> Then {
        turn.say("complaint.added");
        Then::Done
    }
}

pub(in crate::dialogue) mod opens {
    use super::*;

    pub(in crate::dialogue) fn when(turn: &Turn<'_>, moment: &Moment<'_>) -> bool {
        let flow = turn
            .context
            .flows
            .opened_by(&turn.condition_input(moment.inbound));
        flow.is_some() && moment.heard.choice.is_none()
    }

    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, moment: &Moment<'_>) -> Then {
        intake::note_answered(turn, moment.id, moment.heard.text, moment.heard.said);
        in_passing(turn, moment);
        Then::Open(Opening::ByMessage)
    }
}

pub(in crate::dialogue) mod tells_in_pieces {
    use super::*;

    /// Seconds within which pieces belong together.
    const TOGETHER: i64 = 120;

    /// Words that a piece has at most.
    pub(in crate::dialogue) const PIECE: usize = 14;

    pub(in crate::dialogue) fn when(turn: &Turn<'_>, moment: &Moment<'_>) -> bool {
        let words = count(moment.heard.text);
        let said = moment.heard.said;
        let tells = tells(moment) || moment.acts.any(DialogueAct::informs);
        // "The physio lad", in the middle of a story that comes piece by piece.
        let goes_on = words >= 2 && recent(turn) && said.clauses.iter().any(|c| !c.filler);
        (tells || goes_on) && words <= PIECE && moment.heard.said.intent == Intent::Other
    }

    fn tells(moment: &Moment<'_>) -> bool {
        let said = moment.heard.said;
        said.clauses.iter().any(|c| c.finite) || said.entities.affected.is_some()
    }

    fn recent(turn: &Turn<'_>) -> bool {
        let last = turn.state.held.last();
        last.is_some_and(|last| turn.now().seconds_since(last.at) <= TOGETHER)
    }

    /// Whether the pieces are a complaint together.
    pub(in crate::dialogue) fn together(turn: &Turn<'_>, moment: &Moment<'_>) -> bool {
        if turn.state.held.is_empty() {
            return false;
        }
        let mut all: Vec<&str> = turn.state.held.iter().map(|h| h.text.as_str()).collect();
        all.push(moment.heard.text);
        turn.read_together(&intake::joined(&all)).intent == Intent::Complaint
    }

    /// All pieces are read together: once they are a complaint, all of them go on record.
    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, moment: &Moment<'_>) -> Then {
        if !recent(turn) {
            turn.state.held.clear();
        }
        let before = turn.state.held.len();
        if together(turn, moment) {
            return Then::Complain;
        }
        intake::hold(turn, moment.id, moment.heard.text);
        // The first piece is met with an offer, as anything that is not understood, in kinder words; more of them with
        // patience.
        match before {
            0 if tells(moment) => listens(turn),
            0 => Then::Pass,
            1..=4 => {
                turn.say("pieces.go_on");
                Then::Done
            }
            _ => {
                turn.say("fallback.person");
                Then::Handoff(Occasion::Unclear)
            }
        }
    }
}

/// Somebody begins to tell: they are listened to, and helped on; where that was in vain, a person comes.
fn listens(turn: &mut Turn<'_>) -> Then {
    turn.state.fallback_count = turn.state.fallback_count.saturating_add(1);
    if turn.state.fallback_count >= 3 {
        return Then::Pass;
    }
    turn.say("pieces.first");
    turn.offer("fallback");
    Then::Done
}

pub(in crate::dialogue) mod begins {
    use super::*;
    use crate::dialogue::acts::DialogueAct;

    /// "So", "well", "hm": somebody draws breath.
    pub(in crate::dialogue) fn when(turn: &Turn<'_>, moment: &Moment<'_>) -> bool {
        let breath = |a: &DialogueAct| *a == DialogueAct::Filler;
        turn.state.held.is_empty()
            && !moment.acts.0.is_empty()
            && moment.acts.0.iter().all(|a| breath(&a.what))
            && count(moment.heard.text) <= 4
    }

    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, _: &Moment<'_>) -> Then {
        listens(turn)
    }
}

pub(in crate::dialogue) mod not_understood {
    use super::*;

    pub(in crate::dialogue) fn when(_: &Turn<'_>, _: &Moment<'_>) -> bool {
        true
    }

    /// A long story that was not understood may be anything: it is asked, and kept until it is answered.
    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, moment: &Moment<'_>) -> Then {
        let told = |c: &Clause| c.finite && c.past && !c.asks && !c.filler;
        let said = moment.heard.said;
        let story =
            count(moment.heard.text) > tells_in_pieces::PIECE && said.clauses.iter().any(told);
        if story && turn.complaint.is_none() && turn.state.fallback_count == 0 {
            return unclear::then(turn, moment);
        }
        turn.state.fallback_count = turn.state.fallback_count.saturating_add(1);
        if turn.state.fallback_count >= 2 {
            turn.say("fallback.person");
            Then::Handoff(Occasion::NotUnderstood)
        } else {
            turn.say("fallback.first");
            turn.offer("fallback");
            Then::Done
        }
    }
}
