//! How far two who judge the same replies agree: Cohen's kappa with quadratic weights (Cohen 1968).

use serde::Serialize;

/// Levels of an item.
const LEVELS: usize = 3;

/// Agreement of pairs of levels beyond chance; none where either side gave one level only, or nobody judged.
fn weighted_kappa(pairs: &[(u8, u8)]) -> Option<f64> {
    let mut seen = [[0.0_f64; LEVELS]; LEVELS];
    for (a, b) in pairs {
        seen[usize::from(*a).min(LEVELS - 1)][usize::from(*b).min(LEVELS - 1)] += 1.0;
    }
    let count = pairs.len() as f64;
    let rows: Vec<f64> = seen.iter().map(|row| row.iter().sum()).collect();
    let columns: Vec<f64> = (0..LEVELS)
        .map(|c| seen.iter().map(|row| row[c]).sum())
        .collect();
    let varied = |sums: &[f64]| sums.iter().filter(|s| **s > 0.0).count() > 1;
    if !varied(&rows) || !varied(&columns) {
        return None;
    }
    let (mut observed, mut by_chance) = (0.0, 0.0);
    for (a, row) in seen.iter().enumerate() {
        for (b, found) in row.iter().enumerate() {
            let weight = (a as f64 - b as f64).powi(2);
            observed += weight * found;
            by_chance += weight * rows[a] * columns[b] / count;
        }
    }
    Some(1.0 - observed / by_chance)
}

/// Below this the score of an item is not shown to agents.
const SHOWN: f64 = 0.4;

/// How far two labellers and the rule score agree on one item.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Agreement {
    /// Which.
    pub item: &'static str,
    /// Replies that all three judged.
    pub replies: usize,
    /// The two labellers with each other.
    pub labellers: Option<f64>,
    /// The rule score with the first.
    pub first: Option<f64>,
    /// The rule score with the second.
    pub second: Option<f64>,
    /// Whether agents may be shown it.
    pub shown: bool,
}

/// Compares the levels that the first labeller, the second, and the rules gave to the same replies.
pub fn agreement(item: &'static str, levels: &[(u8, u8, u8)]) -> Agreement {
    let kappa = |pick: fn(&(u8, u8, u8)) -> (u8, u8)| {
        let pairs: Vec<(u8, u8)> = levels.iter().map(pick).collect();
        weighted_kappa(&pairs).map(|k| (k * 1000.0).round() / 1000.0)
    };
    let first = kappa(|(a, _, rule)| (*a, *rule));
    let second = kappa(|(_, b, rule)| (*b, *rule));
    Agreement {
        item,
        replies: levels.len(),
        labellers: kappa(|(a, b, _)| (*a, *b)),
        first,
        second,
        shown: [first, second]
            .iter()
            .all(|k| k.is_some_and(|k| k >= SHOWN)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agreement_is_one_where_all_agree_and_nought_where_it_is_chance() {
        assert_eq!(weighted_kappa(&[(0, 0), (1, 1), (2, 2)]), Some(1.0));
        let chance = [(0, 0), (0, 2), (2, 0), (2, 2)];
        assert_eq!(weighted_kappa(&chance), Some(0.0));
        assert_eq!(weighted_kappa(&[(0, 2), (2, 0)]), Some(-1.0));
        assert_eq!(
            weighted_kappa(&[(1, 0), (1, 2)]),
            None,
            "one side gave one level"
        );
        assert_eq!(weighted_kappa(&[]), None);
    }

    #[test]
    fn a_worked_example_by_hand() {
        // Rows 0: 4 1 0; 1: 1 2 1; 2: 0 0 3. Disagreement 3 of 12 replies by weight, 13.083 by chance.
        let mut pairs = vec![(0, 0); 4];
        pairs.extend([
            (0, 1),
            (1, 0),
            (1, 1),
            (1, 1),
            (1, 2),
            (2, 2),
            (2, 2),
            (2, 2),
        ]);
        let kappa = weighted_kappa(&pairs).expect("both varied");
        let by_chance =
            (5.0 * 3.0 + 4.0 * 5.0 + 4.0 * 4.0 + 3.0 * 3.0 + 4.0 * (5.0 * 4.0 + 3.0 * 5.0)) / 12.0;
        assert!((kappa - (1.0 - 3.0 / by_chance)).abs() < 1e-12, "{kappa}");
    }

    #[test]
    fn an_item_of_little_agreement_is_not_shown() {
        let agreed = [(0, 0, 0), (1, 1, 1), (2, 2, 2)];
        let found = agreement("reflection", &agreed);
        assert_eq!((found.labellers, found.shown), (Some(1.0), true));
        let differ = [(0, 0, 2), (1, 1, 1), (2, 2, 0)];
        assert!(!agreement("reflection", &differ).shown);
    }
}
