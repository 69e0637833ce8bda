//! Personal details out of a text before it leaves, and back in afterwards.

use crate::domain::{Conversation, Entities, Slot, SlotValue};
use regex::Regex;
use std::{collections::BTreeMap, sync::LazyLock};

static PLACEHOLDER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\[[A-Z]+_\d+\]").expect("the program's own"));
/// Numbers that may point to somebody: five digits and more, whatever stands between them.
static NUMBER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\d(?:[ .-]?\d){4,}").expect("the program's own"));
static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>()]+").expect("the program's own")
});

/// What stands for what. One a request: placeholders mean nothing elsewhere.
#[derive(Debug, Default)]
pub(super) struct Mask {
    /// Longest first, so that "Ann Lee" goes before "Ann".
    known: Vec<(String, String)>,
    counts: BTreeMap<&'static str, usize>,
}

impl Mask {
    /// All that is known of a conversation's people.
    pub(super) fn of(conversation: &Conversation) -> Self {
        let mut mask = Self::default();
        mask.learn_name(conversation.name.as_deref().unwrap_or_default());
        mask.learn_name(&conversation.value_text(Slot::ComplainantName));
        for slot in [Slot::AffectedPerson, Slot::StaffInvolved] {
            match conversation.value(slot) {
                Some(SlotValue::People(people)) => {
                    for person in people {
                        mask.learn_name(person.name.as_deref().unwrap_or_default());
                    }
                }
                Some(SlotValue::Person(person)) => {
                    mask.learn_name(person.name.as_deref().unwrap_or_default());
                }
                _ => {}
            }
        }
        mask.learn("DETAIL", &conversation.value_text(Slot::IncidentWhere));
        if let Some(SlotValue::Contacts(all)) = conversation.value(Slot::ContactMethod) {
            for contact in all {
                mask.learn("DETAIL", &contact.value);
            }
        }
        mask
    }

    /// What a message gives away.
    pub(super) fn learn_from(&mut self, found: &Entities) {
        let texts = |list: &[crate::domain::interpretation::Found]| -> Vec<String> {
            list.iter().map(|f| f.text.clone()).collect()
        };
        if let Some(name) = &found.self_name {
            self.learn_name(&name.text);
        }
        for name in found.staff.iter().filter_map(|s| s.name.as_deref()) {
            self.learn_name(name);
        }
        if let Some(name) = found.affected.as_ref().and_then(|a| a.name.as_deref()) {
            self.learn_name(name);
        }
        for email in texts(&found.emails) {
            self.learn("EMAIL", &email);
        }
        for place in texts(&found.places) {
            self.learn("PLACE", &place);
        }
        for reference in texts(&found.references) {
            self.learn("REFERENCE", &reference);
        }
    }

    /// A whole name, and each part of it that could stand alone.
    fn learn_name(&mut self, name: &str) {
        self.learn("NAME", name);
        let parts: Vec<String> = name
            .split_whitespace()
            .filter(|p| p.chars().count() > 2 && p.chars().next().is_some_and(char::is_uppercase))
            .map(str::to_owned)
            .collect();
        if parts.len() > 1 {
            for part in parts {
                self.learn("NAME", &part);
            }
        }
    }

    fn learn(&mut self, kind: &'static str, text: &str) {
        let text = text.trim();
        if text.chars().count() < 2 || self.known.iter().any(|(known, _)| known == text) {
            return;
        }
        let placeholder = self.placeholder(kind);
        self.known.push((text.to_owned(), placeholder));
        self.known
            .sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
    }

    fn placeholder(&mut self, kind: &'static str) -> String {
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        format!("[{kind}_{count}]")
    }

    /// The text without them. Addresses and long numbers go, known or not.
    pub(super) fn hide(&mut self, text: &str) -> String {
        // A placeholder that somebody wrote themselves must not come back as somebody's name.
        let text = PLACEHOLDER.replace_all(text, "(…)");
        let strangers: Vec<(&'static str, String)> = EMAIL
            .find_iter(&text)
            .map(|m| ("EMAIL", m.as_str().to_owned()))
            .chain(
                NUMBER
                    .find_iter(&text)
                    .map(|m| ("NUMBER", m.as_str().to_owned())),
            )
            .collect();
        for (kind, found) in strangers {
            self.learn(kind, &found);
        }
        let mut text = text.into_owned();
        for (known, placeholder) in &self.known {
            text = replace_words(&text, known, placeholder);
        }
        text
    }

    /// The text with them. None where it holds a placeholder that stands for nothing: it was made up.
    pub(super) fn show(&self, text: &str) -> Option<String> {
        let mut text = text.to_owned();
        for (known, placeholder) in &self.known {
            text = text.replace(placeholder, known);
        }
        (!PLACEHOLDER.is_match(&text)).then_some(text)
    }
}

/// Replaces whole words, without regard to case: "ann" is Ann, "annual" is not.
fn replace_words(text: &str, known: &str, by: &str) -> String {
    let pattern = format!(
        r"(?i)(^|[^\p{{L}}\p{{N}}]){}($|[^\p{{L}}\p{{N}}])",
        regex::escape(known)
    );
    let Ok(pattern) = Regex::new(&pattern) else {
        return text.replace(known, by);
    };
    let mut text = text.to_owned();
    // Twice, since neighbours share the space between them.
    for _ in 0..2 {
        text = pattern
            .replace_all(&text, |found: &regex::Captures<'_>| {
                format!("{}{by}{}", &found[1], &found[2])
            })
            .into_owned();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask() -> Mask {
        let mut mask = Mask::default();
        mask.learn_name("Ann Lee");
        mask.learn("PLACE", "12 Elm Way");
        mask
    }

    #[test]
    fn what_is_hidden_comes_back() {
        let mut mask = mask();
        let text = "Ann Lee, 12 Elm Way: ann@example.org or 07700 900111. Ann's annual check.";
        let hidden = mask.hide(text);
        for secret in ["Ann", "Lee", "Elm", "ann@", "900111"] {
            assert!(!hidden.contains(secret), "{secret}: {hidden}");
        }
        assert!(hidden.contains("annual"), "{hidden}");
        assert_eq!(mask.show(&hidden).as_deref(), Some(text));
    }

    #[test]
    fn a_placeholder_that_stands_for_nothing_is_refused() {
        let mut mask = mask();
        assert_eq!(mask.show("Dear [NAME_9]"), None);
        let hidden = mask.hide("call me [NAME_1]");
        assert!(!hidden.contains("[NAME_1]"), "{hidden}");
    }
}
