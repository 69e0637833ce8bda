//! A sparse linear model beside the rules: hashed words, word pairs and letter sequences, five questions, one table of
//! small numbers.
//!
//! For each question (intent, relation, danger, category, feeling) every answer has a weight for every feature; the sum
//! over a message's features, squashed, is how likely the answer is. What the rules found stands among the features, so
//! training decides how far to trust them. Made by the crate in `training/`; read from the bytes that it wrote.

mod features;
mod format;

pub(super) use features::Lexicon;
pub use features::{Evidence, Features, SLOTS, hash};
pub use format::{ModelError, rows};

use crate::domain::{Category, Emotion, Intent, RedFlag, Relation};

/// One question that the model answers, with its answers in the order of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Head {
    /// What the message is for.
    Intent,
    /// Who writes.
    Relation,
    /// Danger; the first answer is "none".
    RedFlag,
    /// What went wrong; the first answer is "none".
    Category,
    /// The strongest feeling.
    Emotion,
}

impl Head {
    /// All of them, in the order of their columns.
    pub const ALL: [Self; 5] = [
        Self::Intent,
        Self::Relation,
        Self::RedFlag,
        Self::Category,
        Self::Emotion,
    ];

    /// How many answers it has.
    pub const fn answers(self) -> usize {
        match self {
            Self::Intent => Intent::ALL.len(),
            Self::Relation => Relation::ALL.len(),
            Self::RedFlag => RedFlag::ALL.len() + 1,
            Self::Category => Category::ALL.len() + 1,
            Self::Emotion => Emotion::ALL.len(),
        }
    }

    /// Its name, as the contract has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Intent => "intent",
            Self::Relation => "relation",
            Self::RedFlag => "red_flag",
            Self::Category => "category",
            Self::Emotion => "emotion",
        }
    }

    /// The names of its answers, in their order.
    pub fn answer_names(self) -> Vec<&'static str> {
        fn all<T: Copy>(values: &[T], name: fn(T) -> &'static str) -> Vec<&'static str> {
            values.iter().map(|v| name(*v)).collect()
        }
        let mut names = match self {
            Self::Intent => return all(Intent::ALL, Intent::name),
            Self::Relation => return all(Relation::ALL, Relation::name),
            Self::Emotion => return all(Emotion::ALL, Emotion::name),
            Self::RedFlag => all(RedFlag::ALL, RedFlag::name),
            Self::Category => all(Category::ALL, Category::name),
        };
        names.insert(0, "none");
        names
    }

    /// Its place in [`Self::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }
}

/// The weights of one question.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Two to this power is the number of rows for hashed features.
    pub bits: u8,
    /// One column an answer: what a weight of 1 stands for.
    pub scales: Vec<f32>,
    /// One number an answer, whatever the message.
    pub biases: Vec<f32>,
    /// Row by row: hashed features, then evidence of the rules.
    pub weights: Vec<i8>,
}

impl Table {
    fn row(&self, row: usize) -> &[i8] {
        let answers = self.scales.len();
        &self.weights[row * answers..(row + 1) * answers]
    }

    /// How likely each answer is, by the model.
    pub fn ask(&self, features: &Features) -> Vec<f32> {
        let mut sums = vec![0.0_f32; self.scales.len()];
        let mut add = |row: usize, value: f32| {
            for (sum, weight) in sums.iter_mut().zip(self.row(row)) {
                *sum += value * f32::from(*weight);
            }
        };
        let mask = (1_u32 << self.bits) - 1;
        for (hash, value) in &features.hashed {
            add((hash & mask) as usize, *value);
        }
        for (slot, value) in &features.evidence {
            add((1 << self.bits) + usize::from(*slot), *value);
        }
        for ((sum, scale), bias) in sums.iter_mut().zip(&self.scales).zip(&self.biases) {
            *sum = *sum * scale + bias;
        }
        softmax(&mut sums, f32::exp);
        sums
    }
}

/// The whole model.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    tables: [Table; 5],
    /// Whether it was trained on what the rules found as well.
    with_rules: bool,
}

impl Model {
    /// A model of one table a question, in the order of [`Head::ALL`].
    pub const fn new(tables: [Table; 5], with_rules: bool) -> Self {
        Self { tables, with_rules }
    }

    /// How likely each answer is, for each question.
    pub fn ask(&self, head: Head, features: &Features) -> Vec<f32> {
        self.tables[head.index()].ask(features)
    }

    /// Whether what the rules found is among its features.
    pub const fn with_rules(&self) -> bool {
        self.with_rules
    }
}

/// The likeliest answer.
pub fn likeliest(answers: &[f32]) -> usize {
    let mut best = 0;
    for (index, value) in answers.iter().enumerate() {
        if *value > answers[best] {
            best = index;
        }
    }
    best
}

/// Sums to shares of one. Training brings its own exponential, which is the same on every machine.
pub fn softmax(sums: &mut [f32], exp: fn(f32) -> f32) {
    let highest = sums.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut total = 0.0;
    for sum in sums.iter_mut() {
        *sum = exp(*sum - highest);
        total += *sum;
    }
    for sum in sums.iter_mut() {
        *sum /= total;
    }
}
