//! How a model is made: logistic regression, one softmax a question, by stochastic gradient descent with steps
//! that shrink where much was learned already (`AdaGrad`).
//!
//! Everything is done in a fixed order on one thread with exponentials of our own library, so the same examples
//! give the same bytes, on every machine.

use nohold::nlu::model::{Features, Head, Model, SLOTS, Table, rows, softmax};

/// One message and the right answers to one question, with what it counts.
struct Case<'a> {
    features: &'a Features,
    right: &'a [u8],
    weight: f32,
}

/// How one question is learned.
#[derive(Clone, Copy, Debug)]
struct Course {
    answers: usize,
    seed: u64,
    bits: u8,
    rounds: u32,
    averaged: u32,
    rate: f32,
    shrink: f32,
    balance: f32,
}
use std::collections::HashMap;

/// One message with what is known of it.
#[derive(Clone, Debug)]
pub struct Example {
    /// What the model sees.
    pub features: Features,
    /// For each question the right answers (where there are several, each is half right); none where it was not
    /// labelled.
    pub answers: [Vec<u8>; 5],
    /// How much it counts.
    pub weight: f32,
}

/// What training can be told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    /// Two to this power is the number of rows of the first four tables.
    pub bits: u8,
    /// The same for feelings, which have many more examples.
    pub emotion_bits: u8,
    /// In how many examples a feature must be seen to count.
    pub seen_at_least: u32,
    /// How often every example is seen.
    pub rounds: u32,
    /// Over how many of the last rounds the weights are averaged: what the order of the examples did is evened out.
    pub averaged: u32,
    /// How often every example of a feeling is seen.
    pub emotion_rounds: u32,
    /// The length of a step.
    pub rate: f32,
    /// How far every weight shrinks in a round, so that what is seen once does not count for much.
    pub shrink: f32,
    /// How far rare answers are lifted: 0 not at all, 1 until all answers count the same.
    pub balance: f32,
    /// The same for feelings.
    pub emotion_balance: f32,
}

impl Plan {
    /// What the model that is built in was trained by.
    pub const STANDARD: Self = Self {
        bits: 17,
        emotion_bits: 17,
        seen_at_least: 2,
        rounds: 30,
        averaged: 20,
        emotion_rounds: 8,
        rate: 0.2,
        shrink: 0.03,
        balance: 0.5,
        emotion_balance: 0.5,
    };
}

/// Makes a model of examples.
pub fn train(examples: &[Example], with_rules: bool, plan: Plan) -> Model {
    let examples = &without_the_rare(examples, plan.seen_at_least);
    Model::new(
        Head::ALL.map(|head| table(head, examples, plan)),
        with_rules,
    )
}

/// The examples without what was seen in one of them only: it teaches nothing, and would share its row with
/// something that does.
fn without_the_rare(examples: &[Example], at_least: u32) -> Vec<Example> {
    let mut counts: HashMap<u32, u32> = HashMap::new();
    for (hash, _) in examples.iter().flat_map(|e| &e.features.hashed) {
        *counts.entry(*hash).or_default() += 1;
    }
    let mut examples = examples.to_vec();
    for example in &mut examples {
        example
            .features
            .hashed
            .retain(|(hash, _)| counts[hash] >= at_least);
    }
    examples
}

/// A number generator that never changes: the order of the examples is part of the model. (`SplitMix64`.)
#[derive(Debug)]
pub struct Dice(u64);

impl Dice {
    /// One that begins there.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below that one, which is not nought.
    pub const fn below(&mut self, most: usize) -> usize {
        (self.next() % most as u64) as usize
    }

    /// One of a list.
    pub fn one_of<'l, T>(&mut self, list: &'l [T]) -> Option<&'l T> {
        let at = self.below(list.len().max(1));
        list.get(at)
    }

    /// The list in another order.
    pub fn mix<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            list.swap(i, self.below(i + 1));
        }
    }

    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

struct Learner {
    answers: usize,
    mask: u32,
    weights: Vec<f32>,
    seen: Vec<f32>,
    biases: Vec<f32>,
    biases_seen: Vec<f32>,
}

fn table(head: Head, examples: &[Example], plan: Plan) -> Table {
    let (bits, rounds, balance) = match head {
        Head::Emotion => (plan.emotion_bits, plan.emotion_rounds, plan.emotion_balance),
        // A lifted danger would be seen in every "hm".
        Head::RedFlag => (plan.bits, plan.rounds, 0.0),
        _ => (plan.bits, plan.rounds, plan.balance),
    };
    let cases: Vec<Case<'_>> = (examples.iter())
        .map(|e| Case {
            features: &e.features,
            right: &e.answers[head.index()],
            weight: e.weight,
        })
        .collect();
    let course = Course {
        answers: head.answers(),
        seed: head.index() as u64,
        bits,
        rounds,
        averaged: plan.averaged.min(rounds),
        rate: plan.rate,
        shrink: plan.shrink,
        balance,
    };
    // Danger is learned from the words alone: a second pair of eyes must not look through the first.
    // Elsewhere the rules are hidden in one
    // round of three, since they were written by whoever wrote the examples and will know less of
    // everybody else's.
    follow(course, &cases, |i, round| match head {
        Head::RedFlag => false,
        Head::Emotion => true,
        _ => !(i + round as usize).is_multiple_of(3),
    })
}

