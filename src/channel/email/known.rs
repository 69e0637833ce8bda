//! Words that were said in a conversation before: a quote of them is told from words that nobody here has heard.

use std::collections::HashSet;

/// Fewer words are known only where they were a sentence or a line of their own.
const FEW: usize = 3;

/// What was said before, as it is compared: words alone, in small letters.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Everything, a space before and after each word.
    words: String,
    /// Each sentence and line.
    pieces: HashSet<String>,
}

/// Words alone, in small letters, a space between them.
fn plain(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let words: Vec<String> = words
        .filter(|w| !w.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join(" ")
}

/// The lines of a text, each in its sentences.
fn pieces(text: &str) -> impl Iterator<Item = impl Iterator<Item = &str>> {
    text.lines().map(|line| {
        line.split_inclusive(['.', '!', '?', '…'])
            .filter(|p| !p.trim().is_empty())
    })
}

impl Known {
    /// Words that were said.
    pub fn add(&mut self, text: &str) {
        self.words.push(' ');
        self.words.push_str(&plain(text));
        self.words.push_str(" \n");
        self.pieces.extend(text.lines().map(plain));
        self.pieces.extend(pieces(text).flatten().map(plain));
    }

    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether these words were said. Where there are none, they were.
    pub fn has(&self, text: &str) -> bool {
        let plain = plain(text);
        let few = plain.split(' ').count() < FEW;
        plain.is_empty()
            || self.pieces.contains(&plain)
            || !few && self.words.contains(&format!(" {plain} "))
    }

    /// What of a text was not said before, by its lines and sentences.
    pub fn unknown(&self, text: &str) -> String {
        let mut unknown = String::new();
        for line in text.lines().filter(|line| !self.has(line)) {
            let new: String = pieces(line).flatten().filter(|p| !self.has(p)).collect();
            if !new.trim().is_empty() {
                unknown.push_str(new.trim());
                unknown.push('\n');
            }
        }
        unknown.trim_end().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Known {
        let mut known = Known::default();
        known.add("Thank you, Ann. When was this? A rough idea is enough.\n\nYes, they agree");
        known
    }

    #[test]
    fn words_are_known_however_they_are_set() {
        for said in [
            "When was this?",
            "when  was this",
            "A rough idea\u{a0}is enough.",
            "rough idea is",
            "> yes, they agree",
            "---",
        ] {
            assert!(known().has(said), "{said}");
        }
        for new in [
            "On Sunday.",
            "enough",
            "was this",
            "a rough ideal is enough",
        ] {
            assert!(!known().has(new), "{new}");
        }
        assert!(!Known::default().has("When was this?"));
    }

    #[test]
    fn what_was_written_into_a_quote_is_what_is_left_of_it() {
        let quote =
            "Thank you, Ann. When was this? On Sunday. I can't go on.\nA rough idea is enough.";
        assert_eq!(known().unknown(quote), "On Sunday. I can't go on.");
        assert_eq!(
            known().unknown("When was this?\n\nA rough idea is enough."),
            ""
        );
    }
}
