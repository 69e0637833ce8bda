//! The rules of the policy, a module a rule; their order is in `policy.rs`.

pub(super) mod always;
pub(super) mod asked;
pub(super) mod awaited;
pub(super) mod open;
pub(super) mod pressed_late;
pub(super) mod says_it_is_one;
mod shared;
