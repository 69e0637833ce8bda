//! "Moira Finch" where it was asked who it was, and then moira@example.org: a name that an address of the writer's
//! carries is the writer's, whatever had been asked, and nobody complained of.

use super::turn::Turn;
use crate::{
    domain::{Filled, Person, Slot, SlotValue, complaint::Contact},
    nlu::fold,
};

/// Shorter names stand in too many addresses.
const LETTERS: usize = 4;

/// Gives the writer the name that their address carries, where they have given no other and somebody complained of has
/// it.
pub(super) fn claim(turn: &mut Turn<'_>) {
    let own = match turn.state.value(Slot::ComplainantName) {
        Some(SlotValue::Text(name)) => Some(name.clone()),
        Some(_) => return,
        None => None,
    };
    let Some(SlotValue::People(people)) = turn.state.value(Slot::StaffInvolved) else {
        return;
    };
    let addresses = match turn.state.value(Slot::ContactMethod) {
        Some(SlotValue::Contacts(addresses)) => addresses.as_slice(),
        _ => &[],
    };
    let theirs = |person: &Person| {
        let name = person.name.as_deref().unwrap_or_default();
        let another = own.as_deref().is_some_and(|own| own != name);
        !another && addresses.iter().any(|address| carries(address, name))
    };
    let Some(at) = people.iter().position(theirs) else {
        return;
    };
    let mut others = people.clone();
    let (Some(name), Some(filled)) = (
        others[at].name.take(),
        turn.state.slots.get_mut(&Slot::StaffInvolved),
    ) else {
        return;
    };
    // What they do was told of somebody else.
    others.retain(|p| p.name.is_some() || p.role.is_some() || p.description.is_some());
    filled.partial = true;
    let message = filled.message;
    if others.is_empty() {
        turn.state.slots.remove(&Slot::StaffInvolved);
    } else {
        filled.value = SlotValue::People(others);
    }
    if own.is_none() {
        let filled = Filled {
            value: SlotValue::Text(name),
            message,
            partial: false,
        };
        turn.state.slots.insert(Slot::ComplainantName, filled);
    }
}

/// Whether an e-mail address carries a name: its first name, or the first letter of it and the last name.
fn carries(address: &Contact, name: &str) -> bool {
    if address.kind != "email" || name.contains('.') {
        return false;
    }
    let local = address
        .value
        .split('@')
        .next()
        .unwrap_or_default()
        .to_lowercase();
    let local: String = fold(&local)
        .chars()
        .filter(char::is_ascii_alphabetic)
        .collect();
    let name = fold(&name.to_lowercase());
    let words: Vec<&str> = name.split_whitespace().collect();
    let (Some(first), Some(last)) = (words.first(), words.last()) else {
        return false;
    };
    let initial = first
        .chars()
        .next()
        .into_iter()
        .chain(last.chars())
        .collect::<String>();
    first.len() >= LETTERS && local.starts_with(first)
        || words.len() > 1 && last.len() >= LETTERS && local == initial
}
