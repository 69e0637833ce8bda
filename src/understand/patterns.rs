//! Many patterns, looked for at once in folded text.

use super::{compile::RuleError, normalise::fold};
use regex::{
    Regex,
    bytes::{RegexSet, RegexSetBuilder},
};

/// How many patterns a group has.
const GROUP: usize = 8;

/// Many patterns, looked for at once in folded text.
///
/// In small groups, each with a cache of its own: one group of all would have more states than any cache holds, and would be read letter by letter. Over bytes, since
/// word boundaries of all the world's letters would have the same effect; that is why text and patterns are folded.
///
/// A message is read as a whole first. What is true of one of its parts was then found in the whole, unless the pattern is tied to the start or the end of what is
/// read: so a part is held against the groups that matched, and against those tied ones, and not against all of them.
#[derive(Debug)]
pub(super) struct Patterns(Vec<Group>);

/// What patterns are looked for together.
#[derive(Debug)]
struct Group {
    set: RegexSet,
    /// Their numbers.
    numbers: Vec<usize>,
    /// What they are for.
    use_: Use,
    /// They are tied to the start or the end.
    tied: bool,
}

/// What a pattern is for, where only some are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Use {
    /// What a message is about.
    Subject,
    /// What it does in the talk.
    Cue,
}

/// What matched in a whole message.
#[derive(Debug)]
pub(super) struct Matches {
    /// The numbers of the patterns.
    pub(super) numbers: Vec<usize>,
    /// For each group, whether any of its patterns did.
    groups: Vec<bool>,
}

impl Patterns {
    /// Patterns, each with its use.
    pub(super) fn compile(patterns: &[(String, Use)]) -> Result<Self, RuleError> {
        let folded: Vec<(String, Use)> = patterns.iter().map(|(p, u)| (fold(p), *u)).collect();
        let tied = |pattern: &str| {
            let free = pattern.replace("[^", "");
            free.contains('^') || free.contains('$')
        };
        let mut order: Vec<usize> = (0..folded.len()).collect();
        let kind = |n: &usize| (folded[*n].1, tied(&folded[*n].0));
        order.sort_by_key(kind);
        let mut groups = Vec::new();
        for same in order.chunk_by(|a, b| kind(a) == kind(b)) {
            for numbers in same.chunks(GROUP) {
                let texts: Vec<&String> = numbers.iter().map(|n| &folded[*n].0).collect();
                let (use_, tied) = kind(&numbers[0]);
                groups.push(Group {
                    set: set(&texts)?,
                    numbers: numbers.to_vec(),
                    use_,
                    tied,
                });
            }
        }
        Ok(Self(groups))
    }

    /// Those that match in a whole message.
    pub(super) fn matches(&self, folded: &str) -> Matches {
        let mut numbers = Vec::new();
        let mut groups = Vec::with_capacity(self.0.len());
        for group in &self.0 {
            let before = numbers.len();
            numbers.extend(group.matches(folded));
            groups.push(numbers.len() > before);
        }
        numbers.sort_unstable();
        Matches { numbers, groups }
    }

    /// The numbers of those of one use that match in a part of that message.
    pub(super) fn matches_in(&self, part: &str, whole: &Matches, use_: Use) -> Vec<usize> {
        let likely = |n: usize, group: &Group| group.tied || whole.groups[n];
        let groups = self.0.iter().enumerate();
        let mut numbers: Vec<usize> = groups
            .filter(|(n, group)| group.use_ == use_ && likely(*n, group))
            .flat_map(|(_, group)| group.matches(part))
            .collect();
        numbers.sort_unstable();
        numbers
    }
}

impl Group {
    fn matches<'a>(&'a self, folded: &str) -> impl Iterator<Item = usize> + use<'a> {
        let found = self.set.matches(folded.as_bytes());
        found.into_iter().map(|n| self.numbers[n])
    }
}

fn set(patterns: &[&String]) -> Result<RegexSet, RuleError> {
    let built = RegexSetBuilder::new(patterns)
        .unicode(false)
        .size_limit(64 << 20)
        .dfa_size_limit(1 << 20)
        .build();
    built.map_err(|error| {
        let wrong = patterns.iter().find(|p| Regex::new(p).is_err());
        RuleError::Pattern {
            pattern: wrong.map_or_else(|| "several of them together".to_owned(), |p| (*p).clone()),
            error: Box::new(error),
        }
    })
}
