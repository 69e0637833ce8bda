//! Whether a complaint of another conversation is the writer's: weighed before [`super::step`], by whoever
//! holds the records, and decided by there.

use super::{
    Context,
    details::{Details, prove, says_secret},
};
use crate::{
    domain::{
        Complaint, Conversation, Status,
        complaint::Reference,
        event::Inbound,
        interpretation::{Clause, Cue},
    },
    flow::Audience,
};

/// Wrong details that are taken for one complaint in a day, whoever gives them and by whatever channel.
pub const TRIES: i64 = 3;

/// The answer by which somebody goes on with a complaint that they looked up.
pub(super) const CHOICE: &str = "carry_on";

/// A complaint of another conversation that a message says is the writer's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// Which.
    pub reference: Reference,
    /// The message offers a detail that is to prove it.
    pub(super) proves: bool,
}

/// What a claim comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weighed {
    /// A detail is to be asked for.
    Ask,
    /// Too many wrong details today.
    Spent,
    /// The detail does not prove it.
    Wrong {
        /// It was the last try of the day.
        last: bool,
    },
    /// It is theirs.
    Right,
}

/// What a message claims; nothing where the bot does not answer it, or where nobody can say who writes.
pub fn claimed(state: &Conversation, inbound: &Inbound, context: &Context<'_>) -> Option<Claimed> {
    let said = &inbound.signals;
    let heard = !inbound.unproven && inbound.command.is_none() && said.red_flag.is_none();
    if !heard || state.status == Status::Assigned {
        return None;
    }
    // "I wrote to you by e-mail about NH-…, any news?": asks how it stands, which needs no proof.
    let asks = |c: &Clause| c.question && !c.has(Cue::CarriesOn);
    let claims = said.has(Cue::CarriesOn) && !said.clauses.iter().any(asks);
    let named = said.entities.references.first();
    let named: Option<Reference> = named.and_then(|f| f.text.parse().ok());
    let own = |reference: &Reference| state.complaint.as_ref() == Some(reference);
    // With the reference and the secret word nothing else need be said.
    let proves = says_secret(inbound);
    if let Some(reference) = named.filter(|r| (claims || proves) && !own(r)) {
        return Some(Claimed { reference, proves });
    }
    let claim = state.claim.as_ref()?;
    let begins = claim.asked == 0 && (claims || chose(state, inbound, context));
    let proves = claim.asked > 0 && Details::offered(inbound).any();
    (begins || proves).then(|| Claimed {
        reference: claim.reference.clone(),
        proves,
    })
}

/// Whether the offered answer was pressed, or its words were typed.
fn chose(state: &Conversation, inbound: &Inbound, context: &Context<'_>) -> bool {
    let audience = Audience {
        language: &state.language,
        emotion: state.emotion,
        channel: &state.inbox,
    };
    let typed = || {
        let phrases = &context.flows.phrases;
        phrases.chosen(&audience, "status", &inbound.text)
    };
    inbound.choice.clone().or_else(typed).as_deref() == Some(CHOICE)
}

/// What the claim comes to. `record` is none where there is no such complaint, `tries` how many wrong details
/// were given for it today.
///
/// Where there is no complaint, or nothing to prove it by, all goes as where the detail is wrong.
pub fn weigh(
    state: &Conversation,
    inbound: &Inbound,
    claimed: &Claimed,
    record: Option<&Complaint>,
    tries: i64,
) -> Weighed {
    let proven = state
        .linked
        .iter()
        .any(|l| l.reference == claimed.reference);
    if record.is_some_and(|r| proven || r.conversation == state.id) {
        return Weighed::Right;
    }
    if tries >= TRIES {
        return Weighed::Spent;
    }
    if !claimed.proves {
        return Weighed::Ask;
    }
    let offered = Details::offered(inbound);
    if record.is_some_and(|r| prove(&offered, r)) {
        return Weighed::Right;
    }
    Weighed::Wrong {
        last: tries + 1 >= TRIES,
    }
}
