//! Where in a text a pattern may match at all.
//!
//! Most patterns hold letters of which some must stand in whatever they match ("driver", "van"). One look for the
//! letters of all patterns tells which few patterns are worth a look of their own; and since most cannot match more
//! than some dozen bytes around those letters, that look need not go over all of a long text.

use super::reach::{Length, Runs, longest};
use aho_corasick::{AhoCorasick, AhoCorasickKind, BuildError, MatchKind};
use regex_syntax::{
    ParserBuilder,
    hir::{Hir, HirKind, literal::Extractor},
};
use std::{borrow::Cow, collections::HashMap, ops::Range};

/// Shorter letters stand in every second message and spare nothing.
const FEWEST_LETTERS: usize = 2;
/// More alternatives than this make the index larger than the look that they spare.
const MOST_ALTERNATIVES: usize = 400;
/// Longer letters are cut: they make the index larger, and hardly any of them are told apart only further on.
const MOST_LETTERS: usize = 8;
/// How rare one letter is, roughly: the more of them must stand together, the fewer texts have them.
const SHARE_OF_LETTER: f32 = 0.07;
/// Letters that stand in so few places, roughly, are rare enough: no rarer ones are looked for.
const RARE: f32 = 1e-4;
/// Up to this length, in bytes, all of a text is read: it is no longer than most stretches.
const SHORT: usize = 256;
/// Two signs that patterns in either case take for "s" and "k".
const FORMS_OF_LETTERS: [(char, &str); 2] = [('\u{17f}', "s"), ('\u{212a}', "k")];

/// The letters of many patterns, which are known by their numbers.
#[derive(Debug)]
pub(super) struct Letters {
    index: AhoCorasick,
    /// For each of these letters, the patterns that may match where they stand.
    worth: Vec<Vec<u32>>,
    /// Patterns that can match without any letters that are known beforehand.
    always: Vec<u32>,
    /// How far each pattern may reach before and behind the beginning of its letters; none of those of `always`.
    reach: Vec<Reach>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Reach {
    before: Option<Length>,
    behind: Option<Length>,
}

/// Letters of which some must stand in whatever a pattern matches.
struct Indispensable {
    letters: Vec<Vec<u8>>,
    reach: Reach,
}

impl Letters {
    /// Of patterns as they are compiled: over characters, or over bytes where they are not `unicode`.
    pub(super) fn of<'p>(
        patterns: impl IntoIterator<Item = &'p str>,
        unicode: bool,
    ) -> Result<Self, BuildError> {
        let mut known: Vec<Vec<u8>> = Vec::new();
        let mut numbered: HashMap<Vec<u8>, usize> = HashMap::new();
        let mut worth: Vec<Vec<u32>> = Vec::new();
        let (mut always, mut reach) = (Vec::new(), Vec::new());
        for (number, pattern) in (0..).zip(patterns) {
            let Some(found) = indispensable(pattern, unicode) else {
                always.push(number);
                reach.push(Reach::default());
                continue;
            };
            reach.push(found.reach);
            for letters in found.letters {
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
        let index = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::DFA))
            .match_kind(MatchKind::Standard)
            // What a pattern finds in either case is looked for in either.
            .ascii_case_insensitive(true)
            .build(&known)?;
        Ok(Self {
            index,
            worth,
            always,
            reach,
        })
    }

    /// Calls `look` with the numbers of the patterns that may match, each with the stretches outside of which it
    /// cannot, until it says that it has found what it wants of that pattern. Stretches of one pattern come in the
    /// order of the text, and do not overlap.
    pub(super) fn visit(&self, text: &str, mut look: impl FnMut(usize, Range<usize>) -> bool) {
        for number in &self.always {
            look(*number as usize, 0..text.len());
        }
        if text.len() > SHORT {
            return self.visit_stretches(text, look);
        }
        let mut seen = vec![false; self.reach.len()];
        for found in self.index.find_overlapping_iter(&*plain_letters(text)) {
            for number in &self.worth[found.pattern().as_usize()] {
                let number = *number as usize;
                if !std::mem::replace(&mut seen[number], true) {
                    look(number, 0..text.len());
                }
            }
        }
    }

