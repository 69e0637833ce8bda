//! How a complaint stands, in words: its status, and what is due next.

use super::turn::Turn;
use crate::{
    domain::{Claim, complaint::PublicStatus},
    flow::Vars,
};

pub(super) fn tell(turn: &mut Turn<'_>, known: &PublicStatus) {
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
