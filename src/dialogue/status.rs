//! How a complaint stands: told to whoever has its reference, and nothing more than that.

use super::turn::Turn;
use crate::{
    complaint::public_status,
    domain::{Slot, complaint::PublicStatus, event::Inbound},
    flow::Vars,
};

pub(super) fn tell(draft: &mut Turn<'_>, inbound: &Inbound) {
    if let Some(broken) = inbound
        .signals
        .entities
        .broken_references
        .first()
        .filter(|_| inbound.signals.entities.references.is_empty())
    {
        return draft.say_with(
            "status.mistyped",
            Vars::from([("reference", broken.text.clone().into())]),
        );
    }
    let asked = draft
        .state
        .told
        .get(&Slot::Reference)
        .filter(|t| !t.declined)
        .map(|t| t.text.clone());
    let own = draft.complaint.as_ref().map(public_status);
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
        found(draft, &status);
    } else {
        let key = if asked.is_some() {
            "status.unknown"
        } else {
            "status.no_reference"
        };
        draft.say_with(
            key,
            Vars::from([("reference", asked.unwrap_or_default().into())]),
        );
        draft.offer("fallback");
    }
    draft.state.told.remove(&Slot::Reference);
}

fn found(draft: &mut Turn<'_>, known: &PublicStatus) {
    let Some(status) = known.status else {
        return draft.say_with(
            "status.unknown",
            Vars::from([("reference", known.reference.to_string().into())]),
        );
    };
    let profile = draft.context.profile;
    let state = draft.phrase(&format!("state.{}", status.name()), Vars::new());
    let next = known.next.as_ref().map_or_else(String::new, |(name, due)| {
        let key = format!("status.next.{name}");
        if draft.context.flows.phrases.has(&key) {
            draft.phrase(
                &key,
                Vars::from([("due", draft.words().day(*due, &profile.zone).into())]),
            )
        } else {
            String::new()
        }
    });
    let received = draft.words().date(known.received_at, &profile.zone);
    let vars = Vars::from([
        ("reference", known.reference.to_string().into()),
        ("state", state.into()),
        ("received", received.into()),
        ("next", next.into()),
    ]);
    draft.say_with("status.found", vars);
}
