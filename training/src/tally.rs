//! How well labelled messages are read: counts of what was expected against what was found.

use std::collections::{BTreeMap, BTreeSet};

/// Expected and found labels of one question ("what is it for?"), counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How often each pair of expected and found label came.
    pairs: BTreeMap<(String, String), usize>,
}

/// How well one label is told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// How many messages have the label.
    pub count: usize,
    /// Of those given the label, the share that have it; none where none was given it.
    pub precision: Option<f64>,
    /// Of those that have it, the share that were given it; none where none has it.
    pub recall: Option<f64>,
}

impl Score {
    /// The harmonic mean of precision and recall; 0 where nothing was right.
    pub fn f1(self) -> f64 {
        let (p, r) = (self.precision.unwrap_or(0.0), self.recall.unwrap_or(0.0));
        if p + r > 0.0 {
            2.0 * p * r / (p + r)
        } else {
            0.0
        }
    }
}

impl Tally {
    /// One message more.
    pub fn add(&mut self, expected: &str, found: &str) {
        *self
            .pairs
            .entry((expected.to_owned(), found.to_owned()))
            .or_default() += 1;
    }

    /// How many messages.
    pub fn total(&self) -> usize {
        self.pairs.values().sum()
    }

    /// Every label that was expected or found.
    pub fn labels(&self) -> BTreeSet<&str> {
        self.pairs
            .keys()
            .flat_map(|(e, f)| [e.as_str(), f.as_str()])
            .collect()
    }

    /// How often `found` was found where `expected` was expected.
    pub fn count(&self, expected: &str, found: &str) -> usize {
        let key = (expected.to_owned(), found.to_owned());
        self.pairs.get(&key).copied().unwrap_or(0)
    }

    /// How well one label is told.
    pub fn score(&self, label: &str) -> Score {
        let sum = |fits: &dyn Fn(&str, &str) -> bool| -> usize {
            self.pairs
                .iter()
                .filter(|((e, f), _)| fits(e, f))
                .map(|(_, n)| n)
                .sum()
        };
        let right = self.count(label, label);
        let (have, given) = (sum(&|e, _| e == label), sum(&|_, f| f == label));
        let share = |of: usize| (of > 0).then(|| right as f64 / of as f64);
        Score {
            count: have,
            precision: share(given),
            recall: share(have),
        }
    }

    /// The mean of F1 over the labels that messages have: each counts the same, however rare. None where there are no
    /// messages.
    pub fn macro_f1(&self) -> Option<f64> {
        let scores: Vec<f64> = self
            .labels()
            .into_iter()
            .map(|l| self.score(l))
            .filter(|s| s.count > 0)
            .map(Score::f1)
            .collect();
        (!scores.is_empty()).then(|| scores.iter().sum::<f64>() / scores.len() as f64)
    }

    /// Cohen's kappa with quadratic weights, for labels that are numbers: 1 is full agreement, 0 what chance would
    /// give. None where nothing varies.
    pub fn weighted_kappa(&self) -> Option<f64> {
        let number = |label: &str| label.parse::<f64>().ok();
        let all = self.total() as f64;
        let (mut seen, mut by_chance) = (0.0, 0.0);
        for expected in self.labels() {
            for found in self.labels() {
                let distance = (number(expected)? - number(found)?).powi(2);
                let row: usize = self.labels().iter().map(|l| self.count(expected, l)).sum();
                let column: usize = self.labels().iter().map(|l| self.count(l, found)).sum();
                seen += distance * self.count(expected, found) as f64;
                by_chance += distance * row as f64 * column as f64 / all;
            }
        }
        (by_chance > 0.0).then(|| 1.0 - seen / by_chance)
    }

    /// The share that is right. None where there are no messages.
    pub fn accuracy(&self) -> Option<f64> {
        let right: usize = self
            .pairs
            .iter()
            .filter(|((e, f), _)| e == f)
            .map(|(_, n)| n)
            .sum();
        (self.total() > 0).then(|| right as f64 / self.total() as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(pairs: &[(&str, &str, usize)]) -> Tally {
        let mut tally = Tally::default();
        for (expected, found, times) in pairs {
            (0..*times).for_each(|_| tally.add(expected, found));
        }
        tally
    }

    #[test]
    fn precision_and_recall_are_told_apart() {
        let t = tally(&[("yes", "yes", 3), ("yes", "no", 1), ("no", "yes", 2)]);
        let yes = t.score("yes");
        assert_eq!(
            (yes.count, yes.precision, yes.recall),
            (4, Some(0.6), Some(0.75))
        );
        assert!((yes.f1() - 2.0 / 3.0).abs() < 1e-9);
        assert!(t.score("no").f1() < 1e-9);
        assert_eq!(t.accuracy(), Some(0.5));
    }

    #[test]
    fn a_rare_label_counts_as_much_as_a_common_one() {
        let t = tally(&[("common", "common", 98), ("rare", "common", 2)]);
        let macro_f1 = t.macro_f1().expect("some");
        assert!(macro_f1 < 0.5, "{macro_f1}");
        assert_eq!(t.accuracy(), Some(0.98));
    }

    #[test]
    fn agreement_beyond_chance_is_measured_on_numbers() {
        let same = tally(&[("0", "0", 5), ("1", "1", 5), ("2", "2", 5)]);
        assert_eq!(same.weighted_kappa(), Some(1.0));
        let chance = tally(&[("0", "0", 5), ("0", "2", 5), ("2", "0", 5), ("2", "2", 5)]);
        assert!(chance.weighted_kappa().is_some_and(|k| k.abs() < 1e-9));
        assert_eq!(tally(&[("1", "1", 3)]).weighted_kappa(), None);
        assert_eq!(tally(&[("yes", "no", 3)]).weighted_kappa(), None);
    }

    #[test]
    fn a_label_that_nothing_has_is_no_part_of_the_mean() {
        let t = tally(&[("a", "a", 1), ("a", "b", 1)]);
        assert_eq!(t.macro_f1(), Some(t.score("a").f1()));
        assert_eq!(t.score("b").recall, None);
        assert_eq!(Tally::default().macro_f1(), None);
    }
}