/// Learns one question from all cases that have an answer to it. `shown` says whether what the rules found is
/// shown of a case in a round.
fn follow(course: Course, cases: &[Case<'_>], shown: impl Fn(usize, u32) -> bool) -> Table {
    let answers = course.answers;
    let size = rows(course.bits) * answers;
    let mut learner = Learner {
        answers,
        mask: (1 << course.bits) - 1,
        weights: vec![0.0; size],
        seen: vec![1e-3; size],
        biases: vec![0.0; answers],
        biases_seen: vec![1e-3; answers],
    };
    let mut order: Vec<usize> = (0..cases.len())
        .filter(|i| !cases[*i].right.is_empty())
        .collect();
    let lifts = lifts(course, cases, &order);
    let mut sums = vec![0.0_f32; size];
    let mut dice = Dice::new(0x6e6f_686f_6c64 + course.seed);
    for round in 0..course.rounds {
        dice.mix(&mut order);
        let rate = course.rate / (1.0 + round as f32 * 0.2);
        for i in &order {
            learner.learn(&cases[*i], &lifts, rate, shown(*i, round));
        }
        for weight in &mut learner.weights {
            *weight *= 1.0 - course.shrink;
        }
        if round + course.averaged >= course.rounds {
            for (sum, weight) in sums.iter_mut().zip(&learner.weights) {
                *sum += weight;
            }
        }
    }
    if course.averaged > 0 {
        let share = course.averaged as f32;
        learner.weights = sums.into_iter().map(|s| s / share).collect();
    }
    learner.table(course.bits)
}

/// How eagerly a small table is learned.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// How often all examples are gone through.
    pub rounds: u32,
    /// Of how many rounds, the last ones, the weights are averaged.
    pub averaged: u32,
    /// How long the steps are.
    pub rate: f32,
    /// What share of each weight is forgotten after a round.
    pub shrink: f32,
}

impl Pace {
    /// For questions that a few words decide.
    pub const EAGER: Self = Self {
        rounds: 20,
        averaged: 10,
        rate: 0.5,
        shrink: 0.01,
    };
}

/// A small table for a question of its own, from features and right answers.
pub fn small(answers: usize, seed: u64, pace: Pace, examples: &[(Features, u8)]) -> Table {
    let right: Vec<[u8; 1]> = examples.iter().map(|(_, answer)| [*answer]).collect();
    let cases: Vec<Case<'_>> = (examples.iter().zip(&right))
        .map(|((features, _), right)| Case {
            features,
            right,
            weight: 1.0,
        })
        .collect();
    let course = Course {
        answers,
        seed,
        bits: 15,
        rounds: pace.rounds,
        averaged: pace.averaged,
        rate: pace.rate,
        shrink: pace.shrink,
        balance: 0.5,
    };
    follow(course, &cases, |_, _| false)
}

/// What an example of each answer counts, so that rare answers are heard.
fn lifts(course: Course, cases: &[Case<'_>], order: &[usize]) -> Vec<f32> {
    let mut counts = vec![0.0_f32; course.answers];
    for case in order.iter().map(|i| &cases[*i]) {
        for answer in case.right {
            counts[usize::from(*answer)] += case.weight / case.right.len() as f32;
        }
    }
    let mean = counts.iter().sum::<f32>() / counts.len() as f32;
    counts
        .iter()
        .map(|c| libm::powf(mean / c.max(1.0), course.balance).min(6.0))
        .collect()
}

impl Learner {
    fn learn(&mut self, case: &Case<'_>, lifts: &[f32], rate: f32, shown: bool) {
        let Case {
            features,
            right,
            weight,
        } = *case;
        let first_slot = self.mask as usize + 1;
        let hashed = features
            .hashed
            .iter()
            .map(|(hash, value)| ((hash & self.mask) as usize, *value));
        let slots = features
            .evidence
            .iter()
            .filter(|_| shown)
            .map(|(slot, value)| (first_slot + usize::from(*slot), *value));
        let active: Vec<(usize, f32)> = hashed.chain(slots).collect();
        debug_assert!(
            active
                .iter()
                .all(|(row, _)| *row < self.mask as usize + 1 + SLOTS)
        );
        let mut sums = self.biases.clone();
        for (row, value) in &active {
            let weights = &self.weights[row * self.answers..(row + 1) * self.answers];
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += value * weight;
            }
        }
        softmax(&mut sums, libm::expf);
        let share = 1.0 / right.len() as f32;
        let mut lift = 0.0;
        for answer in right {
            sums[usize::from(*answer)] -= share;
            lift += lifts[usize::from(*answer)] * share;
        }
        let scale = weight * lift;
        for slope in &mut sums {
            *slope *= scale;
        }
        for (row, value) in &active {
            let from = row * self.answers;
            for (i, slope) in sums.iter().enumerate() {
                let slope = slope * value;
                let seen = &mut self.seen[from + i];
                *seen += slope * slope;
                self.weights[from + i] -= rate * slope / seen.sqrt();
            }
        }
        for (i, slope) in sums.iter().enumerate() {
            self.biases_seen[i] += slope * slope;
            self.biases[i] -= rate * slope / self.biases_seen[i].sqrt();
        }
    }

    /// Weights as small numbers, each column by its own scale.
    fn table(self, bits: u8) -> Table {
        let mut scales = vec![0.0_f32; self.answers];
        for row in self.weights.chunks_exact(self.answers) {
            for (scale, weight) in scales.iter_mut().zip(row) {
                *scale = scale.max(weight.abs());
            }
        }
        for scale in &mut scales {
            *scale = (*scale / 127.0).max(f32::MIN_POSITIVE);
        }
        let weights = self
            .weights
            .chunks_exact(self.answers)
            .flat_map(|row| {
                row.iter()
                    .zip(&scales)
                    .map(|(weight, scale)| (weight / scale).round() as i8)
            })
            .collect();
        Table {
            bits,
            scales,
            biases: self.biases,
            weights,
        }
    }
}
