//! Long texts in parts, as channels limit the length of a message.

use unicode_segmentation::UnicodeSegmentation;

/// Splits a text into parts of at most `limit` units, at the end of a paragraph where that fits, else of a sentence,
/// else of a word; only a single word longer than that is cut, between the characters that a reader sees. `length` says
/// how many units a piece has for that channel.
///
/// Nothing but white space at the seams is lost.
pub(super) fn split(text: &str, limit: usize, length: fn(&str) -> usize) -> Vec<String> {
    let mut parts = Parts {
        limit,
        length,
        done: Vec::new(),
        open: String::new(),
    };
    for paragraph in text.split_inclusive("\n\n") {
        parts.add(paragraph, &[by_sentence, by_word, by_character]);
    }
    parts.close();
    parts.done
}

type Cut = fn(&str) -> Vec<&str>;

fn by_sentence(text: &str) -> Vec<&str> {
    text.split_sentence_bounds().collect()
}

fn by_word(text: &str) -> Vec<&str> {
    text.split_inclusive(char::is_whitespace).collect()
}

fn by_character(text: &str) -> Vec<&str> {
    text.graphemes(true).collect()
}

struct Parts {
    limit: usize,
    length: fn(&str) -> usize,
    done: Vec<String>,
    open: String,
}

impl Parts {
    /// Adds a piece to the open part, or to a new one; cut smaller where it is too long for one.
    fn add(&mut self, piece: &str, finer: &[Cut]) {
        let fits = |text: &str| (self.length)(text.trim()) <= self.limit;
        if fits(&format!("{}{piece}", self.open)) {
            self.open.push_str(piece);
        } else if fits(piece) {
            self.close();
            self.open.push_str(piece);
        } else if let Some((cut, finer)) = finer.split_first() {
            for smaller in cut(piece) {
                self.add(smaller, finer);
            }
        } else {
            // A single visible character beyond any limit, heaped up from marks: cut anywhere rather than lose it.
            for c in piece.chars() {
                if (self.length)(&format!("{}{c}", self.open)) > self.limit {
                    self.close();
                }
                self.open.push(c);
            }
        }
    }

    fn close(&mut self) {
        let part = std::mem::take(&mut self.open);
        let part = part.trim();
        if !part.is_empty() {
            self.done.push(part.to_owned());
        }
    }
}

/// Length in UTF-16 units, as Telegram counts.
pub(super) fn utf16(text: &str) -> usize {
    text.encode_utf16().count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_long_text_is_cut_at_the_end_of_a_sentence() {
        let text = "I am sorry. It should not have happened. I will ask the ward today.";
        assert_eq!(
            split(text, 45, utf16),
            [
                "I am sorry. It should not have happened.",
                "I will ask the ward today."
            ]
        );
    }

    #[test]
    fn a_paragraph_is_kept_whole_where_it_fits() {
        assert_eq!(
            split("One. Two.\n\nThree. Four.", 14, utf16),
            ["One. Two.", "Three. Four."]
        );
    }

    #[test]
    fn a_flag_is_never_cut_in_two() {
        let text = "🇬🇧".repeat(10);
        for part in split(&text, 9, utf16) {
            assert_eq!(part, "🇬🇧🇬🇧");
        }
    }

    proptest! {
        #[test]
        fn no_part_is_too_long_and_no_word_is_lost(text in "\\PC{0,400}(\n\n\\PC{0,80})?", limit in 8_usize..60) {
            let parts = split(&text, limit, utf16);
            for part in &parts {
                prop_assert!(utf16(part) <= limit && !part.is_empty());
            }
            let solid = |t: &str| t.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(solid(&parts.concat()), solid(&text));
        }
    }
}
