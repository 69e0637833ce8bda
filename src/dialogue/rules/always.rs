//! Rules that come before all others, whatever is going on.
#![allow(
    clippy::wildcard_imports,
    reason = "each rule is a module of its own, with the imports of its file"
)]

use super::shared::patience;
use crate::{
    dialogue::{
        absorb,
        acts::DialogueAct,
        command, intake, queue, queue_preference,
        rule::{Moment, Opening, Then},
        turn::Turn,
    },
    domain::{Intent, Relation, Slot, SlotValue, Status, event::TimerKind, interpretation::Cue},
    flow::Occasion,
};

pub(in crate::dialogue) use super::{pressed_late, says_it_is_one};

const AGAIN: Then = Then::Reprompt { counted: false };

pub(in crate::dialogue) mod nothing_said {
    use super::*;

    pub(in crate::dialogue) fn when(_: &Turn<'_>, moment: &Moment<'_>) -> bool {
        moment.does(&DialogueAct::Wordless)
    }

    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, moment: &Moment<'_>) -> Then {
        if !moment.inbound.unkept.is_empty() && moment.inbound.attachments.is_empty() {
            // What could not be kept was said already.
            return AGAIN;
        }
        if moment.inbound.passes_on() {
            return passed_on(turn, moment);
        }
        let file = !moment.inbound.attachments.is_empty();
        let known = turn.complaint.is_some() || moment.asked.is_some();
        turn.say(match (file, known) {
            (false, _) => "empty",
            (true, true) => "attachment.received",
            (true, false) => "attachment.alone",
        });
        Then::Reprompt { counted: true }
    }

    /// Somebody else's words, and none of their own: kept, and an open question stays open.
    fn passed_on(turn: &mut Turn<'_>, moment: &Moment<'_>) -> Then {
        let waits = turn.state.status == Status::Queued;
        turn.say(if waits || moment.asked.is_some() {
            "forwarded.kept"
        } else {
            "forwarded.alone"
        });
        AGAIN
    }
}

pub(in crate::dialogue) mod same_again {
    use super::*;

    pub(in crate::dialogue) fn when(_: &Turn<'_>, moment: &Moment<'_>) -> bool {
        moment.does(&DialogueAct::Repetition)
    }

    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, moment: &Moment<'_>) -> Then {
        // To a question that was put twice, the same words again are all the answer that there is.
        let insists = turn.state.run.as_ref().is_some_and(|r| r.asked > 1);
        if let Some((_, ask)) = moment.asked.filter(|_| insists) {
            let let_go = crate::domain::Filled {
                value: SlotValue::Unknown(moment.heard.text.trim().to_owned()),
                message: Some(moment.id),
                partial: false,
            };
            turn.state.slots.entry(ask.slot).or_insert(let_go);
            return Then::Advance;
        }
        if moment.asked.is_some() {
            return Then::Reprompt { counted: true };
        }
        turn.say(match turn.state.status {
            Status::Queued => "handoff.already",
            _ if turn.complaint.is_some() => "same.again",
            _ => return Then::Pass,
        });
        Then::Done
    }
}

pub(in crate::dialogue) mod minor {
    use super::*;

    pub(in crate::dialogue) fn when(turn: &Turn<'_>, moment: &Moment<'_>) -> bool {
        moment.heard.said.has(Cue::Minor) && !turn.state.minor && moment.heard.choice.is_none()
    }

    /// Heard, put on record where there is something to record, and brought to a person who knows what to do. Nothing
    /// is asked.
    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, moment: &Moment<'_>) -> Then {
        turn.state.minor = true;
        let flow = turn
            .context
            .flows
            .opened_by(&turn.condition_input(moment.inbound));
        if flow.is_none_or(|f| f.records_complaint) {
            return Then::Pass;
        }
        turn.state.run = None;
        Then::Open(Opening::ByMessage)
    }
}

pub(in crate::dialogue) mod new_writer {
    use super::*;

    pub(in crate::dialogue) fn when(turn: &Turn<'_>, moment: &Moment<'_>) -> bool {
        let known = !turn.state.slots.is_empty() || turn.complaint.is_some();
        moment.heard.said.has(Cue::NewWriter) && known && moment.heard.choice.is_none()
    }

