//! How a complaint stands: told to whoever has its reference, and nothing more than that.

use super::{returning, standing, turn::Turn};
use crate::{
    complaint::public_status,
    domain::{Slot, event::Inbound},
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
        standing::tell(turn, &status);
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
