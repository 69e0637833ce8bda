//! Many patterns, looked for at once in folded text.

use super::{
    compile::{RuleError, pattern_error},
    fold::fold,
    letters::Letters,
};
use regex::bytes::{Regex, RegexBuilder};
use std::sync::OnceLock;

/// Many patterns, looked for at once in folded text.
///
/// [`Letters`] tells which few patterns are worth a look of their own, and where. Over bytes, since
/// word boundaries of all the world's letters would have the same effect; that is why text and patterns are folded.
///
/// A message is read as a whole first. What is true of one of its parts was then found in the whole, unless the pattern
/// is tied to the start or the end of what is read: so a part is held against the patterns that matched, and against
/// those tied ones, and not against all of them.
#[derive(Debug)]
pub(super) struct Patterns {
    all: Vec<Pattern>,
    /// Worked out at the first look, so that the program is ready sooner.
    letters: OnceLock<Letters>,
}

#[derive(Debug)]
struct Pattern {
    regex: Regex,
    /// What it is for.
    use_: Use,
    /// Whether it is tied to the start or the end.
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

/// What matched in a whole message: the numbers of the patterns, in order.
#[derive(Debug)]
pub(super) struct Matches {
    pub(super) numbers: Vec<usize>,
}

impl Patterns {
    /// Patterns, each with its use.
    pub(super) fn compile(patterns: &[(String, Use)]) -> Result<Self, RuleError> {
        let folded: Vec<String> = patterns.iter().map(|(p, _)| fold(p)).collect();
        let compiled =
            |(pattern, (_, use_)): (&String, &(String, Use))| -> Result<Pattern, RuleError> {
                let free = pattern.replace("[^", "");
                Ok(Pattern {
                    regex: (RegexBuilder::new(pattern).unicode(false).build())
                        .map_err(|error| pattern_error(pattern, error))?,
                    use_: *use_,
                    tied: free.contains(['^', '$']),
                })
            };
        Ok(Self {
            all: (folded.iter().zip(patterns).map(compiled)).collect::<Result<_, _>>()?,
            letters: OnceLock::new(),
        })
    }

    /// Those that match in a whole message.
    pub(super) fn matches(&self, folded: &str) -> Matches {
        let numbers = self.matching(folded, |_, _| true);
        Matches { numbers }
    }

    /// The numbers of those of one use that match in a part of that message.
    pub(super) fn matches_in(&self, part: &str, whole: &Matches, use_: Use) -> Vec<usize> {
        self.matching(part, |number, pattern| {
            let may = || pattern.tied || whole.numbers.binary_search(&number).is_ok();
            pattern.use_ == use_ && may()
        })
    }

    fn letters(&self) -> &Letters {
        let patterns = self.all.iter().map(|p| p.regex.as_str());
        self.letters.get_or_init(|| {
            Letters::of(patterns, false).expect("the program's own patterns are tested")
        })
    }

    /// The numbers, in order, of those worth it that match.
    fn matching(&self, text: &str, worth: impl Fn(usize, &Pattern) -> bool) -> Vec<usize> {
        let mut numbers = Vec::new();
        self.letters().visit(text, |number, stretch| {
            let pattern = &self.all[number];
            if !worth(number, pattern) {
                return true;
            }
            // One more byte tells whether a word ends there.
            let until = text.len().min(stretch.end + 1);
            let found = (pattern.regex).is_match_at(&text.as_bytes()[..until], stretch.start);
            if found {
                numbers.push(number);
            }
            found
        });
        numbers.sort_unstable();
        numbers
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Interpreter, fold, normalise};

    #[test]
    fn the_look_for_letters_misses_no_pattern() {
        let reader = Interpreter::by_rules().expect("the built-in rules");
        let set = reader.rules.patterns();
        let lines = include_str!("en/messages.jsonl").lines();
        let lines: Vec<&str> = lines
            .chain(include_str!("es/messages.jsonl").lines())
            .collect();
        // One by one they are read as a whole, thirty together in stretches.
        let ones = lines.iter().map(|line| (*line).to_owned());
        let many = lines.chunks(30).map(|lines| lines.join(" "));
        let mut found = 0;
        for line in ones.chain(many) {
            let folded = fold::fold(&normalise::normalise(&line));
            let all = set.all.iter().enumerate();
            let one_by_one: Vec<usize> = all
                .filter(|(_, p)| p.regex.is_match(folded.as_bytes()))
                .map(|(n, _)| n)
                .collect();
            assert_eq!(set.matches(&folded).numbers, one_by_one, "{line}");
            found += one_by_one.len();
        }
        assert!(found > 1000);
        assert!(set.letters().without_letters() * 4 < set.all.len());
    }
}