    /// What was told stays, and is not told to them.
    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, moment: &Moment<'_>) -> Then {
        for slot in [
            Slot::ComplainantName,
            Slot::ContactMethod,
            Slot::Consent,
            Slot::Relation,
        ] {
            // What this message itself tells is theirs.
            let theirs =
                |f: &crate::domain::Filled| f.message == Some(moment.id) && slot != Slot::Relation;
            if !turn.state.slots.get(&slot).is_some_and(theirs) {
                turn.state.slots.remove(&slot);
            }
        }
        turn.state.relation = moment.heard.said.relation;
        if turn.state.relation == Relation::Patient {
            turn.state.relation = Relation::Unknown;
        }
        absorb::known_relation(turn, moment.id);
        turn.note("note.new_writer");
        turn.say("writer.new");
        match (moment.heard.said.has(Cue::TellsStory), moment.asked) {
            (true, _) => Then::Pass,
            (false, Some(_)) => Then::Advance,
            (false, None) => {
                turn.say("help.short");
                turn.offer("fallback");
                Then::Done
            }
        }
    }
}

pub(in crate::dialogue) mod abuse {
    use super::*;

    pub(in crate::dialogue) fn when(_: &Turn<'_>, moment: &Moment<'_>) -> bool {
        moment.does(&DialogueAct::Abuse)
    }

    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, _: &Moment<'_>) -> Then {
        friction(turn, "abuse")
    }
}

pub(in crate::dialogue) mod impatience {
    use super::*;

    pub(in crate::dialogue) fn when(_: &Turn<'_>, moment: &Moment<'_>) -> bool {
        moment.does(&DialogueAct::Impatience)
    }

    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, _: &Moment<'_>) -> Then {
        friction(turn, "anger")
    }
}

fn friction(turn: &mut Turn<'_>, kind: &str) -> Then {
    turn.state.fallback_count = 0;
    if patience(turn) {
        turn.say(&format!("{kind}.first"));
        if turn.state.awaiting().is_none() && turn.state.status == Status::Bot {
            turn.offer("fallback");
        }
        return AGAIN;
    }
    turn.say(&format!("{kind}.person"));
    turn.state.run = None;
    Then::Handoff(Occasion::Friction)
}

pub(in crate::dialogue) mod chose_how_to_wait {
    use super::*;

    pub(in crate::dialogue) fn when(turn: &Turn<'_>, moment: &Moment<'_>) -> bool {
        queue_preference::chosen(turn, moment.acts).is_some()
    }

    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, moment: &Moment<'_>) -> Then {
        match queue_preference::chosen(turn, moment.acts) {
            Some(waiting) if queue_preference::choose(turn, waiting) => {
                Then::Open(Opening::Callback)
            }
            Some(_) => Then::Done,
            None => Then::Pass,
        }
    }
}

pub(in crate::dialogue) mod wants_person {
    use super::*;

    pub(in crate::dialogue) fn when(turn: &Turn<'_>, moment: &Moment<'_>) -> bool {
        let said = moment.heard.said;
        let words = moment.heard.text.split_whitespace().count();
        let slot = moment.asked.map(|(_, a)| a.slot);
        // "Speak to the driver" is what they want done, and no wish to speak to a person.
        let names_whom = slot == Some(Slot::DesiredOutcome) && !said.entities.staff.is_empty();
        let telling = matches!(
            slot,
            Some(Slot::WhatHappened | Slot::AnythingElse | Slot::DesiredOutcome)
        ) && words > 12;
        let asks = moment.does(&DialogueAct::AskIfBot);
        let intent = said.intent == Intent::SpeakToHuman && !names_whom && !telling && !asks;
        let chosen = moment.acts.chosen() == Some("speak_to_human");
        moment.does(&DialogueAct::WantPerson)
            || chosen
            || intent && moment.heard.choice.is_none() && turn.state.status != Status::Assigned
    }

    /// What they say beside it is put on record all the same: the person who comes has read it.
    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, moment: &Moment<'_>) -> Then {
        turn.state.run = None;
        turn.state.fallback_count = 0;
        if moment.acts.narrates() && moment.heard.said.clauses.len() > 1 {
            let wanted = |a: &&crate::dialogue::acts::Act| a.what == DialogueAct::Narrate;
            let told: Vec<&str> = (moment.acts.0.iter().filter(wanted))
                .filter_map(|a| moment.heard.text.get(a.span.start..a.span.end))
                .collect();
            let told = turn.read(&told.join(" "));
            let complains = told.intent == Intent::Complaint && told.unsure.is_empty();
            if complains || turn.complaint.is_some() && told.has(Cue::TellsStory) {
                intake::keep_acts(turn, moment.id, moment.heard, moment.acts, moment.inbound);
            }
        }
        Then::Handoff(Occasion::SpeakToHuman)
    }
}

