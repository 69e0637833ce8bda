//! The complaint on record: opened by the first sentence, grown by every later one, timed by the rules of the land.

mod amend;
mod history;
mod profile;
mod published;
mod record;
mod shared;

pub use amend::{AmendError, amend};
pub use history::changes;
pub use profile::{Period, Profile, ProfileError};
pub use published::PublishedComplaint;
pub use record::{Told, add_words, drop_words, open, public_status, reword, write};
pub use shared::{add, known};

#[cfg(test)]
mod tests;
