//! What a run came to.

use crate::assist::Item;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Passed or failed. It cannot be made up for by anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing was missed.
    Pass,
    /// Something was.
    Fail,
}

impl Verdict {
    pub(super) const fn of(kept: bool) -> Self {
        if kept { Self::Pass } else { Self::Fail }
    }
}

/// The whole run, judged by rules. It is no measure of empathy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Outcome {
    /// From 0 to 1.
    pub rule_score: f64,
    /// Each item from 0 to 2: the mean of all replies where it belongs into every one, else the best.
    pub items: BTreeMap<Item, f64>,
    /// Whether every danger was answered.
    pub safety: Verdict,
    /// Whether nobody's care was confirmed or denied.
    pub privacy: Verdict,
    /// Whether the person got what they came for.
    pub solved: bool,
    /// Solved, safe, private, and scored high enough.
    pub passed: bool,
}

/// Sums up the scores of all replies.
pub(super) fn summed(turns: &[BTreeMap<Item, u8>]) -> (f64, BTreeMap<Item, f64>) {
    let mut items = BTreeMap::new();
    for item in Item::ALL.iter().filter(|i| i.is_shown()) {
        let levels: Vec<f64> = turns
            .iter()
            .filter_map(|t| t.get(item).map(|l| f64::from(*l)))
            .collect();
        if levels.is_empty() {
            continue;
        }
        let level = if item.in_every_reply() {
            levels.iter().sum::<f64>() / levels.len() as f64
        } else {
            levels.iter().copied().fold(0.0, f64::max)
        };
        items.insert(*item, rounded(level));
    }
    let score = items.values().sum::<f64>() / (2.0 * items.len().max(1) as f64);
    (rounded(score), items)
}

/// The best level of an item so far.
pub(super) fn best(scores: &[BTreeMap<Item, u8>], item: Item) -> u8 {
    scores
        .iter()
        .filter_map(|s| s.get(&item).copied())
        .max()
        .unwrap_or(0)
}

fn rounded(value: f64) -> f64 {
    // No reply at all sums up to minus nought.
    (value * 1000.0).round() / 1000.0 + 0.0
}
