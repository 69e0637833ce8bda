//! Many patterns, looked for at once in folded text.

use super::{
    compile::{RuleError, pattern_error},
    fold::fold,
};
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::{
    ParserBuilder,
    hir::{Hir, HirKind},
};
use std::collections::HashMap;

/// Shorter letters stand in every second message and spare nothing.
const FEWEST_LETTERS: usize = 2;
/// More alternatives than this make the index larger than the look that they spare.
const MOST_LETTERS: usize = 400;

/// Many patterns, looked for at once in folded text.
///
/// Most patterns hold letters that must stand in whatever they match ("driver", "van"). One look for all these letters
/// tells which few patterns are worth a look of their own. Over bytes, since
/// word boundaries of all the world's letters would have the same effect; that is why text and patterns are folded.
///
/// A message is read as a whole first. What is true of one of its parts was then found in the whole, unless the pattern is tied to the start or the end of what is
/// read: so a part is held against the patterns that matched, and against those tied ones, and not against all of them.
#[derive(Debug)]
pub(super) struct Patterns {
    all: Vec<Pattern>,
    /// Finds the letters that patterns cannot do without.
    letters: AhoCorasick,
    /// For each of these letters, the patterns that may match where they stand.
    worth: Vec<Vec<usize>>,
    /// Patterns that can match without any letters that are known beforehand.
    always: Vec<usize>,
    /// Patterns that are tied to the start or the end.
    tied: Vec<usize>,
}

#[derive(Debug)]
struct Pattern {
    regex: Regex,
    /// What it is for.
    use_: Use,
}

/// What a pattern is for, where only some are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Use {
    /// What a message is about.
    Subject,
    /// What it does in the talk.
    Cue,
}

/// What matched in a whole message: the numbers of the patterns, in order.
#[derive(Debug)]
pub(super) struct Matches {
    pub(super) numbers: Vec<usize>,
}

impl Patterns {
    /// Patterns, each with its use.
    pub(super) fn compile(patterns: &[(String, Use)]) -> Result<Self, RuleError> {
        let mut compiled = Vec::with_capacity(patterns.len());
        let mut known: Vec<Vec<u8>> = Vec::new();
        let mut worth: Vec<Vec<usize>> = Vec::new();
        let (mut always, mut tied) = (Vec::new(), Vec::new());
        let mut numbered: HashMap<Vec<u8>, usize> = HashMap::new();
        for (number, (pattern, use_)) in patterns.iter().enumerate() {
            let pattern = fold(pattern);
            let free = pattern.replace("[^", "");
            compiled.push(Pattern {
                regex: (RegexBuilder::new(&pattern).unicode(false).build())
                    .map_err(|error| pattern_error(&pattern, error))?,
                use_: *use_,
            });
            if free.contains('^') || free.contains('$') {
                tied.push(number);
            }
            let Some(letters) = indispensable(&pattern) else {
                always.push(number);
                continue;
            };
            for letters in letters {
                let at = *numbered.entry(letters).or_insert_with_key(|letters| {
                    known.push(letters.clone());
                    worth.push(Vec::new());
                    known.len() - 1
                });
                if worth[at].last() != Some(&number) {
                    worth[at].push(number);
                }
            }
        }
        let letters = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::DFA))
            .match_kind(MatchKind::Standard)
            // Some patterns begin with "(?i)".
            .ascii_case_insensitive(true)
            .build(&known)
            .map_err(|error| RuleError::Shape(error.to_string()))?;
        Ok(Self {
            all: compiled,
            letters,
            worth,
            always,
            tied,
        })
    }

    /// Those that match in a whole message.
    pub(super) fn matches(&self, folded: &str) -> Matches {
        let mut numbers = self.always.clone();
        let mut seen = vec![false; self.worth.len()];
        for found in self.letters.find_overlapping_iter(folded) {
            let letters = found.pattern().as_usize();
            if !std::mem::replace(&mut seen[letters], true) {
                numbers.extend(&self.worth[letters]);
            }
        }
        numbers.sort_unstable();
        numbers.dedup();
        numbers.retain(|n| self.all[*n].regex.is_match(folded.as_bytes()));
        Matches { numbers }
    }

    /// The numbers of those of one use that match in a part of that message.
    pub(super) fn matches_in(&self, part: &str, whole: &Matches, use_: Use) -> Vec<usize> {
        let mut numbers = [whole.numbers.as_slice(), &self.tied].concat();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.retain(|n| {
            let pattern = &self.all[*n];
            pattern.use_ == use_ && pattern.regex.is_match(part.as_bytes())
        });
        numbers
    }
}

/// Letters of which some must stand in whatever a pattern matches; none where it can do without any.
fn indispensable(pattern: &str) -> Option<Vec<Vec<u8>>> {
    let parsed = ParserBuilder::new()
        .unicode(false)
        .utf8(false)
        .build()
        .parse(pattern.trim_start_matches("(?i)"));
    letters_of(&parsed.ok()?)
        .filter(|all| shortest(all) >= FEWEST_LETTERS && all.len() <= MOST_LETTERS)
}

fn letters_of(hir: &Hir) -> Option<Vec<Vec<u8>>> {
    match hir.kind() {
        HirKind::Literal(literal) => Some(vec![literal.0.to_vec()]),
        HirKind::Capture(capture) => letters_of(&capture.sub),
        HirKind::Repetition(repeated) if repeated.min > 0 => letters_of(&repeated.sub),
        // Long letters stand in few messages, and few in fewer than many.
        HirKind::Concat(parts) => parts
            .iter()
            .filter_map(letters_of)
            .max_by_key(|all| (shortest(all).min(4), std::cmp::Reverse(all.len()))),
        HirKind::Alternation(ways) => {
            let all: Option<Vec<_>> = ways.iter().map(letters_of).collect();
            Some(all?.concat())
        }
        HirKind::Empty | HirKind::Class(_) | HirKind::Look(_) | HirKind::Repetition(_) => None,
    }
}

fn shortest(all: &[Vec<u8>]) -> usize {
    all.iter().map(Vec::len).min().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::super::{Interpreter, fold, normalise};

    #[test]
    fn the_look_for_letters_misses_no_pattern() {
        let reader = Interpreter::by_rules().expect("the built-in rules");
        let set = reader.rules.patterns();
        let lines = include_str!("en/messages.jsonl").lines();
        let lines = lines.chain(include_str!("es/messages.jsonl").lines());
        let mut found = 0;
        for line in lines {
            let folded = fold::fold(&normalise::normalise(line));
            let all = set.all.iter().enumerate();
            let one_by_one: Vec<usize> = all
                .filter(|(_, p)| p.regex.is_match(folded.as_bytes()))
                .map(|(n, _)| n)
                .collect();
            assert_eq!(set.matches(&folded).numbers, one_by_one, "{line}");
            found += one_by_one.len();
        }
        assert!(found > 1000);
        assert!(set.always.len() * 4 < set.all.len());
    }
}
