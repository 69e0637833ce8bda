//! Which facts a phrase may mention: what is misspelt is told with its line, and nobody reads a phrase's key instead of
//! a sentence.

use super::{PhraseBook, source::Origin};

/// Facts that every phrase may mention.
pub const USUAL_FACTS: [&str; 13] = [
    "organisation",
    "emergency",
    "urgent",
    "crisis",
    "child",
    "opens",
    "wait",
    "name",
    "reachable",
    "callback",
    "reference",
    "due",
    "agent",
];

/// Facts that a reply which stands ready for agents may mention.
const CANNED: [&str; 8] = [
    "organisation",
    "name",
    "agent",
    "reference",
    "gist",
    "by",
    "emergency",
    "crisis",
];

impl PhraseBook {
    /// What a wording mentions that its phrase is not given; of those that are built in it is only noted what they are
    /// given.
    pub(super) fn mentions(&mut self, origin: Origin, key: &str, template: &str) -> Vec<String> {
        let mentioned = (self.env.get_template(template))
            .map(|t| t.undeclared_variables(false))
            .unwrap_or_default();
        match origin {
            Origin::BuiltIn => {
                let given = self.given.entry(key.to_owned()).or_default();
                given.extend(mentioned);
                Vec::new()
            }
            Origin::Folder => {
                let facts = self.facts_of(key);
                let unknown = |fact: &String| !facts.contains(&fact.as_str());
                mentioned.into_iter().filter(unknown).collect()
            }
        }
    }

    /// The facts that a phrase may mention.
    pub(super) fn facts_of(&self, key: &str) -> Vec<&str> {
        if key.starts_with("canned.") {
            return CANNED.to_vec();
        }
        let own = self
            .given
            .get(key)
            .into_iter()
            .flatten()
            .map(String::as_str);
        let own = own.filter(|fact| !USUAL_FACTS.contains(fact));
        USUAL_FACTS.into_iter().chain(own).collect()
    }
}
