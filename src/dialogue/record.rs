//! Once a turn, the slots become the record. Nothing else writes what the complainant told.

use super::turn::Turn;
use crate::{
    complaint::{self, Told},
    domain::{
        AttachmentRef, Category, Complaint, Interpretation, MessageId, Slot, Status,
        complaint::{Added, Reference},
        interpretation::{Cue, Intensity},
    },
};

/// Opens a record if there is none to continue. Whether it was opened now.
pub(super) fn open(turn: &mut Turn<'_>) -> bool {
    let continues = turn
        .complaint
        .as_ref()
        .is_some_and(|c| !c.complete || turn.state.status == Status::Queued)
        || turn.state.shares_record();
    let continues = continues && !turn.state.closed_by_agent;
    if continues {
        return false;
    }
    if turn.complaint.is_some() {
        forget_incident(&mut turn.state);
    }
    let reference = Reference::from_bits(turn.event.id.reference_bits());
    turn.complaint = Some(complaint::open(
        reference.clone(),
        &turn.state,
        turn.now(),
        turn.context.profile,
    ));
    turn.state.complaint = Some(reference);
    turn.state.closed_by_agent = false;
    turn.state.questions = 0;
    turn.state.reduced_questions = false;
    true
}

/// Leaves what is true of the person, drops what was true of one incident.
pub(super) fn forget_incident(state: &mut crate::domain::Conversation) {
    state.questions = 0;
    state.reduced_questions = false;
    state.held.clear();
    state.answered = None;
    state.slots.retain(|slot, filled| {
        matches!(slot, Slot::ComplainantName | Slot::ContactMethod) && !filled.value.is_missing()
    });
}

/// Adds words to the narrative, verbatim.
pub(super) fn narrate(turn: &mut Turn<'_>, message: MessageId, words: &str) {
    let added = turn.state.shares_record().then(|| Added {
        day: turn.today().to_string(),
        channel: turn.state.inbox.clone(),
    });
    if let Some(complaint) = &mut turn.complaint {
        complaint::add_words(complaint, message, words, added);
    }
}

/// Adds files.
pub(super) fn attach(turn: &mut Turn<'_>, files: &[AttachmentRef]) {
    let Some(complaint) = &mut turn.complaint else {
        return;
    };
    for file in files {
        if !complaint.attachments.contains(file) {
            complaint.attachments.push(file.clone());
        }
    }
}

/// Brings the record up to what is known. `said` is what the message of this turn shows of how the person is.
pub(super) fn write(turn: &mut Turn<'_>, said: Option<&Interpretation>) {
    let Some(mut complaint) = turn.complaint.take() else {
        return;
    };
    let run = turn.state.run.as_ref();
    let mut flows = turn.context.flows.flows.iter();
    let flow = run.and_then(|r| flows.find(|f| f.name == r.flow));
    complaint.case.protected |= flow.is_some_and(|f| f.protects);
    if turn.state.complaint.as_ref() == Some(&complaint.reference) && !turn.state.closed_by_agent {
        let category = category(turn, &complaint, said);
        let (emotion, intensity) = said.map_or((turn.state.emotion, Intensity(0)), |s| {
            (s.emotion, s.intensity)
        });
        let told = Told {
            conversation: &turn.state,
            emotion,
            intensity,
            category,
            problems: said.map_or(&[], |s| s.problems.as_slice()),
            death: said.is_some_and(|s| s.has(Cue::Bereaved)),
        };
        if turn.state.shares_record() {
            complaint::add(&mut complaint, &told, turn.known);
        } else {
            complaint::write(&mut complaint, &told);
        }
    }
    turn.complaint = Some(complaint);
}

/// What the complaint is about, where its longest piece was told in this turn: that piece says most.
fn category(
    turn: &Turn<'_>,
    complaint: &Complaint,
    said: Option<&Interpretation>,
) -> Option<Category> {
    let before = turn.before.map_or(0, |c| c.fragments.len());
    let pieces = complaint.fragments.iter().enumerate();
    let (at, longest) = pieces.max_by_key(|(_, f)| f.text.len())?;
    if at < before && complaint.classification.category.is_some() {
        return None;
    }
    let interpreter = turn.context.interpreter;
    said.and_then(|s| s.category)
        .or_else(|| interpreter.categorise(&longest.text, turn.setting()))
}
