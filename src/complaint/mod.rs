//! The complaint on record: opened by the first sentence, grown by every later one, timed by the rules of the land.

mod amend;
mod amending;
mod clocks;
mod demo;
pub mod directory;
mod erase;
pub mod fhir;
pub mod fhir_patient;
mod history;
mod judged;
pub mod ko41a;
mod letter;
mod matching;
pub mod pdf;
mod period;
mod profile;
mod profile_file;
mod published;
mod published_case;
mod published_classification;
mod receipt;
mod record;
mod shared;
pub mod sheet;
mod steps;

pub use amend::amend;
pub use amending::{AmendError, Amending};
pub use demo::People;
pub use erase::{emptied, erased};
pub use history::changes;
pub use letter::{LetterFinding, LetterKind, Letters, Writing};
pub use matching::{
    Fit, LEAST as LEAST_FIT, fit, keys as sought_keys, keys_of as customer_keys, sought,
};
pub use period::Period;
pub use profile::Profile;
pub use profile_file::{Example, ProfileError};
pub use published::PublishedComplaint;
pub use receipt::{is_receipt_code, receipt_code};
pub use record::{Told, add_words, drop_words, open, public_status, reword, write};
pub use shared::{add, known};

#[cfg(test)]
mod tests;
