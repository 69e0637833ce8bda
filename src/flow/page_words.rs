//! What our pages themselves say, their buttons and notes: `<language>/chat.yaml` and
//! `<language>/desk.yaml`. What the assistant says stands in
//! the phrases.

use super::{error::FlowError, phrases::FALLBACK, source::Texts};
use std::collections::{BTreeMap, BTreeSet};

/// The words of the web chat, in each language's folder.
pub(super) const CHAT: &str = "chat.yaml";
/// The words of the desk.
pub(super) const DESK: &str = "desk.yaml";

/// The words of a language, by what they are for; `{{ name }}` and the like stand for what is put there.
pub(super) type Words = BTreeMap<String, String>;

/// The words of every language that has such a file.
///
/// # Errors
/// A file that has not the same words as the English one, or another shape.
pub(super) fn load(texts: &Texts, name: &str) -> Result<BTreeMap<String, Words>, Vec<FlowError>> {
    let read = |language: &str| texts.yaml::<Words>(&format!("{language}/{name}"));
    let english = read(FALLBACK).map_err(|e| vec![e])?;
    let names = |words: &Words| words.keys().cloned().collect::<BTreeSet<_>>();
    let wanted = names(&english);
    let mut errors = Vec::new();
    let mut all = BTreeMap::new();
    for language in texts.languages() {
        let file = format!("{language}/{name}");
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
                    .for_each(|n| wrong("the page has no place for", n));
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
