//! What people at the desk put right in a complaint's record.

use super::{Refusal, returning, turn::Turn};
use crate::{
    complaint,
    domain::{
        AgentRef, Complaint, ComplaintPatch, Conversation, Effect, Filled, Slot, SlotValue,
        complaint::{Consent, Reference},
    },
};

pub(super) fn amended(
    turn: &mut Turn<'_>,
    agent: &AgentRef,
    reference: &Reference,
    patch: &ComplaintPatch,
    older: Option<&Complaint>,
) -> Result<(), Refusal> {
    turn.by(agent, patch.why.as_deref());
    let at = turn.now();
    let with = complaint::Amending {
        at,
        by: agent,
        profile: turn.context.profile,
    };
    let refused = |e: complaint::AmendError| {
        if e.is_conflict() {
            Refusal::Record {
                field: e.field(),
                why: e.to_string(),
            }
        } else {
            Refusal::Invalid(e.to_string())
        }
    };
    if let Some(record) = (turn.complaint.as_mut()).filter(|c| c.reference == *reference) {
        let before = record.clone();
        complaint::amend(record, patch, &with).map_err(refused)?;
        let after = record.clone();
        known_from_now_on(&mut turn.state, &before, &after);
        if after.case.question != before.case.question {
            returning::asked(turn);
        }
        return Ok(());
    }
    // The conversation has gone on to another complaint; the older record is amended all the same.
    let before = older
        .filter(|c| c.reference == *reference)
        .ok_or(Refusal::NoComplaint)?;
    let mut after = before.clone();
    complaint::amend(&mut after, patch, &with).map_err(refused)?;
    if let Some(mut change) = complaint::changes(Some(before), &after, at, &agent.name) {
        change.why.clone_from(&patch.why);
        turn.effect(Effect::Older(Box::new(after)));
        turn.effect(Effect::Changed(change));
    }
    Ok(())
}

/// What a person has put right is what the conversation knows, too: the next message does not bring the old value back, and
/// the bot does not ask for what stands on record.
fn known_from_now_on(state: &mut Conversation, before: &Complaint, after: &Complaint) {
    let (old, new) = (complaint::known(before), complaint::known(after));
    for (slot, filled) in &new {
        if old.get(slot).map(|f| &f.value) != Some(&filled.value) {
            state.slots.insert(*slot, filled.clone());
        }
    }
    for slot in old.keys().filter(|slot| !new.contains_key(*slot)) {
        state.slots.remove(slot);
    }
    state.relation = after.complainant.relation;
    let consent = after.complainant.consent;
    if consent == before.complainant.consent {
        return;
    }
    if consent == Consent::NotAsked {
        state.slots.remove(&Slot::Consent);
        return;
    }
    let value = SlotValue::YesNo {
        yes: consent == Consent::Given,
        said: String::new(),
    };
    let filled = Filled {
        value,
        message: None,
        partial: false,
    };
    state.slots.insert(Slot::Consent, filled);
}
