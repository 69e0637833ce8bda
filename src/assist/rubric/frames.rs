//! The frame of a sentence: what is left of it without what this person said. Whoever puts other words into the same
//! frame, turn after turn, answers nobody.

use super::{
    lexicon::Lexicon,
    uptake::{Stems, stem, words},
};

/// A frame of fewer words is too small to be told again.
const SMALLEST: usize = 3;
/// From this share of the same words in the same order on, two frames are one.
const ALIKE: f32 = 0.75;

/// What is said around what is taken up.
#[derive(Debug)]
pub(super) struct Frame(Vec<String>);

impl Frame {
    pub(super) fn of(sentence: &str, lexicon: &Lexicon, said: &Stems) -> Self {
        let felt = |small: &str| lexicon.feelings.values().any(|f| f.pattern.is_match(small));
        let slot = |small: &str| {
            said.has(stem(small)) || small.bytes().any(|b| b.is_ascii_digit()) || felt(small)
        };
        let all = words(sentence).into_iter();
        let kept = all.filter(|w| lexicon.words.is_common(&w.small) || !slot(&w.small));
        Self(kept.map(|w| w.small).collect())
    }

    /// Whether one is the other, but for a word here and there.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let (here, there) = (self.0.len(), other.0.len());
        if here < SMALLEST || there < SMALLEST {
            return false;
        }
        let same = longest_common(&self.0, &other.0);
        2.0 * same as f32 >= ALIKE * (here + there) as f32
    }
}

/// How many words two lists have in common, in the same order.
fn longest_common(one: &[String], other: &[String]) -> usize {
    let mut row = vec![0_usize; other.len() + 1];
    for word in one {
        let mut above_left = 0;
        for (at, theirs) in other.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if word == theirs {
                above_left + 1
            } else {
                above.max(row[at])
            };
            above_left = above;
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_common_part_keeps_the_order() {
        let list = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(longest_common(&list("a b c d"), &list("b x d a")), 2);
        assert_eq!(longest_common(&list("a"), &list("b")), 0);
    }
}
