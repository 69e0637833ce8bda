//! How a complaint stands: told to whoever has its reference, and nothing more than that.

use super::{returning, turn::Turn};
use crate::{
    complaint::public_status,
    domain::{Claim, Slot, complaint::PublicStatus, event::Inbound},
    flow::Vars,
};

pub(super) fn tell(turn: &mut Turn<'_>, inbound: &Inbound) {
    if let Some(broken) = inbound
        .signals
        .entities
        .broken_references
        .first()
        .filter(|_| inbound.signals.entities.references.is_empty())
    {
        return turn.say_with(
            "status.mistyped",
            Vars::from([("reference", broken.text.clone().into())]),
        );
    }
    let asked = turn
        .state
        .value(Slot::Reference)
        .map(crate::domain::SlotValue::text);
    let own = turn.complaint.as_ref().map(public_status);
    let known = match &asked {
        Some(text) => inbound
            .known_references
            .iter()
            .find(|k| k.reference.as_str() == text)
            .cloned()
            .or_else(|| own.filter(|o| o.reference.as_str() == text)),
        None => own,
    };
    if let Some(status) = known {
        found(turn, &status);
        if turn.state.complaint.as_ref() == Some(&status.reference) {
            returning::beyond_status(turn);
        }
    } else {
        let key = if asked.is_some() {
            "status.unknown"
        } else {
            "status.no_reference"
        };
        turn.say_with(
            key,
            Vars::from([("reference", asked.unwrap_or_default().into())]),
        );
        turn.offer("fallback");
    }
    turn.state.slots.remove(&Slot::Reference);
}

pub(super) fn found(turn: &mut Turn<'_>, known: &PublicStatus) {
    let Some(status) = known.status else {
        return turn.say_with(
            "status.unknown",
            Vars::from([("reference", known.reference.to_string().into())]),
        );
    };
    let profile = turn.context.profile;
    let state = turn.phrase(&format!("state.{}", status.name()), Vars::new());
    let next = known.next.as_ref().map_or_else(String::new, |(name, due)| {
        let key = format!("status.next.{name}");
        if turn.context.flows.phrases.has(&key) {
            turn.phrase(
                &key,
                Vars::from([("due", turn.words().day(*due, &profile.zone).into())]),
            )
        } else {
            String::new()
        }
    });
    let received = turn.words().date(known.received_at, &profile.zone);
    let vars = Vars::from([
        ("reference", known.reference.to_string().into()),
        ("state", state.into()),
        ("received", received.into()),
        ("next", next.into()),
    ]);
    turn.say_with("status.found", vars);
    // One that was made elsewhere can be gone on with here, by whoever proves that it is theirs.
    if turn.state.complaint.as_ref() != Some(&known.reference) && !turn.state.unproven {
        turn.state.claim = Some(Claim {
            reference: known.reference.clone(),
            asked: 0,
        });
        turn.offer("status");
    }
}
