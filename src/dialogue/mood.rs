//! How the person is, as far as their words show: feeling, language, who they are to us.

use super::{form, turn::Turn};
use crate::domain::{
    Emotion, Intent, Interpretation, Relation, Slot, SlotValue,
    interpretation::{Clause, Cue, Intensity, Lead},
};

/// What we know of the person's feeling is the strongest of late: a "yes" after a cry for help does not calm it.
pub(super) fn feel(turn: &mut Turn<'_>, said: &Interpretation) {
    let state = &mut turn.state;
    let stronger = said.intensity >= state.intensity;
    if said.emotion != Emotion::Neutral && (stronger || state.emotion == Emotion::Neutral) {
        state.emotion = said.emotion;
        state.intensity = said.intensity;
    } else if said.emotion == Emotion::Positive {
        // Only warmth lowers it: a bare "yesterday" in between says nothing of how they are.
        state.intensity.0 = state.intensity.0.saturating_sub(10);
        if state.intensity.0 == 0 {
            state.emotion = Emotion::Neutral;
        }
    }
    state.bereaved |= said.has(Cue::Bereaved);
    if said.has(Cue::Bereaved) && state.emotion != Emotion::Anxious {
        state.emotion = Emotion::Sad;
        state.intensity = state.intensity.max(Intensity(60));
    }
    // A word or two are the same in many languages: they change nothing.
    if state.message_count <= 1 || said.has(Cue::SureOfLanguage) {
        state.language.clone_from(&said.language);
    }
    relation(turn, said);
}

/// "My daughter deals with all that", to how to reach them, "my partner heard it too", to what else: who somebody has,
/// and not who they are.
fn tells_of_others(turn: &Turn<'_>, said: &Interpretation) -> bool {
    let of_record = form::open_question(turn).filter(|(flow, _)| flow.records_complaint);
    let asked = of_record.map(|(_, ask)| ask.slot);
    let of_oneself = |c: &Clause| matches!(c.lead, Some(Lead::OwnRole | Lead::OwnName));
    matches!(asked, Some(Slot::ContactMethod | Slot::AnythingElse))
        && said.relation == Relation::Relative
        && said.intent != Intent::Complaint
        && !said.clauses.iter().any(of_oneself)
}

/// So many bytes at most say that somebody works here, and little else.
const WORKS_HERE: usize = 60;

/// Who they are: what they say of themselves wins over what was gathered from the way they wrote.
fn relation(turn: &mut Turn<'_>, said: &Interpretation) {
    if tells_of_others(turn, said) {
        return;
    }
    // "Yes, I work here", whatever they were taken for.
    let few = (said.clauses.last()).is_some_and(|c| c.end <= WORKS_HERE);
    let speaks_up = said.relation == Relation::Employee && few;
    let state = &mut turn.state;
    let vague = |r: Relation| matches!(r, Relation::Unknown | Relation::Public | Relation::Patient);
    let firmer = (vague(state.relation) || speaks_up) && !vague(said.relation);
    let guessed = match state.slots.get(&Slot::Relation).map(|f| &f.value) {
        None => true,
        // What was only gathered stands under its own short name.
        Some(SlotValue::Choice { value, said }) => {
            value == said && (value == "patient" || speaks_up)
        }
        Some(_) => false,
    };
    let unknown = state.relation == Relation::Unknown && !state.is_filled(Slot::Relation);
    if said.relation == Relation::Unknown || !(unknown || firmer && guessed) {
        return;
    }
    if firmer {
        // It was taken to have happened to them because they were taken for a patient.
        let oneself = |v: &SlotValue| *v == SlotValue::Oneself;
        state.slots.retain(|slot, filled| {
            !(*slot == Slot::AffectedPerson && oneself(&filled.value) || *slot == Slot::Relation)
        });
    }
    state.relation = said.relation;
}
