//! Words that conversations are found by: how they are written, in the index and in a question.

use crate::{
    domain::{Conversation, Slot, complaint::Reference},
    nlu::fold,
};

/// The most words that one search looks for; further ones are left out.
const MOST_WORDS: usize = 8;
/// Shorter words are looked for whole: too many begin with one or two letters.
const SHORTEST_BEGINNING: usize = 3;
/// Longest that is kept of a name, in characters.
const LONGEST_WHO: usize = 300;

/// What is looked for: words in small letters without accents, each with letters and digits alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words(Vec<String>);

impl Words {
    /// The words of what somebody typed; none where there is neither letter nor digit in it.
    pub fn of(text: &str) -> Option<Self> {
        let words: Vec<String> = split(text).take(MOST_WORDS).collect();
        (!words.is_empty()).then_some(Self(words))
    }

    /// For the index of `SQLite` (FTS5): every word, or one that begins so.
    pub(super) fn fts5(&self) -> String {
        self.each(
            |word, star| format!("\"{word}\"{}", if star { "*" } else { "" }),
            " AND ",
        )
    }

    /// The same for the index of Postgres.
    pub(super) fn tsquery(&self) -> String {
        self.each(
            |word, star| format!("'{word}'{}", if star { ":*" } else { "" }),
            " & ",
        )
    }

    /// For the column `who`: a pattern for each word, which stands at the beginning of one there.
    pub(super) fn patterns(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|word| format!("% {word}%"))
    }

    fn each(&self, one: impl Fn(&str, bool) -> String, between: &str) -> String {
        let written = |word: &String| one(word, word.chars().count() >= SHORTEST_BEGINNING);
        let all: Vec<String> = self.0.iter().map(written).collect();
        all.join(between)
    }
}

fn split(text: &str) -> impl Iterator<Item = String> {
    let folded = fold(&text.to_lowercase());
    let words: Vec<String> = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect();
    words.into_iter()
}

/// Text as the words of it stand in an index: folded, with one space between.
pub(super) fn folded(text: &str) -> String {
    split(text).collect::<Vec<_>>().join(" ")
}

/// The words of several texts, folded, up to so many bytes.
pub(super) fn words_of(texts: &[&str], longest: usize) -> String {
    let mut all = String::new();
    for word in texts.iter().flat_map(|t| split(t)) {
        if all.len() + word.len() >= longest {
            break;
        }
        if !all.is_empty() {
            all.push(' ');
        }
        all.push_str(&word);
    }
    all
}

/// The column `who`: a space, then the words of the name and of the reference, with a space between.
/// `sealed`: without the name.
pub(super) fn who(c: &Conversation, sealed: bool) -> String {
    let told = c.value_text(Slot::ComplainantName);
    let name = if sealed {
        ""
    } else if told.is_empty() {
        c.name.as_deref().unwrap_or_default()
    } else {
        &told
    };
    let reference = c.complaint.as_ref().map_or("", Reference::as_str);
    let words: Vec<String> = split(name).chain(split(reference)).collect();
    let mut who = format!(" {}", words.join(" "));
    if let Some((end, _)) = who.char_indices().nth(LONGEST_WHO) {
        who.truncate(end);
    }
    who
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ConversationId, Timestamp};

    #[test]
    fn what_somebody_typed_is_words_and_never_a_command_of_the_index() {
        let words = Words::of("Señora NEAR \"x\" ward* OR'--").expect("words");
        assert_eq!(
            words.fts5(),
            "\"senora\"* AND \"near\"* AND \"x\" AND \"ward\"* AND \"or\""
        );
        assert_eq!(
            words.tsquery(),
            "'senora':* & 'near':* & 'x' & 'ward':* & 'or'"
        );
        assert_eq!(words.patterns().next().as_deref(), Some("% senora%"));
        assert_eq!(Words::of(" -- % _ "), None);
    }

    #[test]
    fn a_conversation_is_found_by_the_name_and_is_never_without_who() {
        let mut c = Conversation::new(ConversationId(uuid::Uuid::nil()), "web", "s", Timestamp(0));
        assert_eq!(who(&c, false), " ");
        c.name = Some("Íñigo de la Peña-Ruiz".to_owned());
        assert_eq!(who(&c, false), " inigo de la pena ruiz");
        assert_eq!(who(&c, true), " ");
        c.name = Some("x".repeat(1000));
        assert_eq!(who(&c, false).chars().count(), LONGEST_WHO);
    }
}
