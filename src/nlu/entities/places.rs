//! Where it happened.

use crate::{
    domain::interpretation::Found,
    nlu::{finders::Finders, packs::PACKS},
};
use unicode_segmentation::UnicodeSegmentation;

#[derive(Debug)]
pub(super) struct Places(Finders);

impl Places {
    pub(super) fn new() -> Self {
        let all = PACKS.iter().flat_map(|p| p.places());
        let all: Vec<String> = all.map(|p| (*p).to_owned()).collect();
        Self(Finders::own(&all))
    }

    pub(super) fn read(&self, text: &str) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        let look = self.0.look(text);
        for pattern in self.0.numbers() {
            for place in look.find_iter(pattern) {
                if found
                    .iter()
                    .any(|f| f.start < place.end() && place.start() < f.end)
                {
                    continue;
                }
                let words = place.as_str().trim();
                let mut leads = PACKS.iter().flat_map(|p| p.place_leads());
                let bare = leads.find_map(|p| {
                    words
                        .get(..p.len())
                        .filter(|w| w.eq_ignore_ascii_case(p))
                        .map(|w| &words[w.len()..])
                });
                found.push(Found {
                    text: bare.unwrap_or(words).to_owned(),
                    start: place.start(),
                    end: place.end(),
                });
            }
        }
        found.sort_by_key(|f| f.start);
        found.truncate(6);
        found
    }
}

/// Whether a sentence says where: "where we always have tea", "I was in the queue".
pub fn says_where(words: &str) -> bool {
    let all = || PACKS.iter().flat_map(|p| p.says_where());
    words
        .unicode_words()
        .any(|w| all().any(|known| w.eq_ignore_ascii_case(known)))
}
