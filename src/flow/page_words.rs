//! What the web chat itself says, its buttons and notes: `<language>/chat.yaml`. What the assistant says stands in
//! the phrases.

use super::{
    error::FlowError,
    phrases::{FALLBACK, PAGE_WORDS as FILE},
    source::Texts,
};
use std::collections::{BTreeMap, BTreeSet};

/// The words of a language, by what they are for; `{{ name }}` stands for a person or a file.
pub(super) type Words = BTreeMap<String, String>;

/// The words of every language that has some.
///
/// # Errors
/// A file that has not the same words as the English one, or another shape.
pub(super) fn load(texts: &Texts) -> Result<BTreeMap<String, Words>, Vec<FlowError>> {
    let read = |language: &str| texts.yaml::<Words>(&format!("{language}/{FILE}"));
    let english = read(FALLBACK).map_err(|e| vec![e])?;
    let names = |words: &Words| words.keys().cloned().collect::<BTreeSet<_>>();
    let wanted = names(&english);
    let mut errors = Vec::new();
    let mut all = BTreeMap::new();
    for language in texts.languages() {
        let file = format!("{language}/{FILE}");
        if texts.get(&file).is_err() {
            continue;
        }
        match read(&language) {
            Ok(words) => {
                let has = names(&words);
                let mut wrong = |what: &str, name: &String| {
                    errors.push(FlowError::whole(&file, format!("{what} '{name}'")));
                };
                wanted
                    .difference(&has)
                    .for_each(|n| wrong("there is no text for", n));
                has.difference(&wanted)
                    .for_each(|n| wrong("the web chat has no place for", n));
                all.insert(language, words);
            }
            Err(e) => errors.push(e),
        }
    }
    if errors.is_empty() {
        Ok(all)
    } else {
        Err(errors)
    }
}
