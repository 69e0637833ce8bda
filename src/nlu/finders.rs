//! Patterns that are looked for by their letters, where it matters what they find and where.

use super::{
    compile::{RuleError, compile, own},
    letters::Letters,
};
use regex::{Captures, Match, Regex};
use std::{ops::Range, sync::OnceLock};

/// Patterns over characters, known by their numbers.
#[derive(Debug)]
pub(super) struct Finders {
    all: Vec<Regex>,
    /// Worked out at the first look, so that the program is ready sooner.
    letters: OnceLock<Letters>,
}

/// Words that lead to something: a pattern that is tied to where that begins.
#[derive(Debug)]
pub(super) struct Leading {
    regex: Regex,
    /// The length of the longest match in bytes, where there is a longest.
    longest: Option<usize>,
}

impl Leading {
    /// Compiles a pattern of this program's own, which ends with "$".
    pub(super) fn own(pattern: &str) -> Self {
        let hir = regex_syntax::parse(pattern).expect("the program's own patterns are tested");
        Self {
            regex: own(pattern),
            longest: hir.properties().maximum_len(),
        }
    }

    /// Where the words begin that lead to what stands there.
    pub(super) fn before(&self, text: &str, at: usize) -> Option<usize> {
        let words = &text[..at];
        let longest = self.longest.unwrap_or(at);
        let from = words.floor_char_boundary(at.saturating_sub(longest));
        self.regex.find_at(words, from).map(|m| m.start())
    }
}

/// Where the patterns may match in a text.
pub(super) struct Look<'f, 't> {
    finders: &'f Finders,
    text: &'t str,
    /// Stretches outside of which a pattern cannot match, in the order of the patterns, then of the text.
    stretches: Vec<(usize, Range<usize>)>,
}

impl Finders {
    pub(super) fn compile(patterns: &[String]) -> Result<Self, RuleError> {
        Ok(Self {
            all: patterns
                .iter()
                .map(|p| compile(p))
                .collect::<Result<_, _>>()?,
            letters: OnceLock::new(),
        })
    }

    /// Compiles patterns of this program's own.
    pub(super) fn own(patterns: &[String]) -> Self {
        Self::compile(patterns).expect("the program's own patterns are tested")
    }

    /// The numbers of all patterns.
    pub(super) fn numbers(&self) -> Range<usize> {
        0..self.all.len()
    }

    /// Looks for the letters of all patterns in a text.
    pub(super) fn look<'t>(&self, text: &'t str) -> Look<'_, 't> {
        let mut stretches = Vec::new();
        let patterns = self.all.iter().map(Regex::as_str);
        let letters = self.letters.get_or_init(|| {
            Letters::of(patterns, true).expect("the program's own patterns are tested")
        });
        letters.visit(text, |number, stretch| {
            stretches.push((number, stretch));
            false
        });
        // By the beginning only, since those of one pattern do not overlap.
        stretches.sort_unstable_by_key(|(number, stretch)| (*number, stretch.start));
        Look {
            finders: self,
            text,
            stretches,
        }
    }
}

