//! England's return of written complaints, `KO41a`, as counts.

use crate::domain::{Case, Category, Conclusion, Relation, Timestamp};
use serde::Deserialize;
use std::collections::BTreeMap;

/// How our words become those of the return: `flows/exports/ko41a.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wording {
    complainants: BTreeMap<Relation, String>,
    subjects: BTreeMap<Category, String>,
}

impl Wording {
    /// Reads it.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let read: Self = serde_saphyr::from_str(text)
            .map_err(|e| format!("exports/ko41a.yaml: {}", e.without_snippet()))?;
        let relation = Relation::ALL
            .iter()
            .find(|r| !read.complainants.contains_key(r));
        if let Some(relation) = relation {
            let name = relation.name();
            return Err(format!("exports/ko41a.yaml: complainants has no '{name}'"));
        }
        let category = Category::ALL
            .iter()
            .find(|c| !read.subjects.contains_key(c));
        if let Some(category) = category {
            let name = category.name();
            return Err(format!("exports/ko41a.yaml: subjects has no '{name}'"));
        }
        Ok(read)
    }
}

/// What of a complaint is counted.
#[derive(Clone, Debug)]
pub struct Counted {
    /// When it was received.
    pub received_at: Timestamp,
    /// What the complainant is to us.
    pub relation: Relation,
    /// What kind it is.
    pub category: Option<Category>,
    /// When it was closed, and what it came to.
    pub case: Case,
    /// It was withdrawn.
    pub withdrawn: bool,
}

/// The return of a period, while it is counted.
#[derive(Debug)]
pub struct Return<'a> {
    wording: &'a Wording,
    from: Timestamp,
    until: Timestamp,
    totals: [u64; 8],
    complainants: BTreeMap<&'a str, u64>,
    subjects: BTreeMap<&'a str, u64>,
}

/// The totals, in their order.
const TOTALS: [&str; 8] = [
    "Brought forward",
    "New",
    "Resolved: upheld",
    "Resolved: partially upheld",
    "Resolved: not upheld",
    "Resolved: no conclusion on record",
    "Withdrawn",
    "Carried forward",
];

impl<'a> Return<'a> {
    /// Of the time from one moment until another.
    pub fn new(wording: &'a Wording, from: Timestamp, until: Timestamp) -> Self {
        Self {
            complainants: none_of(wording.complainants.values()),
            subjects: none_of(wording.subjects.values()),
            wording,
            from,
            until,
            totals: [0; 8],
        }
    }

    /// Counts one.
    pub fn count(&mut self, c: &Counted) {
        let closed = c.case.closed_at;
        if c.received_at >= self.until || closed.is_some_and(|t| t < self.from) {
            return;
        }
        if c.received_at < self.from {
            self.totals[0] += 1;
        } else {
            self.totals[1] += 1;
            let status = self.wording.complainants.get(&c.relation);
            *self
                .complainants
                .entry(status.map_or("Unknown", String::as_str))
                .or_default() += 1;
            let subject = c.category.and_then(|k| self.wording.subjects.get(&k));
            *self
                .subjects
                .entry(subject.map_or("Other", String::as_str))
                .or_default() += 1;
        }
        let resolved = match (closed.is_some_and(|t| t < self.until), c.case.conclusion) {
            (false, _) => 7,
            (true, _) if c.withdrawn => 6,
            (true, Some(Conclusion::Upheld)) => 2,
            (true, Some(Conclusion::PartlyUpheld)) => 3,
            (true, Some(Conclusion::NotUpheld)) => 4,
            (true, None) => 5,
        };
        self.totals[resolved] += 1;
    }

    /// Its rows: the part of the return, what is counted, how many.
    pub fn rows(&self) -> Vec<(&'static str, String, u64)> {
        let totals = TOTALS.iter().zip(self.totals);
        let mut rows: Vec<_> = totals
            .map(|(name, n)| ("Written complaints", (*name).to_owned(), n))
            .collect();
        let new = [
            ("New, by status of complainant", &self.complainants),
            ("New, by subject area", &self.subjects),
        ];
        for (part, counts) in new {
            rows.extend(
                counts
                    .iter()
                    .map(|(name, n)| (part, (*name).to_owned(), *n)),
            );
        }
        rows
    }
}

fn none_of<'a>(names: impl Iterator<Item = &'a String>) -> BTreeMap<&'a str, u64> {
    names.map(|n| (n.as_str(), 0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(n: i64) -> Timestamp {
        Timestamp(0).plus_seconds(n * 86_400)
    }

    #[test]
    fn a_return_counts_what_came_what_was_resolved_and_what_is_left() {
        let wording =
            Wording::parse(include_str!("../../flows/exports/ko41a.yaml")).expect("shipped");
        let mut counted = Return::new(&wording, day(10), day(20));
        let one = |received, closed: Option<i64>, conclusion| Counted {
            received_at: day(received),
            relation: Relation::Neighbour,
            category: Some(Category::Listening),
            case: Case {
                closed_at: closed.map(day),
                conclusion,
                ..Case::default()
            },
            withdrawn: false,
        };
        for c in [
            one(1, Some(5), None),
            one(1, Some(12), Some(Conclusion::Upheld)),
            one(11, Some(25), Some(Conclusion::Upheld)),
            one(12, Some(13), Some(Conclusion::NotUpheld)),
            one(13, Some(14), None),
            Counted {
                withdrawn: true,
                ..one(15, Some(15), None)
            },
            one(21, None, None),
        ] {
            counted.count(&c);
        }
        let rows = counted.rows();
        let totals: Vec<u64> = rows.iter().take(8).map(|(_, _, n)| *n).collect();
        assert_eq!(totals, [1, 4, 1, 0, 1, 1, 1, 1]);
        let of = |name: &str| rows.iter().find(|(_, n, _)| n == name).map(|(_, _, n)| *n);
        assert_eq!(
            (of("Other"), of("Communications"), of("Patient")),
            (Some(4), Some(4), Some(0))
        );
    }
}