    fn visit_stretches(&self, text: &str, mut look: impl FnMut(usize, Range<usize>) -> bool) {
        let letters = plain_letters(text);
        let runs = Runs::of(text);
        // What stands in `letters` stands in the text as much further on, at most.
        let moved = text.len() - letters.len();
        let within = |length: Option<Length>| {
            length.map_or(text.len(), |l| l.in_text(&runs).min(text.len()))
        };
        let reach: Vec<(usize, usize)> = (self.reach.iter())
            .map(|r| (within(r.before) + moved, within(r.behind) + 2 * moved))
            .collect();
        // The last stretch of each pattern: it may grow until letters stand beyond it.
        let mut open: Vec<Option<Range<usize>>> = vec![None; self.reach.len()];
        let mut done = vec![false; self.reach.len()];
        for found in self.index.find_overlapping_iter(&*letters) {
            for number in &self.worth[found.pattern().as_usize()] {
                let number = *number as usize;
                if done[number] {
                    continue;
                }
                let (before, behind) = reach[number];
                let from = found.start().saturating_sub(before);
                let to = found.start().saturating_add(behind).min(text.len());
                match &mut open[number] {
                    // Letters come in the order of their ends: longer ones that begin earlier may follow.
                    Some(last) if from <= last.end + MOST_LETTERS => {
                        last.start = last.start.min(from);
                        last.end = last.end.max(to);
                    }
                    last => {
                        if let Some(complete) = last.replace(from..to) {
                            done[number] = look(number, complete);
                        }
                    }
                }
            }
        }
        for (number, last) in open.into_iter().enumerate() {
            if let Some(complete) = last.filter(|_| !done[number]) {
                look(number, complete);
            }
        }
    }

    #[cfg(test)]
    pub(super) fn without_letters(&self) -> usize {
        self.always.len()
    }
}

/// A text with plain letters in the place of their forms.
fn plain_letters(text: &str) -> Cow<'_, str> {
    let mut plain = Cow::Borrowed(text);
    if !text.is_ascii() {
        for (form, letter) in FORMS_OF_LETTERS {
            if plain.contains(form) {
                plain = Cow::Owned(plain.replace(form, letter));
            }
        }
    }
    plain
}

/// Letters of which some must stand in whatever a pattern matches; none where it can do without any.
fn indispensable(pattern: &str, unicode: bool) -> Option<Indispensable> {
    // Letters are looked for in either case, whatever the pattern does.
    let pattern = pattern.replace("(?i)", "").replace("(?i:", "(?:");
    let pattern = pattern.replace("(?-i:", "(?:");
    let parsed = ParserBuilder::new()
        .unicode(unicode)
        .utf8(unicode)
        .build()
        .parse(&pattern);
    let mut found = of(&parsed.ok()?)?;
    for letters in &mut found.letters {
        letters.make_ascii_lowercase();
    }
    found.letters.sort_unstable();
    found.letters.dedup();
    Some(found)
}

fn of(hir: &Hir) -> Option<Indispensable> {
    match hir.kind() {
        HirKind::Capture(capture) => of(&capture.sub),
        HirKind::Repetition(repeated) if repeated.min > 0 => {
            let found = of(&repeated.sub)?;
            let reach = Reach {
                before: found.reach.before,
                // The first time that it stands is as good as any.
                behind: longest(hir),
            };
            Some(Indispensable { reach, ..found })
        }
        HirKind::Alternation(ways) => {
            let mut ways = ways.iter();
            let mut all = of(ways.next()?)?;
            for way in ways {
                let way = of(way)?;
                all.letters.extend(way.letters);
                all.reach.before = Length::longer(all.reach.before, way.reach.before);
                all.reach.behind = Length::longer(all.reach.behind, way.reach.behind);
                if all.letters.len() > MOST_ALTERNATIVES {
                    return None;
                }
            }
            Some(all)
        }
        HirKind::Concat(parts) => of_parts(parts),
        HirKind::Literal(_) | HirKind::Class(_) => of_parts(std::slice::from_ref(hir)),
        HirKind::Empty | HirKind::Look(_) | HirKind::Repetition(_) => None,
    }
}

