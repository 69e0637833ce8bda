//! Which topic a short question is about, learned from questions that were asked before.
//!
//! A question is its words, its pairs of words and its sequences of three to five letters, each weighted by how rare it
//! is among all questions (TF-IDF). A logistic regression over them is fitted in some hundred milliseconds: the same
//! questions in the same order give the same model. A crate of its own because it is arithmetic: it is compiled with
//! all optimisations in every profile.

use std::{
    collections::{BTreeMap, HashMap},
    hash::{DefaultHasher, Hash, Hasher},
};
use unicode_segmentation::UnicodeSegmentation;

/// How often all questions are looked at.
const ROUNDS: u16 = 14;
/// How far a weight moves at first, by one question; it falls to nothing.
const STEP: f32 = 4.0;

/// A fitted model: how likely each topic is.
#[derive(Clone, Debug, Default)]
pub struct Topics {
    count: usize,
    words: Grams,
    letters: Grams,
    /// For each gram a weight a topic.
    weights: Vec<f32>,
    bias: Vec<f32>,
}

/// Number of a gram, and how much it weighs.
type Features = Vec<(u32, f32)>;

impl Topics {
    /// Learns from questions, each with the number of its topic below `count`. A question of another number is left
    /// out.
    pub fn learn(questions: &[(usize, &str)], count: usize) -> Self {
        let known = questions.iter().filter(|(topic, _)| *topic < count);
        let tokens: Vec<(usize, Vec<String>)> =
            known.map(|(topic, text)| (*topic, tokens(text))).collect();
        let words = Grams::of(tokens.iter().map(|(_, t)| pairs(t)), 0);
        let first = words.numbers.len();
        let letters = Grams::of(tokens.iter().map(|(_, t)| sequences(t)), first);
        let grams = first + letters.numbers.len();
        let mut model = Self {
            count,
            words,
            letters,
            weights: vec![0.0; grams * count],
            bias: vec![0.0; count],
        };
        let examples: Vec<(usize, Features)> = tokens
            .into_iter()
            .map(|(topic, tokens)| (topic, model.features(&tokens)))
            .collect();
        model.fit(&examples);
        model
    }

    fn fit(&mut self, examples: &[(usize, Features)]) {
        let mut order: Vec<usize> = (0..examples.len()).collect();
        let mut state = 0x9e37_79b9_u32;
        let steps = f32::from(ROUNDS) * examples.len() as f32;
        let mut done = 0.0;
        for _ in 0..ROUNDS {
            for n in (1..order.len()).rev() {
                // xorshift: any order will do, as long as it is always the same.
                state ^= state << 13;
                state ^= state >> 17;
                state ^= state << 5;
                order.swap(n, state as usize % (n + 1));
            }
            for n in &order {
                let (topic, features) = &examples[*n];
                let mut wrong = self.likely(features);
                wrong[*topic] -= 1.0;
                let step = STEP * (1.0 - done / steps);
                done += 1.0;
                for (gram, value) in features {
                    let row = *gram as usize * self.count;
                    let row = &mut self.weights[row..row + self.count];
                    for (weight, wrong) in row.iter_mut().zip(&wrong) {
                        *weight -= step * value * wrong;
                    }
                }
                for (bias, wrong) in self.bias.iter_mut().zip(&wrong) {
                    *bias -= step * 0.1 * wrong;
                }
            }
        }
    }

    /// How likely each topic is, by its number; together one. Nothing where nothing was learned.
    pub fn ask(&self, text: &str) -> Vec<f32> {
        if self.count == 0 {
            return Vec::new();
        }
        self.likely(&self.features(&tokens(text)))
    }

    fn likely(&self, features: &Features) -> Vec<f32> {
        let mut sums = self.bias.clone();
        for (gram, value) in features {
            let row = *gram as usize * self.count;
            for (sum, weight) in sums.iter_mut().zip(&self.weights[row..row + self.count]) {
                *sum += value * weight;
            }
        }
        let most = sums.iter().copied().fold(f32::MIN, f32::max);
        for sum in &mut sums {
            *sum = (*sum - most).exp();
        }
        let all: f32 = sums.iter().sum();
        sums.iter().map(|s| s / all).collect()
    }

    fn features(&self, tokens: &[String]) -> Features {
        let mut found = self.words.weighted(pairs(tokens));
        found.extend(self.letters.weighted(sequences(tokens)));
        found
    }
}

fn tokens(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    lower.unicode_words().map(str::to_owned).collect()
}

