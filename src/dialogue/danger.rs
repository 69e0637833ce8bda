//! Danger is answered first, at once, whoever has the conversation.

use super::{
    acts::DialogueAct, form, heard::Heard, intake, interpret::interpret, queue, record, turn::Turn,
};
use crate::{
    domain::{
        Alert, Intent, Interpretation, MessageId, RedFlag, Relation, Slot, Status, event::Inbound,
        interpretation::Cue,
    },
    flow::{Asks, Records},
};

/// What is left to be done with a message after danger was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Left {
    /// All: there was none.
    All,
    /// It complains, and is heard as any complaint; then people are brought in.
    Complaint(RedFlag),
    /// Nothing.
    Nothing,
}

/// Says the safety message and brings people in.
pub(super) fn answered(turn: &mut Turn<'_>, id: MessageId, inbound: &Inbound) -> Left {
    let signals = &inbound.signals;
    // Words that were passed on are surely somebody else's.
    let own = signals.red_flag.map(|flag| (flag, of_another(signals)));
    let Some((flag, anothers)) = own.or_else(|| inbound.borrowed_danger()) else {
        return Left::All;
    };
    if own.is_some() && only_looked_at(turn, flag, signals) {
        turn.alert(Alert::Danger { red_flag: flag });
        return Left::All;
    }
    let said = warn(turn, flag, anothers);
    turn.state.greeted = true;
    let rule = turn.context.flows.danger.rule(flag);
    let complains = inbound.signals.intent == Intent::Complaint
        || form::open_question(turn).is_some_and(|(flow, _)| flow.records_complaint)
        || told_calmly(flag, &inbound.signals) && accuses(turn, inbound);
    if rule.asks == Asks::Complaint && complains && turn.state.status == Status::Bot {
        return Left::Complaint(flag);
    }
    let tells = inbound.signals.intent == Intent::Complaint
        || inbound.signals.has(Cue::TellsStory)
        || rule.record == Records::Always;
    let bot = turn.state.status != Status::Assigned;
    if inbound.text.trim().is_empty() {
        // Only words that were passed on: nothing of their own to put on record.
        record::attach(turn, &inbound.attachments);
    } else if bot && (tells || turn.complaint.is_some()) {
        intake::keep(turn, id, inbound);
    } else if bot {
        // It may be the story of a complaint that is made afterwards.
        intake::hold(turn, id, &inbound.text);
    }
    // The bot stays, and does not interview.
    turn.state.run = None;
    queue::escalate(turn, flag);
    if said && wonders(turn, flag, signals) {
        turn.say("danger.unsure");
        turn.offer("unclear");
    }
    Left::Nothing
}

/// Danger in a file that came after its message: nothing that was told is put on record anew.
pub(super) fn in_file(turn: &mut Turn<'_>, flag: RedFlag, anothers: bool) {
    if turn.state.red_flag.is_some_and(|known| known <= flag) {
        // The words for it were said, mostly to the name of the same file.
        turn.alert(Alert::Danger { red_flag: flag });
    } else {
        warn(turn, flag, anothers);
    }
    turn.state.greeted = true;
    turn.state.run = None;
    queue::escalate(turn, flag);
}

/// What somebody does to another, rather than what the writer threatens.
fn told_calmly(flag: RedFlag, said: &Interpretation) -> bool {
    flag == RedFlag::Abuse || flag == RedFlag::Violence && said.has(Cue::DangerUnsure)
}

/// "My mum's carer hits her": however calmly it is told, somebody is complained of.
fn accuses(turn: &Turn<'_>, inbound: &Inbound) -> bool {
    let said = intake::as_told(&inbound.signals);
    let heard = Heard {
        said: &said,
        ..intake::plain(inbound)
    };
    let told = said.clauses.iter().any(|c| c.finite && !c.asks);
    let acts = interpret(&heard, None, &turn.state);
    told && acts.any(|a| matches!(a, DialogueAct::Inform(Slot::StaffInvolved, _)))
}

/// "A split bag with needles in it by the bus stop": where it is not sure that anybody's life is in danger, and
/// something is told, it may be a complaint. It is asked after the safety words, so that nothing told is lost.
fn wonders(turn: &Turn<'_>, flag: RedFlag, said: &Interpretation) -> bool {
    let told = said.clauses.iter().any(|c| c.finite && !c.asks);
    flag == RedFlag::MedicalEmergency
        && said.has(Cue::DangerUnsure)
        && told
        && turn.complaint.is_none()
        && turn.state.status != Status::Assigned
}

/// In an answer to a question the models see danger where there is none more often than elsewhere ("round the side of
/// the clinic"), and in what somebody complains of. Where they are not sure, a person looks, and nobody is frightened.
pub(super) fn only_looked_at(turn: &Turn<'_>, flag: RedFlag, said: &Interpretation) -> bool {
    let may_complain = flag == RedFlag::Violence && !said.unsure.is_empty();
    let over = flag != RedFlag::SelfHarm && said.intent == Intent::Complaint || may_complain;
    // "I will stay here", to how they would like to wait: so few words answer what was offered.
    let few = (said.clauses.last()).is_none_or(|c| c.end <= SHORT_ANSWER);
    let waits = turn.state.status == Status::Queued && few;
    said.has(Cue::DangerUnsure) && (over || waits || form::open_question(turn).is_some())
}

/// An answer to an offer has so many bytes at most.
const SHORT_ANSWER: usize = 30;

/// Whether the words are surely about somebody else: "my client told me that he …". Where they may be the writer's
/// own, they are answered as their own.
pub(super) fn of_another(said: &Interpretation) -> bool {
    let affected = said.entities.affected.as_ref();
    let named = affected.is_some_and(|a| a.relation.as_deref().is_some_and(|r| r != "self"));
    named && !matches!(said.relation, Relation::Unknown | Relation::Patient)
}

/// The alert, and the safety message before it, without anything else. Whether the message was said.
pub(super) fn warn(turn: &mut Turn<'_>, flag: RedFlag, of_another: bool) -> bool {
    turn.state.red_flag = Some(turn.state.red_flag.map_or(flag, |known| known.min(flag)));
    turn.new_message();
    let rule = turn.context.flows.danger.rule(flag);
    let another = rule.says_of_another.as_ref().filter(|_| of_another);
    turn.state.red_flag_of_another = another.is_some();
    let says = !told_lately(turn, flag);
    if says {
        turn.say(another.unwrap_or(&rule.says));
        let desk = &turn.event.desk;
        if turn.state.status != Status::Assigned && (desk.online == 0) {
            turn.say("danger.nobody");
        }
    }
    turn.mark_emergency();
    turn.new_message();
    turn.alert(Alert::Danger { red_flag: flag });
    says
}

/// Seconds for which the safety words for one kind of danger are not said again to a sender who proved nothing.
const TOLD: i64 = 86_400;

/// Whether a sender of whom nobody can tell who they are was told the same within a day: a forged mail must not bring
/// somebody else a letter for each one that is forged. People are alerted each time.
fn told_lately(turn: &mut Turn<'_>, flag: RedFlag) -> bool {
    if !turn.state.unproven {
        return false;
    }
    let now = turn.now();
    let told = turn.state.warned.get(&flag);
    let lately = told.is_some_and(|at| now.seconds_since(*at) < TOLD);
    if !lately {
        turn.state.warned.insert(flag, now);
    }
    lately
}