impl<'t> Look<'_, 't> {
    /// All that a pattern finds.
    pub(super) fn find_iter(&self, number: usize) -> impl Iterator<Item = Match<'t>> {
        let regex = &self.finders.all[number];
        let range = |m: &Match<'t>| m.range();
        self.each(number, move |text, at| regex.find_at(text, at), range)
    }

    /// The groups of all that a pattern finds.
    pub(super) fn captures_iter(&self, number: usize) -> impl Iterator<Item = Captures<'t>> {
        let regex = &self.finders.all[number];
        let whole = |c: &Captures<'t>| c.get_match().range();
        self.each(number, move |text, at| regex.captures_at(text, at), whole)
    }

    /// Whether a pattern finds anything.
    pub(super) fn is_match(&self, number: usize) -> bool {
        let regex = &self.finders.all[number];
        self.within(number)
            .any(|(text, at)| regex.is_match_at(text, at))
    }

    /// What a pattern finds first in a part of the text, of which only that part is seen.
    pub(super) fn find_in<'p>(&self, number: usize, part: &'p str) -> Option<Match<'p>> {
        self.within(number).next()?;
        self.finders.all[number].find(part)
    }

    /// The stretches of a pattern: the text up to a sign behind each, which tells whether a word ends there, and where
    /// it begins.
    fn within(&self, number: usize) -> impl Iterator<Item = (&'t str, usize)> {
        let first = self.stretches.partition_point(|(n, _)| *n < number);
        let own = self.stretches[first..]
            .iter()
            .take_while(move |(n, _)| *n == number);
        let text = self.text;
        own.map(move |(_, stretch)| {
            let until = text.ceil_char_boundary(stretch.end.saturating_add(1).min(text.len()));
            (&text[..until], text.floor_char_boundary(stretch.start))
        })
    }

    fn each<T>(
        &self,
        number: usize,
        find: impl Fn(&'t str, usize) -> Option<T>,
        range: impl Fn(&T) -> Range<usize>,
    ) -> impl Iterator<Item = T> {
        let mut stretches = self.within(number);
        let (mut open, mut last) = (None, None);
        std::iter::from_fn(move || {
            loop {
                let (text, at) = open.take().or_else(|| stretches.next())?;
                let Some(found) = find(text, at) else {
                    continue;
                };
                let range = range(&found);
                // Nothing at all is not found where something else was found to end.
                if range.is_empty() && last == Some(range.end) {
                    open = (range.end < text.len())
                        .then(|| (text, text.ceil_char_boundary(range.end + 1)));
                    continue;
                }
                last = Some(range.end);
                open = Some((text, range.end));
                return Some(found);
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Patterns that can be bounded and that cannot, with and without letters, in one case and in either.
    const PATTERNS: [&str; 9] = [
        r"(?i)\b(?:my|our) (?:late |poor )*((?:mum|nurse|neighbou?r)s?)\b",
        r"(?i)\bm[eé]dic[oa]s? de (?:la )?\p{L}+",
        r"\b(?i:at|in|en) (?i:the |el |la )?\p{Lu}[\p{L}'’-]+",
        r"(?i)\bi want [^.!?\n]*",
        r"(?i)\bi['’]m\b.{0,30}\bask",
        r"\d{2,4}",
        r"(?m)(?i:thanks|gracias)[ \n]*$",
        r"(?i)^(?:hello|hi|ola)[, ]+",
        r"(?:no )*",
    ];

    fn ranges<'t>(found: impl Iterator<Item = Match<'t>>) -> Vec<Range<usize>> {
        found.map(|m| m.range()).collect()
    }

    #[test]
    fn by_their_letters_patterns_find_what_they_find_in_all_of_a_text() {
        let finders = Finders::own(&PATTERNS.map(str::to_owned));
        let lines = include_str!("en/messages.jsonl").lines();
        let lines: Vec<&str> = lines
            .chain(include_str!("es/messages.jsonl").lines())
            .collect();
        // Signs that are forms of "s" and "k", and others of several bytes.
        let odd = |text: &str| {
            text.replace("is", "i\u{17f}")
                .replace("thank", "than\u{212a}")
                + "🙂 ß"
        };
        let mut found = 0;
        for text in lines
            .chunks(40)
            .flat_map(|l| [l[0].to_owned(), l.join("\n"), odd(&l.join(" "))])
        {
            let look = finders.look(&text);
            for number in finders.numbers() {
                let all = ranges(finders.all[number].find_iter(&text));
                assert_eq!(ranges(look.find_iter(number)), all, "{number}: {text}");
                assert_eq!(look.is_match(number), !all.is_empty());
                found += all.len();
            }
        }
        assert!(found > 1000, "{found}");
    }
    #[test]
    fn words_that_lead_to_something_are_found_as_in_all_that_stands_before_it() {
        for pattern in [r"(?i)\bsince(?: about)?\s$", r"\bfrom(?: the)*\s$"] {
            let words = Leading::own(pattern);
            for text in [
                "since about Monday",
                "🙂 ſince about Monday since Monday",
                "é since ab. It is from the the Monday",
                "xsince Monday",
            ] {
                for (at, _) in text.char_indices() {
                    let whole = own(pattern).find(&text[..at]).map(|m| m.start());
                    assert_eq!(words.before(text, at), whole, "{pattern}: {}", &text[..at]);
                }
            }
        }
    }
}
