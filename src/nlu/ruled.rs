//! One message as the rules see it, and what the models are shown of it.

use super::{
    belief::Shown,
    model::{Evidence, Features, Lexicon, Model},
    nameless::{nameless, names},
    normalise::normalise,
    ordinary, packs,
    patterns::Matches,
    red_flags::Spoken,
    roles::Roles,
    rules::{Hits, Rules},
};
use crate::domain::{Entities, Interpretation};
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// Sentences of fewer words are read with the whole only.
const WORDS_OF_SENTENCE: usize = 4;
/// How many sentences are read by themselves.
const MOST_SENTENCES: usize = 40;

/// One message as the rules see it, and all that the model needs of it.
pub(super) struct Ruled {
    pub(super) plain: String,
    /// The words without addresses and numbers to reach somebody by, of which a model learns nothing.
    words: String,
    /// Where addresses and numbers were cut out of the text.
    cut: Vec<Range<usize>>,
    /// The words, normalised.
    plain_words: String,
    /// The same without the names of people.
    unnamed: String,
    pub(super) matches: Matches,
    pub(super) hits: Hits,
    pub(super) spoken: Spoken,
    pub(super) said: Interpretation,
}

impl Ruled {
    /// `text` as its rules read it: `plain` is the same, normalised.
    pub(super) fn new(
        text: &str,
        plain: String,
        matches: Matches,
        hits: Hits,
        spoken: Spoken,
        said: Interpretation,
    ) -> Self {
        let (words, cut) = without_contacts(text, &said.entities);
        let plain_words = if words == text {
            plain.clone()
        } else {
            normalise(&words)
        };
        let unnamed = nameless(&plain_words, &names(&said.entities));
        Self {
            plain,
            words,
            cut,
            plain_words,
            unnamed,
            matches,
            hits,
            spoken,
            said,
        }
    }

    /// Whether at least half of the words are words of every day.
    fn readable(&self) -> bool {
        let words = || self.plain.unicode_words();
        let known = words().filter(|w| ordinary::is_ordinary(w)).count();
        known * 2 >= words().count()
    }

    /// All that a model sees of it.
    pub(super) fn shown(&self, rules: &Rules, lexicon: &Lexicon, model: &Model) -> Shown {
        Shown {
            words: self.words.clone(),
            unnamed: (self.unnamed != self.plain_words).then(|| self.unnamed.clone()),
            trust: packs::trust(&self.said.language),
            several: self.several(),
            whole: self.features(lexicon, model.with_rules()),
            sentences: self.sentences(rules, lexicon),
            readable: self.readable() && !self.said.bare,
        }
    }

    /// What the model sees of each sentence by itself, where there are several with some words.
    fn sentences(&self, rules: &Rules, lexicon: &Lexicon) -> Vec<(String, Features)> {
        let enough = |s: &&str| s.split(' ').filter(|w| !w.is_empty()).count() >= WORDS_OF_SENTENCE;
        let all: Vec<&str> = (self.plain_words.split_inclusive(['.', '!', '?', ';']))
            .flat_map(|sentence| rules.turns(sentence))
            .filter(enough)
            .take(MOST_SENTENCES)
            .collect();
        if all.len() < 2 {
            return Vec::new();
        }
        let of = |s: &str| (s.trim().to_owned(), Features::of(s.trim(), lexicon, None));
        all.into_iter().map(of).collect()
    }

    /// Roles of the words that the models saw, as roles of the text.
    pub(super) fn in_text(&self, roles: Roles) -> Roles {
        roles.moved(&self.cut)
    }

    /// Whether there are several people, places or days in it, of which one may be meant.
    fn several(&self) -> bool {
        let e = &self.said.entities;
        let named = e.staff.iter().filter(|s| s.name.is_some()).count();
        let told = usize::from(e.affected.as_ref().is_some_and(|a| a.start.is_some()));
        let people = named + told + usize::from(e.self_name.is_some());
        let finite = self.said.clauses.iter().any(|c| c.finite);
        finite && (people >= 2 || e.places.len() >= 2 || e.dates.len() >= 2)
    }

    pub(super) fn features(&self, lexicon: &Lexicon, with_rules: bool) -> Features {
        let evidence = Evidence {
            answered: &self.said,
            hits: &self.hits,
        };
        Features::of(&self.unnamed, lexicon, with_rules.then_some(&evidence))
    }
}

/// A text without the e-mail addresses and telephone numbers in it, and where those stood.
fn without_contacts(text: &str, found: &Entities) -> (String, Vec<Range<usize>>) {
    let mut spans: Vec<Range<usize>> = (found.emails.iter().chain(&found.phones))
        .map(|f| f.start..f.end)
        .collect();
    spans.sort_unstable_by_key(|s| (s.start, s.end));
    let mut words = String::with_capacity(text.len());
    let mut cut: Vec<Range<usize>> = Vec::new();
    let mut from = 0;
    for span in spans {
        let start = span.start.max(from);
        words.push_str(text.get(from..start).unwrap_or_default());
        from = from.max(span.end);
        cut.push(start..from);
    }
    words.push_str(text.get(from..).unwrap_or_default());
    (words, cut)
}
