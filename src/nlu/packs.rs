//! The languages that are read. All that is English stands in `en/`, all that is Spanish in `es/`; a third language is
//! one more folder and one more entry here.
//!
//! A message is read with all packs at once, since many people write a mixture.

use super::{
    en::English,
    es::Spanish,
    pack::{Language, Trust},
};

/// All languages that are read, the one that is answered where nothing tells the language first.
pub(super) static PACKS: [&dyn Language; 2] = [&English, &Spanish];

/// In a language without a pack.
const UNKNOWN: Trust = Trust {
    danger: 1.1,
    encoder: 0.35,
};

/// How far the models are believed in the language of that code.
pub(super) fn trust(code: &str) -> Trust {
    let pack = PACKS.into_iter().find(|p| p.code() == code);
    pack.map_or(UNKNOWN, Language::trust)
}
