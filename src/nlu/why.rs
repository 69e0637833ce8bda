//! What weighed in a reading: the words without which an answer would be less likely.

use super::{Interpreter, Setting, encoder::Answers, model::Head};
use crate::domain::Interpretation;
use unicode_segmentation::UnicodeSegmentation;

/// At most so many parts of a message are left out in turn; of longer ones several words at once.
const PARTS: usize = 48;
/// Words that make less of a difference are not told.
const LEAST: f32 = 0.02;
/// At most so many words are told for an answer.
const MOST: usize = 5;

/// The answer to one question, and what speaks for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Weighed {
    /// The question.
    pub head: Head,
    /// The answer that was decided on, by its number.
    pub answer: usize,
    /// Words, and by how much less likely the answer were without each, from 0 to 1; the weightiest first.
    pub words: Vec<(String, f32)>,
}

impl Interpreter {
    /// What weighed for what was decided of a message: it is read again without each of its words, by the models.
    /// Where an answer was the rules' alone, no word may speak for it. Nothing without a model, or of a message without
    /// a word.
    pub fn why(&self, text: &str, setting: Setting<'_>, said: &Interpretation) -> Vec<Weighed> {
        let Some(whole) = self.probabilities(text, setting) else {
            return Vec::new();
        };
        let words: Vec<(usize, &str)> = text.unicode_word_indices().collect();
        let size = words.len().div_ceil(PARTS).max(1);
        let without = words.chunks(size).filter_map(|part| {
            let (start, _) = part.first()?;
            let (last, word) = part.last()?;
            let end = last + word.len();
            let left = [&text[..*start], &text[end..]].concat();
            Some((&text[*start..end], self.probabilities(&left, setting)?))
        });
        let without: Vec<_> = without.collect();
        Head::ALL
            .into_iter()
            .map(|head| {
                let answer = decided(head, said);
                let likely = |answers: &Answers| answers[head.index()][answer];
                let less = |(words, other): &(&str, Answers)| {
                    ((*words).to_owned(), likely(&whole) - likely(other))
                };
                let mut words: Vec<(String, f32)> = without.iter().map(less).collect();
                words.retain(|(_, less)| *less >= LEAST);
                words.sort_by(|(_, a), (_, b)| b.total_cmp(a));
                words.truncate(MOST);
                Weighed {
                    head,
                    answer,
                    words,
                }
            })
            .collect()
    }
}

/// The number of the answer that was decided on.
fn decided(head: Head, said: &Interpretation) -> usize {
    match head {
        Head::Intent => said.intent as usize,
        Head::Relation => said.relation as usize,
        Head::RedFlag => said.red_flag.map_or(0, |flag| flag as usize + 1),
        Head::Category => said.category.map_or(0, |category| category as usize + 1),
        Head::Emotion => said.emotion as usize,
    }
}