/// Words, and pairs of them.
fn pairs(tokens: &[String]) -> Vec<u64> {
    let words = tokens.iter().map(hash);
    let pairs = tokens.windows(2).map(hash);
    words.chain(pairs).collect()
}

/// Sequences of three to five letters within each word and its edges.
fn sequences(tokens: &[String]) -> Vec<u64> {
    let mut found = Vec::new();
    for word in tokens {
        let edge = std::iter::once(' ');
        let letters: Vec<char> = edge.clone().chain(word.chars()).chain(edge).collect();
        for size in 3..=5 {
            found.extend(letters.windows(size).map(hash));
        }
    }
    found
}

fn hash<T: Hash + ?Sized>(value: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// The number of each gram, and how rare it is.
#[derive(Clone, Debug, Default)]
struct Grams {
    numbers: HashMap<u64, (u32, f32)>,
    /// How rare one is that stands in no question.
    rarest: f32,
}

impl Grams {
    fn of(texts: impl Iterator<Item = Vec<u64>>, first: usize) -> Self {
        let mut within: BTreeMap<u64, f32> = BTreeMap::new();
        let mut all = 0.0_f32;
        for text in texts {
            all += 1.0;
            for gram in counts(text).into_keys() {
                *within.entry(gram).or_default() += 1.0;
            }
        }
        let rare = |within: f32| ((1.0 + all) / (1.0 + within)).ln() + 1.0;
        let first = u32::try_from(first).unwrap_or(u32::MAX);
        let numbered = (first..).zip(within);
        Self {
            numbers: numbered
                .map(|(n, (gram, within))| (gram, (n, rare(within))))
                .collect(),
            rarest: rare(0.0),
        }
    }

    /// The known grams of a text; all of its grams together, known or not, have length one.
    fn weighted(&self, grams: Vec<u64>) -> Features {
        let mut length = 0.0;
        let mut found = Vec::new();
        for (gram, times) in counts(grams) {
            let known = self.numbers.get(&gram);
            let weight = (1.0 + times.ln()) * known.map_or(self.rarest, |(_, rare)| *rare);
            length += weight * weight;
            found.extend(known.map(|(n, _)| (*n, weight)));
        }
        let length = length.sqrt().max(f32::MIN_POSITIVE);
        for (_, weight) in &mut found {
            *weight /= length;
        }
        found
    }
}

/// In order, so that sums are the same every time.
fn counts(grams: Vec<u64>) -> BTreeMap<u64, f32> {
    let mut counted = BTreeMap::new();
    for gram in grams {
        *counted.entry(gram).or_insert(0.0) += 1.0;
    }
    counted
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASKED: [(usize, &str); 6] = [
        (0, "where can I park"),
        (0, "is there a car park"),
        (1, "when is visiting"),
        (1, "can I visit my mother"),
        (2, "how are you"),
        (2, "does it hurt"),
    ];

    fn likeliest(topics: &Topics, text: &str) -> usize {
        let likely = topics.ask(text);
        (0..likely.len())
            .max_by(|a, b| likely[*a].total_cmp(&likely[*b]))
            .expect("some topic")
    }

    #[test]
    fn a_question_is_about_what_like_questions_were_about() {
        let topics = Topics::learn(&ASKED, 3);
        assert_eq!(likeliest(&topics, "where may we park our van?"), 0);
        assert_eq!(likeliest(&topics, "may I visit at night"), 1);
        assert_eq!(likeliest(&topics, "will it hurt much"), 2);
    }

    #[test]
    fn the_same_questions_give_the_same_model() {
        let (a, b) = (Topics::learn(&ASKED, 3), Topics::learn(&ASKED, 3));
        assert_eq!(
            a.ask("where can my mother park"),
            b.ask("where can my mother park")
        );
    }

    #[test]
    fn how_likely_they_are_sums_to_one_whatever_is_asked() {
        let topics = Topics::learn(&ASKED, 3);
        for text in [
            "",
            "?",
            "zzz qqq",
            "park",
            "Ünïcödé 你好 🚗",
            &"park ".repeat(4000),
        ] {
            let sum: f32 = topics.ask(text).iter().sum();
            assert!((sum - 1.0).abs() < 1e-4, "{text:.20}: {sum}");
        }
    }

    #[test]
    fn nothing_learned_answers_nothing() {
        assert!(Topics::default().ask("where can I park").is_empty());
        assert!(
            Topics::learn(&[(7, "out of range")], 0)
                .ask("park")
                .is_empty()
        );
    }
}