pub(in crate::dialogue) mod withdraws {
    use super::*;

    pub(in crate::dialogue) fn when(turn: &Turn<'_>, moment: &Moment<'_>) -> bool {
        let said = moment.heard.said;
        // One that was made before: by its reference, or in so many words.
        let earlier = !said.entities.references.is_empty() || said.has(Cue::WithdrawsEarlier);
        moment.does(&DialogueAct::Withdraw)
            && (turn.complaint.is_some() && !turn.state.closed_by_agent || earlier)
    }

    /// Whether a complaint may end is for a person to settle with them.
    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, _: &Moment<'_>) -> Then {
        turn.state.run = None;
        turn.say("complaint.withdraw");
        turn.note("note.withdraws");
        queue::leave_for(turn, Occasion::Withdraw);
        Then::Done
    }
}

pub(in crate::dialogue) mod forgets {
    use super::*;

    pub(in crate::dialogue) fn when(_: &Turn<'_>, moment: &Moment<'_>) -> bool {
        moment.does(&DialogueAct::AskToForget)
    }

    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, _: &Moment<'_>) -> Then {
        command::forget(turn);
        Then::Done
    }
}

pub(in crate::dialogue) mod not_meant {
    use super::*;
    use crate::domain::ComplaintStatus;

    pub(in crate::dialogue) fn when(turn: &Turn<'_>, moment: &Moment<'_>) -> bool {
        moment.does(&DialogueAct::NotMeant)
            && turn.complaint.is_some()
            && !turn.state.closed_by_agent
            // What was told elsewhere stands: a person settles whether it ends.
            && !turn.state.shares_record()
            && turn.state.status != Status::Assigned
    }

    /// What was read as a complaint by mistake is marked as withdrawn, with everything that was asked for it.
    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, _: &Moment<'_>) -> Then {
        turn.state.run = None;
        turn.cancel_timer(TimerKind::Silence);
        turn.cancel_timer(TimerKind::PromiseDue);
        if let Some(complaint) = &mut turn.complaint {
            complaint.status = ComplaintStatus::Withdrawn;
            complaint.complete = true;
        }
        turn.say("complaint.not_meant");
        if turn.state.status == Status::Bot {
            turn.offer("fallback");
        }
        turn.state.closed_by_agent = true;
        Then::Done
    }
}

pub(in crate::dialogue) mod resumes {
    use super::*;

    pub(in crate::dialogue) fn when(turn: &Turn<'_>, moment: &Moment<'_>) -> bool {
        let unfinished =
            turn.complaint.as_ref().is_some_and(|c| !c.complete) && !turn.state.closed_by_agent;
        let unfinished = unfinished && !turn.state.shares_record();
        moment.does(&DialogueAct::Resume) && (moment.asked.is_some() || unfinished)
    }

    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, moment: &Moment<'_>) -> Then {
        turn.say("session.back");
        if moment.asked.is_some() {
            AGAIN
        } else {
            Then::Open(Opening::Unfinished)
        }
    }
}

pub(in crate::dialogue) mod hear_again {
    use super::*;

    pub(in crate::dialogue) fn when(_: &Turn<'_>, moment: &Moment<'_>) -> bool {
        // The same words to the same question are no wish to hear it a third time.
        moment.does(&DialogueAct::AskAgain) && !moment.heard.insists
    }

    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, moment: &Moment<'_>) -> Then {
        if moment.asked.is_none() {
            turn.say(if turn.state.status == Status::Queued {
                "handoff.already"
            } else {
                "help"
            });
        }
        AGAIN
    }
}

pub(in crate::dialogue) mod data {
    use super::*;

    pub(in crate::dialogue) fn when(_: &Turn<'_>, moment: &Moment<'_>) -> bool {
        let alone = moment.acts.0.len() == 1;
        alone && moment.does(&DialogueAct::AskAboutData)
    }

    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, _: &Moment<'_>) -> Then {
        turn.say("privacy.data");
        AGAIN
    }
}

pub(in crate::dialogue) mod small_talk {
    use super::*;

    pub(in crate::dialogue) fn when(_: &Turn<'_>, moment: &Moment<'_>) -> bool {
        moment.does(&DialogueAct::SmallTalk)
    }

    pub(in crate::dialogue) fn then(turn: &mut Turn<'_>, _: &Moment<'_>) -> Then {
        turn.state.fallback_count = 0;
        turn.say("chitchat");
        AGAIN
    }
}
