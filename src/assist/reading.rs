//! How hard a text is to read: the Flesch-Kincaid grade (Kincaid et al. 1975), in years of schooling.

use unicode_segmentation::UnicodeSegmentation;

/// What a text is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Reading {
    pub(super) words: usize,
    sentences: usize,
    syllables: usize,
}

impl Reading {
    pub(super) fn of(text: &str) -> Self {
        // Nothing has no sentences, and the library does not like to be asked.
        if text.is_empty() {
            return Self::default();
        }
        let words = text.unicode_words();
        let sentences = text
            .unicode_sentences()
            .filter(|s| s.unicode_words().next().is_some())
            .count();
        words.fold(
            Self {
                sentences,
                ..Self::default()
            },
            |mut all, word| {
                all.words += 1;
                all.syllables += syllables(word);
                all
            },
        )
    }

    /// Years of schooling; 0 for a text without words.
    pub(super) fn grade(&self) -> f32 {
        if self.words == 0 || self.sentences == 0 {
            return 0.0;
        }
        let (words, syllables) = (self.words as f32, self.syllables as f32);
        (0.39 * words / self.sentences as f32 + 11.8 * syllables / words - 15.59).max(0.0)
    }

    /// Years of schooling, by the measure that was made for the language: for Spanish that of Crawford (1984), from
    /// sentences and syllables in a hundred words; else Flesch and Kincaid's.
    pub(super) fn grade_in(&self, language: &str) -> f32 {
        if language != "es" || self.words == 0 || self.sentences == 0 {
            return self.grade();
        }
        let hundred = 100.0 / self.words as f32;
        let (sentences, syllables) = (
            self.sentences as f32 * hundred,
            self.syllables as f32 * hundred,
        );
        (0.049 * syllables - 0.205 * sentences - 3.407).max(0.0)
    }

    /// Where the nth word of `text` ends, in bytes.
    pub(super) fn end_of_word(self, text: &str, nth: usize) -> usize {
        text.unicode_word_indices()
            .nth(nth.min(self.words).saturating_sub(1))
            .map_or(text.len(), |(start, word)| start + word.len())
    }
}

/// Runs of vowels, less a silent e at the end; at least one.
fn syllables(word: &str) -> usize {
    let lower = word.to_lowercase();
    let is_vowel = |c: char| "aeiouyáéíóúàèìòùäöü".contains(c);
    let (mut count, mut before) = (0, false);
    for c in lower.chars() {
        let vowel = is_vowel(c);
        count += usize::from(vowel && !before);
        before = vowel;
    }
    let silent = lower.ends_with('e') && !lower.ends_with("le") && count > 1;
    (count - usize::from(silent)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_are_heard() {
        for (word, heard) in [
            ("I", 1),
            ("sorry", 2),
            ("table", 2),
            ("late", 1),
            ("complaint", 2),
            ("investigation", 5),
        ] {
            assert_eq!(syllables(word), heard, "{word}");
        }
    }

    #[test]
    fn plain_words_are_easier_than_official_ones() {
        let plain =
            Reading::of("I'm sorry. I will ask the nurse today. I will write to you by five.");
        let official = Reading::of(
            "Notwithstanding the aforementioned considerations, the multidisciplinary investigation necessitates comprehensive documentation.",
        );
        assert!(plain.grade() < 4.0, "{}", plain.grade());
        assert!(official.grade() > 20.0, "{}", official.grade());
        assert!(Reading::of("").grade() < 0.1);
    }
}
