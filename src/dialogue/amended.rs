//! What people at the desk put right in a complaint's record.

use super::{Refusal, returning, settled, turn::Turn};
use crate::{
    complaint,
    domain::{
        AgentRef, Author, Complaint, ComplaintPatch, Conversation, Effect, Filled, Message, Sent,
        Slot, SlotValue, Status,
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
    if patch.tell.is_some() {
        may_tell(turn, agent)?;
    }
    let told = patch.tell.as_deref().map(|words| tell(turn, agent, words));
    if let Some(record) = (turn.complaint.as_mut()).filter(|c| c.reference == *reference) {
        let before = record.clone();
        complaint::amend(record, patch, &with).map_err(refused)?;
        record.case.acknowledgement = told.or_else(|| record.case.acknowledgement.take());
        let after = record.clone();
        known_from_now_on(&mut turn.state, &before, &after);
        if after.case.question != before.case.question {
            returning::asked(turn);
        }
        settled::amended(turn, &before);
        return Ok(());
    }
    // The conversation has gone on to another complaint; the older record is amended all the same.
    let before = older
        .filter(|c| c.reference == *reference)
        .ok_or(Refusal::NoComplaint)?;
    let mut after = before.clone();
    complaint::amend(&mut after, patch, &with).map_err(refused)?;
    after.case.acknowledgement = told.or_else(|| after.case.acknowledgement.take());
    if let Some(mut change) = complaint::changes(Some(before), &after, at, &agent.name) {
        change.why.clone_from(&patch.why);
        turn.effect(Effect::Older(Box::new(after)));
        turn.effect(Effect::Changed(change));
    }
    Ok(())
}

/// Whether words may be sent to the complainant here. The program's own may not, while a person has the conversation.
fn may_tell(turn: &Turn<'_>, agent: &AgentRef) -> Result<(), Refusal> {
    let refused = |why: &str| {
        let (field, why) = ("text", why.to_owned());
        Err(Refusal::Record { field, why })
    };
    if turn.state.unproven {
        return refused("the channel cannot vouch for who writes there: tell them by another way");
    }
    if agent.is_program() && turn.state.status == Status::Assigned {
        return refused("a person has the conversation");
    }
    Ok(())
}

/// Sends words to the complainant, by their channel.
fn tell(turn: &mut Turn<'_>, agent: &AgentRef, words: &str) -> Sent {
    let (id, at) = (turn.next_id(), turn.now());
    turn.state.last_said = Some(id);
    let (from, name) = if agent.is_program() {
        (Author::Bot, None)
    } else {
        (Author::Agent, Some(agent.name.clone()))
    };
    turn.write(Message {
        agent: name,
        ..Message::words(id, from, words.to_owned(), at)
    });
    Sent {
        message: id,
        by: agent.name.clone(),
        inbox: turn.state.inbox.clone(),
        at,
    }
}

/// What a person has put right is what the conversation knows, too: the next message does not bring the old value back,
/// and the bot does not ask for what stands on record.
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