/// The rarest letters of parts that follow each other: those with which the rest begins at one of them, or those
/// within one.
fn of_parts(parts: &[Hir]) -> Option<Indispensable> {
    let mut extractor = Extractor::new();
    extractor
        .limit_literal_len(MOST_LETTERS)
        .limit_total(MOST_ALTERNATIVES);
    let lengths: Vec<Option<Length>> = parts.iter().map(longest).collect();
    // Of each part and all that follow it.
    let mut rests = vec![Some(Length::default())];
    for length in lengths.iter().rev() {
        rests.push(Length::and(rests.last().copied().flatten(), *length));
    }
    rests.reverse();
    let mut found: Vec<Indispensable> = Vec::new();
    let mut before = Some(Length::default());
    for (n, part) in parts.iter().enumerate() {
        let behind = rests[n];
        let start = before;
        before = Length::and(before, lengths[n]);
        // What may be left out tells no more than what follows it.
        if shortest(part) == 0 {
            continue;
        }
        if found.last().is_some_and(Indispensable::rare) {
            break;
        }
        if let Some(begins) = extractor.extract(&beginning(&parts[n..])).literals() {
            let letters: Vec<Vec<u8>> = begins.iter().map(|l| plain(l.as_bytes())).collect();
            // Where letters were cut out of a word, they may stand that much behind its beginning.
            let whole = begins
                .iter()
                .zip(&letters)
                .all(|(l, plain)| l.len() == plain.len());
            let cut = Length::bytes(if whole { 0 } else { MOST_LETTERS });
            let reach = Reach {
                before: Length::and(start, Some(cut)),
                behind,
            };
            found.push(Indispensable { letters, reach });
            if found.last().is_some_and(Indispensable::rare) {
                break;
            }
        }
        let inner = matches!(
            part.kind(),
            HirKind::Capture(_) | HirKind::Repetition(_) | HirKind::Alternation(_)
        );
        if let Some(within) = inner.then(|| of(part)).flatten() {
            let reach = Reach {
                before: Length::and(start, within.reach.before),
                behind: Length::and(within.reach.behind, behind),
            };
            found.push(Indispensable { reach, ..within });
        }
    }
    found.retain(Indispensable::enough);
    found
        .into_iter()
        .min_by(|a, b| a.share().total_cmp(&b.share()))
}

/// As many parts as have the most letters that are looked for.
fn beginning(parts: &[Hir]) -> Hir {
    let mut length = 0;
    let enough = parts.iter().position(|part| {
        length += shortest(part);
        length >= MOST_LETTERS
    });
    Hir::concat(parts[..enough.map_or(parts.len(), |n| n + 1)].to_vec())
}

/// The length of the shortest match, in bytes.
fn shortest(hir: &Hir) -> usize {
    hir.properties().minimum_len().unwrap_or(0)
}

impl Indispensable {
    /// Whether all of them are long enough.
    fn enough(&self) -> bool {
        !self.letters.is_empty() && self.letters.iter().all(|l| l.len() >= FEWEST_LETTERS)
    }

    fn rare(&self) -> bool {
        self.enough() && self.share() < RARE
    }

    /// In how many places of a text they stand, roughly.
    fn share(&self) -> f32 {
        let share = |letters: &Vec<u8>| SHARE_OF_LETTER.powi(letters.len() as i32);
        self.letters.iter().map(share).sum()
    }
}

/// The longest stretch without letters beyond ASCII, since those have other bytes in capitals.
fn plain(letters: &[u8]) -> Vec<u8> {
    let valid = letters
        .utf8_chunks()
        .next()
        .map_or("", |chunk| chunk.valid());
    let stretches = valid.split(|c: char| !c.is_ascii() && c.is_alphabetic());
    let longest = stretches.max_by_key(|s| s.len()).unwrap_or_default();
    longest.as_bytes().to_vec()
}
