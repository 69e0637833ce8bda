//! The complaint on record: opened by the first sentence, grown by every later one, timed by the rules of the land.

mod amend;
mod history;
mod profile;
mod record;

pub use amend::{AmendError, amend};
pub use history::changes;
pub use profile::{Period, Profile, ProfileError};
pub use record::{add_words, drop_words, learn, open, public_status, reword};

#[cfg(test)]
mod tests;
